package crypto

import (
	"encoding/binary"
	"io"
	"slices"

	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// sealer is the sending side of an association.
type sealer struct {
	transport bool
	esp       esp.Outbound
	policy    spd.Policy
	outer     header
	refused   refusals
	pad       int    // octets to which inner packets are padded; 0: they are not
	padded    []byte // where that is done
}

// newSealer makes the sending side. IVs are drawn from iv where the transform draws them.
func newSealer(p Params, iv io.Reader) (sealer, error) {
	policy, err := spd.NewPolicy(p.Local, p.Remote)
	if err != nil {
		return sealer{}, err
	}
	outer, err := newHeader(p.Encapsulation)
	if err != nil {
		return sealer{}, err
	}
	out, err := esp.NewOutbound(p.Params, iv)
	return sealer{transport: p.Transport, esp: out, policy: policy, outer: outer}, err
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
func (s *sealer) association() *esp.Outbound { return &s.esp }

// overhead is the number of octets that seal adds to an inner packet of n.
func (s *sealer) overhead(n int) int {
	if s.transport {
		return s.outer.n - ip.HeaderLen + s.esp.Overhead(n-ip.HeaderLen)
	}
	more := max(s.pad-n, 0)
	return s.outer.n + more + s.esp.Overhead(n+more)
}

// most is a length that no outer packet around an inner one of n octets exceeds.
func (s *sealer) most(n int) int { return max(n, s.pad) + s.outer.n + s.esp.Most() }

// room is the number of octets that seal puts before the inner packet.
func (s *sealer) room() int {
	if s.transport {
		return s.outer.n - ip.HeaderLen + s.esp.Room()
	}
	return s.outer.n + s.esp.Room()
}

// allows says whether the selectors are those of an inner packet that is well
// formed.
func (s *sealer) allows(inner []byte) bool { return s.policy.Allows(inner) }

// seal appends the outer packet that carries inner, a packet of either family, to dst,
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
	}
	start, total := len(dst), n+s.overhead(n)
	if total > ip.MaxLen {
		return dst, s.refused.refuse(ErrLong)
	}
	if s.transport {
		return s.sealTransport(dst, inner[:n])
	}
	if cap(dst)-start < total {
		dst = grow(dst, total)
	}
	next := uint8(protoIPv4)
	if ip.IsIPv6(inner) {
		next = protoIPv6
	}
	s.outer.write(dst[start:start+total], inner, id) // first: inner may be sealed in place
	if inner = inner[:n]; n < s.pad {
		inner = s.disguise(inner)
	}
	out, err := s.esp.Seal(dst[:start+s.outer.n], inner, next)
	if err != nil {
		return dst[:start], err
	}
	s.outer.finish(out[start:])
	return out, nil
}

// grow is slices.Grow where it is seldom needed, not inlined.
//
//go:noinline
func grow(dst []byte, n int) []byte { return slices.Grow(dst, n) }

// disguise pads an inner packet so that its length says less: "if TFC padding is added,
// the field containing the specification of the length of the IP datagram MUST NOT be
// modified to reflect this padding." (RFC 4303 section 2.7)
func (s *sealer) disguise(inner []byte) []byte {
	s.padded = slices.Grow(s.padded[:0], s.pad)[:s.pad]
	clear(s.padded[copy(s.padded, inner):])
	return s.padded
}

// sealDummy appends the outer packet that carries nothing but octets (RFC 4303 section
// 2.6): of either mode, from one end to the other.
func (s *sealer) sealDummy(dst, octets []byte, id uint16) ([]byte, error) {
	start, total := len(dst), len(octets)+s.outer.n+s.esp.Overhead(len(octets))
	dst = slices.Grow(dst, total)
	var plain [ip.HeaderLen]byte
	s.outer.write(dst[start:start+total], plain[:], id)
	out, err := s.esp.Seal(dst[:start+s.outer.n], octets, esp.NoNextHeader)
	if err != nil {
		return dst[:start], err
	}
	s.outer.finish(out[start:])
	return out, nil
}

// sealTransport puts ESP, in UDP where that is so, between the header of inner and what
// follows it.
// Fragments must not be (RFC 4303 section 3.3.4), and a header with options is
// none of ours.
func (s *sealer) sealTransport(dst, inner []byte) ([]byte, error) {
	if inner[0] != 0x45 || s.outer.six() || binary.BigEndian.Uint16(inner[6:])&ip.FragmentMask != 0 {
		return dst, s.refused.refuse(ErrInner)
	}
	start, total := len(dst), len(inner)+s.overhead(len(inner))
	head := [ip.HeaderLen]byte(inner) // first: inner may be sealed in place
	next := head[9]
	head[9] = s.outer.octets[9]
	binary.BigEndian.PutUint16(head[2:], uint16(total))
	ip.SetHeaderChecksum(head[:])
	dst = slices.Grow(dst, total)
	out, err := s.esp.Seal(dst[:start+s.outer.n], inner[ip.HeaderLen:], next)
	if err != nil {
		return dst[:start], err
	}
	copy(out[start:], head[:])
	if udp := out[start+ip.HeaderLen : start+s.outer.n]; len(udp) > 0 {
		copy(udp, s.outer.octets[ip.HeaderLen:])
		binary.BigEndian.PutUint16(udp[4:], uint16(total-ip.HeaderLen))
	}
	return out, nil
}

// errors is the number of packets refused.
func (s *sealer) errors() uint64 {
	c := s.esp.Counters()
	return uint64(s.refused) + c.Refused
}
