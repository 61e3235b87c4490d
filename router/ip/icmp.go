package ip

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// ICMP (RFC 792) as a router speaks it (RFC 1812 section 4.3).

const (
	quoteLen         = 8                      // octets of the payload that an error quotes
	unreachablePause = 500 * time.Millisecond // IOS: ip icmp rate-limit unreachable
)

// Failure is an ICMP error about a packet that was sent from here.
type Failure struct {
	From   netip.Addr // who says so
	Type   uint8
	Code   uint8
	MTU    int    // with CodeFragmentationNeeded (RFC 1191)
	Header []byte // of our packet, and
	Begin  []byte // at least the first eight octets of its payload
	Local  bool   // it never left
	VRF    int    // by number, that the packet is in
}

// ICMP is the part of a stack that tells of failures, and is told.
type ICMP struct {
	s        *Stack
	failures handlers[func(now time.Time, f Failure)]
	limits   icmpLimits
}

// Handle has f told of ICMP errors about packets of a protocol that were sent
// from here.
func (c *ICMP) Handle(proto uint8, f func(now time.Time, f Failure)) {
	c.failures.set(uint16(proto), f)
}

// icmpLimits are when the last unreachables left; IOS counts those for DF
// apart.
type icmpLimits struct {
	unreachable, df time.Time
	six             errorBucket
}

// allow says whether an error may be sent now.
func (l *icmpLimits) allow(now time.Time, kind, code uint8) bool {
	if kind != Unreachable {
		return true
	}
	last := &l.unreachable
	if code == CodeFragmentationNeeded {
		last = &l.df
	}
	if !last.IsZero() && now.Sub(*last) < unreachablePause {
		return false
	}
	*last = now
	return true
}

// IsICMPError says whether a packet is an ICMP error: errors never answer
// errors (RFC 1122 section 3.2.2).
func IsICMPError(p *Packet) bool {
	b := p.Payload()
	if p.six {
		return p.Proto() == ProtoICMPv6 && p.Fragment()&OffsetMask == 0 && len(b) > 0 && b[0] < echoRequest6
	}
	if p.Proto() != ProtoICMP || p.Fragment()&OffsetMask != 0 || len(b) == 0 {
		return false
	}
	switch b[0] {
	case Unreachable, sourceQuench, redirect, TimeExceeded, badParameter:
		return true
	}
	return false
}

// fail tells the sender of a packet that it was not delivered. mtu goes with
// "fragmentation needed" (RFC 1191). A packet made here has its sender here.
func (c *ICMP) fail(now time.Time, p *Packet, kind, code uint8, mtu int) {
	if p.In == nil {
		c.failed(now, Failure{From: p.Src(), Type: kind, Code: code, MTU: mtu, Local: true, VRF: p.VRF()}, p.Bytes())
		return
	}
	if p.six {
		c.fail6(now, p, kind, code, mtu)
		return
	}
	if kind == Unreachable && p.In.Settings.NoUnreachables || p.group || p.Fragment()&OffsetMask != 0 || IsICMPError(p) || !c.limits.allow(now, kind, code) {
		return
	}
	from := p.In.primary()
	if !from.IsValid() {
		from, _ = p.table(c.s).SourceFor(p.Src())
	}
	if !from.IsValid() {
		return
	}
	b := p.Bytes()
	quoted := b[:min(len(b), p.headerLen()+quoteLen)]
	answer := newPacket(ProtoICMP, addressOf(from), p.src(), DefaultTTL, icmpHeader+len(quoted))
	answer.by = p.table(c.s)
	m := answer.Payload()
	m[0], m[1] = kind, code
	binary.BigEndian.PutUint16(m[6:], uint16(mtu))
	copy(m[icmpHeader:], quoted)
	binary.BigEndian.PutUint16(m[2:], Checksum(m))
	c.s.originate(now, answer)
}

// failed hands an ICMP error to whoever sent the packet that it quotes.
func (c *ICMP) failed(now time.Time, f Failure, quoted []byte) {
	if IsIPv6(quoted) {
		c.failed6(now, f, quoted)
		return
	}
	if len(quoted) < HeaderLen || quoted[0]>>4 != 4 {
		return
	}
	header := int(quoted[0]&15) * 4
	if header < HeaderLen || len(quoted) < header+quoteLen {
		return
	}
	f.Header, f.Begin = quoted[:header], quoted[header:]
	if tell := c.failures.get(uint16(quoted[9])); tell != nil {
		tell(now, f)
	}
}

// receive takes an ICMP message for this device.
func (c *ICMP) receive(now time.Time, p *Packet) {
	b := p.Payload()
	switch {
	case len(b) < icmpHeader:
		c.s.Totals.ICMP.Short++
		c.s.Refuse(p, BadTransport)
		return
	case Checksum(b) != 0:
		c.s.Totals.ICMP.Sums++
		c.s.Refuse(p, BadTransport)
		return
	}
	add(&c.s.Totals.ICMP.In, b[0])
	switch b[0] {
	case echoRequest:
		if p.In == nil {
			c.s.Echoes.answered(now, p.VRF(), p.Dst(), b)
		} else if !p.group {
			c.answerEcho(now, p)
		}
	case echoReply:
		c.s.Echoes.answered(now, p.VRF(), p.Src(), b)
	case Unreachable, TimeExceeded:
		f := Failure{From: p.Src(), Type: b[0], Code: b[1], VRF: p.VRF()}
		if f.Type == Unreachable && f.Code == CodeFragmentationNeeded {
			f.MTU = int(binary.BigEndian.Uint16(b[6:]))
		}
		c.failed(now, f, b[icmpHeader:])
	}
}

