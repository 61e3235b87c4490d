package debug

import (
	"fmt"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

// Messages as the newer generation tells them: at the default level what is in one in a
// line, at the packet level the dump, at the internal level what is constructed and parsed.

func xeBuilt(_ View, b ikev2.MessageBuilt) []Line {
	m := b.Message
	d := dump{lines: xeInforming(b.SA, m)}
	if m.Exchange != wire.INFORMATIONAL {
		d.fact(b.SA, sentence.Made.Say(m.Exchange))
	}
	for _, p := range m.Payloads {
		d.construct(b.SA, p)
	}
	if m.EncryptedLen == 0 {
		d.packet(b.SA, m, sentence.PacketSent.Say(b.To, b.From, vrfs(b.VRF)), contents(m))
		d.header(b.SA, m)
		d.dumped(m)
		if m.Flags&wire.FlagInitiator != 0 && !m.Response() {
			d.fact(b.SA, sentence.Inserted.Say())
		}
		return d.lines
	}
	d.fact(b.SA, sentence.Sealing.Say(), sentence.NamesAhead.Say(), contents(m))
	d.dumped(m)
	if !m.Response() && m.Exchange != wire.IKE_AUTH {
		d.fact(b.SA, sentence.WindowAsked.Say())
	}
	d.packet(b.SA, m, sentence.PacketSent.Say(b.To, b.From, vrfs(b.VRF)), " ENCR ")
	d.header(b.SA, m)
	d.follows(sentence.Contents)
	d.follows(sentence.EncryptedHead, firstPayload(m), m.EncryptedLen-ikeHeaderLen)
	return d.lines
}

func xeParsed(_ View, b ikev2.MessageParsed) []Line {
	var d dump
	d.packet(b.SA, b.Message, sentence.PacketReceived.Say(b.From, b.To, vrfs(b.VRF)), contents(b.Message))
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
	d.packet(b.SA, b.Message, sentence.PacketSent.Say(b.To, b.From, vrfs(b.VRF)), text)
	return d.lines
}

// fact is a printout of the default level.
func (d *dump) fact(sa ikev2.Ref, text string, below ...string) {
	d.lines = append(d.lines, spoken(ofSA, sa, Fact, text))
	for _, l := range below {
		d.lines = append(d.lines, follows(Fact, l))
	}
}

// vrfs are those of a packet, inside and in front: inside is not known yet.
func vrfs(front int) string { return fmt.Sprintf("i0:f%d", front) }

// packet is a message as it passes, in five lines between empty ones.
func (d *dump) packet(sa ikev2.Ref, m *wire.Message, passes, contents string) {
	kind := "REQUEST"
	if m.Response() {
		kind = "RESPONSE"
	}
	d.lines = append(d.lines, follows(Fact, ""))
	d.fact(sa, passes, sentence.SPIs.Say(m.SPIi, m.SPIr, m.MessageID),
		sentence.ExchangeKind.Say(m.Exchange, kind), sentence.NamesAhead.Say(), contents, "")
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
		d.lines = append(d.lines, free(Internal, sentence.VendorMade, vendorName(p.Data, wire.Header{}, true)))
	case *wire.Notify:
		d.lines = append(d.lines, free(Internal, sentence.NotifyMade, words.Notify(p.Kind)))
	case *wire.ID:
		d.fact(sa, sentence.MyIdentity.Say(p.Type(), words.Identity(p.Kind, p.Data), words.Named(idTypeNames, p.Kind)))
	case *wire.SA:
		for _, offer := range p.Proposals {
			d.offer(sa, &offer)
		}
	}
}

// offer is a proposal in three lines.
func (d *dump) offer(sa ikev2.Ref, p *wire.Proposal) {
	form, what := sentence.OfferIKE, "initial negotiation"
	switch {
	case p.Protocol == wire.ProtoESP:
		form, what = sentence.OfferESP, "IPSec negotiation"
	case len(p.SPI) > 0:
		what = "IKE rekey"
	}
	var list strings.Builder
	for _, t := range p.Transforms {
		list.WriteString("   " + words.Transform(t))
	}
	d.fact(sa, form.Say(p.Number, len(p.SPI), what), sentence.TransformCount.Say(len(p.Transforms)), list.String()+" ")
}

// parse tells of a payload that has come.
func (d *dump) parse(p wire.Payload) {
	switch p := p.(type) {
	case *wire.VendorID:
		d.lines = append(d.lines, free(Internal, sentence.VendorParsed, vendorName(p.Data, wire.Header{}, false)))
	case *wire.Notify:
		d.lines = append(d.lines, free(Internal, sentence.NotifyParsed, words.Notify(p.Kind)))
	}
}

// dumped are the payloads at the packet level, with nothing between them.
func (d *dump) dumped(m *wire.Message) {
	d.follows(sentence.Contents)
	for i, p := range m.Payloads {
		d.lines = append(d.lines, follows(Packet, "  "+payloadHead(m, i)))
		d.body(p)
	}
}

// xeInforming says what an INFORMATIONAL that leaves is for; before an IKE SA goes,
// what else there is of it is looked at.
func xeInforming(sa ikev2.Ref, m *wire.Message) []Line {
	lines := informing(sa, m)
	if del, ok := wire.Get[*wire.Delete](m); ok && del.Protocol == wire.ProtoIKE && m.Exchange == wire.INFORMATIONAL {
		lines = append([]Line{about(sa, Fact, sentence.PairsExisting), about(sa, Fact, sentence.AllDeleted)}, lines...)
	}
	return lines
}
