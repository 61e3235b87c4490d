package decode

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
)

// packages begin the messages of errors; who reads a capture need not know them.
var packages = regexp.MustCompile(`(^|: )(?:wire|ipsec|esp): `)

// messages is what is known of the IKE SAs of a capture.
type messages struct {
	ids     map[uint64]int // the numbers of the SAs, by the initiator's SPI
	waiting map[messageKey]*pieces
	order   []messageKey
}

// messageKey names a message of an SA that comes in fragments.
type messageKey struct {
	spiI, spiR uint64
	flags      wire.Flags
	id         uint32
}

// pieces are the fragments of a message (RFC 7383).
type pieces struct {
	list   []*wire.Fragment // by number; nil: missing
	have   int
	octets int
}

// mostMessages wait for their fragments.
const mostMessages = 256

// ref names the SA as `debug` does: SAs are numbered in the order in which they
// come.
func (m *messages) ref(h wire.Header) ikev2.Ref {
	id, known := m.ids[h.SPIi]
	if !known {
		id = len(m.ids) + 1
		m.ids[h.SPIi] = id
	}
	return ikev2.Ref{ID: id, SPIi: h.SPIi, SPIr: h.SPIr}
}

// ike reads a message, of either version.
func (d *Decoder) ike(f *Found, b []byte) {
	d.IKE++
	f.What = "IKE"
	if len(b) > 17 && b[17]>>4 == 1 {
		d.isakmp(f, b)
		return
	}
	h, err := wire.ParseHeader(b)
	if err != nil {
		f.breaks(err)
		return
	}
	f.What = fmt.Sprintf("IKEv2 %v %s %d", h.Exchange, direction(h), h.MessageID)
	sa := d.messages.ref(h)
	c, have := d.keys.ikeCipher(h, b)
	switch {
	case h.Next == wire.TypeSK && have:
		d.open(f, sa, b, c)
	case h.Next == wire.TypeSKF && have:
		d.fragment(f, sa, b, c)
	default:
		d.clear(f, sa, b)
	}
}

func direction(h wire.Header) string {
	if h.Response() {
		return "response"
	}
	return "request"
}

// clear shows a message that is not encrypted, or is and stays so.
func (d *Decoder) clear(f *Found, sa ikev2.Ref, b []byte) {
	m, err := wire.Parse(b)
	if err != nil {
		f.breaks(err)
		return
	}
	f.Records = append(f.Records, ikev2.MessageParsed{SA: sa, Message: m})
	if !sealed(m) {
		d.Opened++
	} else if f.Problem == "" {
		f.Problem = fmt.Sprintf("encrypted, and there are no keys for %016X/%016X", m.SPIi, m.SPIr)
	}
}

// sealed says whether a message that was read as it came has an Encrypted payload,
// which is its last one, or that of a fragment.
func sealed(m *wire.Message) bool {
	if len(m.Payloads) == 0 {
		return false
	}
	last := m.Payloads[len(m.Payloads)-1].Type()
	return last == wire.TypeSK || last == wire.TypeSKF
}

// cannot tells why a message with keys was not opened, and shows its outside.
func (d *Decoder) cannot(f *Found, sa ikev2.Ref, b []byte, err error) {
	switch {
	case errors.Is(err, wire.ErrIntegrity):
		f.breaks(errors.New("the ICV is wrong, or the keys are"))
		d.clear(f, sa, b)
	default:
		f.breaks(err)
	}
}

// open shows a message that keys open.
func (d *Decoder) open(f *Found, sa ikev2.Ref, b []byte, c wire.Cipher) {
	m, err := wire.Open(b, c)
	if err != nil {
		d.cannot(f, sa, b, err)
		return
	}
	d.Opened++
	f.Records = append(f.Records, ikev2.MessageParsed{SA: sa, Message: m})
}

// fragment shows a fragment, and the message that it completes.
func (d *Decoder) fragment(f *Found, sa ikev2.Ref, b []byte, c wire.Cipher) {
	part, err := wire.OpenFragment(b, c)
	if err != nil {
		d.cannot(f, sa, b, err)
		return
	}
	d.Opened++
	f.What += fmt.Sprintf(", fragment %d of %d", part.Number, part.Total)
	f.Records = append(f.Records, ikev2.FragmentBuilt{
		SA: sa, Header: part.Header, Next: part.Next, Number: int(part.Number), Total: int(part.Total), Octets: len(b),
	})
	m, err := d.messages.take(part, len(b))
	switch {
	case err != nil:
		f.breaks(err)
	case m != nil:
		f.Records = append(f.Records, ikev2.MessageParsed{SA: sa, Message: m})
	}
}

// take returns the message when its last fragment has come. One with another
// total begins anew where that is higher: "the receiver MUST discard all received
// fragments and start the reassembly process over with just the received IKE Fragment
// message" (RFC 7383 2.6).
func (m *messages) take(part *wire.Fragment, octets int) (*wire.Message, error) {
	key := messageKey{part.SPIi, part.SPIr, part.Flags, part.MessageID}
	total := int(part.Total)
	if total > wire.MaxFragments || part.Number == 0 || int(part.Number) > total {
		return nil, fmt.Errorf("fragment %d of %d", part.Number, total)
	}
	p := m.waiting[key]
	if p == nil || total > len(p.list) {
		p = m.begin(key, total)
	}
	if total < len(p.list) || p.list[part.Number-1] != nil {
		return nil, nil
	}
	p.list[part.Number-1] = part
	p.have, p.octets = p.have+1, p.octets+octets
	if p.have < total {
		return nil, nil
	}
	m.forget(key)
	var plain []byte
	for _, part := range p.list {
		plain = append(plain, part.Plain...)
	}
	return wire.Assembled(p.list[0], plain, p.octets)
}

func (m *messages) begin(key messageKey, total int) *pieces {
	m.forget(key)
	if m.waiting == nil {
		m.waiting = map[messageKey]*pieces{}
	}
	if len(m.order) == mostMessages {
		m.forget(m.order[0])
	}
	p := &pieces{list: make([]*wire.Fragment, total)}
	m.waiting[key] = p
	m.order = append(m.order, key)
	return p
}

func (m *messages) forget(key messageKey) {
	if m.waiting[key] == nil {
		return
	}
	delete(m.waiting, key)
	m.order = slices.DeleteFunc(m.order, func(k messageKey) bool { return k == key })
}

// exchangesV1 are the exchanges of IKEv1 (RFC 2408 3.1, RFC 2409 appendix A).
var exchangesV1 = map[byte]string{
	1: "Base", 2: "Identity Protection (Main Mode)", 3: "Authentication Only", 4: "Aggressive", 5: "Informational",
	6: "Transaction", 32: "Quick Mode", 33: "New Group Mode",
}

// isakmp names a message of IKEv1.
func (d *Decoder) isakmp(f *Found, b []byte) {
	const header = 28
	if len(b) < header {
		f.What = "IKEv1"
		f.breaks(errShort)
		return
	}
	name := exchangesV1[b[18]]
	if name == "" {
		name = fmt.Sprintf("exchange %d", b[18])
	}
	f.What = fmt.Sprintf("IKEv1 %s, cookies %X/%X, message id %08X, %d octets", name, b[:8], b[8:16], b[20:24], len(b))
	if b[19]&1 != 0 {
		f.What += ", encrypted"
	}
	f.Problem = "IKEv1 is not decoded"
}
