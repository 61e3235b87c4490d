package rows

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Names that mean nothing: IOS refuses a transform set, and the others are told.
func TestDanglingNames(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	ed := NewEditor(store)
	enter(t, ed, "crypto ipsec profile P")
	_, err := ed.Enter("set transform-set default NOSUCH")
	require.Equal(t, syntax.ErrRefused{Text: `ERROR: transform set with tag "NOSUCH" does not exist.`}, err)
	require.Empty(t, store.Running().IPsecProfile("P").TransformSets)
	for _, c := range [][3]string{
		{"crypto ipsec profile P", "set ikev2-profile NOSUCH", "% IKEv2 profile NOSUCH does not exist"},
		{"crypto ikev2 policy P", "proposal NOSUCH", "% IKEv2 proposal NOSUCH does not exist"},
		{"crypto ikev2 profile P", "keyring local NOSUCH", "% IKEv2 keyring NOSUCH does not exist"},
		{"crypto ikev2 profile P", "keyring OTHER", "% IKEv2 keyring OTHER does not exist"},
		{"interface Tunnel0", "tunnel protection ipsec profile NOPE", "% IPsec profile NOPE does not exist"},
	} {
		enter(t, ed, c[0])
		require.Equal(t, []string{c[2]}, enter(t, ed, c[1]).Messages, c[1])
	}
	enter(t, ed, "crypto ikev2 keyring OTHER", "crypto ipsec profile NOPE", "crypto ikev2 proposal NOSUCH", "crypto ikev2 profile NOSUCH")
	for _, lines := range [][]string{
		{"crypto ikev2 profile Q", "keyring local OTHER"}, {"int tu1", "tunnel protection ipsec profile NOPE"},
		{"crypto ikev2 policy Q", "proposal NOSUCH"}, {"crypto ipsec profile Q", "set ikev2-profile NOSUCH"},
	} {
		require.Empty(t, enter(t, ed, lines...).Messages, lines)
	}
}

// What is named elsewhere cannot be deleted; once it is not, it can.
func TestDeleteWhatIsInUse(t *testing.T) {
	store := iosconfig.NewStore(load(t, chain))
	ed := NewEditor(store)
	for _, c := range [][2]string{
		{"no crypto ikev2 proposal A", "% Cannot remove IKEv2 proposal A: IKEv2 policy A uses it"},
		{"no crypto ikev2 keyring A", "% Cannot remove IKEv2 keyring A: IKEv2 profile A uses it"},
		{"no crypto ikev2 profile A", "% Cannot remove IKEv2 profile A: IPsec profile A uses it"},
		{"no crypto ipsec transform-set A", "% Cannot remove transform set A: IPsec profile A uses it"},
		{"default crypto ipsec transform-set A", "% Cannot remove transform set A: IPsec profile A uses it"},
		{"no crypto ipsec profile A", "% Cannot remove IPsec profile A: interface Tunnel0 uses it"},
	} {
		before := store.Running()
		_, err := ed.Enter(c[0])
		require.Equal(t, syntax.ErrRefused{Text: c[1]}, err)
		require.Same(t, before, store.Running())
	}
	enter(t, ed, "no interface Tunnel0", "no crypto ipsec profile A", "no crypto ipsec transform-set A", "no crypto ikev2 profile A",
		"no crypto ikev2 keyring A", "no crypto ikev2 policy A", "no crypto ikev2 proposal A")
	require.Zero(t, store.Running().IKEv2.Proposals.Len())
}

// chain is each kind of object, each named by the one above it.
const chain = `
interface Tunnel0
 tunnel source 10.0.0.1
 tunnel destination 10.0.0.2
 tunnel protection ipsec profile A
 tunnel mode ipsec ipv4
crypto ipsec profile A
 set transform-set A
 set ikev2-profile A
crypto ipsec transform-set A esp-aes esp-sha-hmac
crypto ikev2 profile A
 keyring local A
crypto ikev2 keyring A
crypto ikev2 policy A
 proposal A
crypto ikev2 proposal A
`

// warnings is what a check says, each with its line.
func warnings(t *testing.T, text string) []string {
	t.Helper()
	l := Load(text, iosconfig.IOS151)
	errs, list := l.Refused, l.Warnings
	require.Empty(t, errs)
	var said []string
	for _, w := range list {
		said = append(said, w.Error())
	}
	return said
}

// In a file a name may be defined further down; what is missing at the end is
// warned of, in the place that names it.
func TestFileNamesWhatFollows(t *testing.T) {
	require.Empty(t, warnings(t, chain))
	text := strings.ReplaceAll(chain, "A\n", "B\n")
	text = strings.NewReplacer("profile B\n set", "profile X\n set", "crypto ikev2 profile B", "crypto ikev2 profile X", "keyring B\n", "keyring X\n",
		"transform-set A", "transform-set X", "proposal B\nc", "proposal A\nc").Replace(text)
	require.Equal(t, []string{
		"5:2: % IPsec profile B does not exist",
		`8:2: ERROR: transform set with tag "B" does not exist.`,
		"9:2: % IKEv2 profile B does not exist",
		"12:2: % IKEv2 keyring B does not exist",
		"15:2: % IKEv2 proposal A does not exist",
	}, warnings(t, text))
	require.Empty(t, warnings(t, "crypto ikev2 policy P\n proposal NOSUCH\n no proposal NOSUCH\n"))
}

