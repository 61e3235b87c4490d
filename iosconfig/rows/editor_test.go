package rows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

func enter(t *testing.T, ed *editor.Editor, lines ...string) (last editor.Result) {
	t.Helper()
	for _, line := range lines {
		var err error
		last, err = ed.Enter(line)
		require.NoError(t, err, line)
	}
	return last
}

func TestModes(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	ed := NewEditor(store)
	for _, step := range []struct{ line, mode string }{
		{"int lo0", "config-if"},
		{"! a comment", "config-if"},
		{"", "config-if"},
		{"crypto ikev2 proposal P", "config-ikev2-proposal"}, // a global command in a sub-mode
		{"encr aes-cbc-256", "config-ikev2-proposal"},
		{"crypto ikev2 policy P", "config-ikev2-policy"},
		{"crypto ikev2 keyring K", "config-ikev2-keyring"},
		{"peer a", "config-ikev2-keyring-peer"},
		{"peer b", "config-ikev2-keyring-peer"}, // the next peer directly
		{"exit", "config-ikev2-keyring"},
		{"peer b", "config-ikev2-keyring-peer"},
		{"no peer b", "config-ikev2-keyring"},
		{"crypto ikev2 profile P", "config-ikev2-profile"},
		{"crypto ipsec transform-set T esp-gcm 256", "cfg-crypto-trans"},
		{"crypto ipsec profile P", "ipsec-profile"},
		{"interface tunnel 7", "config-if"},
		{"no interface Tunnel7", "config"},
		{"line vty 0 4", "config-line"},
		{"hostname R9", "config"},
	} {
		enter(t, ed, step.line)
		require.Equal(t, step.mode, ed.Mode(), step.line)
	}
	require.Equal(t, "R9", store.Running().Hostname)
	k := store.Running().Keyring("K")
	require.Equal(t, 1, k.Peers.Len())
	require.Nil(t, store.Running().Interface("Tunnel7"))
	require.False(t, enter(t, ed, "int lo0", "exit").Left)
	require.True(t, enter(t, ed, "exit").Left)
	require.True(t, enter(t, ed, "int lo0", "end").Left)
	require.Equal(t, "config", ed.Mode())
}

func TestMessages(t *testing.T) {
	ed := NewEditor(iosconfig.NewStore(iosconfig.New(iosconfig.IOS151)))
	for line, want := range map[string][]string{
		"crypto ikev2 proposal NEW": []string{
			"IKEv2 proposal MUST either have a set of an encryption algorithm other than aes-gcm, an integrity algorithm and a DH group configured or ",
			" encryption algorithm aes-gcm, a prf algorithm and a DH group configured"},
		"crypto ikev2 proposal default": nil,
		"crypto ikev2 policy NEW":       {"IKEv2 policy MUST have atleast one complete proposal attached "},
		"crypto ikev2 policy default":   nil,
		"crypto ikev2 keyring NEW":      nil,
		"crypto ikev2 profile NEW": {"IKEv2 profile MUST have:", "   1. A local and a remote authentication method.",
			"   2. A match identity or a match certificate or match any statement."},
		"no interface Tunnel0": nil,
	} {
		require.Equal(t, want, enter(t, ed, line).Messages, line)
	}
	require.Equal(t, []string{"% Policy already has same proposal set "},
		enter(t, ed, "crypto ikev2 policy P", "proposal A", "proposal A").Messages)
	require.Equal(t, []string{"% Already found same 'match identity' statement"},
		enter(t, ed, "crypto ikev2 profile P", "match identity remote any", "match identity remote any").Messages)
	require.Equal(t, []string{"% Profile already contains this keyring"},
		enter(t, ed, "keyring local K", "keyring local K").Messages)
}

