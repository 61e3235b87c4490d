package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// INFORMATIONAL (RFC 7296 1.4): deletes, liveness, errors of the peer.

// start begins a request of ours, or queues it while the peer's window is full
// or another CREATE_CHILD_SA is under way.
func (e *Engine) start(sa *ikeSA, x *exchange, in Input) {
	x.sa, x.initiator, x.state, x.startWith = sa, true, Ready, in
	if !sa.mayStart(x) {
		if !sa.windowOpen() {
			e.note(sa, WindowFull)
		}
		sa.queue = append(sa.queue, x)
		return
	}
	e.launch(x)
}

func (e *Engine) launch(x *exchange) {
	x.messageID = x.sa.nextSend
	x.sa.exchanges = append(x.sa.exchanges, x)
	e.run(x, x.startWith)
}

func (sa *ikeSA) mayStart(x *exchange) bool {
	return sa.ready && sa.main == nil && !sa.running && !sa.dead && sa.windowOpen() &&
		(!x.createsChild() || sa.own((*exchange).createsChild) == nil)
}

// pump begins what was queued and may begin now.
func (e *Engine) pump(sa *ikeSA) {
	for i := 0; i < len(sa.queue); {
		x := sa.queue[i]
		switch {
		case x.old != nil && (!e.holds(x.old) || x.old.deleting || x.old.replaced):
			x.abandon()
		case sa.mayStart(x):
			sa.queue = slices.Delete(sa.queue, i, i+1)
			e.launch(x)
			i = 0
			continue
		default:
			i++
			continue
		}
		sa.queue = slices.Delete(sa.queue, i, i+1)
	}
}

// abandon forgets an exchange of ours that has not been sent.
func (x *exchange) abandon() {
	x.job, x.request, x.retransmitAt = 0, nil, noTime
	if x.old != nil && x.old.rekeying == x {
		x.old.rekeying = nil
	}
	x.sa.dropExchange(x)
}

func sendDelete(e *Engine, x *exchange) answer {
	if x.purpose == forDeleteIKE {
		e.note(x.sa, SendingDeleteIKE)
		return e.request(x, wire.INFORMATIONAL, []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}})
	}
	d := &wire.Delete{Protocol: wire.ProtoESP}
	for _, c := range x.doomed {
		e.noteFree(Note{SA: x.sa.ref(), What: SendingDeleteChild, B: uint32(c.in)})
		d.SPIs = append(d.SPIs, spiOctets(c.in))
	}
	return e.request(x, wire.INFORMATIONAL, []wire.Payload{d})
}

func sendDPD(e *Engine, x *exchange) answer {
	e.note(x.sa, SendingDPD)
	return e.request(x, wire.INFORMATIONAL, nil)
}

// scheduleDPD sets the next look at the peer's silence.
func (e *Engine) scheduleDPD(sa *ikeSA) {
	if sa.dpd.Interval > 0 {
		sa.dpdAt = sa.lastHeard.Add(sa.dpd.Interval)
		if !sa.dpdAt.After(e.now) {
			sa.dpdAt = e.now.Add(sa.dpd.Interval)
		}
		e.touch(sa)
	}
}

// probe asks whether the peer is alive, unless it was heard or an outstanding
// request asks already (RFC 7296 2.4).
func (e *Engine) probe(sa *ikeSA) {
	sa.dpdAt = noTime
	heard := e.now.Sub(sa.lastHeard) < sa.dpd.Interval
	if heard || !sa.usable() || sa.own(func(x *exchange) bool { return x.request != nil }) != nil {
		e.scheduleDPD(sa)
		return
	}
	e.start(sa, &exchange{purpose: forLiveness}, EvSendDPD)
}

// processInfoAck ends what we asked for.
func processInfoAck(e *Engine, x *exchange) answer {
	sa := x.sa
	e.note(sa, ProcessingInfoAck)
	switch x.purpose {
	case forDeleteIKE:
		e.note(sa, DeletingSA)
		e.drop(sa, x.reason)
	case forDeleteChild:
		for _, c := range x.doomed {
			if e.holds(c) {
				e.removeChild(c, x.reason)
			}
		}
	case forLiveness:
		e.scheduleDPD(sa)
	}
	return yes
}

