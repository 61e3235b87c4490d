package ikev2

import (
	"bytes"
	"net/netip"
	"slices"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// IKE_AUTH (RFC 7296 1.2, 2.15), both sides.

// configRequest decides whether the request asks for configuration.
func configRequest(e *Engine, x *exchange) answer {
	x.sa.wantedConfig = x.sa.profile.ConfigRequest
	e.tellConfig(x)
	return yes
}

func (e *Engine) tellConfig(x *exchange) {
	if e.unheard() {
		return
	}
	told := ConfigData{SA: x.sa.ref(), Initiator: x.initiator, Asked: x.sa.wantedConfig}
	if x.initiator && told.Asked {
		told.Attributes = e.cfgRequest(x.entry).Attributes
	}
	if x.init.config != nil {
		told.Attributes = x.init.config.Attributes
	}
	e.emit(told)
}

// sendAuthRequest proves who we are and asks for the first child.
func sendAuthRequest(e *Engine, x *exchange) answer {
	sa := x.sa
	payloads := proof(x)
	if sa.wantedConfig {
		payloads = append(payloads, e.cfgRequest(x.entry))
	}
	payloads = firstChild(payloads, e, x)
	if e.firstContact(sa) {
		payloads = append(payloads, firstContact)
	}
	payloads = e.authNotifies(payloads, x.entry)
	payloads = append(payloads, ppkNotifies(x)...)
	return e.request(x, wire.IKE_AUTH, payloads)
}

// proof are the payloads with which both IKE_AUTH messages begin: who we are, and that we are.
func proof(x *exchange) []wire.Payload {
	sa := x.sa
	all := &struct {
		list    [usualPayloads]wire.Payload
		vendor  wire.VendorID
		granite [16]byte
		id      wire.ID
		auth    wire.Auth
	}{
		granite: sa.granite(), id: wire.ID{Initiator: x.initiator, Kind: sa.localID.Kind, Data: sa.localID.Data},
		auth: wire.Auth{Method: sa.prover.method(), Data: x.init.ownAuth},
	}
	all.vendor.Data = all.granite[:]
	return append(append(append(all.list[:0], &all.vendor, &all.id), certificatePayloads(x)...), &all.auth)
}

// certificatePayloads are our certificates, and as initiator whose we believe: HDR, SK {IDi, [CERT,]
// [CERTREQ,] [IDr,] AUTH, ...} (RFC 7296 1.2).
func certificatePayloads(x *exchange) (list []wire.Payload) {
	if s, ok := x.sa.prover.(*signer); ok {
		list = s.payloads()
	}
	if p := x.sa.profile; x.initiator && p.believes() {
		list = append(list, &wire.CertReq{Encoding: certX509, Data: hashesOf(p.Anchors)})
	}
	return list
}

// firstChild asks, behind what a list has already, for the first child, unless both ends can do without in IKE_AUTH:
// only a responder that has said so is sent a request without (RFC 6023 3).
func firstChild(list []wire.Payload, e *Engine, x *exchange) []wire.Payload {
	sa := x.sa
	if e.cfg.Childless && sa.peerChildless {
		return list
	}
	x.child = e.newChild(sa, x.entry, true)
	e.liveChild(x.child, childAsks)
	return selectorsOffered(append(list, &wire.SA{Proposals: propose.Offer(x.entry.menus(true), spiOctets(x.child.in))}), x)
}

// checkAuthNotify looks for an error. Those that only refuse the child leave
// the IKE SA to come up (RFC 7296 1.2); the others end it.
func checkAuthNotify(e *Engine, x *exchange) answer {
	if r, ok := redirectIn(&e.recording, x.sa, x.in); ok {
		gateway := r.Gateway
		x.init.redirect = &gateway
	}
	n := errorNotify(x.in)
	if n == nil {
		return yes
	}
	_, authenticated := wire.Get[*wire.Auth](x.in)
	if authenticated && refusesChildOnly(n.Kind) {
		x.childFault = newFault(reasonOf(n.Kind), 0, CausePeerRefused)
		x.childFault.Heard = n.Kind
		return yes
	}
	return x.heard(n)
}

func refusesChildOnly(k wire.NotifyType) bool {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN, wire.TS_UNACCEPTABLE, wire.SINGLE_PAIR_REQUIRED, wire.NO_ADDITIONAL_SAS,
		wire.INTERNAL_ADDRESS_FAILURE, wire.FAILED_CP_REQUIRED:
		return true
	}
	return false
}

