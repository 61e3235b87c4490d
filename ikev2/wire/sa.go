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

// attrKeyLength is the one attribute that RFC 7296 defines (3.3.5), and
// attrTV the bit that says that an attribute has no length field.
const (
	attrKeyLength = 14
	attrTV        = 0x8000
)

// Lengths of the fixed fields, in octets.
const (
	proposalLen  = 8
	transformLen = 8
)

// The first octet of a substructure that is not the last one.
const (
	moreProposals  = 2
	moreTransforms = 3
)

// Type is the payload type.
func (*SA) Type() PayloadType { return TypeSA }

// Len is the length of the proposal in octets.
func (p *Proposal) Len() int {
	n := proposalLen + len(p.SPI)
	for i := range p.Transforms {
		n += p.Transforms[i].Len()
	}
	return n
}

// Len is the length of the transform in octets.
func (t *Transform) Len() int {
	n := transformLen
	if t.KeyBits != 0 {
		n += 4
	}
	for i := range t.Attrs {
		n += t.Attrs[i].size()
	}
	return n
}

func (a *Attr) size() int {
	if a.TV {
		return 4
	}
	return 4 + len(a.Value)
}

func (p *SA) size() int {
	n := 0
	for i := range p.Proposals {
		n += p.Proposals[i].Len()
	}
	return n
}

func (p *SA) append(b []byte) []byte {
	for i := range p.Proposals {
		b = p.Proposals[i].append(b, i+1 < len(p.Proposals))
	}
	return b
}

func (p *Proposal) append(b []byte, more bool) []byte {
	start := len(b)
	b = append(b, moreMark(more, moreProposals), 0, 0, 0,
		p.Number, byte(p.Protocol), count8(len(p.SPI)), count8(len(p.Transforms)))
	b = append(b, p.SPI...)
	for i := range p.Transforms {
		b = p.Transforms[i].append(b, i+1 < len(p.Transforms))
	}
	putLength(b[start:])
	return b
}

func (t *Transform) append(b []byte, more bool) []byte {
	start := len(b)
	b = append(b, moreMark(more, moreTransforms), 0, 0, 0, byte(t.Type), 0)
	b = binary.BigEndian.AppendUint16(b, t.ID)
	if t.KeyBits != 0 {
		b = binary.BigEndian.AppendUint16(b, attrTV|attrKeyLength)
		b = binary.BigEndian.AppendUint16(b, t.KeyBits)
	}
	for i := range t.Attrs {
		b = t.Attrs[i].append(b)
	}
	putLength(b[start:])
	return b
}

func (a *Attr) append(b []byte) []byte {
	if a.TV {
		b = binary.BigEndian.AppendUint16(b, attrTV|a.Type)
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

// substructure cuts the first of a list of proposals or transforms off b. Its
// length must fit, and its mark must say whether more follow.
func substructure(b []byte, mark byte, fixed int) (head, rest []byte, err error) {
	if err := atLeast(fixed, b); err != nil {
		return nil, nil, err
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < fixed || n > len(b) {
		return nil, nil, syntax("length %d, at least %d and at most %d fit", n, fixed, len(b))
	}
	if b[0] != moreMark(n < len(b), mark) {
		return nil, nil, syntax("mark %d with %d octets behind", b[0], len(b)-n)
	}
	return b[:n:n], b[n:], nil
}

func parseSA(b []byte, at *places) (Payload, error) {
	sa := put(&at.sas, SA{Proposals: some(&at.proposals, len(at.proposals))[:0]})
	for len(b) > 0 {
		place := len(sa.Proposals) + 1
		head, rest, err := substructure(b, moreProposals, proposalLen)
		if err != nil {
			return nil, in(err, "proposal %d", place)
		}
		p, err := parseProposal(head, at)
		if err != nil {
			return nil, in(err, "proposal %d", place)
		}
		// Numbers go up by one (RFC 7296 3.3.1). An answer repeats the number
		// of what it chose, so the first need not be 1.
		if place > 1 && int(p.Number) != int(sa.Proposals[0].Number)+place-1 {
			return nil, syntax("proposal %d: number %d behind %d", place, p.Number, sa.Proposals[place-2].Number)
		}
		sa.Proposals = append(sa.Proposals, p)
		b = rest
	}
	if len(sa.Proposals) == 0 {
		return nil, syntax("no proposal")
	}
	return sa, nil
}

func parseProposal(b []byte, at *places) (Proposal, error) {
	p := Proposal{Number: b[4], Protocol: ProtocolID(b[5])}
	size, count := int(b[6]), int(b[7])
	b = b[proposalLen:]
	switch {
	case size > len(b):
		return p, syntax("SPI of %d octets in %d", size, len(b))
	case p.Protocol == ProtoIKE && size != 0 && size != ikeSPILen, p.Protocol.child() && size != childSPILen:
		return p, syntax("SPI of %d octets for protocol %v", size, p.Protocol)
	case size+count*transformLen > len(b):
		return p, syntax("%d transforms in %d octets", count, len(b)-size)
	case size > 0:
		p.SPI = b[:size:size]
	}
	var err error
	p.Transforms, err = parseTransforms(b[size:], count, at)
	return p, err
}

// parseTransforms reads exactly count transforms, for which b is long enough.
func parseTransforms(b []byte, count int, at *places) ([]Transform, error) {
	if count == 0 && len(b) == 0 {
		return nil, nil
	}
	list := some(&at.transforms, count)[:0]
	for len(b) > 0 && len(list) < count {
		place := len(list) + 1
		head, rest, err := substructure(b, moreTransforms, transformLen)
		if err != nil {
			return nil, in(err, "transform %d", place)
		}
		t, err := parseTransform(head)
		if err != nil {
			return nil, in(err, "transform %d", place)
		}
		list, b = append(list, t), rest
	}
	if len(b) > 0 || len(list) != count {
		return nil, syntax("%d transforms announced, %d found, %d octets behind", count, len(list), len(b))
	}
	return list, nil
}

func parseTransform(b []byte) (Transform, error) {
	t := Transform{Type: TransformType(b[4]), ID: binary.BigEndian.Uint16(b[6:])}
	for b = b[transformLen:]; len(b) > 0; {
		a, n, err := parseAttr(b)
		if err != nil {
			return t, err
		}
		b = b[n:]
		if t.KeyBits == 0 && len(t.Attrs) == 0 && a.isKeyLength() {
			t.KeyBits = binary.BigEndian.Uint16(a.Value)
			continue
		}
		t.Attrs = append(t.Attrs, a) // a second key length too: such a transform fits nothing
	}
	return t, nil
}

// parseAttr reads the attribute at the front of b and returns its length.
func parseAttr(b []byte) (Attr, int, error) {
	if err := atLeast(4, b); err != nil {
		return Attr{}, 0, in(err, "attribute")
	}
	kind := binary.BigEndian.Uint16(b)
	if kind&attrTV != 0 {
		return Attr{Type: kind &^ attrTV, TV: true, Value: b[2:4:4]}, 4, nil
	}
	n := 4 + int(binary.BigEndian.Uint16(b[2:]))
	if n > len(b) {
		return Attr{}, 0, syntax("attribute %d: length %d, at most %d fit", kind, n-4, len(b)-4)
	}
	return Attr{Type: kind, Value: b[4:n:n]}, n, nil
}

// isKeyLength: a key length is of the short form (RFC 7296 3.3.5), and not 0.
func (a *Attr) isKeyLength() bool {
	return a.TV && a.Type == attrKeyLength && binary.BigEndian.Uint16(a.Value) != 0
}
