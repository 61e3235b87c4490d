package rows

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// naming are what `?` calls the names of other things; all other words define something,
// or are a text.
var naming = []string{
	"Nested object group name",
	"Access-list name or number", "Access list for local addresses", "ikev2 profile tag", "isakmp profile tag", "Proposal tag", "Crypto Map tag", "IPSec profile name",
	"Name of dynamic-map", "VPN Routing/Forwarding instance name", "VRF name", "Name of IKEv2 proposal", "AAA list", "List", "Keyring name", "Certificate map", "Name of the trustpoint", "Route-map name",
	"Name of the address pool", "Access list name or number", "Access-list name", "Name pool of global addresses", "Host name", "Hostname of peer", "HSRP group name",
}

// defining is what `?` says of words that are no such names.
var defining = []string{
	"Plain text authentication string (8 chars max)", "Key string", "Name of the key chain", "name string",
	"Crypto map tag", "Hostname", "Identity", "Key-id", "The UNENCRYPTED (cleartext) key", "The ENCRYPTED key", "Name of the peer block", "Value for hostname option",
	"Name of the FlexVPN client", "Create named local address pool", "Name of IKEv2 authorization policy", "Name of IKEv2 Keyring", "Name of IKEv2 policy", "Name of IKEv2 profile", "Profile name", "Transform set tag", "The HASHED 'enable' secret", "This system's network name",
	"Pool name", "Name of the next hop", "User name", "Version", "Dotted-hexadecimal string (Ex. 0122.c94d.33a1)", "Client name (name should not include the domain name)",
	"CA Server Name", "Certificate map name", "RSA keypair label", "EC keypair label", "URL", "name, or none", "address, interface, or none", "Name",
	"Identity name", "Policy name", "Name of the attribute list", "View name", "Telephone number", "Object group name", "Port number", "ICMP message type", "Domain name", "VPN Route Distinguisher", "Name of the VRF", "Dotted-hexadecimal string (Ex. 22c9.4d33.a122)", "Network prefix length, such as /24",
}

// nowhere is the name of nothing.
const nowhere = "Nowhere"

// named are the lines of a mode that name something, with nowhere as its name. Access
// lists name nothing.
func (s session) named(t *testing.T, from line, above []choice) (list []line) {
	lines, err := s.Help(strings.Join(append(slices.Clone(from.words), ""), " "))
	next := choices(t, lines, err)
	if more := slices.DeleteFunc(slices.Clone(next), func(c choice) bool { return c.word == "<cr>" || slices.Contains(above, c) }); len(more) == 0 {
		return nil // a list goes on
	}
	for _, c := range next {
		switch {
		case slices.Contains(verbs, c.word) || slices.Contains([]string{"permit", "deny", "access-list", "access-group"}, c.word) && len(from.words) == 0:
		case slices.Contains([]string{"crypto ikev2 proposal", "ip access-list extended", "ip access-list standard", "ipv6 access-list"}, from.String()): // which make one
		case c.word == "WORD" && slices.Contains(naming, c.help):
			list = append(list, from.and(c, nowhere))
		case c.word == "WORD":
			require.Contains(t, defining, c.help, "%v %s: is it the name of something else?", from, c.word)
			list = append(list, s.named(t, from.and(c, "Z1"), next)...)
		case c.word == "X:X:X:X::X":
			list = append(list, s.named(t, from.and(c, "2001:db8::1"), next)...)
		case c.word == "X:X:X:X::X/<0-128>":
			list = append(list, s.named(t, from.and(c, "2001:db8::/64"), next)...)
		case c.word == "A.B.C.D":
			list = append(list, s.named(t, from.and(c, "10.1.1.1"), next)...)
		case c.keyword():
			list = append(list, s.named(t, from.and(c, c.word), next)...)
		}
	}
	return list
}

