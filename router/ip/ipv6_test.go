package ip

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"
)

// six is a stack with two ports, 2001:db8:12::2/64 and 2001:db8:23::2/64, that forwards.
func sixStack(t testing.TB) *device {
	d := newDevice(t, 2)
	d.Forward6 = true
	d.setSix("eth0", "2001:db8:12::2/64")
	d.setSix("eth1", "2001:db8:23::2/64")
	return d
}

func (d *device) setSix(name string, addresses ...string) {
	s := InterfaceSettings{Name: name, Kind: "eth", Six: &SixSettings{On: true}}
	for _, a := range addresses {
		s.Six.Addresses = append(s.Six.Addresses, netip.MustParsePrefix(a))
	}
	d.Interfaces.Set(epoch, s)
}

// up is such a stack that knows its addresses to be its own, and both its neighbours.
func up(t testing.TB) *device {
	d := sixStack(t)
	d.until(epoch.Add(2 * time.Second))
	d.Receive(epoch, 0, d.solicit(0, host1, "2001:db8:12::1", "2001:db8:12::2"))
	d.Receive(epoch, 1, d.solicit(1, host3, "2001:db8:23::3", "2001:db8:23::2"))
	d.frames = nil
	return d
}

// frame6 makes a frame of a packet.
func frame6(from, to [6]byte, p *Packet) []byte {
	copy(p.buf, to[:])
	copy(p.buf[6:], from[:])
	binary.BigEndian.PutUint16(p.buf[12:], ethertypeIP6)
	return p.buf
}

func (d *device) solicit(port int, from [6]byte, src, target string) []byte {
	m := message{kind: neighbourSolicitation, target: addressOf(addr(target)), mac: from, has: src != "::"}
	return ndFrame(from, src, solicited(m.target), m)
}

// ndFrame is a message of neighbour discovery.
func ndFrame(from [6]byte, src string, dst address, m message) []byte {
	n := ndLen
	if m.has {
		n += optionLen
	}
	p := newPacket(ProtoICMPv6, addressOf(addr(src)), dst, ndLimit, n)
	b := p.Payload()
	b[0], b[4] = m.kind, m.flags
	writeV6(b[8:], m.target)
	if m.has {
		b[ndLen], b[ndLen+1] = optionSource, 1
		if m.kind == neighbourAdvertisement {
			b[ndLen] = optionTarget
		}
		copy(b[ndLen+2:], m.mac[:])
	}
	setICMPChecksum(p)
	return frame6(from, groupMAC(dst), p)
}

// six are the packets of IPv6 that left since the last call, as another decoder reads them.
func (d *device) six(t *testing.T) (list []gopacket.Packet) {
	for _, f := range d.frames {
		if binary.BigEndian.Uint16(f[12:]) != ethertypeIP6 {
			continue
		}
		p := gopacket.NewPacket(f, layers.LayerTypeEthernet, gopacket.Default)
		require.Nil(t, p.ErrorLayer(), "%x", f)
		list = append(list, p)
	}
	d.frames = nil
	return list
}

func echo6(src, dst string, n int) *Packet {
	p := newPacket(ProtoICMPv6, addressOf(addr(src)), addressOf(addr(dst)), 64, icmpHeader+n)
	p.Payload()[0] = echoRequest6
	setICMPChecksum(p)
	return p
}

