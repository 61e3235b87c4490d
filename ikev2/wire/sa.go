package wire

import "encoding/binary"

// SA is a Security Association payload (RFC 7296 3.3).
type SA struct{ Proposals []Proposal }

// Proposal is one proposal (RFC 7296 3.3.1).
type Proposal struct {
	Number     uint8
	Protocol   ProtocolID
	SPI        []byte
	Transforms []Transform
}

// Transform is one transform (RFC 7296 3.3.2). KeyBits is the Key Length
// attribute, 0 without; Attrs are the others, which no defined transform has.
type Transform struct {
	Type    TransformType
	ID      uint16
	KeyBits uint16
	Attrs   []Attr
}

// Attr is a transform attribute (RFC 7296 3.3.5). TV says that the value is
// the two octets in place of a length.
type Attr struct {
	Type  uint16
	TV    bool
	Value []byte
}

const attrKeyLength = 14

// Type is the payload type.
func (*SA) Type() PayloadType { return TypeSA }

// Len is the length of the proposal in octets.
func (p *Proposal) Len() int { return len(p.append(nil, false)) }

// Len is the length of the transform in octets.
func (t *Transform) Len() int { return len(t.append(nil, false)) }

func (p *SA) append(b []byte) []byte {
	for i := range p.Proposals {
		b = p.Proposals[i].append(b, i+1 < len(p.Proposals))
	}
	return b
}

func (p *Proposal) append(b []byte, more bool) []byte {
	start := len(b)
	b = append(b, moreMark(more, 2), 0, 0, 0, p.Number, byte(p.Protocol), byte(len(p.SPI)), byte(len(p.Transforms)))
	b = append(b, p.SPI...)
	for i := range p.Transforms {
		b = p.Transforms[i].append(b, i+1 < len(p.Transforms))
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	return b
}

func (t *Transform) append(b []byte, more bool) []byte {
	start := len(b)
	b = append(b, moreMark(more, 3), 0, 0, 0, byte(t.Type), 0)
	b = binary.BigEndian.AppendUint16(b, t.ID)
	if t.KeyBits != 0 {
		b = binary.BigEndian.AppendUint16(b, 0x8000|attrKeyLength)
		b = binary.BigEndian.AppendUint16(b, t.KeyBits)
	}
	for _, a := range t.Attrs {
		b = a.append(b)
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	return b
}

func (a *Attr) append(b []byte) []byte {
	if a.TV {
		b = binary.BigEndian.AppendUint16(b, 0x8000|a.Type)
		return append(b, a.Value...)
	}
	b = binary.BigEndian.AppendUint16(b, a.Type)
	b = binary.BigEndian.AppendUint16(b, uint16(len(a.Value)))
	return append(b, a.Value...)
}

// moreMark is the first octet of a substructure: 0 in the last one.
func moreMark(more bool, mark byte) byte {
	if more {
		return mark
	}
	return 0
}

// substructure splits off the first of a list of proposals (mark 2) or
// transforms (mark 3): the mark, the length, and what follows must agree.
func substructure(b []byte, mark byte, min int) (head, rest []byte, err error) {
	if len(b) < min {
		return nil, nil, syntax("substructure in %d octets, needs %d", len(b), min)
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < min || n > len(b) {
		return nil, nil, syntax("substructure says %d octets of %d", n, len(b))
	}
	if b[0] != moreMark(n < len(b), mark) {
		return nil, nil, syntax("substructure mark %d with %d octets behind it", b[0], len(b)-n)
	}
	return b[:n], b[n:], nil
}

func parseSA(b []byte) (Payload, error) {
	sa := &SA{}
	for len(b) > 0 {
		head, rest, err := substructure(b, 2, 8)
		if err != nil {
			return nil, err
		}
		p, err := parseProposal(head)
		if err != nil {
			return nil, err
		}
		sa.Proposals = append(sa.Proposals, p)
		b = rest
	}
	if len(sa.Proposals) == 0 {
		return nil, syntax("SA without a proposal")
	}
	return sa, nil
}

func parseProposal(b []byte) (Proposal, error) {
	p := Proposal{Number: b[4], Protocol: ProtocolID(b[5])}
	size, count := int(b[6]), int(b[7])
	if len(b) < 8+size {
		return p, syntax("SPI of %d octets in %d", size, len(b)-8)
	}
	if size > 0 {
		p.SPI = b[8 : 8+size]
	}
	for b = b[8+size:]; len(b) > 0; {
		head, rest, err := substructure(b, 3, 8)
		if err != nil {
			return p, err
		}
		t, err := parseTransform(head)
		if err != nil {
			return p, err
		}
		p.Transforms = append(p.Transforms, t)
		b = rest
	}
	if len(p.Transforms) != count {
		return p, syntax("%d transforms, %d announced", len(p.Transforms), count)
	}
	return p, nil
}

func parseTransform(b []byte) (Transform, error) {
	t := Transform{Type: TransformType(b[4]), ID: binary.BigEndian.Uint16(b[6:])}
	for b = b[8:]; len(b) > 0; {
		if len(b) < 4 {
			return t, syntax("attribute in %d octets", len(b))
		}
		kind := binary.BigEndian.Uint16(b)
		a := Attr{Type: kind & 0x7fff, TV: kind&0x8000 != 0}
		n := 4
		if a.TV {
			a.Value = b[2:4]
		} else {
			n += int(binary.BigEndian.Uint16(b[2:]))
			if n > len(b) {
				return t, syntax("attribute of %d octets in %d", n, len(b))
			}
			a.Value = b[4:n]
		}
		// A second key length, or one of zero, is no key length.
		if bits := binary.BigEndian.Uint16(b[2:]); a.TV && a.Type == attrKeyLength && t.KeyBits == 0 && len(t.Attrs) == 0 && bits != 0 {
			t.KeyBits = bits
		} else {
			t.Attrs = append(t.Attrs, a)
		}
		b = b[n:]
	}
	return t, nil
}