// withoutChild says whether IKE_AUTH need not make a child: as initiator when we have
// asked for none, as responder when we have said so (RFC 6023 3).
func withoutChild(e *Engine, x *exchange) bool {
	if x.initiator {
		return x.child == nil
	}
	return e.cfg.Childless
}

// processID keeps the peer's identity and its window.
func processID(e *Engine, x *exchange) answer {
	if x.in.Childless() && x.childFault == nil && x.init.redirect == nil && !withoutChild(e, x) {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing) // an initiator says so in a request of its own (RFC 7296 2.21.2)
	}
	for id := range wire.All[*wire.ID](x.in) {
		if id.Initiator != x.initiator {
			x.sa.remoteID, x.sa.besideID = Identity{Kind: id.Kind, Data: bytes.Clone(id.Data)}, id.Reserved
		}
	}
	if x.sa.remoteID.Kind == 0 {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing)
	}
	x.sa.readWindow(x.in)
	tell(&e.recording, PeerIdentified{SA: x.sa.ref(), Initiator: x.initiator, Identity: x.sa.remoteID})
	return yes
}

// readWindow takes SET_WINDOW_SIZE (RFC 7296 2.3).
func (t *traffic) readWindow(m *wire.Message) {
	if n := m.Notify(wire.SET_WINDOW_SIZE); n != nil && len(n.Data) == 4 {
		t.requests.Announced(be32(n.Data))
	}
}

// policyByPeerID picks, as responder, the profile, keys and proposals by the
// peer's identity. The initiator chose them by address and checks that the
// identity is one the profile takes.
func policyByPeerID(e *Engine, x *exchange) answer {
	sa := x.sa
	p := sa.profile
	if p == nil {
		p = e.index.profileFor(sa.vrf, sa.local.Addr(), sa.remoteID, sa.papers.leaf())
	}
	told := ProfileLookup{SA: sa.ref(), Initiator: x.initiator, By: ByIdentity, VRF: sa.vrf, Local: sa.local.Addr(), Identity: sa.remoteID}
	if p != nil {
		told.Profile, told.Found = p.Name, p.in(sa.vrf) && (p.matches(sa.remoteID) || p.takes(sa.papers.leaf()))
	}
	tell(&e.recording, told)
	if !told.Found {
		x.failWith(ReasonNoProfile, wire.AUTHENTICATION_FAILED, CauseNoProfile)
		x.fault.Identity = sa.remoteID
		return fail
	}
	if !x.initiator {
		// A lookup for each direction, as IOS does.
		sa.prover, _ = e.authenticators(sa, p, false)
		_, sa.verifier = e.authenticators(sa, p, true)
		sa.profile, sa.localID = p, p.identity(sa.local.Addr(), sa.prover)
	}
	sa.choose(e.policyFor(sa, p))
	return yes
}

// setEntry takes, as responder, what the profile is used for.
func setEntry(e *Engine, x *exchange) answer {
	x.sa.entry = e.entryFor(x.sa.path(), x.sa.profile.Name)
	x.entry = x.sa.entry
	return yes
}

// verifyPolicy checks that what was negotiated is still allowed: the policy
// may have changed since IKE_SA_INIT.
func verifyPolicy(_ *Engine, x *exchange) answer {
	sa := x.sa
	if sa.choice == x.init.choice {
		return yes
	}
	p := sa.suite.Answer(&wire.Proposal{Number: 1, Protocol: wire.ProtoIKE}, nil)
	if _, _, err := propose.Choose(sa.choice.menus, []wire.Proposal{p}); err != nil {
		return x.mismatched(err, wire.AUTHENTICATION_FAILED)
	}
	return yes
}

