package crypto

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// opener is the receiving side of an association.
type opener struct {
	transport bool
	esp       esp.Inbound
	policy    spd.Policy
	pieces    pieces
	refused   refusals
	real      *[2]netip.Addr // as Mode has them; nil: no NAT changes any
}

// newOpener makes the receiving side.
func newOpener(p Params) (opener, error) {
	policy, err := spd.NewPolicy(p.Remote, p.Local)
	if err != nil {
		return opener{}, err
	}
	in, err := esp.NewInbound(p.Params)
	o := opener{transport: p.Transport, esp: in, policy: policy}
	if p.Transport && p.Real[0].IsValid() {
		o.real = &[2]netip.Addr{p.Real[0], p.Real[1]}
	}
	return o, err
}

// association is the ESP one itself: its counters and its sequence number.
func (o *opener) association() *esp.Inbound { return &o.esp }

// open takes an outer packet, whole and well formed, with what espOf finds in it, and returns
// the inner one, in dst[:0] or, where dst has no room, in new memory. dst must not overlap pkt,
// which is not modified.
//
// Errors: ErrOuter, those of package esp; then, with the packet known to be the
// peer's and its sequence number used up, ErrNextHeader, ErrInner, ErrPolicy,
// ErrECN.
func (o *opener) open(dst, pkt, body []byte) ([]byte, error) {
	if o.transport {
		return o.openTransport(dst, pkt, body)
	}
	payload, next, err := o.esp.Open(dst, body)
	if err != nil {
		return nil, err
	}
	return o.inner(payload, next, ip.TOS(pkt))
}

// openTransport returns the packet whose header stands before ESP: its protocol
// and length are those of what ESP protects, its checksums further in are what
// they were.
func (o *opener) openTransport(dst, pkt, body []byte) ([]byte, error) {
	if ip.IsIPv6(pkt) {
		return nil, o.refused.refuse(ErrOuter)
	}
	head := int(pkt[0]&15) * 4
	dst = slices.Grow(dst[:0], len(pkt))
	payload, next, err := o.esp.Open(dst[head:head], body)
	if err != nil {
		return nil, err
	}
	inner := append(dst[:head], payload...) // payload lies there already
	copy(inner, pkt[:head])
	inner[9] = next
	binary.BigEndian.PutUint16(inner[2:], uint16(len(inner)))
	ip.SetHeaderChecksum(inner)
	if o.real != nil {
		readdress(inner, head, o.real)
	}
	if !o.policy.Allows(inner) {
		return nil, o.refused.refuse(ErrPolicy)
	}
	return inner, nil
}

// espOf is the ESP packet in what a packet carries: itself, or UDP around it
// (RFC 3948 section 2.1); nil: there is none.
func espOf(proto uint8, body []byte) []byte {
	switch {
	case proto == ip.ProtoESP:
		return body
	case proto != ip.ProtoUDP || len(body) < udpHeader:
		return nil
	}
	if n := int(binary.BigEndian.Uint16(body[4:])); n >= udpHeader && n <= len(body) {
		return body[udpHeader:n]
	}
	return nil
}

// inner returns the packet in a verified payload. tos is the outer one.
func (o *opener) inner(payload []byte, next, tos uint8) ([]byte, error) {
	if next != protoIPv4 && next != protoIPv6 {
		return nil, o.refused.refuse(ErrNextHeader)
	}
	n, ok := packetLen(payload)
	if !ok || ip.IsIPv6(payload) != (next == protoIPv6) {
		return nil, o.refused.refuse(ErrInner)
	}
	inner := payload[:n] // what follows is traffic flow confidentiality padding (RFC 4303 section 2.7)
	switch {
	case !o.lets(inner):
		return nil, o.refused.refuse(ErrPolicy)
	case !decapsulateECN(inner, tos):
		return nil, o.refused.refuse(ErrECN)
	}
	return inner, nil
}

// errors is the number of packets refused; dummies are not errors.
func (o *opener) errors() uint64 {
	c := o.esp.Counters()
	return uint64(o.refused) + c.Refused
}
