package ikev2

import (
	"net/netip"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
)

// authenticators finds the methods that a profile wants for a peer. A method
// that is not configured is not used, whatever keys there are.
func (e *Engine) authenticators(sa *ikeSA, p *Profile, again bool) (prover, verifier authenticator) {
	var local, peer []byte
	if (p.AuthLocal|p.AuthRemote)&certified == 0 || (p.AuthLocal|p.AuthRemote)&PreShared != 0 {
		local, peer = e.keys(sa, p, again)
	}
	switch c := p.credential(sa.papers); {
	case p.AuthLocal&PreShared != 0 && local != nil && !p.SubjectID:
		prover = sharedKey(local)
	case c != nil:
		prover = &signer{Credential: c}
	}
	switch {
	case p.AuthRemote&PreShared != 0 && peer != nil:
		verifier = sharedKey(peer)
	case p.believes():
		verifier = &believer{}
	}
	return prover, verifier
}

// unproven says what an end lacks that has a profile but no authenticators.
func (p *Profile) unproven() Cause {
	switch {
	case p.AuthLocal == 0 || p.AuthRemote == 0:
		return CauseNoMethod
	case p.SubjectID && p.credential(nil) == nil, p.AuthLocal&certified != 0 && p.credential(nil) == nil:
		return CauseNoCertificate
	case p.AuthRemote == p.AuthRemote&certified && !p.believes():
		return CauseNoAuthority
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
	told.Method, told.With, told.KeyLen = by.method(), by.word(), by.octets()
	if s, ok := by.(*signer); ok {
		told.Trustpoint = s.Trustpoint
	}
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

// settleProver picks the certificate and the form of the signature, now that the peer has said
// whom it believes and what it can verify.
func settleProver(e *Engine, x *exchange) bool {
	s, ok := x.sa.prover.(*signer)
	if !ok {
		return true
	}
	p := x.sa.profile
	s.Credential = p.credential(x.sa.papers)
	hashes := x.sa.papers.hashes
	if !e.cfg.Signatures { // we know nothing of RFC 7427, whoever else does
		hashes = nil
	}
	if s.scheme, ok = keys.SchemeFor(s.Key, hashes, p.PSS); !ok {
		return false
	}
	if s.scheme.PSS {
		s.salt = e.octets(s.scheme.Hash.Size())
	}
	if p.SubjectID {
		x.sa.localID = s.subject()
	}
	return true
}

// genAuth makes our AUTH data; no: a job makes it.
func genAuth(e *Engine, x *exchange) answer {
	if !settleProver(e, x) {
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseNoMethod)
	}
	proving(e, x, ProofData, false)
	proveWithPPK(x)
	data, job := x.sa.prover.sign(x.signed(x.initiator, x.sa.localID))
	if job != nil {
		e.job(x, signCost, EvOKAuthGen, *job, func(x *exchange, r keys.Result) { x.init.ownAuth = r.Octets })
		return no
	}
	x.init.ownAuth = data
	return yes
}

// peerCertificates reads what the peer has sent of certificates, which may decide which profile
// it meets. Where no profile has to do with any, nothing is read.
func peerCertificates(e *Engine, x *exchange) answer {
	w := x.sa.papers
	if w == nil {
		return yes
	}
	w.readRequests(x.in)
	w.readChain(x.in)
	if len(w.chain) > 0 && !e.unheard() {
		tell(&e.recording, CertificatesReceived{SA: x.sa.ref(), Initiator: x.initiator, Subjects: subjects(w.chain)})
	}
	return yes
}

// certEncoding wants a certificate that we can read: "hash and URL" we have said nothing of, and
// fetch nothing (RFC 7296 3.6).
func certEncoding(_ *Engine, x *exchange) answer {
	w, p := x.sa.papers, x.sa.profile
	switch {
	case x.sa.prover == nil || !p.believes():
		return x.failWith(ReasonNoKey, wire.AUTHENTICATION_FAILED, p.unproven())
	case w.fault != nil:
		return x.refused(w.fault)
	case len(w.chain) == 0 && w.byURL:
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseEncoding)
	case len(w.chain) == 0:
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseNoPeerCertificate)
	}
	return yes
}

// refused fails for what is wrong with a certificate of the peer's.
func (o *outcome) refused(f *pki.Fault) answer {
	o.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseBadCertificate)
	o.fault.Certificate = f
	return fail
}

// verifyCertificates judges the peer's chain at the time that our clock shows, and whether it is
// of who the peer says that it is. As IOS does, an address that is not in the certificate is
// told and taken (RFC 4945 3.1 would have it refused); any other name has to be there.
func verifyCertificates(e *Engine, x *exchange) answer {
	w, id := x.sa.papers, x.sa.remoteID
	leaf := w.leaf()
	anchor, f := w.judged(x.sa.profile, e.now.Add(e.cfg.ClockAhead))
	holds := pki.Holds(leaf, id.Kind, id.Data)
	if _, address := id.address(); f == nil && !holds && !address {
		f = pki.NewFault(leaf, pki.WrongName)
	}
	if f != nil || !holds || !e.unheard() { // a message of the log may come of it, whoever listens
		told := CertificateJudged{SA: x.sa.ref(), Initiator: x.initiator, Identity: id, Subject: pki.Name(leaf.RawSubject, ","), Holds: holds, Fault: f, Addresses: pki.Addresses(leaf), Hostnames: pki.Hostnames(leaf)}
		if anchor != nil {
			told.Trustpoint = anchor.Trustpoint
		}
		e.emit(told)
	}
	if f != nil {
		x.refused(f)
		x.fault.Identity = id
		return fail
	}
	x.sa.verifier = &believer{anchor: anchor, leaf: leaf}
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
	ok = x.sa.verifier.verify(signed, auth.Method, data)
	if !e.unheard() {
		e.emit(Authenticated{SA: x.sa.ref(), Identity: x.sa.remoteID, Method: auth.Method, With: x.sa.verifier.word(), Verified: ok})
	}
	if !ok {
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseBadAuth)
	}
	return yes
}

// identity is who we say that we are, with a prover.
func (p *Profile) identity(local netip.Addr, by authenticator) Identity {
	if s, ok := by.(*signer); ok && p.SubjectID {
		return s.subject()
	}
	if p.LocalID != nil {
		return *p.LocalID
	}
	return addressIdentity(local)
}

// grantOf is what the peer of an SA is given, by how it proves itself; nil: nothing.
func grantOf(sa *ikeSA) *Grant {
	if _, certified := sa.verifier.(*believer); certified {
		return sa.profile.CertGrant
	}
	return sa.profile.Grant
}