// checkAuthType wants from the peer a method that the profile names; no: it is a signature.
func checkAuthType(e *Engine, x *exchange) answer {
	auth, ok := wire.Get[*wire.Auth](x.in)
	p := x.sa.profile
	switch {
	case !ok:
		return x.failWith(ReasonInvalid, wire.AUTHENTICATION_FAILED, CausePayloadMissing)
	case p.SubjectID && p.credential(nil) == nil:
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseNoCertificate)
	case p.AuthLocal == 0 || !p.allows(auth.Method, x.sa.remoteID, x.sa.papers, e.cfg.Signatures):
		return x.failWith(ReasonAuthFailed, wire.AUTHENTICATION_FAILED, CauseNoMethod)
	}
	told := Proving{SA: x.sa.ref(), Step: ProofMethod, Peer: true, Identity: x.sa.remoteID, Method: auth.Method, With: methodWord(auth.Method, x.sa.papers)}
	tell(&e.recording, told)
	if auth.Method != wire.AuthSharedKey {
		return no
	}
	return yes
}

// haveKeys says whether both ends' keys were found.
func haveKeys(e *Engine, x *exchange) answer {
	if sa := x.sa; sa.prover == nil || sa.verifier == nil {
		x.failWith(ReasonNoKey, wire.AUTHENTICATION_FAILED, sa.profile.unproven())
		x.fault.Identity, x.fault.Keyring = sa.remoteID, sa.profile.Keyring
		return fail
	}
	proving(e, x, ProofKey, true)
	return yes
}

// initialContact deletes what the peer has forgotten of SAs with the same
// identity between the same addresses, and asks about others (RFC 7296 2.4).
func initialContact(e *Engine, x *exchange) answer {
	if x.in.Notify(wire.INITIAL_CONTACT) == nil {
		return yes
	}
	for _, old := range slices.Clone(x.sa.peer.sas) {
		if old != x.sa && old.up() && x.forgotten(old) && old.remoteID.equal(x.sa.remoteID) {
			e.emit(InitialContact{SA: x.sa.ref(), Old: old.ref()})
			e.drop(old, saLost, ReasonInitialContact)
		}
	}
	for _, old := range e.doubtful(x) {
		if !old.waits(forLiveness) {
			e.start(old, &exchange{purpose: forLiveness}, EvSendDPD)
		}
	}
	return yes
}

func hasConfigRequest(_ *Engine, x *exchange) answer {
	if cp, ok := wire.Get[*wire.CP](x.in); ok && cp.Kind == wire.CFGRequest && !x.init.away.IsValid() {
		return yes
	}
	return no
}

// wantsConfig gives the peer what it asks for. "If this error is generated within an
// IKE_AUTH exchange, no Child SA will be created." (RFC 7296 3.10.1, of
// INTERNAL_ADDRESS_FAILURE)
func wantsConfig(e *Engine, x *exchange) answer {
	x.sa.wantedConfig = true
	request := payloadOf(x.in, wire.CFGRequest)
	switch {
	case !wellFormed(request):
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseConfiguration)
	case !grant(&e.recording, &e.database, &e.index.pools, x.sa, grantOf(x.sa), request):
		x.childFault = newFault(ReasonNoAddress, wire.INTERNAL_ADDRESS_FAILURE, CauseNoAddress)
	}
	return yes
}

// chooseFirst settles the pair of IKE_AUTH, for a peer for whom none is configured with
// an entry that is made for it.
func chooseFirst(e *Engine, x *exchange) answer {
	if x.childFault != nil || x.init.away.IsValid() {
		return yes
	}
	makeAccess(&e.database, x)
	return chooseChild(e, x)
}

