package ip

import (
	"net/netip"
	"slices"
	"time"
)

// SixSettings are what a configuration says of an interface's IPv6.
type SixSettings struct {
	On        bool           // it speaks IPv6, be it with no other address than that of the link
	Addresses []netip.Prefix // the first is the one that packets get
	EUI64     []netip.Prefix // networks in which its address is made of the hardware address
	LinkLocal netip.Addr     // invalid: made of the hardware address
}

func (s *SixSettings) equal(o *SixSettings) bool {
	return s.On == o.On && s.LinkLocal == o.LinkLocal && slices.Equal(s.Addresses, o.Addresses) && slices.Equal(s.EUI64, o.EUI64)
}

// six is what an interface has of IPv6 beside its addresses.
type six struct {
	linkLocal address   // none: it does not speak IPv6
	tentative []address // that somebody else may have (RFC 4862 section 5.4)
	asked     bool      // whether anybody has
	duplicate []address // that somebody has
	detecting Timer
}

func (x *six) on() bool { return x.linkLocal != none }

// pending says whether an address may not be used: it is somebody else's, or not known not
// to be. Without its own address of the link an interface has none.
func (x *six) pending(a address) bool {
	return !a.is4() && (slices.Contains(x.tentative, a) || slices.Contains(x.duplicate, a) || slices.Contains(x.duplicate, x.linkLocal))
}

// set gives an interface its addresses of IPv6; had are those that it had.
func (r nd) set(now time.Time, i *Interface, had []prefix) {
	set, before := &i.Settings.Six, i.six.linkLocal
	if i.six.linkLocal = none; !set.On {
		i.six.tentative, i.six.duplicate = nil, nil
		r.s.timers.Set(&i.six.detecting, time.Time{})
		return
	}
	if i.six.linkLocal = linkLocalOf(i.MAC); set.LinkLocal.IsValid() {
		i.six.linkLocal = addressOf(set.LinkLocal)
	}
	for _, p := range set.Addresses {
		if a, ok := prefixOf(p); ok {
			i.addrs = append(i.addrs, a)
		}
	}
	for _, p := range set.EUI64 {
		if a, ok := prefixOf(p); ok {
			a.addr.lo = interfaceID(i.MAC)
			i.addrs = append(i.addrs, a)
		}
	}
	var fresh []address
	if i.six.linkLocal != before {
		fresh = append(fresh, i.six.linkLocal)
	}
	for _, a := range i.addrs {
		if !a.addr.is4() && !slices.ContainsFunc(had, func(b prefix) bool { return a.addr == b.addr }) {
			fresh = append(fresh, a.addr)
		}
	}
	mine := func(a address) bool { return a != i.six.linkLocal && !i.owns(a) }
	i.six.tentative, i.six.duplicate = slices.DeleteFunc(i.six.tentative, mine), slices.DeleteFunc(i.six.duplicate, mine)
	if i.Protocol && len(fresh) > 0 {
		r.detect(now, i, fresh)
	}
}

// source6 is the address that a packet of IPv6 to a neighbour gets; none: there is none.
func (i *Interface) source6(to address) address {
	if to.linkLocal() {
		if i.six.pending(i.six.linkLocal) {
			return none
		}
		return i.six.linkLocal
	}
	first := none
	for _, own := range i.addrs {
		if own.addr.is4() || i.six.pending(own.addr) {
			continue
		}
		if own.contains(to) {
			return own.addr
		}
		if first == none {
			first = own.addr
		}
	}
	return first
}

// anySix is an address of IPv6 in a table that can be reached from everywhere; none: there is none.
func (t *Interfaces) anySix(in *Table) address {
	for _, i := range t.list {
		if a := i.source6(allRouters); i.Protocol && i.table == in && a != none {
			return a
		}
	}
	return none
}

// joined says whether an interface is in a group.
func (i *Interface) joined(group address, router bool) bool {
	switch {
	case group == allNodes, group == solicited(i.six.linkLocal):
		return true
	case group == allRouters:
		return router
	}
	return slices.ContainsFunc(i.addrs, func(own prefix) bool { return !own.addr.is4() && solicited(own.addr) == group })
}