// The caret is counted in octets of the line as typed, and stands under the
// first character that fits no command.
func TestRefusedLines(t *testing.T) {
	for _, c := range []struct {
		mode, line string
		want       error
	}{
		{"", "bogus", syntax.ErrInvalid{Offset: 2}},
		{"", "  bogus", syntax.ErrInvalid{Offset: 4}},
		{"", "crypto ikev2 proposl X", syntax.ErrInvalid{Offset: 19}},
		{"", "crypto ikev2 proposal", syntax.ErrIncomplete},
		{"", "crypto ikev2 p X", syntax.ErrAmbiguous{Line: "crypto ikev2 p X"}},
		{"", "crypto ikev2 p X 1", syntax.ErrInvalid{Offset: 17}}, // policy, profile or proposal: 1 fits none
		{"", "crypto ikev2 window 201", syntax.ErrInvalid{Offset: 20}},
		{"", "crypto ikev2 dpd 10 1 periodic", syntax.ErrInvalid{Offset: 20}},
		{"", "no crypto ikev2 window 0", syntax.ErrInvalid{Offset: 23}},
		{"", "no jbogus", syntax.ErrInvalid{Offset: 3}},
		{"", "no end", syntax.ErrInvalid{Offset: 5}},
		{"", "no", syntax.ErrIncomplete},
		{"", "interface Serial0/0", syntax.ErrInvalid{Offset: 10}},
		{"", "interface Ethernet0/9", syntax.ErrInvalid{Offset: 10}}, // the device has no such port
		{"", "interface Ethernet 0/9", syntax.ErrInvalid{Offset: 10}},
		{"", "no interface Ethernet0/0", syntax.Refuse("%% Removal of physical interfaces is not permitted.")},
		{"", "ip route 10.0.0.1 255.255.255.0 1.1.1.1", syntax.Refuse("%%Inconsistent address and mask")},
		{"", "ip route 10.0.0.0 255.0.255.0 1.1.1.1", syntax.Refuse("%%Inconsistent address and mask")},
		{"", "ip route 10.0.0.0 255.255.255.0 192.168.7.7", syntax.Refuse("%%Invalid next hop address (it's this router)")},
		{"", "ip route 10.0.0.0 255.255.255.0", syntax.ErrIncomplete},
		{"", "ip route 10.0.0.0 255.255.255.0 Ethernet0/9", syntax.ErrInvalid{Offset: 32}},
		{"", "ip route 10.0.0.0 255.255.255.256 1.1.1.1", syntax.ErrInvalid{Offset: 18}},
		{"", "hostname a_b?", syntax.Refuse("%% Hostname contains one or more illegal characters.\n")},
		{"", "crypto ipsec transform-set T esp-aes esp-gcm", syntax.Refuse("%% ESP encryption algorithm specified twice: esp-aes and esp-gcm")},
		{"", "crypto ipsec transform-set T esp-ctr", syntax.Refuse("%% esp-ctr needs an authentication algorithm")},
		{"", "crypto ipsec transform-set T esp-ctr 256", syntax.Refuse("%% esp-ctr 256 needs an authentication algorithm")},
		{"", "crypto ipsec transform-set T esp-chacha20-poly1305 esp-sha-hmac", syntax.Refuse("%% esp-chacha20-poly1305 cannot be combined with esp-sha-hmac")},
		{"", "crypto ipsec transform-set T esp-gcm8 192 esp-sha-hmac", syntax.Refuse("%% esp-gcm8 192 cannot be combined with esp-sha-hmac")},
		{"", "crypto ipsec transform-set T esp-gmac esp-sha-hmac", syntax.Refuse("%% esp-gmac cannot be combined with esp-sha-hmac")},
		{"", "crypto ipsec transform-set T esn", syntax.ErrIncomplete},
		{"", "crypto ipsec transform-set T esp-aes 257", syntax.ErrInvalid{Offset: 39}},
		{"", "crypto ipsec transform-set T", syntax.ErrIncomplete},
		{"", "service timestamps debug datetime msec msec", syntax.ErrInvalid{Offset: 39}},
		{"interface Ethernet0/0", "tunnel source Ethernet0/0", syntax.ErrInvalid{Offset: 1}}, // not on this type
		{"interface Tunnel0", "tunnel source Ethernet0/9", syntax.ErrInvalid{Offset: 14}},
		{"interface Ethernet0/0", "ip adress 10.0.0.1 255.0.0.0", syntax.ErrInvalid{Offset: 5}},
		{"interface Ethernet0/0", "ip address 10.0.0.1", syntax.ErrIncomplete},
		{"interface Ethernet0/0", "ip address 10.0.0.1 255.0.255.0", syntax.Refuse("Bad mask 0xFF00FF00 for address 10.0.0.1")},
		{"interface Ethernet0/0", "ip address 10.0.0.0 255.255.255.0", syntax.Refuse("Bad mask /24 for address 10.0.0.0")},
		{"interface Ethernet0/0", "ip address 10.0.0.255 255.255.255.0", syntax.Refuse("Bad mask /24 for address 10.0.0.255")},
		{"interface Ethernet0/0", "ip address 10.0.0.1 255.255.255.255", syntax.Refuse("Bad mask /32 for address 10.0.0.1")},
		{"interface Ethernet0/0", "ip address 224.0.0.1 255.255.255.0", syntax.Refuse("Not a valid host address - 224.0.0.1")},
		{"interface Ethernet0/0", "ip address 192.168.7.77 255.255.0.0", syntax.Refuse("%% 192.168.0.0 overlaps with Loopback7")},
		{"interface Ethernet0/0", "ip route 1.1.1.1 x", syntax.ErrInvalid{Offset: 17}},    // the global error got farther
		{"interface Ethernet0/0", "ip tcp adjust-mss 100", syntax.ErrInvalid{Offset: 18}}, // no text of `ip tcp`, which is global
		{"interface Ethernet0/0", "ip  tcp  adjust-mss  100", syntax.ErrInvalid{Offset: 21}},
		{"interface Tunnel0", "ip unnumbered 7", syntax.ErrInvalid{Offset: 14}}, // there is no such line outside
		{"line vty 0 4", "login fast", syntax.ErrInvalid{Offset: 6}},
		{"crypto ikev2 profile P", "nat keepalive 4", syntax.ErrInvalid{Offset: 14}}, // `nat` is no abbreviation of the global nat64
		{"crypto ikev2 proposal P", "encryption aes-cbc-128 aes-gcm-128", syntax.ErrInvalid{Offset: 27}},
		{"crypto ikev2 proposal P", "encryption aes-ctr-128 chacha20-poly1305", syntax.ErrInvalid{Offset: 23}},
		{"crypto ikev2 proposal P", "encryption aes", syntax.ErrAmbiguous{Line: "encryption aes"}},
		{"crypto ikev2 proposal P", "group 9", syntax.ErrInvalid{Offset: 6}},
		{"crypto ikev2 profile P", "lifetime 119", syntax.ErrInvalid{Offset: 9}},
		{"crypto ikev2 profile P", "match identity remote address 1.2.3.4 255.0.255.0", syntax.Refuse("Bad mask 0xFF00FF00 for address 1.2.3.4")},
		{"", "do show clock", editor.ErrDo{Line: "show clock", Offset: 3}},
		{"interface Ethernet0/0", " do  sh run", editor.ErrDo{Line: "sh run", Offset: 5}},
		{"", "line vty 4 0", syntax.ErrInvalid{Offset: 11}},
	} {
		store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
		ed := NewEditor(store)
		ed.Exists = func(name string) bool { return name == "Ethernet0/0" }
		enter(t, ed, "interface Loopback7", "ip address 192.168.7.7 255.255.255.0", "exit")
		if c.mode != "" {
			enter(t, ed, c.mode)
		}
		before, mode := strings.Join(Running(store.Running()), "\n"), ed.Mode()
		_, err := ed.Enter(c.line)
		require.Equal(t, c.want, err, "%s: %s", c.mode, c.line)
		require.Equal(t, before, strings.Join(Running(store.Running()), "\n"), c.line)
		require.Equal(t, mode, ed.Mode(), c.line)
	}
}

