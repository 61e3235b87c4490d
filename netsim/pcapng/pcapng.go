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
	optIfName   = 2
	optTsResol  = 9
	tsNano      = 9 // 10^-9 s

	maxOption = math.MaxUint16
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

// AppendPacket appends a packet of interface id, stamped with nanoseconds
// since 1970. An empty comment is none.
func AppendPacket(b []byte, id uint32, nano uint64, data []byte, comment string) []byte {
	return appendBlock(b, BlockPacket, func(b []byte) []byte {
		b = order.AppendUint32(b, id)
		b = order.AppendUint32(b, uint32(nano>>32))
		b = order.AppendUint32(b, uint32(nano))
		b = order.AppendUint32(b, uint32(len(data))) // captured
		b = order.AppendUint32(b, uint32(len(data))) // on the wire
		b = appendPadded(b, data)
		if comment == "" {
			return b
		}
		b = appendOption(b, OptComment, comment)
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
