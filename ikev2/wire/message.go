package wire

import (
	"bytes"
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
	// maxPayloads bounds the work that one datagram can cause.
	maxPayloads = 64
)

// Header is the IKE header. Next and Length are set when a message is made.
type Header struct {
	SPIi, SPIr uint64
	Next       PayloadType
	Version    uint8 // major version in the high four bits: 0x20
	Exchange   ExchangeType
	Flags      Flags
	MessageID  uint32
	Length     uint32 // octets of the whole message
}

// Response says whether the message answers a request.
func (h Header) Response() bool { return h.Flags&FlagResponse != 0 }

// FromInitiator says whether the original initiator of the SA sent it.
func (h Header) FromInitiator() bool { return h.Flags&FlagInitiator != 0 }

// Message is one IKE message with its payloads in order. EncryptedLen is the
// length of the whole datagram when the payloads stood, or will stand, inside
// an Encrypted payload; 0 otherwise.
type Message struct {
	Header
	Payloads     []Payload
	EncryptedLen int
}

// ParseHeader reads the header and checks version and length.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderLen {
		return Header{}, syntax("%d octets, a header has %d", len(b), HeaderLen)
	}
	h := Header{
		SPIi: binary.BigEndian.Uint64(b), SPIr: binary.BigEndian.Uint64(b[8:]),
		Next: PayloadType(b[16]), Version: b[17], Exchange: ExchangeType(b[18]), Flags: Flags(b[19]),
		MessageID: binary.BigEndian.Uint32(b[20:]), Length: binary.BigEndian.Uint32(b[24:]),
	}
	if h.Version>>4 != 2 {
		return h, fmt.Errorf("%w: %d.%d", ErrVersion, h.Version>>4, h.Version&15)
	}
	if uint64(h.Length) != uint64(len(b)) {
		return h, syntax("header says %d octets, datagram has %d", h.Length, len(b))
	}
	return h, nil
}

// Parse reads a message; an Encrypted payload stays *Encrypted. The message
// does not refer to b.
func Parse(b []byte) (*Message, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	payloads, err := parsePayloads(h.Next, bytes.Clone(b[HeaderLen:]))
	if err != nil {
		return nil, err
	}
	return &Message{Header: h, Payloads: payloads}, nil
}

// parsePayloads reads a chain of payloads that must fill b.
func parsePayloads(next PayloadType, b []byte) ([]Payload, error) {
	var list []Payload
	for next != NoNext {
		if len(list) == maxPayloads {
			return nil, syntax("more than %d payloads", maxPayloads)
		}
		if len(b) < genericLen {
			return nil, syntax("%d octets left for payload %v", len(b), next)
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < genericLen || n > len(b) {
			return nil, syntax("payload %v says %d octets of %d", next, n, len(b))
		}
		p, err := parsePayload(next, b[0], b[1]&0x80 != 0, b[genericLen:n])
		if err != nil {
			return nil, err
		}
		list = append(list, p)
		if next == TypeSK { // its next field names the first payload inside
			if n != len(b) {
				return nil, syntax("%d octets behind the Encrypted payload", len(b)-n)
			}
			return list, nil
		}
		next, b = PayloadType(b[0]), b[n:]
	}
	if len(b) > 0 {
		return nil, syntax("%d octets behind the last payload", len(b))
	}
	return list, nil
}

func (m *Message) appendHeader(b []byte, next PayloadType) []byte {
	b = binary.BigEndian.AppendUint64(b, m.SPIi)
	b = binary.BigEndian.AppendUint64(b, m.SPIr)
	b = append(b, byte(next), m.Version, byte(m.Exchange), byte(m.Flags))
	b = binary.BigEndian.AppendUint32(b, m.MessageID)
	return append(b, 0, 0, 0, 0)
}

// appendPayloads writes the chain.
func (m *Message) appendPayloads(b []byte) []byte {
	for i, p := range m.Payloads {
		start := len(b)
		b = append(b, byte(m.NextOf(i)), criticalBit(p), 0, 0)
		b = p.append(b)
		binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	}
	return b
}

func criticalBit(p Payload) byte {
	if u, ok := p.(*Unknown); ok && u.Critical {
		return 0x80
	}
	return 0
}

// Append appends the message in clear to b.
func (m *Message) Append(b []byte) []byte {
	start := len(b)
	b = m.appendHeader(b, m.first())
	b = m.appendPayloads(b)
	binary.BigEndian.PutUint32(b[start+24:], uint32(len(b)-start))
	return b
}

func (m *Message) first() PayloadType {
	if len(m.Payloads) == 0 {
		return NoNext
	}
	return m.Payloads[0].Type()
}

// NextOf is the next-payload field of the ith payload.
func (m *Message) NextOf(i int) PayloadType {
	if sk, ok := m.Payloads[i].(*Encrypted); ok {
		return sk.Next
	}
	if i+1 < len(m.Payloads) {
		return m.Payloads[i+1].Type()
	}
	return NoNext
}

// Get is the first payload of one Go type.
func Get[P Payload](m *Message) (P, bool) {
	for _, p := range m.Payloads {
		if q, ok := p.(P); ok {
			return q, true
		}
	}
	var none P
	return none, false
}

// All lists the payloads of one Go type.
func All[P Payload](m *Message) []P {
	var list []P
	for _, p := range m.Payloads {
		if q, ok := p.(P); ok {
			list = append(list, q)
		}
	}
	return list
}

// Notify is the first notify of a kind, nil without.
func (m *Message) Notify(kind NotifyType) *Notify {
	for _, p := range m.Payloads {
		if n, ok := p.(*Notify); ok && n.Kind == kind {
			return n
		}
	}
	return nil
}