func TestEditorHelp(t *testing.T) {
	ed := NewEditor(iosconfig.NewStore(iosconfig.New(iosconfig.IOS151)))
	lines, err := ed.Help("")
	require.NoError(t, err)
	require.Equal(t, "Configure commands:", lines[0])
	require.Regexp(t, `\n  no +Negate a command or set its defaults\n`, strings.Join(lines, "\n"))
	lines, err = ed.Help("interface ")
	require.NoError(t, err)
	require.Contains(t, lines, "  Ethernet                 IEEE 802.3")
	require.Len(t, lines, 42)
	lines, err = ed.Help("no crypto ikev2 window ")
	require.NoError(t, err)
	require.Equal(t, []string{"  <1-200>  Window size", "  <cr>"}, lines)
	lines, err = ed.Help("no ")
	require.NoError(t, err)
	require.NotContains(t, strings.Join(lines, "\n"), "  exit")
	_, err = ed.Help("do show ")
	require.Equal(t, editor.ErrDo{Line: "show ", Offset: 3}, err)
	require.Equal(t, []string{"hostname"}, ed.Complete("hos"))
	require.Equal(t, []string{"proposal"}, ed.Complete("no cry ikev2 prop"))

	enter(t, ed, "crypto ikev2 profile P")
	lines, err = ed.Help("identity local ")
	require.NoError(t, err)
	require.Equal(t, []string{"  address  address", "  dn       Distinguished Name", "  email    Fully qualified email string",
		"  fqdn     Fully qualified domain name string", "  key-id   key-id opaque string - proprietary types of identification"}, lines)
	lines, err = ed.Help("hostn")
	require.NoError(t, err)
	require.Equal(t, []string{"hostname"}, lines) // a global command
	enter(t, ed, "crypto ikev2 keyring K")
	require.Equal(t, []string{"peer"}, ed.Complete("pe"))
}

