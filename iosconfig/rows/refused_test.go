package rows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// A router boots with what it understands: a refused head takes its block along,
// however it is written, and nothing of it is done elsewhere.
func TestRefusedHeadTakesItsBlock(t *testing.T) {
	const port = "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n"
	for text, want := range map[string][]int{ // lines passed over with each that is refused
		"widget 3/0\n description of nothing\n shutdown\n!\nhostname B\n":                                       {2},
		"widget 3/0\ndescription of nothing\nshutdown\n!\nhostname B\n":                                         {2},
		"widget 3/0\ndescription of nothing\nspeed 9\nexit\nhostname B\n":                                       {2},
		"widget 3/0\ndescription of nothing\nhostname B\n":                                                      {1},
		"widget 3/0\n\nhostname B\n":                                                                            {0},
		"hostname B\n!\nwidget 3/0\n!\nwidget 3/1\n":                                                            {0, 0},
		"hostname B\nwidgets a\nwidgets b\n speed 10\n":                                                         {0, 1},
		port + "interface Widget3/0\n shutdown\n ip address 10.9.9.9 255.0.0.0\n!\nhostname B\n":                {2},
		port + "widget 3/0\n shutdown\n!\nhostname B\n":                                                         {1},
		port + "!\nwidget 3/0\nshutdown\n!\nhostname B\n":                                                       {1},
		"interface Ethernet0/0\nip address 10.0.0.1 255.255.255.0\ninterface Widget3/0\nshutdown\nhostname B\n": {1},
		"crypto ikev2 keyring K\n piers A\n  address 10.0.0.2\n  pre-shared-key x\n!\nhostname B\n":             {2},
		"banner widget ^C\ninterface Ethernet0/0\n shutdown\n^C\nhostname B\n":                                  {3},
		"banner motd ^\ninterface Ethernet0/0\nhostname B\n":                                                    {0},
		"macro widget x\n no hostname\n!\nhostname B\n":                                                         {1},
	} {
		l := Load(text, iosconfig.IOS151)
		var passed []int
		for _, e := range l.Refused {
			passed = append(passed, e.Passed)
		}
		require.Equal(t, want, passed, "%s%v", text, l.Refused)
		c := l.Commit.After
		require.Equal(t, "B", c.Hostname, text)
		if i := c.Interface("Ethernet0/0"); i != nil {
			require.False(t, i.Shutdown, text)
			require.Contains(t, []string{"10.0.0.1/24", "invalid Prefix"}, i.Address.String(), text)
		}
		for k := range c.IKEv2.Keyrings.All() {
			require.Zero(t, k.Peers.Len(), "half a peer")
		}
	}
}

// TestRefusedLineHidesNoOther: a line that could not have begun a block has none, so that what is wrong
// behind it is told as well; one that could takes along what nobody else knows.
func TestRefusedLineHidesNoOther(t *testing.T) {
	const wrong = "logging buffered 99999999999\naccess-list 99999 permit ip any any\ncrypto ikev2 limit max-sa -1\nip route 10.0.0.0 255.0.0.0\nno hostnme\nntp server\ncrypto ikev2 dpd 1 2 3\n"
	l := Load(wrong+"hostname B\n", iosconfig.XE17)
	require.Len(t, l.Refused, strings.Count(wrong, "\n"))
	for _, e := range l.Refused {
		require.Zero(t, e.Passed, e.Text)
	}
	require.Equal(t, "B", l.Commit.After.Hostname)
	l = Load("ntp server\n widget\nhostname B\n", iosconfig.XE17)
	require.Len(t, l.Refused, 1, "what is indented below it is its own all the same")
	require.Equal(t, 1, l.Refused[0].Passed)
	heads := map[string]bool{"crypto pki certificate map M 10": true, "ip ssh pubkey-chain": true, "interface range Loopback1 - 2": true, "class-map C": true, "time-range T": true}
	for _, path := range modePaths {
		if len(path) > 0 {
			heads[path[0]] = true
		}
	}
	for head := range heads {
		l := Load(head+" \x01\nwidget 1\nwidget 2\nhostname B\n", iosconfig.IOS151)
		require.Len(t, l.Refused, 1, head)
		require.Equal(t, 2, l.Refused[0].Passed, head)
	}
}

// What is refused changes nothing that is understood, wherever it stands.
func TestRefusedLineChangesNothingElse(t *testing.T) {
	lines := strings.SplitAfter(strings.Replace(pasted, " name back up", "", 1), "\n")
	want := Running(load(t, strings.Join(lines, "")))
	for n := range lines {
		l := Load(strings.Join(lines[:n], "")+"widget 7\n widget 8\n"+strings.Join(lines[n:], ""), iosconfig.IOS151)
		if at := len(l.Refused); at == 0 {
			continue // within a banner
		}
		got := Running(l.Commit.After)
		below := n < len(lines) && strings.HasPrefix(lines[n], " ")
		if !below { // else the lines behind it are taken for its own
			require.Equal(t, want, got, "before %q", lines[n])
		}
	}
}

// The words of lines without effect are counted; what may be a secret in a line
// that is refused is not told.
func TestLoadedSaysWhatCameOfIt(t *testing.T) {
	l := Load("ip http server\nno ip cef\nip cef\nhostname A\nenable secrt cisco\n", iosconfig.IOS151)
	require.Len(t, l.Kept, 2)
	require.Equal(t, "ip cef", l.Kept[1].Head)
	require.Equal(t, 2, l.Kept[1].Lines)
	require.Equal(t, "enable <removed>", l.Refused[0].Public)
}
