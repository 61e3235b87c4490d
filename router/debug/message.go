package debug

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

const ikeHeaderLen = 28 // RFC 7296 3.1

// vendorName names a vendor id as IOS does: it knows more of them when it
// builds one than when it parses one.
func vendorName(data []byte, h wire.Header, building bool) string {
	switch name := ikev2.VendorName(data, h); {
	case name == "CISCO-DELETE-REASON" && building:
		return "DELETE-REASON"
	case name == "CISCO-DELETE-REASON", name == "CISCO-GRANITE" && building:
		return name
	}
	return "(CUSTOM)"
}

// dump collects the lines about one message.
type dump struct{ lines []Line }

func (d *dump) says(s *sentence.Sentence, a ...any) { d.lines = append(d.lines, free(Packet, s, a...)) }

func (d *dump) follows(s *sentence.Sentence, a ...any) {
	d.lines = append(d.lines, follows(Packet, s.Say(a...)))
}

// built shows a message before it leaves: what is constructed, then the
// clear payloads, and for a sealed message the ENCR payload that went out.
func built(sa ikev2.Ref, m *wire.Message) []Line {
	d := dump{lines: informing(sa, m)}
	for _, p := range m.Payloads {
		switch p := p.(type) {
		case *wire.VendorID:
			d.says(sentence.VendorMade, vendorName(p.Data, m.Header, true))
		case *wire.Notify:
			d.says(sentence.NotifyMade, words.Notify(p.Kind))
		}
	}
	if m.EncryptedLen == 0 {
		d.header(sa, m)
		d.payloads(m, false)
		return d.lines
	}
	d.payloads(m, false)
	d.header(sa, m)
	d.follows(sentence.Contents)
	d.follows(sentence.EncryptedHead, firstPayload(m), m.EncryptedLen-ikeHeaderLen)
	return d.lines
}

// parsed shows a message that was received and opened.
func parsed(sa ikev2.Ref, m *wire.Message) []Line {
	var d dump
	d.header(sa, m)
	d.payloads(m, true)
	return d.lines
}

// fragment shows the datagram of a fragment (RFC 7383).
func fragment(b ikev2.FragmentBuilt) []Line {
	var d dump
	d.header(b.SA, &wire.Message{Header: b.Header})
	d.follows(sentence.Contents)
	d.follows(sentence.FragmentHead, b.Next, b.Octets-ikeHeaderLen)
	d.follows(sentence.FragmentOf, b.Number, b.Total)
	return d.lines
}

func firstPayload(m *wire.Message) string {
	if len(m.Payloads) == 0 {
		return wire.NoNext.String()
	}
	return m.Payloads[0].Type().String()
}

// sealed says whether the message travels inside an SK payload.
func sealed(m *wire.Message) bool { return m.EncryptedLen != 0 || m.Next == wire.TypeSK }

func (d *dump) header(sa ikev2.Ref, m *wire.Message) {
	next, length := firstPayload(m), int(m.Length)
	switch {
	case m.Next == wire.TypeSKF && m.EncryptedLen == 0:
		next = wire.TypeSKF.String()
	case sealed(m):
		next = wire.TypeSK.String()
		if m.EncryptedLen != 0 {
			length = m.EncryptedLen
		}
	case length == 0:
		length = ikeHeaderLen
		for _, p := range m.Payloads {
			length += wire.Len(p)
		}
	}
	d.lines = append(d.lines, about(sa, Packet, sentence.Header,
		next, m.Exchange, flagNames(m), m.MessageID, length))
}

func flagNames(m *wire.Message) string {
	flags := "RESPONDER"
	if m.Flags&wire.FlagInitiator != 0 {
		flags = "INITIATOR"
	}
	if m.Flags&wire.FlagResponse != 0 {
		flags += " MSG-RESPONSE"
	}
	return flags
}