func TestDefaultsAreHiddenUntilEdited(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	ed := NewEditor(store)
	enter(t, ed, "crypto ikev2 proposal default", "crypto ikev2 policy default", "crypto ipsec profile default",
		"crypto ipsec transform-set default esp-aes esp-sha-hmac")
	requireSame(t, iosconfig.New(iosconfig.IOS151), store.Running())
	enter(t, ed, "crypto ikev2 proposal default", "group 14", "no prf", "no encryption")
	enter(t, ed, "crypto ikev2 policy default", "no proposal", "no match fvrf")
	enter(t, ed, "crypto ipsec transform-set default esp-aes esp-sha-hmac", "mode tunnel")
	enter(t, ed, "crypto ipsec profile default", "no set transform-set", "set pfs")
	text := strings.Join(Running(store.Running()), "\n")
	for _, section := range []string{
		"crypto ikev2 proposal default\n no encryption\n integrity sha512 sha384 sha256 sha1 md5\n group 14\n!",
		"crypto ikev2 policy default\n no match fvrf\n no proposal\n!",
		"crypto ipsec transform-set default esp-aes esp-sha-hmac\n mode tunnel\n!",
		"crypto ipsec profile default\n no set transform-set\n set pfs group1\n set ikev2-profile default\n!",
	} {
		require.Contains(t, text, section)
	}
	requireSame(t, store.Running(), load(t, text))
	enter(t, ed, "default crypto ikev2 proposal default", "default crypto ikev2 policy default",
		"default crypto ipsec profile default", "default crypto ipsec transform-set default")
	requireSame(t, iosconfig.New(iosconfig.IOS151), store.Running())

	enter(t, ed, "no crypto ikev2 proposal default", "no crypto ikev2 policy default",
		"no crypto ipsec transform-set default", "no crypto ipsec profile default")
	require.Equal(t, iosconfig.Defaults{Proposal: true, Policy: true, TransformSet: true, IPsecProfile: true}, store.Running().IKEv2.NoDefaults)
	require.Nil(t, store.Running().Proposal("default"))
	requireSame(t, store.Running(), load(t, strings.Join(Running(store.Running()), "\n")))

	enter(t, ed, "no crypto ikev2 authorization policy default") // without a name the smart default is meant, as Cisco's templates have it
	for _, head := range []string{"crypto ikev2 authorization policy", "crypto ikev2 proposal", "crypto ikev2 policy", "crypto ipsec transform-set", "crypto ipsec profile"} {
		enter(t, ed, "default "+head)
		for _, line := range []string{head, "no " + head} {
			_, err := ed.Enter(line)
			require.ErrorIs(t, err, syntax.ErrIncomplete, line)
		}
	}
	requireSame(t, iosconfig.New(iosconfig.IOS151), store.Running())
}

func TestComplete(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	ed := NewEditor(store)
	enter(t, ed, "crypto ikev2 proposal P", "encryption aes-cbc-128", "group 14", "prf sha1")
	p := func() *iosconfig.Proposal { return store.Running().Proposal("P") }
	require.False(t, p().Complete()) // a PRF is no integrity
	enter(t, ed, "integrity sha1")
	require.True(t, p().Complete())
	enter(t, ed, "encryption aes-gcm-256")
	require.Empty(t, p().Integrity)
	require.True(t, p().Complete())
	_, err := ed.Enter("integrity sha1")
	require.Error(t, err)
	enter(t, ed, "no prf")
	require.False(t, p().Complete())
	require.NotEmpty(t, enter(t, ed, "crypto ikev2 policy Q", "proposal P", "crypto ikev2 policy Q").Messages)
	enter(t, ed, "crypto ikev2 proposal P", "prf sha384")
	require.Empty(t, enter(t, ed, "crypto ikev2 policy Q").Messages)
	enter(t, ed, "crypto ikev2 profile F", "match identity remote any", "authentication local pre-share", "authentication remote pre-share")
	require.True(t, store.Running().Profile("F").Complete())
	enter(t, ed, "authentication local rsa-sig", "authentication remote rsa-sig") // exactly one local method
	f := store.Running().Profile("F")
	require.True(t, f.Complete())
	require.Equal(t, []string{"rsa-sig"}, f.Methods("local"))
	require.Equal(t, []string{"pre-share", "rsa-sig"}, f.Methods("remote"))
	enter(t, ed, "no authentication local")
	require.False(t, store.Running().Profile("F").Complete())
}

// TestAmbiguousInside: what may be several commands of a mode is none of an outer mode's
// that are kept as text.
func TestAmbiguousInside(t *testing.T) {
	s := sessionIn(t, "dhcp-config")
	_, err := s.Enter("net 10.0.0.0 /24") // network, netbios-…; outside netconf-yang
	require.ErrorAs(t, err, &syntax.ErrAmbiguous{})
	require.Equal(t, "dhcp-config", s.Mode())
	s.enter(t, "netw 10.0.0.0 /24")
}