// TestAddressesAreDetected: "a node MUST ... send DupAddrDetectTransmits Neighbor
// Solicitations" to the solicited-node address, from the unspecified one, and waits before
// it uses an address (RFC 4862 section 5.4).
func TestAddressesAreDetected(t *testing.T) {
	d := sixStack(t)
	require.Equal(t, "none", d.way("2001:db8:12::2"))
	d.timers.Run(epoch)
	sent := d.six(t)
	require.Len(t, sent, 4, "two addresses of each port")
	for _, p := range sent {
		h := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
		ns := p.Layer(layers.LayerTypeICMPv6NeighborSolicitation).(*layers.ICMPv6NeighborSolicitation)
		require.True(t, h.SrcIP.IsUnspecified())
		require.EqualValues(t, 255, h.HopLimit)
		require.Empty(t, ns.Options, "no option from the unspecified address (RFC 4861 section 4.3)")
		target, _ := netip.AddrFromSlice(ns.TargetAddress)
		require.Equal(t, solicited(addressOf(target)).netip().String(), h.DstIP.String())
	}
	d.until(epoch.Add(time.Second))
	require.Equal(t, "local eth0", d.way("2001:db8:12::2"))
	require.Equal(t, "link eth0", d.way("2001:db8:12::9"))
	require.Equal(t, "martian", d.way("fe80::1"))
}

// TestDuplicateAddress: somebody answers, or asks for the same address at the same time.
func TestDuplicateAddress(t *testing.T) {
	for name, m := range map[string]message{
		"it is there":     {kind: neighbourAdvertisement, flags: flagOverride, target: addressOf(addr("2001:db8:12::2")), mac: host1, has: true},
		"it comes up too": {kind: neighbourSolicitation, target: addressOf(addr("2001:db8:12::2"))},
	} {
		d := sixStack(t)
		d.timers.Run(epoch)
		src, dst := "2001:db8:12::2", allNodes
		if m.kind == neighbourSolicitation {
			src, dst = "::", solicited(m.target)
		}
		d.Receive(epoch, 0, ndFrame(host1, src, dst, m))
		d.until(epoch.Add(5 * time.Second))
		require.Contains(t, d.records, DuplicateAddress{Interface: "eth0", Address: addr("2001:db8:12::2")}, name)
		require.Equal(t, "none", d.way("2001:db8:12::2"), name)
		require.Equal(t, "local eth1", d.way("2001:db8:23::2"), name)
		require.Equal(t, "duplicate", SixOf(d.Interfaces.Get("eth0")).Addresses[0].State)
	}
}

// TestForwarding6: the hop limit falls, and nothing else changes.
func TestForwarding6(t *testing.T) {
	d := up(t)
	p := echo6("2001:db8:12::1", "2001:db8:23::3", 100)
	want := append([]byte(nil), p.Bytes()...)
	want[atHopLimit]--
	d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, p))
	require.Len(t, d.frames, 1)
	require.Equal(t, want, d.frames[0][EthernetHeader:])
	require.Equal(t, host3, [6]byte(d.frames[0]))

	d.frames, d.Forward6 = nil, false
	d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, echo6("2001:db8:12::1", "2001:db8:23::3", 100)))
	require.Empty(t, d.frames, "without ipv6 unicast-routing")
}

// TestNotForwarded6: link-local sources stay on their link (RFC 4291 section 2.5.6), nor is
// there a way for what cannot be an address.
func TestNotForwarded6(t *testing.T) {
	for _, c := range [][2]string{
		{"fe80::1", "2001:db8:23::3"}, {"2001:db8:12::1", "fe80::3"}, {"::1", "2001:db8:23::3"}, {"2001:db8:12::1", "::1"}, {"::", "2001:db8:23::3"},
		{"ff02::1", "2001:db8:23::3"}, {"2001:db8:12::1", "ff0e::1"}, {"2001:db8:12::1", "::"}, {"2001:db8:12::2", "2001:db8:23::3"},
	} {
		d := up(t)
		d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, echo6(c[0], c[1], 10)))
		for _, f := range d.frames {
			require.NotEqual(t, host3, [6]byte(f), "%v", c)
		}
	}
}

