package tunnel

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
)

// What GRE (RFC 2784) and IPIP (RFC 2003) do with packets.

// ends are what a packet of a tunnel protocol shows of its tunnel.
type ends struct {
	vrf           int
	mode          Mode
	local, remote netip.Addr
	keyed         bool
	key           uint32
}

func endsOf(s *Outer) ends {
	at := ends{vrf: s.VRF, mode: s.Mode, local: s.Source, remote: s.Destination}
	if s.Keyed && s.Mode == GRE { // IPIP has none, whatever is configured
		at.keyed, at.key = true, s.Key
	}
	return at
}

func (t *Tunnels) enlist(tunnel *Tunnel, at ends) {
	if t.byEnds == nil {
		t.byEnds = map[ends][]*Tunnel{}
	}
	t.byEnds[at] = append(t.byEnds[at], tunnel)
}

func (t *Tunnels) unlist(tunnel *Tunnel, at ends) {
	list := slices.DeleteFunc(t.byEnds[at], func(o *Tunnel) bool { return o == tunnel })
	if len(list) == 0 {
		delete(t.byEnds, at)
	} else {
		t.byEnds[at] = list
	}
}

// Ready says whether the line protocol may be up.
func (t *Tunnel) Ready() bool {
	switch {
	case t.settings.Mode == VTI:
		return t.Entry.Ready()
	case t.alive != nil && t.alive.dead:
		return false
	case t.protected:
		return t.Entry.Ready()
	}
	return t.way != nil && t.way.up
}

// Place leaves packets that get a header of ours where they are.
func (t *Tunnel) Place(n int) []byte {
	if t.settings.Mode != VTI {
		return nil
	}
	return t.Entry.Place(n)
}

// Output carries a packet.
func (t *Tunnel) Output(now time.Time, p *ip.Packet) {
	switch {
	case t.settings.Mode == VTI || t.protected && !t.iface.Protocol: // the latter asks for SAs
		t.Entry.Output(now, p)
	case !t.iface.Protocol:
		t.tunnels.Stack.DropOut(t.iface, p.Bytes(), ip.InterfaceDown)
	case p.Fragment()&ip.FlagDF != 0 && p.Len() > t.fits(now):
		t.tunnels.Stack.TooLong(now, t.iface, p, t.fits(now))
	case p.Len() <= t.iface.MTU:
		t.pack(now, p.Bytes())
	default:
		for _, f := range ip.Cut(t.tunnels.Stack, p.Bytes(), t.iface.MTU) {
			t.pack(now, f[ip.EthernetHeader:])
		}
	}
}

// pack puts a packet into another one. The outer DF bit is not set, whatever
// the inner one is, unless the path MTU is discovered (as IOS).
func (t *Tunnel) pack(now time.Time, inner []byte) {
	s, n := &t.settings, t.settings.Overhead()
	var buf []byte
	if t.protected {
		buf = t.Entry.Place(n + len(inner))
	}
	if buf == nil {
		buf = ip.Scratch(&t.tunnels.packet, n+len(inner))
	}
	tos, whole := inner[1], inner[6]&(ip.FlagDF>>8) != 0 // first: inner may lie there
	if s.TOS >= 0 {
		tos = uint8(s.TOS)
	}
	copy(buf[ip.EthernetHeader+n:], inner)
	outer := buf[ip.EthernetHeader:]
	if s.Mode == GRE {
		writeGRE(outer[ip.HeaderLen:], gre{protocol: protoIPv4, keyed: s.Keyed, key: s.Key}, s.Checksum)
	}
	t.header(outer, s.Mode.Protocol(), tos)
	if s.Path.On && whole {
		outer[6] |= ip.FlagDF >> 8
		ip.SetHeaderChecksum(outer)
	}
	t.send(now, buf)
}

