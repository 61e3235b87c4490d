package ikev2

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// IKE_SA_INIT (RFC 7296 1.2), both sides.

// ikePort is the port of IKE without NAT traversal.
const ikePort = 500

// initiate begins an IKE SA for a entry, or says why it cannot; then there is none.
func (e *Engine) initiate(f *entry, packet [2]spd.Selector) *ikeSA {
	local, remote := netip.AddrPortFrom(f.cfg.Local, ikePort), netip.AddrPortFrom(f.cfg.Remote, ikePort)
	p := e.profile(f.cfg.Profile)
	if p == nil || !p.in(f.cfg.VRF) {
		tell(&e.recording, ProfileLookup{Initiator: true, By: ByName, Entry: f.cfg.Entry, VRF: f.cfg.VRF, Profile: f.cfg.Profile})
		e.cannot(f, remote, ReasonNoProfile, CauseNoProfile)
		return nil
	}
	sa := e.newSA(ends{local, remote, f.cfg.VRF}, true)
	sa.papers, sa.entry, sa.home = papersFor(e.index, p), f, f.gateway()
	sa.redirects = e.cfg.MaxRedirects > 0 && f.cfg.Follows
	sa.prover, sa.verifier = e.authenticators(sa, p, false)
	if sa.prover == nil || sa.verifier == nil {
		e.cannot(f, remote, ReasonNoKey, p.unproven())
		return nil
	}
	sa.choose(e.policyFor(sa, nil))
	if !sa.choice.usable() {
		e.cannot(f, remote, ReasonNoPolicy, CauseNoProposal)
		return nil
	}
	e.stats.OutRequests++
	if e.full(e.cfg.MaxSA) || e.stats.Outgoing.Negotiating >= e.cfg.maxOutgoing() {
		e.stats.OutRejected++
		tell(&e.recording, e.rejected(true))
		e.cannot(f, remote, ReasonNoResources, CauseLimit)
		return nil
	}
	e.stats.OutAccepted++
	sa.profile, sa.localID = p, p.identity(local.Addr(), sa.prover)
	sa.forced, sa.ppk = p.ForceEncap, e.index.ppkFor(sa, p)
	sa.spiI = e.newIKESPI()
	e.insert(sa)
	tell(&e.recording, ProfileLookup{
		SA: sa.ref(), Initiator: true, By: ByName, Entry: f.cfg.Entry, VRF: f.cfg.VRF, Local: local.Addr(), Profile: p.Name, Found: true,
	})
	e.count(sa)
	e.mainExchange(sa).packet = packet
	e.run(sa.main, EvInitSA)
	return sa
}

// mainExchange is the exchange that makes an SA.
func (e *Engine) mainExchange(sa *ikeSA) *exchange {
	both := &struct { // they come and go together
		x    exchange
		init initial
	}{
		exchange{sa: sa, initiator: sa.initiator, purpose: forInit, kind: wire.IKE_SA_INIT, making: making{entry: sa.entry}},
		initial{startedAt: e.now},
	}
	x := &both.x
	x.init = &both.init
	sa.main = x
	sa.exchanges = append(sa.exchanges, x)
	return x
}

// newIKESPI draws an SPI that no SA of ours has.
func (e *Engine) newIKESPI() uint64 {
	for {
		spi := e.drawn(8)
		if spi != 0 && e.sas.Get(spi) == nil {
			return spi
		}
	}
}

// insertSA makes the peer's SA known.
func insertSA(e *Engine, x *exchange) answer {
	e.halves.Put(halfKey{x.sa.remote, x.sa.vrf, x.sa.requested}, x.sa)
	e.insert(x.sa)
	return yes
}

// setOffer settles the group of an offer: the first of the first proposal, as we
// do not know yet what the peer likes.
func setOffer(_ *Engine, x *exchange) answer {
	x.useGroup(x.menus[0].Group[0])
	return yes
}

// setChosen gives the SA to be what was chosen from the peer's offer.
func setChosen(_ *Engine, x *exchange) answer {
	sa := x.sa
	if x.next != nil {
		sa = x.next
	}
	sa.suite = x.suite
	return yes
}

