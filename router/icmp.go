package router

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// ICMP (RFC 792) as a router speaks it (RFC 1812 section 4.3).

const (
	icmpEchoReply = 0
	icmpEcho      = 8

	codeHost                = 1 // of icmpUnreachable
	codeProtocol            = 2
	codePort                = 3
	codeFragmentationNeeded = 4
	codeReassembly          = 1 // of icmpTimeExceeded

	icmpHeader       = 8
	quoteLen         = 8                      // octets of the payload that an error quotes
	unreachablePause = 500 * time.Millisecond // IOS: ip icmp rate-limit unreachable
)

// icmpLimits are when the last unreachables left; IOS counts those for DF
// apart.
type icmpLimits struct{ unreachable, df time.Time }

// allow says whether an error may be sent now.
func (l *icmpLimits) allow(now time.Time, kind, code uint8) bool {
	if kind != icmpUnreachable {
		return true
	}
	last := &l.unreachable
	if code == codeFragmentationNeeded {
		last = &l.df
	}
	if !last.IsZero() && now.Sub(*last) < unreachablePause {
		return false
	}
	*last = now
	return true
}

// isICMPError says whether a packet is an ICMP error: errors never answer
// errors (RFC 1122 section 3.2.2).
func isICMPError(p *packet) bool {
	b := p.payload()
	if p.proto() != protoICMP || p.fragment()&offsetMask != 0 || len(b) == 0 {
		return false
	}
	switch b[0] {
	case icmpUnreachable, 4, 5, icmpTimeExceeded, 12: // source quench, redirect, parameter problem
		return true
	}
	return false
}

// icmpFailure tells the sender of a packet that it was not delivered. mtu
// goes with "fragmentation needed" (RFC 1191). A packet made here has its
// sender here.
func (r *Router) icmpFailure(now time.Time, p *packet, kind, code uint8, mtu int) {
	if p.in == nil {
		r.icmpError(now, p.src().addr(), kind, code, p.ip())
		return
	}
	if p.group || p.fragment()&offsetMask != 0 || isICMPError(p) || !r.icmp.allow(now, kind, code) {
		return
	}
	from := p.in.primary()
	if from == 0 {
		a, _ := r.sourceFor(p.src().addr())
		from = ip4Of(a)
	}
	if from == 0 {
		return
	}
	b := p.ip()
	quoted := b[:min(len(b), p.headerLen()+quoteLen)]
	answer := newPacket(protoICMP, from, p.src(), defaultTTL, icmpHeader+len(quoted))
	m := answer.payload()
	m[0], m[1] = kind, code
	binary.BigEndian.PutUint16(m[6:], uint16(mtu))
	copy(m[icmpHeader:], quoted)
	binary.BigEndian.PutUint16(m[2:], checksum(m))
	r.originate(now, answer)
}

// receiveICMP takes an ICMP message for this router.
func (r *Router) receiveICMP(now time.Time, p *packet) {
	b := p.payload()
	if len(b) < icmpHeader || checksum(b) != 0 {
		r.countInError(p)
		return
	}
	switch b[0] {
	case icmpEcho:
		if p.in == nil {
			r.echoAnswered(now, p.dst(), b)
		} else if !p.group {
			r.answerEcho(now, p)
		}
	case icmpEchoReply:
		r.echoAnswered(now, p.src(), b)
	case icmpUnreachable, icmpTimeExceeded:
		quoted := b[icmpHeader:]
		if b[0] == icmpUnreachable && b[1] == codeFragmentationNeeded {
			r.pathTooNarrow(now, quoted, int(binary.BigEndian.Uint16(b[6:])))
		}
		r.icmpError(now, p.src().addr(), b[0], b[1], quoted)
	}
}

func (r *Router) echoAnswered(now time.Time, from ip4, b []byte) {
	r.echoReply(now, from.addr(), binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]))
}

// answerEcho turns an echo around in place.
func (r *Router) answerEcho(now time.Time, p *packet) {
	r.take(p, nil)
	ip, b := p.ip(), p.payload()
	src, dst := p.src(), p.dst()
	writeIP4(ip[12:], dst)
	writeIP4(ip[16:], src)
	ip[8] = defaultTTL
	b[0] = icmpEchoReply
	b[2], b[3] = 0, 0
	binary.BigEndian.PutUint16(b[2:], checksum(b))
	p.in = nil
	r.originate(now, p)
}

// sendEcho sends an ICMP echo whose IPv4 packet is size octets long.
func (r *Router) sendEcho(now time.Time, src, dst netip.Addr, id, seq uint16, size int, df bool) {
	size = min(max(size, ipHeader+icmpHeader), maxIPLen)
	p := newPacket(protoICMP, ip4Of(src), ip4Of(dst), defaultTTL, size-ipHeader)
	if df {
		p.ip()[6] = flagDF >> 8
	}
	b := p.payload()
	b[0] = icmpEcho
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], seq)
	for i := icmpHeader; i+1 < len(b); i += 2 {
		b[i], b[i+1] = 0xab, 0xcd // IOS's data pattern
	}
	binary.BigEndian.PutUint16(b[2:], checksum(b))
	r.originate(now, p)
}
