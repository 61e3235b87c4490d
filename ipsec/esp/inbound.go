package esp

import (
	"encoding/binary"
	"math"

	"ikelab/ipsec"
)

// Inbound is the receiving side of an association.
type Inbound struct {
	cipher   ipsec.Cipher
	spi      uint32
	esn      bool
	around   int // octets before and after the ciphertext
	align    int // what the ciphertext is a multiple of
	window   window
	high     [4]byte
	counters Counters
}

// NewInbound makes the receiving side, a value that lies in whatever it is a part of: a network
// has thousands.
func NewInbound(p Params) (Inbound, error) {
	if err := p.check(); err != nil {
		return Inbound{}, err
	}
	c, err := ipsec.NewCipher(p.Encr, p.Integ, p.EncrKey, p.IntegKey)
	if err != nil {
		return Inbound{}, err
	}
	if c.ICVLen() == 0 { // nobody vouches for the numbers (RFC 4303 section 3.4.3)
		p.Window = 0
	}
	return Inbound{cipher: c, spi: uint32(p.SPI), esn: p.ESN, window: newWindow(p.Window),
		around: headerLen + c.IVLen() + c.ICVLen(), align: max(alignment, c.BlockLen())}, nil
}

// Counters are what in has done so far.
func (in *Inbound) Counters() Counters { return in.counters }

// Sequence is the highest sequence number accepted, 0 before the first packet.
func (in *Inbound) Sequence() uint64 { return in.window.top }

// Skip has the sender leave sequence numbers out, until so many are left.
func (in *Inbound) Skip(left uint64) {
	last := uint64(math.MaxUint32)
	if in.esn {
		last = math.MaxUint64
	}
	in.window.skip(last - min(left, last))
}

// Open takes an ESP packet and returns its payload, in dst[:0] or, where dst
// has no room, in new memory, and the protocol of the payload. dst must not
// overlap pkt, which is not modified. Octets of traffic flow confidentiality
// (RFC 4303 section 2.7) are still at the payload's end: only who knows the
// protocol can tell them.
//
// Errors: ErrShort, ErrSPI, ErrReplay, ErrIntegrity; then, with the packet
// known to be the peer's and its sequence number used up, ErrPadding and
// ErrDummy.
func (in *Inbound) Open(dst, pkt []byte) (payload []byte, next uint8, err error) {
	seq, err := in.number(pkt)
	if err != nil {
		return nil, 0, err
	}
	plain, err := in.cipher.OpenWith(dst, pkt, headerLen, in.extra(seq))
	if err != nil {
		return nil, 0, in.counters.refuse(Refused{Fault: ErrIntegrity, Sequence: seq, Limit: in.window.top})
	}
	in.window.update(seq)
	payload, next, err = in.unpad(plain, seq)
	if err == nil {
		in.counters.carried(len(payload))
	}
	return payload, next, err
}

// number is the sequence number of a packet that is whole, aligned (RFC 4303
// sections 2.4 and 3.4.1), of this association and new.
func (in *Inbound) number(pkt []byte) (uint64, error) {
	body := len(pkt) - in.around
	if body < in.align || body&(in.align-1) != 0 {
		return 0, in.counters.refuse(Refused{Fault: ErrShort, Got: uint64(len(pkt)), Limit: uint64(in.around + in.align)})
	}
	if spi := binary.BigEndian.Uint32(pkt); spi != in.spi {
		return 0, in.counters.refuse(Refused{Fault: ErrSPI, Got: uint64(spi), Limit: uint64(in.spi)})
	}
	seq, ok := uint64(binary.BigEndian.Uint32(pkt[4:])), true
	if in.esn {
		seq, ok = in.window.extend(uint32(seq))
	}
	if !ok || !in.window.check(seq) {
		return 0, in.counters.refuse(Refused{Fault: ErrReplay, Sequence: seq, Limit: in.window.top})
	}
	return seq, nil
}

// extra is what the peer has authenticated without sending it.
func (in *Inbound) extra(seq uint64) []byte {
	if !in.esn {
		return nil
	}
	binary.BigEndian.PutUint32(in.high[:], uint32(seq>>32))
	return in.high[:]
}

// unpad checks and cuts padding, pad length and next header.
func (in *Inbound) unpad(plain []byte, seq uint64) ([]byte, uint8, error) {
	trailer := len(plain) - trailerLen
	pad, next := int(plain[trailer]), plain[trailer+1]
	if pad > trailer {
		return nil, 0, in.counters.refuse(Refused{Fault: ErrPadding, Sequence: seq, Got: uint64(pad), Limit: uint64(trailer)})
	}
	for i, b := range plain[trailer-pad : trailer] {
		if b != byte(i+1) {
			return nil, 0, in.counters.refuse(Refused{Fault: ErrPadding, Sequence: seq, Got: uint64(b), Limit: uint64(i + 1)})
		}
	}
	if next == NoNextHeader {
		return nil, 0, in.counters.refuse(Refused{Fault: ErrDummy, Sequence: seq})
	}
	return plain[:trailer-pad], next, nil
}
