package swarm

import (
	"encoding/binary"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/netsim"
	"ikelab/router"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// Mutants: each invariant is violated on purpose, where it is observed, and its
// watcher says so.

// outside is R1's port of the tunnel, lan the one to its station.
const outside, lan = "R1:Ethernet1/1", "R2:" + lanPort

// frame is a frame of R1 to R2 with a packet of a protocol.
func frame(protocol byte, src, dst [4]byte, body []byte) []byte {
	b := make([]byte, ethernetLen+ipLen, ethernetLen+ipLen+len(body))
	binary.BigEndian.PutUint16(b[12:], typeIPv4)
	p := b[ethernetLen:]
	p[0], p[8], p[9] = 0x45, 255, protocol // as a router sends its own
	binary.BigEndian.PutUint16(p[2:], uint16(ipLen+len(body)))
	copy(p[12:], src[:])
	copy(p[16:], dst[:])
	ip.SetHeaderChecksum(p)
	return append(b, body...)
}

// clear6 is a frame with a packet of IPv6 from a station to another.
func clear6() []byte {
	b := make([]byte, ethernetLen+sixLen+40)
	binary.BigEndian.PutUint16(b[12:], typeIPv6)
	head6(b[ethernetLen:], 40, protoUDP, ttl)
	copy(b[ethernetLen+8:], station6(1).AsSlice())
	copy(b[ethernetLen+24:], station6(2).AsSlice())
	return b
}

// espFrame has a sequence number and an IV.
func espFrame(seq uint32, iv byte) []byte {
	body := make([]byte, 60)
	binary.BigEndian.PutUint32(body, 0x12345678)
	binary.BigEndian.PutUint32(body[4:], seq)
	body[8], body[30] = iv, byte(seq)
	return frame(50, [4]byte{10, 1, 1, 1}, [4]byte{10, 1, 1, 2}, body)
}

// ikeFrame is an INFORMATIONAL request with message id 7.
func ikeFrame(octet byte) []byte {
	b := make([]byte, 8+100)
	binary.BigEndian.PutUint16(b, 500)
	binary.BigEndian.PutUint16(b[2:], 500)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	m := b[8:]
	m[0], m[8], m[16], m[17], m[18] = 1, 2, 46, 0x20, 37
	binary.BigEndian.PutUint32(m[20:], 7)
	binary.BigEndian.PutUint32(m[24:], uint32(len(m)))
	m[32], m[50] = octet, octet
	return frame(17, [4]byte{10, 1, 1, 1}, [4]byte{10, 1, 1, 2}, b)
}

// at does something two minutes after power-on.
func at(l *lab.Lab, after time.Duration, do func()) {
	l.Sim.At(l.Sim.Now().Add(after), func(time.Time) { do() })
}

// injects sends frames out of R1.
func injects(frames ...[]byte) func(l *lab.Lab) {
	return func(l *lab.Lab) {
		at(l, 2*time.Minute, func() {
			for _, f := range frames {
				netsim.Inject(l.Sim.Port(outside), f)
			}
		})
	}
}

// addressed is a frame with the hardware address that it is for.
func addressed(frame []byte, to [6]byte) []byte {
	copy(frame, to[:])
	return frame
}

// judges has what R2 hands to its station judged.
func judges(v func(f netsim.Frame) netsim.Verdict) func(l *lab.Lab) {
	return func(l *lab.Lab) {
		l.Sim.Port(lan).SetFilter(func(_ time.Time, f netsim.Frame) netsim.Verdict {
			if len(f.Data) > 100 {
				return v(f)
			}
			return netsim.Verdict{}
		})
	}
}

// drained is a while after the tunnels were shut, and last is just before the end.
const (
	drained = 3*time.Minute + healing + 3*time.Minute
	last    = 3*time.Minute + healing + draining - time.Second
)

var mutants = []struct {
	name string
	want Invariant
	do   func(l *lab.Lab)
}{
	{"a packet in clear", Protected, injects(frame(1, [4]byte{192, 168, 1, 2}, [4]byte{192, 168, 2, 2}, make([]byte, 40)))},
	{"a packet of IPv6 in clear", Protected, injects(clear6())},
	{"GRE in clear", Protected, injects(frame(protoGRE, [4]byte{10, 1, 1, 1}, [4]byte{10, 1, 1, 2}, make([]byte, 40)))},
	{"an inner packet doubled", Twice, judges(func(netsim.Frame) netsim.Verdict { return netsim.Verdict{Copies: 1} })},
	{"an inner packet changed", NeverSent, judges(func(f netsim.Frame) netsim.Verdict {
		b := append([]byte(nil), f.Data...)
		b[len(b)-1] ^= 1
		return netsim.Verdict{Replace: b}
	})},
	{"a message id used twice", Reused, injects(ikeFrame(1), ikeFrame(2))},
	{"a sequence number used twice", Reused, injects(espFrame(5, 1), espFrame(5, 2))},
	{"an IV used twice", Reused, injects(espFrame(5, 1), espFrame(6, 1))},
	{"a link that is not mended", Converges, func(l *lab.Lab) {
		at(l, 3*time.Minute+time.Second, func() { l.Sim.Port(outside).Link().SetUp(false) })
	}},
	{"an IKE SA that stays", LeavesNone, func(l *lab.Lab) {
		at(l, drained, func() {
			r := &run{lab: l}
			for _, node := range l.Routers {
				r.configure(node, []string{"interface Tunnel1", "no shutdown"})
			}
		})
	}},
	{"a timer that stays", LeavesNone, func(l *lab.Lab) {
		at(l, drained, func() {
			l.Routers[0].Call(func(now time.Time) {
				l.Routers[0].Ping(now, shell.PingRequest{Destination: station(1), Source: gateway(1), Repeat: 1000, Size: 100, Timeout: 20 * time.Second,
					Report: func(time.Time, shell.Echo) {}, Done: func(time.Time) {}})
			})
			l.Sim.Port("R1:" + lanPort).Link().SetUp(false)
		})
	}},
	{"a frame that stays", LeavesNone, func(l *lab.Lab) {
		at(l, drained, func() {
			p := l.Sim.Port(outside)
			_ = p.SetImpairments(netsim.Impairments{Delay: time.Hour})
			netsim.Inject(p, espFrame(1, 1))
		})
	}},
	{"a fragment that stays", LeavesNone, func(l *lab.Lab) {
		at(l, last, func() {
			f := frame(17, [4]byte{10, 1, 1, 1}, [4]byte{10, 1, 1, 2}, make([]byte, 40))
			f[ethernetLen+6] = 0x20 // more are to come
			ip.SetHeaderChecksum(f[ethernetLen:])
			netsim.Inject(l.Sim.Port(outside), addressed(f, l.Router("R2").MAC("Ethernet1/1")))
		})
	}},
	{"a packet that stays", LeavesNone, func(l *lab.Lab) {
		at(l, last, func() {
			netsim.Inject(l.Sim.Port("H2:eth0"), addressed(frame(17, [4]byte{192, 168, 2, 2}, [4]byte{192, 168, 2, 77}, make([]byte, 40)), l.Router("R2").MAC(lanPort)))
		})
	}},
	{"a storm", Calm, func(l *lab.Lab) {
		var again func(now time.Time)
		again = func(now time.Time) { l.Sim.At(now.Add(time.Microsecond), again) }
		l.Sim.At(l.Sim.Now().Add(time.Minute), again)
	}},
	{"a panic", Endures, func(l *lab.Lab) { at(l, time.Minute, func() { panic("mutant") }) }},
}

func TestMutants(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			r := Run(quietPlan(), Options{Opened: func(l *lab.Lab) error {
				m.do(l)
				return nil
			}})
			require.NotEmpty(t, r.Violations)
			require.Equal(t, m.want, r.Violations[0].Invariant, r.Violations[0].What)
		})
	}
}

