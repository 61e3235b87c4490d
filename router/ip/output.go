package ip

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"time"
)

// NextID is the identification of the next packet that is made here.
func (s *Stack) NextID() uint16 {
	s.ipID++
	return s.ipID
}

// Originate sends a packet that was made here; its header is complete but for
// identification and checksum.
func (s *Stack) originate(now time.Time, p *Packet) {
	b := p.Bytes()
	if !p.six {
		binary.BigEndian.PutUint16(b[4:], s.NextID())
		SetHeaderChecksum(b)
	}
	totals(s, p.six).made(b)
	e := wayOut(s, p)
	switch e.Kind {
	case Local:
		s.local(now, p)
	case None, Null, Martian:
		dropped(s, nil, b, Dropped{VRF: p.table(s).Name, Reason: NoRoute})
	default:
		watch(s, Sent, nil, b, e)
		if s.Translator != nil {
			if p = s.leaves(now, p, e); p == nil {
				return
			}
		}
		s.output(now, p, e)
	}
}

// output sends a packet that is ours to modify to where its route says.
func (s *Stack) output(now time.Time, p *Packet, e *Entry) {
	switch {
	case e.Out == nil: // 255.255.255.255 has no interface
		s.drop(nil, p.Bytes(), NoRoute)
	case e.Out.output != nil:
		e.Out.output.Output(now, p)
	case e.Out.Physical:
		if e.Out.guard.out == nil || p.six || !e.Out.guard.out(now, p) {
			s.transmit(now, p, e)
		}
	default: // a loopback's network but none of our addresses
		s.DropOut(e.Out, p.Bytes(), NoOutput)
	}
}

// leaves has a packet translated that is about to leave. Of one that is too long
// its sender is told first: afterwards it has another one. Nil: it goes no further, or
// waits for its other fragments.
func (s *Stack) leaves(now time.Time, p *Packet, e *Entry) *Packet {
	if e.Out == nil || p.table(s).vrf != 0 || p.six || !s.Translator.Concerns(p, e.Out) {
		return p
	}
	if p.In != nil && p.Len() > e.Out.MTU && p.Fragment()&FlagDF != 0 {
		s.TooLong(now, e.Out, p, e.Out.MTU)
		return nil
	}
	if p.Fragment()&FragmentMask != 0 {
		if p = s.frags.take(now, p); p == nil {
			return nil
		}
	}
	if !s.Translator.Leaves(now, p, e.Out) {
		return nil
	}
	return p
}

// transmit sends a packet that is ours to modify on the port of its entry, in
// fragments where it is too long.
func (s *Stack) transmit(now time.Time, p *Packet, e *Entry) {
	switch i := e.Out; {
	case !i.Protocol:
		s.DropOut(i, p.Bytes(), InterfaceDown)
	case p.Len() <= i.MTU && (p.In != nil || !p.six):
		s.toNeighbour(now, e, p.buf)
	default:
		transmitLong(now, s, p, e)
	}
}

// transmitLong is transmit of a packet that may be too long: for IPv6's the path decides as well
// where they were made here.
func transmitLong(now time.Time, s *Stack, p *Packet, e *Entry) {
	i, b := e.Out, p.Bytes()
	mtu := FitsIn(b, i.MTU)
	if len(b) > MinMTU6 && p.six && p.In == nil {
		mtu = min(mtu, s.paths.mtu(now, pathTo{p.table(s).vrf, p.dst()}))
	}
	if len(b) <= mtu {
		s.toNeighbour(now, e, p.buf)
		return
	}
	if p.Fragment()&FlagDF != 0 {
		s.TooLong(now, i, p, FitsIn(b, i.MTU))
		return
	}
	for _, f := range Cut(s, b, mtu) {
		s.toNeighbour(now, e, f)
	}
}

// Cut is Fragments of a packet that this device cuts.
func Cut(s *Stack, b []byte, mtu int) [][]byte {
	var list [][]byte
	if IsIPv6(b) {
		list = fragments6(b, mtu, uint32(s.NextID()))
	} else {
		list = Fragments(b, mtu)
	}
	t := totals(s, IsIPv6(b))
	t.Fragmented++
	t.Fragments += uint64(len(list))
	return list
}

// TooLong drops a packet that an interface cannot send whole, and says so to
// its sender.
func (s *Stack) TooLong(now time.Time, i *Interface, p *Packet, mtu int) {
	s.DropOut(i, p.Bytes(), TooLong)
	s.ICMP.fail(now, p, Unreachable, CodeFragmentationNeeded, mtu)
}

// toNeighbour puts one packet on the wire, or has it wait for the neighbour's
// address.
func (s *Stack) toNeighbour(now time.Time, e *Entry, buf []byte) {
	if e.Kind == Broadcast {
		s.Totals.Sent++
		s.sendFrame(now, e.Out, &BroadcastMAC, buf)
		return
	}
	hop := e.nextHop(destination(buf[EthernetHeader:]))
	if n := e.Out.neighbours.at(hop); n != nil && n.Resolved {
		if n.state == stale {
			discovery{s}.used(now, n)
		}
		s.sendFrame(now, e.Out, &n.MAC, buf)
		return
	}
	discovery{s}.await(now, e.Out, hop.netip(), buf)
}

// maxNested is within how many tunnels a packet may be sent.
const maxNested = 8

// Path is the way to an address, kept from one packet to the next. The zero
// value knows nothing yet.
type Path struct {
	VRF        int    // by number; 0: the global table
	table      *Table // of that VRF
	generation uint32 // of the table that it is from
	entry      Entry
	leads      bool // the entry leads anywhere
	six        bool // to an address of IPv6
	neighbour  *Neighbour
}

