package ikev2

import (
	"bytes"
	"slices"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Child SAs: how their parameters are settled, in IKE_AUTH and in
// CREATE_CHILD_SA (RFC 7296 1.2, 1.3, 2.9).

// newChild begins a pair with an inbound SPI of our own.
func (e *Engine) newChild(sa *ikeSA, f *entry, initiator bool) *child {
	if initiator {
		e.stats.Pairs.ByUs++
	} else {
		e.stats.Pairs.ByPeer++
	}
	return &child{sa: sa, entry: f, initiator: initiator, in: e.newESPSPI()}
}

// minESPSPI is the first SPI that is not reserved (RFC 4303 2.1).
const minESPSPI = 256

// newESPSPI draws a free SPI outside the reserved range.
func (e *Engine) newESPSPI() ipsec.SPI {
	for {
		spi := ipsec.SPI(e.drawn(4))
		if spi >= minESPSPI && e.children.Get(spi) == nil {
			return spi
		}
	}
}

// refuseChild notes why there will be no child. In IKE_AUTH the IKE SA lives
// on; in CREATE_CHILD_SA the exchange fails.
func (x *exchange) refuseChild(r Reason, n wire.NotifyType, c Cause) answer {
	f := newFault(r, n, c)
	if x.purpose == forInit {
		x.childFault = f
		return yes
	}
	x.fault = f
	return fail
}

// peerSPI is the SPI of the peer's half: "SPI values in the range 1 through 255
// are reserved", 0 is for local use (RFC 4303 2.1). One that a pair of ours has
// already cannot be told from it.
func peerSPI(sa *ikeSA, p *wire.Proposal) (ipsec.SPI, bool) {
	if len(p.SPI) != 4 {
		return 0, false
	}
	spi := ipsec.SPI(be32(p.SPI))
	return spi, spi >= minESPSPI && sa.childByOut(spi) == nil
}

// maxChildren is how many pairs an IKE SA may have, rekeyed ones that the peer
// does not delete among them.
const maxChildren = 128

// chooseChild settles entry, suite and selectors of a child that the peer asks
// for.
func chooseChild(e *Engine, x *exchange) answer {
	if x.in.Childless() {
		return yes
	}
	offered, ok := wire.Get[*wire.SA](x.in)
	tsi, tsr, ok2 := selectors(x.in)
	if !ok || !x.in.Has(wire.TypeTSi) || !x.in.Has(wire.TypeTSr) {
		return x.refuseChild(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing)
	}
	if !ok2 { // of types that we do not know only
		return x.refuseSelectors(CauseSelectors, tsr, tsi)
	}
	if len(x.sa.children) >= maxChildren {
		return x.refuseChild(ReasonNoResources, wire.NO_ADDITIONAL_SAS, CauseLimit)
	}
	to, cause := settleEntry(e, x, tsr, tsi)
	if cause != CauseNone {
		return x.refuseSelectors(cause, tsr, tsi)
	}
	cfg := x.entry.cfg
	if cfg.PerHost && x.old == nil {
		if to.local, to.remote, ok = onePair(to.local, to.remote); !ok {
			return x.refuseChild(ReasonTSUnacceptable, wire.SINGLE_PAIR_REQUIRED, CauseSinglePair)
		}
	}
	s, p, err := propose.Choose(x.entry.menus(x.purpose == forInit), offered.Proposals)
	if err != nil {
		x.mismatched(err, wire.NO_PROPOSAL_CHOSEN)
		return x.onlyChild()
	}
	out, ok := peerSPI(x.sa, p)
	if !ok {
		return x.refuseChild(ReasonInvalid, wire.INVALID_SYNTAX, CauseBadSPI)
	}
	tellChosen(&e.recording, x, &s, p)
	c := e.newChild(x.sa, x.entry, false)
	if to.Transport && cfg.transport(s.Name) {
		c.mode = to.Mode
	} else if to.Transport && x.entry.fits(tsr, tsi) == CauseNone { // tunnel mode takes the selectors as they came
		to.local, to.remote = tsr, tsi
	} else if to.Transport {
		return x.refuseSelectors(CauseSelectors, tsr, tsi)
	}
	tellMode(&e.recording, x, c.mode, asksTransport(x.in))
	if cfg.requires(s.Name) && !c.mode.Transport {
		return x.refuseChild(ReasonNoProposal, wire.NO_PROPOSAL_CHOSEN, CauseTunnelMode)
	}
	c.out, c.suite, c.mode.Padded = out, s, takesPadding(x.in)
	c.local, c.remote = spd.Intersect(to.local, cfg.Selectors[0]), spd.Intersect(to.remote, cfg.Selectors[1])
	x.child, x.suite, x.answerTo = c, s, *p
	x.more = possible(x, to.local, to.remote)
	return x.takeKE(e, &s)
}

// onlyChild makes a fault that concerns the child only one of the child, when
// the IKE SA is just being made.
func (x *exchange) onlyChild() answer {
	if x.purpose != forInit {
		return fail
	}
	x.childFault, x.fault = x.fault, nil
	return yes
}

// settleEntry finds the entry that a child of the peer is for: "if a transport mode SPD
// entry was found, do normal traffic selection narrowing based on the substituted
// Traffic Selectors", else "undo the Traffic Selector substitutions … (that is, fall back
// to tunnel mode)" (RFC 7296 2.23.1).
func settleEntry(e *Engine, x *exchange, local, remote []spd.Selector) (selection, Cause) {
	if asksTransport(x.in) {
		p := x.sa.seen(local, remote)
		if p.Transport && x.findEntry(e, p.local, p.remote) == CauseNone && x.entry.cfg.allowsTransport() && !crowded(x, p) {
			return p, CauseNone
		}
	}
	x.supersedes = nil
	return selection{local: local, remote: remote}, x.findEntry(e, local, remote)
}

// crowded says whether somebody else behind the same NAT has a pair for the same traffic:
// which of the two a packet is for, nobody could tell. "Implementations MUST handle this
// situation, either by disallowing conflicting connections, or by other means." (RFC 3948
// 5.2)
func crowded(x *exchange, p selection) bool {
	if !x.sa.peerBehind {
		return false
	}
	return slices.ContainsFunc(x.sa.peer.sas, func(sa *ikeSA) bool {
		return !sa.remoteID.equal(x.sa.remoteID) && slices.ContainsFunc(sa.children, func(c *child) bool {
			return c.mode.Transport && spd.Overlap(c.local, p.local) && spd.Overlap(c.remote, p.remote)
		})
	})
}

// findEntry is the entry that a new child is for: the first one with fitting
// selectors that has no pair under this SA, one without any pair before one
// with a pair under another (RFC 4301 4.4.1); one that may have several is not passed
// over. A rekey stays with its entry.
//
// "If the responder's policy allows it to accept the first selector of TSi and
// TSr, then the responder MUST narrow the Traffic Selectors to a subset that
// includes the initiator's first choices." (RFC 7296 2.9): an entry that does goes
// before those that do not.
func (x *exchange) findEntry(e *Engine, local, remote []spd.Selector) Cause {
	if x.old != nil {
		return x.entry.fits(local, remote)
	}
	if entryAmong(e, x, local, remote, local[:1], remote[:1]) == CauseNone {
		return CauseNone
	}
	return entryAmong(e, x, local, remote, nil, nil)
}

// entryAmong is findEntry among the entries that have certain selectors whole.
func entryAmong(e *Engine, x *exchange, local, remote, wholeLocal, wholeRemote []spd.Selector) Cause {
	sa := x.sa
	cause, found := CauseSelectors, (*entry)(nil)
	var lost []*child
	for _, f := range sa.peer.entries {
		if f.cfg.Profile != sa.profile.Name || !f.serves(sa) || f.fits(local, remote) != CauseNone ||
			!within(wholeLocal, f.cfg.Selectors[0]) || !within(wholeRemote, f.cfg.Selectors[1]) {
			continue
		}
		live := f.livesUnder(sa)
		stale := f.stale(e.now, live, local, remote)
		if len(live) > 0 && len(stale) == 0 && !f.cfg.Several {
			if found == nil {
				cause = CauseEntryTaken
			}
			continue
		}
		if found == nil || !found.cfg.Several && len(found.children) > 0 && len(f.children) == 0 {
			found, lost, cause = f, stale, CauseNone
		}
	}
	if found != nil {
		x.entry, x.supersedes = found, lost
	}
	return cause
}

// stale are the pairs of an entry when the peer, who asks for one with the same
// selectors long after they were made, must have lost them. Young ones may have
// crossed its request.
func (f *entry) stale(now time.Time, live []*child, local, remote []spd.Selector) []*child {
	if f.cfg.Several {
		asked := &child{local: spd.Intersect(local, f.cfg.Selectors[0]), remote: spd.Intersect(remote, f.cfg.Selectors[1])}
		live = slices.DeleteFunc(live, func(c *child) bool { return !c.sameTraffic(asked) })
	}
	for _, c := range live {
		if now.Sub(c.made) < holdTime || !within(c.local, local) || !within(c.remote, remote) {
			return nil
		}
	}
	return live
}

// refuseSelectors refuses a child for which there is no entry, or none that is
// free: a tunnel interface has one pair.
func (x *exchange) refuseSelectors(c Cause, local, remote []spd.Selector) answer {
	if c == CauseEntryTaken {
		return x.refuseChild(ReasonNoResources, wire.NO_ADDITIONAL_SAS, c)
	}
	x.failWith(ReasonTSUnacceptable, wire.TS_UNACCEPTABLE, c)
	x.fault.Selectors = [2][]spd.Selector{local, remote}
	return x.onlyChild()
}

// takeKE insists, in CREATE_CHILD_SA, on the group that was chosen.
func (x *exchange) takeKE(e *Engine, s *propose.Suite) answer {
	want := s.Group
	if x.purpose == forInit {
		return yes
	}
	nonce, ok := wire.Get[*wire.Nonce](x.in)
	if !ok {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing)
	}
	x.nonces = keys.Nonces{I: slices.Clone(nonce.Data), R: e.rekeyNonce(x)}
	ke, has := wire.Get[*wire.KE](x.in)
	switch {
	case want == ipsec.GroupNone:
		return yes
	case !has:
		return e.refuseGroup(x, ipsec.GroupNone, want)
	case ipsec.Group(ke.Group) != want:
		return e.refuseGroup(x, ipsec.Group(ke.Group), want)
	}
	x.useGroup(want)
	x.adopt(s)
	x.kes[0].peer = slices.Clone(ke.Data)
	return yes
}

