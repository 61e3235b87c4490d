package swarm

import (
	"slices"
	"time"
)

// shrinking is a plan that fails and is made smaller.
type shrinking struct {
	plan  *Plan
	fails Failure
	left  Limits
}

// Failure says whether a plan fails, and how much virtual time it took to see.
type Failure func(p *Plan) (bad bool, virtual time.Duration)

// Limits are how long smaller plans are tried. With what a minute may hold, they
// let it end on any machine.
type Limits struct {
	Tries   int
	Virtual time.Duration
}

// reached says whether one of the limits is.
func (l Limits) reached() bool { return l.Tries <= 0 || l.Virtual <= 0 }

// Shrink leaves out of a plan that fails what it fails without: faults, flows,
// routers, tunnels, time. It says whether it came to the end: a limit may have
// stopped it before.
func Shrink(p *Plan, most Limits, fails Failure) (small *Plan, least bool) {
	s := &shrinking{p, fails, most}
	for before := -1; before != s.size() && !s.left.reached(); {
		before = s.size()
		shrinkList(s, func(p *Plan) *[]Fault { return &p.Faults })
		s.shorten()
		shrinkList(s, func(p *Plan) *[]Flow { return &p.Flows })
		for _, r := range slices.Backward(slices.Clone(s.plan.Routers)) {
			s.try(s.plan.without(r.Number))
		}
		for _, t := range slices.Backward(slices.Clone(s.plan.Tunnels)) {
			s.try(s.plan.kept(func(r int) bool { return true }, func(n int) bool { return n != t.Number }))
		}
		s.plain()
	}
	return s.plan, !s.left.reached()
}

// Fails says of plans whether they violate an invariant.
func Fails(i Invariant, other Options) Failure {
	return func(p *Plan) (bool, time.Duration) {
		r := Report{}
		if i == Repeatable {
			r = Repeat(p, other)
		} else {
			r = Run(p, Options{})
		}
		return slices.ContainsFunc(r.Violations, func(v Violation) bool { return v.Invariant == i }), r.Virtual
	}
}

func (s *shrinking) size() int {
	return len(s.plan.Faults) + len(s.plan.Flows) + len(s.plan.Routers) + len(s.plan.Tunnels) + int(s.plan.Length/time.Minute)
}

// try takes a smaller plan if it fails too.
func (s *shrinking) try(p *Plan) bool {
	if s.left.reached() || len(p.Routers) < 2 || len(p.Tunnels) == 0 {
		return false
	}
	bad, virtual := s.fails(p)
	s.left.Tries--
	s.left.Virtual -= virtual
	if !bad {
		return false
	}
	s.plan = p
	return true
}

// shrinkList leaves out halves, quarters and so on down to single entries.
func shrinkList[T any](s *shrinking, of func(p *Plan) *[]T) {
	for n := (len(*of(s.plan)) + 1) / 2; n > 0; n /= 2 {
		for at := 0; at < len(*of(s.plan)); {
			p := *s.plan
			list := *of(s.plan)
			*of(&p) = slices.Concat(list[:at], list[min(len(list), at+n):])
			if !s.try(&p) {
				at += n
			}
		}
	}
}

// shorten lets the time end with the last fault, and tries less.
func (s *shrinking) shorten() {
	last := time.Second
	for _, f := range s.plan.Faults {
		last = max(last, f.At+f.For)
	}
	for _, length := range []time.Duration{last, (s.plan.Length / 2).Truncate(time.Second)} {
		if length < s.plan.Length {
			p := *s.plan
			p.Length = length
			p.Faults = slices.DeleteFunc(slices.Clone(p.Faults), func(f Fault) bool { return f.At+f.For > length })
			s.try(&p)
		}
	}
}

// plain tries the network without peculiarities.
func (s *shrinking) plain() {
	for i := range s.plan.Routers {
		plainer(s, func(p *Plan) { r := &p.Routers[i]; r.Delay, r.DefaultRoute, r.Kilobytes = 0, false, 0 })
		plainer(s, func(p *Plan) { r := &p.Routers[i]; r.Fragments, r.Cookies, r.Encap, r.PQC = 0, 0, false, "" })
		plainer(s, func(p *Plan) { p.Routers[i].Proof = proof{} })
		plainer(s, func(p *Plan) { p.Routers[i].VRF, p.Routers[i].Front = false, false })
	}
	if s.plan.Both {
		p := *s.plan
		p.Both, p.Flows = false, slices.DeleteFunc(slices.Clone(p.Flows), func(f Flow) bool { return f.Six })
		s.try(&p)
	}
	for i := range s.plan.Tunnels {
		plainer(s, func(p *Plan) { t := &p.Tunnels[i]; t.Mode, t.Transport = "", false })
		plainer(s, func(p *Plan) { p.Tunnels[i].Inside = 0 })
		plainer(s, func(p *Plan) { p.Tunnels[i].Front = false })
		plainer(s, func(p *Plan) { p.Tunnels[i].Six = false })
	}
}

// plainer tries one change, if it is one that can be carried out.
func plainer(s *shrinking, change func(p *Plan)) {
	p := *s.plan
	p.Routers, p.Tunnels = slices.Clone(p.Routers), slices.Clone(p.Tunnels)
	change(&p)
	if (!slices.Equal(p.Routers, s.plan.Routers) || !slices.Equal(p.Tunnels, s.plan.Tunnels)) && p.Check() == nil {
		s.try(&p)
	}
}

// without leaves a router out, with all that concerns it.
func (p *Plan) without(router int) *Plan {
	return p.kept(func(r int) bool { return r != router }, func(int) bool { return true })
}

// kept is the plan with only some of its routers and tunnels.
func (p *Plan) kept(router, tunnel func(number int) bool) *Plan {
	q := *p
	q.Routers, q.Tunnels, q.Flows, q.Faults = nil, nil, nil, nil
	for _, r := range p.Routers {
		if router(r.Number) {
			q.Routers = append(q.Routers, r)
		}
	}
	for _, t := range p.Tunnels {
		if tunnel(t.Number) && router(t.A) && router(t.B) {
			q.Tunnels = append(q.Tunnels, t)
		}
	}
	for _, f := range p.Flows {
		if possible(&q, &f) { // else it would go in clear, and rightly
			q.Flows = append(q.Flows, f)
		}
	}
	for _, f := range p.Faults {
		if q.tunnel(f.Tunnel) != nil && router(f.Router) {
			f.Also = slices.DeleteFunc(slices.Clone(f.Also), func(y Typing) bool { return !router(y.Router) })
			f.Apart = slices.DeleteFunc(slices.Clone(f.Apart), func(n int) bool { return !router(n) })
			q.Faults = append(q.Faults, f)
		}
	}
	return &q
}
