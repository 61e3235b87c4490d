package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
)

// What happens when an exchange comes to nothing.

// describe is the failure with all that is known of the exchange.
func (x *exchange) describe(f *fault) Failure {
	out := f.Failure
	out.ChildOnly = f == x.childFault
	out.SA, out.Peer, out.Exchange, out.MessageID, out.Initiator = x.sa.ref(), x.sa.remote, x.kind, x.messageID, x.initiator
	if x.entry != nil {
		out.Entry = x.entry.cfg.Entry
	}
	return out
}

// failed tells what went wrong, and keeps it for who asks later; a peer that is
// told our group begins again with it (RFC 7296 1.2), so nothing has failed yet.
func (e *Engine) failed(f Failure) {
	e.emit(f)
	if f.Sent != wire.INVALID_KE_PAYLOAD {
		if e.diagnoses == nil {
			e.diagnoses = &diagnoses{of: map[netip.Addr][]Diagnosis{}}
		}
		e.diagnoses.keep(e.now, f)
	}
}

// cannot tells that an entry's negotiation could not even begin.
func (e *Engine) cannot(f *entry, peer netip.AddrPort, r Reason, c Cause) {
	e.failed(Failure{Peer: peer, Entry: f.cfg.Entry, Exchange: wire.IKE_SA_INIT, Initiator: true, Reason: r, Cause: c, Keyring: e.keyringOf(f)})
	e.entryDown(f, peer, r)
}

// initialFailed tells the peer why an SA does not come up (RFC 7296 2.21).
func initialFailed(e *Engine, x *exchange) answer {
	sa, f := x.sa, x.fault
	e.failed(x.describe(f))
	if f.Sent == 0 {
		return yes
	}
	n := ikeNotify(f.Sent, f.data)
	switch {
	case !x.initiator && !sa.keyed():
		e.refuseInit(sa, n)
	case !x.initiator && sa.responses.Serving(x.messageID):
		e.respond(x, x.kind, []wire.Payload{n})
	case x.initiator && sa.keyed():
		// The responder believes that the SA is up; nobody waits for an answer.
		h := sa.header(wire.INFORMATIONAL, sa.requests.Next(), false)
		e.send(sa, e.seal(sa, h, []wire.Payload{n}))
	}
	return yes
}

// refuseInit answers without keeping state: our SPI stays zero
// (RFC 7296 2.6).
func (e *Engine) refuseInit(sa *ikeSA, n *wire.Notify) {
	h := sa.header(wire.IKE_SA_INIT, 0, true)
	h.SPIr = 0
	e.sendPlain(sa, &wire.Message{Header: h, Payloads: []wire.Payload{n}})
}

func releaseNegotiation(e *Engine, x *exchange) answer {
	if x.sa.counted {
		tell(&e.recording, e.admission.step(x.sa, GivenUp, true))
	}
	return yes
}

func deleteAborted(e *Engine, x *exchange) answer {
	if x.purpose != forInit {
		e.failed(x.describe(x.fault))
	}
	e.drop(x.sa, saLost, x.fault.Reason)
	return yes
}

// childFailed ends a later exchange; the IKE SA lives on. As responder it
// tells the peer why.
func childFailed(e *Engine, x *exchange) answer {
	f := x.fault
	e.failed(x.describe(f))
	if !x.initiator && !x.answered() {
		e.respond(x, x.kind, f.answer())
	}
	disown(e, x, f)
	if x.initiator && x.createsChild() && outOfSync(x.sa, e.now, f.Heard) {
		e.closeSA(x.sa, f.Reason)
	}
	d := x.rekeyed()
	switch {
	case d == nil && x.initiator && singly(x, f):
		again(e, x)
	case d == nil && x.initiator:
		e.lost(x, f.Reason)
	case d != nil && x.initiator:
		e.clash(d, ownFails)
		e.rekeyRefused(x)
	case d != nil && x.begun:
		e.clash(d, peerFails)
	}
	return yes
}

// How long a peer may go on with TEMPORARY_FAILURE, and how often in a row it may have
// forgotten what an exchange goes on with.
const (
	busyTime      = 4 * time.Minute
	mostForgotten = 3
)