func TestMutantLine(t *testing.T) {
	p := quietPlan()
	p.Faults = []Fault{{Kind: Clear, At: time.Minute, Router: 1, Tunnel: 1, Lines: []string{"clear everything"}}}
	require.Equal(t, Accepted, Run(p, Options{}).Violations[0].Invariant)
}

// TestMutantOnDemand: a tunnel that nobody can use, and one that breaks later.
func TestMutantOnDemand(t *testing.T) {
	for _, after := range []time.Duration{3*time.Minute + time.Second, 3*time.Minute + healing - time.Second} {
		p := quietPlan()
		p.Routers[0].DPD = "10 2 on-demand"
		r := Run(p, Options{Opened: func(l *lab.Lab) error {
			at(l, after, func() { l.Sim.Port(outside).Link().SetUp(false) })
			return nil
		}})
		require.Equal(t, Converges, r.Violations[0].Invariant)
		require.Contains(t, r.Violations[0].What, "no echo from R1 through Tunnel1; no echo from R2 through Tunnel1; no packet from ")
	}
}

// TestMutantPair: of the pairs of a run one half is another than it was.
func TestMutantPair(t *testing.T) {
	var installed []record.Record
	r := Run(quietPlan(), Options{Opened: func(l *lab.Lab) error {
		l.Stream.Listen(func(r record.Record) {
			if _, ok := r.Body.(crypto.Installed); ok {
				installed = append(installed, r)
			}
		})
		return nil
	}})
	require.Empty(t, r.Violations)
	require.GreaterOrEqual(t, len(installed), 2)
	for _, spoil := range []func(b *crypto.Installed){
		func(b *crypto.Installed) { b.Pair.In.SPI++ },
		func(b *crypto.Installed) { b.Pair.In.Integ++ },
		func(b *crypto.Installed) { b.Pair.PFS++ },
		func(b *crypto.Installed) { b.Pair.Local = nil },
	} {
		found := 0
		c := newCouples(quietPlan().behind, func(i Invariant, _ string) { found++ })
		for i, r := range installed[:2] {
			if b := r.Body.(crypto.Installed); i == 1 {
				spoil(&b)
				r.Body = b
			}
			c.take(r)
		}
		require.Equal(t, 1, found)
	}
}

