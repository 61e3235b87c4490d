package ikev2

import (
	"net/netip"
	"strconv"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/few"
	"ikelab/ipsec/spd"
)

// What a peer is given for the life of an IKE SA and of those that take over from it: an
// address, and an entry that is made for it.

// given is that.
type given struct {
	Configuration
	pool   string // that the address is of; "": none of ours
	entry  *entry // made for the peer; nil: none was
	number int    // in the name of the entry
	told   bool   // the caller knows of the entry
	held   *entry // that was told of the configuration
}

// grant gives what a peer asks for that may have it; false: there is no address for it.
func grant(r *recording, d *database, pools *few.Map[string, *Pool], sa *ikeSA, g *Grant, request *wire.CP) bool {
	if g == nil {
		return true
	}
	sa.given = &given{Configuration: Configuration{DNS: g.DNS, NBNS: g.NBNS, Domain: g.Domain}}
	value, asked := asks(request, wire.INTERNAL_IP4_ADDRESS)
	if g.Pool == "" || !asked {
		return true
	}
	wanted, _ := netip.AddrFromSlice(value)
	a, ok := d.leasesOf(g.Pool).take(pools.Get(g.Pool), wanted)
	if !ok {
		r.emit(AddressRefused{SA: sa.ref(), Pool: g.Pool})
		return false
	}
	sa.given.pool, sa.given.Address, sa.given.Netmask = g.Pool, a, g.Netmask
	r.emit(AddressLeased{SA: sa.ref(), Pool: g.Pool, Address: a})
	return true
}

// makeAccess makes an entry for a peer for whom none is configured, if its profile says
// of what.
func makeAccess(d *database, x *exchange) {
	sa := x.sa
	t := sa.profile.Template
	if t == nil || t.Policy.VRF != sa.vrf || d.entryFor(sa.path(), sa.profile.Name) != nil {
		return
	}
	if sa.given == nil {
		sa.given = &given{}
	}
	g := sa.given
	g.number = d.accesses.take()
	cfg := t.Policy
	cfg.Entry, cfg.Profile = t.Prefix+strconv.Itoa(g.number), sa.profile.Name
	cfg.Local, cfg.Remote, cfg.ResponderOnly = sa.path().local, sa.path().remote, true
	proto := t.Proto
	if tsi, _, ok := selectors(x.in); t.Auto && ok {
		proto = tsi[0].Proto
	}
	if cfg.Hosts = proto != 0; cfg.Hosts {
		cfg.Selectors = [2][]spd.Selector{between(cfg.Local, proto), between(cfg.Remote, proto)}
	}
	g.entry = newEntry(&cfg)
	g.entry.owner, g.entry.proto = g, proto
	d.entries.Put(cfg.Entry, g.entry)
	d.peerAt(g.entry.path()).list(g.entry)
}

// between are the selectors of a protocol of one address.
func between(a netip.Addr, proto uint8) []spd.Selector {
	return []spd.Selector{{Proto: proto, EndPort: lastPort, Start: a, End: a}}
}

// serves says whether an entry is for an SA: one that was made for another peer is not.
func (f *entry) serves(sa *ikeSA) bool {
	return f.owner == nil || f.owner == givenNow(sa)
}

// givenNow is what an SA has been given, or what it is about to take over.
func givenNow(sa *ikeSA) *given {
	if sa.given == nil && sa.replaces != nil {
		return sa.replaces.given
	}
	return sa.given
}

// tellGiven tells the caller of an entry that was made, when its first pair comes, and of what
// configuration payloads have settled.
func tellGiven(r *recording, sa *ikeSA, f *entry) {
	g := givenNow(sa)
	if g == nil {
		return
	}
	if g.entry == f && !g.told {
		g.told = true
		c := f.cfg
		r.emit(MakeAccess{Entry: c.Entry, Template: sa.profile.Template.Name, Profile: c.Profile, Local: c.Local, Remote: c.Remote, Proto: f.proto})
	}
	if g.held == nil {
		hold(r, sa, g, f)
	}
}

// hold tells of a configuration that an entry has from now on.
func hold(r *recording, sa *ikeSA, g *given, f *entry) {
	g.held, f.holds = f, g
	r.emit(Configured{SA: sa.ref(), Entry: f.cfg.Entry, Initiator: sa.initiator, Configuration: g.Configuration})
}

// withdraw ends what configuration payloads have settled, and the entry that was made for the
// peer: nothing goes by an SA that is to go, and nothing is to be led there.
func withdraw(r *recording, d *database, g *given) {
	if f := g.held; f != nil && f.holds == g {
		f.holds = nil
		if now := d.entries.Get(f.cfg.Entry); now == nil || now.holds == nil { // else another has been told meanwhile
			r.emit(Unconfigured{Entry: f.cfg.Entry})
		}
	}
	f := g.entry
	g.held, g.entry = nil, nil
	if f == nil {
		return
	}
	if d.protects(f) {
		d.entries.Delete(f.cfg.Entry)
		d.peerAt(f.path()).unlist(f)
	}
	d.accesses.free(g.number)
	if g.told {
		r.emit(DropAccess{Entry: f.cfg.Entry})
	}
}

// release takes back what was given, when no SA has it any more.
func release(r *recording, d *database, sa *ikeSA) {
	g := sa.given
	if g == nil {
		return
	}
	sa.given = nil
	withdraw(r, d, g)
	if g.pool != "" {
		d.leasesOf(g.pool).release(g.Address)
		r.emit(AddressLeased{SA: sa.ref(), Pool: g.pool, Address: g.Address, Back: true})
	}
}
