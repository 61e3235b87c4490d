package ikev2

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// IKE_SA_INIT (RFC 7296 1.2), both sides.

// ikePort is the port of IKE without NAT traversal.
const ikePort = 500

// initiate begins an IKE SA for a entry, or says why it cannot.
func (e *Engine) initiate(f *entry) {
	local, remote := netip.AddrPortFrom(f.cfg.Local, ikePort), netip.AddrPortFrom(f.cfg.Remote, ikePort)
	p := e.profile(f.cfg.Profile)
	if p == nil {
		e.noteFree(Note{What: NoProfile})
		e.entryDown(f, remote, ReasonNoProfile)
		return
	}
	localKey, peerKey := e.keys(p, remote.Addr(), nil)
	if localKey == nil || peerKey == nil {
		e.noteFree(Note{What: NoKey, Addr: remote.Addr()})
		e.entryDown(f, remote, ReasonNoKey)
		return
	}
	proposals := e.policyFor(local.Addr())
	if len(ikeMenus(proposals)) == 0 {
		e.noteFree(Note{What: NoItemInDatabase})
		e.entryDown(f, remote, ReasonNoPolicy)
		return
	}
	e.stats.OutRequests++
	if e.cfg.MaxSA > 0 && len(e.sas) >= e.cfg.MaxSA {
		e.stats.OutRejected++
		e.noteFree(Note{What: LimitReached})
		e.entryDown(f, remote, ReasonNoResources)
		return
	}
	e.stats.OutAccepted++
	sa := e.newSA(local, remote, true)
	sa.entry, sa.profile, sa.proposals = f, p, proposals
	sa.localKey, sa.peerKey, sa.localID = localKey, peerKey, p.identity(local.Addr())
	sa.spiI = e.newIKESPI()
	e.insert(sa)
	e.noteFree(Note{What: ChoosingProfile, Name: p.Name, A: uint32(sa.id)})
	e.noteFree(Note{What: RequestAdmitted})
	e.count(sa, IncrementOutgoing)
	e.run(e.mainExchange(sa), EvInitSA)
}

// mainExchange is the exchange that makes an SA.
func (e *Engine) mainExchange(sa *ikeSA) *exchange {
	x := &exchange{sa: sa, initiator: sa.initiator, purpose: forInit, entry: sa.entry, init: &initial{startedAt: e.now}}
	sa.main = x
	sa.exchanges = append(sa.exchanges, x)
	return x
}

// newIKESPI draws an SPI that no SA of ours has.
func (e *Engine) newIKESPI() uint64 {
	for {
		spi := binary.BigEndian.Uint64(e.octets(8))
		if spi != 0 && e.sas[spi] == nil {
			return spi
		}
	}
}

func setPolicy(e *Engine, x *exchange) answer {
	e.note(x.sa, SettingPolicies)
	return yes
}

// genDHKey draws the private key and starts the job that computes the public
// one. Without a group in hand it is the first of the first proposal, as we do
// not know the peer yet.
func genDHKey(e *Engine, x *exchange) answer {
	if x.group == ipsec.GroupNone {
		x.group = ikeMenus(x.sa.proposals)[0].group[0]
	}
	private, err := x.group.Draw(e.rand)
	if err != nil {
		return x.failWith(ReasonInvalid, 0, err.Error())
	}
	x.private = private
	e.job(x, publicCost(x.group), EvOKRecdDHPubkey, Job{private: private}, takePublic)
	return yes
}

// genDHSecret starts the job that computes the shared secret.
func genDHSecret(e *Engine, x *exchange) answer {
	e.job(x, secretCost(x.group), EvOKRecdDHSecret, Job{private: x.private, peer: x.peerPublic}, takeSecret)
	return yes
}

// secretArrived looks at the shared secret: a public value outside its group
// ends the exchange (RFC 6989).
func secretArrived(e *Engine, x *exchange) answer {
	e.note(x.sa, ActionNull)
	if x.secretErr != nil {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, x.secretErr.Error())
	}
	return yes
}

