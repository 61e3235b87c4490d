package condition

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// stateTest is how the SAs of routers must be.
type stateTest struct {
	what  state
	nodes []string
}

// state is what can be said of them.
type state string

// The states.
const (
	oneIKESA  state = "one-ike-sa" // each tunnel has one IKE SA with its peer, which is READY
	onePair   state = "one-pair"   // each tunnel has one pair
	spisMatch state = "spis-match" // both ends of each SA and of each pair know it
	settled   state = "settled"    // all of these
	noSAs     state = "none"       // there is no SA and no pair
)

func (t *stateTest) keys() []form.Key {
	return []form.Key{
		{Name: "state", Help: "one-ike-sa, one-pair: each tunnel has just one, and it is ready (what a crypto map protects may have none, and two IKE SAs if both ends began one for other lines); spis-match: both ends know each SA; settled: all three; none: there is none",
			Value: form.Choice(&t.what, "state", oneIKESA, onePair, spisMatch, settled, noSAs)},
		{Name: "nodes", Help: "of these routers; without: of all", Value: form.Texts(&t.nodes, "nodes")},
	}
}

func (t *stateTest) bind(w *World) (probe, error) {
	p := &stateProbe{world: w, what: t.what}
	for _, name := range t.nodes {
		r, err := w.Router(name)
		if err != nil {
			return nil, err
		}
		p.routers = append(p.routers, r)
	}
	if len(p.routers) == 0 {
		p.routers = w.lab.Routers
	}
	w.listen()
	return p, nil
}

type stateProbe struct {
	world   *World
	what    state
	routers []*lab.Router
}

func (p *stateProbe) version() (n uint64) {
	for _, r := range p.routers {
		n += p.world.touched[r.Name()]
	}
	return n
}

func (p *stateProbe) begin(uint64) {}

// Unsettled says what keeps the SAs of routers from being settled, but those of flows that
// are to have none.
func Unsettled(routers []*lab.Router, none func(f *crypto.FlowState) bool) []string {
	s := newSAs(routers, none)
	return slices.Concat(s.manySAs(), s.manyPairs(), s.strangers())
}

func (p *stateProbe) look() Finding {
	s := newSAs(p.routers, func(*crypto.FlowState) bool { return false })
	var wrong []string
	for _, check := range []struct {
		of  state
		say func() []string
	}{{oneIKESA, s.manySAs}, {onePair, s.manyPairs}, {spisMatch, s.strangers}, {noSAs, s.any}} {
		if p.what == check.of || p.what == settled && check.of != noSAs {
			wrong = append(wrong, check.say()...)
		}
	}
	return Finding{Holds: len(wrong) == 0, Want: "state " + string(p.what), Got: strings.Join(wrong, "\n")}
}

// sas are the SAs of some routers.
type sas struct {
	routers []*lab.Router
	none    func(f *crypto.FlowState) bool // says of a flow that nothing is looked at
	ike     map[string]int                 // "SPIi SPIr" -> routers that have it
	pairs   map[string]int                 // "in out", seen from the other end -> routers that have it
}

func newSAs(routers []*lab.Router, none func(f *crypto.FlowState) bool) *sas {
	s := &sas{routers: routers, none: none, ike: map[string]int{}, pairs: map[string]int{}}
	for _, r := range routers {
		list, flows := s.of(r)
		for _, sa := range list {
			s.ike[ikeName(sa)]++
		}
		for _, f := range flows {
			for _, pair := range f.Pairs {
				s.pairs[fmt.Sprintf("%v %v", pair.Out.SPI, pair.In.SPI)]++
			}
		}
	}
	return s
}

// of are the SAs of a router that has power.
func (s *sas) of(r *lab.Router) ([]ikev2.SAInfo, []crypto.FlowState) {
	if !r.Device.Started() {
		return nil, nil
	}
	list, flows := r.SAs()
	for i := range flows {
		if f := &flows[i]; s.none(f) {
			list = slices.DeleteFunc(list, func(sa ikev2.SAInfo) bool { return sa.Remote.Addr() == f.Remote && sa.VRF == f.VRF })
		}
	}
	return list, slices.DeleteFunc(flows, func(f crypto.FlowState) bool { return s.none(&f) })
}

func ikeName(sa ikev2.SAInfo) string { return fmt.Sprintf("%016x %016x", sa.SPIi, sa.SPIr) }

// manySAs finds tunnels whose peer has another number of READY SAs than one.
func (s *sas) manySAs() (wrong []string) {
	for _, r := range s.routers {
		list, flows := s.of(r)
		for _, f := range flows {
			with := slices.DeleteFunc(slices.Clone(list), func(sa ikev2.SAInfo) bool { return sa.Remote.Addr() != f.Remote || sa.VRF != f.VRF })
			unready := slices.ContainsFunc(with, func(sa ikev2.SAInfo) bool { return sa.Status != ikev2.StatusReady })
			if !unready && (few(&f, len(with)) || f.Map != "" && len(with) == bothBegan) {
				continue
			}
			var status []string
			for _, sa := range with {
				status = append(status, string(sa.Status))
			}
			wrong = append(wrong, fmt.Sprintf("%s has %d IKE SAs with %v %v", r.Name(), len(with), f.Remote, status))
		}
	}
	return wrong
}

// bothBegan is how many IKE SAs there are where both ends of a crypto map have begun one
// at once, for other lines.
const bothBegan = 2

// few says whether a flow has the SAs that it is to have: one, and by a crypto map none
// before there is traffic.
func few(f *crypto.FlowState, n int) bool {
	return n == 1 || n == 0 && f.Map != "" && len(f.Pairs) == 0
}

func (s *sas) manyPairs() (wrong []string) {
	for _, r := range s.routers {
		_, flows := s.of(r)
		for _, f := range flows {
			if !few(&f, len(f.Pairs)) {
				wrong = append(wrong, fmt.Sprintf("%s:%s has %d pairs", r.Name(), f.Interface, len(f.Pairs)))
			}
		}
	}
	return wrong
}

// strangers finds what only one end knows.
func (s *sas) strangers() (wrong []string) {
	for _, r := range s.routers {
		list, flows := s.of(r)
		for _, sa := range list {
			if s.ike[ikeName(sa)] != 2 {
				wrong = append(wrong, fmt.Sprintf("only %s knows the IKE SA %s", r.Name(), ikeName(sa)))
			}
		}
		for _, f := range flows {
			for _, pair := range f.Pairs {
				if s.pairs[fmt.Sprintf("%v %v", pair.In.SPI, pair.Out.SPI)] == 0 {
					wrong = append(wrong, fmt.Sprintf("only %s knows the pair in %v, out %v", r.Name(), pair.In.SPI, pair.Out.SPI))
				}
			}
		}
	}
	return wrong
}

func (s *sas) any() (wrong []string) {
	for _, r := range s.routers {
		list, flows := s.of(r)
		n := 0
		for _, f := range flows {
			n += len(f.Pairs)
		}
		if len(list)+n > 0 {
			wrong = append(wrong, fmt.Sprintf("%s has %d IKE SAs and %d pairs", r.Name(), len(list), n))
		}
	}
	return wrong
}
