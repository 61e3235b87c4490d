package ikev2

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// What is to be protected: the entries of the SPD, and the peers that they and
// the IKE SAs have in common. Everything that concerns one peer is found
// through it, so no event costs more where there are more peers.

// entry is the run-time side of a ChildPolicy.
type entry struct {
	cfg      ChildPolicy
	children []*child // installed pairs
}

// path is where a peer is: between which addresses.
type path struct{ local, remote netip.Addr }

// peer is what we have with the other end of a path. It exists while it has
// an entry or an SA.
type peer struct {
	path
	entries []*entry // by name
	sas     []*ikeSA // by id
}

func (f *entry) path() path            { return path{f.cfg.Local, f.cfg.Remote} }
func (sa *ikeSA) path() path           { return path{sa.local.Addr(), sa.remote.Addr()} }
func byName(f *entry, name string) int { return strings.Compare(f.cfg.Entry, name) }

// peerAt finds the peer of a path, or makes it.
func (e *Engine) peerAt(at path) *peer {
	p := e.peers[at]
	if p == nil {
		p = &peer{path: at}
		e.peers[at] = p
	}
	return p
}

// forget drops a peer that has nothing any more.
func (e *Engine) forget(p *peer) {
	if len(p.entries) == 0 && len(p.sas) == 0 {
		delete(e.peers, p.path)
	}
}

// Protect adds an entry or changes its demand. SAs keep what they negotiated;
// those of an entry that points elsewhere now are deleted.
func (e *Engine) Protect(now time.Time, c ChildPolicy) Effects {
	e.begin(now)
	f := e.entries[c.Entry]
	if f != nil && f.cfg.sameEnds(&c) {
		f.cfg = c
		return e.end()
	}
	if f != nil {
		e.unprotect(f)
	}
	f = &entry{cfg: c}
	e.entries[c.Entry] = f
	p := e.peerAt(f.path())
	i, _ := slices.BinarySearchFunc(p.entries, c.Entry, byName)
	p.entries = slices.Insert(p.entries, i, f)
	return e.end()
}

// sameEnds says whether SAs of the one demand serve the other.
func (c *ChildPolicy) sameEnds(d *ChildPolicy) bool {
	return c.Local == d.Local && c.Remote == d.Remote && c.Profile == d.Profile
}

// Unprotect removes an entry. Its pairs go, and an IKE SA that was for it only.
func (e *Engine) Unprotect(now time.Time, name string) Effects {
	e.begin(now)
	if f := e.entries[name]; f != nil {
		e.unprotect(f)
	}
	return e.end()
}

func (e *Engine) unprotect(f *entry) {
	delete(e.entries, f.cfg.Entry)
	p := e.peers[f.path()]
	if i, found := slices.BinarySearchFunc(p.entries, f.cfg.Entry, byName); found {
		p.entries = slices.Delete(p.entries, i, i+1)
	}
	for _, sa := range slices.Clone(p.sas) {
		if sa.onlyFor(f) {
			e.closeSA(sa, ReasonConfigChanged)
		}
	}
	e.deletePairs(f, ReasonConfigChanged)
	e.forget(p)
}

// deletePairs deletes the pairs of an entry, one request for each IKE SA.
func (e *Engine) deletePairs(f *entry, r Reason) {
	for _, sa := range slices.Clone(e.peerAt(f.path()).sas) {
		of := slices.DeleteFunc(slices.Clone(sa.children), func(c *child) bool { return c.entry != f })
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

// protects says whether an entry is still wanted.
func (e *Engine) protects(f *entry) bool { return e.entries[f.cfg.Entry] == f }

func (f *entry) dropChild(c *child) {
	if i := slices.Index(f.children, c); i >= 0 {
		f.children = slices.Delete(f.children, i, i+1)
	}
}

// EntryState says how far an entry is.
type EntryState uint8

// The states of an entry.
const (
	EntryIsDown EntryState = iota
	EntryNegotiating
	EntryIsUp
)

// EntryState is the state of an entry; a half-open SA that the entry's peer
// began counts as negotiating.
func (e *Engine) EntryState(name string) EntryState {
	f := e.entries[name]
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

func (e *Engine) negotiating(f *entry) bool {
	return slices.ContainsFunc(e.peers[f.path()].sas, func(sa *ikeSA) bool {
		if sa.dying() || sa.state == saDead {
			return false
		}
		return sa.entry == f && sa.main != nil || sa.wants(f) || sa.main != nil && !sa.initiator
	})
}

// wants says whether a new child for the entry is being made under the SA.
func (sa *ikeSA) wants(f *entry) bool {
	match := func(x *exchange) bool { return x.initiator && x.entry == f }
	return sa.any(match) || slices.ContainsFunc(sa.queue, func(x *exchange) bool { return match(x) && !x.obsolete() })
}

// Acquire asks for SAs for an entry. Nothing happens when they are up or being
// negotiated, whoever began.
func (e *Engine) Acquire(now time.Time, name string) Effects {
	e.begin(now)
	f := e.entries[name]
	if f == nil || len(f.children) > 0 || f.cfg.ResponderOnly {
		return e.end()
	}
	if e.negotiating(f) {
		e.emit(AlreadyNegotiating{Entry: name})
		return e.end()
	}
	if sa := e.readyFor(f); sa != nil {
		e.start(sa, &exchange{purpose: forChild, making: making{entry: f}}, EvInitCreateChild)
		return e.end()
	}
	e.initiate(f)
	return e.end()
}

// readyFor finds an IKE SA under which a child for the entry can be made.
func (e *Engine) readyFor(f *entry) *ikeSA {
	for _, sa := range e.peers[f.path()].sas {
		if sa.usable() && sa.replaces == nil && sa.profile.Name == f.cfg.Profile {
			return sa
		}
	}
	return nil
}

// entryFor is the first entry between two addresses that uses a profile.
func (e *Engine) entryFor(at path, profile string) *entry {
	p := e.peers[at]
	if p == nil {
		return nil
	}
	i := slices.IndexFunc(p.entries, func(f *entry) bool { return f.cfg.Profile == profile })
	if i < 0 {
		return nil
	}
	return p.entries[i]
}