func noConfigInInit(e *Engine, x *exchange) answer {
	n := Note{What: NoConfigInInit}
	if x.initiator {
		n.A = 1
	}
	e.noteFree(n)
	e.noteFree(Note{What: NoConfigToSend})
	return yes
}

// sendInitRequest sends the first request. A retry after INVALID_KE_PAYLOAD
// repeats everything but the public value (RFC 7296 2.7).
func sendInitRequest(e *Engine, x *exchange) answer {
	sa := x.sa
	if x.nonceI == nil {
		x.nonceI = e.octets(nonceLen(sa.proposals))
	}
	sa.nonceI = x.nonceI
	m := &wire.Message{Header: sa.header(wire.IKE_SA_INIT, 0, false), Payloads: []wire.Payload{
		&wire.SA{Proposals: offer(ikeMenus(sa.proposals), nil)},
		&wire.KE{Group: uint16(x.group), Data: x.public},
		&wire.Nonce{Data: x.nonceI},
	}}
	m.Payloads = append(m.Payloads, initExtras(sa)...)
	x.init.request = e.sendPlain(sa, m)
	e.await(x, x.init.request)
	return yes
}

// initExtras are the vendor ids and NAT detection of both IKE_SA_INIT messages.
func initExtras(sa *ikeSA) []wire.Payload {
	return []wire.Payload{
		&wire.VendorID{Data: []byte(vendorDeleteReason)},
		&wire.VendorID{Data: []byte(vendorFlexVPN)},
		&wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.NAT_DETECTION_SOURCE_IP, Data: natHash(sa, sa.local)},
		&wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.NAT_DETECTION_DESTINATION_IP, Data: natHash(sa, sa.remote)},
	}
}

// natHash is the SHA-1 of SPIs, address and port (RFC 7296 2.23).
func natHash(sa *ikeSA, at netip.AddrPort) []byte {
	b := binary.BigEndian.AppendUint64(nil, sa.spiI)
	b = binary.BigEndian.AppendUint64(b, sa.spiR)
	b = append(b, at.Addr().AsSlice()...)
	b = binary.BigEndian.AppendUint16(b, at.Port())
	sum := sha1.Sum(b)
	return sum[:]
}

// nonceLen is IOS's 20 octets, or what every acceptable PRF demands: half its
// key (RFC 7296 2.10).
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

func processingInit(e *Engine, x *exchange) answer {
	e.note(x.sa, ProcessingInit)
	return yes
}

// maxBadKE is how often a peer may ask for another group before we give up.
const maxBadKE = 3

// checkInitNotify looks for an error in the response; no: the exchange begins
// again with the group that the peer wants.
func checkInitNotify(e *Engine, x *exchange) answer {
	if n := x.in.Notify(wire.INVALID_KE_PAYLOAD); n != nil {
		x.sa.spiR = 0
		return retryWithGroup(e, x, n, ikeMenus(x.sa.proposals))
	}
	if n := errorNotify(x.in); n != nil {
		e.noteErrorNotify(x.sa, n)
		return x.failWith(reasonOf(n.Kind), 0, "peer answered IKE_SA_INIT with "+n.Kind.String())
	}
	return yes
}

// retryWithGroup takes the peer's group when we offered it and it is not the
// one that we used (RFC 7296 1.2: the rest is an attack or a mistake).
func retryWithGroup(e *Engine, x *exchange, n *wire.Notify, menus []menu) answer {
	if len(n.Data) != 2 {
		return x.failWith(ReasonInvalid, 0, "INVALID_KE_PAYLOAD without a group")
	}
	g := ipsec.Group(binary.BigEndian.Uint16(n.Data))
	e.noteGroups(x.sa, InvalidKEReceived, x.group, g)
	x.badKE++
	if g == x.group || !offersGroup(menus, g) || x.badKE > maxBadKE {
		return x.failWith(ReasonNoProposal, 0, "peer wants group "+g.String())
	}
	x.group = g
	return no
}

