package wire

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
)

// maxPayloads bounds the work that one datagram can cause.
const maxPayloads = 64

// Message is one IKE message with its payloads in the order of the wire.
// EncryptedLen is the length in octets of the whole datagram when the payloads
// stood inside an Encrypted payload; 0 otherwise.
type Message struct {
	Header
	Payloads     []Payload
	EncryptedLen int

	inside []byte // the payloads as they came, if they were protected, and
	beside byte   // what stood beside Next Payload in front of them: C and RESERVED
}

// Parse reads a message; an Encrypted payload stays *Encrypted. The message
// keeps slices of b, which nobody may change.
func Parse(b []byte) (*Message, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	m, err := parsePayloads(h.Next, b[HeaderLen:])
	if err != nil {
		return nil, err
	}
	m.Header = h
	return m, nil
}

// parsePayloads reads a chain of payloads that fills b. The payloads keep
// slices of b, cut so that appending to one cannot reach the next.
func parsePayloads(next PayloadType, b []byte) (*Message, error) {
	count, err := countPayloads(next, b)
	if err != nil {
		return nil, err
	}
	m, at := count.room()
	if count.all > 0 {
		m.Payloads = some(&at.list, count.all)[:0]
	}
	for range count.all {
		size := binary.BigEndian.Uint16(b[2:])
		p, err := parsePayload(next, b[:size:size], &at)
		if err != nil {
			return nil, in(err, "%v", next)
		}
		m.Payloads = append(m.Payloads, p)
		next, b = PayloadType(b[0]), b[size:]
	}
	return m, nil
}

// counts is how many payloads there are, how many of them notifies, and whether an SA.
type counts struct {
	all, notifies int
	sa            bool
}

// room is a message that has none of them yet, and places for them.
func (c counts) room() (*Message, places) {
	if c.sa {
		w := &whole{}
		return &w.Message, w.places()
	}
	return &Message{}, places{list: make([]Payload, c.all), notifies: make([]Notify, c.notifies)}
}

// countPayloads walks the generic headers of a chain (RFC 7296 3.2). An Encrypted payload, or
// that of a fragment, ends it: its next field names what is inside (3.14; RFC 7383 2.5).
func countPayloads(next PayloadType, b []byte) (n counts, err error) {
	for ; next != NoNext; n.all++ {
		if n.all == maxPayloads {
			return counts{}, syntax("more than %d payloads", maxPayloads)
		}
		if len(b) < genericLen {
			return counts{}, syntax("%v: %d octets left, a payload has %d", next, len(b), genericLen)
		}
		size := int(binary.BigEndian.Uint16(b[2:]))
		if size < genericLen || size > len(b) {
			return counts{}, syntax("%v: length %d, at least %d and at most %d fit", next, size, genericLen, len(b))
		}
		switch next {
		case TypeNotify:
			n.notifies++
		case TypeSA:
			n.sa = true
		}
		sealed := next.sealed()
		next, b = PayloadType(b[0]), b[size:]
		if sealed {
			next = NoNext
		}
	}
	if len(b) > 0 {
		return counts{}, syntax("%d octets behind the last payload", len(b))
	}
	return n, nil
}

// size is the sum of the payloads in octets.
func (m *Message) size() int {
	n := 0
	for _, p := range m.Payloads {
		n += Len(p)
	}
	return n
}

// Append appends the message in clear to b.
func (m *Message) Append(b []byte) []byte {
	start := len(b)
	b = slices.Grow(b, HeaderLen+m.size())
	b = m.Header.append(b, m.first())
	b = m.appendPayloads(b)
	binary.BigEndian.PutUint32(b[start+24:], uint32(len(b)-start))
	return b
}

// appendPayloads writes the chain.
func (m *Message) appendPayloads(b []byte) []byte {
	for i, p := range m.Payloads {
		start := len(b)
		b = append(b, byte(m.NextOf(i)), criticalBit(p), 0, 0)
		b = p.append(b)
		putLength(b[start:])
	}
	return b
}

// putLength sets the 16-bit length at octet 2, where payloads, proposals and
// transforms have it. Nothing that we build is longer.
func putLength(b []byte) {
	if len(b) > maxDatagram {
		panic(fmt.Sprintf("wire: %d octets in a payload, its length field ends at %d", len(b), maxDatagram))
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
}

// count8 is a number for a one-octet field. Nothing that we build exceeds it.
func count8(n int) byte {
	if n > 255 {
		panic(fmt.Sprintf("wire: %d in a field of one octet", n))
	}
	return byte(n)
}

func criticalBit(p Payload) byte {
	if u, ok := p.(*Unknown); ok && u.Critical {
		return criticalFlag
	}
	return 0
}

func (m *Message) first() PayloadType {
	if len(m.Payloads) == 0 {
		return NoNext
	}
	return m.Payloads[0].Type()
}

// NextOf is the next-payload field of the ith payload.
func (m *Message) NextOf(i int) PayloadType {
	switch p := m.Payloads[i].(type) {
	case *Encrypted:
		return p.Next
	case *EncryptedFragment:
		return p.Next
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

// All are the payloads of one Go type in order.
func All[P Payload](m *Message) iter.Seq[P] {
	return func(yield func(P) bool) {
		for _, p := range m.Payloads {
			if q, ok := p.(P); ok && !yield(q) {
				return
			}
		}
	}
}

// Has says whether there is a payload of a type.
func (m *Message) Has(t PayloadType) bool {
	return slices.ContainsFunc(m.Payloads, func(p Payload) bool { return p.Type() == t })
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