// TestMutantLifetime: SAs that go too late, too early, or not at all, and rekeys
// before their time.
func TestMutantLifetime(t *testing.T) {
	const life = time.Hour
	ref := ikev2.Ref{ID: 7}
	ike := ikev2.SAUp{SA: ref, Info: ikev2.SAInfo{Lifetime: life}}
	pair := ikev2.AddChild{ChildSA: ikev2.ChildSA{In: ikev2.Half{SPI: 0x1000}, Lifetime: life, Kilobytes: volumeMost}}
	small := pair
	small.Kilobytes--
	ends := func(r ikev2.Reason) record.Body { return ikev2.SALife{SA: ref, From: "ready", Reason: r} }
	closes := func(r ikev2.Reason) record.Body { return ikev2.ChildLife{In: 0x1000, On: "closes", Reason: r} }
	for _, m := range []struct {
		begins record.Body
		after  time.Duration
		body   record.Body
		want   int
	}{
		{pair, life, closes(ikev2.ReasonExpired), 0},
		{pair, life + time.Minute, ikev2.DeleteChild{In: 0x1000}, 1},
		{pair, life / 2, closes(ikev2.ReasonExpired), 1},
		{pair, life / 2, closes(ikev2.ReasonCleared), 0},
		{small, life / 2, closes(ikev2.ReasonExpired), 0},
		{pair, life - 30*time.Second, ikev2.Rekeying{SA: ref, In: 0x1000}, 0},
		{pair, life / 2, ikev2.Rekeying{SA: ref, In: 0x1000}, 1},
		{small, life / 2, ikev2.Rekeying{SA: ref, In: 0x1000}, 0},
		{ike, life, ends(ikev2.ReasonExpired), 0},
		{ike, life + time.Minute, ends(ikev2.ReasonRekeyed), 1},
		{ike, life / 2, ends(ikev2.ReasonExpired), 1},
		{ike, life / 2, ends(ikev2.ReasonPeerDeleted), 0},
		{ike, life - time.Minute, ikev2.Rekeying{SA: ref}, 0},
		{ike, life / 2, ikev2.Rekeying{SA: ref}, 1},
	} {
		found := 0
		s := newSpans(func(Invariant, string) { found++ })
		var zero time.Time
		s.take(record.Record{Node: "R1", Body: m.begins})
		s.take(record.Record{Node: "R1", At: zero.Add(m.after), Body: m.body})
		require.Equal(t, m.want, found, "%+v after %v", m.body, m.after)
	}
	for early, want := range map[time.Duration]int{0: 0, 2 * time.Minute: 1} { // an SA that takes over some time after it was made
		found := 0
		s := newSpans(func(Invariant, string) { found++ })
		begin := time.Unix(0, 0)
		s.take(record.Record{Node: "R1", At: begin, Body: ikev2.SALife{SA: ref, From: "negotiating", To: "ready"}})
		s.take(record.Record{Node: "R1", At: begin.Add(30 * time.Second), Body: ike})
		s.take(record.Record{Node: "R1", At: begin.Add(life - time.Minute - early), Body: ikev2.Rekeying{SA: ref}})
		require.Equal(t, want, found)
	}
	found := 0
	s := newSpans(func(Invariant, string) { found++ })
	s.take(record.Record{Node: "R1", Body: ike})
	s.look(time.Time{}.Add(2 * life))
	require.Equal(t, 1, found, "it has not gone")
	c := newCouples(quietPlan().behind, func(i Invariant, _ string) { found++ })
	c.take(record.Record{Node: "R1", Body: crypto.Installed{Pair: crypto.Pair{In: crypto.SAState{SPI: 0x1000}}, Lifetime: life}})
	c.look(time.Time{}.Add(2 * life))
	require.Equal(t, 2, found, "nor has the pair")
}

// TestMutantHolding: each count of what may be left is looked at.
func TestMutantHolding(t *testing.T) {
	require.Empty(t, holds(0, 0, router.Holding{}))
	require.Equal(t, "1 IKE SAs, 2 pairs", holds(1, 2, router.Holding{}))
	fields := reflect.TypeFor[router.Holding]()
	for i := range fields.NumField() {
		h := router.Holding{}
		reflect.ValueOf(&h).Elem().Field(i).SetInt(3)
		require.Contains(t, holds(0, 0, h), "3 ", fields.Field(i).Name)
	}
}

// TestMutantHeap: what a router holds is more than there may be.
func TestMutantHeap(t *testing.T) {
	found := 0
	Run(quietPlan(), Options{Opened: func(l *lab.Lab) error {
		at(l, 2*time.Minute, func() { held(l.Routers, 0, func(i Invariant, _ string) { found++ }) })
		return nil
	}})
	require.Equal(t, 2, found)
}

// TestMutantTrace: one who looks on and lets fall a frame.
func TestMutantTrace(t *testing.T) {
	require.Empty(t, Repeat(quietPlan(), Options{Step: time.Second, Debug: true}).Violations)
	r := Repeat(quietPlan(), Options{Opened: func(l *lab.Lab) error {
		at(l, time.Minute, func() { netsim.Inject(l.Sim.Port(outside), espFrame(1, 1)) })
		return nil
	}})
	require.Equal(t, Repeatable, r.Violations[0].Invariant)
}