func offersGroup(menus []menu, g ipsec.Group) bool {
	for _, m := range menus {
		for _, have := range m.group {
			if have == g {
				return true
			}
		}
	}
	return false
}

// acceptInitResponse checks the peer's choice and keeps its half.
func acceptInitResponse(e *Engine, x *exchange) answer {
	sa := x.sa
	m := x.in
	offered, _ := wire.Get[*wire.SA](m)
	ke, _ := wire.Get[*wire.KE](m)
	nonce, _ := wire.Get[*wire.Nonce](m)
	if offered == nil || ke == nil || nonce == nil || sa.spiR == 0 {
		return x.failWith(ReasonInvalid, 0, "IKE_SA_INIT response without SA, KE, Nonce or SPI")
	}
	s, _, ok := chosen(ikeMenus(sa.proposals), offered.Proposals)
	if !ok || s.group != x.group || ipsec.Group(ke.Group) != x.group {
		e.noMatch(sa, offered, ikeMenus(sa.proposals))
		return x.failWith(ReasonNoProposal, 0, "peer chose what we did not offer")
	}
	sa.suite = s
	x.peerPublic, x.nonceR = bytes.Clone(ke.Data), bytes.Clone(nonce.Data)
	sa.nonceR = x.nonceR
	rememberVendors(sa, m)
	return yes
}

func rememberVendors(sa *ikeSA, m *wire.Message) {
	for _, v := range wire.All[*wire.VendorID](m) {
		if string(v.Data) == vendorDeleteReason {
			sa.peerDeleteReason = true
		}
	}
}

// detectNAT compares the peer's hashes with what we see (RFC 7296 2.23).
func detectNAT(e *Engine, x *exchange) answer {
	sa := x.sa
	var sources, destination int
	sourceMatch, destMatch := false, false
	for _, n := range wire.All[*wire.Notify](x.in) {
		switch n.Kind {
		case wire.NAT_DETECTION_SOURCE_IP:
			sources++
			sourceMatch = sourceMatch || bytes.Equal(n.Data, natHashOf(x.in, sa.remote))
		case wire.NAT_DETECTION_DESTINATION_IP:
			destination++
			destMatch = destMatch || bytes.Equal(n.Data, natHashOf(x.in, sa.local))
		}
	}
	if sources == 0 || destination == 0 {
		return yes
	}
	e.note(sa, NATProcess)
	e.note(sa, NATSource)
	e.note(sa, pickFact(sourceMatch, NATRemoteMatch, NATRemoteMismatch))
	e.note(sa, NATDestination)
	e.note(sa, pickFact(destMatch, NATLocalMatch, NATLocalMismatch))
	sa.nat = !sourceMatch || !destMatch
	if !sa.nat {
		e.note(sa, NATNone)
		return yes
	}
	e.noteFree(Note{SA: sa.ref(), What: NATFound, A: flag(!destMatch), B: flag(!sourceMatch)})
	return yes
}

func pickFact(ok bool, a, b Fact) Fact {
	if ok {
		return a
	}
	return b
}