// header fills in the header of a packet to the other end.
func (t *Tunnel) header(b []byte, proto, tos uint8) {
	clear(b[:ip.HeaderLen])
	src, dst := t.settings.Source.As4(), t.settings.Destination.As4()
	b[0], b[1], b[8], b[9] = 0x45, tos, uint8(t.settings.TTL), proto
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[4:], t.tunnels.Stack.NextID())
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	ip.SetHeaderChecksum(b)
}

// send sends a packet to the other end. buf begins with room for an Ethernet
// header.
func (t *Tunnel) send(now time.Time, buf []byte) {
	if t.protected {
		t.Entry.Protect(now, buf[ip.EthernetHeader:]) // which counts it
		return
	}
	t.iface.CountOut(now, len(buf)-ip.EthernetHeader)
	if !t.tunnels.Stack.SendOn(now, &t.way.path, t.settings.Destination, buf) {
		t.iface.Counters.OutErrors++
	}
}

// receive takes a packet of a tunnel protocol that is for this device and came
// in clear.
func (t *Tunnels) receive(now time.Time, p *ip.Packet) {
	at, _, err := read(p.VRF(), p.Bytes())
	list := t.byEnds[at]
	switch {
	case err != nil:
		t.Stack.Refuse(p, ip.BadTransport)
	case len(list) == 0:
		t.Stack.Refuse(p, ip.NoProtocol)
	case list[0].protected:
		t.Crypto.RefuseClear(p)
	default:
		b := p.Bytes()
		buf := ip.Scratch(&t.unpacked, len(b))
		if p.Owned() { // it may lie there: a tunnel within a tunnel
			buf = make([]byte, ip.EthernetHeader+len(b))
		}
		copy(buf[ip.EthernetHeader:], b)
		list[0].iface.CountIn(now, len(b))
		list[0].unpack(now, buf)
	}
}

// read is whose a packet of a tunnel protocol is, and how much stands before
// the inner one.
func read(vrf int, b []byte) (at ends, n int, err error) {
	n = int(b[0]&15) * 4
	at = ends{vrf: vrf, mode: IPIP, local: ip.Destination(b), remote: ip.Source(b)}
	if b[9] != ip.ProtoGRE {
		return at, n, nil
	}
	h, header, err := parseGRE(b[n:])
	at.mode, at.keyed, at.key = GRE, h.keyed, h.key
	return at, n + header, err
}

// decrypted takes a packet of the tunnel's protocol that came by a pair, in fragments if the peer
// has cut it before.
func (t *Tunnel) decrypted(now time.Time, buf []byte) {
	if buf = ip.Whole(now, t.tunnels.Stack, t.iface, t.settings.VRF, buf); buf != nil {
		t.unpack(now, buf)
	}
}

// unpack takes a packet of the tunnel's protocol, whoever brought it. buf may
// be written to.
func (t *Tunnel) unpack(now time.Time, buf []byte) {
	b := buf[ip.EthernetHeader:]
	at, n, err := read(t.settings.VRF, b)
	inner := b[n:]
	switch {
	case err != nil || at != endsOf(&t.settings): // a pair lets through what its selectors do, another key too
		t.iface.Counters.InErrors++
	case at.mode == GRE && binary.BigEndian.Uint16(b[int(b[0]&15)*4+2:]) == protoKeepalive:
		if t.alive != nil {
			t.alive.heard(now)
		}
	case at.mode == GRE && binary.BigEndian.Uint16(b[int(b[0]&15)*4+2:]) != protoIPv4:
		t.iface.Counters.InUnknown++
	case t.iface.Up && t.returns(inner):
		t.send(now, slices.Clone(buf[n:]))
	default:
		t.tunnels.Stack.Input(now, t.iface, buf[n:])
	}
}

// returns says whether a packet is a keepalive of the other end's: it is
// addressed from this end to the other one, and goes back there.
func (t *Tunnel) returns(inner []byte) bool {
	n, ok := ip.CheckHeader(inner)
	return ok && t.settings.Mode == GRE && n >= ip.HeaderLen+greLen && inner[9] == ip.ProtoGRE &&
		ip.Source(inner) == t.settings.Source && ip.Destination(inner) == t.settings.Destination
}