// configReply answers the CFG_REQUEST, if the profile has something to give.
func configReply(e *Engine, x *exchange) answer {
	if request := payloadOf(x.in, wire.CFGRequest); request != nil && grantOf(x.sa) != nil && x.childFault == nil && !x.init.away.IsValid() {
		var tells []netip.Prefix
		if x.entry != nil {
			tells = x.entry.cfg.Tells
		}
		x.init.config = e.cfgReply(request, x.sa.given.Configuration, tells)
	}
	e.tellConfig(x)
	return yes
}

// groupAuthorization tells by which policy the peer gets what it asks for.
func groupAuthorization(e *Engine, x *exchange) answer {
	told := GroupAuthorized{SA: x.sa.ref()}
	if g := grantOf(x.sa); g != nil {
		told.List, told.Policy = g.List, g.Policy
	}
	tell(&e.recording, told)
	return yes
}

// acceptConfig takes what the responder has given.
func acceptConfig(e *Engine, x *exchange) answer {
	sa, reply := x.sa, payloadOf(x.in, wire.CFGReply)
	if reply == nil || !sa.wantedConfig || x.childFault != nil || x.init.redirect != nil {
		return yes
	}
	c, ok := readConfiguration(reply)
	if !ok {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseConfiguration)
	}
	if !x.entry.cfg.Addressed {
		c.Address, c.Netmask = netip.Addr{}, netip.Addr{} // it was not asked for
	}
	if grantOf(sa) == nil || !grantOf(sa).Accept {
		c.Subnets = nil
	}
	sa.given = &given{Configuration: c}
	hold(&e.recording, sa, sa.given, x.entry)
	return yes
}

// sendAuthResponse proves who we are and answers for the child, or says why
// there is none.
func sendAuthResponse(e *Engine, x *exchange) answer {
	payloads := proof(x)
	switch {
	case x.init.away.IsValid(): // "it prevents the creation of a CHILD SA" (RFC 5685 6)
		payloads = append(payloads, redirect(x.init.away, nil))
	case x.childFault != nil:
		payloads = append(payloads, ikeNotify(x.childFault.Sent, x.childFault.data), e.windowNotify())
	case x.child != nil:
		if x.init.config != nil {
			payloads = append(payloads, x.init.config)
		}
		payloads = x.childAnswer(payloads)
		payloads = e.authNotifies(payloads, x.entry)
	default:
		payloads = append(payloads, e.windowNotify())
	}
	payloads = append(payloads, ppkNotifies(x)...)
	e.respond(x, wire.IKE_AUTH, payloads)
	x.init.timeoutAt = noTime
	return yes
}

// childAccepted says whether the response makes a child.
func childAccepted(_ *Engine, x *exchange) answer {
	if x.childFault != nil || x.child == nil || x.init.redirect != nil {
		return no
	}
	return yes
}

// redirectedAuth takes a redirect in the answer to IKE_AUTH, whose AUTH has been verified:
// "When the client receives the IKE_AUTH response with the REDIRECT payload, it SHOULD delete the
// IKEv2 security association with the gateway" (RFC 5685 6).
func redirectedAuth(e *Engine, x *exchange) {
	sa := x.sa
	if x.child != nil {
		x.fault = newFault(ReasonRedirected, 0, CauseNone)
		notMade(e, x)
	}
	if v := heed(hearing{&e.database, &e.recording, e.cfg, e.now}, sa, *x.init.redirect, wire.IKE_AUTH, []*entry{x.entry}); v != RedirectFollowed {
		x.sentAway(v)
		e.failed(x.describe(x.fault))
		e.closeSA(sa, ReasonSentAway)
		e.entryDown(x.entry, sa.remote, ReasonSentAway)
	}
}

// redirectAuth settles whether the client gets a pair or is sent elsewhere.
func redirectAuth(e *Engine, x *exchange) answer {
	x.init.away = awayInAuth(&e.recording, e.cfg, x)
	return yes
}
