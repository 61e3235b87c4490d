package standby

import (
	"encoding/hex"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/tests/kit"
)

// net is devices with groups on one link.
type net struct {
	*kit.Link
	devices []*device
}

type device struct {
	*Groups
	*kit.Device
	down map[int]bool // tracked objects
}

func newNet() *net { return &net{Link: kit.NewLink()} }

func (n *net) add(at string, list ...Settings) *device {
	d := &device{down: map[int]bool{}}
	random := rand.NewChaCha8([32]byte{byte(len(n.devices))})
	n.Add(netip.MustParseAddr(at), func(on *kit.Device) {
		d.Device = on
		d.Groups = New(Options{Stack: on.Stack, Timers: on.Timers, Records: on.Records, Random: random, Up: func(number int) (bool, bool) { return !d.down[number], true }, Moved: func(time.Time) {}})
	})
	n.devices = append(n.devices, d)
	d.Configure(n.Now, kit.Port, list)
	return d
}

// one is group 1 with that priority.
func one(priority int) Settings {
	return Settings{Number: 1, Version: 1, Address: netip.MustParseAddr("10.0.0.254"), Priority: priority}
}

// states are those of all devices.
func (n *net) states() string {
	var list []string
	for _, d := range n.devices {
		list = append(list, d.State()[0].State.String())
	}
	return strings.Join(list, " ")
}

func (n *net) pair(a, b Settings) (*device, *device) {
	return n.add("10.0.0.1", a), n.add("10.0.0.2", b)
}

func preempting(s Settings) Settings { s.Preempt = true; return s }

// "When comparing priorities of two different routers, the router with the numerically higher priority wins. In the case
// of routers with equal priority the router with the higher IP address wins." (RFC 2281 section 5.1)
func TestElection(t *testing.T) {
	for _, c := range []struct {
		a, b int
		want string
	}{{110, 100, "Active Standby"}, {100, 110, "Standby Active"}, {100, 100, "Standby Active"}} {
		n := newNet()
		n.pair(one(c.a), one(c.b))
		n.Pass(time.Minute)
		require.Equal(t, c.want, n.states())
	}
}

// "The active router MUST accept and forward traffic that is destined for the group's virtual MAC address. It MUST stop
// accepting or forwarding such traffic when the router leaves the Active state." (RFC 2281 section 6.1)
func TestTheActiveRouterHasTheAddress(t *testing.T) {
	n := newNet()
	a, b := n.pair(one(110), one(100))
	has := func(d *device) bool { return d.Stack.Table.Lookup(one(0).Address).Kind == ip.Local }
	n.Pass(time.Minute)
	require.True(t, has(a))
	require.False(t, has(b))
	a.Deaf = true
	n.Pass(11 * time.Second)
	require.True(t, has(b))
	a.Stack.Interfaces.Carrier(n.Now, 0, false)
	a.Interface(n.Now, kit.Port)
	require.False(t, has(a))
}

// "If a router has higher priority than the active router and preemption is configured, it MAY take over as the active
// router using a Coup message." (RFC 2281 section 5.2)
func TestPreemption(t *testing.T) {
	for _, preempt := range []bool{false, true} {
		n := newNet()
		late := one(110)
		late.Preempt, late.Delay = preempt, 20*time.Second
		n.add("10.0.0.2", one(100))
		n.Pass(time.Minute)
		n.add("10.0.0.1", late)
		n.Pass(15 * time.Second)
		require.Equal(t, "Active", n.devices[0].State()[0].State.String(), "before the delay is over")
		n.Pass(30 * time.Second)
		require.Equal(t, map[bool]string{false: "Active Standby", true: "Standby Active"}[preempt], n.states())
	}
	n := newNet() // an address alone does not preempt
	n.add("10.0.0.1", one(100))
	n.Pass(time.Minute)
	n.add("10.0.0.2", preempting(one(100)))
	n.Pass(time.Minute)
	require.Equal(t, "Active Standby", n.states())
}

