package ikev2

import (
	"cmp"
	"crypto/sha256"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/few"
)

// database is what an engine holds: SAs, pairs, the entries they serve and the
// peers they are with, each found by what tells it apart.
type database struct {
	entries  few.Map[string, *entry]
	peers    few.Map[path, *peer]
	sas      few.Map[uint64, *ikeSA]    // by the SPI that we chose
	halves   few.Map[halfKey, *ikeSA]   // responder SAs by the initiator's side
	known    few.Map[idKey, []*ikeSA]   // those that came up, by the peer's identity
	children few.Map[ipsec.SPI, *child] // by the SPI that we receive on
	ids      ids
	sessions int                // with peers, since start
	leases   map[string]*leases // by pool
	accesses ids                // numbers of entries that were made for peers
	moves    []move             // when the call ends
}

// halfKey finds the responder's SA for a retransmitted IKE_SA_INIT request,
// which does not carry our SPI yet: "a robust responder will do the IKE SA lookup using
// the whole packet, its hash, or the Ni payload" (RFC 7296 2.1).
type halfKey struct {
	remote netip.AddrPort
	vrf    int
	hash   requestHash
}

// requestHash is that of an IKE_SA_INIT request, cut short.
type requestHash [16]byte

func hashOf(request []byte) (h requestHash) {
	sum := sha256.Sum256(request)
	copy(h[:], sum[:])
	return h
}

// insert makes an SA known under its SPI, its id and to its peer, whose list stays in
// the order of the ids.
func (d *database) insert(sa *ikeSA) {
	d.number(sa)
	d.sas.Put(sa.localSPI(), sa)
	sa.peer = d.peerAt(sa.path())
	if sa.peer.session == 0 {
		d.sessions++
		sa.peer.session = d.sessions
	}
	sa.session = sa.peer.session
	i, _ := slices.BinarySearchFunc(sa.peer.sas, sa.id, byID)
	sa.peer.sas = slices.Insert(sa.peer.sas, i, sa)
}

// acquaint makes an SA that has come up known under its peer's identity.
func (d *database) acquaint(sa *ikeSA) {
	sa.peer.who = sa.remoteID.key()
	list := d.known.Get(sa.peer.who)
	i, _ := slices.BinarySearchFunc(list, sa.id, byID)
	d.known.Put(sa.peer.who, slices.Insert(list, i, sa))
}

// estrange forgets that it is, if it is.
func (d *database) estrange(sa *ikeSA) {
	who := sa.remoteID.key()
	list := d.known.Get(who)
	i, found := slices.BinarySearchFunc(list, sa.id, byID)
	switch {
	case !found || list[i] != sa:
	case len(list) == 1:
		d.known.Delete(who)
	default:
		d.known.Put(who, slices.Delete(list, i, i+1))
	}
}

// replicas are so many SAs with one identity that it is taken for one which many have: what
// is said of it, RFC 7296 2.4 on INITIAL_CONTACT, is of no use.
const replicas = 8

// elsewhere are the usable SAs between our identity in an SA and another, between other addresses
// of its VRF than its own; none, if many have the identity.
func (d *database) elsewhere(sa *ikeSA, who idKey) (list []*ikeSA) {
	all := d.known.Get(who)
	if len(all) > replicas {
		return nil
	}
	for _, o := range all {
		if o.peer != sa.peer && o.vrf == sa.vrf && o.usable() && o.localID.equal(sa.localID) {
			list = append(list, o)
		}
	}
	return list
}

// number gives an SA its id, and the number of the session with its peer, which is the
// same as long as the peer is wanted: every attempt to reach it belongs to it.
func (d *database) number(sa *ikeSA) {
	if sa.id == 0 {
		sa.id = d.ids.take()
	}
	sa.session = d.sessions + 1 // if it is inserted
	if p := d.peers.Get(sa.path()); p != nil && p.session != 0 {
		sa.session = p.session
	}
}

func (d *database) remove(sa *ikeSA) {
	d.ids.free(sa.id)
	if sa.peer == nil { // it was refused before it was inserted
		return
	}
	d.sas.Delete(sa.localSPI())
	d.halves.Delete(halfKey{sa.began.remote, sa.vrf, sa.requested})
	if i, found := slices.BinarySearchFunc(sa.peer.sas, sa.id, byID); found {
		sa.peer.sas = slices.Delete(sa.peer.sas, i, i+1)
	}
	d.estrange(sa)
	sa.peer.partial = slices.DeleteFunc(sa.peer.partial, func(o *ikeSA) bool { return o == sa })
	d.forget(sa.peer)
}

// sorted lists the SAs by id.
func (d *database) sorted() []*ikeSA {
	list := make([]*ikeSA, 0, d.sas.Len())
	for _, sa := range d.sas.All() {
		list = append(list, sa)
	}
	slices.SortFunc(list, func(a, b *ikeSA) int { return a.id - b.id })
	return list
}

// find looks an SA up by the SPI that is ours and compares the rest.
func (d *database) find(h wire.Header) *ikeSA {
	ours := h.SPIi
	if h.FromInitiator() {
		ours = h.SPIr
	}
	sa := d.sas.Get(ours)
	if sa == nil || sa.initiator == h.FromInitiator() || sa.spiI != h.SPIi || sa.spiR != h.SPIr {
		return nil
	}
	return sa
}

// full says whether there are as many SAs as there may be; 0: any number.
func (d *database) full(most int) bool { return most > 0 && d.sas.Len() >= most }

// peerAt finds the peer of a path, or makes it.
func (d *database) peerAt(at path) *peer {
	p := d.peers.Get(at)
	if p == nil {
		p = &peer{path: at}
		d.peers.Put(at, p)
	}
	return p
}

