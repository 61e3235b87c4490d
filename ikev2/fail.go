package ikev2

import (
	"time"

	"ikelab/ikev2/wire"
)

// What happens when an exchange fails.

// initialFailed tells the peer why an SA does not come up (RFC 7296 2.21).
func initialFailed(e *Engine, x *exchange) answer {
	sa, f := x.sa, x.fault
	switch {
	case sa.sealer == nil:
		e.note(sa, InitFailed)
	default:
		e.note(sa, AuthExchangeFailed)
	}
	e.note(sa, InitialExchangeFailed)
	if f.notify == 0 {
		return yes
	}
	if f.notify == wire.AUTHENTICATION_FAILED {
		e.note(sa, SendingAuthFailed)
	}
	n := ikeNotify(f.notify, f.data)
	switch {
	case !x.initiator && sa.sealer == nil:
		e.refuseInit(sa, n)
	case !x.initiator && sa.isServing(x.messageID):
		e.respond(x, wire.IKE_AUTH, []wire.Payload{n})
	case x.initiator && sa.sealer != nil:
		// The responder believes that the SA is up; nobody waits for an answer.
		h := sa.header(wire.INFORMATIONAL, sa.nextSend, false)
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

func abort(e *Engine, x *exchange) answer {
	e.note(x.sa, AbortExchange)
	return yes
}

func releaseNegotiation(e *Engine, x *exchange) answer {
	if x.sa.counted {
		e.noteFree(Note{What: RequestDeleted})
	}
	return yes
}

func deleteAborted(e *Engine, x *exchange) answer {
	e.note(x.sa, DeletingSA)
	e.drop(x.sa, x.fault.reason)
	return yes
}

// childFailed ends a later exchange; the IKE SA lives on. As responder it
// tells the peer why.
func childFailed(e *Engine, x *exchange) answer {
	sa, f := x.sa, x.fault
	if x.createsChild() && f.notify != wire.INVALID_KE_PAYLOAD { // with which the peer tries again
		e.note(sa, CreateChildFailed)
	}
	if !x.initiator {
		if sa.isServing(x.messageID) {
			e.respond(x, x.exchangeType(), f.answer())
		}
		if x.old != nil {
			x.old.rekeyAt = e.soon()
			e.settleChild(x.old, x)
		}
		return yes
	}
	switch x.purpose {
	case forChild:
		e.lost(x, f.reason)
	case forChildRekey:
		e.childRekeyFailed(x)
	case forIKERekey:
		e.ikeRekeyFailed(x)
	}
	return yes
}

// answer is what a refusal carries. CHILD_SA_NOT_FOUND names the SPI that was
// asked about (RFC 7296 2.25).
func (f *fault) answer() []wire.Payload {
	if f.notify == 0 {
		return nil
	}
	if f.about != nil {
		return []wire.Payload{&wire.Notify{Protocol: f.about.Protocol, SPI: f.about.SPI, Kind: f.notify}}
	}
	return []wire.Payload{ikeNotify(f.notify, f.data)}
}

func (x *exchange) exchangeType() wire.ExchangeType {
	if x.createsChild() || x.state != Ready && x.state < InfoIBldInfo {
		return wire.CREATE_CHILD_SA
	}
	return wire.INFORMATIONAL
}

// soon is when to try again what failed for a passing reason.
func (e *Engine) soon() time.Time { return e.now.Add(2*time.Second + e.within(2*time.Second)) }

// childRekeyFailed tries again later; a pair that the peer does not know any
// more is replaced by a new one (RFC 7296 2.25.1).
func (e *Engine) childRekeyFailed(x *exchange) {
	c := x.old
	c.rekeying = nil
	switch {
	case !e.holds(c) || c.deleting:
		e.lost(x, x.fault.reason)
	case c.peerRekey != nil:
		e.settleChild(c, x)
	case x.fault.peer == wire.CHILD_SA_NOT_FOUND:
		e.removeChild(c, ReasonPeerDeleted)
		if len(c.entry.children) == 0 {
			e.start(x.sa, &exchange{purpose: forChild, entry: c.entry}, EvInitCreateChild)
		}
	default:
		c.rekeyAt = e.soon()
	}
}

// ikeRekeyFailed takes the SA that the peer made meanwhile, or tries later.
func (e *Engine) ikeRekeyFailed(x *exchange) {
	sa := x.sa
	switch {
	case sa.rekeyed != nil || sa.deleting:
	case sa.pendingSuccessor() != nil:
		e.inherit(sa, sa.pendingSuccessor())
		sa.deleteAt = e.now.Add(deleteTimer)
	default:
		sa.rekeyAt = e.soon()
	}
}

// lost tells that a child of a entry will not come, when the entry has no other.
func (e *Engine) lost(x *exchange, r Reason) {
	if x.initiator && x.entry != nil && len(x.entry.children) == 0 && x.purpose != forInit {
		e.entryDown(x.entry, x.sa.remote, r)
	}
}
