package rogue

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Heard is one thing that the router sent: an IKE message, opened where the
// peer has its keys, or an ESP packet. A note says what was heard wrongly.
type Heard struct {
	*wire.Message
	ESP  []byte
	Note string
}

// String writes a message as the RFC does, "IKE_AUTH request { IDi AUTH }", and
// leaves out what a router tells of itself: vendor ids, status notifies and the like.
func (h Heard) String() string {
	switch {
	case h.Note != "":
		return h.Note
	case h.Message == nil:
		return "ESP"
	}
	kind := "request"
	if h.Response() {
		kind = "response"
	}
	words := []string{h.Exchange.String(), kind, "{"}
	for _, p := range h.Payloads {
		if w := word(p); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(append(words, "}"), " ")
}

func word(p wire.Payload) string {
	switch p := p.(type) {
	case *wire.Notify:
		if p.Kind.IsError() || p.Kind == wire.COOKIE {
			return "N(" + p.Kind.String() + ")"
		}
		return ""
	case *wire.VendorID, *wire.CertReq, *wire.CP:
		return ""
	case *wire.Delete:
		return fmt.Sprintf("D(%v)", p.Protocol)
	case *wire.Nonce:
		return "Nonce"
	}
	return p.Type().String()
}

// forget forgets what was heard, and how much was sent.
func (p *Peer) forget() { p.heard, p.sent = nil, 0 }

// Answer is a response of the peer that is about to leave. Octets, when not
// nil, are sent in its place: none, one or several datagrams.
type Answer struct {
	SA       *SA
	Request  *wire.Message
	Response *wire.Message
	Octets   [][]byte
}

// send seals a request and sends it. The octets are what was sent.
func (p *Peer) send(sa *SA, m *wire.Message) []byte {
	data := sa.seal(m)
	if m.Exchange == wire.IKE_SA_INIT {
		sa.request = data
	}
	p.sendOctets(data)
	return data
}

// receiveIKE takes a message: an answer that is waited for, or a request.
func (p *Peer) receiveIKE(data []byte) {
	h, err := wire.ParseHeader(data)
	if err != nil {
		return
	}
	sa := p.sas[h.SPIr]
	if !h.FromInitiator() {
		sa = p.sas[h.SPIi]
	}
	if sa == nil && h.Exchange == wire.IKE_SA_INIT && !h.Response() {
		if p.deaf {
			return
		}
		sa = &SA{peer: p, SPIi: h.SPIi, spi: p.newSPI()}
	}
	m := &wire.Message{Header: h}
	if sa != nil {
		if opened, err := sa.open(data); err == nil {
			m = opened
		}
	}
	if sa == nil || !sa.past {
		p.heard = append(p.heard, Heard{Message: m})
	}
	switch {
	case sa == nil || m.Payloads == nil && h.Exchange != wire.INFORMATIONAL:
	case h.Response():
		sa.take(m, data)
	default:
		p.answer(sa, m, data)
	}
}

// take takes a response: keys of IKE_SA_INIT, the pair of IKE_AUTH.
func (sa *SA) take(m *wire.Message, data []byte) {
	switch m.Exchange {
	case wire.IKE_SA_INIT:
		sa.takeInit(m, data)
	case wire.IKE_AUTH:
		id, hasID := wire.Get[*wire.ID](m)
		auth, hasAuth := wire.Get[*wire.Auth](m)
		sa.Up = hasID && hasAuth && bytes.Equal(auth.Data, sa.signed(false, id).SharedKey(sa.peer.Key))
		sa.takePair(m, sa.nonces, true)
	case wire.CREATE_CHILD_SA:
		if nonce, ok := wire.Get[*wire.Nonce](m); ok {
			sa.takePair(m, keys.Nonces{I: sa.childNonce, R: nonce.Data}, true)
		}
	}
}

func (sa *SA) takeInit(m *wire.Message, data []byte) {
	ike, _ := sa.peer.Suite.menus()
	offer, hasSA := wire.Get[*wire.SA](m)
	ke, hasKE := wire.Get[*wire.KE](m)
	nonce, hasNonce := wire.Get[*wire.Nonce](m)
	if !hasSA || !hasKE || !hasNonce || sa.keyed {
		return
	}
	suite, _, err := propose.Chosen(ike, offer.Proposals)
	if err != nil {
		return
	}
	sa.suite, sa.SPIr, sa.response, sa.nonces.R = suite, m.SPIr, data, nonce.Data
	sa.exchange.Answered(ke.Data)
	sa.derive()
}

// takePair makes the pair whose other half a message names.
func (sa *SA) takePair(m *wire.Message, n keys.Nonces, initiator bool) {
	offer, ok := wire.Get[*wire.SA](m)
	if ok && len(offer.Proposals[0].SPI) == 4 {
		sa.Pair = sa.newPair(ipsec.SPI(binary.BigEndian.Uint32(offer.Proposals[0].SPI)), n, initiator)
	}
}

// answer answers a request of the router's as an honest peer, unless bend has
// something else in mind.
func (p *Peer) answer(sa *SA, m *wire.Message, data []byte) {
	a := &Answer{SA: sa, Request: m, Response: &wire.Message{Header: sa.header(m.Exchange, m.MessageID, true)}}
	switch m.Exchange {
	case wire.IKE_SA_INIT:
		if !sa.answerInit(a, data) {
			return
		}
	case wire.IKE_AUTH:
		id := p.identity(false)
		sa.takePair(m, sa.nonces, false)
		sa.Up = true
		a.Response.Payloads = append([]wire.Payload{id, sa.auth(id)}, sa.childPayloads()...)
	case wire.CREATE_CHILD_SA:
		sa.answerChild(a)
	}
	if p.bend != nil && !sa.past {
		p.bend(a)
	}
	p.sendAnswer(a)
}

func (p *Peer) sendAnswer(a *Answer) {
	if a.Octets == nil {
		a.Octets = [][]byte{a.SA.seal(a.Response)}
	}
	for i, data := range a.Octets {
		if a.Response.Exchange == wire.IKE_SA_INIT && i == 0 {
			a.SA.response = data
		}
		p.sendOctets(data)
	}
}

// answerInit makes the SA that the router asks for.
func (sa *SA) answerInit(a *Answer, data []byte) bool {
	ike, _ := sa.peer.Suite.menus()
	offer, hasSA := wire.Get[*wire.SA](a.Request)
	ke, hasKE := wire.Get[*wire.KE](a.Request)
	nonce, hasNonce := wire.Get[*wire.Nonce](a.Request)
	if !hasSA || !hasKE || !hasNonce {
		return false
	}
	suite, p, err := propose.Choose(ike, offer.Proposals)
	if err != nil {
		return false
	}
	if sa.exchange, err = suite.Group.Respond(sa.peer.random, ke.Data); err != nil {
		return false
	}
	sa.suite, sa.request, sa.SPIr = suite, data, binary.BigEndian.Uint64(sa.peer.octets(8))
	sa.nonces = keys.Nonces{I: nonce.Data, R: sa.peer.octets(32)}
	sa.peer.sas[sa.SPIr] = sa
	sa.derive()
	a.Response.SPIr = sa.SPIr
	a.Response.Payloads = []wire.Payload{
		&wire.SA{Proposals: []wire.Proposal{suite.Answer(p, nil)}}, sa.public(), &wire.Nonce{Data: sa.nonces.R},
	}
	return true
}

// answerChild makes another pair, or a pair in place of another.
func (sa *SA) answerChild(a *Answer) {
	nonce, ok := wire.Get[*wire.Nonce](a.Request)
	offer, hasSA := wire.Get[*wire.SA](a.Request)
	if !ok || !hasSA || offer.Proposals[0].Protocol != wire.ProtoESP {
		a.Response.Payloads = []wire.Payload{&wire.Notify{Kind: wire.NO_PROPOSAL_CHOSEN}}
		return
	}
	sa.spi = sa.peer.newSPI()
	n := keys.Nonces{I: nonce.Data, R: sa.peer.octets(32)}
	sa.takePair(a.Request, n, false)
	a.Response.Payloads = append([]wire.Payload{&wire.Nonce{Data: n.R}}, sa.childPayloads()...)
}