// TestErrors6: each with what it quotes (RFC 4443 section 3).
func TestErrors6(t *testing.T) {
	for _, c := range []struct {
		name       string
		dst        string
		hops       byte
		mtu        int
		kind, code uint8
	}{
		{"no route", "2001:db8:99::1", 64, 1500, 1, 0},
		{"too many hops", "2001:db8:23::3", 1, 1500, 3, 0},
		{"too big", "2001:db8:23::3", 64, 1280, 2, 0},
	} {
		d := up(t)
		d.Interfaces.Get("eth1").SetMTU(c.mtu)
		p := echo6("2001:db8:12::1", c.dst, 1400)
		p.Bytes()[atHopLimit] = c.hops
		whole := append([]byte(nil), p.Bytes()...)
		d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, p))
		sent := d.six(t)
		require.Len(t, sent, 1, c.name)
		icmp := sent[0].Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6)
		require.Equal(t, layers.CreateICMPv6TypeCode(c.kind, c.code), icmp.TypeCode, c.name)
		require.Equal(t, "2001:db8:12::2", sent[0].NetworkLayer().NetworkFlow().Src().String())
		body := icmp.LayerPayload()
		if c.kind == 2 {
			require.EqualValues(t, 1280, binary.BigEndian.Uint32(body))
			whole[atHopLimit]-- // it was on its way
		}
		require.Equal(t, whole[:MinMTU6-HeaderLen6-icmpHeader], body[4:], "as much as fits 1280 octets")
	}
}

// TestNoErrors6: none to a group, to nobody or about an error (RFC 4443 section 2.4 (e)).
func TestNoErrors6(t *testing.T) {
	d := up(t)
	about := echo6("2001:db8:12::1", "2001:db8:99::1", 0)
	about.Payload()[0] = unreachable6
	setICMPChecksum(about)
	d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, about))
	require.Empty(t, d.frames)
	for range 2 * errorBurst {
		d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, echo6("2001:db8:12::1", "2001:db8:99::1", 0)))
	}
	require.Len(t, d.frames, errorBurst, "their rate is limited (section 2.4 (f))")
}

// TestHopLimitOfND: "The IP Hop Limit field has a value of 255, i.e., the packet could not
// possibly have been forwarded by a router." (RFC 4861 section 7.1.1) What else is wrong
// with one says nothing either.
func TestNDIsChecked(t *testing.T) {
	bad := map[string]func(p *Packet){
		"hop limit": func(p *Packet) { p.Bytes()[atHopLimit] = 254 },
		"code":      func(p *Packet) { p.Payload()[1] = 1 },
		"no option": func(p *Packet) { p.Payload()[ndLen+1] = 0 },
		"a group":   func(p *Packet) { p.Payload()[8] = 0xff },
		"from us":   func(p *Packet) { copy(p.Payload()[ndLen+2:], []byte{2, 0, 0, 0, 0, 0}) },
	}
	for name, spoil := range bad {
		d := sixStack(t)
		d.until(epoch.Add(2 * time.Second))
		d.frames = nil
		f := d.solicit(0, host1, "2001:db8:12::1", "2001:db8:12::2")
		p := (&Packet{}).hold(f)
		spoil(p)
		setICMPChecksum(p)
		d.Receive(epoch, 0, f)
		require.Empty(t, d.frames, name)
		require.Empty(t, d.Interfaces.Get("eth0").Neighbours(), name)
	}
	d := sixStack(t)
	d.until(epoch.Add(2 * time.Second))
	d.frames = nil
	f := d.solicit(0, host1, "2001:db8:12::1", "2001:db8:12::2")
	f[len(f)-1]++ // the checksum
	d.Receive(epoch, 0, f)
	require.Empty(t, d.frames)
	f[len(f)-1]--
	d.Receive(epoch, 0, f)
	require.Len(t, d.frames, 1)
	na := d.six(t)[0].Layer(layers.LayerTypeICMPv6NeighborAdvertisement).(*layers.ICMPv6NeighborAdvertisement)
	require.True(t, na.Router() && na.Solicited() && na.Override())
}

