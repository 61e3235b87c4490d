package ipsec

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"ikelab/ipsec/spd"
)

// Outbound is the sending side of a tunnel-mode association.
type Outbound struct {
	params   Params
	cipher   *Cipher
	iv       io.Reader
	policy   spd.Policy
	outer    [ipHeaderLen]byte // constant part of the outer header
	outerSum uint32            // sum of the octets that no packet changes
	align    int
	seq      uint64 // last sequence number used
	counters Counters
}

// NewOutbound makes the sending side. CBC draws its IVs from iv (RFC 3602
// section 2); GCM counts and NULL has none, so iv may then be nil.
func NewOutbound(p Params, iv io.Reader) (*Outbound, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	c, err := NewCipher(p.Encr, p.Integ, p.EncrKey, p.IntegKey)
	if err != nil {
		return nil, err
	}
	if iv == nil && c.enc != nil {
		return nil, fmt.Errorf("%w: %v needs a source of ivs", ErrParams, p.Encr)
	}
	pol, err := spd.NewPolicy(p.Local, p.Remote)
	if err != nil {
		return nil, err
	}
	o := &Outbound{params: p, cipher: c, iv: iv, policy: pol, align: max(espAlign, c.BlockLen())}
	o.outer = [ipHeaderLen]byte{0: 0x45, 8: 255, 9: protoESP}
	src, dst := p.Src.As4(), p.Dst.As4()
	copy(o.outer[12:], src[:])
	copy(o.outer[16:], dst[:])
	o.outerSum = addChecksum(0, o.outer[8:]) // header adds the first eight octets
	return o, nil
}

// Params are those that o was made from.
func (o *Outbound) Params() Params { return o.params }

// Counters are what o has done so far.
func (o *Outbound) Counters() Counters { return o.counters }

// Sequence is the last sequence number sent, 0 before the first packet.
func (o *Outbound) Sequence() uint64 { return o.seq }

// Overhead is the number of octets that Seal adds to an inner packet of n.
func (o *Outbound) Overhead(n int) int {
	return ipHeaderLen + espHeaderLen + o.cipher.IVLen() + o.padding(n) + espTrailerLen + o.cipher.ICVLen()
}

// Room is the number of octets that Seal puts before the inner packet.
func (o *Outbound) Room() int { return ipHeaderLen + espHeaderLen + o.cipher.IVLen() }

// padding is how much the payload of n octets lacks to alignment.
func (o *Outbound) padding(n int) int {
	return (o.align - (n+espTrailerLen)%o.align) % o.align
}

// Seal appends the outer IPv4 header and the ESP packet that carries inner,
// an IPv4 packet, to dst, which must not overlap inner unless inner lies where
// it is to be copied to: Room octets after the end of dst. ipID is the outer
// identification. TOS is copied from the inner header, DSCP as RFC 4301 section
// 5.1.2.1 has it and ECN in RFC 6040's normal mode.
//
// Errors, after which no sequence number is used up: ErrInner, ErrPolicy,
// ErrSequence, and ErrShort for a packet too long for IPv4.
func (o *Outbound) Seal(dst, inner []byte, ipID uint16) ([]byte, error) {
	n, err := o.admit(inner)
	if err != nil {
		return dst, err
	}
	inner = inner[:n]
	start, total := len(dst), n+o.Overhead(n)
	dst = slices.Grow(dst, total)[:start+total]
	pkt := dst[start:]
	if err := o.fill(pkt[ipHeaderLen:], inner); err != nil {
		return dst[:start], err
	}
	o.header(pkt, inner, ipID)
	o.cipher.Seal(pkt[ipHeaderLen:], espHeaderLen)
	o.counters.Packets++
	o.counters.Octets += uint64(n)
	return dst, nil
}

// admit returns the length of an inner packet that may be sent.
func (o *Outbound) admit(inner []byte) (int, error) {
	n, err := innerLen(inner)
	switch {
	case err != nil:
		o.counters.Inner++
		return 0, err
	case !o.policy.Allows(inner[:n]):
		o.counters.Policy++
		return 0, ErrPolicy
	case n+o.Overhead(n) > maxIPLen:
		o.counters.Short++
		return 0, fmt.Errorf("%w: %d octets sealed, at most %d", ErrShort, n+o.Overhead(n), maxIPLen)
	case o.seq >= math.MaxUint32:
		o.counters.Sequence++
		return 0, fmt.Errorf("%w: %d used", ErrSequence, o.seq)
	}
	return n, nil
}

// fill writes ESP header, IV, payload and trailer into esp.
func (o *Outbound) fill(esp, inner []byte) error {
	body := espHeaderLen + o.cipher.IVLen()
	seq := o.seq + 1
	if o.cipher.enc != nil {
		if _, err := io.ReadFull(o.iv, esp[espHeaderLen:body]); err != nil {
			return fmt.Errorf("ipsec: iv: %w", err)
		}
	} else if o.cipher.aead != nil { // unique under this key (RFC 4106 section 3.1)
		binary.BigEndian.PutUint64(esp[espHeaderLen:], seq)
	}
	o.seq = seq
	binary.BigEndian.PutUint32(esp, uint32(o.params.SPI))
	binary.BigEndian.PutUint32(esp[4:], uint32(seq))
	if &esp[body] != &inner[0] {
		copy(esp[body:], inner)
	}
	trailer := esp[body+len(inner) : len(esp)-o.cipher.icv]
	pad := len(trailer) - espTrailerLen
	for i := range pad {
		trailer[i] = byte(i + 1) // RFC 4303 section 2.4
	}
	trailer[pad], trailer[pad+1] = byte(pad), protoIPv4
	return nil
}

// header writes the outer IPv4 header.
func (o *Outbound) header(pkt, inner []byte, ipID uint16) {
	copy(pkt, o.outer[:])
	pkt[1] = inner[1]
	binary.BigEndian.PutUint16(pkt[2:], uint16(len(pkt)))
	binary.BigEndian.PutUint16(pkt[4:], ipID)
	if o.params.DF == DFSet || o.params.DF == DFCopy && inner[6]&dontFragment != 0 {
		pkt[6] = dontFragment
	}
	binary.BigEndian.PutUint16(pkt[10:], foldChecksum(addChecksum(o.outerSum, pkt[:8])))
}

// dontFragment is DF within the seventh octet of an IPv4 header.
const dontFragment = 0x40
