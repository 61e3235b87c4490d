package debug

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/words"
)

// Messages as the newer generation tells them: at the default level what is in one in a
// line, at the packet level the dump, at the internal level what is constructed and parsed.

func xeBuilt(_ View, b ikev2.MessageBuilt) []Line {
	m := b.Message
	d := dump{lines: xeInforming(b.SA, m)}
	if m.Exchange != wire.INFORMATIONAL {
		d.fact(b.SA, fmt.Sprintf("Generating %v message", m.Exchange))
	}
	for _, p := range m.Payloads {
		d.construct(b.SA, p)
	}
	if m.EncryptedLen == 0 {
		d.packet(b.SA, m, "Sending", "To", b.To, "From", b.From, contents(m))
		d.header(b.SA, m)
		d.dumped(m)
		if m.Flags&wire.FlagInitiator != 0 && !m.Response() {
			d.fact(b.SA, "Insert SA ")
		}
		return d.lines
	}
	d.fact(b.SA, "Building packet for encryption.  ", "Payload contents: ", contents(m))
	d.dumped(m)
	if !m.Response() && m.Exchange != wire.IKE_AUTH {
		d.fact(b.SA, "Checking if request will fit in peer window ")
	}
	d.packet(b.SA, m, "Sending", "To", b.To, "From", b.From, " ENCR ")
	d.header(b.SA, m)
	d.follows("Payload contents:")
	d.follows("  ENCR Next payload: %s, reserved: 0x0, length: %d", firstPayload(m), m.EncryptedLen-ikeHeaderLen)
	return d.lines
}

func xeParsed(_ View, b ikev2.MessageParsed) []Line {
	var d dump
	d.packet(b.SA, b.Message, "Received", "From", b.From, "To", b.To, contents(b.Message))
	d.header(b.SA, b.Message)
	for _, p := range b.Message.Payloads {
		d.parse(p)
	}
	d.dumped(b.Message)
	return d.lines
}

func xeRepeatedRequest(_ View, b ikev2.MessageRepeated) []Line {
	var d dump
	text := contents(b.Message)
	if len(b.Message.Payloads) == 0 {
		text = " ENCR "
	}
	d.packet(b.SA, b.Message, "Sending", "To", b.To, "From", b.From, text)
	return d.lines
}

// fact is a printout of the default level.
func (d *dump) fact(sa ikev2.Ref, text string, below ...string) {
	d.lines = append(d.lines, spoken(ofSA, sa, Fact, text))
	for _, l := range below {
		d.lines = append(d.lines, follows(Fact, l))
	}
}

// packet is a message as it passes, in five lines between empty ones.
func (d *dump) packet(sa ikev2.Ref, m *wire.Message, verb, to string, a netip.AddrPort, from string, b netip.AddrPort, contents string) {
	kind := "REQUEST"
	if m.Response() {
		kind = "RESPONSE"
	}
	d.lines = append(d.lines, follows(Fact, ""))
	d.fact(sa, fmt.Sprintf("%s Packet [%s %v/%s %v/VRF i0:f0] ", verb, to, a, from, b),
		fmt.Sprintf("Initiator SPI : %016X - Responder SPI : %016X Message id: %d", m.SPIi, m.SPIr, m.MessageID),
		fmt.Sprintf("IKEv2 %v Exchange %s ", m.Exchange, kind), "Payload contents: ", contents, "")
}

// contents is the names of a message's payloads.
func contents(m *wire.Message) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, p := range m.Payloads {
		b.WriteString(payloadName(p))
		b.WriteByte(' ')
	}
	return b.String()
}

// construct tells of a payload that is being made.
func (d *dump) construct(sa ikev2.Ref, p wire.Payload) {
	switch p := p.(type) {
	case *wire.VendorID:
		d.lines = append(d.lines, free(Internal, "Construct Vendor Specific Payload: %s", vendorName(p.Data, wire.Header{}, true)))
	case *wire.Notify:
		d.lines = append(d.lines, free(Internal, "Construct Notify Payload: %s", words.Notify(p.Kind)))
	case *wire.ID:
		d.fact(sa, fmt.Sprintf("Constructing %v payload: '%s' of type '%s'", p.Type(), words.Identity(p.Kind, p.Data), words.Named(idTypeNames, p.Kind)))
	case *wire.SA:
		for _, offer := range p.Proposals {
			d.offer(sa, &offer)
		}
	}
}

// offer is a proposal in three lines.
func (d *dump) offer(sa ikev2.Ref, p *wire.Proposal) {
	name, what := "IKE", "initial negotiation"
	switch {
	case p.Protocol == wire.ProtoESP:
		name, what = "ESP", "IPSec negotiation"
	case len(p.SPI) > 0:
		what = "IKE rekey"
	}
	var list strings.Builder
	for _, t := range p.Transforms {
		list.WriteString("   " + words.Transform(t))
	}
	d.fact(sa, fmt.Sprintf("%s Proposal: %d, SPI size: %d (%s), ", name, p.Number, len(p.SPI), what),
		fmt.Sprintf("Num. transforms: %d", len(p.Transforms)), list.String()+" ")
}

// parse tells of a payload that has come.
func (d *dump) parse(p wire.Payload) {
	switch p := p.(type) {
	case *wire.VendorID:
		d.lines = append(d.lines, free(Internal, "Parse Vendor Specific Payload: %s", vendorName(p.Data, wire.Header{}, false)))
	case *wire.Notify:
		d.lines = append(d.lines, free(Internal, "Parse Notify Payload: %s", words.Notify(p.Kind)))
	}
}

// dumped are the payloads at the packet level, with nothing between them.
func (d *dump) dumped(m *wire.Message) {
	d.follows("Payload contents:")
	for i, p := range m.Payloads {
		d.follows("  %s", payloadHead(m, i))
		d.body(p)
	}
}

// xeInforming says what an INFORMATIONAL that leaves is for; before an IKE SA goes,
// what else there is of it is looked at.
func xeInforming(sa ikev2.Ref, m *wire.Message) []Line {
	lines := informing(sa, m)
	if del, ok := wire.Get[*wire.Delete](m); ok && del.Protocol == wire.ProtoIKE && m.Exchange == wire.INFORMATIONAL {
		lines = append([]Line{about(sa, Fact, "Check for existing IPSEC SA"), about(sa, Fact, "%s", deleteAll)}, lines...)
	}
	return lines
}

const deleteAll = "Delete all IKE SAs"