// SendOn sends a packet the way that the last one to dst took; false: there is none. Where
// it leads through a tunnel the packet is copied to where that wants it.
func (s *Stack) SendOn(now time.Time, path *Path, dst netip.Addr, buf []byte) bool {
	if path.table == nil || path.generation != path.table.generation {
		path.find(s, dst)
	}
	e, packet := &path.entry, buf[EthernetHeader:]
	if !path.leads || s.nested == maxNested {
		return false
	}
	totals(s, path.six).made(packet)
	watch(s, Sent, nil, packet, e)
	if n := path.neighbour; n != nil && n.Resolved && n.state != stale && len(packet) <= e.Out.MTU && e.Out.guard.out == nil && !(path.six && narrowed(s, now, path.VRF, dst, packet)) {
		s.sendFrame(now, e.Out, &n.MAC, buf)
		return true
	}
	sendAlong(now, s, path, dst, buf)
	return true
}

// find looks the way up.
func (path *Path) find(s *Stack, dst netip.Addr) {
	t := s.VRF(path.VRF)
	e := t.Lookup(dst)
	leads := (e.Kind == Link || e.Kind == Via) && (e.Out.Physical || e.Out.output != nil)
	*path = Path{VRF: path.VRF, table: t, generation: t.generation, entry: *e, leads: leads, six: dst.Is6()}
}

// sendAlong is SendOn where there is more to do than to put a frame on the wire.
func sendAlong(now time.Time, s *Stack, path *Path, dst netip.Addr, buf []byte) {
	e := &path.entry
	p := s.packets.lend()
	p.own, p.by = true, path.table
	if !e.Out.Physical {
		buf = placed(e.Out.output, buf)
	}
	p.hold(buf)
	s.nested++
	s.output(now, p, e)
	s.nested--
	s.packets.giveBack(p)
	path.neighbour = e.Out.neighbours.at(e.nextHop(addressOf(dst)))
}

// narrowed says whether the way to an address is known to be too narrow for a packet of IPv6, which
// nobody there will cut.
func narrowed(s *Stack, now time.Time, vrf int, dst netip.Addr, packet []byte) bool {
	return len(packet) > MinMTU6 && len(s.paths.byAddr) > 0 && len(packet) > s.paths.mtu(now, pathTo{vrf, addressOf(dst)})
}

// placed is a packet where an Output wants it. They may overlap.
func placed(o Output, buf []byte) []byte {
	at := o.Place(len(buf) - EthernetHeader)
	if at == nil {
		return buf
	}
	copy(at[EthernetHeader:], buf[EthernetHeader:])
	return at
}

// SourceFor is the address that a packet to dst gets: that of the interface
// it leaves by.
func (t *Table) SourceFor(dst netip.Addr) (netip.Addr, bool) {
	e := t.Lookup(dst)
	if e.Kind == Local {
		return dst, true
	}
	if e.Out == nil {
		return netip.Addr{}, false
	}
	to := e.nextHop(addressOf(dst))
	if dst.Is6() { // whose next hop is mostly known by its address of the link
		to = addressOf(dst)
	}
	a := e.Out.source(to)
	if a == none && dst.Is6() {
		a = t.s.Interfaces.anySix(t)
	}
	return a.netip(), a != none
}

// wayOut is where one goes that was made here.
func wayOut(s *Stack, p *Packet) *Entry {
	dst := p.dst()
	switch {
	case !dst.linkLocal():
		return p.table(s).lookup(dst)
	case p.link == nil:
		return &noEntry
	case dst == p.link.six.linkLocal:
		return &localEntry
	}
	return &Entry{Kind: Link, Out: p.link}
}

// answers are what a table has said since its contents were others.
type answers struct {
	generation uint32
	fresh      bool  // the cache holds nothing
	asked      uint8 // so often, as long as the cache is nobody's
	cache      *cache
}

// cache are answers that hold as long as the contents of the table.
type cache [1 << cacheBits][2]cached

// cacheBits choose where an answer is kept: in one of two places, so that seldom two addresses of
// a flow, outside or inside a tunnel, contend for one.
const cacheBits = 4

// cached is an answer. One to no address is right as well: what is not filled has to be.
type cached struct {
	addr  address
	entry *Entry
}

// usuallyAsked is how often a table looks for what it is asked before it is worth a cache: by
// then it carries packets.
const usuallyAsked = 64

// nobodys is the cache of tables that have none: it gives no answer but the one to no address,
// and is never filled.
var nobodys = emptyCache()

func emptyCache() *cache {
	c := &cache{}
	c.empty()
	return c
}

func (c *cache) empty() {
	*c = cache{}
	c[0][0].entry = &martianEntry
}

func (t *Table) lookup(a address) *Entry {
	c := &t.cache[(bits.RotateLeft64(a.hi, 23)^a.lo)*0x9e3779b97f4a7c15>>(64-cacheBits)]
	if c[0].addr == a {
		return c[0].entry
	}
	if c[1].addr == a {
		return c[1].entry
	}
	return fill(t, c, a)
}

// fill finds what the cache does not have and has it from now on.
func fill(t *Table, c *[2]cached, a address) *Entry {
	e := t.find(a)
	if t.cache == nobodys {
		if t.asked++; t.asked == usuallyAsked {
			t.cache, t.fresh = emptyCache(), true
		}
		return e
	}
	c[0], c[1], t.fresh = cached{a, e}, c[0], false
	return e
}

// turn begins a generation.
func (x *answers) turn() {
	if x.generation++; x.cache != nobodys && !x.fresh {
		x.cache.empty()
		x.fresh = true
	}
}
