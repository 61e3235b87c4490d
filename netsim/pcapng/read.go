package pcapng

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// What is wrong with a file.
var (
	ErrFormat = errors.New("this is no capture: neither pcap nor pcapng")
	ErrCut    = errors.New("the file ends in the middle")
)

// The magic numbers of pcap (draft-ietf-opsawg-pcap, section 4).
const (
	magicMicro = 0xA1B2C3D4
	magicNano  = 0xA1B23C4D

	pcapHeader, pcapRecord = 24, 16
	blockObsolete          = 2
	blockSimple            = 3
	blockLeast             = 12 // type, and the length twice
	optTsOffset            = 14
	nanoseconds            = 1_000_000_000
)

// Captured is a packet of a file, whoever wrote it.
type Captured struct {
	Link   int   // LINKTYPE of the interface
	Nano   int64 // instant in nanoseconds since 1970; 0: not known
	Data   []byte
	Length int // on the wire: more than Data where the capture has cut it
}

// Reader takes packets out of a file that is in memory, which Data is part of.
type Reader struct {
	rest  []byte
	order binary.ByteOrder
	ng    bool
	faces []face // pcap: one
}

// face is an interface of a capture.
type face struct {
	link    int
	snap    int    // packets are no longer than that; 0: any
	ticks   uint64 // of its clock, per second
	seconds int64  // by which its clock is behind
}

// NewReader finds out what a file is.
func NewReader(b []byte) (*Reader, error) {
	r := &Reader{rest: b}
	if len(b) >= 4 && binary.BigEndian.Uint32(b) == blockSection {
		r.ng = true
		return r, nil
	}
	if len(b) < pcapHeader {
		return nil, ErrFormat
	}
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		f := face{link: int(o.Uint32(b[20:]) & math.MaxUint16), ticks: 1_000_000}
		switch o.Uint32(b) {
		case magicNano:
			f.ticks = nanoseconds
		case magicMicro:
		default:
			continue
		}
		r.order, r.faces, r.rest = o, []face{f}, b[pcapHeader:]
		return r, nil
	}
	return nil, ErrFormat
}

// Next is the next packet; io.EOF behind the last one.
func (r *Reader) Next() (Captured, error) {
	if !r.ng {
		return r.record()
	}
	for len(r.rest) > 0 {
		kind, body, err := r.block()
		if err != nil {
			return Captured{}, err
		}
		p, ok, err := r.read(kind, body)
		if ok || err != nil {
			return p, err
		}
	}
	return Captured{}, io.EOF
}

// record is the next packet of a pcap file.
func (r *Reader) record() (Captured, error) {
	if len(r.rest) == 0 {
		return Captured{}, io.EOF
	}
	if len(r.rest) < pcapRecord {
		return Captured{}, ErrCut
	}
	seconds, fraction := r.order.Uint32(r.rest), r.order.Uint32(r.rest[4:])
	size, whole := uint64(r.order.Uint32(r.rest[8:])), r.order.Uint32(r.rest[12:])
	if size > uint64(len(r.rest)-pcapRecord) {
		return Captured{}, ErrCut
	}
	f := r.faces[0]
	data := r.rest[pcapRecord:][:size:size]
	r.rest = r.rest[pcapRecord+int(size):]
	nano := int64(seconds)*nanoseconds + int64(fraction)*int64(nanoseconds/f.ticks)
	return Captured{Link: f.link, Nano: nano, Data: data, Length: int(whole)}, nil
}

// block takes the next block of a pcapng file.
func (r *Reader) block() (kind uint32, body []byte, err error) {
	b := r.rest
	if len(b) < blockLeast {
		return 0, nil, ErrCut
	}
	if binary.BigEndian.Uint32(b) == blockSection {
		if r.order = byteOrder(b[8:]); r.order == nil {
			return 0, nil, fmt.Errorf("%w: a section of unknown byte order", ErrFormat)
		}
		r.faces = nil
	}
	size := uint64(r.order.Uint32(b[4:]))
	switch {
	case size < blockLeast || size%4 != 0:
		return 0, nil, fmt.Errorf("%w: a block of %d octets", ErrFormat, size)
	case size > uint64(len(b)):
		return 0, nil, ErrCut
	}
	r.rest = b[size:]
	return r.order.Uint32(b), b[8 : size-4 : size-4], nil
}

