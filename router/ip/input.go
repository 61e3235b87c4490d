package ip

import (
	"slices"
	"time"
)

// receive takes a packet that came in on an interface. One in a tunnel goes through it twice:
// a second copy of it for the inner packet would crowd others out of the processor's first cache
// of instructions, which the way of a packet just fills.
//
//go:noinline
func (s *Stack) receive(now time.Time, p *Packet) {
	totals := totals(s, p.six)
	totals.Received++
	n, ok := CheckHeader(p.bytes)
	if !ok {
		s.Refuse(p, BadHeader)
		return
	}
	if n < len(p.bytes) { // Ethernet padding
		p.cut(n)
	}
	if p.six {
		if !concerns6(now, s, p) {
			return
		}
	} else {
		if p.group || p.bytes[0] != plainHeader {
			totals.received4(p.bytes, p.group)
		}
		if !passes(now, s, p, p.In, In) {
			return
		}
	}
	if !s.admitSource(now, p) {
		return
	}
	if s.Translator != nil {
		if p = s.arrives(now, p); p == nil {
			return
		}
	}
	switch e := wayIn(s, p); {
	case p.group || e.Kind == Broadcast || e.Kind == Martian:
		toMany(now, s, p, e)
	case e.Kind == Local:
		s.local(now, p)
	default:
		s.forward(now, p, e)
	}
}

// toMany takes a packet to many: its address says so, or that of its frame.
func toMany(now time.Time, s *Stack, p *Packet, e *Entry) {
	switch {
	case e.Kind == Broadcast:
		if e.Out == nil || e.Out == p.In {
			p.group = true
			s.local(now, p)
		}
	case e.Kind == Local && p.dst().group6(), e.Kind == Martian && p.group && slices.Contains(p.In.groups, p.dst()):
		s.local(now, p)
	case e.Kind == Martian:
		s.dropIn(p, ImpossibleTo)
	case e.Kind == Local:
		s.drop(p.In, p.Bytes(), GroupToUnicast)
	default:
		s.dropIn(p, GroupToUnicast) // RFC 1122 section 3.3.6
	}
}

// admitSource refuses sources that nobody has (RFC 1812 section 5.3.7), our
// own addresses, and what the check and the guard refuse.
func (s *Stack) admitSource(now time.Time, p *Packet) bool {
	src := p.src()
	if p.group && asksForAddress(p) || src.linkLocal() {
		return true
	}
	back := p.table(s).lookup(src)
	switch back.Kind {
	case Martian, Local, Broadcast:
		s.dropIn(p, ImpossibleFrom)
		return false
	}
	if other := back.Out; other != nil && other != p.In && other.output != nil && s.check != nil && !s.check(now, p, other) {
		return false
	}
	return p.In.guard.in == nil || p.In.guard.in(now, p)
}

// asksForAddress says whether a packet to a group is from nobody to everybody on the link, as that
// of a host may be which has no address yet (RFC 1122 section 3.2.1.3 (a)).
func asksForAddress(p *Packet) bool {
	return p.src() == nobody && p.dst() == broadcast && p.Proto() == ProtoUDP
}

// arrives has a packet translated that came in: a whole one, and the translator's
// to modify. Nil: it goes no further, or waits for its other fragments.
func (s *Stack) arrives(now time.Time, p *Packet) *Packet {
	if p.table(s).vrf != 0 || p.six || !s.Translator.Concerns(p, nil) {
		return p
	}
	if p.Fragment()&FragmentMask != 0 {
		if p = s.frags.take(now, p); p == nil {
			return nil
		}
	}
	s.take(p, nil)
	if !s.Translator.Arrives(now, p) {
		return nil
	}
	return p
}

// forward sends a packet on its way.
func (s *Stack) forward(now time.Time, p *Packet, e *Entry) {
	if p.six && !forwards6(now, s, p) {
		return
	}
	ttl := p.ttl()
	if ttl <= 1 {
		s.dropIn(p, TTLExceeded)
		s.ICMP.fail(now, p, TimeExceeded, 0, 0)
		return
	}
	if e.Kind == None || e.Kind == Null {
		s.dropIn(p, NoRoute)
		s.ICMP.fail(now, p, Unreachable, codeHost, 0)
		return
	}
	if !passes(now, s, p, e.Out, Out) {
		return
	}
	totals(s, p.six).Forwarded++
	watch(s, Forwarded, p.In, p.bytes, e)
	s.take(p, e)
	setTTL(p.bytes, ttl-1)
	if in, out := p.In.Settings.MSS, e.Out.Settings.MSS; in|out != 0 && !p.six {
		clampMSS(p.bytes, in)
		clampMSS(p.bytes, out)
	}
	if s.Translator != nil {
		if p = s.leaves(now, p, e); p == nil {
			return
		}
	}
	s.output(now, p, e)
}

