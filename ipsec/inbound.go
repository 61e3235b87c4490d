package ipsec

import (
	"encoding/binary"
	"errors"
	"fmt"

	"ikelab/ipsec/spd"
)

// Inbound is the receiving side of a tunnel-mode association.
type Inbound struct {
	params   Params
	cipher   *Cipher
	policy   spd.Policy
	window   window
	align    int
	counters Counters
}

// NewInbound makes the receiving side.
func NewInbound(p Params) (*Inbound, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	c, err := NewCipher(p.Encr, p.Integ, p.EncrKey, p.IntegKey)
	if err != nil {
		return nil, err
	}
	pol, err := spd.NewPolicy(p.Remote, p.Local)
	if err != nil {
		return nil, err
	}
	return &Inbound{params: p, cipher: c, policy: pol, window: newWindow(p.Window),
		align: max(espAlign, c.BlockLen())}, nil
}

// Params are those that in was made from.
func (in *Inbound) Params() Params { return in.params }

// Counters are what in has done so far.
func (in *Inbound) Counters() Counters { return in.counters }

// Sequence is the highest sequence number accepted, 0 before the first packet.
func (in *Inbound) Sequence() uint64 { return in.window.top }

// Open takes a whole outer IPv4 packet and returns the inner one, in dst[:0]
// or, where dst has no room, in new memory. dst must not overlap pkt, which is
// not modified. The order of the checks is that of RFC 4303 section 3.4.
//
// Errors: ErrOuter, ErrShort, ErrReplay, ErrIntegrity; then, with the packet
// known to be the peer's and its sequence number used up, ErrPadding, ErrDummy,
// ErrNextHeader, ErrInner, ErrPolicy, ErrECN.
func (in *Inbound) Open(dst, pkt []byte) ([]byte, error) {
	esp, err := in.outer(pkt)
	if err != nil {
		return nil, in.refuse(err)
	}
	seq := uint64(binary.BigEndian.Uint32(esp[4:]))
	if !in.window.check(seq) {
		return nil, in.refuse(fmt.Errorf("%w: sequence number %d, highest %d, window %d",
			ErrReplay, seq, in.window.top, in.window.size))
	}
	payload, err := in.cipher.Open(dst, esp, espHeaderLen)
	if err != nil {
		return nil, in.refuse(err)
	}
	in.window.update(seq)
	inner, err := in.inner(payload, pkt[1])
	if err != nil {
		return nil, in.refuse(err)
	}
	in.counters.Packets++
	in.counters.Octets += uint64(len(inner))
	return inner, nil
}

// outer returns the ESP packet inside pkt when it is whole, for this
// association and aligned (RFC 4303 sections 2.4 and 3.4.1). What follows the
// IPv4 packet, Ethernet padding, is left out.
func (in *Inbound) outer(pkt []byte) ([]byte, error) {
	n, err := innerLen(pkt)
	if err != nil {
		return nil, fmt.Errorf("%w: %d octets", ErrOuter, len(pkt))
	}
	if pkt[9] != protoESP || binary.BigEndian.Uint16(pkt[6:])&0x3fff != 0 {
		return nil, fmt.Errorf("%w: protocol %d, fragment field %#04x", ErrOuter, pkt[9], binary.BigEndian.Uint16(pkt[6:]))
	}
	esp := pkt[int(pkt[0]&15)*4 : n]
	body := len(esp) - espHeaderLen - in.cipher.IVLen() - in.cipher.icv
	if body < in.align || body%in.align != 0 {
		return nil, fmt.Errorf("%w: %d octets of ciphertext, a multiple of %d is needed", ErrShort, body, in.align)
	}
	if spi := SPI(binary.BigEndian.Uint32(esp)); spi != in.params.SPI {
		return nil, fmt.Errorf("%w: spi %#08x, must be %#08x", ErrOuter, uint32(spi), uint32(in.params.SPI))
	}
	return esp, nil
}

// inner returns the inner packet of a verified payload. tos is the outer one.
func (in *Inbound) inner(payload []byte, tos byte) ([]byte, error) {
	body, err := unpad(payload)
	if err != nil {
		return nil, err
	}
	switch next := payload[len(payload)-1]; next {
	case protoIPv4:
	case protoNone:
		return nil, ErrDummy
	default:
		return nil, fmt.Errorf("%w: %d", ErrNextHeader, next)
	}
	n, err := innerLen(body)
	if err != nil {
		return nil, err
	}
	inner := body[:n] // what follows is traffic flow confidentiality padding (RFC 4303 section 2.7)
	if !in.policy.Allows(inner) {
		return nil, ErrPolicy
	}
	return inner, decapsulateECN(inner, tos)
}

// unpad checks and cuts padding, pad length and next header.
func unpad(payload []byte) ([]byte, error) {
	trailer := len(payload) - espTrailerLen
	pad := int(payload[trailer])
	if pad > trailer {
		return nil, fmt.Errorf("%w: pad length %d, at most %d", ErrPadding, pad, trailer)
	}
	for i, b := range payload[trailer-pad : trailer] {
		if b != byte(i+1) {
			return nil, fmt.Errorf("%w: octet %d is %d", ErrPadding, i+1, b)
		}
	}
	return payload[:trailer-pad], nil
}

// refuse counts err and returns it.
func (in *Inbound) refuse(err error) error {
	c := &in.counters
	for _, kind := range []struct {
		err   error
		count *uint64
	}{
		{ErrOuter, &c.Outer}, {ErrShort, &c.Short}, {ErrReplay, &c.Replay}, {ErrIntegrity, &c.Integrity},
		{ErrPadding, &c.Padding}, {ErrDummy, &c.Dummy}, {ErrNextHeader, &c.NextHeader},
		{ErrInner, &c.Inner}, {ErrPolicy, &c.Policy}, {ErrECN, &c.ECN},
	} {
		if errors.Is(err, kind.err) {
			*kind.count++
			return err
		}
	}
	panic("ipsec: uncounted refusal: " + err.Error())
}