// answerInfo does what the peer's request asks and answers it. Payloads that
// ask nothing of us get an empty answer, as a liveness check does.
func answerInfo(e *Engine, x *exchange) answer {
	sa := x.sa
	var answer []wire.Payload
	var gone []*child
	endSA, reason := false, ReasonPeerDeleted
	for _, p := range x.in.Payloads {
		switch p := p.(type) {
		case *wire.Delete:
			if p.Protocol == wire.ProtoIKE {
				endSA = true
				e.note(sa, ProcessingDeleteIKE)
				continue
			}
			gone = append(gone, e.doomedBy(sa, p)...)
		case *wire.Notify:
			if p.Kind == wire.AUTHENTICATION_FAILED {
				endSA, reason = true, ReasonAuthFailed
			}
			if p.Kind.IsError() {
				e.noteErrorNotify(sa, p)
			}
		}
	}
	if len(x.in.Payloads) == 0 {
		e.note(sa, ReceivedDPD)
	}
	if d := pairedDelete(gone); d != nil && !endSA {
		answer = append(answer, d)
	}
	e.note(sa, SendingInfoAck)
	e.respond(x, wire.INFORMATIONAL, answer)
	for _, c := range gone {
		if e.holds(c) {
			e.removeChild(c, reasonDeleted(c))
		}
	}
	if endSA {
		e.endedByPeer(sa, reason)
	}
	return yes
}

// doomedBy finds the pairs that a Delete names by the peer's inbound SPIs.
func (e *Engine) doomedBy(sa *ikeSA, d *wire.Delete) []*child {
	var list []*child
	for _, spi := range d.SPIs {
		if d.Protocol != wire.ProtoESP || len(spi) != 4 {
			continue
		}
		e.noteFree(Note{SA: sa.ref(), What: ProcessingDeleteChild, B: be32(spi)})
		if c := sa.childByOut(ipsec.SPI(be32(spi))); c != nil && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	if len(list) > 0 {
		e.note(sa, DeleteFromPeer)
	}
	return list
}

// pairedDelete names our ends of the pairs, except those whose Delete of ours
// is under way (RFC 7296 1.4.1).
func pairedDelete(gone []*child) *wire.Delete {
	d := &wire.Delete{Protocol: wire.ProtoESP}
	for _, c := range gone {
		if !c.deleting {
			d.SPIs = append(d.SPIs, spiOctets(c.in))
		}
	}
	if len(d.SPIs) == 0 {
		return nil
	}
	return d
}

func reasonDeleted(c *child) Reason {
	if c.replaced || c.redundant {
		return ReasonRekeyed
	}
	return ReasonPeerDeleted
}

// endedByPeer drops an SA that the peer deleted. If the peer rekeyed it while
// our own rekey was under way, the peer's successor takes the children.
func (e *Engine) endedByPeer(sa *ikeSA, r Reason) {
	if next := sa.pendingSuccessor(); next != nil {
		e.inherit(sa, next)
	}
	if sa.rekeyed != nil {
		r = ReasonRekeyed
	}
	e.note(sa, DeletingSA)
	e.drop(sa, r)
}

// checkPending says which message ids may come next.
func checkPending(e *Engine, x *exchange) answer {
	sa := x.sa
	n := Note{SA: sa.ref(), A: x.messageID}
	switch {
	case !x.initiator && sa.answered(x.messageID) != nil:
		n.What, n.B = SentResponse, sa.nextRecv
		n.C = n.B + uint32(sa.window) - 1
	case x.initiator && x.replied:
		n.What, n.B = ProcessedResponse, sa.nextSend
		n.C = n.B + max(1, sa.peerWindow) - 1
	default:
		return yes
	}
	e.noteFree(n)
	return yes
}

// finish ends an exchange.
func finish(_ *Engine, x *exchange) answer {
	x.job, x.request, x.retransmitAt = 0, nil, noTime
	x.sa.dropExchange(x)
	return yes
}