// "Excluding transient conditions, there MUST be at most one router in Active state in the group." (RFC 2281 section 5.3)
func TestOneIsActiveWhereTheyHearEachOther(t *testing.T) {
	n := newNet()
	a, _ := n.pair(one(100), one(110))
	n.add("10.0.0.3", one(100))
	n.Pass(time.Minute)
	require.Equal(t, "Listen Active Standby", n.states())
	a.Deaf = true
	n.Pass(time.Minute)
	require.Equal(t, "Active Active Standby", n.states())
	a.Deaf = false
	n.Pass(time.Minute)
	require.Equal(t, 1, strings.Count(n.states(), "Active"), n.states())
	require.Equal(t, 1, strings.Count(n.states(), "Standby"), n.states())
}

// "H Send Resign Message The router sends a Resign message to allow another router to become the active router." (RFC 2281
// section 5.6)
func TestWhoLeavesSaysSo(t *testing.T) {
	n := newNet()
	a, _ := n.pair(one(110), one(100))
	n.Pass(time.Minute)
	a.Leave(n.Now, kit.Port)
	n.Pass(0)
	require.Equal(t, "Init Active", n.states())
}

func TestTrackedObjectsTakeFromThePriority(t *testing.T) {
	n := newNet()
	tracking := preempting(one(110))
	tracking.Tracked = []Track{{Object: 1, Decrement: 20}, {Object: 2, Shutdown: true}}
	a, _ := n.pair(tracking, preempting(one(100)))
	n.Pass(time.Minute)
	change := func(object int, down bool, want string) {
		a.down[object] = down
		a.Tracked(n.Now, object)
		n.Pass(time.Minute)
		require.Equal(t, want, n.states())
	}
	change(1, true, "Standby Active")
	change(1, false, "Active Standby")
	change(2, true, "Init Active")
	change(2, false, "Active Standby")
}

// "An address SHOULD only be learned if no address was configured and the Hello message is authenticated." (RFC 2281
// section 5.1), and so are the times.
func TestLearning(t *testing.T) {
	n := newNet()
	has, learns := one(110), one(100)
	has.Hello, has.Hold, learns.Address = time.Second, 5*time.Second, netip.Addr{}
	_, b := n.pair(has, learns)
	b.Deaf = true
	n.Pass(time.Minute)
	require.Equal(t, "Active Learn", n.states())
	b.Deaf = false
	n.Pass(time.Minute)
	s := b.State()[0]
	require.Equal(t, "Active Standby", n.states())
	require.Equal(t, has.Address, s.Address)
	require.Equal(t, []int{1000, 5000}, []int{s.Hello, s.Hold})
}

// Hellos of whom nobody can know change nothing, and no forger has the address.
func TestForgeries(t *testing.T) {
	good := message{state: Active, group: 1, priority: 255, hello: DefaultHello, hold: DefaultHold, address: one(0).Address, text: "cisco"}
	forged := func(change func(m *message)) []byte { m := good; change(&m); return m.marshal1() }
	for _, c := range []struct {
		name, from string
		data       []byte
		why        Reason
	}{
		{"short", "10.0.0.9", forged(func(*message) {})[:19], Broken},
		{"long", "10.0.0.9", append(forged(func(*message) {}), 0), Broken},
		{"of another version", "10.0.0.9", append([]byte{1}, forged(func(*message) {})[1:]...), Broken},
		{"of no state", "10.0.0.9", append([]byte{0, 0, 3}, forged(func(*message) {})[3:]...), Broken},
		{"of no operation", "10.0.0.9", append([]byte{0, 9}, forged(func(*message) {})[2:]...), Broken},
		{"of another group", "10.0.0.9", forged(func(m *message) { m.group = 2 }), NoGroup},
		{"of another network", "10.0.1.9", forged(func(*message) {}), Elsewhere},
		{"with the virtual address", "10.0.0.254", forged(func(*message) {}), Elsewhere},
		{"with another text", "10.0.0.9", forged(func(m *message) { m.text = "Cisco" }), BadText},
		{"with a digest", "10.0.0.9", sign(forged(func(*message) {}), netip.MustParseAddr("10.0.0.9"), "k"), OtherWay},
	} {
		n := newNet()
		_, b := n.pair(one(110), one(100))
		n.Pass(time.Minute)
		b.Said = nil
		d := ip.Datagram{Local: netip.AddrPortFrom(groupsOf[1], port), Remote: netip.AddrPortFrom(netip.MustParseAddr(c.from), port), Data: c.data}
		b.hear(n.Now, b.Stack.Interfaces.Get(kit.Port), d)
		n.Pass(time.Second)
		require.Equal(t, "Active Standby", n.states(), c.name)
		i := slices.IndexFunc(b.Said, func(r record.Body) bool { _, is := r.(Refused); return is })
		require.GreaterOrEqual(t, i, 0, c.name)
		require.Equal(t, c.why, b.Said[i].(Refused).Reason, c.name)
	}
}