// TestReachability: a neighbour that is used after a while is asked whether it is there,
// and forgotten when it is not (RFC 4861 section 7.3).
func TestReachability(t *testing.T) {
	d := up(t)
	state := func() string { return SixStateOf(d.Stack, 0).Neighbours[0].State }
	require.Equal(t, "STALE", state(), "it has asked, nothing more")
	at := epoch.Add(10 * time.Second)
	send := func() {
		d.UDP.Send(at, Datagram{Local: addrPort("[2001:db8:12::2]:1"), Remote: addrPort("[2001:db8:12::1]:2")}, 64)
	}
	send()
	require.Equal(t, "DELAY", state())
	d.frames = nil
	d.until(at.Add(delayTime))
	require.Equal(t, "PROBE", state())
	require.Equal(t, host1, [6]byte(d.frames[0]), "asked alone")
	d.Receive(at, 0, func() []byte {
		f := ndFrame(host1, "2001:db8:12::1", addressOf(addr("2001:db8:12::2")), message{kind: neighbourAdvertisement, flags: flagSolicited, target: addressOf(addr("2001:db8:12::1"))})
		mac := d.Interfaces.port(0).MAC
		copy(f, mac[:])
		return f
	}())
	require.Equal(t, "REACH", state())
	at = at.Add(time.Minute)
	d.until(at)
	require.Equal(t, "STALE", state())
	send()
	d.until(at.Add(delayTime + askTries6*askPause))
	require.Len(t, SixStateOf(d.Stack, 0).Neighbours, 1, "nobody answered")
}

// TestFragments6: who has made a packet cuts it, and puts it together again (RFC 8200
// section 4.5).
func TestFragments6(t *testing.T) {
	d := up(t)
	p := echo6("2001:db8:12::1", "2001:db8:12::2", 4000)
	list := fragments6(p.Bytes(), 1500, 77)
	require.Len(t, list, 3)
	for n := range list {
		f := list[(n+1)%len(list)] // in another order
		q := gopacket.NewPacket(f[EthernetHeader:], layers.LayerTypeIPv6, gopacket.Default)
		require.EqualValues(t, 77, q.Layer(layers.LayerTypeIPv6Fragment).(*layers.IPv6Fragment).Identification)
		require.Empty(t, d.frames)
		d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, (&Packet{}).hold(f)))
	}
	require.Len(t, d.frames, 3, "the reply, in fragments too")
	require.EqualValues(t, 1, d.Totals6().Reassembled)
	require.Zero(t, d.Totals.Reassembled)
}

// TestReassemblyOfIPv6TimesOut: "If insufficient fragments are received to complete reassembly of
// a packet within 60 seconds of the reception of the first-arriving fragment of that packet,
// reassembly of that packet must be abandoned" (RFC 8200 section 4.5). IPv4 that comes later is given up before.
func TestReassemblyOfIPv6TimesOut(t *testing.T) {
	d := up(t)
	list := fragments6(echo6("2001:db8:12::1", "2001:db8:12::2", 4000).Bytes(), 1500, 77)
	d.Receive(epoch, 0, frame6(host1, d.Interfaces.port(0).MAC, (&Packet{}).hold(list[0])))
	require.Len(t, d.frags.list, 1)
	require.Equal(t, epoch.Add(time.Minute), d.frags.due.At())
	four := (&Packet{}).hold(Fragments(echoTo("10.0.0.1", "10.0.0.2", 2000).Bytes(), 600)[0])
	d.until(epoch.Add(time.Second))
	d.frags.take(epoch.Add(time.Second), four)
	require.Equal(t, epoch.Add(time.Second+reassemblyTime), d.frags.due.At())
	d.until(epoch.Add(time.Second + reassemblyTime))
	require.Len(t, d.frags.list, 1)
	d.until(epoch.Add(time.Minute - 1))
	require.Len(t, d.frags.list, 1)
	d.frames = nil
	d.until(epoch.Add(time.Minute))
	require.Empty(t, d.frags.list)
	require.True(t, d.frags.due.At().IsZero())
	require.Len(t, d.frames, 1)
	got := gopacket.NewPacket(d.frames[0], layers.LayerTypeEthernet, gopacket.Default).Layer(layers.LayerTypeICMPv6)
	require.Equal(t, layers.CreateICMPv6TypeCode(layers.ICMPv6TypeTimeExceeded, 1), got.(*layers.ICMPv6).TypeCode)
}