// forget drops a peer that has nothing any more.
func (d *database) forget(p *peer) {
	if len(p.entries) == 0 && len(p.sas) == 0 {
		d.peers.Delete(p.path)
	}
}

// protects says whether an entry is still wanted.
func (d *database) protects(f *entry) bool { return d.entries.Get(f.cfg.Entry) == f }

func (d *database) negotiating(f *entry) bool {
	return slices.ContainsFunc(d.peers.Get(f.path()).sas, func(sa *ikeSA) bool {
		if sa.dying() || sa.state == saDead {
			return false
		}
		return sa.entry == f && sa.main != nil || sa.wants(f) || sa.main != nil && !sa.initiator
	})
}

// readyFor finds an IKE SA under which a child for the entry can be made. Of
// several entries with one peer, those that come later wait for the SA that the
// first has asked for.
func (d *database) readyFor(f *entry) *ikeSA {
	for _, sa := range d.peers.Get(f.path()).sas {
		coming := f.cfg.Several && sa.initiator && sa.main != nil && !sa.dying() && sa.state == saNegotiating
		if (sa.usable() || coming) && sa.replaces == nil && sa.profile.Name == f.cfg.Profile {
			return sa
		}
	}
	return nil
}

// entryFor is the first entry between two addresses that uses a profile.
func (d *database) entryFor(at path, profile string) *entry {
	p := d.peers.Get(at)
	if p == nil {
		return nil
	}
	i := slices.IndexFunc(p.entries, func(f *entry) bool { return f.cfg.Profile == profile && f.owner == nil })
	if i < 0 {
		return nil
	}
	return p.entries[i]
}

func byID(sa *ikeSA, id int) int { return sa.id - id }

// path is where a peer is: between which addresses of which VRF.
type path struct {
	local, remote netip.Addr
	vrf           int
}

func (f *entry) path() path { return path{f.cfg.Local, f.cfg.Remote, f.cfg.VRF} }

// path of an SA is that of the entries it may serve, wherever its peer has gone since.
func (sa *ikeSA) path() path { return sa.began.path() }

// entry is the run-time side of a ChildPolicy.
type entry struct {
	cfg        *ChildPolicy
	inAuth     []propose.Menu // of its policy, in IKE_AUTH
	children   []*child       // installed pairs
	single     bool           // the peer takes one pair of addresses at a time (RFC 7296 2.9)
	owner      *given         // whose peer it was made for; nil: it is configured
	holds      *given         // what configuration payloads have settled for it; nil: nothing
	proto      uint8          // that its pairs carry between their ends, if it was made; 0: everything
	*redirects                // where it was sent; never nil
}

// peer is what we have with the other end of a path. It exists while it has
// an entry or an SA.
type peer struct {
	path
	entries []*entry  // by order, then by name
	sas     []*ikeSA  // by id
	partial []*ikeSA  // those of them that keep fragments of a message that is not whole
	who     idKey     // has come up there last
	session int       // the how manieth of the peers that SAs were made with
	strayAt time.Time // of the last ESP packet of no SA that something was done about
}

func newEntry(c *ChildPolicy) *entry {
	return &entry{cfg: c, inAuth: espMenus(c, true), redirects: &atHome}
}

// menus are those for a pair in IKE_AUTH, or in CREATE_CHILD_SA.
func (f *entry) menus(inAuth bool) []propose.Menu {
	if inAuth {
		return f.inAuth
	}
	return espMenus(f.cfg, false)
}

func (f *entry) compare(g *entry) int {
	return cmp.Or(cmp.Compare(f.cfg.Order, g.cfg.Order), strings.Compare(f.cfg.Entry, g.cfg.Entry))
}

func (p *peer) list(f *entry) {
	i, _ := slices.BinarySearchFunc(p.entries, f, (*entry).compare)
	p.entries = slices.Insert(p.entries, i, f)
}

func (p *peer) unlist(f *entry) {
	if i, found := slices.BinarySearchFunc(p.entries, f, (*entry).compare); found {
		p.entries = slices.Delete(p.entries, i, i+1)
	}
}

func (f *entry) dropChild(c *child) {
	if i := slices.Index(f.children, c); i >= 0 {
		f.children = slices.Delete(f.children, i, i+1)
	}
}

// obsolete says whether what a queued request was for has gone meanwhile.
func (x *exchange) obsolete() bool {
	switch x.purpose {
	case forChildRekey:
		return x.old.state != childUp || x.old.rekeys.state != noRekey
	case forIKERekey, forLiveness, forNotice:
		return x.sa.state != saReady
	}
	return false
}

// wants says whether a new child for the entry is being made under the SA.
func (t *traffic) wants(f *entry) bool {
	match := func(x *exchange) bool { return x.initiator && x.entry == f }
	return t.any(match) || slices.ContainsFunc(t.queue, func(x *exchange) bool { return match(x) && !x.obsolete() })
}

// EntryState says how far an entry is.
type EntryState uint8

// The states of an entry.
const (
	EntryIsDown EntryState = iota
	EntryNegotiating
	EntryIsUp
)

// gateway is the one by whose address an entry's peer is looked up.
func (f *entry) gateway() netip.Addr {
	if f.home.IsValid() {
		return f.home
	}
	return f.cfg.Remote
}

// move is an entry that goes to another gateway when the call ends: sent there, or back to
// the gateway that it is configured for.
type move struct {
	f    *entry
	to   netip.Addr
	back bool
	sa   *ikeSA // that ends with it; nil: none
}
