package dhcp

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
)

var lan = Link{Interface: "Ethernet0/1", Networks: []netip.Prefix{network}, Server: server}

func newServer(pools ...Pool) (*Server, *ip.Timers) {
	e := record.New(1, "R1")
	timers := ip.NewTimers(e)
	s := NewServer(timers, e)
	s.Configure(Settings{Pools: pools, Own: func(a netip.Addr) bool { return a == server }})
	return s, timers
}

func discoverBy(n byte) *Message {
	return &Message{Type: Discover, XID: uint32(n), Hardware: [6]byte{2, 0, 0, 0, 0, n}}
}

// TestPoolExhausted: six addresses and one router; who comes late gets none until an offer
// that nobody takes has run out.
func TestPoolExhausted(t *testing.T) {
	s, timers := newServer(Pool{Name: "P", Network: netip.MustParsePrefix("10.0.0.0/29"), Lease: 60})
	for n := byte(2); n <= 6; n++ {
		m, ok := s.Receive(epoch, discoverBy(n), lan)
		require.True(t, ok)
		require.Equal(t, netip.AddrFrom4([4]byte{10, 0, 0, n}), m.Your)
		again, _ := s.Receive(epoch, discoverBy(n), lan)
		require.Equal(t, m.Your, again.Your, "the same client has the same address")
	}
	for n := byte(7); n < 200; n++ {
		_, ok := s.Receive(epoch, discoverBy(n), lan)
		require.False(t, ok)
	}
	require.Len(t, s.byAddress, 5)
	require.Empty(t, s.Bindings(), "nobody has taken one")
	timers.Run(epoch.Add(offered))
	require.Empty(t, s.byAddress)
	m, ok := s.Receive(epoch, discoverBy(99), lan)
	require.True(t, ok)
	require.Equal(t, "10.0.0.2", m.Your.String())
}

// TestRequests are the cases of RFC 2131 4.3.2.
func TestRequests(t *testing.T) {
	a := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	request := func(change func(m *Message)) *Message {
		m := discoverBy(2)
		m.Type = Request
		change(m)
		return m
	}
	for _, row := range []struct {
		name   string
		change func(m *Message)
		want   Type // 0: silence
	}{
		{"selecting", func(m *Message) { m.Server, m.Requested = server, a("10.0.0.2") }, Ack},
		{"selecting another server", func(m *Message) { m.Server, m.Requested = a("10.0.0.7"), a("10.0.0.2") }, 0},
		{"selecting what was not offered", func(m *Message) { m.Server, m.Requested = server, a("10.0.0.3") }, Nak},
		{"rebooting", func(m *Message) { m.Requested = a("10.0.0.2") }, Ack},
		{"rebooting with another address", func(m *Message) { m.Requested = a("10.0.0.3") }, Nak},
		{"rebooting on the wrong net", func(m *Message) { m.Requested = a("192.0.2.1") }, Nak},
		{"a stranger", func(m *Message) { m.Hardware[5], m.Requested = 77, a("10.0.0.9") }, 0},
		{"a stranger on the wrong net", func(m *Message) { m.Hardware[5], m.Requested = 77, a("192.0.2.1") }, Nak},
		{"renewing", func(m *Message) { m.Client = a("10.0.0.2") }, Ack},
		{"renewing what the server has forgotten", func(m *Message) { m.Hardware[5], m.Client = 77, a("10.0.0.9") }, Ack},
		{"renewing somebody else's", func(m *Message) { m.Hardware[5], m.Client = 77, a("10.0.0.2") }, Nak},
		{"informing", func(m *Message) { m.Type, m.Client = Inform, a("10.0.0.200") }, Ack},
		{"an offer of a client", func(m *Message) { m.Type = Offer }, 0},
	} {
		s, _ := newServer(Pool{Name: "P", Network: network.Masked(), Lease: 60, Domain: "example.com"})
		_, ok := s.Receive(epoch, discoverBy(2), lan)
		require.True(t, ok)
		out, ok := s.Receive(epoch, request(row.change), lan)
		require.Equal(t, row.want != 0, ok, row.name)
		if ok {
			require.Equal(t, row.want, out.Type, row.name)
			require.Equal(t, server, out.Server, "MUST (RFC 2131 4.3.1, table 3)")
		}
	}
}

