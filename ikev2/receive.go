package ikev2

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"ikelab/ikev2/wire"
)

// The reasons of Refused events, besides the codec's own.
var (
	ErrUnknownSPI   = errors.New("ikev2: no IKE SA with these SPIs")
	ErrAddress      = errors.New("ikev2: message from another address than the SA's")
	ErrUnexpected   = errors.New("ikev2: message does not fit the state of the SA")
	ErrMessageID    = errors.New("ikev2: message id outside the window")
	ErrLimit        = errors.New("ikev2: too many IKE SAs in negotiation")
	ErrBadHeader    = errors.New("ikev2: header does not fit the exchange")
	ErrUnprotected  = errors.New("ikev2: message is not encrypted")
	ErrInProgress   = errors.New("ikev2: request is being processed already")
	ErrRetransmit   = errors.New("ikev2: retransmitted request was answered again")
	ErrStaleReply   = errors.New("ikev2: response to no outstanding request")
	ErrSelfDatagram = errors.New("ikev2: message from ourselves")
)

// Receive takes one datagram. Nothing changes unless the message is whole, is
// authentic where it can be, and fits the state of the SA it names.
func (e *Engine) Receive(now time.Time, d Datagram) Effects {
	e.begin(now)
	e.emit(PacketArrived{From: d.Remote, To: d.Local})
	if sa, err := e.dispatch(d); err != nil {
		e.refuse(sa, d, err)
	}
	return e.end()
}

func (e *Engine) refuse(sa *ikeSA, d Datagram, err error) {
	ev := Refused{From: d.Remote, Reason: err}
	if sa != nil {
		ev.SA = sa.ref()
	}
	e.stats.Dropped++
	e.emit(ev)
}

func (e *Engine) dispatch(d Datagram) (*ikeSA, error) {
	h, err := wire.ParseHeader(d.Data)
	switch {
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
		return nil, ErrUnknownSPI
	case sa.opener == nil:
		return sa, ErrUnexpected
	case sa.remote.Addr() != d.Remote.Addr():
		return sa, ErrAddress
	case h.Response():
		return sa, e.response(sa, d, h)
	}
	return sa, e.serveRequest(sa, d, h)
}

// find looks an SA up by the SPI that is ours and compares the rest.
func (e *Engine) find(h wire.Header) *ikeSA {
	ours := h.SPIi
	if h.FromInitiator() {
		ours = h.SPIr
	}
	sa := e.sas[ours]
	if sa == nil || sa.initiator == h.FromInitiator() || sa.spiI != h.SPIi || sa.spiR != h.SPIr {
		return nil
	}
	return sa
}

// initRequest begins an SA as responder, or answers a retransmission.
func (e *Engine) initRequest(d Datagram, h wire.Header) (*ikeSA, error) {
	if h.SPIr != 0 || h.MessageID != 0 || !h.FromInitiator() {
		return nil, ErrBadHeader
	}
	key := halfKey{d.Remote, h.SPIi}
	if sa := e.halves[key]; sa != nil {
		return sa, e.repeatedInit(sa, d)
	}
	if own := e.sas[h.SPIi]; own != nil && own.initiator && own.local == d.Remote {
		return nil, ErrSelfDatagram
	}
	m, err := parseChecked(d.Data)
	if err != nil {
		return nil, err
	}
	e.stats.InRequests++
	if !e.admit() {
		e.stats.InRejected++
		e.noteFree(Note{What: LimitReached})
		return nil, ErrLimit
	}
	e.stats.InAccepted++
	sa := e.newSA(d.Local, d.Remote, false)
	sa.spiI, sa.spiR = h.SPIi, e.newIKESPI()
	e.halves[key] = sa
	e.insert(sa)
	e.noteFree(Note{What: RequestAdmitted})
	e.count(sa, IncrementIncoming)
	e.parsed(nil, m, d)
	x := e.mainExchange(sa)
	x.in, x.init.request = m, bytes.Clone(d.Data)
	e.run(x, EvRecvInit)
	return sa, nil
}

// repeatedInit answers a retransmitted IKE_SA_INIT request from its octets
// (RFC 7296 2.1); another request with the same SPI is refused.
func (e *Engine) repeatedInit(sa *ikeSA, d Datagram) error {
	if sa.main == nil || !bytes.Equal(sa.main.init.request, d.Data) {
		return ErrUnexpected
	}
	if sa.main.init.response == nil {
		return ErrInProgress
	}
	e.send(sa, sa.main.init.response)
	return ErrRetransmit
}