// childAnswer is the SA and TS part of our response, behind what a list has already.
func (x *exchange) childAnswer(list []wire.Payload) []wire.Payload {
	c := x.child
	both := &struct {
		sa     wire.SA
		chosen [1]wire.Proposal
	}{chosen: [1]wire.Proposal{c.suite.Answer(&x.answerTo, spiOctets(c.in))}}
	both.sa.Proposals = both.chosen[:]
	list = append(list, &both.sa, toWire(true, c.remote), toWire(false, c.local))
	list = append(list, transportNotify(c.mode.Transport)...)
	if x.more {
		list = append(list, ikeNotify(wire.ADDITIONAL_TS_POSSIBLE, nil))
	}
	return list
}

// acceptChild checks the peer's answer for the child that we asked for.
func acceptChild(e *Engine, x *exchange) answer {
	offered, ok := wire.Get[*wire.SA](x.in)
	tsi, tsr, ok2 := selectors(x.in)
	if !ok || !ok2 {
		return x.refuseChild(ReasonInvalid, 0, CausePayloadMissing)
	}
	cfg := x.entry.cfg
	s, p, err := propose.Chosen(x.entry.menus(x.purpose == forInit), offered.Proposals)
	if err != nil || s.Group != x.group() && x.purpose != forInit {
		x.mismatched(err, 0)
		return x.onlyChild()
	}
	out, ok := peerSPI(x.sa, p)
	asked, to := askedOf(x), selection{local: tsi, remote: tsr}
	if x.transport && asksTransport(x.in) {
		to = x.sa.seen(tsi, tsr)
	}
	switch {
	case !ok:
		return x.refuseChild(ReasonInvalid, 0, CauseBadSPI)
	case !within(to.local, asked[0]) || !within(to.remote, asked[1]) || !cfg.Several && !(plainly(to.local, asked[0]) && plainly(to.remote, asked[1])):
		x.failWith(ReasonTSUnacceptable, 0, CauseWidened)
		x.fault.Selectors = [2][]spd.Selector{tsi, tsr}
		return x.onlyChild()
	case slices.Contains(x.early, out):
		return x.refuseChild(ReasonPeerDeleted, 0, CauseDeletedEarly)
	}
	tellChosen(&e.recording, x, &s, p)
	x.adopt(&s)
	c := x.child
	tellMode(&e.recording, x, to.Mode, x.transport)
	if c.mode = to.Mode; cfg.requires(s.Name) && !c.mode.Transport {
		return x.refuseChild(ReasonNoProposal, 0, CauseTunnelMode)
	}
	c.out, c.suite, c.mode.Padded = out, s, takesPadding(x.in)
	c.local, c.remote = spd.Intersect(to.local, asked[0]), spd.Intersect(to.remote, asked[1])
	if futile(x) {
		return x.refuseChild(ReasonTSUnacceptable, 0, CauseTwin)
	}
	return yes
}

