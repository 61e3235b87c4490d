package ikev2

import (
	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
)

// authenticators finds the methods that a profile wants for a peer. A method
// that is not configured is not used, whatever keys there are.
func (e *Engine) authenticators(sa *ikeSA, p *Profile, again bool) (prover, verifier authenticator) {
	local, peer := e.keys(sa, p, again)
	if p.AuthLocal && !p.NoIdentity && local != nil {
		prover = sharedKey(local)
	}
	if p.AuthRemote && peer != nil {
		verifier = sharedKey(peer)
	}
	return prover, verifier
}

// unproven says what an end lacks that has a profile but no authenticators.
func (p *Profile) unproven() Cause {
	switch {
	case p.NoIdentity:
		return CauseNoCertificate
	case !p.AuthLocal || !p.AuthRemote:
		return CauseNoMethod
	}
	return CauseNoKey
}

// proving tells a step of our proof, or of the peer's.
func proving(e *Engine, x *exchange, s ProofStep, peer bool) {
	if e.unheard() {
		return
	}
	told := Proving{SA: x.sa.ref(), Step: s, Peer: peer, Identity: x.sa.localID}
	by := x.sa.prover
	if peer {
		told.Identity, by = x.sa.remoteID, x.sa.verifier
	}
	told.Method, told.KeyLen = by.method(), by.octets()
	e.emit(told)
}

// ownMethod and ownKey tell what genAuth is about to use, or has used.
func ownMethod(e *Engine, x *exchange) answer {
	proving(e, x, ProofMethod, false)
	return yes
}

func ownKey(e *Engine, x *exchange) answer {
	proving(e, x, ProofKey, false)
	return yes
}

// genAuth makes our AUTH data; no: a job makes it.
func genAuth(e *Engine, x *exchange) answer {
	proving(e, x, ProofData, false)
	proveWithPPK(x)
	data, job := x.sa.prover.sign(x.signed(x.initiator, x.sa.localID))
	if job != nil {
		e.job(x, signCost, EvOKAuthGen, *job, func(_ *Engine, x *exchange, r keys.Result) { x.init.ownAuth = r.Octets })
		return no
	}
	x.init.ownAuth = data
	return yes
}

// verifyAuth checks the peer's AUTH data.
func verifyAuth(e *Engine, x *exchange) answer {
	auth, _ := wire.Get[*wire.Auth](x.in)
	proving(e, x, ProofData, true)
	data, ok := settlePPK(&e.configured, &e.recording, x, auth.Data)
	if !ok {
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseNoPPK)
	}
	signed := x.signed(!x.initiator, x.sa.remoteID)
	signed.Beside = x.sa.besideID
	ok, _ = x.sa.verifier.verify(signed, data)
	tell(&e.recording, Authenticated{SA: x.sa.ref(), Identity: x.sa.remoteID, Method: auth.Method, Verified: ok})
	if !ok {
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseBadAuth)
	}
	return yes
}