// answerEcho turns an echo around in place.
func (c *ICMP) answerEcho(now time.Time, p *Packet) {
	c.s.take(p, nil)
	b, m := p.Bytes(), p.Payload()
	src, dst := p.src(), p.dst()
	writeV4(b[12:], dst)
	writeV4(b[16:], src)
	b[8] = DefaultTTL
	m[0] = echoReply
	m[2], m[3] = 0, 0
	binary.BigEndian.PutUint16(m[2:], Checksum(m))
	p.In, p.by = nil, p.table(c.s)
	c.s.originate(now, p)
}

// setICMPChecksum fills in the checksum of the ICMP message in a packet, of either family.
func setICMPChecksum(p *Packet) {
	b := p.Payload()
	b[2], b[3] = 0, 0
	sum := uint32(0)
	if p.six {
		sum = pseudoHeader(p, len(b))
	}
	binary.BigEndian.PutUint16(b[2:], Fold(Sum(sum, b)))
}

// fail6 is fail for a packet of IPv6 that came in (RFC 4443 section 2.4 (e)).
func (c *ICMP) fail6(now time.Time, p *Packet, kind, code uint8, mtu int) {
	if kind == Unreachable && code != CodeFragmentationNeeded && p.In.Settings.six().NoUnreachables {
		return
	}
	kind, code = to6(kind, code)
	src := p.src()
	if p.group && kind != tooBig6 || src == none || src.group6() || p.Fragment()&OffsetMask != 0 || IsICMPError(p) {
		return
	}
	if !c.limits.six.allow(now) {
		c.s.Limited6++
		return
	}
	from := source6(p.In, src)
	if from == none {
		from = c.s.Interfaces.anySix(p.In.table)
	}
	if from == none {
		return
	}
	quoted := p.Bytes()[:min(p.Len(), MinMTU6-HeaderLen6-icmpHeader)]
	answer := newPacket(ProtoICMPv6, from, src, hopLimit, icmpHeader+len(quoted))
	answer.link, answer.by = p.In, p.table(c.s)
	m := answer.Payload()
	m[0], m[1] = kind, code
	binary.BigEndian.PutUint32(m[4:], uint32(mtu))
	copy(m[icmpHeader:], quoted)
	setICMPChecksum(answer)
	c.s.originate(now, answer)
}

// failed6 is failed for a packet of IPv6.
func (c *ICMP) failed6(now time.Time, f Failure, quoted []byte) {
	if len(quoted) < HeaderLen6 {
		return
	}
	h := chainOf(quoted)
	if h.fault || len(quoted) < h.at+quoteLen || h.field&OffsetMask != 0 {
		return
	}
	if f.MTU > 0 && !f.Local && c.s.Interfaces.Owns(f.VRF, Source(quoted)) {
		c.s.paths.learn(now, pathTo{f.VRF, destination(quoted)}, f.MTU)
	}
	f.Header, f.Begin = quoted[:h.at], quoted[h.at:]
	if tell := c.failures.get(uint16(h.proto)); tell != nil {
		tell(now, f)
	}
}

// receive6 takes a message of ICMPv6 for this device.
func (c *ICMP) receive6(now time.Time, p *Packet) {
	b := p.Payload()
	t := &c.s.Totals6().ICMP
	switch {
	case !p.six: // the protocol of IPv4 with that number is none
		c.s.drop(p.In, p.Bytes(), NoProtocol)
		c.fail(now, p, Unreachable, codeProtocol, 0)
		return
	case len(b) < icmpHeader:
		t.Short++
		c.s.Refuse(p, BadTransport)
		return
	case Fold(Sum(pseudoHeader(p, len(b)), b)) != 0:
		t.Sums++
		c.s.Refuse(p, BadTransport)
		return
	}
	add(&t.In, b[0])
	c.s.Totals6().error6(0, p.Bytes(), p.headerLen())
	switch b[0] {
	case echoRequest6:
		if p.In == nil {
			c.s.Echoes.answered(now, p.VRF(), p.Dst(), b)
		} else if !p.group {
			c.answerEcho6(now, p)
		}
	case echoReply6:
		c.s.Echoes.answered(now, p.VRF(), p.Src(), b)
	case unreachable6, tooBig6, timeExceeded6, badParameter6:
		f := Failure{From: p.Src(), VRF: p.VRF()}
		f.Type, f.Code = from6(b[0], b[1])
		if b[0] == tooBig6 {
			f.MTU = int(binary.BigEndian.Uint32(b[4:]))
		}
		c.failed(now, f, b[icmpHeader:])
	case neighbourSolicitation, neighbourAdvertisement:
		nd{c.s}.receive(now, p, b)
	case routerSolicitation, routerAdvertisement:
		if links := c.s.Interfaces.links; links != nil {
			links.hears(now, p, b)
		}
	}
}

// answerEcho6 answers an echo. "The source address of an Echo Reply sent in response to a
// unicast Echo Request message MUST be the same as the destination address of that Echo
// Request message." (RFC 4443 section 4.2)
func (c *ICMP) answerEcho6(now time.Time, p *Packet) {
	asked := p.Payload()
	answer := newPacket(ProtoICMPv6, p.dst(), p.src(), hopLimit, len(asked))
	answer.link, answer.by = p.In, p.table(c.s)
	copy(answer.Payload(), asked)
	answer.Payload()[0] = echoReply6
	setICMPChecksum(answer)
	c.s.originate(now, answer)
}