// futile says whether the pair that the peer agrees to is of no use: "If the responder's
// policy does not allow it to accept the first selector of TSi and TSr, the responder
// narrows to an acceptable subset" (RFC 7296 2.9), which may be what a pair carries
// already. The packet that asked is none of it, and would ask again and again.
func futile(x *exchange) bool {
	c := x.child
	if x.old != nil || !x.packet[0].Start.IsValid() || within(x.packet[:1], c.local) && within(x.packet[1:], c.remote) {
		return false
	}
	return slices.ContainsFunc(x.entry.livesUnder(x.sa), c.sameTraffic)
}

// loadIPsec gives the new pair to IPsec and waits until the keys are loaded; no:
// there is none. The pair can receive from now on: for a responder that is
// the call in which it answers (after RFC 7296 2.8).
func loadIPsec(e *Engine, x *exchange) answer {
	if x.child == nil || x.childFault != nil || x.init != nil && x.init.redirect != nil {
		return no
	}
	if slices.Contains(x.early, x.child.out) {
		return x.refuseChild(ReasonPeerDeleted, 0, CauseDeletedEarly)
	}
	e.installChild(x)
	e.job(x, loadCost, EvOKRecdLoadIPsec, keys.Job{}, func(x *exchange, _ keys.Result) { pairLoaded(e, x) })
	return yes
}

