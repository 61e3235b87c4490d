package dhcp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
)

var (
	epoch   = time.Date(2024, 11, 11, 20, 0, 0, 0, time.UTC)
	server  = netip.MustParseAddr("10.0.0.1")
	network = netip.MustParsePrefix("10.0.0.1/24")
	mac     = [6]byte{2, 0, 0, 0, 0, 1}
)

// wire is a client and a server, and what lies between them.
type wire struct {
	*Client
	t      *testing.T
	server *Server
	timers *ip.Timers
	now    time.Time
	cut    bool
	unfit  bool
	sent   []*Message
	to     []netip.Addr
	heard  []record.Body
	queue  []*Message
}

func newWire(t *testing.T, lease uint32) *wire {
	e := record.New(1, "R1")
	w := &wire{t: t, timers: ip.NewTimers(e), now: epoch}
	e.Listen(func(r record.Record) { w.heard = append(w.heard, r.Body) })
	w.server = NewServer(w.timers, e)
	w.server.Configure(Settings{
		Pools: []Pool{{Name: "P", Network: network.Masked(), Routers: []netip.Addr{server}, Lease: lease}},
		Own:   func(a netip.Addr) bool { return a == server },
	})
	n := uint32(0)
	w.Client = NewClient(ClientOptions{
		Interface: "Ethernet0/0", Hardware: mac, ClientID: "\x00me", Hostname: "R1", Way: w, Timers: w.timers, Records: e,
		Random: func() uint32 { n += 7919; return n },
	})
	return w
}

// Send hands the message to the server, which answers at once.
func (w *wire) Send(now time.Time, m *Message, _, to netip.Addr) {
	again, ok := Parse(m.Append(nil))
	require.True(w.t, ok)
	w.sent, w.to = append(w.sent, again), append(w.to, to)
	if w.cut {
		return
	}
	if out, ok := w.server.Receive(now, again, Link{Interface: "Ethernet0/1", Networks: []netip.Prefix{network}, Server: server}); ok {
		parsed, ok := Parse(out.Append(nil))
		require.True(w.t, ok)
		w.queue = append(w.queue, parsed)
	}
}

func (w *wire) Leased(time.Time)       {}
func (w *wire) Fits(netip.Prefix) bool { return !w.unfit }

// pass lets time go by; answers come at once.
func (w *wire) pass(d time.Duration) {
	for end := w.now.Add(d); ; {
		for len(w.queue) > 0 {
			m := w.queue[0]
			w.queue = w.queue[1:]
			w.Receive(w.now, m)
		}
		next := w.timers.Next()
		if next.IsZero() || next.After(end) {
			w.now = end
			return
		}
		w.now = next
		w.timers.Run(next)
	}
}

func (w *wire) kinds() (list []Type) {
	for _, m := range w.sent {
		list = append(list, m.Type)
	}
	w.sent, w.to = nil, nil
	return list
}

func bound(t *testing.T, lease uint32) *wire {
	w := newWire(t, lease)
	w.Line(w.now, true)
	w.pass(time.Second)
	require.Equal(t, []Type{Discover, Request}, w.kinds())
	require.Equal(t, Bound, w.state)
	require.Equal(t, netip.MustParsePrefix("10.0.0.2/24"), w.lease.Address)
	return w
}