func flag(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// natHashOf hashes with the SPIs of the message's own header: the initiator's
// first message has no responder SPI yet.
func natHashOf(m *wire.Message, at netip.AddrPort) []byte {
	return natHash(&ikeSA{spiI: m.SPIi, spiR: m.SPIr}, at)
}

// responderPolicy finds the proposals for the address that the peer came to.
func responderPolicy(e *Engine, x *exchange) answer {
	x.sa.proposals = e.policyFor(x.sa.local.Addr())
	if len(ikeMenus(x.sa.proposals)) == 0 {
		e.note(x.sa, NoItemInDatabase)
		return x.failWith(ReasonNoPolicy, wire.NO_PROPOSAL_CHOSEN, "no complete proposal")
	}
	return yes
}

// acceptInitRequest chooses a suite and insists on its group.
func acceptInitRequest(e *Engine, x *exchange) answer {
	m := x.in
	if !acceptOffer(e, x, m, ikeMenus(x.sa.proposals)) {
		return fail
	}
	x.sa.nonceI = x.nonceI
	rememberVendors(x.sa, m)
	return yes
}

// acceptOffer chooses from an offer for an IKE SA, as the first message and as
// the request of a rekey carry it.
func acceptOffer(e *Engine, x *exchange, m *wire.Message, menus []menu) bool {
	offered, _ := wire.Get[*wire.SA](m)
	ke, _ := wire.Get[*wire.KE](m)
	nonce, _ := wire.Get[*wire.Nonce](m)
	if offered == nil || ke == nil || nonce == nil {
		x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, "request without SA, KE or Nonce")
		return false
	}
	s, p, ok := choose(menus, offered.Proposals)
	if !ok {
		e.noMatch(x.sa, offered, menus)
		e.note(x.sa, SendingNoProposal)
		x.failWith(ReasonNoProposal, wire.NO_PROPOSAL_CHOSEN, "no proposal of the peer fits")
		return false
	}
	if ipsec.Group(ke.Group) != s.group {
		e.refuseGroup(x, ipsec.Group(ke.Group), s.group)
		return false
	}
	x.chosen, x.answerTo = s, *p
	x.group, x.peerPublic, x.nonceI = s.group, bytes.Clone(ke.Data), bytes.Clone(nonce.Data)
	return true
}

// refuseGroup answers INVALID_KE_PAYLOAD with the group that we want.
func (e *Engine) refuseGroup(x *exchange, peer, ours ipsec.Group) {
	e.noteGroups(x.sa, InvalidKESent, peer, ours)
	x.failWith(ReasonNoProposal, wire.INVALID_KE_PAYLOAD, "peer used group "+peer.String()+", we want "+ours.String())
	x.fault.data = binary.BigEndian.AppendUint16(nil, uint16(ours))
}

func (e *Engine) noteGroups(sa *ikeSA, what Fact, a, b ipsec.Group) {
	e.noteFree(Note{SA: sa.ref(), What: what, A: uint32(a), B: uint32(b)})
}

func openPKI(e *Engine, x *exchange) answer {
	e.note(x.sa, PKIOpen)
	return yes
}

// responderSKEYID draws our nonce and derives the keys.
func responderSKEYID(e *Engine, x *exchange) answer {
	sa := x.sa
	sa.suite = x.chosen
	x.nonceR = e.octets(max(20, sa.suite.prf.KeyLen()/2))
	sa.nonceR = x.nonceR
	return genSKEYID(e, x)
}

// sendInitResponse answers, and keeps the octets for AUTH and for repetition.
func sendInitResponse(e *Engine, x *exchange) answer {
	sa := x.sa
	m := &wire.Message{Header: sa.header(wire.IKE_SA_INIT, 0, true), Payloads: []wire.Payload{
		&wire.SA{Proposals: []wire.Proposal{sa.suite.answerTo(&x.answerTo, nil)}},
		&wire.KE{Group: uint16(x.group), Data: x.public},
		&wire.Nonce{Data: x.nonceR},
	}}
	m.Payloads = append(m.Payloads, initExtras(sa)...)
	if e.cfg.HTTPURLCert {
		m.Payloads = append(m.Payloads,
			&wire.CertReq{Encoding: wire.CertHashAndURL, Data: rootHashes()},
			&wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.HTTP_CERT_LOOKUP_SUPPORTED})
	}
	x.init.response = e.sendPlain(sa, m)
	return yes
}

func initDone(e *Engine, x *exchange) answer {
	if x.sa.peerDeleteReason {
		e.note(x.sa, DeleteReasonEnabled)
	}
	return yes
}

func isInitiator(_ *Engine, x *exchange) answer {
	if x.initiator {
		return yes
	}
	return no
}

// authTimer is how long a responder keeps a half-open SA.
const authTimer = 30 * time.Second

func startAuthTimer(e *Engine, x *exchange) answer {
	x.init.timeoutAt = e.now.Add(authTimer)
	x.sa.nextRecv = 1
	return yes
}
