package ikev2

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"time"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
)

// Receive takes one datagram. Nothing changes unless the message is whole, is
// authentic where it can be, and fits the state of the SA it names.
func (e *Engine) Receive(now time.Time, d Datagram) Effects {
	e.begin(now)
	if !e.unheard() {
		e.emit(PacketArrived{From: d.Remote, To: d.Local})
	}
	sa, err := e.dispatch(d)
	switch {
	case err == nil, errors.Is(err, errFragment):
	case errors.Is(err, ErrRetransmit), errors.Is(err, ErrInProgress), errors.Is(err, ErrStaleReply):
		e.emit(Repeated{SA: refOf(sa), From: d.Remote, Reason: err})
	default:
		e.stats.Dropped++
		e.emit(Refused{SA: refOf(sa), From: d.Remote, Reason: err})
	}
	return e.end()
}

func refOf(sa *ikeSA) Ref {
	if sa == nil {
		return Ref{}
	}
	return sa.ref()
}

func (e *Engine) dispatch(d Datagram) (*ikeSA, error) {
	h, err := wire.ParseHeader(d.Data)
	switch {
	case errors.Is(err, wire.ErrVersion):
		e.refuseVersion(d, h)
		return nil, err
	case err != nil:
		return nil, err
	case h.SPIi == 0:
		return nil, ErrBadHeader
	case h.Exchange == wire.IKE_SA_INIT && h.Response():
		return e.initResponse(d, h)
	case h.Exchange == wire.IKE_SA_INIT:
		return e.initRequest(d, h)
	}
	sa := e.find(h)
	switch {
	case sa == nil:
		tellWayward(e, d)
		return nil, ErrUnknownSPI
	case !sa.keyed():
		return sa, ErrUnexpected
	case sa.vrf != d.VRF, sa.remote.Addr() != d.Remote.Addr() && !sa.mayMove():
		return sa, ErrAddress
	case h.Response():
		return sa, e.response(sa, d, h)
	}
	return sa, e.serveRequest(sa, d, h)
}

// refuseVersion answers a request of a higher major version: "it MUST drop the message
// and SHOULD send an unauthenticated Notify message of type INVALID_MAJOR_VERSION
// containing the highest (closest) version number it supports" (RFC 7296 2.5).
func (e *Engine) refuseVersion(d Datagram, h wire.Header) {
	if h.Version>>4 > 2 && !h.Response() {
		e.reject(d, h, &wire.Notify{Kind: wire.INVALID_MAJOR_VERSION})
	}
}

// reject answers a request without an SA: everything is taken from its header
// (RFC 7296 2.21.1).
func (e *Engine) reject(d Datagram, h wire.Header, n *wire.Notify) {
	h.Version, h.Flags = 0x20, h.Flags&wire.FlagInitiator^wire.FlagInitiator|wire.FlagResponse
	stub := &ikeSA{way: newWay(d.ends()), naming: naming{spiI: h.SPIi, spiR: h.SPIr}}
	e.sendPlain(stub, &wire.Message{Header: h, Payloads: []wire.Payload{n}})
}

// initRequest begins an SA as responder, or answers a retransmission.
func (e *Engine) initRequest(d Datagram, h wire.Header) (*ikeSA, error) {
	if h.SPIr != 0 || h.MessageID != 0 || !h.FromInitiator() {
		return nil, ErrBadHeader
	}
	hash := hashOf(d.Data)
	if sa := e.halves.Get(halfKey{d.Remote, d.VRF, hash}); sa != nil {
		return sa, e.repeatedInit(sa)
	}
	if own := e.sas.Get(h.SPIi); own != nil && own.initiator {
		return nil, ErrSelfDatagram // whoever sends it back: we would prove ourselves to ourselves
	}
	d.Data = bytes.Clone(d.Data) // AUTH will cover it
	m, err := parseChecked(d.Data)
	if err != nil {
		var critical wire.ErrUnsupportedCritical
		if errors.As(err, &critical) {
			e.reject(d, h, &wire.Notify{Kind: wire.UNSUPPORTED_CRITICAL_PAYLOAD, Data: []byte{byte(critical.Type)}})
		}
		return nil, err
	}
	if from := e.cfg.CookiesFrom; from > 0 && e.stats.Incoming.Negotiating >= from {
		checked, want := e.checkCookie(e.now, e.draws, d.Remote, m)
		tell(&e.recording, checked)
		if checked.Verdict != CookieGood {
			e.parsed(nil, m, d)
			e.reject(d, h, ikeNotify(wire.COOKIE, want))
			return nil, nil
		}
	}
	if to, n := awayInInit(e.cfg, d, m); to.IsValid() {
		e.parsed(nil, m, d)
		e.emit(RedirectSent{Peer: d.Remote, To: to, Exchange: h.Exchange})
		e.reject(d, h, n)
		return nil, nil
	}
	return e.respondTo(d, m, hash)
}

