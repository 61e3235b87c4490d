package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// natted has a NAT stand before A: B sees its datagrams come from elsewhere.
type natted struct {
	*lab
	from netip.AddrPort // where A's datagrams seem to come from; only the port at first
	last Datagram       // that A sent
}

// behindNAT is two engines whose SA is up, with a NAT before A.
func behindNAT(t *testing.T, edit ...func(*testPolicy)) *natted {
	n := newNAT(t, "10.0.0.1:1024", edit...)
	n.acquire(0)
	n.run(time.Second)
	require.Len(t, n.peers[0].pairs, 1)
	require.Len(t, n.peers[1].pairs, 1)
	return n
}

// newNAT is two engines without an SA. B sees A at another endpoint.
func newNAT(t *testing.T, from string, edit ...func(*testPolicy)) *natted {
	n := &natted{lab: newLab(t, 1, append([]func(*testPolicy){quick}, edit...)...), from: netip.MustParseAddrPort(from)}
	n.tamper = func(from int, d Datagram) []Datagram {
		if from == 0 {
			n.last = d
			d.Local = n.from
			n.at(n.now.Add(time.Millisecond), func() {
				n.peers[1].apply(n.peers[1].Receive(n.now, Datagram{Local: d.Remote, Remote: d.Local, Data: d.Data}))
			})
			return nil
		}
		if d.Remote == n.from {
			n.at(n.now.Add(time.Millisecond), func() {
				n.peers[0].apply(n.peers[0].Receive(n.now, Datagram{Local: n.last.Local, Remote: d.Local, Data: d.Data}))
			})
		}
		return nil
	}
	return n
}

func (n *natted) sa(i int) SAInfo { return n.peers[i].SAs()[0] }

func (n *natted) pair(i int) ChildSA {
	for _, c := range n.peers[i].pairs {
		return c
	}
	return ChildSA{}
}

// "The IKE initiator MUST check the NAT_DETECTION_SOURCE_IP or NAT_DETECTION_DESTINATION_IP
// payloads if present, and if they do not match the addresses in the outer packet, MUST
// tunnel all future IKE and ESP packets associated with this IKE SA over UDP port 4500."
// (RFC 7296 2.23)
func TestFloatsInAuth(t *testing.T) {
	n := behindNAT(t)
	require.EqualValues(t, natPort, n.sa(0).Local.Port())
	require.EqualValues(t, natPort, n.sa(0).Remote.Port())
	require.True(t, n.sa(0).NATInside)
	require.True(t, n.sa(1).NAT)
	require.False(t, n.sa(1).NATInside)
	require.Equal(t, n.from, n.sa(1).Remote)
	require.EqualValues(t, natPort, n.sa(1).Local.Port())
	require.True(t, n.pair(0).UDP)
	require.True(t, n.pair(1).UDP)
}

// "When such a validated packet is found, a host that does not support other methods of
// recovery such as IKEv2 Mobility and Multihoming (MOBIKE) [MOBIKE], and that is not behind
// a NAT, SHOULD send all packets (including retransmission packets) to the IP address and
// port in the validated packet"; "A host behind a NAT SHOULD NOT do this type of dynamic
// address update if a validated packet has different port and/or address values because it
// opens a possible DoS attack" (RFC 7296 2.23)
func TestPeerIsFollowed(t *testing.T) {
	n := behindNAT(t, func(p *testPolicy) { p.DPD = DPD{Interval: 10 * time.Second, Retry: 2 * time.Second} })
	old := n.last
	elsewhere := netip.MustParseAddrPort("10.0.0.77:2000")

	t.Run("not for a replay", func(t *testing.T) {
		n.peers[1].apply(n.peers[1].Receive(n.now, Datagram{Local: old.Remote, Remote: elsewhere, Data: old.Data}))
		require.Equal(t, n.from, n.sa(1).Remote)
	})
	t.Run("not for what is broken", func(t *testing.T) {
		broken := append([]byte(nil), old.Data...)
		broken[23]++ // another message id
		n.peers[1].apply(n.peers[1].Receive(n.now, Datagram{Local: old.Remote, Remote: elsewhere, Data: broken}))
		require.Equal(t, n.from, n.sa(1).Remote)
	})
	t.Run("not by who is behind a NAT", func(t *testing.T) {
		before := n.sa(0).Remote
		require.Empty(t, n.peers[0].Moved(n.now, n.pair(0).In.SPI, Datagram{Local: n.sa(0).Local, Remote: elsewhere}))
		require.Equal(t, before, n.sa(0).Remote)
	})
	t.Run("for a fresh message", func(t *testing.T) {
		n.from = elsewhere
		n.run(12 * time.Second)
		require.Equal(t, elsewhere, n.sa(1).Remote)
		require.Contains(t, n.peers[1].events, Effect(MoveChild{In: n.pair(1).In.SPI, LocalEnd: n.sa(1).Local, Peer: elsewhere}))
		require.Len(t, n.peers[0].SAs(), 1)
	})
	t.Run("for an ESP packet", func(t *testing.T) {
		n.from = netip.MustParseAddrPort("10.0.0.78:2001")
		n.peers[1].apply(n.peers[1].Moved(n.now, n.pair(1).In.SPI, Datagram{Local: n.sa(1).Local, Remote: n.from}))
		require.Equal(t, n.from, n.sa(1).Remote)
		n.run(30 * time.Second)
		require.Len(t, n.peers[1].SAs(), 1)
	})
	t.Run("and nothing is left of it", func(t *testing.T) {
		n.peers[0].apply(n.peers[0].Clear(n.now, func(SAInfo) bool { return true }))
		n.run(time.Second)
		require.Empty(t, n.peers[1].SAs())
		require.Zero(t, n.peers[1].halves.Len())
	})
}