func (e *Engine) initResponse(d Datagram, h wire.Header) (*ikeSA, error) {
	sa := e.sas[h.SPIi]
	switch {
	case sa == nil || !sa.initiator:
		return nil, ErrUnknownSPI
	case h.FromInitiator() || h.MessageID != 0:
		return sa, ErrBadHeader
	case sa.remote != d.Remote:
		return sa, ErrAddress
	case sa.main == nil || !e.accepts(sa.main, EvRecvInit):
		return sa, ErrUnexpected
	}
	m, err := parseChecked(d.Data)
	if err != nil {
		return sa, err
	}
	e.parsed(sa, m, d)
	x := sa.main
	x.in, x.request, x.retransmitAt = m, nil, noTime
	x.init.response = bytes.Clone(d.Data)
	sa.spiR = h.SPIr
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

// open checks and decrypts a message under an SA. An error that was found
// after authentication is returned as authentic.
func (e *Engine) open(sa *ikeSA, d Datagram) (m *wire.Message, authentic, err error) {
	m, err = wire.Open(d.Data, sa.opener)
	if err != nil {
		if !errors.Is(err, wire.ErrAuthentic) {
			return nil, nil, err
		}
		return nil, err, nil
	}
	sa.lastHeard = e.now
	return m, wire.Check(m), nil
}

// response hands a response to the request of ours that it answers.
func (e *Engine) response(sa *ikeSA, d Datagram, h wire.Header) error {
	x := sa.awaiting(h.MessageID)
	if x == nil {
		return ErrStaleReply
	}
	in := responseInput(h.Exchange)
	if in == EvNone || !e.accepts(x, in) {
		return ErrUnexpected
	}
	m, authentic, err := e.open(sa, d)
	if err != nil {
		return err
	}
	x.request, x.retransmitAt, x.replied = nil, noTime, true
	if authentic != nil {
		x.fault = &fault{reason: ReasonInvalid, text: authentic.Error()}
		e.run(x, EvFail)
		return authentic
	}
	e.parsed(sa, m, d)
	x.in = m
	e.run(x, in)
	return nil
}

func responseInput(t wire.ExchangeType) Input {
	switch t {
	case wire.IKE_AUTH:
		return EvRecvAuth
	case wire.CREATE_CHILD_SA:
		return EvRecvCreateChild
	case wire.INFORMATIONAL:
		return EvRecvInfoAck
	}
	return EvNone
}

// serveRequest serves a request of the peer within the window that we announced.
func (e *Engine) serveRequest(sa *ikeSA, d Datagram, h wire.Header) error {
	window := uint32(sa.window)
	if sa.main != nil && !sa.ready {
		window = 1
	}
	e.noteExpected(sa, h.MessageID, window)
	if answer := sa.answered(h.MessageID); answer != nil {
		if _, _, err := e.open(sa, d); err != nil {
			return err
		}
		e.send(sa, answer)
		return ErrRetransmit
	}
	switch {
	case h.MessageID-sa.nextRecv >= window:
		return ErrMessageID
	case sa.isServing(h.MessageID):
		return ErrInProgress
	}
	m, authentic, err := e.open(sa, d)
	if err != nil {
		return err
	}
	x, in := e.serve(sa, h)
	if x == nil {
		return ErrUnexpected
	}
	if authentic != nil {
		return e.answerBroken(x, authentic)
	}
	e.parsed(sa, m, d)
	x.in = m
	e.run(x, in)
	return nil
}

func (e *Engine) noteExpected(sa *ikeSA, id, window uint32) {
	e.noteFree(Note{SA: sa.ref(), What: ExpectedMessageID, A: id, B: sa.nextRecv, C: sa.nextRecv + window - 1})
}

// serve finds or makes the exchange that a request belongs to.
func (e *Engine) serve(sa *ikeSA, h wire.Header) (*exchange, Input) {
	if h.Exchange == wire.IKE_AUTH {
		x := sa.main
		if x == nil || sa.initiator || h.MessageID != 1 || !e.accepts(x, EvRecvAuth) {
			return nil, EvNone
		}
		x.messageID = h.MessageID
		sa.serving = append(sa.serving, h.MessageID)
		return x, EvRecvAuth
	}
	in := map[wire.ExchangeType]Input{
		wire.CREATE_CHILD_SA: EvRecvCreateChild, wire.INFORMATIONAL: EvRecvInfoReq,
	}[h.Exchange]
	if !sa.ready || in == EvNone {
		return nil, EvNone
	}
	x := &exchange{sa: sa, state: Ready, messageID: h.MessageID, purpose: forAnswer}
	sa.exchanges = append(sa.exchanges, x)
	sa.serving = append(sa.serving, h.MessageID)
	return x, in
}

// answerBroken answers an authentic request that cannot be understood
// (RFC 7296 2.5, 2.21): the SA stays, except in IKE_AUTH.
func (e *Engine) answerBroken(x *exchange, err error) error {
	x.fault = &fault{reason: ReasonInvalid, notify: wire.INVALID_SYNTAX, text: err.Error()}
	var critical wire.ErrUnsupportedCritical
	if errors.As(err, &critical) {
		x.fault.notify, x.fault.data = wire.UNSUPPORTED_CRITICAL_PAYLOAD, []byte{byte(critical.Type)}
	}
	e.run(x, EvFail)
	return fmt.Errorf("answered with %v: %w", x.fault.notify, err)
}

func (e *Engine) parsed(sa *ikeSA, m *wire.Message, d Datagram) {
	ev := MessageParsed{Message: m, From: d.Remote}
	if sa != nil {
		ev.SA = sa.ref()
	}
	e.emit(ev)
}
