package ikev2

import (
	"bytes"
	"slices"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Key exchanges, of both sides and of every exchange that has one, the keys that come of
// them, and the exchanges that carry additional ones.

// genDHKey draws the private key and starts the job that computes the public one.
func genDHKey(e *Engine, x *exchange) answer {
	k := x.ke()
	if k.public != nil { // the request is repeated behind a cookie
		return no
	}
	if err := k.draw(e.rand, x.initiator); err != nil {
		return x.failWith(ReasonInvalid, 0, CauseNoGroup)
	}
	tell(&e.recording, Computing{SA: x.sa.ref(), Group: k.group})
	e.job(x, publicCost(k.group), EvOKRecdDHPubkey, keys.Job{Exchange: k.part},
		func(x *exchange, r keys.Result) { x.ke().public = r.Octets })
	return yes
}

// genDHSecret starts the job that computes the shared secret.
func genDHSecret(e *Engine, x *exchange) answer {
	k := x.ke()
	if x.initiator {
		k.part.Answered(k.peer)
	}
	tell(&e.recording, Computing{SA: x.sa.ref(), Group: k.group, Secret: true})
	e.job(x, secretCost(k.group), EvOKRecdDHSecret, keys.Job{Exchange: k.part, Secret: true},
		func(x *exchange, r keys.Result) { x.ke().secret, x.ke().err = r.Octets, r.Err })
	return yes
}

// secretArrived looks at the shared secret: a public value outside its group
// ends the exchange (RFC 6989).
func secretArrived(_ *Engine, x *exchange) answer {
	if x.ke().err != nil {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseBadPublic)
	}
	return yes
}

// genSKEYID derives the first keys of an SA.
func genSKEYID(e *Engine, x *exchange) answer {
	return e.deriveKeys(x, x.sa, keys.Seed(prf(x.sa), x.nonces, x.secret()))
}

// rekeySKEYID derives the keys of an SA that replaces another.
func rekeySKEYID(e *Engine, x *exchange) answer {
	return e.deriveKeys(x, x.next, keys.RekeySeed(prf(x.sa), x.sa.keys.D(), x.secret(), x.nonces, x.moreSecrets()...))
}

// deriveKeys makes the keys of an SA and tells observers.
func (e *Engine) deriveKeys(x *exchange, sa *ikeSA, seed []byte) answer {
	s := sa.suite
	if !ipsec.Fit(s.Encr, s.Integ) {
		return x.failWith(ReasonInvalid, 0, CauseNoProposal)
	}
	sa.keys = keys.Derive(prf(sa), s.Encr, s.Integ, seed, x.nonces, sa.spiI, sa.spiR)
	k := &sa.keys
	e.emit(Keys{SA: sa.ref(), Encr: s.Encr, Integ: s.Integ, EncrI: k.EI(), EncrR: k.ER(), AuthI: k.AI(), AuthR: k.AR()})
	return yes
}

// IKE_INTERMEDIATE (RFC 9242), both sides: each exchange of its kind carries one
// additional key exchange (RFC 9370 2.2.2), under the keys that there are, and makes new
// ones.
//
//	HDR, SK {KEi(n)} -->
//	                 <-- HDR, SK {KEr(n)}

// cover takes a message of IKE_INTERMEDIATE into what AUTH covers (RFC 9242 3.3.2), with
// the keys that protect it:
//
//	IntAuth_n = prf(SK_p(n), IntAuth_n-1 | A | P)
func cover(x *exchange, m *wire.Message) {
	i, key := 0, x.sa.keys.PI()
	if !m.FromInitiator() {
		i, key = 1, x.sa.keys.PR()
	}
	head, payloads := m.InClear()
	x.init.covered[i] = prf(x.sa).Sum(key, x.init.covered[i], head, payloads)
}

// takeAdded keeps the peer's half of an additional key exchange, which is of the method that
// was agreed.
func takeAdded(x *exchange) answer {
	ke, ok := wire.Get[*wire.KE](x.in)
	if !ok || ipsec.Group(ke.Group) != x.ke().group {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseGroup)
	}
	x.ke().peer = ke.Data
	return yes
}