// TestOwnAddress: a client's own pool goes before that of the network, whose options it has.
func TestOwnAddress(t *testing.T) {
	s, _ := newServer(
		Pool{Name: "P", Network: network.Masked(), Lease: 60, Routers: []netip.Addr{server}, Domain: "example.com"},
		Pool{Name: "ME", Host: netip.MustParsePrefix("10.0.0.50/24"), Hardware: [6]byte{2, 0, 0, 0, 0, 9}, Lease: Forever},
		Pool{Name: "ID", Host: netip.MustParsePrefix("10.0.0.51/24"), ClientID: "\x00me", Lease: 60})
	m, _ := s.Receive(epoch, discoverBy(9), lan)
	require.Equal(t, "10.0.0.50", m.Your.String())
	require.Equal(t, 24, m.Mask)
	require.Equal(t, []netip.Addr{server}, m.Routers)
	by := discoverBy(9)
	by.ClientID, by.Requested = "\x00me", netip.MustParseAddr("10.0.0.50")
	by.Hardware[5] = 10
	m, _ = s.Receive(epoch, by, lan)
	require.Equal(t, "10.0.0.51", m.Your.String())
	other := discoverBy(11)
	other.Requested = netip.MustParseAddr("10.0.0.50")
	m, _ = s.Receive(epoch, other, lan)
	require.Equal(t, "10.0.0.2", m.Your.String(), "reserved")
	relayed := discoverBy(12)
	relayed.Relay = netip.MustParseAddr("10.0.0.77")
	m, ok := s.Receive(epoch, relayed, Link{Server: server})
	require.True(t, ok)
	require.Equal(t, relayed.Relay, m.Relay)
	relayed.Relay = netip.MustParseAddr("10.0.9.77")
	_, ok = s.Receive(epoch, relayed, Link{Server: server})
	require.False(t, ok)
	require.Len(t, s.Pools(), 3)
}

// FuzzMessage: what is parsed is what it was, and nothing panics.
func FuzzMessage(f *testing.F) {
	m := discoverBy(1)
	m.Hostname, m.Domain, m.Wanted = "R1", "example.com", wanted
	m.Routers, m.Mask, m.Lease, m.Server = []netip.Addr{server}, 24, 60, server
	f.Add(m.Append(nil))
	f.Add(append(m.Append(nil)[:240], 52, 1, 3, 255))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, ok := Parse(b)
		if !ok {
			return
		}
		again, ok := Parse(m.Append(nil))
		require.True(t, ok)
		require.Equal(t, m.Type, again.Type)
		require.Equal(t, m.Your, again.Your)
		require.Equal(t, m.Mask, again.Mask)
	})
}

// messages are hostile ones: a message out of each piece of octets.
func messages(data []byte) (list []*Message) {
	for ; len(data) >= 16; data = data[16:] {
		m := &Message{Type: Type(data[0]%9 + 1), Reply: data[1]&1 != 0, XID: uint32(data[2] % 4), Hardware: [6]byte{2, 0, 0, 0, 0, data[3] % 16}}
		address := func(b byte) netip.Addr {
			if b&0x80 != 0 {
				return netip.Addr{}
			}
			return netip.AddrFrom4([4]byte{10, 0, 0, b & 0x0f})
		}
		m.Client, m.Your, m.Relay, m.Requested, m.Server = address(data[4]), address(data[5]), address(data[6]|0x70), address(data[7]), address(data[8])
		m.Lease, m.T1, m.T2, m.Mask = uint32(binary.BigEndian.Uint16(data[9:])), uint32(data[11]), uint32(data[12]), int(data[13]%33)
		if data[14] != 0 {
			m.ClientID = string(data[14:16])
		}
		list = append(list, m)
	}
	return list
}

// FuzzServer: one address has one client, and there are no more than the pool has.
func FuzzServer(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, timers := newServer(Pool{Name: "P", Network: netip.MustParsePrefix("10.0.0.0/29"), Lease: 30},
			Pool{Name: "H", Host: netip.MustParsePrefix("10.0.0.4/29"), Hardware: [6]byte{2, 0, 0, 0, 0, 3}, Lease: Forever})
		now := epoch
		for _, m := range messages(data) {
			now = now.Add(time.Duration(m.T1) * time.Second / 8)
			timers.Run(now)
			s.Receive(now, m, lan)
			require.LessOrEqual(t, len(s.byAddress), 6)
			require.Len(t, s.byClient, len(s.byAddress))
			for a, b := range s.byAddress {
				require.Equal(t, a, b.address)
				require.Same(t, b, s.byClient[b.client])
			}
		}
	})
}