// respondTo begins an SA as responder.
func (e *Engine) respondTo(d Datagram, m *wire.Message, hash requestHash) (*ikeSA, error) {
	e.stats.InRequests++
	if !e.admit() {
		e.stats.InRejected++
		tell(&e.recording, e.rejected(false))
		return nil, ErrLimit
	}
	e.stats.InAccepted++
	sa := e.newSA(d.ends(), false)
	sa.papers = papersFor(e.index, nil)
	sa.spiI, sa.spiR, sa.asked, sa.requested = m.SPIi, e.newIKESPI(), e.now, hash
	sa.responses = window.NewResponses(1, 1)
	e.number(sa)
	e.halfOpen = append(e.halfOpen, sa)
	e.count(sa)
	e.parsed(nil, m, d)
	x := e.mainExchange(sa)
	x.in, x.init.request = m, d.Data
	sa.redirects, x.init.from = redirectable(m), redirectedFrom(m)
	e.run(x, EvRecvInit)
	return sa, nil
}

// repeatedInit answers a retransmitted IKE_SA_INIT request from its octets, unless the SA is up
// (RFC 7296 2.1).
func (e *Engine) repeatedInit(sa *ikeSA) error {
	if sa.main == nil {
		return ErrUnexpected
	}
	if sa.main.init.response == nil {
		return ErrInProgress
	}
	e.send(sa, window.Message{sa.main.init.response})
	return ErrRetransmit
}

// initResponse takes a response to IKE_SA_INIT. Until one fits, the exchange
// waits on as if nothing had come.
func (e *Engine) initResponse(d Datagram, h wire.Header) (*ikeSA, error) {
	sa := e.sas.Get(h.SPIi)
	switch {
	case sa == nil || !sa.initiator:
		return nil, ErrUnknownSPI
	case h.FromInitiator() || h.MessageID != 0:
		return sa, ErrBadHeader
	case sa.remote != d.Remote || sa.vrf != d.VRF:
		return sa, ErrAddress
	case sa.main == nil || !e.accepts(sa.main, EvRecvInit):
		return sa, ErrUnexpected
	}
	d.Data = bytes.Clone(d.Data) // AUTH will cover it
	m, err := parseChecked(d.Data)
	if err != nil {
		return sa, err
	}
	e.parsed(sa, m, d)
	x := sa.main
	x.in, x.init.arrived = m, d.Data
	e.run(x, EvRecvInit)
	return sa, nil
}

// parseChecked parses a message without protection.
func parseChecked(data []byte) (*wire.Message, error) {
	m, err := wire.Parse(data)
	if err != nil {
		return nil, err
	}
	return m, wire.Check(m)
}

// open checks and decrypts a message under an SA, or the fragment that makes it
// whole. An error that was found after authentication is returned as authentic.
func (e *Engine) open(sa *ikeSA, d Datagram, h wire.Header) (m *wire.Message, authentic, err error) {
	c := opener(sa, h.MessageID)
	if h.Next == wire.TypeSKF {
		m, err = e.assemble(e.now, sa, d.Data, c)
	} else {
		m, err = wire.Open(d.Data, c)
	}
	switch {
	case errors.Is(err, errGlut):
		shed(e, sa)
		return nil, nil, err
	case err != nil && !errors.Is(err, wire.ErrAuthentic):
		return nil, nil, err
	}
	sa.lastHeard = e.now
	sa.fragments.of(h).Drop(h.MessageID)
	if err != nil {
		return nil, err, nil
	}
	return m, wire.Check(m), nil
}

// response hands a response to the request of ours that it answers.
func (e *Engine) response(sa *ikeSA, d Datagram, h wire.Header) error {
	x := sa.awaiting(h)
	if x == nil {
		return ErrStaleReply
	}
	in := responseInput(h.Exchange)
	if in == EvNone || !e.accepts(x, in) {
		return ErrUnexpected
	}
	m, authentic, err := e.open(sa, d, h)
	if err != nil {
		return err
	}
	e.follow(sa, d)
	e.tally.child(x, GotResponse)
	sa.dropRequest(x)
	x.replied = true
	switch {
	case authentic != nil:
		x.failWith(ReasonInvalid, 0, CauseMalformed)
		e.run(x, EvFail)
		return authentic
	case sa.dying() && !x.deletes() && x.purpose != forIKERekey:
		e.parsed(sa, m, d)
		x.failWith(sa.reason, 0, CauseClosing)
		e.run(x, EvFail)
		return nil
	}
	e.parsed(sa, m, d)
	x.in = m
	e.run(x, in)
	return nil
}

// awaiting is our exchange whose request a response answers.
func (t *traffic) awaiting(h wire.Header) *exchange {
	r := t.requests.Find(h.MessageID)
	for _, x := range t.exchanges {
		if r != nil && x.request == r {
			return x
		}
	}
	return nil
}