// "send all packets (including retransmission packets) to the IP address and port in the
// validated packet" (RFC 7296 2.23): a NAT that forgets its mapping in the middle of a rekey, or of
// two at once, leads the new SA elsewhere too, though the peer's last word came under the old one.
func TestRebindingDuringARekey(t *testing.T) {
	for _, c := range []struct{ who, others, step int }{ // whose rekey, how many more, and after how many messages
		{0, 0, 1}, {0, 0, 2}, {1, 0, 3}, {0, 1, 2}, {0, 1, 4}, {0, 1, 6}, {1, 1, 2}, {1, 1, 4}, {1, 1, 6},
	} {
		n := behindNAT(t)
		through, sent := n.tamper, 0
		n.tamper = func(from int, d Datagram) []Datagram {
			if sent++; sent == c.step+1 {
				n.from = netip.MustParseAddrPort("10.0.0.9:4000")
			}
			return through(from, d)
		}
		n.rekeyIKE(c.who)
		if c.others > 0 {
			n.rekeyIKE(1 - c.who)
		}
		n.run(8 * time.Second)
		for _, sa := range n.peers[1].SAs() {
			require.Equal(t, n.from, sa.Remote, "%+v: %v", c, sa.Status)
		}
		require.Contains(t, n.peers[1].events, Effect(MoveChild{In: n.pair(1).In.SPI, LocalEnd: n.sa(1).Local, Peer: n.from}))
	}
}

// "A peer SHOULD send a NAT-keepalive packet if a need for it is detected according to
// [RFC3947] and if no other packet to the peer has been sent in M seconds." (RFC 3948 4): the
// end behind the NAT, if the configuration says so.
func TestKeepalives(t *testing.T) {
	n := behindNAT(t, func(p *testPolicy) { p.NATKeepalive = 20 * time.Second })
	n.run(70 * time.Second)
	count := [2]int{}
	for i, p := range n.peers {
		for _, ev := range p.events {
			if _, ok := ev.(Keepalive); ok {
				count[i]++
			}
		}
	}
	require.Equal(t, [2]int{3, 0}, count)
}

// "... if no other packet to the peer has been sent in M seconds." (RFC 3948 4)
func TestTrafficKeepsTheMapping(t *testing.T) {
	n := behindNAT(t, func(p *testPolicy) { p.NATKeepalive = 20 * time.Second })
	var in ipsec.SPI
	for in = range n.peers[0].pairs {
	}
	kept := func() (count int) {
		for _, ev := range n.peers[0].events {
			if _, ok := ev.(Keepalive); ok {
				count++
			}
		}
		return count
	}
	for range 12 {
		n.peers[0].apply(n.peers[0].Outgoing(n.now, in))
		n.run(10 * time.Second)
	}
	require.Zero(t, kept(), "there was traffic")
	n.run(9 * time.Second)
	require.Zero(t, kept(), "19 seconds after the last packet")
	n.run(2 * time.Second)
	require.Equal(t, 1, kept())
}

// "If there has only been outgoing traffic on all of the SAs associated with an IKE SA,
// it is essential to confirm liveness of the other endpoint to avoid black holes." (RFC
// 7296 2.4); on demand a peer is asked only then.
func TestOnDemand(t *testing.T) {
	l := newLab(t, 1, quick, func(p *testPolicy) { p.DPD = DPD{Interval: 10 * time.Second, Retry: 2 * time.Second, OnDemand: true} })
	l.acquire(0)
	l.run(time.Second)
	asked := func() (n int) {
		for _, s := range l.peers[0].steps() {
			if s == "READY EV_SEND_DPD" {
				n++
			}
		}
		return n
	}
	in := ChildSA{}
	for _, c := range l.peers[0].pairs {
		in = c
	}
	l.run(5 * time.Minute)
	require.Zero(t, asked(), "silence alone is no reason")
	l.peers[0].Traffic(l.now, in.In.SPI)
	l.peers[0].apply(l.peers[0].Outgoing(l.now, in.In.SPI))
	require.Zero(t, asked(), "it was heard a moment ago")
	l.run(11 * time.Second)
	l.peers[0].apply(l.peers[0].Outgoing(l.now, in.In.SPI))
	l.peers[0].apply(l.peers[0].Outgoing(l.now, in.In.SPI))
	require.Equal(t, 1, asked())
	l.run(time.Minute)
	require.Equal(t, 1, asked())
	l.tamper = func(int, Datagram) []Datagram { return nil }
	l.peers[0].apply(l.peers[0].Outgoing(l.now, in.In.SPI))
	l.run(time.Minute)
	require.Empty(t, l.peers[0].SAs(), "no answer, no SA")
}

// Where NAT traversal is off nobody is told that it could be, so the peer finds no NAT,
// and what goes through one comes to nothing: ESP could not follow.
func TestNATTraversalOff(t *testing.T) {
	off := func(c *testPolicy) { c.NoNAT = true }
	n := newNAT(t, "10.0.0.1:1024")
	n.peers[1].configure(testConfig(1, quick, off))
	n.acquire(0)
	n.run(time.Second)
	require.Empty(t, n.peers[1].SAs())
	require.Equal(t, CauseNATOff, n.peers[1].Diagnoses()[0].Cause)

	c := newTalk(t, quick)
	c.end("A").configure(testConfig(0, quick, off))
	messages := c.record()
	c.acquire(0)
	c.settle()
	c.requireUp()
	require.Nil(t, (*messages)[0].Notify(wire.NAT_DETECTION_SOURCE_IP))
	require.Nil(t, (*messages)[0].Notify(wire.NAT_DETECTION_DESTINATION_IP))
	require.False(t, c.pair(0).UDP)
}
