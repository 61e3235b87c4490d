package router

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// populous is the configuration of a router with n of everything that IKE is told about, n entries of
// a crypto map, and n tunnels, which wait for SAs unless their source is shut down.
func populous(n int, wait bool) string {
	b := &strings.Builder{}
	b.WriteString("crypto ipsec transform-set TS esp-aes\ninterface Ethernet0/0\n ip address 10.0.0.1 255.255.0.0\n")
	if !wait {
		b.WriteString(" shutdown\n")
	}
	for i := range n {
		fmt.Fprintf(b, "ip host H%d 10.1.%d.%d\n", i, i>>8, i&255)
	}
	b.WriteString("crypto ikev2 keyring K\n")
	for i := range n {
		fmt.Fprintf(b, " peer A%d\n  address 10.0.%d.%d\n  pre-shared-key cisco\n peer H%d\n  hostname H%d\n  pre-shared-key cisco\n", i, 1+i>>8, i&255, i, i)
	}
	for i := range n {
		fmt.Fprintf(b, "crypto ikev2 profile M%d\n match identity remote fqdn m%d.example\n authentication local pre-share\n authentication remote pre-share\n keyring local K\n", i, i)
		fmt.Fprintf(b, "ip access-list extended L%d\n permit ip host 192.0.2.1 host 10.9.%d.%d\ncrypto map M %d ipsec-isakmp\n set peer 10.7.%d.%d\n set transform-set TS\n set ikev2-profile M%d\n match address L%d\n", i, i>>8, i&255, 1+i, i>>8, i&255, i, i)
	}
	b.WriteString("interface Ethernet0/1\n ip address 10.7.255.1 255.255.0.0\n crypto map M\n")
	for i := range n {
		fmt.Fprintf(b, "crypto ikev2 keyring K%d\n peer A\n  address 10.9.9.9\n  pre-shared-key cisco\n", i)
		fmt.Fprintf(b, "crypto ikev2 profile P%d\n match identity remote fqdn r%d.example\n match address local interface Ethernet0/1\n authentication local pre-share\n authentication remote pre-share\n keyring local K\n", i, i)
		fmt.Fprintf(b, "crypto ipsec profile P%d\n set ikev2-profile P%d\n", i, i)
		fmt.Fprintf(b, "interface Tunnel%d\n tunnel source Ethernet0/0\n tunnel mode ipsec ipv4\n tunnel destination 10.0.%d.%d\n tunnel protection ipsec profile P%d\n", i, 1+i>>8, i&255, i)
	}
	return b.String()
}

// typedAtPopulous are lines that concern one object of many.
var typedAtPopulous = []string{
	"crypto ikev2 keyring K", "peer A7", "pre-shared-key other", "address 10.0.77.7", "no address", "address 10.0.1.7",
	"peer NEW", "address 10.0.99.1", "pre-shared-key cisco", "hostname H5", "no hostname", "exit", "no peer NEW",
	"crypto ikev2 keyring NEW", "peer ONE", "address 10.0.99.2", "pre-shared-key cisco", "no crypto ikev2 keyring NEW",
	"crypto ikev2 profile P7", "description seven", "match identity remote fqdn seven.example", "no match identity remote fqdn seven.example", "lifetime 7200",
	"keyring local K7", "match address local interface Loopback9", "no match address local interface Loopback9",
	"crypto ikev2 profile NEW", "match identity remote any", "authentication local pre-share", "authentication remote pre-share", "keyring local K", "no crypto ikev2 profile NEW",
	"ip host NEW 10.1.99.1", "no ip host NEW 10.1.99.1", "ip host H7 10.1.99.7", "ip host h8 10.1.99.8",
	"crypto ipsec profile P7", "set pfs group19", "set ikev2-profile P8",
	"crypto ipsec profile NEW", "no crypto ipsec profile NEW", "interface Loopback9", "ip address 192.0.2.9 255.255.255.255", "no interface Loopback9",
	"ip access-list extended NEW", "permit ip any any", "no permit ip any any", "no ip access-list extended NEW",
	"crypto map M 17 ipsec-isakmp", "set pfs group19", "set peer 10.7.99.9", "no set peer 10.7.99.9", "set peer H7 dynamic", "match address L18", "reverse-route static", "match address L16",
	"crypto ipsec transform-set OWN esp-aes", "crypto map M 9 ipsec-isakmp", "set transform-set OWN TS", "crypto ipsec transform-set OWN esp-aes 256", "mode transport", "ip host H7 10.1.99.6",
	"crypto map M 3000 ipsec-isakmp", "set peer 10.7.99.9", "set transform-set TS", "match address L5", "set ikev2-profile M5", "no crypto map M 3000", "no crypto map M 12",
	"crypto map NEW 10 ipsec-isakmp", "no crypto map NEW", "ip access-list extended L8", "permit ip host 192.0.2.9 any", "crypto ikev2 profile M8", "ivrf X", "lifetime 7200",
	"vrf definition X", "description seven", "rd 1:1", "address-family ipv4", "exit-address-family",
	"object-group network INL", "host 10.1.1.1", "ip access-list extended L11", "permit ip object-group INL any", "object-group network INL", "host 10.1.1.2",
	"object-group network NEW", "host 10.1.1.1", "no object-group network NEW",
	"crypto ipsec transform-set NEW esp-aes", "mode transport", "no crypto ipsec transform-set NEW",
	"crypto logging session", "no crypto logging session", "crypto ikev2 diagnose error 7",
}

