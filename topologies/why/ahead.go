package why

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/operator"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
)

// What will go wrong with a tunnel that is up. What somebody has typed since its SAs came up
// they have not met yet: whether both configurations still fit is tried, from power-on, in a
// network of their own.

// ahead says what will go wrong, where that is not a claim already.
func ahead(e *end, known []Claim) []Claim {
	list := pfsAhead(e, known)
	if e.peer == nil || e.alone || e.w.trial || pairs(e) == 0 || !met(e.peer).there() {
		return list
	}
	typed := typedSince(e)
	if len(typed) == 0 {
		return list
	}
	for _, c := range tried(e) {
		when, broken := breaks[c.Key]
		same := func(o Claim) bool { return o.Key == c.Key }
		keyless := c.Say.Key == "why.certificate.own" // no key is in a configuration
		if !broken || keyless || slices.ContainsFunc(known, same) || slices.ContainsFunc(list, same) {
			continue
		}
		c.Evidence = typed
		c.Say = phrase.Of("why.ahead.trial", "when", phrase.Of(when), "what", c.Say)
		list = append(list, c)
	}
	return list
}

// breaks are the causes that end what is up, by when they do.
var breaks = map[string]string{
	"ike.proposal": "why.ahead.when.ike", "child.proposal": "why.ahead.when.child", "child.selectors": "why.ahead.when.child", "child.mode": "why.ahead.when.child",
	"map.lists": "why.ahead.when.child", "auth.key": "why.ahead.when.anew", "auth.keyring": "why.ahead.when.anew", "auth.profile": "why.ahead.when.anew",
	"auth.identity": "why.ahead.when.anew", "auth.method": "why.ahead.when.anew", "auth.ppk": "why.ahead.when.anew",
	"auth.certificate": "why.ahead.when.anew",
}

// typedSince are the lines that were typed at both ends since the pair is up, as far as they are
// remembered.
func typedSince(e *end) (list []Evidence) {
	up, _ := e.field("crypto ipsec sa", flowsOf(e)+"|#.up_since|@flatten|0")
	since := e.w.lab.Sim.Now().Add(-e.since(up))
	for _, o := range []*end{e, e.peer} {
		for _, f := range lately(e.w, o.name(), since, func(operator.LineEntered) bool { return true }) {
			if list = append(list, seen(f)); len(list) == mostTyped {
				return list
			}
		}
	}
	return list
}

const (
	mostTyped = 6                // lines that are shown
	mostNodes = 40               // of a lab that is tried
	trialTime = 90 * time.Second // until all that can come up has
)

// tried are the causes for which the tunnel would not come up now.
func tried(e *end) []Claim {
	t := e.w.try()
	if t == nil {
		return nil
	}
	if e.entry == nil && cloned(e.port()) { // which may be another client's there
		e = e.peer
	}
	if e.entry != nil {
		t.send(e)
	}
	name := e.port()
	if e.entry != nil {
		name += " " + itoa(e.entry.Sequence)
	}
	v, err := t.explain(e.name(), name, false)
	if err != nil || v.State == Well {
		return nil
	}
	return v.Claims
}

// try builds the network, unless it is there; nil: it is one that cannot be tried.
func (w *Witness) try() *Witness {
	edits, now := 0, w.lab.Sim.Now()
	for _, j := range w.nodes {
		edits += j.edits
	}
	if w.last.Witness != nil && w.last.at == now && w.last.edits == edits {
		return w.last.Witness
	}
	if w.lab.Topology.External() || len(w.lab.Topology.Nodes) > mostNodes {
		return nil
	}
	t := *w.lab.Topology
	t.Nodes = nil
	for _, n := range w.lab.Topology.Nodes {
		other := *n
		other.StartupDelay = 0
		if r := w.router(n.Name); r != nil && r.Powered() {
			other.Config, other.ConfigLine, other.ConfigColumn = topologies.Uncertified(strings.Join(w.newEnd(r).text, "\n")+"\n", n.Image), 1, 1
		}
		t.Nodes = append(t.Nodes, &other)
	}
	l, err := lab.Build(&t, lab.Options{Seed: uint64(w.lab.Sim.Seed())}) // whose authorities have the same keys
	if err != nil {
		return nil
	}
	w.carriers(l)
	w.last = trial{now, edits, Watch(l)}
	w.last.trial = true
	l.Sim.Run(t.Clock.Add(trialTime))
	return w.last.Witness
}

// carriers gives each port of a network that is tried which has a cable here, whatever that
// leads to, one of its own: the network behind a router must be there.
func (w *Witness) carriers(l *lab.Lab) {
	for _, d := range l.Sim.Devices() {
		for _, p := range d.Ports() {
			if here := w.lab.Sim.Port(p.Name()); p.Link() == nil && here != nil && here.Link() != nil {
				_, _ = l.Sim.Segment("behind " + p.Name()).Connect(p) // both are free
			}
		}
	}
}

// send has a packet that the entry of a crypto map protects leave its router.
func (w *Witness) send(e *end) {
	from, to := inside(e), inside(e.peer)
	if !from.IsValid() || !to.IsValid() {
		return
	}
	r := w.router(e.name())
	s := r.Shell().Open(shell.Options{Out: func(string) {}, Privileged: true})
	r.Enter(s, "ping "+to.String()+" source "+from.String())
	w.lab.Sim.Run(w.lab.Sim.Now().Add(trialTime))
}

// inside is an address of the router whose packets the entry's list protects.
func inside(e *end) netip.Addr {
	if e.entry == nil {
		return netip.Addr{}
	}
	for _, line := range permits(e.cfg.Access.Get(e.entry.Match)) {
		for _, p := range networks(e) {
			if overlap(line.From, iosconfig.AccessNet{Address: p.Addr(), Wildcard: netip.AddrFrom4([4]byte{})}) {
				return p.Addr()
			}
		}
	}
	return netip.Addr{}
}

// pfsAhead says that a rekey of the pair will go wrong for its group, where that is not a claim already.
func pfsAhead(e *end, known []Claim) []Claim {
	if e.peer == nil || e.protection() == nil || met(e.peer).protection() == nil {
		return nil
	}
	p, q := e.protection(), met(e.peer).protection()
	if samePFS(p, q) || p.PFS != 0 && q.PFS == 0 && e.entry == nil && e.profile().ResponderOnly {
		return nil
	}
	for _, c := range known {
		if c.Key == "child.pfs" {
			return nil
		}
	}
	c := Claim{Key: "child.pfs", RFC: "RFC 7296 section 1.3.1"}
	for _, o := range []*end{e, met(e.peer)} {
		c.Lines = append(c.Lines, o.lines(o.protectionHead(), "", "set pfs")...)
	}
	without := e
	if p.PFS != 0 {
		without = e.peer
	}
	c.Say = phrase.Of("why.ahead.pfs", "node", without.name(), "peer", without.peer.name())
	if p.PFS != 0 && q.PFS != 0 {
		c.Say = phrase.Of("why.ahead.groups", "node", e.name(), "peer", e.peer.name())
	}
	mendPFS(e, &c)
	return []Claim{c}
}
