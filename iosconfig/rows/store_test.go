package rows

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// Two editors: each sees what the other committed, on one line the last wins,
// and what was deleted meanwhile is made anew.
func TestTwoEditors(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	a, b := session{NewEditor(store), store}, session{NewEditor(store), store}
	a.enter(t, "crypto ikev2 profile P", "lifetime 300")
	b.enter(t, "crypto ikev2 profile P", "lifetime 400", "dpd 10 2 periodic")
	a.enter(t, "nat keepalive 20")
	p := store.Running().Profile("P")
	require.Equal(t, 400, p.Lifetime)
	require.NotNil(t, p.DPD)
	require.Equal(t, 20, p.NATKeepalive)

	b.enter(t, "no crypto ikev2 profile P")
	a.enter(t, "lifetime 500")
	require.Equal(t, &iosconfig.Profile{Name: "P", IKELife: iosconfig.IKELife{Lifetime: 500}}, store.Running().Profile("P"))

	a.enter(t, "crypto ikev2 keyring K", "peer A", "address 10.0.0.1")
	b.enter(t, "no crypto ikev2 keyring K")
	a.enter(t, "description back")
	k := store.Running().Keyring("K")
	require.Equal(t, &iosconfig.KeyringPeer{Name: "A", Description: "back"}, k.Peers.Get("A"))

	// A transform set is more than its name: none is made anew without transforms.
	a.enter(t, "crypto ipsec transform-set TS esp-3des esp-sha-hmac")
	b.enter(t, "no crypto ipsec transform-set TS")
	a.enter(t, "no mode")
	_, err := a.Editor.Enter("mode transport")
	require.ErrorContains(t, err, `transform set with tag "TS" does not exist`)
	require.Nil(t, store.Running().TransformSet("TS"))
}

// Nor are a tracked object and an operation more than numbers when another editor has deleted them;
// one that another editor has started stays as it is.
func TestTwoEditorsOfWhatIsTracked(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	a, b := session{NewEditor(store), store}, session{NewEditor(store), store}
	a.enter(t, "track 1 interface Ethernet0/0 line-protocol")
	b.enter(t, "no track 1")
	_, err := a.Editor.Enter("delay up 4")
	require.ErrorContains(t, err, "Track object does not exist")
	require.Nil(t, store.Running().Tracking.Objects.At(1))
	a.enter(t, "exit", "ip sla 1", "icmp-echo 10.0.0.1")
	b.enter(t, "ip sla schedule 1 start-time now")
	_, err = a.Editor.Enter("frequency 20")
	require.ErrorContains(t, err, "Entry already running and cannot be modified")
	b.enter(t, "no ip sla 1")
	_, err = a.Editor.Enter("frequency 20")
	require.ErrorContains(t, err, "Entry not configured")
	require.Nil(t, store.Running().Tracking.Operations.At(1))
	a.enter(t, "exit")
}