// kept are lines of text that name something.
var kept = [][2]string{
	{"config-if", "vrf forwarding Nowhere"}, {"config-if", "ip vrf forwarding Nowhere"}, {"config-if", "ip policy route-map Nowhere"}, {"config-if (tunnel)", "tunnel vrf Nowhere"},
	{"config-if", "ip access-group Nowhere in"}, {"config-if (tunnel)", "tunnel source Loopback77"}, {"config-if (tunnel)", "ip unnumbered Loopback77"},
	{"config", "ip route vrf Nowhere 10.9.0.0 255.255.0.0 10.0.0.2"}, {"config", "ip nat inside source list 1 pool Nowhere"}, {"config", "ip nat outside source list Nowhere pool P"},
	{"config", "ip nat outside source list 1 pool Nowhere"}, {"config", "ip nat outside source route-map Nowhere pool P"}, {"config", "crypto map M local-address Loopback77"},
	{"config", "ip route 10.9.0.0 255.255.0.0 Loopback77"}, {"config", "ipv6 route 2001:db8:9::/48 Loopback77"},
	{"config-route-map", "match ip address Nowhere"}, {"config-route-map", "match ip address prefix-list Nowhere"},
	{"config-line", "access-class Nowhere in"}, {"config-ikev2-profile", "virtual-template 77"}, {"config-ikev2-profile", "aaa authorization group psk list Nowhere P"},
}

// A name that means nothing is told at the console and of a file, on both images, wherever
// there can be one: or it is refused.
func TestNamesOfNothing(t *testing.T) {
	lines := map[string][]string{}
	for mode := range modePaths {
		for _, l := range sessionIn(t, mode).named(t, line{}, nil) {
			lines[mode] = append(lines[mode], l.String())
		}
	}
	for _, k := range kept {
		lines[k[0]] = append(lines[k[0]], k[1])
	}
	count := 0
	for mode, list := range lines {
		for _, l := range list {
			for _, g := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
				tellsNothing(t, g, mode, l)
				count++
			}
		}
	}
	require.Greater(t, count, 80)
}

func tellsNothing(t *testing.T, g iosconfig.Generation, mode, l string) {
	t.Helper()
	s := session{store: iosconfig.NewStore(iosconfig.New(g))}
	s.Editor = NewEditor(s.store)
	s.enter(t, modePaths[mode]...)
	l = s.whole(t, l)
	tells := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(text string) bool {
			return strings.Contains(text, nowhere) && strings.Contains(text, "not") || strings.Contains(strings.ToLower(text), "interface loopback77 does not exist") ||
				strings.Contains(text, "template 77 does not exist") || strings.Contains(text, "Unrecognized host")
		})
	}
	r, err := s.Enter(l)
	if err != nil {
		require.True(t, tells(err.Error()) || strings.Contains(l, "Loopback77") || strings.HasPrefix(l, "ip access-list resequence"), "%s: %v", l, err)
	} else {
		require.True(t, tells(r.Messages...), "%v %s: %s: %q", g, mode, l, r.Messages)
	}
	loaded := Load(strings.Join(append(slices.Clone(modePaths[mode]), l), "\n"), g)
	told := func(list []editor.FileError) bool {
		return slices.ContainsFunc(list, func(e editor.FileError) bool {
			return tells(e.Error()) || strings.HasPrefix(l, "ip access-list resequence")
		})
	}
	require.True(t, told(loaded.Refused) || told(loaded.Warnings), "%v %s: %s: %q %q", g, mode, l, loaded.Refused, loaded.Warnings)
}

// whole is a line with what it needs to end.
func (s session) whole(t *testing.T, l string) string {
	for !s.mayEnd(l) {
		lines, err := s.Help(l + " ")
		list := choices(t, lines, err)
		require.NotEmpty(t, list, l)
		if hop := slices.IndexFunc(list, func(c choice) bool { return c.word == "X:X:X:X::X" }); hop > 0 { // which stands behind the kinds of interfaces
			list = list[hop:]
		}
		word := list[0].word
		switch {
		case strings.HasPrefix(word, "<"): // a number
			word = "10"
		case !list[0].keyword():
			word = map[string]string{"A.B.C.D": "10.1.1.1", "X:X:X:X::X": "2001:db8::1", "X:X:X:X::X/<0-128>": "2001:db8::/64", "WORD": "Z1"}[word]
		}
		if word == "interface" {
			word = "interface Ethernet0/0"
		}
		require.NotEmpty(t, word, "%s: %v", l, list)
		l += " " + word
	}
	return l
}