// addedKE is our half.
func addedKE(x *exchange) wire.Payload {
	return &wire.KE{Group: uint16(x.ke().group), Data: x.ke().public}
}

// sendIntermediate sends our half of an additional key exchange.
func sendIntermediate(e *Engine, x *exchange) answer {
	payloads := []wire.Payload{addedKE(x)}
	a := e.request(x, wire.IKE_INTERMEDIATE, payloads)
	cover(x, &wire.Message{Header: x.sa.header(wire.IKE_INTERMEDIATE, x.messageID, false), Payloads: payloads})
	return a
}

// checkAdded looks for an error in the answer.
func checkAdded(_ *Engine, x *exchange) answer {
	if n := errorNotify(x.in); n != nil {
		return x.heard(n)
	}
	return yes
}

// acceptIntermediate takes the peer's half, as either end.
func acceptIntermediate(_ *Engine, x *exchange) answer {
	cover(x, x.in)
	return takeAdded(x)
}

// sendIntermediateResponse answers under the keys that the request came under.
func sendIntermediateResponse(e *Engine, x *exchange) answer {
	payloads := []wire.Payload{addedKE(x)}
	cover(x, &wire.Message{Header: x.sa.header(wire.IKE_INTERMEDIATE, x.messageID, true), Payloads: payloads})
	e.respond(x, wire.IKE_INTERMEDIATE, payloads)
	return yes
}

// addSKEYID derives the keys that hold from the next exchange on; no: another key exchange
// is to come first.
func addSKEYID(e *Engine, x *exchange) answer {
	sa := x.sa
	x.init.count++
	former := sa.keys
	sa.former, sa.keyedFrom = &former, x.messageID+1
	if a := e.deriveKeys(x, sa, keys.AddedSeed(prf(sa), sa.keys.D(), x.ke().secret, x.nonces)); a != yes {
		return a
	}
	if x.nextKE() {
		return no
	}
	x.kind = wire.IKE_AUTH
	return yes
}

// IKE_FOLLOWUP_KE (RFC 9370 2.2.4), both sides: additional key exchanges of a
// CREATE_CHILD_SA, one in each exchange of this kind. What is made is made when the last of
// them is done. The responder says in each answer but the last how the next request finds
// what it goes on with.
//
//	HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)(link(n))} -->
//	                 <-- HDR, SK {KEr(n), N(ADDITIONAL_KEY_EXCHANGE)(link(n+1))}

// linkLen is how many octets a link of ours has, drawn anew for each exchange.
const linkLen = 8

// secretOrMore looks at a shared secret; no: another key exchange is to come.
func secretOrMore(e *Engine, x *exchange) answer {
	if a := secretArrived(e, x); a != yes {
		return a
	}
	if x.nextKE() {
		return no
	}
	return yes
}

// readLink keeps the link of an answer, which has to be there as long as key exchanges are
// left.
func readLink(_ *Engine, x *exchange) answer {
	x.link = nil
	if n := x.in.Notify(wire.ADDITIONAL_KEY_EXCHANGE); n != nil {
		x.link = slices.Clone(n.Data)
	}
	if len(x.link) == 0 && x.turn+1 < len(x.kes) {
		return x.failWith(ReasonInvalid, 0, CausePayloadMissing)
	}
	return yes
}

// linkOn is the notify of an answer that others are to follow.
func linkOn(e *Engine, x *exchange) []wire.Payload {
	if x.turn+1 >= len(x.kes) {
		return nil
	}
	x.link = e.octets(linkLen)
	return []wire.Payload{ikeNotify(wire.ADDITIONAL_KEY_EXCHANGE, x.link)}
}

// sendFollowup sends our half of an additional key exchange; no: the window has no room
// yet.
func sendFollowup(e *Engine, x *exchange) answer {
	sa := x.sa
	switch {
	case sa.state == saDead:
		return x.failWith(sa.reason, 0, CauseClosing)
	case !sa.requests.Open():
		e.emit(RequestQueued{SA: sa.ref(), Exchange: wire.IKE_FOLLOWUP_KE, Window: sa.requests.Peer()})
		x.held = true
		return no
	}
	return e.request(x, wire.IKE_FOLLOWUP_KE, []wire.Payload{addedKE(x), ikeNotify(wire.ADDITIONAL_KEY_EXCHANGE, x.link)})
}

