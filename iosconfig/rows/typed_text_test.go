package rows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// keptBlocks are as running-config shows them, of words that no mode knows.
const keptBlocks = `aaa server radius dynamic-author
 client 10.0.0.9
 port 3799
!
aaa common-criteria policy P
 min-length 12
!
zone-pair security Z source A destination B
 service-policy type inspect P
!
voice service voip
 ip address trusted list
!
dial-peer voice 1 voip
 session target ipv4:10.0.0.1
 no vad
!
telemetry ietf subscription 1
 encoding encode-kvgpb
 stream yang-push
!
`

// TestKeptBlocksAreTyped: what a file may have below a head that is kept, a person may paste or type
// there; what a command of the modes around begins with, and what is one but for a slip, is told.
func TestKeptBlocksAreTyped(t *testing.T) {
	l := Load(keptBlocks, iosconfig.XE17)
	require.Empty(t, l.Refused)
	s := sessionOf(t, iosconfig.XE17, "config")
	s.enter(t, strings.Split(keptBlocks, "\n")...)
	requireSame(t, l.Commit.After, s.store.Running())
	require.Contains(t, strings.Join(Running(s.store.Running()), "\n")+"\n", "aaa server radius dynamic-author\n client 10.0.0.9\n port 3799\n")
	s = sessionOf(t, iosconfig.XE17, "config")
	for line := range strings.SplitSeq(strings.Replace(keptBlocks, " ip address trusted list\n", "", 1), "\n") {
		s.enter(t, strings.TrimSpace(line))
	}
	require.Equal(t, "config-mdt-subs", s.Mode())
	require.Contains(t, Running(s.store.Running()), " encoding encode-kvgpb")
	before := s.store.Running()
	for _, line := range []string{"hostnme B", "interface Widget1", "intreface Tunnel0", "show ip route", "no hostnme B", "c x", "ip address trusted list"} {
		_, err := s.Enter(line)
		require.Error(t, err, line)
	}
	require.Same(t, before, s.store.Running())
	s.enter(t, "no encoding", "hostname B")
	require.NotContains(t, Running(s.store.Running()), " encoding encode-kvgpb")
	require.Equal(t, "config", s.Mode())
}

// TestEverydayLinesArePasted: what a file may have is taken where it is pasted, too.
func TestEverydayLinesArePasted(t *testing.T) {
	for _, text := range paragraphs(t) {
		s := sessionOf(t, iosconfig.XE17, "config")
		for line := range strings.SplitSeq(text, "\n") {
			if _, err := s.Enter(line); err != nil {
				require.Contains(t, []string{" bidirectional", " all", " ip unnumbered Vlan1"}, line, "which stand below heads without a mode: %s", text)
			}
		}
	}
}

// TestTypedOff: `no` of what may be on by default is shown, as a file that says so is; of what was kept
// it takes that away, and of an object that is not there it leaves nothing.
func TestTypedOff(t *testing.T) {
	s := sessionOf(t, iosconfig.XE17, "config")
	off := []string{"no ip http server", "no platform punt-keepalive disable-kernel-core", "no license smart enable"}
	s.enter(t, off...)
	require.Subset(t, Running(s.store.Running()), off)
	requireSame(t, Load(strings.Join(off, "\n")+"\n", iosconfig.XE17).Commit.After, s.store.Running())
	s.enter(t, "ip http server")
	require.NotContains(t, Running(s.store.Running()), off[0])
	require.Contains(t, Running(s.store.Running()), "ip http server")
	s.enter(t, "no ip http server", "default license smart enable", "no policy-map NONE", "no router ospf 7")
	running := strings.Join(Running(s.store.Running()), "\n")
	for _, gone := range []string{"http", "license", "NONE", "ospf"} {
		require.NotContains(t, running, gone)
	}
}