func pairLoaded(e *Engine, x *exchange) {
	c, sa := x.child, x.sa
	tell(&e.recording, PairLoaded{
		SA: sa.ref(), Entry: c.entry.cfg.Entry, In: c.in, Out: c.out, Session: sa.session, Exchange: x.kind, Initiator: x.initiator,
	})
}

// installChild derives the keys and gives the pair to the caller.
func (e *Engine) installChild(x *exchange) {
	c, sa := x.child, x.sa
	c.pfs, c.minNonce = x.group(), x.nonces.Lowest()
	if x.purpose == forInit {
		c.pfs = ipsec.GroupNone
	}
	secret, more := x.secret(), x.moreSecrets()
	if x.purpose == forInit {
		secret, more = nil, nil // they are in SK_d already
	}
	out, in := keys.Child(prf(sa), sa.keys.D(), c.suite.Encr, c.suite.Integ, secret, x.nonces, more...)
	if !x.initiator {
		out, in = in, out
	}
	if old := x.old; old != nil && x.initiator {
		old.own = c
	} else if old != nil {
		old.theirs = c
	}
	e.liveChild(c, childInstalls)
	tellGiven(&e.recording, sa, c.entry)
	e.emit(AddChild{c.installed(x, out, in)})
	if len(c.entry.children) == 1 {
		e.emit(EntryUp{Entry: c.entry.cfg.Entry, Peer: sa.remote, ID: sa.remoteID})
	}
}

// installed is a pair as the caller is told.
func (c *child) installed(x *exchange, out, in keys.Pair) ChildSA {
	sa, cfg := x.sa, c.entry.cfg
	add := ChildSA{
		Entry: cfg.Entry, Exchanged: Exchanged{c.pfs, c.suite.Added()}, Initiator: x.initiator, Expires: c.expireAt, Lifetime: cfg.Lifetime,
		Kilobytes: cfg.Kilobytes, Between: Between{sa.local, sa.remote, sa.vrf}, UDP: sa.translated(), IKE: sa.ref(),
		Encr: c.suite.Encr, Integ: c.suite.Integ, ESN: c.suite.ESN, Mode: c.mode, Local: c.local, Remote: c.remote,
		In: Half{c.in, in.Encr, in.Integ}, Out: Half{c.out, out.Encr, out.Integ},
	}
	if x.old != nil {
		rival := x.old.theirs
		lost := rival != nil && bytes.Compare(c.minNonce, rival.minNonce) < 0
		add.Replaces, add.Standby = x.old.in, !x.initiator || lost
	}
	return add
}
