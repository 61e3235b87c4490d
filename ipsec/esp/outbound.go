package esp

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"ikelab/ipsec"
)

// Outbound is the sending side of an association.
type Outbound struct {
	cipher   ipsec.Cipher
	iv       io.Reader // where IVs are drawn from; nil: they count
	spi      uint32
	esn      bool
	overhead int    // octets of every packet beyond payload and padding
	align    int    // what payload, padding and trailer are a multiple of
	last     uint64 // highest sequence number that may be used
	seq      uint64 // last one used
	high     [4]byte
	counters Counters
}

// NewOutbound makes the sending side. CBC draws its IVs from iv (RFC 3602
// section 2); others count and NULL has none, so iv may then be nil.
func NewOutbound(p Params, iv io.Reader) (Outbound, error) {
	if err := p.check(); err != nil {
		return Outbound{}, err
	}
	c, err := ipsec.NewCipher(p.Encr, p.Integ, p.EncrKey, p.IntegKey)
	if err != nil {
		return Outbound{}, err
	}
	o := Outbound{cipher: c, spi: uint32(p.SPI), esn: p.ESN, last: math.MaxUint32, align: max(alignment, c.BlockLen())}
	o.overhead = headerLen + c.IVLen() + trailerLen + c.ICVLen()
	if p.ESN {
		o.last = math.MaxUint64
	}
	if c.IVLen() > 0 && !p.Encr.Counts() {
		if o.iv = iv; iv == nil {
			return Outbound{}, fmt.Errorf("%w: %v needs a source of ivs", ipsec.ErrParams, p.Encr)
		}
	}
	return o, nil
}

// Counters are what o has done so far.
func (o *Outbound) Counters() Counters { return o.counters }

// Sequence is the last sequence number sent, 0 before the first packet.
func (o *Outbound) Sequence() uint64 { return o.seq }

// Left is how many packets o can still send.
func (o *Outbound) Left() uint64 { return o.last - o.seq }

// Skip uses sequence numbers up, as packets would, until so many are left.
func (o *Outbound) Skip(left uint64) { o.seq = max(o.seq, o.last-min(left, o.last)) }

// Overhead is the number of octets that Seal adds to a payload of n.
func (o *Outbound) Overhead(n int) int { return o.overhead + o.padding(n) }

// Most is the largest Overhead.
func (o *Outbound) Most() int { return o.overhead + o.align - 1 }

// Room is the number of octets that Seal puts before the payload.
func (o *Outbound) Room() int { return headerLen + o.cipher.IVLen() }

// padding is how much the payload of n octets lacks to alignment.
func (o *Outbound) padding(n int) int { return -(n + trailerLen) & (o.align - 1) }

// Seal appends the ESP packet that carries payload, of the protocol next, to
// dst. They must not overlap unless payload lies where it is to be copied to:
// Room octets after the end of dst.
//
// Errors, after which no sequence number is used up and dst is as it was:
// ErrSequence, ErrLong, and that of the reader of IVs.
func (o *Outbound) Seal(dst, payload []byte, next uint8) ([]byte, error) {
	start, total := len(dst), len(payload)+o.Overhead(len(payload))
	switch {
	case o.seq >= o.last:
		return dst, o.counters.refuse(Refused{Fault: ErrSequence, Got: o.seq, Limit: o.last})
	case total > maxLen:
		return dst, o.counters.refuse(Refused{Fault: ErrLong, Got: uint64(total), Limit: maxLen})
	}
	if cap(dst)-start < total {
		dst = grow(dst, total)
	}
	dst = dst[:start+total]
	pkt := dst[start:]
	if err := o.fill(pkt, payload, next); err != nil {
		return dst[:start], err
	}
	o.cipher.SealWith(pkt, headerLen, o.extra())
	o.counters.carried(len(payload))
	return dst, nil
}

// grow is slices.Grow where it is seldom needed, not inlined.
//
//go:noinline
func grow(dst []byte, n int) []byte { return slices.Grow(dst, n) }

// extra is what is authenticated without being sent: the upper half of the
// sequence number (RFC 4303 section 2.2.1).
func (o *Outbound) extra() []byte {
	if !o.esn {
		return nil
	}
	binary.BigEndian.PutUint32(o.high[:], uint32(o.seq>>32))
	return o.high[:]
}

// fill writes header, IV, payload and trailer.
func (o *Outbound) fill(pkt, payload []byte, next uint8) error {
	body := headerLen + o.cipher.IVLen()
	seq := o.seq + 1
	if o.iv != nil {
		if _, err := io.ReadFull(o.iv, pkt[headerLen:body]); err != nil {
			return fmt.Errorf("esp: iv: %w", err)
		}
	} else if body > headerLen { // unique under this key (RFC 3686 section 3.1, RFC 4106 section 3.1)
		binary.BigEndian.PutUint64(pkt[headerLen:], seq)
	}
	o.seq = seq
	binary.BigEndian.PutUint32(pkt, o.spi)
	binary.BigEndian.PutUint32(pkt[4:], uint32(seq))
	if len(payload) > 0 && &pkt[body] != &payload[0] {
		copy(pkt[body:], payload)
	}
	trailer := pkt[body+len(payload) : len(pkt)-o.cipher.ICVLen()]
	pad := len(trailer) - trailerLen
	for i := range pad {
		trailer[i] = byte(i + 1) // RFC 4303 section 2.4
	}
	trailer[pad], trailer[pad+1] = byte(pad), next
	return nil
}