// Digests of real routers, whose passwords are known (the test vectors of a program that guesses them).
func TestDigest(t *testing.T) {
	for _, v := range []struct{ packet, sum, key string }{
		{"000004030a64010000000000000000000a000064041c010000000a0000140000000000000000000000000000000000000000", "52e1db09d18d695b8fefb3730ff8d9d6", "password12345"},
		{"000004030a5a01000000000000000000ac102801041c01000000ac1028140000000000000000000000000000000000000000", "f15dfa631a0679e0801f8e6b0c0c17ac", "openwall"},
	} {
		b, err := hex.DecodeString(v.packet)
		require.NoError(t, err)
		sum, err := hex.DecodeString(v.sum)
		require.NoError(t, err)
		copy(b[len(b)-len(sum):], sum)
		m, ok := parse1(b)
		require.True(t, ok)
		require.True(t, signed(b, m.digest, v.key))
		require.False(t, signed(b, m.digest, v.key+"x"))
		require.Equal(t, Speak, m.state)
		require.Equal(t, b, sign(m.marshal1(), m.digest.from, v.key), "as that router wrote it")
	}
}

func TestAuthenticationByDigest(t *testing.T) {
	for _, version := range []int{1, 2} {
		n := newNet()
		a, b := one(110), one(100)
		a.Version, b.Version, a.Key, b.Key = version, version, "secret", "secret"
		n.pair(a, b)
		n.Pass(time.Minute)
		require.Equal(t, "Active Standby", n.states())
		b.Key = "other"
		n.devices[1].Configure(n.Now, kit.Port, []Settings{b})
		n.Pass(time.Minute)
		require.Equal(t, "Active Active", n.states())
	}
}

// "The router broadcasts an ARP response packet advertising the group's virtual IP address and virtual MAC address. The packet
// is sent using the virtual MAC address as the source MAC address in the link layer header, as well as within the ARP
// packet." (RFC 2281 section 5.6)
func TestWhoBecomesActiveTellsTheLink(t *testing.T) {
	n := newNet()
	d := n.add("10.0.0.1", one(100))
	n.Pass(time.Minute)
	want, _ := hex.DecodeString("ffffffffffff00000c07ac01" + "0806" + "0001080006040002" + "00000c07ac01" + "0a0000fe" + "ffffffffffff" + "0a0000fe")
	require.True(t, slices.ContainsFunc(d.Sent, func(f []byte) bool { return slices.Equal(f, want) }))
	last := d.Sent[len(d.Sent)-1] // "the router MUST use the group's virtual MAC address as the source MAC address for its Hello messages" (6.1)
	require.Equal(t, MAC(1, 1), [6]byte(last[6:12]))
}

