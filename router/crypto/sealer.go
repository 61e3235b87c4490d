package crypto

import (
	"io"
	"slices"

	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// sealer is the sending side of a tunnel-mode association.
type sealer struct {
	esp     *esp.Outbound
	policy  spd.Policy
	outer   header
	refused refusals
}

// newSealer makes the sending side. IVs are drawn from iv where the transform draws them.
func newSealer(p Params, iv io.Reader) (*sealer, error) {
	policy, err := spd.NewPolicy(p.Local, p.Remote)
	if err != nil {
		return nil, err
	}
	outer, err := newHeader(p.Encapsulation)
	if err != nil {
		return nil, err
	}
	out, err := esp.NewOutbound(p.Params, iv)
	return &sealer{esp: out, policy: policy, outer: outer}, err
}

// encapsulate changes what the following packets travel in. Addresses that
// cannot be change nothing.
func (s *sealer) encapsulate(e Encapsulation) error {
	outer, err := newHeader(e)
	if err == nil {
		s.outer = outer
	}
	return err
}

// association is the ESP one itself: its counters and its sequence number.
func (s *sealer) association() *esp.Outbound { return s.esp }

// overhead is the number of octets that seal adds to an inner packet of n.
func (s *sealer) overhead(n int) int { return ip.HeaderLen + s.esp.Overhead(n) }

// room is the number of octets that seal puts before the inner packet.
func (s *sealer) room() int { return ip.HeaderLen + s.esp.Room() }

// allows says whether the selectors are those of an inner packet that is well
// formed.
func (s *sealer) allows(inner []byte) bool { return s.policy.Allows(inner) }

// seal appends the outer packet that carries inner, an IPv4 packet, to dst,
// which must not overlap inner unless inner lies where it is to be copied to:
// room octets after the end of dst. id is the outer identification.
//
// Errors, after which no sequence number is used up: ErrInner, ErrPolicy,
// ErrLong, and those of package esp.
func (s *sealer) seal(dst, inner []byte, id uint16) ([]byte, error) {
	n, ok := packetLen(inner)
	switch {
	case !ok:
		return dst, s.refused.refuse(ErrInner)
	case !s.policy.Allows(inner[:n]):
		return dst, s.refused.refuse(ErrPolicy)
	case n+s.overhead(n) > ip.MaxLen:
		return dst, s.refused.refuse(ErrLong)
	}
	start, total := len(dst), n+s.overhead(n)
	dst = slices.Grow(dst, total)
	s.outer.write(dst[start:start+total], inner, id) // first: inner may be sealed in place
	out, err := s.esp.Seal(dst[:start+ip.HeaderLen], inner[:n], protoIPv4)
	if err != nil {
		return dst[:start], err
	}
	return out, nil
}

// errors is the number of packets refused.
func (s *sealer) errors() uint64 {
	c := s.esp.Counters()
	return s.refused.total() + c.Errors()
}