// acceptFollowup takes the responder's half.
func acceptFollowup(e *Engine, x *exchange) answer {
	if a := takeAdded(x); a != yes {
		return a
	}
	return readLink(e, x)
}

// awaitFollowup has a responder wait for the next request, not for ever.
func awaitFollowup(e *Engine, x *exchange) answer {
	x.nextKE()
	x.followBy = e.now.Add(AuthTimer)
	e.touch(x.sa)
	return no
}

// goesOn says whether a rekey of ours is followed by others, which is not where the peer rekeys
// the same and will keep what it makes: "if additional key exchanges are negotiated in the
// CREATE_CHILD_SA exchange in which the smallest nonce is used, then, because there is nothing
// to delete yet, the initiator of this exchange just stops the rekeying process, and it MUST
// NOT initiate the IKE_FOLLOWUP_KE exchange." (RFC 9370 2.2.4)
func goesOn(e *Engine, x *exchange) answer {
	theirs := rivalNonce(x)
	if theirs == nil || bytes.Compare(x.nonces.Lowest(), theirs) > 0 || !e.clash(x.rekeyed(), ownStops) {
		return yes
	}
	return no
}

// rivalNonce is the lowest nonce of the peer's rekey of the same; nil: there is none.
func rivalNonce(x *exchange) []byte {
	d := x.rekeyed()
	switch {
	case d == nil:
		return nil
	case d.rekeysOf().state == peerWaits && x.purpose == forIKERekey:
		return x.sa.theirs.nonces.Lowest()
	case d.rekeysOf().state == peerWaits:
		return x.old.theirs.minNonce
	}
	for _, y := range x.sa.exchanges {
		if !y.initiator && y.begun && y.rekeyed() == d && y.nonces.R != nil {
			return y.nonces.Lowest()
		}
	}
	return nil
}

// outrun ends a rekey of the peer's that has stopped so, when ours of the same has made its SA.
func outrun(e *Engine, x *exchange) {
	d := x.rekeyed()
	for _, y := range slices.Clone(x.sa.exchanges) {
		if !y.initiator && y.begun && y.rekeyed() == d && y.state == ChildRWait && bytes.Compare(y.nonces.Lowest(), x.nonces.Lowest()) < 0 {
			notMade(e, y)
			x.sa.dropExchange(y)
			e.clash(d, peerFails)
		}
	}
}

// comesLate says whether the peer asks for a rekey of what ours has got further with: "In this
// case, a TEMPORARY_FAILURE notification MUST be sent in response to such a request." (RFC 9370
// 2.2.4)
func comesLate(x *exchange) bool {
	return x.sa.any(func(y *exchange) bool {
		return y.initiator && y.createsChild() && (y.replied && len(y.kes) > 1 || y.turn > 0) && y.rekeyed() == x.rekeyed()
	})
}

// strayFollowup answers a request that goes on with nothing.
func strayFollowup(_ *Engine, x *exchange) answer {
	return x.failWith(ReasonInvalid, wire.STATE_NOT_FOUND, CauseNotFound)
}

// takeFollowup takes the initiator's half.
func takeFollowup(_ *Engine, x *exchange) answer {
	x.followBy = noTime
	return takeAdded(x)
}

// sendFollowupResponse answers with our half; no: others are to come.
func sendFollowupResponse(e *Engine, x *exchange) answer {
	more := linkOn(e, x)
	e.respond(x, wire.IKE_FOLLOWUP_KE, append([]wire.Payload{addedKE(x)}, more...))
	if more != nil {
		return awaitFollowup(e, x)
	}
	return yes
}

// followupMissed is the end of a responder's wait.
func followupMissed(_ *Engine, x *exchange) answer {
	return x.failWith(ReasonTimeout, 0, CauseNoFollowup)
}
