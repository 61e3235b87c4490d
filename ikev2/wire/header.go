package wire

import (
	"encoding/binary"
	"fmt"
)

// Flags of a header (RFC 7296 3.1).
type Flags uint8

// The flags.
const (
	FlagInitiator Flags = 0x08 // sent by the original initiator of the IKE SA
	FlagVersion   Flags = 0x10 // sender can do a higher major version
	FlagResponse  Flags = 0x20
)

// Sizes in octets.
const (
	HeaderLen  = 28
	genericLen = 4
	// maxDatagram is what a UDP datagram, and a payload's length field, can hold.
	maxDatagram = 65535
)

// majorVersion is the high half of Header.Version.
const majorVersion = 2

// Header is the IKE header. Next and Length are set when a message is made.
type Header struct {
	SPIi, SPIr uint64 `record:"spi"`
	Next       PayloadType
	Version    uint8 // major version in the high four bits: 0x20
	Exchange   ExchangeType
	Flags      Flags
	MessageID  uint32
	Length     uint32 // octets of the whole message
}

// NewHeader is the header of a message of an IKE SA; initiator says that the
// sender is the original initiator of the SA.
func NewHeader(spiI, spiR uint64, initiator bool, exchange ExchangeType, id uint32, response bool) Header {
	h := Header{SPIi: spiI, SPIr: spiR, Version: majorVersion << 4, Exchange: exchange, MessageID: id}
	if initiator {
		h.Flags |= FlagInitiator
	}
	if response {
		h.Flags |= FlagResponse
	}
	return h
}

// Response says whether the message answers a request.
func (h Header) Response() bool { return h.Flags&FlagResponse != 0 }

// FromInitiator says whether the original initiator of the SA sent it.
func (h Header) FromInitiator() bool { return h.Flags&FlagInitiator != 0 }

// ParseHeader reads the header of a whole datagram and checks version and
// length. With ErrVersion the header is good to build an answer from
// (RFC 7296 2.5).
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderLen {
		return Header{}, syntax("header: %d octets, a header has %d", len(b), HeaderLen)
	}
	h := Header{
		SPIi: binary.BigEndian.Uint64(b), SPIr: binary.BigEndian.Uint64(b[8:]),
		Next: PayloadType(b[16]), Version: b[17], Exchange: ExchangeType(b[18]), Flags: Flags(b[19]),
		MessageID: binary.BigEndian.Uint32(b[20:]), Length: binary.BigEndian.Uint32(b[24:]),
	}
	switch {
	case uint64(h.Length) != uint64(len(b)):
		return h, syntax("header: length %d, the datagram has %d octets", h.Length, len(b))
	case h.Version>>4 != majorVersion:
		return h, fmt.Errorf("%w: %d.%d", ErrVersion, h.Version>>4, h.Version&15)
	case len(b) > maxDatagram:
		return h, syntax("header: length %d, a datagram has at most %d octets", len(b), maxDatagram)
	}
	return h, nil
}

func (h *Header) append(b []byte, next PayloadType) []byte {
	b = binary.BigEndian.AppendUint64(b, h.SPIi)
	b = binary.BigEndian.AppendUint64(b, h.SPIr)
	b = append(b, byte(next), h.Version, byte(h.Exchange), byte(h.Flags))
	b = binary.BigEndian.AppendUint32(b, h.MessageID)
	return append(b, 0, 0, 0, 0) // Length, when the end is known
}
