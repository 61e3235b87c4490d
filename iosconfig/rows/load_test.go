package rows

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

func load(t *testing.T, text string) *iosconfig.Config {
	t.Helper()
	l := Load(text, iosconfig.IOS151)
	require.Empty(t, l.Refused, text)
	return l.Commit.After
}

// read is Load for tests that want the configuration.
func read(text string) (*iosconfig.Config, []editor.FileError) {
	l := Load(text, iosconfig.IOS151)
	return l.Commit.After, l.Refused
}

func TestTechNote(t *testing.T) {
	for _, name := range []string{"r1.cfg", "r2.cfg"} {
		text, err := os.ReadFile("../../topologies/labs/psk-site-to-site/" + name)
		require.NoError(t, err)
		c := load(t, string(text))
		running := Running(c)
		again := load(t, strings.Join(running, "\n"))
		requireSame(t, c, again)
		require.Equal(t, running, Running(again))
		// Every section of the note comes back line by line.
		for _, section := range strings.Split(strings.ReplaceAll(string(text), "\n\n", "\n!\n"), "!\n") {
			require.Contains(t, strings.Join(running, "\n")+"\n", section, name)
		}
	}
}

func TestLoadReportsEveryError(t *testing.T) {
	c, errs := read("hostname R1\r\n" +
		"bogus line\r\n" +
		" below it\n" + // belongs to the wrong line
		"interface Ethernet0/0\n" +
		" ip address 10.0.0.0 255.255.255.0\n" +
		"\tip adress\n" +
		" crypto ikev2\n" +
		"do show clock\n")
	require.Equal(t, "R1", c.Hostname, "what is understood is done")
	require.Equal(t, []editor.FileError{
		{Line: 2, Column: 3, Text: "bogus line", Public: "<removed>", Msg: "% Invalid input detected at '^' marker.", Passed: 1},
		{Line: 5, Column: 2, Text: " ip address 10.0.0.0 255.255.255.0", Public: " ip address 10.0.0.0 255.255.255.0", Msg: "Bad mask /24 for address 10.0.0.0", Below: "Ethernet0/0"},
		{Line: 6, Column: 7, Text: "\tip adress", Public: "\tip <removed>", Msg: "% Invalid input detected at '^' marker.", Below: "Ethernet0/0"},
		{Line: 7, Column: 14, Text: " crypto ikev2", Public: " crypto <removed>", Msg: "% Incomplete command.", Below: "Ethernet0/0"},
		{Line: 8, Column: 1, Text: "do show clock", Public: "<removed>", Msg: "% Invalid input detected at '^' marker.", Below: "Ethernet0/0"},
	}, errs)
	require.Equal(t, "2:3: % Invalid input detected at '^' marker.", errs[0].Error())
}

func TestSecrets(t *testing.T) {
	for line, want := range map[string]string{
		"pre-shared-key local cisco":         "  pre-shared-key local cisco",
		"pre-shared-key local 0 cisco":       "  pre-shared-key local cisco",
		"pre-shared-key local a  b c ":       "  pre-shared-key local a  b c",
		"pre-shared-key remote 6 AbC":        "  pre-shared-key remote 6 AbC",
		"pre-shared-key hex 00ff":            "  pre-shared-key hex 00ff",
		"pre-shared-key 0 hex":               "  pre-shared-key 0 hex",
		"pre-shared-key 0 local key":         "  pre-shared-key 0 local key",
		"pre-shared-key local 0 6 x":         "  pre-shared-key local 0 6 x",
		"pre-shared-key local 0x12":          "  pre-shared-key local 0x12",
		"pre-shared-key remote Hello!#%^&*?": "  pre-shared-key remote Hello!#%^&*?",
	} {
		c := load(t, "crypto ikev2 keyring K\n peer P\n  "+line+"\n")
		running := Running(c)
		require.Contains(t, running, want)
		requireSame(t, c, load(t, strings.Join(running, "\n")), line)
	}
	_, errs := read("crypto ikev2 keyring K\n peer P\n  pre-shared-key hex\n")
	require.Equal(t, syntax.MsgIncomplete, errs[0].Msg)
	c := load(t, "crypto ikev2 keyring K\n peer P\n  pre-shared-key a\n  pre-shared-key local b\n")
	k := c.Keyring("K")
	require.Equal(t, &iosconfig.KeyringPeer{Name: "P", Local: &iosconfig.Secret{Text: "b"}}, k.Peers.Get("P"))
}