// take makes a packet ours to modify. One that is about to be encrypted is
// copied to where the cipher wants it. e is its route; nil: not known yet.
func (s *Stack) take(p *Packet, e *Entry) {
	if p.own {
		return
	}
	var buf []byte
	if e != nil && e.Out.output != nil {
		buf = e.Out.output.Place(p.Len())
	}
	if buf == nil {
		buf = Buffer(s, Carried, p.Len())
	}
	copy(buf[EthernetHeader:], p.bytes)
	p.hold(buf)
	p.own = true
}

// local delivers a packet that is for this device.
func (s *Stack) local(now time.Time, p *Packet) {
	if p.In != nil {
		totals(s, p.six).Local++
	}
	if p.Fragment()&FragmentMask != 0 {
		if p = s.frags.take(now, p); p == nil {
			return
		}
	}
	watch(s, Delivered, p.In, p.Bytes(), nil)
	if f := s.protocols[places[p.Proto()]%maxHandled]; f != nil {
		f(now, p)
		return
	}
	s.drop(p.In, p.Bytes(), NoProtocol)
	s.ICMP.fail(now, p, Unreachable, codeProtocol, 0)
}

// passes says whether an interface lets a packet through. To one that is refused its
// sender gets "communication administratively prohibited" (RFC 1812 section 5.2.7.1).
// What was made here is not judged on its way out, as in IOS, nor what a crypto map
// has unpacked on its way in: its outer packet was.
func passes(now time.Time, s *Stack, p *Packet, i *Interface, way int) bool {
	return i == nil || !i.guard.judges || judged(now, s, p, i, way)
}

// judged is passes where there is some filter, or no IPv4.
func judged(now time.Time, s *Stack, p *Packet, i *Interface, way int) bool {
	if way == In && !p.six && !i.Settings.SpeaksFour() {
		i.Counters.InUnknown++
		s.drop(i, p.Bytes(), NoProtocol)
		return false
	}
	filter := i.Settings.filters(p.six)[way]
	if filter == nil || p.inner && i.Physical && way == In {
		return true
	}
	permits, log := filter.Judge(p.bytes)
	if log.List != "" {
		s.logged.saw(now, toLog(p, log, permits))
	}
	if permits {
		return true
	}
	s.dropIn(p, Prohibited)
	s.ICMP.fail(now, p, Unreachable, codeProhibited, 0)
	return false
}

// toLog is what is told of a packet.
func toLog(p *Packet, by Logging, permits bool) AccessLogged {
	what := AccessLogged{List: by.List, Line: by.Line, Standard: by.Standard, Denied: !permits, From: p.Src()}
	if !by.Standard {
		what.To, what.Protocol = p.Dst(), p.Proto()
	}
	if !by.Standard && p.Fragment()&OffsetMask == 0 {
		top := topOf(p.Bytes())
		what.FromPort, what.ToPort, what.Type, what.Code = top.SourcePort, top.DestinationPort, top.Type, top.Code
	}
	if by.Input && p.In != nil {
		what.Interface, what.MAC = p.In.Name, p.from
	}
	return what
}

// concerns6 takes what comes in to a group, and refuses what cannot be or may not pass; it
// says whether the packet goes on.
func concerns6(now time.Time, s *Stack, p *Packet) bool {
	src, dst := p.src(), p.dst()
	if dst.group6() {
		s.Totals6().Multicasts++
	}
	switch {
	case !p.In.six.on():
		p.In.Counters.InUnknown++
		s.drop(p.In, p.Bytes(), NoProtocol)
	case src.group6(), src == none && (!dst.group6() || p.Proto() != ProtoICMPv6), src.linkLocal() && p.In.answers(src):
		s.dropIn(p, ImpossibleFrom)
	case !passes(now, s, p, p.In, In):
	case !dst.group6():
		return true
	case p.In.answers(src): // what we have sent has come back
		s.dropIn(p, ImpossibleFrom)
	case joined(p.In, dst, s.Forward6):
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
func wayIn(s *Stack, p *Packet) *Entry {
	dst := p.dst()
	switch {
	case !dst.linkLocal():
		return p.table(s).lookup(dst)
	case dst == p.In.six.linkLocal && !p.In.six.pending(dst):
		return &localEntry
	}
	return &martianEntry
}

// forwards6 says whether a packet may be sent on.
func forwards6(now time.Time, s *Stack, p *Packet) bool {
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