func responseInput(t wire.ExchangeType) Input {
	switch t {
	case wire.IKE_INTERMEDIATE:
		return EvRecvInter
	case wire.IKE_AUTH:
		return EvRecvAuth
	case wire.CREATE_CHILD_SA:
		return EvRecvCreateChild
	case wire.IKE_FOLLOWUP_KE:
		return EvRecvFollowup
	case wire.INFORMATIONAL:
		return EvRecvInfoAck
	}
	return EvNone
}

// serveRequest serves a request of the peer within the window that we announced.
func (e *Engine) serveRequest(sa *ikeSA, d Datagram, h wire.Header) error {
	first := sa.responses.Next()
	if !e.unheard() {
		e.emit(WindowChecked{SA: sa.ref(), MessageID: h.MessageID, First: first, Last: first + sa.responses.Size() - 1})
	}
	verdict, kept := sa.responses.Judge(h.MessageID)
	switch verdict {
	case window.Outside:
		return ErrMessageID
	case window.InProgress:
		return ErrInProgress
	case window.Repeated:
		return e.answerAgain(sa, d, h, kept)
	}
	m, authentic, err := e.open(sa, d, h)
	if err != nil {
		return err
	}
	x, in := e.serve(sa, h, m)
	if x == nil {
		return ErrUnexpected
	}
	e.follow(sa, d)
	switch {
	case authentic != nil:
		return e.answerBroken(x, authentic)
	case in == EvNone:
		return e.answerBroken(x, ErrUnexpected)
	}
	e.parsed(sa, m, d)
	x.in = m
	e.run(x, in)
	return nil
}

// answerAgain answers a request once more as it was answered.
func (e *Engine) answerAgain(sa *ikeSA, d Datagram, h wire.Header, kept window.Message) error {
	if h.Next == wire.TypeSKF {
		if first, err := sa.isRequestedAgain(d.Data, opener(sa, h.MessageID)); err != nil || !first {
			return cmp.Or(err, ErrRetransmit)
		}
	} else if _, _, err := e.open(sa, d, h); err != nil {
		return err
	}
	e.sendTo(d.ends(), kept) // where it came from (RFC 7296 2.11); the SA stays where it is
	return ErrRetransmit
}

// serve finds or makes the exchange that a request belongs to.
func (e *Engine) serve(sa *ikeSA, h wire.Header, m *wire.Message) (*exchange, Input) {
	if !sa.up() {
		x := sa.main
		in := responseInput(h.Exchange)
		if sa.initiator || h.Exchange != x.kind || !e.accepts(x, in) {
			return nil, EvNone
		}
		x.messageID = h.MessageID
		sa.responses.Begin(h.MessageID)
		return x, in
	}
	sa.responses.Begin(h.MessageID)
	if x := sa.followedBy(m); x != nil && h.Exchange == wire.IKE_FOLLOWUP_KE {
		x.kind, x.messageID = h.Exchange, h.MessageID
		return x, EvRecvFollowup
	}
	x := &exchange{sa: sa, state: Ready, kind: h.Exchange, messageID: h.MessageID, purpose: forAnswer}
	sa.exchanges = append(sa.exchanges, x)
	switch h.Exchange {
	case wire.CREATE_CHILD_SA:
		return x, EvRecvCreateChild
	case wire.IKE_FOLLOWUP_KE:
		return x, EvRecvFollowup
	case wire.INFORMATIONAL:
		return x, EvRecvInfoReq
	}
	return x, EvNone
}

// answerBroken answers an authentic request that cannot be understood
// (RFC 7296 2.5, 2.21), one of an exchange type that we do not know among them:
// the SA stays, except in IKE_AUTH.
func (e *Engine) answerBroken(x *exchange, err error) error {
	x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseMalformed)
	if errors.Is(err, ErrUnexpected) {
		x.fault.Cause = CauseUnknownExchange
	}
	var critical wire.ErrUnsupportedCritical
	if errors.As(err, &critical) {
		x.fault.Sent, x.fault.data = wire.UNSUPPORTED_CRITICAL_PAYLOAD, []byte{byte(critical.Type)}
	}
	e.run(x, EvFail)
	return fmt.Errorf("answered with %v: %w", x.fault.Sent, err)
}

func (r *recording) parsed(sa *ikeSA, m *wire.Message, d Datagram) {
	r.tally.message(m, wayOf(m, false))
	if !r.unheard() {
		r.emit(MessageParsed{SA: refOf(sa), VRF: d.VRF, Message: m, From: d.Remote, To: d.Local})
	}
}

// shed ends an SA whose peer sends a message without an end, in fragments that are truly
// its own: "the receiver can consider this situation to be either an attack or a broken
// sender implementation. In either case, the receiver SHOULD drop the connection and
// discard all the received fragments." (RFC 7383 5) Who answers an initiator need not be
// the peer yet, and others may.
func shed(e *Engine, sa *ikeSA) {
	sa.fragments.pieces, sa.fragments.answers = window.Pieces{}, window.Pieces{}
	switch {
	case sa.up():
		e.closeSA(sa, ReasonInvalid)
	case !sa.initiator:
		e.drop(sa, saLost, ReasonInvalid)
	}
}