// pasted is `show running-config` of a real router's kind.
const pasted = `Building configuration...

Current configuration : 2345 bytes
!
version 15.4
service timestamps debug datetime msec
service timestamps log datetime msec
no service password-encryption
!
hostname R1
!
boot-start-marker
boot-end-marker
!
enable secret 5 $1$abcd$2uW3ulNSsCppUKwdkf7Nd/
!
no aaa new-model
clock timezone EET 2 0
mmi polling-interval 60
no mmi auto-configure
no mmi pvc
mmi snmp-timeout 180
!
no ip domain lookup
ip cef
no ipv6 cef
multilink bundle-name authenticated
!
username admin privilege 15 secret 5 $1$x$2uW3ulNSsCppUKwdkf7Nd/
!
interface Ethernet0/0
 no ip address
 shutdown
 duplex auto
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0 secondary
 ip address 10.9.0.1 255.255.255.252
 no ip redirects
 no shutdown
!
ip forward-protocol nd
!
no ip http server
no ip http secure-server
ip route 0.0.0.0 0.0.0.0 Tunnel0 10.0.0.2 250 name back up
ip route 0.0.0.0 0.0.0.0 10.0.0.2 250 name backup permanent
!
control-plane
!
banner motd ^C
  hostname of nobody
^C
banner login #one line#
line con 0
 exec-timeout 0 0
 privilege level 15
 logging synchronous
line aux 0
line vty 0 4
 login local
 transport input telnet ssh
!
end
`

func TestPastedConfiguration(t *testing.T) {
	text := strings.Replace(pasted, " name back up", "", 1)
	c := load(t, text)
	running := Running(c)
	requireSame(t, c, load(t, strings.Join(running, "\n")))
	for _, line := range []string{"enable secret 5 $1$abcd$2uW3ulNSsCppUKwdkf7Nd/", "no ip domain lookup", " duplex auto", " no ip redirects",
		" ip address 10.1.0.1 255.255.0.0 secondary", " exec-timeout 0 0", "line vty 0 4", "control-plane",
		"ip route 0.0.0.0 0.0.0.0 10.0.0.2 250 name backup permanent"} {
		require.Contains(t, running, line)
	}
	require.Equal(t, "R1", c.Hostname)
	_, errs := read(pasted)
	require.Len(t, errs, 1)
	require.Equal(t, 57, errs[0].Column) // "ba" is no word of a route
}

// IOS prints interfaces by type and number, routes by prefix, in whatever
// order they were typed; secondary addresses stand before the primary one.
func TestRunningOrder(t *testing.T) {
	c := load(t, `
ip route 10.2.0.0 255.255.0.0 1.1.1.2
ip route 10.0.0.0 255.255.0.0 1.1.1.2
ip route 10.0.0.0 255.0.0.0 1.1.1.2
ip route 10.0.0.0 255.0.0.0 1.1.1.1
interface gi 0/0
interface e0/10
interface e0/2
 ip address 10.0.0.1 255.255.255.0
 ip address 10.1.0.1 255.255.255.0 secondary
interface tu0
 tunnel destination 10.0.0.2
 tunnel mode ipsec ipv4
 tunnel source e0/2
interface lo10
interface lo9
`)
	var heads []string
	for _, l := range Running(c) {
		if strings.HasPrefix(l, "interface") || strings.HasPrefix(l, "ip route") {
			heads = append(heads, l)
		}
	}
	require.Equal(t, []string{"interface Loopback9", "interface Loopback10", "interface Tunnel0", "interface Ethernet0/2",
		"interface Ethernet0/10", "interface GigabitEthernet0/0", "ip route 10.0.0.0 255.0.0.0 1.1.1.1", "ip route 10.0.0.0 255.0.0.0 1.1.1.2",
		"ip route 10.0.0.0 255.255.0.0 1.1.1.2", "ip route 10.2.0.0 255.255.0.0 1.1.1.2"}, heads)
	text := strings.Join(Running(c), "\n")
	require.Contains(t, text, "interface Ethernet0/2\n ip address 10.1.0.1 255.255.255.0 secondary\n ip address 10.0.0.1 255.255.255.0\n")
	require.Contains(t, text, "interface Tunnel0\n no ip address\n tunnel source Ethernet0/2\n tunnel mode ipsec ipv4\n tunnel destination 10.0.0.2\n")
}

