package verdict

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/why"
)

// How long a network is tried, in virtual time.
const (
	comesUp   = 2 * time.Minute
	settles   = 10 * time.Second
	tries     = 5 // echoes, before the tunnel is judged and then to judge it
	day       = 25 * time.Hour
	dayStep   = time.Minute     // between two echoes of a day
	forced    = 8 * time.Minute // with short lifetimes
	forcedAge = "120"           // seconds, the shortest lifetime that IOS takes
	forcedGap = time.Second     // between two echoes then
)

// pair is a tunnel with both ends in the network. An end that is made for the other one is b.
type pair struct {
	a, b    *end
	flows   []flow   // one of each family that it carries
	other   []string // families that are led into it, and that it is not for
	missing []OneWay
}

// pairs are the tunnels that lead from one to another.
func (p *Plan) pairs() (list []*pair) {
	for _, e := range p.ends() {
		if e.peer == nil || e.made || slices.ContainsFunc(list, func(o *pair) bool { return o.b == e }) {
			continue
		}
		o := &pair{a: e, b: e.peer}
		if !o.b.made {
			o.find()
		}
		list = append(list, o)
	}
	return list
}

// find finds out what the tunnel is for.
func (o *pair) find() {
	o.flows, o.other, o.missing = nil, nil, nil
	for _, f := range flowsOf(o.a) {
		if f.carried(o.a) {
			o.flows = append(o.flows, f)
		} else {
			o.other = append(o.other, family(f.to))
		}
	}
	for _, e := range []*end{o.a, o.b} {
		for _, n := range e.unanswered() {
			o.missing = append(o.missing, OneWay{e.site.name, n, e.peer.site.name})
		}
	}
}

// run is one run of the network.
type run struct {
	*lab.Lab
	witness *why.Witness
	seen    map[*end]*seen
	peers   map[ikeSA]netip.Addr
}

// ikeSA is an IKE SA of a router, and peers says who is at its other end.
type ikeSA struct {
	router string
	id     int
}

// seen is what was recorded of an end.
type seen struct {
	entry   string    // of the SPD, that its first pair was for
	upAt    time.Time // its first pair
	pairs   int       // that are there
	renewed int       // pairs that took the place of others
	ike     int       // IKE SAs that did
	flaps   int
	begun   [2]int // rekeys, by kind
	sa      ikev2.SAInfo
}

// start builds the lab and lets it begin.
func (p *Plan) start(t *topologies.Topology) (*run, error) {
	l, err := lab.Build(t, lab.Options{Seed: p.options.Seed})
	if err != nil {
		return nil, err
	}
	r := &run{Lab: l, witness: why.Watch(l), seen: map[*end]*seen{}, peers: map[ikeSA]netip.Addr{}}
	for _, e := range p.ends() {
		r.seen[e] = &seen{}
	}
	l.Stream.Listen(r.hear)
	return r, nil
}

// hear takes what is recorded.
func (r *run) hear(rec record.Record) {
	switch b := rec.Body.(type) {
	case crypto.Installed:
		r.each(rec.Node, b.Entry, b.Remote, func(s *seen) {
			if s.pairs++; s.upAt.IsZero() {
				s.upAt, s.entry = rec.At, b.Entry
			}
			if b.Replaces != 0 {
				s.renewed++
			}
		})
	case crypto.Removed:
		r.each(rec.Node, b.Entry, b.Remote, func(s *seen) { s.pairs-- })
	case ikev2.EntryDown:
		if b.WasUp {
			r.each(rec.Node, b.Entry, b.Peer.Addr(), func(s *seen) { s.flaps++ })
		}
	case ikev2.SAUp:
		r.peers[ikeSA{rec.Node, b.SA.ID}] = b.Info.Remote.Addr()
		r.each(rec.Node, "", b.Info.Remote.Addr(), func(s *seen) {
			if s.sa = b.Info; b.Rekeys != 0 {
				s.ike++
			}
		})
	case ikev2.Rekeying:
		kind := ofChild
		if b.In == 0 {
			kind = ofIKE
		}
		r.each(rec.Node, b.Entry, r.peers[ikeSA{rec.Node, b.SA.ID}], func(s *seen) { s.begun[kind]++ })
	}
}

// each gives a router's ends to do: those of an entry of its SPD, and of a peer.
func (r *run) each(node, entry string, remote netip.Addr, do func(*seen)) {
	for e, s := range r.seen {
		if e.site.name == node && (entry == "" || e.has(entry)) && (!remote.IsValid() || e.remote == remote) {
			do(s)
		}
	}
}

// has says whether an entry of the SPD is the end's.
func (e *end) has(entry string) bool {
	if e.made {
		return strings.HasPrefix(entry, string(iosconfig.VirtualAccess))
	}
	return entry == e.name || e.entry != nil && strings.HasPrefix(entry, e.name+" line ") && strings.HasSuffix(entry, fmt.Sprintf(" peer %v", e.remote))
}

// up says whether both ends have a pair, and their interfaces are up.
func (r *run) up(p *pair) bool {
	for _, e := range []*end{p.a, p.b} {
		if r.seen[e].pairs == 0 || e.entry == nil && !r.Router(e.site.name).TunnelUp(r.interfaceOf(e)) {
			return false
		}
	}
	return true
}