// "T1 defaults to (0.5 * duration_of_lease). T2 defaults to (0.875 * duration_of_lease)"
// (RFC 2131 4.4.5): the client asks the server at T1, everybody at T2, and has no address
// at the end.
func TestRenewRebindExpire(t *testing.T) {
	w := bound(t, 3600)
	w.pass(29 * time.Minute)
	require.Empty(t, w.sent)
	w.pass(2 * time.Minute)
	require.Equal(t, []netip.Addr{server}, w.to)
	require.Equal(t, "10.0.0.2", w.sent[0].Client.String())
	require.False(t, w.sent[0].Server.IsValid(), "'server identifier' MUST NOT be filled in (RFC 2131 4.3.2)")
	require.Equal(t, []Type{Request}, w.kinds())
	require.Equal(t, Bound, w.state)

	w.cut = true
	w.pass(31 * time.Minute)
	require.Equal(t, Renewing, w.state)
	w.pass(22 * time.Minute)
	require.Equal(t, Rebinding, w.state)
	require.False(t, w.to[len(w.to)-1].IsValid(), "to everybody")
	for i := 1; i < len(w.sent); i++ {
		require.Equal(t, Request, w.sent[i].Type)
	}
	w.pass(8 * time.Minute)
	_, has := w.Lease()
	require.False(t, has, "the client MUST immediately stop using its network address (RFC 2131 4.4.5)")
	require.Contains(t, w.heard, Lost{"Ethernet0/0", netip.MustParsePrefix("10.0.0.2/24"), RanOut})
	w.cut = false
	w.pass(2 * time.Minute)
	require.Equal(t, Bound, w.state)
}

// "The client SHOULD double the delay up to 64 seconds" (RFC 2131 4.1).
func TestDiscoverBacksOff(t *testing.T) {
	w := newWire(t, 60)
	w.cut = true
	w.Line(w.now, true)
	w.pass(10 * time.Minute)
	require.InDelta(t, 12, len(w.sent), 2)
}

