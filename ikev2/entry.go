package ikev2

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// What is to be protected: the entries of the SPD, and the peers that they and
// the IKE SAs have in common. Everything that concerns one peer is found
// through it, so no event costs more where there are more peers.

// Protect adds an entry or changes its demand. SAs keep what they negotiated;
// those of an entry that points elsewhere now are deleted. The demand is kept, and must not change.
func (e *Engine) Protect(now time.Time, c *ChildPolicy) Effects {
	e.begin(now)
	f := e.entries.Get(c.Entry)
	if f != nil && !f.cfg.sameEnds(c) {
		e.forgetRedirects(f)
		unprotect(e, f, ReasonConfigChanged)
		f = nil
	}
	if f == nil && c.Made {
		return e.end()
	}
	if f == nil {
		f = newEntry(c)
		e.entries.Put(c.Entry, f)
		e.peerAt(f.path()).list(f)
		return e.end()
	}
	before := f.cfg
	p := e.peers.Get(f.path())
	p.unlist(f)
	f.cfg, f.inAuth = c, espMenus(c, true)
	p.list(f)
	if !c.sameTraffic(before) {
		e.deletePairs(f, func(k *child) bool { return !c.keeps(k) }, ReasonConfigChanged)
	}
	return e.end()
}

// sameEnds says whether IKE SAs of the one demand serve the other.
func (c *ChildPolicy) sameEnds(d *ChildPolicy) bool {
	return c.Local == d.Local && c.Remote == d.Remote && c.VRF == d.VRF && c.Profile == d.Profile
}

func (c *ChildPolicy) sameTraffic(d *ChildPolicy) bool {
	return c.Hosts == d.Hosts && c.Several == d.Several && slices.Equal(c.Selectors[0], d.Selectors[0]) && slices.Equal(c.Selectors[1], d.Selectors[1])
}

// keeps says whether a pair that was made for other selectors serves these.
func (c *ChildPolicy) keeps(k *child) bool {
	return c.Several && within(k.local, c.Selectors[0]) && within(k.remote, c.Selectors[1])
}

// Unprotect removes an entry. Its pairs go, and an IKE SA that was for it only.
func (e *Engine) Unprotect(now time.Time, name string) Effects {
	e.begin(now)
	if f := e.entries.Get(name); f != nil {
		e.forgetRedirects(f)
		unprotect(e, f, ReasonConfigChanged)
	}
	return e.end()
}

func unprotect(e *Engine, f *entry, r Reason) {
	e.entries.Delete(f.cfg.Entry)
	p := e.peers.Get(f.path())
	p.unlist(f)
	for _, sa := range slices.Clone(p.sas) {
		if sa.onlyFor(f) || len(p.entries) == 0 {
			e.closeSA(sa, r)
		}
	}
	e.deletePairs(f, func(*child) bool { return true }, r)
	e.forget(p)
}

// deletePairs deletes pairs of an entry, one request for each IKE SA.
func (e *Engine) deletePairs(f *entry, which func(*child) bool, r Reason) {
	for _, sa := range slices.Clone(e.peerAt(f.path()).sas) {
		of := slices.DeleteFunc(slices.Clone(sa.children), func(c *child) bool { return c.entry != f || !which(c) })
		e.deleteChildren(sa, of, r)
	}
}

// onlyFor says whether an SA serves nothing but one entry.
func (sa *ikeSA) onlyFor(f *entry) bool {
	if len(sa.children) == 0 {
		return sa.entry == f
	}
	return !slices.ContainsFunc(sa.children, func(c *child) bool { return c.entry != f })
}

// EntryState is the state of an entry; a half-open SA that the entry's peer
// began counts as negotiating.
func (e *Engine) EntryState(name string) EntryState {
	f := e.entries.Get(name)
	switch {
	case f == nil:
		return EntryIsDown
	case len(f.children) > 0:
		return EntryIsUp
	case e.negotiating(f):
		return EntryNegotiating
	}
	return EntryIsDown
}

// Acquire asks for SAs for an entry. Nothing happens when they are up or being
// negotiated, whoever began; an entry that may have several pairs gets one more.
// packet are the selectors of the packet that asks, this end's and the other's;
// zero: none does.
func (e *Engine) Acquire(now time.Time, name string, packet [2]spd.Selector) Effects {
	e.begin(now)
	f := e.entries.Get(name)
	if f == nil || len(f.children) > 0 && !f.cfg.Several || f.cfg.ResponderOnly {
		return e.end()
	}
	ask(e, f, packet)
	return e.end()
}

// ask begins what brings an entry a pair, unless that has begun.
func ask(e *Engine, f *entry, packet [2]spd.Selector) {
	if e.negotiating(f) {
		e.emit(AlreadyNegotiating{Entry: f.cfg.Entry})
	} else if sa := e.readyFor(f); sa != nil {
		e.start(sa, &exchange{purpose: forChild, making: making{entry: f, packet: packet}}, EvInitCreateChild)
	} else {
		e.initiate(f, packet)
	}
}

// fits says whether the selectors that the peer wants overlap an entry's.
func (f *entry) fits(local, remote []spd.Selector) Cause {
	if !spd.Overlap(local, f.cfg.Selectors[0]) || !spd.Overlap(remote, f.cfg.Selectors[1]) {
		return CauseSelectors
	}
	return CauseNone
}

// livesUnder lists the pairs that an entry has under an IKE SA and that are not
// about to go.
func (f *entry) livesUnder(sa *ikeSA) []*child {
	var list []*child
	for _, c := range f.children {
		if c.sa == sa && c.state == childUp {
			list = append(list, c)
		}
	}
	return list
}

