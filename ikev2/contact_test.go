package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// A has a name and a second address, and B an entry for either.
var (
	second = netip.MustParseAddr("10.0.0.7")
	client = named(wire.IDFQDN, "client.example")
)

func twoAddresses(p *testPolicy) {
	if p.Children[0].Local != netip.MustParseAddr("10.0.0.1") {
		other := p.Children[0]
		other.Entry, other.Remote = "Tunnel1", second
		p.Children = append(p.Children, other)
		return
	}
	other := p.Children[0]
	other.Entry, other.Local = "Tunnel1", second
	p.Profiles[0].LocalID, p.Children = &client, append(p.Children, other)
}

func (c *talk) acquireSecond() {
	c.peers[0].apply(c.peers[0].Acquire(c.now, "Tunnel1", [2]spd.Selector{}))
}

// "The recipient MAY use this information to delete any other IKE SAs it has to the same
// authenticated identity without waiting for a timeout." (RFC 7296 2.4) A peer that comes from
// another address may have forgotten what there is: it is asked, and what it does not answer goes.
func TestInitialContactFromAnotherAddress(t *testing.T) {
	c := upTalk(t, twoAddresses)
	c.restart(0, 2, twoAddresses)
	c.acquireSecond()
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }")
	asked := c.wantSend("B", "INFORMATIONAL request 0 { }")
	require.Equal(t, netip.MustParseAddr("10.0.0.1"), asked.Remote.Addr())
	c.drop(asked)
	c.wantSend("B", authResponse)
	c.tamper = func(_ int, d Datagram) []Datagram {
		if d.Remote.Addr() == second || d.Local.Addr() == second {
			return []Datagram{d}
		}
		return nil
	}
	c.settle()
	require.Len(t, c.end("B").SAs(), 2)
	c.run(5 * time.Minute)
	left := c.end("B").SAs()
	require.Len(t, left, 1)
	require.Equal(t, second, left[0].Remote.Addr())
}

// INITIAL_CONTACT "asserts that this IKE SA is the only IKE SA currently active between the
// authenticated identities" (RFC 7296 2.4). Who cannot know yet that the peer at another address is
// the same loses nothing by saying it, as the peer asks; afterwards it is not said any more.
func TestInitialContactOfOneWithTwoAddresses(t *testing.T) {
	c := upTalk(t, twoAddresses)
	c.run(time.Second)
	c.acquireSecond()
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }")
	c.wantSend("B", "INFORMATIONAL request 0 { }")
	c.wantSend("B", authResponse)
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.settle()
	require.Len(t, c.end("B").SAs(), 2)

	c.peers[0].apply(c.peers[0].Clear(c.now, func(s SAInfo) bool { return s.Local.Addr() == second }))
	c.pass(4)
	c.settle()
	c.acquireSecond()
	c.pass(2)
	require.NotContains(t, c.wantSend("A", authRequest).text, "INITIAL_CONTACT")
	c.pass(1)
	c.settle()
	require.Empty(t, c.sent)
	require.Len(t, c.end("B").SAs(), 2)
}

// Where many share an identity, what one of them says is of no use to any other.
func TestInitialContactOfMany(t *testing.T) {
	var d database
	x := &exchange{init: &initial{startedAt: labEpoch.Add(time.Hour)}, sa: &ikeSA{peer: &peer{}}}
	x.sa.remoteID = client
	for i := range replicas + 1 {
		sa := &ikeSA{state: saReady, peer: &peer{}}
		sa.id, sa.remoteID = i+1, client
		d.acquaint(sa)
		if want := i + 1; i < replicas {
			require.Len(t, d.doubtful(x), want)
		} else {
			require.Empty(t, d.doubtful(x))
		}
	}
	for _, sa := range append([]*ikeSA{}, d.known.Get(client.key())...) {
		d.estrange(sa)
	}
	require.Zero(t, d.known.Len())
}

// An IKE SA comes up although its pair is refused (RFC 7296 1.2), and who began it deletes it. If it has
// never had our answer it cannot: "it is essential to confirm liveness" (2.4), and nothing else asks.
func TestFruitlessSAThatNobodyKnows(t *testing.T) {
	c := newTalk(t, func(p *testPolicy) {
		if p.Children[0].Local != netip.MustParseAddr("10.0.0.1") {
			p.Children = nil
		}
	})
	c.acquire(0)
	c.pass(3)
	c.drop(c.wantSend("B", "IKE_AUTH response 1 { ... N(TS_UNACCEPTABLE) ... }"))
	c.tamper = func(int, Datagram) []Datagram { return nil }
	c.run(30 * time.Minute)
	c.requireEmpty()
}