func byteOrder(magic []byte) binary.ByteOrder {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if o.Uint32(magic) == byteOrderMagic {
			return o
		}
	}
	return nil
}

// read reads a block; ok: it is a packet.
func (r *Reader) read(kind uint32, b []byte) (p Captured, ok bool, err error) {
	switch kind {
	case blockInterface:
		if len(b) < 8 {
			return p, false, fmt.Errorf("%w: an interface of %d octets", ErrFormat, len(b))
		}
		r.faces = append(r.faces, r.face(b))
	case BlockPacket, blockObsolete:
		p, err = r.packet(kind, b)
		return p, true, err
	case blockSimple:
		if len(b) < 4 || len(r.faces) == 0 {
			return p, false, fmt.Errorf("%w: a packet of no interface", ErrFormat)
		}
		whole := int(r.order.Uint32(b))
		size := min(whole, len(b)-4)
		if snap := r.faces[0].snap; snap > 0 {
			size = min(size, snap)
		}
		return Captured{Link: r.faces[0].link, Data: b[4 : 4+size : 4+size], Length: whole}, true, nil
	}
	return p, false, nil
}

// face reads the description of an interface.
func (r *Reader) face(b []byte) face {
	f := face{link: int(r.order.Uint16(b)), snap: int(r.order.Uint32(b[4:])), ticks: 1_000_000}
	for b = b[8:]; len(b) >= 4; {
		code, size := r.order.Uint16(b), int(r.order.Uint16(b[2:]))
		padded := (size + 3) &^ 3
		if code == optEnd || padded > len(b)-4 {
			break
		}
		switch value := b[4:][:size]; {
		case code == optTsResol && size == 1:
			f.ticks = resolution(value[0])
		case code == optTsOffset && size == 8:
			f.seconds = int64(r.order.Uint64(value))
		}
		b = b[4+padded:]
	}
	return f
}

// resolution is how many ticks a second has: a power of 10, or of 2.
func resolution(v byte) uint64 {
	base, exponent := uint64(10), min(int(v&0x7f), 19)
	if v&0x80 != 0 {
		base, exponent = 2, min(int(v&0x7f), 63)
	}
	ticks := uint64(1)
	for range exponent {
		ticks *= base
	}
	return ticks
}

// packet reads an enhanced packet block, or the older one.
func (r *Reader) packet(kind uint32, b []byte) (Captured, error) {
	if len(b) < 20 {
		return Captured{}, fmt.Errorf("%w: a packet of %d octets", ErrFormat, len(b))
	}
	number := r.order.Uint32(b)
	if kind == blockObsolete {
		number = uint32(r.order.Uint16(b))
	}
	size := uint64(r.order.Uint32(b[12:]))
	if uint64(number) >= uint64(len(r.faces)) || size > uint64(len(b)-20) {
		return Captured{}, fmt.Errorf("%w: a packet of interface %d with %d octets", ErrFormat, number, size)
	}
	f := r.faces[number]
	ticks := uint64(r.order.Uint32(b[4:]))<<32 | uint64(r.order.Uint32(b[8:]))
	nano := int64(ticks/f.ticks)*nanoseconds + int64(float64(ticks%f.ticks)*nanoseconds/float64(f.ticks)) + f.seconds*nanoseconds
	if f.ticks == nanoseconds {
		nano = int64(ticks) + f.seconds*nanoseconds
	}
	return Captured{Link: f.link, Nano: nano, Data: b[20:][:size:size], Length: int(r.order.Uint32(b[16:]))}, nil
}
