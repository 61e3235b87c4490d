package ikev2

import (
	"encoding/binary"
	"time"

	"ikelab/ikev2/wire"
)

// Sending: sealing, requests that are repeated until answered, responses that
// are kept for a repeated request (RFC 7296 2.1).

// retransmitWaits are IOS's waits after each transmission; after the last one
// the peer counts as gone.
var retransmitWaits = []time.Duration{
	2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, 32 * time.Second,
}

var noTime time.Time

func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

func spiOctets[T ~uint32](spi T) []byte { return binary.BigEndian.AppendUint32(nil, uint32(spi)) }

func (e *Engine) send(sa *ikeSA, data []byte) {
	e.emit(Send{Datagram{Local: sa.local, Remote: sa.remote, Data: data}})
}

func (e *Engine) built(sa *ikeSA, m *wire.Message) {
	e.emit(MessageBuilt{SA: sa.ref(), Message: m, From: sa.local, To: sa.remote})
}

// sendPlain sends a message of IKE_SA_INIT and returns its octets.
func (e *Engine) sendPlain(sa *ikeSA, m *wire.Message) []byte {
	data := m.Append(nil)
	m.Length = uint32(len(data))
	e.built(sa, m)
	e.send(sa, data)
	return data
}

// seal makes the octets of a protected message.
func (e *Engine) seal(sa *ikeSA, h wire.Header, payloads []wire.Payload) []byte {
	m := &wire.Message{Header: h, Payloads: payloads}
	data := m.AppendSealed(nil, sa.sealer, func(iv []byte) { e.fillIV(sa, iv) })
	m.Length, m.EncryptedLen = uint32(len(data)), len(data)
	e.built(sa, m)
	return data
}

// fillIV draws the IV of a block cipher; AES-GCM wants one that never repeats
// under a key, which a counter gives (RFC 5282 3.1).
func (e *Engine) fillIV(sa *ikeSA, iv []byte) {
	if !sa.suite.encr.AEAD() {
		e.fill(iv)
		return
	}
	sa.ivCounter++
	binary.BigEndian.PutUint64(iv, sa.ivCounter)
}

// request seals and sends a request of ours under the next message id.
func (e *Engine) request(x *exchange, t wire.ExchangeType, payloads []wire.Payload) answer {
	sa := x.sa
	if !sa.windowOpen() {
		e.note(sa, WindowFull)
		return x.failWith(ReasonNoResources, 0, "the peer's request window is full")
	}
	x.messageID = sa.nextSend
	sa.nextSend++
	data := e.seal(sa, sa.header(t, x.messageID, false), payloads)
	e.send(sa, data)
	e.await(x, data)
	return yes
}

// await keeps a request for repetition until its answer comes.
func (e *Engine) await(x *exchange, request []byte) {
	x.request, x.retransmits, x.replied = request, 0, false
	x.retransmitAt = e.now.Add(x.patience(0))
}

// patience is how long to wait after the nth transmission: DPD has its own
// interval.
func (x *exchange) patience(n int) time.Duration {
	if x.purpose == forLiveness && x.sa.dpd.Retry > 0 {
		return x.sa.dpd.Retry
	}
	return retransmitWaits[min(n, len(retransmitWaits)-1)]
}

// respond seals, keeps and sends the response of an exchange.
func (e *Engine) respond(x *exchange, t wire.ExchangeType, payloads []wire.Payload) {
	sa := x.sa
	data := e.seal(sa, sa.header(t, x.messageID, true), payloads)
	sa.keepAnswer(x.messageID, data)
	e.send(sa, data)
}

// windowOpen says whether one more request fits the peer's window.
func (sa *ikeSA) windowOpen() bool {
	oldest := sa.nextSend
	for _, x := range sa.exchanges {
		if x.initiator && x.request != nil && x.messageID < oldest {
			oldest = x.messageID
		}
	}
	return sa.nextSend-oldest < max(1, sa.peerWindow)
}

// awaiting is our exchange whose request has this id.
func (sa *ikeSA) awaiting(id uint32) *exchange {
	for _, x := range sa.exchanges {
		if x.initiator && x.request != nil && x.messageID == id {
			return x
		}
	}
	return nil
}

// keepAnswer stores a response and moves the window of the peer's requests.
func (sa *ikeSA) keepAnswer(id uint32, data []byte) {
	sa.stopServing(id)
	sa.answers = append(sa.answers, cachedAnswer{id, data})
	for sa.answered(sa.nextRecv) != nil {
		sa.nextRecv++
	}
	kept := sa.answers[:0]
	for _, a := range sa.answers {
		if a.id+uint32(sa.window) >= sa.nextRecv {
			kept = append(kept, a)
		}
	}
	clear(sa.answers[len(kept):])
	sa.answers = kept
}

func (sa *ikeSA) answered(id uint32) []byte {
	for _, a := range sa.answers {
		if a.id == id {
			return a.data
		}
	}
	return nil
}

func (sa *ikeSA) isServing(id uint32) bool {
	for _, s := range sa.serving {
		if s == id {
			return true
		}
	}
	return false
}

func (sa *ikeSA) stopServing(id uint32) {
	for i, s := range sa.serving {
		if s == id {
			sa.serving = append(sa.serving[:i], sa.serving[i+1:]...)
			return
		}
	}
}

// errorNotify is the first notify of the error range, nil without.
func errorNotify(m *wire.Message) *wire.Notify {
	for _, n := range wire.All[*wire.Notify](m) {
		if n.Kind.IsError() {
			return n
		}
	}
	return nil
}

// reasonOf translates an error notify of the peer.
func reasonOf(k wire.NotifyType) Reason {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN, wire.INVALID_KE_PAYLOAD:
		return ReasonNoProposal
	case wire.AUTHENTICATION_FAILED:
		return ReasonAuthFailed
	case wire.TS_UNACCEPTABLE:
		return ReasonTSUnacceptable
	case wire.NO_ADDITIONAL_SAS, wire.TEMPORARY_FAILURE:
		return ReasonNoResources
	}
	return ReasonInvalid
}

// noteErrorNotify says which error the peer reported.
func (e *Engine) noteErrorNotify(sa *ikeSA, n *wire.Notify) {
	facts := map[wire.NotifyType]Fact{
		wire.NO_PROPOSAL_CHOSEN: ReceivedNoProposal, wire.AUTHENTICATION_FAILED: ReceivedAuthFailed,
		wire.TS_UNACCEPTABLE: ReceivedTSUnacceptable, wire.TEMPORARY_FAILURE: TemporaryFailure,
	}
	if what, ok := facts[n.Kind]; ok {
		e.note(sa, what)
		return
	}
	e.noteFree(Note{SA: sa.ref(), What: ReceivedNotify, Name: n.Kind.String()})
}
