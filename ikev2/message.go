package ikev2

import (
	"encoding/binary"
	"slices"
	"time"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
)

// Sending: sealing, requests that are repeated until answered, responses that
// are kept for a repeated request (RFC 7296 2.1).

// retransmitWaits are IOS's waits after each transmission; after the last one
// the peer counts as gone.
var retransmitWaits = []time.Duration{
	2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, 32 * time.Second,
}

// sendPlain sends a message of IKE_SA_INIT and returns its octets.
func (e *Engine) sendPlain(sa *ikeSA, m *wire.Message) []byte {
	data := m.Append(nil)
	m.Length = uint32(len(data))
	e.built(sa, m)
	e.send(sa, window.Message{data})
	return data
}

// seal makes the datagrams of a protected message.
func (e *Engine) seal(sa *ikeSA, h wire.Header, payloads []wire.Payload) window.Message {
	m := &wire.Message{Header: h, Payloads: payloads}
	sealer, _ := sa.keys.Cipher(sa.initiator, icv(sa)) // deriveKeys has looked
	fillIV := func(iv []byte) { e.fillIV(sa, iv) }
	if most, n := sa.fragments.limit(h), m.SealedLen(sealer); most > 0 && n > most {
		m.Length, m.EncryptedLen = uint32(n), n
		e.built(sa, m)
		return e.cut(sa, m, most, sealer, fillIV)
	}
	data := m.AppendSealed(nil, sealer, fillIV)
	m.Length, m.EncryptedLen = uint32(len(data)), len(data)
	e.built(sa, m)
	return window.Message{data}
}

// fillIV draws the IV of a block cipher; the others want one that never repeats
// under a key, which a counter gives (RFC 5282 3.1, RFC 5930 2.2, RFC 7634 2).
func (e *Engine) fillIV(sa *ikeSA, iv []byte) {
	if !sa.suite.Encr.Counts() {
		e.fill(iv)
		return
	}
	sa.ivCounter++
	binary.BigEndian.PutUint64(iv, sa.ivCounter)
}

// request seals and sends a request of ours under the next message id.
func (e *Engine) request(x *exchange, t wire.ExchangeType, payloads []wire.Payload) answer {
	sa := x.sa
	x.request = sa.requests.Begin()
	if x.request == nil {
		return x.failWith(ReasonNoResources, 0, CauseBusy)
	}
	x.kind, x.messageID, x.replied = t, x.request.ID, false
	e.tally.child(x, SentRequest)
	m := e.seal(sa, sa.header(t, x.messageID, false), payloads)
	e.send(sa, m)
	x.request.Sent(e.now, m, waitsOf(x))
	sa.wear(e.now)
	return yes
}

// lastID is up to where message ids of an SA may grow: half of what there are, so
// that there are many left for the rekey.
const lastID = 1 << 31

// wear has an SA rekeyed whose message ids are running out: "In the unlikely event
// that Message IDs grow too large to fit in 32 bits, the IKE SA MUST be closed or
// rekeyed." (RFC 7296 2.2)
func (sa *ikeSA) wear(now time.Time) {
	if sa.state == saReady && max(sa.requests.Next(), sa.responses.Next()) > lastID {
		sa.rekeyAt = now
	}
}

// waitsOf is when a request is sent again: DPD has its own interval.
func waitsOf(x *exchange) []time.Duration {
	if x.purpose == forLiveness && x.sa.dpd().Retry > 0 {
		return slices.Repeat([]time.Duration{x.sa.dpd().Retry}, len(retransmitWaits))
	}
	return retransmitWaits
}

// respond seals, keeps and sends the response of an exchange.
func (e *Engine) respond(x *exchange, t wire.ExchangeType, payloads []wire.Payload) {
	sa := x.sa
	e.tally.child(x, SentResponse)
	m := e.seal(sa, sa.header(t, x.messageID, true), payloads)
	sa.responses.Answer(x.messageID, m)
	e.send(sa, m)
	sa.wear(e.now)
}

func retransmit(e *Engine, x *exchange) answer {
	m := x.request.Again(e.now)
	e.repeated(x.sa, m)
	e.send(x.sa, m)
	return yes
}

func retransmitExceeded(_ *Engine, x *exchange) answer {
	x.failWith(ReasonTimeout, 0, CauseNoResponse)
	if x.init != nil && x.init.hint != nil {
		x.fault = x.init.hint
	}
	x.sa.dropRequest(x)
	return yes
}

// dropRequest ends the wait for an answer.
func (t *traffic) dropRequest(x *exchange) {
	if x.request != nil {
		t.requests.Take(x.request.ID)
		x.request = nil
	}
}

func (r *recording) send(sa *ikeSA, message window.Message) { r.sendTo(sa.ends, message) }

func (r *recording) sendTo(to ends, message window.Message) {
	for _, data := range message {
		r.emit(Send{Datagram{VRF: to.vrf, Local: to.local, Remote: to.remote, Data: data}})
	}
}

// repeated tells what a request that leaves again looks like from outside.
func (r *recording) repeated(sa *ikeSA, message window.Message) {
	if r.unheard() {
		return
	}
	m, err := wire.Parse(message[0])
	if err != nil {
		m = &wire.Message{}
		m.Header, _ = wire.ParseHeader(message[0])
	}
	r.emit(MessageRepeated{SA: sa.ref(), VRF: sa.vrf, Message: m, From: sa.local, To: sa.remote})
}

func (r *recording) built(sa *ikeSA, m *wire.Message) {
	r.tally.message(m, wayOf(m, true))
	if !r.unheard() {
		r.emit(MessageBuilt{SA: sa.ref(), VRF: sa.vrf, Message: m, From: sa.local, To: sa.remote})
	}
}

// initExtras are the vendor ids, NAT detection and extensions of both
// IKE_SA_INIT messages, behind what a list has already.
func initExtras(list []wire.Payload, e *Engine, sa *ikeSA) []wire.Payload {
	list = append(list, deleteReason, flexVPN)
	if !e.cfg.NoNAT {
		list = natNotifies(list, sa)
	}
	list = append(list, sa.fragments.offer(sa.initiator)...)
	if e.index.offersPPK(sa) {
		list = append(list, ikeNotify(wire.USE_PPK, nil))
	}
	if sa.papers != nil && e.cfg.Signatures {
		list = append(list, ikeNotify(wire.SIGNATURE_HASH_ALGORITHMS, hashNumbers()))
	}
	if addsKE(sa) {
		list = append(list, intermediate)
	}
	return list
}