// FuzzClient: whatever a server says, what is leased is an address that a host may have,
// and something is due while there is a line.
func FuzzClient(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWire(t, 60)
		w.cut = true
		w.Line(w.now, true)
		for _, m := range messages(data) {
			w.pass(time.Duration(m.T2) * time.Second / 4)
			m.Reply, m.Hardware = true, mac
			m.XID += w.xid & ^uint32(3)
			w.Receive(w.now, m)
			if lease, has := w.Lease(); has {
				require.True(t, hostAddress(lease.Address.Addr()))
				require.True(t, lease.Ends.IsZero() || lease.Ends.After(w.now))
			}
			require.False(t, w.timers.Next().IsZero() && w.state != Bound)
		}
	})
}

// "the server will trust the value in ciaddr" (RFC 2131 4.3.2), also of a client whose
// address is its own for good and that the server has forgotten.
func TestOwnAddressIsRenewed(t *testing.T) {
	own := [6]byte{2, 0, 0, 0, 0, 9}
	s, _ := newServer(Pool{Name: "H", Host: netip.MustParsePrefix("10.0.0.9/24"), Hardware: own, Lease: 60})
	for _, c := range []struct {
		has  string
		want Type
	}{{"10.0.0.8", Nak}, {"10.0.0.9", Ack}, {"10.0.0.9", Ack}} {
		m := &Message{Type: Request, Hardware: own, Client: netip.MustParseAddr(c.has)}
		answer, ok := s.Receive(epoch, m, lan)
		require.True(t, ok)
		require.Equal(t, c.want, answer.Type, c.has)
	}
}

// TestServerPings: an address where somebody answers is offered to nobody; the offer waits for
// the ping, whatever the client says meanwhile.
func TestServerPings(t *testing.T) {
	s, timers := newServer()
	var pinged []netip.Addr
	var done func(time.Time, bool)
	var answers []*Message
	set := Settings{Pools: []Pool{{Name: "P", Network: netip.MustParsePrefix("10.0.0.0/29"), Lease: 60}}, Own: func(a netip.Addr) bool { return a == server }, Probe: &Probe{
		Ping: func(_ time.Time, _ Link, a netip.Addr, f func(time.Time, bool)) { pinged, done = append(pinged, a), f },
		Answer: func(_ time.Time, _, answer *Message, at Link) {
			require.Equal(t, lan, at)
			answers = append(answers, answer)
		},
	}}
	s.Configure(set)
	addr := netip.MustParseAddr
	for range 2 { // the client asks twice
		_, ok := s.Receive(epoch, discoverBy(2), lan)
		require.False(t, ok)
	}
	require.Equal(t, []netip.Addr{addr("10.0.0.2")}, pinged)
	done(epoch, true)
	require.Equal(t, []Conflict{{addr("10.0.0.2"), epoch, true}}, s.Conflicts())
	require.Equal(t, []netip.Addr{addr("10.0.0.2"), addr("10.0.0.3")}, pinged)
	require.Empty(t, answers)
	late := done
	late(epoch, false)
	require.Len(t, answers, 1)
	require.Equal(t, Offer, answers[0].Type)
	require.Equal(t, addr("10.0.0.3"), answers[0].Your)
	again, ok := s.Receive(epoch, discoverBy(2), lan)
	require.True(t, ok, "it is not pinged again")
	require.Equal(t, addr("10.0.0.3"), again.Your)
	late(epoch, true) // of a ping that is over
	require.Len(t, s.Conflicts(), 1)

	_, ok = s.Receive(epoch, discoverBy(3), lan)
	require.False(t, ok)
	timers.Run(epoch.Add(offered)) // nobody waits any more
	done(epoch.Add(offered), false)
	require.Len(t, answers, 1)

	_, _ = s.Receive(epoch, discoverBy(4), lan)
	set.Pools = nil
	s.Configure(set)
	done(epoch, false)
	require.Len(t, answers, 1, "there is no pool any more")
}
