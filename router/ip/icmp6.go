package ip

import (
	"encoding/binary"
	"time"
)

// ICMPv6 (RFC 4443). Beyond this file its errors have the types and codes of ICMP that say
// the same.

const (
	unreachable6  = 1
	tooBig6       = 2
	timeExceeded6 = 3
	badParameter6 = 4
	echoRequest6  = 128
	echoReply6    = 129

	hopLimit = 64

	codeScope = 250 // no code of ICMP: beyond the scope of the source address
)

// errors6 are the errors that both have.
var errors6 = [...]struct{ kind, code, kind6, code6 uint8 }{
	{Unreachable, 0, unreachable6, 0},
	{Unreachable, codeHost, unreachable6, 3},
	{Unreachable, codeProhibited, unreachable6, 1},
	{Unreachable, codeScope, unreachable6, 2},
	{Unreachable, CodePort, unreachable6, 4},
	{Unreachable, codeProtocol, badParameter6, 1},
	{Unreachable, CodeFragmentationNeeded, tooBig6, 0},
	{TimeExceeded, 0, timeExceeded6, 0},
	{TimeExceeded, codeReassembly, timeExceeded6, 1},
}

// to6 is an error as ICMPv6 has it: there is no route where ICMP would say no host.
func to6(kind, code uint8) (uint8, uint8) {
	if kind == Unreachable && code == codeHost {
		code = 0
	}
	for _, e := range errors6 {
		if e.kind == kind && e.code == code {
			return e.kind6, e.code6
		}
	}
	return unreachable6, 0
}

// from6 is the way back; what ICMP has no code for is an unreachable host.
func from6(kind, code uint8) (uint8, uint8) {
	for _, e := range errors6 {
		if e.kind6 == kind && e.code6 == code {
			return e.kind, e.code
		}
	}
	if kind == tooBig6 {
		return Unreachable, CodeFragmentationNeeded
	}
	return Unreachable, codeHost
}

// errorBucket is how many errors may leave at once, and how soon there is room for one
// more (RFC 4443 section 2.4 (f); IOS: ipv6 icmp error-interval).
type errorBucket struct {
	at   time.Time
	used int
}

const (
	errorInterval = 100 * time.Millisecond
	errorBurst    = 10
)

func (b *errorBucket) allow(now time.Time) bool {
	if back := int(now.Sub(b.at) / errorInterval); back > 0 {
		b.used, b.at = max(0, b.used-back), now
	}
	if b.used == errorBurst {
		return false
	}
	b.used++
	return true
}

// setICMPChecksum fills in the checksum of the ICMP message in a packet, of either family.
func setICMPChecksum(p *Packet) {
	b := p.Payload()
	b[2], b[3] = 0, 0
	sum := uint32(0)
	if p.six() {
		sum = pseudoHeader(p, len(b))
	}
	binary.BigEndian.PutUint16(b[2:], Fold(Sum(sum, b)))
}

// fail6 is fail for a packet of IPv6 that came in (RFC 4443 section 2.4 (e)).
func (c *ICMP) fail6(now time.Time, p *Packet, kind, code uint8, mtu int) {
	kind, code = to6(kind, code)
	src := p.src()
	if p.group && kind != tooBig6 || src == none || src.group6() || p.Fragment()&OffsetMask != 0 || IsICMPError(p) || !c.limits.six.allow(now) {
		return
	}
	from := p.In.source6(src)
	if from == none {
		from = c.s.Interfaces.anySix(p.In.table)
	}
	if from == none {
		return
	}
	quoted := p.Bytes()[:min(p.Len(), MinMTU6-HeaderLen6-icmpHeader)]
	answer := newPacket(ProtoICMPv6, from, src, hopLimit, icmpHeader+len(quoted))
	answer.link, answer.made = p.In, p.In.table
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
		c.s.paths.learn(now, pathTo{c.s.VRF(f.VRF), destination(quoted)}, f.MTU)
	}
	f.Header, f.Begin = quoted[:h.at], quoted[h.at:]
	if tell := c.failures.get(uint16(h.proto)); tell != nil {
		tell(now, f)
	}
}

// receive6 takes a message of ICMPv6 for this device.
func (c *ICMP) receive6(now time.Time, p *Packet) {
	b := p.Payload()
	t := &c.s.Totals6.ICMP
	switch {
	case !p.six(): // the protocol of IPv4 with that number is none
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
	switch b[0] {
	case echoRequest6:
		if p.In == nil {
			c.s.Echoes.answered(now, p.vrf(), p.Dst(), b)
		} else if !p.group {
			c.answerEcho6(now, p)
		}
	case echoReply6:
		c.s.Echoes.answered(now, p.vrf(), p.Src(), b)
	case unreachable6, tooBig6, timeExceeded6, badParameter6:
		f := Failure{From: p.Src(), VRF: p.vrf()}
		f.Type, f.Code = from6(b[0], b[1])
		if b[0] == tooBig6 {
			f.MTU = int(binary.BigEndian.Uint32(b[4:]))
		}
		c.failed(now, f, b[icmpHeader:])
	case neighbourSolicitation, neighbourAdvertisement:
		nd{c.s}.receive(now, p, b)
	}
}

// answerEcho6 answers an echo. "The source address of an Echo Reply sent in response to a
// unicast Echo Request message MUST be the same as the destination address of that Echo
// Request message." (RFC 4443 section 4.2)
func (c *ICMP) answerEcho6(now time.Time, p *Packet) {
	asked := p.Payload()
	answer := newPacket(ProtoICMPv6, p.dst(), p.src(), hopLimit, len(asked))
	answer.link, answer.made = p.In, p.In.table
	copy(answer.Payload(), asked)
	answer.Payload()[0] = echoReply6
	setICMPChecksum(answer)
	c.s.originate(now, answer)
}