// sendInitRequest sends the first request. A retry after INVALID_KE_PAYLOAD
// repeats everything but the public value (RFC 7296 2.7), one after COOKIE
// everything behind the cookie (2.6).
func sendInitRequest(e *Engine, x *exchange) answer {
	sa := x.sa
	if x.nonces.I == nil {
		x.nonces.I = e.octets(nonceLen(sa.choice.proposals))
	}
	m := initMessage(x, propose.Offer(x.menus, nil), x.nonces.I)
	m.SPIr = 0
	m.Payloads = append(initExtras(m.Payloads, e, sa), redirectNotifies(sa)...)
	if x.request == nil {
		x.request = sa.requests.Begin()
	}
	x.init.request = e.sendPlain(sa, m)
	x.request.Sent(e.now, window.Message{x.init.request}, retransmitWaits)
	return yes
}

// nonceLen is IOS's 20 octets, or what every acceptable PRF demands: half its key. "the
// nonce has to be long enough for all the PRFs being proposed" (RFC 7296 2.10): IOS does
// not heed that, which offers SHA-512 among others with 20 octets, and neither do we.
func nonceLen(proposals []*Proposal) int {
	need := 0
	for _, p := range proposals {
		for _, prf := range p.PRF {
			if half := prf.KeyLen() / 2; need == 0 || half < need {
				need = half
			}
		}
	}
	return max(20, need)
}

// maxBadKE is how often a peer may ask for another group before we give up.
const maxBadKE = 3

// checkInitNotify judges what an unprotected response reports; no: the exchange
// goes on with the group, or behind the cookie, that the peer wants. Nobody has
// proved to be the peer yet, so an error is a hint: we keep trying, and when we
// give up the hint is the reason (RFC 7296 2.21.1).
func checkInitNotify(e *Engine, x *exchange) answer {
	if x.init.wantsCookie(x.in) {
		tell(&e.recording, CookieWanted{x.ref()})
		return no
	}
	if n := x.in.Notify(wire.INVALID_KE_PAYLOAD); n != nil {
		a := x.hinted(e, retryWithGroup(e, x, n, x.menus))
		if a == no {
			x.request.Recall() // it would come due while the new public value is computed
		}
		return a
	}
	if n := errorNotify(x.in); n != nil {
		return x.hinted(e, x.heard(n))
	}
	return yes
}

// hinted makes of a failure in an unprotected message a hint.
func (x *exchange) hinted(e *Engine, a answer) answer {
	if a == fail {
		x.init.hint, x.fault = x.fault, nil
		e.emit(Hint{Failure: x.describe(x.init.hint)})
	}
	return a
}

// retryWithGroup takes the peer's group when we offered it and it is not the
// one that we used (RFC 7296 1.2: the rest is an attack or a mistake).
func retryWithGroup(e *Engine, x *exchange, n *wire.Notify, menus []propose.Menu) answer {
	if len(n.Data) != 2 {
		return x.failWith(ReasonInvalid, 0, CausePayloadMissing)
	}
	g := ipsec.Group(binary.BigEndian.Uint16(n.Data))
	e.emit(GroupRefused{SA: x.sa.ref(), Initiator: true, Used: x.group(), Wanted: g})
	x.badKE++
	if g == x.group() || !propose.Offers(menus, g) || x.badKE > maxBadKE {
		x.heard(n)
		x.fault.Groups = [2]ipsec.Group{x.group(), g}
		return fail
	}
	x.useGroup(g)
	return no
}

// verifyInitResponse: what is not whole is not from our peer, and passed over.
func verifyInitResponse(e *Engine, x *exchange) answer {
	if !makesSA(x.in) || x.in.SPIr == 0 {
		return x.hinted(e, x.failWith(ReasonInvalid, 0, CausePayloadMissing))
	}
	if x.sa.lacksPPK(x.in) {
		return x.hinted(e, x.failWith(ReasonAuthFailed, 0, CauseNoPPK))
	}
	return yes
}

func verifyInitRequest(_ *Engine, x *exchange) answer {
	if !makesSA(x.in) {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing)
	}
	return yes
}

