package crypto

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
	"ikelab/router/record"
)

var epoch = time.Date(2024, 11, 11, 19, 30, 0, 0, time.UTC)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

// device is one end of a tunnel, with an IKE that only takes notes.
type device struct {
	stack    *ip.Stack
	crypto   *Crypto
	entry    *Entry
	timers   *ip.Timers
	settings Settings
	bodies   []record.Body
	asked    []string
	state    Negotiation
	mute     bool     // keeps no frames
	frames   [][]byte // sent on the way to the peer
	peer     *device
	got      int   // datagrams from the other network,
	sizes    []int // and how long they are
	now      time.Time
	set      ClauseSettings
	maps     *Maps
}

func (d *device) Negotiation(string) Negotiation                           { return d.state }
func (d *device) Acquire(_ time.Time, e string, _ [2]spd.Selector)         { d.note("acquire %s", e) }
func (d *device) Clear(_ time.Time, e string)                              { d.note("clear %s", e) }
func (d *device) Homeless(_ time.Time, e string)                           { d.note("homeless %s", e) }
func (*device) Moved(time.Time, ipsec.SPI, netip.AddrPort, netip.AddrPort) {}
func (*device) Outgoing(time.Time, ipsec.SPI)                              {}

func (d *device) Traffic(_ time.Time, in ipsec.SPI) {
	d.note("traffic %#x", uint32(in))
}
func (d *device) VolumeSoft(_ time.Time, in ipsec.SPI)                    { d.note("soft %#x", uint32(in)) }
func (d *device) VolumeHard(_ time.Time, in ipsec.SPI)                    { d.note("hard %#x", uint32(in)) }
func (d *device) Stray(time.Time, int, netip.Addr, netip.Addr, ipsec.SPI) {}

func (d *device) note(format string, args ...any) {
	d.asked = append(d.asked, fmt.Sprintf(format, args...))
}

// calls are what IKE was asked for since the last call.
func (d *device) calls() []string {
	list := d.asked
	d.asked = nil
	return list
}

const port = 7 // of the datagrams that cross

// newDevice is end n of two, 1 or 2.
func newDevice(n byte) *device {
	d := &device{now: epoch}
	e := record.New(uint32(n), "R")
	d.timers = ip.NewTimers(e)
	e.Listen(func(r record.Record) { d.bodies = append(d.bodies, r.Body) })
	d.stack = ip.New(ip.Options{
		Records: e, Timers: d.timers, Carriers: []bool{true}, Ports: []ip.Port{{Name: "Ethernet0/0", Kind: "Ethernet"}},
		Send: func(_ int, f []byte) {
			if !d.mute {
				d.frames = append(d.frames, bytes.Clone(f))
			}
			if d.peer != nil {
				d.peer.stack.Receive(d.now, 0, f)
			}
		},
		Kind: func(name string) ip.Kind {
			return map[string]ip.Kind{"Ethernet": {Port: true}, "Tunnel": {Output: func(i *ip.Interface) ip.Output { return d.crypto.Bind(i) }}}[name]
		},
		MAC: func(int) [6]byte { return [6]byte{2, 0, 0, 0, 0, n} },
	})
	d.crypto = New(Options{Stack: d.stack, Timers: d.timers, Records: e, IKE: d, IV: random(), Pace: random()})
	d.maps = NewMaps(d.crypto)
	d.stack.UDP.Handle(port, func(_ time.Time, dg ip.Datagram) { d.got, d.sizes = d.got+1, append(d.sizes, len(dg.Data)) })
	set := func(name, kind, address string) {
		d.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: name, Kind: kind, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}})
	}
	set("Ethernet0/0", "Ethernet", fmt.Sprintf("10.0.0.%d/24", n))
	set("Loopback0", "Loopback", fmt.Sprintf("192.168.%d.1/24", n))
	set("Tunnel0", "Tunnel", fmt.Sprintf("172.16.0.%d/24", n))
	d.stack.SetRoutes(epoch, []ip.StaticRoute{{Prefix: netip.MustParsePrefix(fmt.Sprintf("192.168.%d.0/24", 3-n)), Interface: "Tunnel0", Distance: 1}}, nil)
	d.entry = d.crypto.Entry("Tunnel0")
	d.settings = Settings{Local: addr(fmt.Sprintf("10.0.0.%d", n)), Remote: addr(fmt.Sprintf("10.0.0.%d", 3-n)), Protected: true, Active: true, Window: 64, TTL: 255}
	d.entry.Set(epoch, d.settings)
	return d
}

// twoEnds are connected, without SAs.
func twoEnds(t testing.TB) (one, two *device) {
	t.Helper()
	one, two = newDevice(1), newDevice(2)
	one.peer, two.peer = two, one
	return one, two
}

// association is a pair as end n of two has it, under the SPIs spi (towards 2)
// and spi+1.
func association(n byte, spi ipsec.SPI) Association {
	encr := ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}
	keys := func(spi ipsec.SPI) Keys {
		return Keys{SPI: spi, EncrKey: bytes.Repeat([]byte{byte(spi), byte(spi >> 8)}, encr.KeyLen()/2)}
	}
	a := Association{In: keys(spi + 1), Out: keys(spi), Terms: Terms{
		Entry: "Tunnel0", Between: Between{LocalEnd: netip.MustParseAddrPort("10.0.0.1:500"), Peer: netip.MustParseAddrPort("10.0.0.2:500")},
		Encr: encr, Local: everything, Remote: everything, Initiator: n == 1,
	}}
	if n == 2 {
		a.LocalEnd, a.Peer, a.In, a.Out = a.Peer, a.LocalEnd, a.Out, a.In
	}
	return a
}

// install puts a pair into both ends.
func install(t testing.TB, one, two *device, spi ipsec.SPI, edit ...func(*Association)) {
	t.Helper()
	for i, d := range []*device{one, two} {
		a := association(byte(i+1), spi)
		for _, f := range edit {
			f(&a)
		}
		require.NoError(t, d.crypto.Install(d.now, a))
	}
}

// say sends a datagram of n octets through the tunnel.
func (d *device) say(from, to string, n int) {
	at := func(a string) netip.AddrPort { return netip.AddrPortFrom(addr(a), port) }
	d.stack.UDP.Send(d.now, ip.Datagram{Local: at(from), Remote: at(to), Data: make([]byte, n)}, 64)
}

func (d *device) sayTo2(n int) { d.say("192.168.1.1", "192.168.2.1", n) }

// espSPI is the SPI of the last frame that left, 0 for another kind of frame.
func (d *device) espSPI() ipsec.SPI {
	f := d.frames[len(d.frames)-1]
	if f[23] != ip.ProtoESP || binary.BigEndian.Uint16(f[12:]) != 0x800 {
		return 0
	}
	return ipsec.SPI(binary.BigEndian.Uint32(f[34:]))
}

// last is the last record of a kind.
func last[B record.Body](t testing.TB, d *device) B {
	t.Helper()
	for i := len(d.bodies) - 1; i >= 0; i-- {
		if b, ok := d.bodies[i].(B); ok {
			return b
		}
	}
	require.Fail(t, "no such record")
	panic("unreachable")
}

func prefixes(text string) []spd.Selector {
	return []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix(text))}
}