// concerns6 takes what comes in to a group, and refuses what cannot be; it says whether
// the packet goes on.
func (s *Stack) concerns6(now time.Time, p *Packet) bool {
	src, dst := p.src(), p.dst()
	switch {
	case !p.In.six.on():
		p.In.Counters.InUnknown++
		s.drop(p.In, p.Bytes(), NoProtocol)
	case src.group6(), src == none && (!dst.group6() || p.Proto() != ProtoICMPv6), src.linkLocal() && p.In.answers(src):
		s.dropIn(p, ImpossibleFrom)
	case !dst.group6():
		return true
	case p.In.answers(src): // what we have sent has come back
		s.dropIn(p, ImpossibleFrom)
	case p.In.joined(dst, s.Forward6):
		p.group = true
		s.local(now, p)
	}
	return false
}

var (
	localEntry   = Entry{Kind: Local}
	martianEntry = Entry{Kind: Martian}
)

// wayIn is where a packet goes that came in.
func (s *Stack) wayIn(p *Packet) *Entry {
	dst := p.dst()
	switch {
	case !dst.linkLocal():
		return p.In.table.lookup(dst)
	case dst == p.In.six.linkLocal && !p.In.six.pending(dst):
		return &localEntry
	}
	return &martianEntry
}

// wayOut is where one goes that was made here.
func (s *Stack) wayOut(p *Packet) *Entry {
	dst := p.dst()
	switch {
	case !dst.linkLocal():
		return s.table(p).lookup(dst)
	case p.link == nil:
		return &noEntry
	case dst == p.link.six.linkLocal:
		return &localEntry
	}
	return &Entry{Kind: Link, Out: p.link}
}

// forwards6 says whether a packet may be sent on.
func (s *Stack) forwards6(now time.Time, p *Packet) bool {
	switch {
	case !s.Forward6:
		s.dropIn(p, NotRouter)
		return false
	case p.src().linkLocal():
		s.dropIn(p, ImpossibleFrom)
		s.ICMP.fail(now, p, Unreachable, codeScope, 0)
		return false
	}
	return true
}

// paths are the lengths of packets that were learned to fit the way to an address
// (RFC 8201).
type paths struct{ byAddr map[pathTo]pathMTU }

type pathTo struct {
	table *Table
	to    address
}

type pathMTU struct {
	mtu   int
	until time.Time
}

const (
	pathAge  = 10 * time.Minute
	maxPaths = 256
)

func (m *paths) mtu(now time.Time, to pathTo) int {
	if x, ok := m.byAddr[to]; ok && now.Before(x.until) {
		return x.mtu
	}
	return MaxLen
}

func (m *paths) learn(now time.Time, to pathTo, mtu int) {
	if mtu < MinMTU6 || mtu >= m.mtu(now, to) { // section 4: a lower one changes nothing
		return
	}
	if m.byAddr == nil || len(m.byAddr) >= maxPaths {
		m.byAddr = map[pathTo]pathMTU{}
	}
	m.byAddr[to] = pathMTU{mtu, now.Add(pathAge)}
}

// fragments6 cuts a packet that was made here, as Fragments does (RFC 8200 section 4.5).
func fragments6(b []byte, mtu int, id uint32) [][]byte {
	step := (mtu - HeaderLen6 - fragmentHeader) / fragmentUnit * fragmentUnit
	payload := b[HeaderLen6:]
	if step <= 0 || chainOf(b).fragment != 0 {
		return nil
	}
	var out [][]byte
	for at := 0; at < len(payload); at += step {
		piece := payload[at:min(at+step, len(payload))]
		buf := make([]byte, EthernetHeader+HeaderLen6+fragmentHeader+len(piece))
		f := buf[EthernetHeader:]
		copy(f, b[:HeaderLen6])
		copy(f[HeaderLen6+fragmentHeader:], piece)
		f[6] = extFragment
		putLen6(f)
		h := f[HeaderLen6:]
		h[0] = b[6]
		h[2], h[3] = byte(at>>8), byte(at)
		if at+step < len(payload) {
			h[3] |= 1
		}
		h[4], h[5], h[6], h[7] = byte(id>>24), byte(id>>16), byte(id>>8), byte(id)
		out = append(out, buf)
	}
	return out
}

// unfragmented is the header that a datagram has whose first fragment b is.
func unfragmented(b []byte) []byte {
	c := chainOf(b)
	h := slices.Clone(b[:c.fragment])
	h[c.next] = c.proto
	return h
}

func putLen6(b []byte) { b[4], b[5] = byte((len(b)-HeaderLen6)>>8), byte(len(b)-HeaderLen6) }