// outOfSync notes whether the peer is too busy for a request, or has forgotten what went
// before. When it has been busy for several minutes, the two ends do not agree any more on
// what there is, and the IKE SA is closed (RFC 7296 2.25); "If the initiator continues to
// receive STATE_NOT_FOUND notifications after several retries, it MUST treat this situation
// as a fatal error and delete the IKE SA by sending a DELETE payload." (RFC 9370 2.2.4)
func outOfSync(sa *ikeSA, now time.Time, heard wire.NotifyType) bool {
	if heard == wire.STATE_NOT_FOUND {
		sa.forgotten++
		return sa.forgotten >= mostForgotten
	}
	busy := heard == wire.TEMPORARY_FAILURE
	switch {
	case !busy:
		sa.busySince = noTime
	case sa.busySince.IsZero():
		sa.busySince = now
	}
	return busy && now.Sub(sa.busySince) >= busyTime
}

// answer is what a refusal carries. CHILD_SA_NOT_FOUND names the SPI that was
// asked about (RFC 7296 2.25).
func (f *fault) answer() []wire.Payload {
	if f.Sent == 0 {
		return nil
	}
	if f.about != nil {
		return []wire.Payload{&wire.Notify{Protocol: f.about.Protocol, SPI: f.about.SPI, Kind: f.Sent}}
	}
	return []wire.Payload{ikeNotify(f.Sent, f.data)}
}

// rekeyRefused replaces a pair that the peer does not know any more by a new
// one: "A peer that receives a CHILD_SA_NOT_FOUND notification SHOULD silently
// delete the Child SA (if it still exists) and send a request to create a new
// Child SA from scratch (if the Child SA does not yet exist)." (RFC 7296 2.25) A
// peer that knows no CREATE_CHILD_SA says NO_ADDITIONAL_SAS: "the implementation
// MUST be capable of instead deleting the old SA and creating a new one" (4).
func (e *Engine) rekeyRefused(x *exchange) {
	switch {
	case x.purpose == forChildRekey && x.fault.Heard == wire.CHILD_SA_NOT_FOUND:
		x.sa.dropExchange(x)
		makeAnew(e, x.old)
	case x.fault.Heard == wire.NO_ADDITIONAL_SAS && x.rekeyed().rekeysOf().state == noRekey:
		x.sa.dropExchange(x)
		e.closeSA(x.sa, ReasonNoResources)
	}
}

// makeAnew replaces a pair that the peer does not have.
func makeAnew(e *Engine, c *child) {
	wanted := c.state == childUp || c.reason == ReasonExpired
	e.endChild(c, childPeerGoes, ReasonPeerDeleted)
	if f := c.entry; wanted && len(f.children) == 0 && e.protects(f) && !e.negotiating(f) {
		e.start(c.sa, &exchange{purpose: forChild, making: making{entry: f}}, EvInitCreateChild)
	}
}

// singly says whether the peer wants to be asked for one pair of addresses, and can
// be: "The requestor is expected to respond by requesting an SA for only the
// specific traffic it is trying to forward." (RFC 7296 3.10.1)
func singly(x *exchange, f *fault) bool {
	return f.Heard == wire.SINGLE_PAIR_REQUIRED && x.packet[0].Start.IsValid() && !x.entry.single && !x.entry.cfg.PerHost
}

// again asks for it.
func again(e *Engine, x *exchange) {
	x.entry.single = true
	e.start(x.sa, &exchange{purpose: forChild, making: making{entry: x.entry, packet: x.packet}}, EvInitCreateChild)
}

// lost tells that a child of an entry will not come, when the entry may have others
// or has none.
func (e *Engine) lost(x *exchange, r Reason) {
	if x.initiator && x.purpose == forChild && (x.entry.cfg.Several || len(x.entry.children) == 0) {
		e.entryDown(x.entry, x.sa.remote, r)
	}
}

// entryDown tells that an entry's negotiation has come to nothing, unless it has a
// pair all the same.
func (e *Engine) entryDown(f *entry, peer netip.AddrPort, r Reason) {
	if len(f.children) > 0 || r == ReasonRedirected { // it goes on with another gateway
		return
	}
	homeward(&e.database, f, r)
	e.emit(EntryDown{Entry: f.cfg.Entry, Peer: peer, Reason: r})
}

// errorNotify is the first notify of the error range, nil without.
func errorNotify(m *wire.Message) *wire.Notify {
	for n := range wire.All[*wire.Notify](m) {
		if n.Kind.IsError() {
			return n
		}
	}
	return nil
}
