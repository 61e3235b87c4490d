package swarm

import (
	"cmp"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/router/shell"
	"ikelab/topologies/fault"
	"ikelab/topologies/lab"
)

// schedule has the plan's faults begin and end at their instants.
func (r *run) schedule() {
	for i := range r.plan.Faults {
		f := &r.plan.Faults[i]
		begin := r.start.Add(f.At)
		r.lab.Sim.At(begin, func(now time.Time) {
			if undo := r.befall(f); undo != nil {
				r.report.Faults[f.Kind]++
				r.lab.Sim.At(now.Add(f.For), func(time.Time) { undo() })
			}
		})
	}
}

// befall has a fault begin and returns what ends it; nil: it could not be.
func (r *run) befall(f *Fault) (undo func()) {
	node := r.lab.Router(nameOf(f.Router))
	port := r.lab.Sim.Port(nameOf(f.Router) + ":" + r.plan.tunnel(f.Tunnel).port())
	switch f.Kind {
	case LinkDown:
		port.Link().SetUp(false)
		return func() { port.Link().SetUp(true) }
	case Partition:
		var names []string
		for _, n := range f.Apart {
			names = append(names, nameOf(n))
		}
		r.wire.Part(names...)
		return func() { r.wire.Part() }
	case Crash:
		return r.crash(node, f.For)
	case Reload:
		return r.reload(node, f.Lines)
	case Clear, Clock, Save:
		return r.typed(node, f)
	case Revoke:
		return revoke(r, node, f)
	case Edit, Move:
		return r.edited(f)
	case Rebind:
		return rebound(r.lab, r.plan.tunnel(f.Tunnel), f.How)
	case Packet:
		s := &fault.Fault{What: f.Packet.What, Match: fault.Match{Port: port.Name(), Fragment: f.Packet.Fragment}, Nth: f.Packet.Nth, Times: f.Packet.Times, By: f.Packet.By}
		r.wire.Begin(s)
		return func() { s.End(r.wire) }
	}
	return r.impair(port, f)
}

// impair has both directions of a link suffer, until it is again what it was built
// as.
func (r *run) impair(port *netsim.Port, f *Fault) (undo func()) {
	set := func(i netsim.Impairments) {
		for _, p := range []*netsim.Port{port, port.Far()} {
			if err := p.SetImpairments(i); err != nil {
				r.violated(Accepted, err.Error())
			}
		}
	}
	set(f.Impair)
	usual := netsim.Impairments{}
	if t := r.plan.tunnel(f.Tunnel); !t.Shared {
		usual.Delay = t.Delay
	}
	return func() { set(usual) }
}

// rebound has a NAT gateway lose what it has mapped, or be elsewhere for a while.
func rebound(l *lab.Lab, t *Tunnel, how string) (undo func()) {
	n := l.Station(t.nat())
	switch how {
	case flush:
		n.Flush()
	case address:
		n.Rebind(t.public(3))
		return func() { n.Rebind(t.public(1)) }
	default:
		n.Rebind(t.public(1))
	}
	return func() {}
}

// crash takes a router's power; it has it again when the fault ends.
func (r *run) crash(node *lab.Router, off time.Duration) (undo func()) {
	if !node.Device.Started() {
		return nil
	}
	node.Device.PowerOff()
	forget(r, node.Name())
	node.Device.StartAt(r.lab.Sim.Now().Add(off))
	return func() {}
}

// forget forgets what a router held that has lost its memory.
func forget(r *run, node string) {
	r.couples.lost(node)
	r.spans.lost(node)
	r.judge.lost(node)
	r.grants.lost(node)
}

// reload is typed and confirmed; what was edited is saved, if the answer is yes.
func (r *run) reload(node *lab.Router, answer []string) (undo func()) {
	if !node.Device.Started() {
		return nil
	}
	s := node.Shell().Open(shell.Options{Privileged: true})
	node.Enter(s, "reload")
	for strings.Contains(s.Pending(), "[yes/no]") || strings.Contains(s.Pending(), "[confirm]") {
		reply := ""
		if strings.Contains(s.Pending(), "[yes/no]") {
			reply = cmp.Or(strings.Join(answer, ""), "no")
		}
		if reply == "yes" {
			r.opened.saved(node.Name())
		}
		node.Enter(s, reply)
	}
	s.Close()
	forget(r, node.Name())
	return func() {}
}

// typed types the lines of a fault.
func (r *run) typed(node *lab.Router, f *Fault) (undo func()) {
	if !node.Device.Started() {
		return nil
	}
	r.enter(node, f.Lines)
	if f.Kind == Save {
		r.opened.saved(node.Name())
	}
	return func() {}
}

// edited has all routers of a fault edit their configuration at once. Where the
// fault ends but the router is off, or has saved what was edited, it is undone
// when the network heals.
func (r *run) edited(f *Fault) (undo func()) {
	all := append([]Typing{{f.Router, f.Lines, f.Undo, f.Opens}}, f.Also...)
	port := r.plan.tunnel(f.Tunnel).port()
	for _, t := range all {
		if t.Opens {
			r.opened.begin(door{nameOf(t.Router), port})
		}
		r.configure(r.lab.Router(nameOf(t.Router)), t.Lines)
	}
	r.edits = append(r.edits, all...)
	return func() {
		revert(r, all)
		for _, t := range all {
			if t.Opens {
				r.opened.end(door{nameOf(t.Router), port}, r.lab.Sim.Now())
			}
		}
	}
}

func revert(r *run, list []Typing) {
	for _, t := range list {
		r.configure(r.lab.Router(nameOf(t.Router)), t.Undo)
	}
}

func (r *run) configure(node *lab.Router, lines []string) {
	all := append([]string{"configure terminal"}, lines...)
	r.enter(node, append(all, "end"))
}

// enter types lines at a terminal, if the router is on.
func (r *run) enter(node *lab.Router, lines []string) {
	if !node.Device.Started() {
		return
	}
	s := node.Shell().Open(shell.Options{Privileged: true})
	for _, line := range lines {
		node.Enter(s, line)
		if s.Refused() {
			r.violated(Accepted, node.Name()+" refuses "+line)
		}
	}
	s.Close()
}

// expiring has some routers not ask for another certificate when theirs ends.
func expiring(r *run) {
	for i, node := range r.lab.Routers {
		if p := &r.plan.Routers[i]; p.Proof.By == short && p.Number%2 == 1 {
			r.lab.Sim.At(r.start.Add(p.Delay+time.Second), func(time.Time) {
				r.configure(node, unenrolled(r.plan, p))
			})
		}
	}
}

// revoke has ROOT take back what a router has got, and some fetch the list that says so. Later it
// asks for another certificate.
func revoke(r *run, node *lab.Router, f *Fault) (undo func()) {
	if !r.lab.Authority(root).Revoke(node.Name()) {
		return nil
	}
	now := r.lab.Sim.Now()
	r.judge.taken.back[node.Name()] = append(r.judge.taken.back[node.Name()], now)
	for _, n := range f.Apart {
		if other := r.lab.Router(nameOf(n)); other.Device.Started() {
			r.judge.taken.fetches(other.Name(), now)
			r.enter(other, []string{"crypto pki crl request " + rootPoint})
		}
	}
	r.enter(node, f.Lines)
	return func() { enrol(r, node) }
}

// enrol has a router ask for another certificate.
func enrol(r *run, node *lab.Router) { r.enter(node, []string{"crypto pki enroll " + ownPoint, "yes"}) }