func TestHostileText(t *testing.T) {
	for _, text := range []string{
		"hostname " + strings.Repeat("a", 1<<20), strings.Repeat("a ", 1<<16), "\x00", "hostname R\x001", "interface \xff\xfe",
		"description é", "crypto ikev2 policy " + strings.Repeat("é", 600), "no no no no", "default default x", "no default hostname", "\u2028", "^C", "\x7f", "\x1b[A",
		"crypto ikev2 keyring", "ip route", "interface Loopback99999999999999999999", "interface Loopback-1", "interface Loopback2147483648",
		"interface Ethernet0/0/0/0", "interface Ethernet256/0", "crypto ikev2 window 99999999999999999999999", "crypto ikev2 window +5", "crypto ikev2 window 5e1",
		"ip route 1.1.1.1.1 2.2.2.2 3", "ip route 0001.1.1.1 255.255.255.255 1.1.1.1",
	} {
		c, errs := read(text)
		requireSame(t, iosconfig.New(iosconfig.IOS151), c, "%.40q", text)
		require.Len(t, errs, 1, "%.40q", text)
		require.NotEmpty(t, errs[0].Msg)
		require.LessOrEqual(t, errs[0].Column, len(text)+1)
	}
	requireSame(t, iosconfig.New(iosconfig.IOS151), load(t, "\r\n\r\n \t\r\n!\x00 anything\n")) // blank lines and comments
}

// TestLoaderSharesWhatFilesBeginWith: what a file means does not depend on those
// that were read before, wherever they begin to differ.
func TestLoaderSharesWhatFilesBeginWith(t *testing.T) {
	lines := strings.SplitAfter(strings.Replace(pasted, " name back up", "", 1), "\n")
	l := NewLoader(iosconfig.IOS151)
	requireAlike := func(text string) {
		t.Helper()
		want, got := NewLoader(iosconfig.IOS151).Load(text), l.Load(text)
		require.Equal(t, want.Refused, got.Refused, text)
		require.Equal(t, want.Warnings, got.Warnings, text)
		require.Equal(t, want.Kept, got.Kept, text)
		require.Equal(t, want.Commit.Changes, got.Commit.Changes, text)
		require.Equal(t, Running(want.Commit.After), Running(got.Commit.After))
	}
	for n := range lines {
		head := strings.Join(lines[:n], "")
		requireAlike(head)
		requireAlike(head + "bogus\n below it\nhostname other\ninterface Tunnel9\n tunnel mode gre ip\n")
		requireAlike(head + "banner exec %\nhostname text\n")
		requireAlike(head + "banner exec %\nhostname text\n%\n" + strings.Join(lines[n:], ""))
	}
	before := l.Load("hostname A\ninterface Loopback0\n")
	after := l.Load("hostname A\ninterface Loopback0\n shutdown\n")
	require.False(t, before.Commit.After.Interface("Loopback0").Shutdown, "what a file has made stays as it is")
	require.True(t, after.Commit.After.Interface("Loopback0").Shutdown)
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"r1.cfg", "r2.cfg"} {
		text, err := os.ReadFile("../../topologies/labs/psk-site-to-site/" + name)
		require.NoError(f, err)
		f.Add(string(text))
	}
	f.Add(pasted)
	f.Add("crypto ikev2 proposal default\n no group\n encryption aes-gcm-256\nno crypto ikev2 policy default\n")
	f.Add("int lo0\nip add 1.1.1.1 255.255.255.255 sec\ncrypto ikev2 profile P\n auth rem pre key 0 hex\n keyring l\ndefault int lo0\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, errs := read(text)
		if len(errs) > 0 {
			lines := strings.Split(text, "\n")
			for _, e := range errs {
				require.LessOrEqual(t, e.Line, len(lines))
				require.LessOrEqual(t, e.Column, len(e.Text)+1)
			}
		}
		running := strings.Join(Running(c), "\n")
		again, errs := read(running)
		require.Empty(t, errs, running)
		requireSame(t, c, again, running)
		ed := NewEditor(iosconfig.NewStore(iosconfig.New(iosconfig.IOS151)))
		for _, line := range strings.Split(text, "\n") {
			_, _ = ed.Help(line)
			ed.Complete(line)
		}
	})
}