// A digest says whose it is, and nobody can have a router speak as often as he likes.
func TestBorrowedDigestsAndHaste(t *testing.T) {
	n := newNet()
	s := one(100)
	s.Version, s.Key = 2, "k"
	d := n.add("10.0.0.1", s)
	m := message{state: Active, group: 1, priority: 255, hello: time.Millisecond, hold: DefaultHold, address: s.Address}
	hear := func(signer string) {
		from := netip.MustParseAddr("10.0.0.9")
		b := sign(m.marshal2([6]byte{}), netip.MustParseAddr(signer), "k")
		d.hear(n.Now, d.Stack.Interfaces.Get(kit.Port), ip.Datagram{Local: netip.AddrPortFrom(groupsOf[2], port), Remote: netip.AddrPortFrom(from, port), Data: b})
	}
	hear("10.0.0.8")
	require.Equal(t, OtherSender, d.Said[len(d.Said)-1].(Refused).Reason)
	hear("10.0.0.9")
	require.Equal(t, "10.0.0.9", d.State()[0].Active.Address.String())
	require.Equal(t, 3000, d.State()[0].Hello)
}

// What is configured counts at once, whatever the state.
func TestSecondaryAddressesFollowTheConfiguration(t *testing.T) {
	n := newNet()
	s := one(100)
	d := n.add("10.0.0.1", s)
	n.Pass(time.Minute)
	second := netip.MustParseAddr("10.0.0.253")
	for _, list := range [][]netip.Addr{{second}, nil} {
		s.Secondary = list
		d.Configure(n.Now, kit.Port, []Settings{s})
		require.Equal(t, list != nil, d.Stack.Table.Lookup(second).Kind == ip.Local)
		require.Equal(t, ip.Local, d.Stack.Table.Lookup(s.Address).Kind)
	}
	d.Configure(n.Now, kit.Port, nil)
	require.NotEqual(t, ip.Local, d.Stack.Table.Lookup(s.Address).Kind)
	require.True(t, d.Timers.Next().IsZero(), "without groups nothing is due")
}

// hardware addresses: 0000.0c07.acXX (RFC 2281 section 6.1), and 0000.0c9f.fXXX of version 2.
func TestMACs(t *testing.T) {
	require.Equal(t, [6]byte{0, 0, 0x0c, 0x07, 0xac, 0x0a}, MAC(1, 10))
	require.Equal(t, [6]byte{0, 0, 0x0c, 0x9f, 0xf1, 0x2c}, MAC(2, 300))
}

func FuzzHello(f *testing.F) {
	m := message{state: Active, group: 1, priority: 255, hello: DefaultHello, hold: DefaultHold, address: one(0).Address, text: "cisco"}
	f.Add(m.marshal1(), false)
	f.Add(m.marshal2([6]byte{2}), true)
	f.Add(sign(m.marshal1(), one(0).Address, "k"), false)
	f.Fuzz(func(t *testing.T, b []byte, newer bool) {
		version, parse, marshal := 1, parse1, func(m *message) []byte { return m.marshal1() }
		if newer {
			version, parse, marshal = 2, parse2, func(m *message) []byte { return m.marshal2([6]byte{}) }
		}
		if m, ok := parse(b); ok {
			digest := m.digest
			again, ok := parse(marshal(&m))
			require.True(t, ok)
			m.digest = nil
			require.Equal(t, m, again)
			if digest != nil {
				signed(b, digest, "k")
			}
		}
		n := newNet()
		s := one(100)
		s.Version = version
		d := n.add("10.0.0.1", preempting(s))
		from := netip.MustParseAddrPort("10.0.0.9:1985")
		for range 3 {
			d.hear(n.Now, d.Stack.Interfaces.Get(kit.Port), ip.Datagram{Local: netip.AddrPortFrom(groupsOf[version], port), Remote: from, Data: b})
			n.Pass(11 * time.Second)
		}
		n.Pass(6 * time.Minute)
		require.Equal(t, "Active", n.states(), "nobody else is there any more")
	})
}
