package crypto

import (
	"encoding/binary"

	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// Opener is the receiving side of a tunnel-mode association.
type Opener struct {
	esp     *esp.Inbound
	policy  spd.Policy
	refused refusals
}

// NewOpener makes the receiving side.
func NewOpener(p Params) (*Opener, error) {
	policy, err := spd.NewPolicy(p.Remote, p.Local)
	if err != nil {
		return nil, err
	}
	in, err := esp.NewInbound(p.Params)
	return &Opener{esp: in, policy: policy}, err
}

// ESP is the association itself: its counters and its sequence number.
func (o *Opener) ESP() *esp.Inbound { return o.esp }

// Open takes a whole outer IPv4 packet and returns the inner one, in dst[:0]
// or, where dst has no room, in new memory. dst must not overlap pkt, which is
// not modified.
//
// Errors: ErrOuter, those of package esp; then, with the packet known to be the
// peer's and its sequence number used up, ErrNextHeader, ErrInner, ErrPolicy,
// ErrECN.
func (o *Opener) Open(dst, pkt []byte) ([]byte, error) {
	n, ok := packetLen(pkt)
	if !ok || pkt[9] != ip.ProtoESP || binary.BigEndian.Uint16(pkt[6:])&ip.FragmentMask != 0 {
		return nil, o.refused.refuse(ErrOuter)
	}
	// What follows the packet, Ethernet padding, is left out.
	payload, next, err := o.esp.Open(dst, pkt[int(pkt[0]&15)*4:n])
	if err != nil {
		return nil, err
	}
	return o.inner(payload, next, pkt[1])
}

// inner returns the packet in a verified payload. tos is the outer one.
func (o *Opener) inner(payload []byte, next, tos uint8) ([]byte, error) {
	if next != protoIPv4 {
		return nil, o.refused.refuse(ErrNextHeader)
	}
	n, ok := packetLen(payload)
	if !ok {
		return nil, o.refused.refuse(ErrInner)
	}
	inner := payload[:n] // what follows is traffic flow confidentiality padding (RFC 4303 section 2.7)
	switch {
	case !o.policy.Allows(inner):
		return nil, o.refused.refuse(ErrPolicy)
	case !decapsulateECN(inner, tos):
		return nil, o.refused.refuse(ErrECN)
	}
	return inner, nil
}

// Errors is the number of packets refused; dummies are not errors.
func (o *Opener) Errors() uint64 {
	c := o.esp.Counters()
	return o.refused.total() + c.Errors()
}