// payloads dumps the payloads in order. A received vendor id or notify runs on
// behind the line that says that it is parsed; what follows a CFG payload
// starts a new printout, as on the router.
func (d *dump) payloads(m *wire.Message, parsing bool) {
	d.follows(sentence.Contents)
	afterCFG := false
	for i, p := range m.Payloads {
		head := payloadHead(m, i)
		notify, isNotify := p.(*wire.Notify)
		vendor, isVendor := p.(*wire.VendorID)
		switch {
		case parsing && isVendor:
			d.says(sentence.VendorParsed, vendorName(vendor.Data, m.Header, false)+" "+head)
		case parsing && isNotify:
			d.says(sentence.NotifyParsed, words.Notify(notify.Kind)+" "+head)
		case afterCFG:
			d.lines = append(d.lines, stamped(Packet, head))
		default:
			d.lines = append(d.lines, follows(Packet, "  "+head))
		}
		d.body(p)
		_, afterCFG = p.(*wire.CP)
	}
}

func payloadHead(m *wire.Message, i int) string {
	p := m.Payloads[i]
	return sentence.PayloadHead.Say(payloadName(p), m.NextOf(i), wire.Len(p))
}

func payloadName(p wire.Payload) string {
	if n, ok := p.(*wire.Notify); ok {
		return "NOTIFY(" + words.Notify(n.Kind) + ")"
	}
	return p.Type().String()
}

// body prints what IOS shows of a payload beyond its header.
func (d *dump) body(p wire.Payload) {
	switch p := p.(type) {
	case *wire.SA:
		d.proposals(p.Proposals)
	case *wire.KE:
		d.follows(sentence.KEGroup, p.Group)
	case *wire.ID:
		d.follows(sentence.IDKind, words.Named(idTypeNames, p.Kind))
	case *wire.Auth:
		d.follows(sentence.AuthMethod, words.Named(authNames, p.Method))
	case *wire.Notify:
		d.follows(sentence.NotifyBody, words.Named(protocolNames, p.Protocol), len(p.SPI), words.Notify(p.Kind))
	case *wire.CertReq:
		d.follows(sentence.CertEncoding, words.Named(certEncodings, uint8(p.Encoding)))
	case *wire.CP:
		d.config(p)
	case *wire.TS:
		d.selectors(p.Selectors)
	case *wire.Delete:
		d.follows(sentence.DeleteBody, words.Named(protocolNames, p.Protocol), p.SPISize(), len(p.SPIs))
	}
}

func (d *dump) proposals(list []wire.Proposal) {
	for i, p := range list {
		length := 8 + len(p.SPI)
		for _, t := range p.Transforms {
			length += transformLen(t)
		}
		d.follows(sentence.ProposalLast, more(i, len(list), 2), length)
		d.follows(sentence.ProposalIs,
			p.Number, words.Named(protocolNames, p.Protocol), len(p.SPI), len(p.Transforms))
		for j, t := range p.Transforms {
			d.follows(sentence.TransformLast, more(j, len(p.Transforms), 3), transformLen(t))
			d.follows(sentence.TransformIs, uint8(t.Type), words.Transform(t))
		}
	}
}

// more is the "last" octet of a proposal or transform: 0 marks the last one
// (RFC 7296 3.3.1, 3.3.2).
func more(i, n, mark int) int {
	if i == n-1 {
		return 0
	}
	return mark
}

// transformLen is a transform's length: 8 octets and 4 for a key length.
func transformLen(t wire.Transform) int {
	n := 8
	if t.KeyBits != 0 {
		n += 4
	}
	return n
}

func (d *dump) config(p *wire.CP) {
	d.follows(sentence.ConfigKind, words.Named(cfgTypes, p.Kind))
	for _, a := range p.Attributes {
		d.lines = append(d.lines, stamped(Packet, sentence.AttributeOf.Say(words.Named(cfgAttributes, uint16(a.Type)), len(a.Value))))
	}
}

func (d *dump) selectors(list []wire.Selector) {
	d.follows(sentence.SelectorCount, len(list))
	for _, s := range list {
		kind, length := "TS_IPV4_ADDR_RANGE", 16
		if s.Start.Is6() {
			kind, length = "TS_IPV6_ADDR_RANGE", 40
		}
		if !s.Start.IsValid() { // of a type that nobody knows
			d.follows(sentence.SelectorStrange, s.Type, s.Protocol, 4+len(s.Strange))
			continue
		}
		d.follows(sentence.SelectorKind, kind, s.Protocol, length)
		d.follows(sentence.SelectorPorts, s.StartPort, s.EndPort)
		d.follows(sentence.SelectorRange, s.Start, s.End)
	}
}
