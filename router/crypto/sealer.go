package crypto

import (
	"io"
	"slices"

	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// Sealer is the sending side of a tunnel-mode association.
type Sealer struct {
	esp     *esp.Outbound
	policy  spd.Policy
	outer   header
	refused refusals
}

// NewSealer makes the sending side. IVs are drawn from iv where the transform draws them.
func NewSealer(p Params, iv io.Reader) (*Sealer, error) {
	policy, err := spd.NewPolicy(p.Local, p.Remote)
	if err != nil {
		return nil, err
	}
	outer, err := newHeader(p.Encapsulation)
	if err != nil {
		return nil, err
	}
	out, err := esp.NewOutbound(p.Params, iv)
	return &Sealer{esp: out, policy: policy, outer: outer}, err
}

// Encapsulate changes what the following packets travel in. Addresses that
// cannot be change nothing.
func (s *Sealer) Encapsulate(e Encapsulation) error {
	outer, err := newHeader(e)
	if err == nil {
		s.outer = outer
	}
	return err
}

// Encapsulation is what packets travel in.
func (s *Sealer) Encapsulation() Encapsulation { return s.outer.Encapsulation }

// ESP is the association itself: its counters and its sequence number.
func (s *Sealer) ESP() *esp.Outbound { return s.esp }

// Overhead is the number of octets that Seal adds to an inner packet of n.
func (s *Sealer) Overhead(n int) int { return ip.HeaderLen + s.esp.Overhead(n) }

// Room is the number of octets that Seal puts before the inner packet.
func (s *Sealer) Room() int { return ip.HeaderLen + s.esp.Room() }

// Allows says whether the selectors are those of an inner packet that is well
// formed.
func (s *Sealer) Allows(inner []byte) bool { return s.policy.Allows(inner) }

// Seal appends the outer packet that carries inner, an IPv4 packet, to dst,
// which must not overlap inner unless inner lies where it is to be copied to:
// Room octets after the end of dst. id is the outer identification.
//
// Errors, after which no sequence number is used up: ErrInner, ErrPolicy,
// ErrLong, and those of package esp.
func (s *Sealer) Seal(dst, inner []byte, id uint16) ([]byte, error) {
	n, ok := packetLen(inner)
	switch {
	case !ok:
		return dst, s.refused.refuse(ErrInner)
	case !s.policy.Allows(inner[:n]):
		return dst, s.refused.refuse(ErrPolicy)
	case n+s.Overhead(n) > ip.MaxLen:
		return dst, s.refused.refuse(ErrLong)
	}
	start, total := len(dst), n+s.Overhead(n)
	dst = slices.Grow(dst, total)
	s.outer.write(dst[start:start+total], inner, id) // first: inner may be sealed in place
	out, err := s.esp.Seal(dst[:start+ip.HeaderLen], inner[:n], protoIPv4)
	if err != nil {
		return dst[:start], err
	}
	return out, nil
}

// Errors is the number of packets refused.
func (s *Sealer) Errors() uint64 {
	c := s.esp.Counters()
	return s.refused.total() + c.Errors()
}