// What decides whether a tunnel comes up and is without effect says so.
func TestWithoutEffect(t *testing.T) {
	const tail = ": accepted, but without effect here"
	for _, c := range []struct {
		mode, line, want string
	}{
		{"crypto ipsec transform-set T esp-aes esp-sha-hmac", "mode tunnel", ""},
		{"crypto ikev2 profile P", "match fvrf RED", "% VRF RED does not exist"},
		{"crypto ikev2 profile P", "id local dn", "% identity local dn: there is no trustpoint, no SA will come up"},
		{"crypto ikev2 profile P", "match fvrf any", ""},
		{"crypto ikev2 policy P", "match fvrf RED", "% VRF RED does not exist"},
		{"crypto ikev2 profile P", "ivrf RED", "% ivrf RED: accepted, but without effect while no crypto map has the profile: tunnel interfaces have `vrf forwarding`"},
		{"crypto ikev2 profile P", "auth loc rsa-sig", "% authentication local rsa-sig: there is no trustpoint, no SA will come up"},
		{"crypto ikev2 profile P", "auth rem ecdsa-sig", "% authentication remote ecdsa-sig: there is no trustpoint, no SA will come up"},
		{"crypto ikev2 profile P", "virtual-template 1", "% Virtual template 1 does not exist"},
		{"crypto ikev2 profile P", "aaa authorization group psk list L P", "% AAA authorization list L does not exist: peers of profile P get no configuration"},
		{"crypto ikev2 profile P", "match certificate M", "% Certificate map M does not exist"},
		{"crypto ikev2 profile P", "pki trustpoint T", "% Trustpoint T does not exist"},
		{"crypto pki trustpoint T", "vrf RED", "% vrf RED" + tail},
		{"crypto pki trustpoint T", "usage ssl-client", "% usage ssl-client" + tail},
		{"crypto pki trustpoint T", "usage ike", ""},
		{"crypto pki trustpoint T", "match certificate M", "% match certificate M" + tail},
		{"hostname R", "service sequence-numbers", "% service sequence-numbers" + tail + ": log messages have no numbers"},
		{"crypto ipsec profile P", "set isakmp-profile I", "% set isakmp-profile I" + tail},
	} {
		t.Run(c.line, func(t *testing.T) {
			ed := NewEditor(iosconfig.NewStore(iosconfig.New(iosconfig.IOS151)))
			enter(t, ed, c.mode)
			text := c.mode + "\n " + c.line + "\n"
			said, warned := enter(t, ed, c.line).Messages, warnings(t, text)
			if c.want == "" {
				require.Empty(t, said)
				require.Empty(t, warned)
				return
			}
			require.Equal(t, c.want, said[0])
			require.Contains(t, warned[0], ":2: "+c.want)
			for _, more := range append(said[1:], warned[1:]...) { // there is nothing of that name
				require.Contains(t, more, "does not exist")
			}
		})
	}
	require.Empty(t, warnings(t, "crypto ikev2 profile P\n ivrf RED\n no ivrf\n"), "taken back")
	require.Equal(t, []string{"1:1: % Vlan1: accepted, but Vlan interfaces carry no packets here"}, warnings(t, "interface Vlan1\n"))
}

// A crypto map's access list that does not exist is told too.
func TestMapNamesAnAccessList(t *testing.T) {
	const text = "crypto map M 10 ipsec-isakmp\n match address VPN\n"
	require.Contains(t, strings.Join(warnings(t, text), "\n"), "2:2: % Access list VPN does not exist")
	require.NotContains(t, strings.Join(warnings(t, text+"ip access-list extended VPN\n permit ip any any\n"), "\n"), "Access list")
}

// TestCertificatesGoWithTheirTrustpoint: what was received for one that is removed stands nowhere,
// and what belongs to another stays.
func TestCertificatesGoWithTheirTrustpoint(t *testing.T) {
	s := sessionIn(t, "config")
	for _, name := range []string{"ONE", "TWO"} {
		s.enter(t, "crypto pki trustpoint "+name, "exit", "crypto pki certificate chain "+name, "certificate ca 01", "3082AA00", "quit", "exit")
	}
	edited, err := s.Enter("no crypto pki trustpoint ONE")
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(edited), "will destroy all certificates")
	require.NotContains(t, strings.Join(Running(s.store.Running()), "\n"), "ONE")
	require.Subset(t, Running(s.store.Running()), []string{"crypto pki trustpoint TWO", "crypto pki certificate chain TWO", " certificate ca 01"})
}
