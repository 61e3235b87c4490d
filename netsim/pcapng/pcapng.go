package pcapng

import (
	"encoding/binary"
	"math"
)

// The blocks that a capture consists of (draft-ietf-opsawg-pcapng, sections
// 4.1 to 4.3) and their options.
const (
	blockSection   = 0x0A0D0D0A
	blockInterface = 1
	BlockPacket    = 6 // enhanced packet block

	byteOrderMagic = 0x1A2B3C4D
	versionMajor   = 1
	versionMinor   = 0
	unknownLength  = math.MaxUint64 // of the section
	linkEthernet   = 1
	noSnapLen      = 0

	optEnd      = 0
	OptComment  = 1
	optUserAppl = 4 // of a section
	OptPacketID = 5 // of a packet
	optIfName   = 2
	optTsResol  = 9
	tsNano      = 9 // 10^-9 s

	maxOption   = math.MaxUint16
	packetIDLen = 8
)

var order = binary.LittleEndian // of everything in a file

// AppendSection appends the head of a file.
func AppendSection(b []byte) []byte {
	return appendBlock(b, blockSection, func(b []byte) []byte {
		b = order.AppendUint32(b, byteOrderMagic)
		b = order.AppendUint16(b, versionMajor)
		b = order.AppendUint16(b, versionMinor)
		b = order.AppendUint64(b, unknownLength)
		b = appendOption(b, optUserAppl, "ikelab")
		return appendOption(b, optEnd, "")
	})
}

// AppendInterface appends the description of the next interface, an Ethernet
// one; they are numbered from 0.
func AppendInterface(b []byte, name string) []byte {
	return appendBlock(b, blockInterface, func(b []byte) []byte {
		b = order.AppendUint16(b, linkEthernet)
		b = order.AppendUint16(b, 0) // reserved
		b = order.AppendUint32(b, noSnapLen)
		b = appendOption(b, optIfName, name)
		b = appendOption(b, optTsResol, string([]byte{tsNano}))
		return appendOption(b, optEnd, "")
	})
}

// Packet is one packet on an interface.
type Packet struct {
	Interface uint32
	Nano      uint64 // instant in nanoseconds since 1970
	Data      []byte
	Number    uint64 // under which other files know it (epb_packetid); 0: none
	Comment   string // empty: none
}

// AppendPacket appends a packet.
func AppendPacket(b []byte, p Packet) []byte {
	return appendBlock(b, BlockPacket, func(b []byte) []byte {
		b = order.AppendUint32(b, p.Interface)
		b = order.AppendUint32(b, uint32(p.Nano>>32))
		b = order.AppendUint32(b, uint32(p.Nano))
		b = order.AppendUint32(b, uint32(len(p.Data))) // captured
		b = order.AppendUint32(b, uint32(len(p.Data))) // on the wire
		b = appendPadded(b, p.Data)
		if p.Comment == "" && p.Number == 0 {
			return b
		}
		if p.Comment != "" {
			b = appendOption(b, OptComment, p.Comment)
		}
		if p.Number != 0 {
			b = order.AppendUint16(b, OptPacketID)
			b = order.AppendUint16(b, packetIDLen)
			b = order.AppendUint64(b, p.Number)
		}
		return appendOption(b, optEnd, "")
	})
}

// appendBlock frames a body by type and, twice, the length of the block.
func appendBlock(b []byte, kind uint32, body func([]byte) []byte) []byte {
	start := len(b)
	b = order.AppendUint32(b, kind)
	b = order.AppendUint32(b, 0)
	b = body(b)
	n := uint32(len(b) - start + 4)
	order.PutUint32(b[start+4:], n)
	return order.AppendUint32(b, n)
}

func appendOption(b []byte, code uint16, value string) []byte {
	value = value[:min(len(value), maxOption)]
	b = order.AppendUint16(b, code)
	b = order.AppendUint16(b, uint16(len(value)))
	return appendPadded(b, value)
}

// appendPadded appends v and zeros up to the next multiple of four octets.
func appendPadded[T string | []byte](b []byte, v T) []byte {
	b = append(b, v...)
	for n := len(v); n%4 != 0; n++ {
		b = append(b, 0)
	}
	return b
}