// TestChainOf: extension headers, well formed or not.
func TestChainOf(t *testing.T) {
	base := newPacket(extDestination, addressOf(addr("2001:db8::1")), addressOf(addr("2001:db8::2")), 64, 24).Bytes()
	base[40], base[48] = ProtoUDP, 0
	require.Equal(t, chain{proto: ProtoUDP, at: 48, next: 40}, chainOf(base))
	base[41] = 200
	require.True(t, chainOf(base).fault)
	base[40], base[41] = extHopByHop, 0
	require.True(t, chainOf(base).fault, "it stands first")
	for n := range 24 { // all of the same kind
		base[40+n] = 0
	}
	base[6], base[40], base[48], base[56] = extFragment, extFragment, extFragment, extFragment
	require.True(t, chainOf(base).fault)
}

// BenchmarkFamilies is the same packet of either family through a router, to which it has
// the same way: IPv6 must be within 10 % of IPv4.
func BenchmarkFamilies(b *testing.B) {
	const octets = 1000
	four, six := middle(b), up(b)
	six.add(staticOf("2001:db8:3::3/128", "2001:db8:23::3", "", 1))
	for _, c := range []struct {
		name  string
		d     *device
		frame []byte
	}{
		{"IPv4", four, four.frameTo(0, echoTo("1.1.1.1", "3.3.3.3", octets-HeaderLen-icmpHeader))},
		{"IPv6", six, frame6(host1, six.Interfaces.port(0).MAC, echo6("2001:db8:12::1", "2001:db8:3::3", octets-HeaderLen6-icmpHeader))},
	} {
		sent := 0
		c.d.options.Send = func(int, []byte) { sent++ }
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.d.Receive(epoch, 0, c.frame)
			}
		})
		require.NotZero(b, sent)
	}
}

// FuzzReceive6 throws frames at a stack of IPv6, as FuzzReceive does.
func FuzzReceive6(f *testing.F) {
	d := up(f)
	mac := d.Interfaces.port(0).MAC
	f.Add(byte(0), d.solicit(0, host1, "2001:db8:12::1", "2001:db8:12::2")[EthernetHeader:])
	f.Add(byte(0), echo6("2001:db8:12::1", "2001:db8:12::2", 10).Bytes())
	f.Add(byte(0), echo6("2001:db8:12::1", "2001:db8:23::3", 10).Bytes())
	f.Add(byte(2), []byte{135, 0, 0, 0, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 2, 0, 0, 0, 1, 1})
	f.Add(byte(1), []byte{17, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8})
	for _, p := range fragments6(echo6("2001:db8:12::1", "2001:db8:12::2", 3000).Bytes(), 1280, 1) {
		f.Add(byte(0), p[EthernetHeader:])
	}
	f.Fuzz(func(t *testing.T, mode byte, data []byte) {
		d := up(t)
		var p *Packet
		switch data = data[:min(len(data), 1400)]; mode % 3 {
		case 0:
			p = (&Packet{}).hold(append(make([]byte, EthernetHeader), data...))
		case 1: // extension headers
			p = newPacket([]uint8{extFragment, extHopByHop, extRouting, extDestination}[mode/3%4], addressOf(addr("2001:db8:12::1")), addressOf(addr("2001:db8:12::2")), 255, len(data))
			copy(p.Payload(), data)
		case 2: // ICMPv6 with a good checksum
			p = newPacket(ProtoICMPv6, addressOf(addr("2001:db8:12::1")), addressOf(addr("2001:db8:12::2")), 255, len(data))
			if copy(p.Payload(), data); len(data) >= icmpHeader {
				setICMPChecksum(p)
			}
		}
		d.Receive(epoch, 0, frame6(host1, mac, p))
		d.until(epoch.Add(2 * time.Minute))
		require.Empty(t, d.frags.list)
		require.Equal(t, "local eth0", d.way("2001:db8:12::2"))
	})
}
