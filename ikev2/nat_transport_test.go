package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Transport mode through a NAT: RFC 7296 2.23.1.

const translatedTo = "203.0.113.9"

// hosts is a policy between two addresses that wants transport mode.
func hosts(local, remote string) func(*testPolicy) {
	return func(c *testPolicy) {
		f := &c.Children[0]
		f.Local, f.Remote, f.Hosts, f.Suites[0].Transport = netip.MustParseAddr(local), netip.MustParseAddr(remote), true, true
		f.Selectors = [2][]spd.Selector{alone(local), alone(remote)}
		c.Keyrings[0].Peers[0].Address = netip.MustParsePrefix("0.0.0.0/0")
	}
}

func alone(a string) []spd.Selector {
	return []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix(a + "/32"))}
}

// throughNAT is A behind a NAT and B, each with hosts that it sees.
func throughNAT(t *testing.T, edit ...func(*testPolicy)) *natted {
	n := newNAT(t, translatedTo+":1024")
	n.peers[0].configure(testConfig(0, quick, hosts("10.0.0.1", "10.0.0.2")))
	n.peers[1].configure(testConfig(1, append([]func(*testPolicy){quick, hosts("10.0.0.2", translatedTo)}, edit...)...))
	return n
}

// "If the client is behind a NAT, substitute the IP address in the TSi entries with the
// remote address of the IKE SA. … Use the resulting Traffic Selectors when creating SAD
// entries, and when sending Traffic Selectors back to the client." And the client: "Do
// address substitution before using those Traffic Selectors for anything other than
// storing original content of them." (RFC 7296 2.23.1)
func TestTransportModeThroughNAT(t *testing.T) {
	n := throughNAT(t)
	var last *wire.Message
	onward := n.tamper
	n.tamper = func(from int, d Datagram) []Datagram {
		last = n.peers[from].message(d)
		return onward(from, d)
	}
	n.acquire(0)
	n.run(time.Second)
	check := func() {
		a, b := n.pair(0), n.pair(1)
		require.True(t, a.Transport && b.Transport && a.UDP && b.UDP)
		require.Equal(t, [2][]spd.Selector{alone("10.0.0.1"), alone("10.0.0.2")}, [2][]spd.Selector{a.Local, a.Remote})
		require.Equal(t, [2][]spd.Selector{alone("10.0.0.2"), alone(translatedTo)}, [2][]spd.Selector{b.Local, b.Remote})
		require.Equal(t, [2]netip.Addr{netip.MustParseAddr(translatedTo), netip.MustParseAddr("10.0.0.2")}, a.Real)
		require.Equal(t, [2]netip.Addr{netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.1")}, b.Real)
	}
	check()
	tsi, tsr, ok := selectors(last)
	require.True(t, ok)
	require.Equal(t, [2][]spd.Selector{alone(translatedTo), alone("10.0.0.2")}, [2][]spd.Selector{tsi, tsr})
	for _, end := range []int{0, 1} {
		n.rekeyChild(end)
		n.run(time.Minute)
		require.Len(t, n.peers[end].pairs, 1)
		check()
	}
}

// "If no SPD entry was found, or (if found) the SPD entry does not allow transport mode,
// undo the Traffic Selector substitutions. Do PAD and SPD lookup again using the ID and
// original Traffic Selectors, but also searching for tunnel mode SPD entry (that is, fall
// back to tunnel mode)." (RFC 7296 2.23.1)
func TestTunnelModeThroughNAT(t *testing.T) {
	everything := []spd.Selector{spd.AnyIPv4()}
	n := throughNAT(t, func(c *testPolicy) {
		c.Children[0].Hosts, c.Children[0].Selectors = false, [2][]spd.Selector{everything, everything}
	})
	n.acquire(0)
	n.run(time.Second)
	require.False(t, n.pair(0).Transport || n.pair(1).Transport)
	for i, p := range n.peers {
		require.Contains(t, p.events, Effect(ModeDeclined{SA: p.sorted()[0].ref(), Entry: entryName, Initiator: i == 0, NAT: true}), "both tell")
	}
	require.Equal(t, [2][]spd.Selector{alone("10.0.0.2"), alone("10.0.0.1")}, [2][]spd.Selector{n.pair(1).Local, n.pair(1).Remote})
	require.Equal(t, [2]netip.Addr{}, n.pair(1).Real)

	n = throughNAT(t, func(c *testPolicy) { c.Children[0].Suites[0].Transport = false })
	n.acquire(0)
	n.run(time.Second)
	require.Empty(t, n.peers[1].pairs, "the original addresses are nobody's")
}

// "The server sees all clients behind the NAT as the same IP address … Implementations
// MUST handle this situation, either by disallowing conflicting connections, or by other
// means." (RFC 3948 5.2)
func TestTwoBehindOneNAT(t *testing.T) {
	n := throughNAT(t)
	n.acquire(0)
	n.run(time.Second)
	require.Len(t, n.peers[1].pairs, 1)
	other := named(wire.IDFQDN, "other.example")
	n.from = netip.MustParseAddrPort(translatedTo + ":1025")
	n.restart(0, 2, quick, hosts("10.0.0.1", "10.0.0.2"), func(p *testPolicy) { p.Profiles[0].LocalID = &other })
	n.acquire(0)
	n.run(time.Second)
	require.Len(t, n.peers[1].pairs, 1, "the first one keeps what it has")
	require.Empty(t, n.peers[0].pairs)
}