// A line that comes back: the address of before is asked for (RFC 2131 3.2).
func TestReboot(t *testing.T) {
	w := bound(t, 3600)
	w.Line(w.now, false)
	w.pass(time.Minute)
	w.Line(w.now, true)
	w.pass(time.Second)
	require.Equal(t, []Type{Request}, w.kinds())
	require.Equal(t, Bound, w.state)
	w.server.Clear(netip.Addr{})
	w.server.Configure(Settings{Pools: []Pool{{Name: "Q", Network: netip.MustParsePrefix("10.0.0.0/28"), Lease: 60, Routers: nil}}})
	w.server.set.Excluded = []Range{{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.5")}}
	w.Line(w.now, false)
	w.Line(w.now, true)
	w.pass(time.Minute)
	require.Equal(t, "10.0.0.2/24", w.lease.Address.String(), "nothing is known of the client: the server MUST remain silent, and the lease stands")

	w = bound(t, 3600)
	w.Line(w.now, false)
	w.pass(2 * time.Hour)
	_, has := w.Lease()
	require.False(t, has, "it has run out without a line")
}

func TestReleaseAndRenew(t *testing.T) {
	w := bound(t, 3600)
	w.Release(w.now)
	require.Equal(t, []Type{Release}, w.kinds())
	require.Empty(t, w.server.Bindings())
	w.pass(time.Hour)
	w.Line(w.now, false)
	w.Line(w.now, true)
	w.pass(time.Hour)
	require.Empty(t, w.sent, "until somebody says so")
	w.Renew(w.now)
	w.pass(time.Second)
	require.Equal(t, []Type{Discover, Request}, w.kinds())
	w.Renew(w.now)
	w.pass(time.Second)
	require.Equal(t, []Type{Request}, w.kinds())
	w.Stop(w.now)
	require.Zero(t, w.timers.Next())
}

// "If the client detects that the address is already in use, the client MUST send a
// DHCPDECLINE … and restarts the configuration process. The client SHOULD wait a minimum of
// ten seconds" (RFC 2131 3.1.5).
func TestDecline(t *testing.T) {
	w := newWire(t, 3600)
	w.unfit = true
	w.Line(w.now, true)
	w.pass(time.Second)
	require.Equal(t, []Type{Discover, Request, Decline}, w.kinds())
	require.Len(t, w.server.Conflicts(), 1)
	w.unfit = false
	w.pass(15 * time.Second)
	require.Equal(t, "10.0.0.3/24", w.lease.Address.String())
	require.True(t, w.server.ClearConflict(netip.MustParseAddr("10.0.0.2")))
	require.False(t, w.server.ClearConflict(netip.MustParseAddr("10.0.0.2")))
}

// What a hostile server says has no effect.
func TestHostileServer(t *testing.T) {
	good := func(w *wire) Message {
		m := Message{Type: Ack, Reply: true, XID: w.xid, Hardware: mac, Your: netip.MustParseAddr("10.0.0.9")}
		m.Server, m.Lease, m.Mask = server, 3600, 24
		return m
	}
	for name, change := range map[string]func(m *Message){
		"another transaction":  func(m *Message) { m.XID++ },
		"another client":       func(m *Message) { m.Hardware[5]++ },
		"a request":            func(m *Message) { m.Reply = false },
		"no address":           func(m *Message) { m.Your = netip.Addr{} },
		"a group":              func(m *Message) { m.Your = netip.MustParseAddr("224.0.0.1") },
		"loopback":             func(m *Message) { m.Your = netip.MustParseAddr("127.0.0.1") },
		"the broadcast":        func(m *Message) { m.Your = netip.MustParseAddr("10.0.0.255") },
		"the network":          func(m *Message) { m.Your = netip.MustParseAddr("10.0.0.0") },
		"no lease":             func(m *Message) { m.Lease = 0 },
		"no server":            func(m *Message) { m.Server = netip.Addr{} },
		"an offer out of turn": func(m *Message) { m.Type = Offer },
	} {
		w := newWire(t, 60)
		w.cut = true
		w.Line(w.now, true)
		w.pass(0)
		offer := good(w)
		offer.Type = Offer
		w.Receive(w.now, &offer)
		require.Equal(t, Requesting, w.state)
		m := good(w)
		change(&m)
		w.Receive(w.now, &m)
		require.Equal(t, Requesting, w.state, name)
		ok := good(w)
		ok.T1, ok.T2 = 4000, 1 // nonsense: the defaults count
		w.Receive(w.now, &ok)
		require.Equal(t, Bound, w.state, name)
		require.Equal(t, 30*time.Minute, w.lease.T1.Sub(w.lease.Since))
	}
}

// A refused client starts anew, and two that disagree make no storm.
func TestNak(t *testing.T) {
	w := bound(t, 3600)
	w.server.Configure(Settings{Pools: []Pool{{Name: "Q", Network: netip.MustParsePrefix("10.0.0.128/25"), Lease: 60}}})
	w.server.set.Pools[0].Network = netip.MustParsePrefix("10.0.0.0/30")
	w.server.set.Excluded = []Range{{netip.MustParseAddr("10.0.0.0"), netip.MustParseAddr("10.0.0.3")}}
	w.pass(40 * time.Minute)
	_, has := w.Lease()
	require.False(t, has)
	require.Less(t, len(w.sent), 30)
	require.Contains(t, w.heard, Lost{"Ethernet0/0", netip.MustParsePrefix("10.0.0.2/24"), Refused})
}

// A lease lasts from when the client sent its request (RFC 2131 4.4.5): an answer so late
// that this time has passed gives no address.
func TestLateAcknowledgement(t *testing.T) {
	w := bound(t, 60)
	w.Release(w.now)
	w.cut, w.sent = true, nil
	w.Renew(w.now)
	offer := &Message{Type: Offer, Reply: true, XID: w.xid, Hardware: mac, Your: netip.MustParseAddr("10.0.0.7")}
	offer.Server, offer.Lease = server, 3
	w.Receive(w.now, offer)
	require.Equal(t, Requesting, w.state)
	for _, c := range []struct {
		after  time.Duration
		leased bool
	}{{4 * time.Second, false}, {3 * time.Second, false}, {2 * time.Second, true}} {
		late := *offer
		late.Type = Ack
		w.Receive(w.now.Add(c.after), &late)
		require.Equal(t, c.leased, w.leased, c.after)
	}
}
