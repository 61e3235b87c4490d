package router

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// inheriting is a router with one of everything that global lines about IPsec concern.
const inheriting = `aaa new-model
aaa authorization network A local
crypto ikev2 keyring K
 peer A
  address 10.0.0.2
  pre-shared-key cisco
crypto ikev2 profile P
 match identity remote any
 authentication local pre-share
 authentication remote pre-share
 keyring local K
crypto ikev2 profile Q
 match identity remote fqdn q.example
 authentication local pre-share
 authentication remote pre-share
 keyring local K
 virtual-template 1
crypto ipsec transform-set T esp-aes esp-sha-hmac esn
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
ip access-list extended L
 permit ip host 192.0.2.1 host 192.0.2.2
crypto map M 10 ipsec-isakmp
 set peer 10.0.0.2
 set transform-set T
 set ikev2-profile P
 match address L
interface Loopback0
 ip address 192.0.2.9 255.255.255.255
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
interface Ethernet0/1
 ip address 10.0.1.1 255.255.255.0
 crypto map M
interface Virtual-Template1 type tunnel
 ip unnumbered Loopback0
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile P
interface Tunnel0
 ip address 172.16.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.2
 tunnel protection ipsec profile P
`

// offered are the lines that `?` leads to, with the ends of ranges. What is repeated as often as
// one likes is left out.
func offered(t *testing.T, help func(string) ([]string, error), line string) (lines []string) {
	options, err := help(line + " ")
	require.NoError(t, err, line)
	for _, option := range options {
		word, _, _ := strings.Cut(strings.TrimSpace(option), " ")
		switch {
		case !strings.HasPrefix(option, "  "), word == "transform-set":
		case word == "<cr>":
			lines = append(lines, line)
		case strings.ContainsAny(word[:1], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"): // of a name: it is an object, or text
		case word[0] == '<':
			for _, end := range strings.Split(strings.Trim(word, "<>"), "-") {
				lines = append(lines, offered(t, help, line+" "+end)...)
			}
		default:
			lines = append(lines, offered(t, help, line+" "+word)...)
		}
	}
	return lines
}

// TestGlobalLinesComeToWhatTheirFileDoes: each global line about IKEv2 and IPsec that there is, and each
// that takes it back, leaves a router as one that boots with it.
func TestGlobalLinesComeToWhatTheirFileDoes(t *testing.T) {
	lines := offered(t, rows.NewEditor(iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))).Help, "crypto")
	r := alone(t, inheriting)
	var said string
	met := map[string]bool{}
	r.Records().Listen(func(rec record.Record) {
		if line, ok := rec.Body.(operator.LineEntered); ok && line.Object == string(iosconfig.KindGlobal) {
			said, met[line.Name] = line.Name, true
		}
	})
	enter := func(line string) {
		said = ""
		if _, err := newEditor(r).Enter(commitEpoch, line); err != nil || said == "" {
			return // it is about an object, or changes nothing
		}
		require.Contains(t, inheritances, said, line)
		requireAsBooted(t, r, line)
	}
	for _, line := range lines {
		for _, form := range []string{"", "no ", "", "default "} {
			enter(form + line)
		}
	}
	for _, line := range slices.Concat(lines, lines, []string{"crypto ikev2 redirect gateway auth"}) { // in each other's place
		enter(line)
	}
	for command := range inheritances {
		require.True(t, met[command], "%s: nothing leads there", command)
	}
}