// acceptInitResponse checks the peer's choice and keeps its half. What does not
// fit is passed over, too.
func acceptInitResponse(e *Engine, x *exchange) answer {
	sa, m := x.sa, x.in
	offered, _ := wire.Get[*wire.SA](m)
	ke, _ := wire.Get[*wire.KE](m)
	nonce, _ := wire.Get[*wire.Nonce](m)
	s, p, err := propose.Chosen(x.menus, offered.Proposals)
	if err != nil || s.Group != x.group() || ipsec.Group(ke.Group) != x.group() {
		return x.hinted(e, x.mismatched(err, 0))
	}
	if s.AddsKE() && m.Notify(wire.INTERMEDIATE_EXCHANGE_SUPPORTED) == nil {
		return x.hinted(e, x.failWith(ReasonInvalid, 0, CausePayloadMissing))
	}
	sa.spiR, sa.suite = m.SPIr, s
	x.adopt(&s)
	tellChosen(&e.recording, x, &s, p)
	x.kes[0].peer, x.nonces.R = ke.Data, bytes.Clone(nonce.Data)
	sa.nonces = x.nonces
	x.init.response = x.init.arrived
	x.request = nil
	sa.requests.Take(0)
	rememberVendors(sa, m)
	return yes
}

// useMenus has an SA made of what its policy has now.
func useMenus(x *exchange) { x.menus, x.init.choice = x.sa.choice.menus, x.sa.choice }

// initiatorPolicy makes an offer of the proposals, without which there would be
// no SA.
func initiatorPolicy(_ *Engine, x *exchange) answer {
	useMenus(x)
	return yes
}

// responderPolicy finds the proposals for the address that the peer came to.
func responderPolicy(e *Engine, x *exchange) answer {
	x.sa.choose(e.policyFor(x.sa, nil))
	if useMenus(x); len(x.menus) == 0 {
		return x.failWith(ReasonNoPolicy, wire.NO_PROPOSAL_CHOSEN, CauseNoProposal)
	}
	return yes
}

// acceptInitRequest chooses a suite and insists on its group.
func acceptInitRequest(e *Engine, x *exchange) answer {
	if !acceptOffer(e, x) {
		return fail
	}
	rememberVendors(x.sa, x.in)
	return yes
}

// offered are the proposals that count of a peer's: "If the IKE_INTERMEDIATE exchange is not
// negotiated, then the peers MUST treat any ADDKE Transform Types in the IKE_SA_INIT exchange
// messages as unknown transform types and skip the proposals they appear in." (RFC 9370 2.2.1)
func offered(m *wire.Message) []wire.Proposal {
	sa, _ := wire.Get[*wire.SA](m)
	if m.Exchange == wire.IKE_SA_INIT && m.Notify(wire.INTERMEDIATE_EXCHANGE_SUPPORTED) == nil {
		return propose.WithoutAddKE(sa.Proposals)
	}
	return sa.Proposals
}

// acceptOffer chooses from an offer for an IKE SA, as the first message and as
// the request of a rekey carry it.
func acceptOffer(e *Engine, x *exchange) bool {
	ke, _ := wire.Get[*wire.KE](x.in)
	nonce, _ := wire.Get[*wire.Nonce](x.in)
	s, p, err := propose.Choose(x.menus, offered(x.in))
	if err != nil {
		x.mismatched(err, wire.NO_PROPOSAL_CHOSEN)
		return false
	}
	if ipsec.Group(ke.Group) != s.Group {
		e.refuseGroup(x, ipsec.Group(ke.Group), s.Group)
		return false
	}
	tellChosen(&e.recording, x, &s, p)
	x.suite, x.answerTo = s, *p
	x.useGroup(s.Group)
	x.adopt(&s)
	x.kes[0].peer, x.nonces.I = ke.Data, bytes.Clone(nonce.Data)
	return true
}

