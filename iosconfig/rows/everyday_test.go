package rows

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// paragraphs are those of testdata/everyday.cfg.
func paragraphs(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/everyday.cfg")
	require.NoError(t, err)
	all := strings.Split(strings.TrimSpace(string(text)), "\n\n")
	require.Greater(t, len(all), 200)
	return all[1:]
}

// TestEverydayLines: nothing of them is refused, whatever the image, alone and
// indented as they come, and each is shown back.
func TestEverydayLines(t *testing.T) {
	for _, text := range paragraphs(t) {
		for _, g := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
			l := Load(text+"\n", g)
			if !assert.Empty(t, l.Refused, text) {
				continue
			}
			shown := Running(l.Commit.After)
			for line := range strings.SplitSeq(text, "\n") {
				assert.Contains(t, shown, line, "%s\n in\n%s", text, strings.Join(shown, "\n"))
			}
			again := Load(strings.Join(shown, "\n"), g)
			assert.Empty(t, again.Refused, text)
			assert.Equal(t, shown, Running(again.Commit.After), text)
		}
	}
}

// TestTextsOfInterfaces: what stands below a line of an interface is that line's, and
// not the interface's: the group is shut down, and the port is not.
func TestTextsOfInterfaces(t *testing.T) {
	const text = `interface Ethernet0/0
 description WAN
 ip address 10.0.0.1 255.255.255.0
 service instance 10 ethernet
  description tagged
  encapsulation dot1q 10
  shutdown
 vrrp 1 address-family ipv4
  description gateway
  priority 110
  shutdown
  address 10.0.0.9 primary
  exit-vrrp
!
interface Ethernet0/1
 no ip address
 vrrp 1 ip 10.1.0.9
 vrrp 1 priority 110
 description LAN
`
	for _, from := range []string{text, strings.ReplaceAll(strings.ReplaceAll(text, "\n  ", "\n"), "\n ", "\n")} {
		l := Load(from, iosconfig.XE17)
		require.Empty(t, l.Refused)
		port := l.Commit.After.Interface("Ethernet0/0")
		require.False(t, port.Shutdown)
		require.Equal(t, "WAN", port.Description)
		require.Equal(t, "LAN", l.Commit.After.Interface("Ethernet0/1").Description)
		shown := strings.Join(Running(l.Commit.After), "\n")
		require.Contains(t, shown, " vrrp 1 address-family ipv4\n  description gateway\n  priority 110\n  shutdown\n  address 10.0.0.9 primary\n  exit-vrrp\n")
		require.Contains(t, shown, " service instance 10 ethernet\n  description tagged\n  encapsulation dot1q 10\n  shutdown\n")
		require.Equal(t, Running(l.Commit.After), Running(Load(shown, iosconfig.XE17).Commit.After))
	}
	s := sessionIn(t, "config-if")
	s.enter(t, "vrrp 1 ip 10.0.0.9")
	require.Equal(t, "config-if", s.Mode())
	s.enter(t, "vrrp 2 address-family ipv4")
	require.Equal(t, "config-if-vrrp", s.Mode())
	s.enter(t, "shutdown", "exit-vrrp")
	require.Equal(t, "config-if", s.Mode())
	require.False(t, s.store.Running().Interface("Ethernet0/0").Shutdown)
	s.enter(t, "vrrp 2 address-family ipv4", "no shutdown", "exit", "exit", "interface range Ethernet0/0 , Loopback0", "service-policy input P")
	require.Equal(t, "config-if-range", s.Mode())
}

// TestModesOfRanges: a mode that is entered below a range is that of all of it.
func TestModesOfRanges(t *testing.T) {
	s := sessionIn(t, "config")
	s.enter(t, "interface range Vlan1 , Vlan2", "vrrp 2 address-family ipv4", "priority 110")
	shown := strings.Join(Running(s.store.Running()), "\n")
	require.Equal(t, 2, strings.Count(shown, " vrrp 2 address-family ipv4\n  priority 110\n  exit-vrrp\n"), shown)
}

// TestWordsOfTexts: in a file a word that only begins like one that a text's mode knows
// is kept as it is, and `default` may begin a line of its own.
func TestWordsOfTexts(t *testing.T) {
	const text = "crypto key pubkey-chain rsa\n addressed-key 10.0.0.7\n  address 10.0.0.7\n!\ntable-map M\n map from 1 to 2\n default copy\n"
	l := Load(text, iosconfig.XE17)
	require.Empty(t, l.Refused)
	shown := strings.Join(Running(l.Commit.After), "\n")
	require.Contains(t, shown, " addressed-key 10.0.0.7\n  address 10.0.0.7\n")
	require.Contains(t, shown, "table-map M\n map from 1 to 2\n default copy\n")
}

// TestTextsAreObjects: what is changed below a text counts as a change of its family,
// by which NAT follows route maps, or of the interface that it is part of.
func TestTextsAreObjects(t *testing.T) {
	s := sessionIn(t, "config")
	s.enter(t, "route-map M permit 10")
	r, err := s.Enter("match interface Ethernet0/0")
	require.NoError(t, err)
	require.Equal(t, iosconfig.Object{Kind: iosconfig.KindText, Name: "route-map"}, r.Commit.Changes[0].Object)
	s.enter(t, "interface Ethernet0/0", "vrrp 1 address-family ipv4")
	r, err = s.Enter("shutdown")
	require.NoError(t, err)
	require.Equal(t, iosconfig.Object{Kind: iosconfig.KindInterface, Name: "Ethernet0/0"}, r.Commit.Changes[0].Object)
}