// Stray is an ESP packet from a peer of ours under an SPI that we do not have. We
// tell the peer under an IKE SA, or ask for one, which tells it as well: "if the
// receiving node has an active IKE SA to the IP address from whence the packet
// came, it MAY send an INVALID_SPI notification of the wayward packet over that IKE
// SA in an INFORMATIONAL exchange" (RFC 7296 1.5).
func (e *Engine) Stray(now time.Time, vrf int, local, remote netip.Addr, spi ipsec.SPI) Effects {
	e.begin(now)
	p := e.peers.Get(path{local, remote, vrf})
	switch {
	case p == nil || p.answerLost(e, spi):
	case e.cfg.SPIRecovery && now.Sub(p.strayAt) >= strayPause:
		p.strayAt = now
		e.emit(Strayed{VRF: vrf, Local: local, Remote: remote, SPI: spi})
		recoverSPI(e, p, spi)
	}
	return e.end()
}

// answerLost looks for a request of ours that the packet shows to have been answered,
// and sends it again, once: who hears ESP on an SA that it waits to be answered for has
// to take the answer for lost (RFC 7296 2.8).
func (p *peer) answerLost(e *Engine, spi ipsec.SPI) bool {
	for _, sa := range p.sas {
		for _, x := range sa.exchanges {
			if x.sent() && x.child != nil && x.child.in == spi {
				if !x.hurried {
					x.hurried = true
					e.send(sa, x.request.Message())
				}
				return true
			}
		}
	}
	return false
}

// tellWayward tells a peer of a message under SPIs that nobody has: "A node receiving a
// suspicious message from an IP address (and port, if NAT traversal is used) with which it
// has an IKE SA SHOULD send an IKE Notify payload in an IKE INFORMATIONAL exchange over
// that SA." (RFC 7296 2.21.4) As with ESP it is a command that says so.
func tellWayward(e *Engine, d Datagram) {
	at := d.ends()
	p := e.peers.Get(at.path())
	if p == nil || !e.cfg.SPIRecovery || e.now.Sub(p.strayAt) < strayPause {
		return
	}
	for _, sa := range p.sas {
		if sa.usable() && sa.remote == d.Remote {
			p.strayAt = e.now
			e.start(sa, &exchange{purpose: forNotice, notice: ikeNotify(wire.INVALID_IKE_SPI, nil)}, EvSendInfo)
			return
		}
	}
}

// strayPause is how long nothing more is done about packets from a peer.
const strayPause = 10 * time.Second

func recoverSPI(e *Engine, p *peer, spi ipsec.SPI) {
	for _, sa := range p.sas {
		if sa.usable() {
			n := &wire.Notify{Kind: wire.INVALID_SPI, Data: spiOctets(spi)}
			e.start(sa, &exchange{purpose: forNotice, notice: n}, EvSendInfo)
			return
		}
	}
	for _, f := range p.entries {
		if len(f.children) == 0 && !f.cfg.ResponderOnly && !e.negotiating(f) {
			e.initiate(f, noPacket)
			return
		}
	}
}

// Strayed is an ESP packet of no SA, of which the peer is told (RFC 7296 1.5).
type Strayed struct {
	VRF           int
	Local, Remote netip.Addr
	SPI           ipsec.SPI
}

// Kind names the body in the stream.
func (Strayed) Kind() string { return "ike.strayed" }

// relocate lets the entries go that are to go elsewhere: their SAs end, and those with another
// gateway begin.
func relocate(e *Engine) {
	for len(e.moves) > 0 {
		list := e.moves
		e.moves = nil
		var sent []*entry
		for _, m := range list {
			if !e.protects(m.f) || m.back && (len(m.f.children) > 0 || e.negotiating(m.f) || e.readyFor(m.f) != nil) {
				continue
			}
			if f := goTo(e, m); !m.back {
				sent = append(sent, f)
			}
		}
		for _, m := range list {
			if m.sa != nil {
				e.closeSA(m.sa, ReasonRedirected)
			}
		}
		for _, f := range sent {
			ask(e, f, noPacket)
		}
	}
}

// goTo gives an entry another gateway: nothing else of it changes. Selectors that are its ends
// have the other address.
func goTo(e *Engine, m move) *entry {
	cfg := *m.f.cfg
	f := newEntry(&cfg)
	if m.back {
		f.redirects = &redirects{at: m.f.at}
	} else {
		f.redirects = &redirects{home: m.f.gateway(), from: f.cfg.Remote, at: append(m.f.at, e.now)}
	}
	e.emit(Redirected{Entry: f.cfg.Entry, From: f.cfg.Remote, To: m.to, Back: m.back})
	if f.cfg.Remote = m.to; f.cfg.Hosts {
		f.cfg.Selectors[1] = slices.Clone(f.cfg.Selectors[1])
		for i := range f.cfg.Selectors[1] {
			f.cfg.Selectors[1][i].Start, f.cfg.Selectors[1][i].End = m.to, m.to
		}
	}
	unprotect(e, m.f, ReasonRedirected)
	e.entries.Put(f.cfg.Entry, f)
	e.peerAt(f.path()).list(f)
	return f
}

// Redirect sends the clients of SAs that are up to another gateway; whoever cannot be redirected
// stays.
func Redirect(e *Engine, now time.Time, to netip.Addr, match func(SAInfo) bool) Effects {
	e.begin(now)
	for _, sa := range e.sorted() {
		if !sa.usable() || !sa.redirects || sa.asked.IsZero() || to == sa.local.Addr() || !match(sa.info()) {
			continue
		}
		e.emit(RedirectSent{SA: sa.ref(), Peer: sa.remote, To: to, Exchange: wire.INFORMATIONAL})
		e.start(sa, &exchange{purpose: forNotice, notice: redirect(to, nil)}, EvSendInfo)
		awaitDelete(&e.agenda, e.now, sa)
	}
	return e.end()
}