// A commit names what changed; what was is as it was.
func TestCommits(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	s := session{NewEditor(store), store}
	for _, step := range []struct {
		line    string
		no      bool
		changed []iosconfig.Object
	}{
		{"interface lo0", false, []iosconfig.Object{{Kind: "interface", Name: "Loopback0"}}},
		{"interface Loopback0", false, nil},
		{" ip address 10.0.0.1 255.255.255.255", false, []iosconfig.Object{{Kind: "interface", Name: "Loopback0"}}},
		{"no shutdown", true, nil},
		{"hostname R9", false, []iosconfig.Object{{Kind: "global", Name: "hostname"}}},
		{"hostname R9", false, nil},
		{"ip route 10.1.0.0 255.255.0.0 10.0.0.9", false, []iosconfig.Object{{Kind: "route", Name: "10.1.0.0/16"}}},
		{"no ip route 10.1.0.0 255.255.0.0", true, []iosconfig.Object{{Kind: "route", Name: "10.1.0.0/16"}}},
		{"crypto ikev2 keyring K", false, []iosconfig.Object{{Kind: "keyring", Name: "K"}}},
		{"peer A", false, []iosconfig.Object{{Kind: "peer", Name: "K A"}}},
		{"address 1.1.1.1", false, []iosconfig.Object{{Kind: "peer", Name: "K A"}}},
		{"crypto ikev2 proposal default", false, nil},
		{"group 14", false, []iosconfig.Object{{Kind: "proposal", Name: "default"}}},
		{"line vty 0 4", false, []iosconfig.Object{{Kind: "section", Name: "line vty 0 4"}}},
		{"banner motd #hello#", false, []iosconfig.Object{{Kind: "global", Name: "banner motd"}}},
	} {
		before := store.Running()
		text := strings.Join(Running(before), "\n")
		result, err := s.Enter(step.line)
		require.NoError(t, err, step.line)
		var changed []iosconfig.Object
		for _, c := range result.Commit.Changes {
			require.Equal(t, strings.TrimSpace(step.line), c.Line)
			require.Equal(t, step.no, c.No, step.line)
			changed = append(changed, c.Object)
		}
		require.Equal(t, step.changed, changed, step.line)
		require.Same(t, before, result.Commit.Before)
		require.Same(t, store.Running(), result.Commit.After)
		require.Equal(t, text, strings.Join(Running(before), "\n"), step.line)
		require.Equal(t, changed == nil, before == store.Running(), step.line)
	}
}

// A banner keeps its text, and a file whose banner does not end says where it
// began. A byte order mark is no text.
func TestBanners(t *testing.T) {
	c := load(t, "\ufeffhostname R7\nbanner motd @\nAuthorized access only!\n!\n!\n  bogus\n@\nbanner login ^Cin^C\n")
	require.Equal(t, iosconfig.Banners{MOTD: "\nAuthorized access only!\n!\n!\n  bogus\n", Login: "in"}, c.Banners)
	text := strings.Join(Running(c), "\n")
	require.Contains(t, text, "banner motd ^C\nAuthorized access only!\n!\n!\n  bogus\n^C")
	requireSame(t, c, load(t, text))
	_, errs := read("hostname R7\nbanner motd @\nhostname R8\n")
	require.Len(t, errs, 1)
	require.Equal(t, 2, errs[0].Line)
}

// A file costs what is in it: 16,000 of anything is an ordinary file.
func TestLargeFiles(t *testing.T) {
	const many = 16000
	for name, entry := range map[string]func(n int) string{
		"static routes": func(n int) string { return fmt.Sprintf("ip route 10.%d.%d.0 255.255.255.0 192.0.2.1\n", n/256, n%256) },
		"loopbacks": func(n int) string {
			return fmt.Sprintf("interface Loopback%d\n ip address 10.%d.%d.1 255.255.255.255\n", n, n/256, n%256)
		},
		"peers": func(n int) string {
			head := ""
			if n == 0 {
				head = "crypto ikev2 keyring K\n"
			}
			return head + fmt.Sprintf(" peer P%d\n  address 10.0.%d.%d\n  pre-shared-key k%d\n", n, n/256, n%256, n)
		},
		"profiles": func(n int) string {
			return fmt.Sprintf("crypto ikev2 profile P%d\n match identity remote fqdn p%d\n", n, n)
		},
	} {
		few, _ := loadCost(t, many/4, entry)
		all, commit := loadCost(t, many, entry)
		require.Less(t, all, 8*few, "%s: four times as much costs four times as much and a little, where a quadratic load costs sixteen times", name)
		require.Greater(t, len(Running(commit.After)), many, name)
	}
}

// loadCost is how many octets the load of n entries takes: a measure that the
// machine's other work does not change.
func loadCost(t *testing.T, n int, entry func(n int) string) (octets uint64, commit iosconfig.Commit) {
	var b strings.Builder
	for i := range n {
		b.WriteString(entry(i))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	file := Load(b.String(), iosconfig.IOS151)
	runtime.ReadMemStats(&after)
	require.Empty(t, file.Refused)
	return after.TotalAlloc - before.TotalAlloc, file.Commit
}