// refuseGroup answers INVALID_KE_PAYLOAD with the group that we want.
func (e *Engine) refuseGroup(x *exchange, peer, ours ipsec.Group) answer {
	e.emit(GroupRefused{SA: x.sa.ref(), Used: peer, Wanted: ours})
	x.failWith(ReasonNoProposal, wire.INVALID_KE_PAYLOAD, CauseGroup)
	x.fault.Groups = [2]ipsec.Group{ours, peer}
	x.fault.data = binary.BigEndian.AppendUint16(nil, uint16(ours))
	return fail
}

// responderSKEYID draws our nonce and derives the keys.
func responderSKEYID(e *Engine, x *exchange) answer {
	sa := x.sa
	x.nonces.R = e.octets(max(20, sa.suite.PRF.KeyLen()/2))
	sa.nonces = x.nonces
	return genSKEYID(e, x)
}

// sendInitResponse answers, and keeps the octets for AUTH and for repetition.
func sendInitResponse(e *Engine, x *exchange) answer {
	sa := x.sa
	m := initMessage(x, []wire.Proposal{sa.suite.Answer(&x.answerTo, nil)}, x.nonces.R)
	m.Payloads = initExtras(m.Payloads, e, sa)
	switch {
	case len(e.index.authorities()) > 0:
		m.Payloads = append(m.Payloads, &wire.CertReq{Encoding: certX509, Data: e.index.authorities()})
	case e.cfg.HTTPURLCert:
		m.Payloads = append(m.Payloads, byURL, looksUpCerts)
	}
	if e.cfg.Childless {
		m.Payloads = append(m.Payloads, ikeNotify(wire.CHILDLESS_IKEV2_SUPPORTED, nil))
	}
	x.init.response = e.sendPlain(sa, m)
	return yes
}

// initDone goes over to IKE_AUTH; no: as initiator to IKE_INTERMEDIATE before it.
func initDone(e *Engine, x *exchange) answer {
	x.kind = wire.IKE_AUTH
	if x.nextKE() {
		x.kind = wire.IKE_INTERMEDIATE
		tell(&e.recording, ExtensionAgreed{SA: x.sa.ref(), Notify: wire.INTERMEDIATE_EXCHANGE_SUPPORTED})
	}
	if x.sa.peerDeleteReason {
		tell(&e.recording, ExtensionAgreed{SA: x.sa.ref(), VendorID: vendorDeleteReason})
	}
	if x.sa.fragments.agreed {
		tell(&e.recording, ExtensionAgreed{SA: x.sa.ref(), Notify: wire.IKEV2_FRAGMENTATION_SUPPORTED})
	}
	if x.sa.peerChildless && e.cfg.Childless {
		tell(&e.recording, ExtensionAgreed{SA: x.sa.ref(), Notify: wire.CHILDLESS_IKEV2_SUPPORTED})
	}
	if x.sa.peerCan && e.index.offersPPK(x.sa) {
		tell(&e.recording, ExtensionAgreed{SA: x.sa.ref(), Notify: wire.USE_PPK})
	}
	if x.initiator && x.turn > 0 {
		return no
	}
	return yes
}

func isInitiator(_ *Engine, x *exchange) answer {
	if x.initiator {
		return yes
	}
	return no
}

// notRedirected says whether an answer to IKE_SA_INIT is another than a redirect, or would be
// to who has not asked for one.
func notRedirected(_ *Engine, x *exchange) answer {
	if x.sa.redirects && x.in.Notify(wire.REDIRECT) != nil {
		return no
	}
	return yes
}

// redirectedInit takes a redirect in an answer to IKE_SA_INIT. "If the values do not match, the
// client MUST silently discard the response (and keep waiting for another response)." (RFC 5685
// 3, of the nonces) As nobody has proved to be the gateway, one that we do not follow is a hint.
func redirectedInit(e *Engine, x *exchange) answer {
	r, ok := redirectIn(&e.recording, x.sa, x.in)
	if !ok {
		return fail
	}
	if v := heed(hearing{&e.database, &e.recording, e.cfg, e.now}, x.sa, r.Gateway, wire.IKE_SA_INIT, []*entry{x.entry}); v != RedirectFollowed {
		return x.hinted(e, x.sentAway(v))
	}
	x.fault = newFault(ReasonRedirected, 0, CauseNone)
	return yes
}
