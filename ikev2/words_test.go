package ikev2

import (
	"fmt"
	"strings"

	"ikelab/ikev2/wire"
)

// Messages and events in words, for conversations and ladders.

// headerOf is what identifies a message among those that an engine sent, and
// stands in clear in its datagram. An IKE_SA_INIT request that is sent anew has
// the header of the first.
func headerOf(h wire.Header) wire.Header {
	return wire.Header{SPIi: h.SPIi, SPIr: h.SPIr, Exchange: h.Exchange, Flags: h.Flags, MessageID: h.MessageID}
}

// message is a datagram of this end in clear; only its header, when the end did
// not build it.
func (p *end) message(d Datagram) *wire.Message {
	h, err := wire.ParseHeader(d.Data)
	if err != nil {
		return &wire.Message{}
	}
	if m := p.clear[headerOf(h)]; m != nil {
		return m
	}
	return &wire.Message{Header: h}
}

// text is a datagram of this end in words.
func (p *end) text(d Datagram) string { return describe(p.message(d)) }

// describe writes a message as the RFC does: "IKE_AUTH request 1 { IDi AUTH }".
func describe(m *wire.Message) string {
	kind := "request"
	if m.Response() {
		kind = "response"
	}
	words := []string{m.Exchange.String(), kind, fmt.Sprint(m.MessageID), "{"}
	for _, p := range m.Payloads {
		words = append(words, word(p))
	}
	return strings.Join(append(words, "}"), " ")
}

// word is a payload in the RFC's notation (1.2).
func word(p wire.Payload) string {
	switch p := p.(type) {
	case *wire.Notify:
		return "N(" + p.Kind.String() + ")"
	case *wire.Delete:
		return fmt.Sprintf("D(%v%s)", p.Protocol, strings.Repeat(" SPI", len(p.SPIs)))
	case *wire.Nonce:
		return "Nonce"
	case *wire.VendorID:
		return "V"
	}
	return p.Type().String()
}

// inWords is an event of those that conversations are about.
func inWords(ev Effect) string {
	switch ev := ev.(type) {
	case SAUp:
		return "IKE SA up"
	case SADown:
		return "IKE SA down: " + ev.Reason.String()
	case ExpectChild:
		return "pair expected"
	case AddChild:
		return "pair up"
	case CloseChild:
		return "pair closed"
	case DeleteChild:
		return "pair down: " + ev.Reason.String()
	case EntryDown:
		return "tunnel down: " + ev.Reason.String()
	case Refused:
		return "refused: " + ev.Reason.Error()
	}
	return ""
}