// begin lets the network come up: with packets, as crypto maps want.
func (r *run) begin(pairs []*pair) {
	r.Sim.Run(r.Sim.Now().Add(settles))
	for _, p := range pairs {
		for _, f := range p.flows {
			ping(r.Router(p.a.site.name), f, tries, &Echoes{})
		}
	}
	allUp := func() bool {
		return !slices.ContainsFunc(pairs, func(p *pair) bool { return !r.up(p) })
	}
	r.Sim.RunUntil(allUp, r.Sim.Now().Add(comesUp))
	r.Sim.Run(r.Sim.Now().Add(settles))
	r.learn(pairs)
}

// learn finds out what tunnels to hubs carry, now that they are up.
func (r *run) learn(pairs []*pair) {
	for _, o := range pairs {
		if !o.b.made {
			continue
		}
		for _, e := range []*end{o.a, o.b} {
			e.live = &live{r.Router(e.site.name), r.interfaceOf(e)}
		}
		o.find()
	}
}

// interfaceOf is the interface of an end; "": it is to be made.
func (r *run) interfaceOf(e *end) string {
	if e.made {
		return r.seen[e].entry
	}
	return e.name
}

// echo sends echoes through all tunnels at once.
func (r *run) echo(pairs []*pair, repeat int, take func(*pair) *Echoes) {
	for _, p := range pairs {
		if len(p.flows) == 0 {
			continue
		}
		e := take(p)
		for _, f := range p.flows {
			ping(r.Router(p.a.site.name), f, repeat, e.of(f))
		}
	}
}

// keepUp sends an echo through all tunnels again and again.
func (r *run) keepUp(pairs []*pair, total, gap time.Duration, take func(*pair) *Echoes) {
	for end := r.Sim.Now().Add(total); r.Sim.Now().Before(end); {
		r.echo(pairs, 1, take)
		r.Sim.Run(r.Sim.Now().Add(gap))
	}
	r.Sim.Run(r.Sim.Now().Add(echoTimeout))
}

// Try tries the network; nil: nothing in it leads to another router.
func (p *Plan) Try() (*Report, error) {
	pairs := p.pairs()
	report := p.newReport(pairs)
	switch {
	case len(pairs) == 0 && len(report.Loose) == 0:
		return nil, nil
	case len(pairs) == 0:
		return report, nil
	}
	r, err := p.start(p.Topology)
	if err != nil {
		return nil, err
	}
	r.begin(pairs)
	byPair := map[*pair]*Tunnel{}
	for i, o := range pairs {
		byPair[o] = &report.Tunnels[i]
		byPair[o].judge(r, o)
	}
	r.echo(pairs, tries, func(o *pair) *Echoes { return byPair[o].traffic() })
	r.Sim.Run(r.Sim.Now().Add(settles))
	for _, o := range pairs {
		if t := byPair[o]; !t.Up || t.Traffic == nil || t.Traffic.lost() > 0 {
			t.explain(r, o.a, p.options.Lang)
		}
	}
	r.keepUp(pairs, day, dayStep, func(o *pair) *Echoes { return &byPair[o].Day.Echoes })
	for _, o := range pairs {
		byPair[o].Day.count(r, o)
	}
	for _, group := range p.apart(pairs) {
		for kind := range kinds {
			if err := p.force(group, rekeyKind(kind), pairs, byPair); err != nil {
				return nil, err
			}
		}
	}
	for i := range report.Tunnels {
		report.Tunnels[i].conclude()
	}
	return report, nil
}

// apart groups the routers so that no tunnel joins two of a group: they can make their
// rekeys in one run.
func (p *Plan) apart(pairs []*pair) (groups [][]*site) {
	joined := func(a, b *site) bool {
		return slices.ContainsFunc(pairs, func(o *pair) bool { return o.a.site == a && o.b.site == b || o.a.site == b && o.b.site == a })
	}
	for _, s := range p.sites {
		fits := func(group []*site) bool {
			return !slices.ContainsFunc(group, func(o *site) bool { return joined(s, o) })
		}
		if at := slices.IndexFunc(groups, fits); at >= 0 {
			groups[at] = append(groups[at], s)
		} else {
			groups = append(groups, []*site{s})
		}
	}
	return groups
}

// force tries the network while routers make all rekeys of a kind that no tunnel joins.
func (p *Plan) force(who []*site, kind rekeyKind, pairs []*pair, report map[*pair]*Tunnel) error {
	results, by := map[*pair]*Rekey{}, map[*pair]*end{}
	var tried []*pair
	for _, o := range pairs {
		e := o.a
		if !slices.Contains(who, e.site) {
			e = o.b
		}
		if !slices.Contains(who, e.site) || !report[o].Up {
			continue
		}
		tried = append(tried, o)
		results[o], by[o] = &Rekey{By: e.site.name, Kind: kinds[kind]}, e
	}
	if len(tried) == 0 {
		return nil
	}
	r, err := p.start(p.hastened(who, kind))
	if err != nil {
		return err
	}
	r.begin(tried)
	r.keepUp(tried, forced, forcedGap, func(o *pair) *Echoes { return &results[o].Echoes })
	for _, o := range tried {
		results[o].judge(r, by[o], kind)
		report[o].Rekeys = append(report[o].Rekeys, *results[o])
		if !results[o].Works && len(report[o].Why) == 0 {
			report[o].explain(r, by[o].told(), p.options.Lang)
		}
	}
	return nil
}