// typedForAnybody are lines by which whoever waits may have a new chance.
var typedForAnybody = []string{
	"crypto ikev2 keyring K", "peer A7", "identity fqdn r7.example", "no identity", "address 0.0.0.0 0.0.0.0",
	"crypto ikev2 policy NEW", "proposal default", "match address local 10.0.0.1", "no crypto ikev2 policy NEW",
	"crypto ikev2 proposal NEW", "encryption aes-cbc-128", "integrity sha1", "group 19", "no crypto ikev2 proposal NEW",
	"crypto ikev2 nat keepalive 20", "crypto ikev2 dpd 10 2 periodic", "crypto ikev2 window 8", "crypto ikev2 cookie-challenge 9", "crypto ikev2 limit max-sa 9999", "no crypto ikev2 http-url cert",
	"crypto ikev2 fragmentation", "crypto ikev2 childless", "crypto isakmp invalid-spi-recovery", "no crypto ipsec nat-transparency udp-encapsulation",
}

// TestLinesCostWhatTheyChange: a line about one peer, profile, keyring, policy or host costs the same
// however many others there are, counted in allocations and in their octets: where n tunnels
// wait for SAs, or where nobody does.
func TestLinesCostWhatTheyChange(t *testing.T) {
	for _, row := range []struct {
		wait  bool
		lines []string
	}{{true, typedAtPopulous}, {false, typedForAnybody}} {
		few, many := lineCosts(t, 20, row.wait, row.lines), lineCosts(t, 2000, row.wait, row.lines)
		for i, line := range row.lines {
			require.LessOrEqual(t, many[i].allocations, few[i].allocations+few[i].allocations/10+40, "%q among 2000, and among 20: %d", line, few[i].allocations)
			require.LessOrEqual(t, many[i].octets, few[i].octets+few[i].octets/10+6000, "%q among 2000, and among 20: %d octets", line, few[i].octets)
		}
	}
}

// lineCost is what a line has cost.
type lineCost struct{ allocations, octets uint64 }

func lineCosts(t *testing.T, n int, wait bool, lines []string) (list []lineCost) {
	r := alone(t, populous(n, wait))
	ed := newEditor(r)
	_, err := ed.Enter(commitEpoch, "crypto ikev2 window 7")
	require.NoError(t, err)
	var before, after runtime.MemStats
	for _, line := range lines {
		runtime.ReadMemStats(&before)
		_, err := ed.Enter(commitEpoch, line)
		runtime.ReadMemStats(&after)
		require.NoError(t, err, line)
		list = append(list, lineCost{after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc})
	}
	return list
}

// refusedAtPopulous are lines that take away what is named elsewhere.
var refusedAtPopulous = []string{
	"no crypto ipsec transform-set OWN", "no crypto ipsec profile P19", "no crypto ikev2 keyring K", "no crypto ikev2 profile M19", "no crypto ikev2 proposal OWN",
}

// allowedAtPopulous are such lines about what nobody names, behind those that make it. A proposal is none: the
// engine is told of all proposals and policies at once.
var allowedAtPopulous = [][]string{
	{"crypto ipsec transform-set NEW esp-aes", "no crypto ipsec transform-set NEW"},
	{"crypto ipsec profile NEW", "no crypto ipsec profile NEW"},
	{"crypto ikev2 keyring NEW", "no crypto ikev2 keyring NEW"},
	{"crypto ikev2 profile NEW", "no crypto ikev2 profile NEW"},
	{"object-group network NEW", "no object-group network NEW"},
	{"interface Loopback9", "no interface Loopback9"},
}

// TestTakingAwayCostsTheSame: whether something is named elsewhere is known without a look through all that might
// name it. To look allocates nothing, so that it is measured in time: the shortest of many.
func TestTakingAwayCostsTheSame(t *testing.T) {
	few, many := takingAway(t, 20), takingAway(t, 2000)
	for line, each := range few {
		require.Less(t, many[line], 3*each+60*time.Microsecond, "%q among 2000, and among 20: %v", line, each)
	}
}

// takingAway is how long the lines take among n of everything.
func takingAway(t *testing.T, n int) map[string]time.Duration {
	b := &strings.Builder{}
	for i := range n {
		fmt.Fprintf(b, "crypto ikev2 policy P%d\n proposal default\n", i)
	}
	r := alone(t, populous(n, false)+b.String()+"crypto ikev2 proposal OWN\n encryption aes-cbc-128\n integrity sha1\n group 19\ncrypto ikev2 policy Z\n proposal OWN\n"+
		"crypto ipsec transform-set OWN esp-aes\ncrypto map Z 1 ipsec-isakmp\n set transform-set OWN\n")
	ed := newEditor(r)
	best := map[string]time.Duration{}
	enter := func(line string, refused bool) {
		start := time.Now()
		_, err := ed.Enter(commitEpoch, line)
		took := time.Since(start)
		require.Equal(t, refused, err != nil, "%s: %v", line, err)
		if had, ok := best[line]; !ok || took < had {
			best[line] = took
		}
	}
	for range 30 {
		for _, line := range refusedAtPopulous {
			enter(line, true)
		}
		for _, lines := range allowedAtPopulous {
			enter(lines[0], false)
			enter(lines[1], false)
		}
	}
	return best
}
