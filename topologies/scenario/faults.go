package scenario

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/fault"
	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// breakage is a fault that knows the protocol.
type breakage struct {
	fault fault.Fault
	all   bool
	step  *Step
}

func (a *breakage) keys() []form.Key {
	f, behind := &a.fault, &fault.Match{}
	return slices.Concat([]form.Key{
		{Name: "fault", Help: "what is done to packets as they leave a router", Value: form.Choice(&f.What, "fault", fault.Whats...)},
	}, f.Match.Keys(), []form.Key{
		{Name: "nth", Help: "of those that fit, from now on, is the first that is struck; without: the first", Value: form.Number(&f.Nth, "nth", 1, 1<<30)},
		{Name: "times", Help: "how many are struck; without: one", Value: form.Number(&f.Times, "times", 1, 1<<30)},
		{Name: "all", Help: "all that follow are struck, until `release`", Value: form.Flag(&a.all, "all")},
		{Name: "by", Help: "how much later, of delay and replay", Value: form.Duration(&f.By, "by")},
		{Name: "behind", Help: "of reorder: which packet overtakes, of any router; without: the next one of the same", Value: form.Then(form.Object("a packet", behind.Keys()), func(*form.Reader, *yaml.Node) { f.Behind = behind })},
		{Name: "octets", Help: "how many are missing, of truncate; without: one", Value: form.Number(&f.Octets, "octets", 1, 1<<16)},
		{Name: "nat", Help: "of rebind: the gateway that gives its mappings other ports", Value: form.Word(&f.NAT, "nat")},
	}, f.Forgery.Keys())
}

func (a *breakage) prepare(r *Runner) error {
	if a.all {
		a.fault.Times = -1
	}
	for _, m := range []*fault.Match{&a.fault.Match, a.fault.Behind} {
		if m == nil {
			continue
		}
		if err := m.Find(r.lab, r.world.Router); err != nil {
			return err
		}
	}
	if a.fault.NAT != "" {
		if _, err := r.world.NAT(a.fault.NAT); err != nil {
			return err
		}
	}
	r.world.Wire()
	return a.fault.Check()
}

func (a *breakage) do(r *Runner) ([]script.Result, error) {
	r.world.Wire().Begin(&a.fault)
	r.faults = append(r.faults, a)
	return nil, nil
}

// unfired is the failure of a fault that never struck.
func (r *Runner) unfired() error {
	for _, a := range r.faults {
		if a.fault.Fired() == 0 {
			f := failed(fmt.Sprintf("it never struck: there was no %v, or not so many", &a.fault.Match))
			return a.step.blame(r, f)
		}
	}
	return nil
}

// release ends a fault.
type release struct{ name string }

func (a *release) keys() []form.Key {
	return []form.Key{{Name: "release", Help: "name of the step with the fault; what it holds goes on", Value: form.Word(&a.name, "release")}}
}

func (a *release) prepare(*Runner) error { return nil }

func (a *release) do(r *Runner) ([]script.Result, error) {
	for _, f := range r.faults {
		if f.step.Name == a.name {
			f.fault.End(r.world.Wire())
			return nil, nil
		}
	}
	return nil, fmt.Errorf("no fault that has begun is called %q", a.name)
}

// part is a partition, or its end.
type part struct {
	nodes []string
	heals string
}

func (a *part) keys() []form.Key {
	if a.heals != "" {
		return []form.Key{{Name: "heal", Help: "the partition ends", Value: form.Text(&a.heals, "heal")}}
	}
	return []form.Key{{Name: "partition", Help: "routers that are kept from all others; links stay up", Value: form.Texts(&a.nodes, "partition")}}
}

func (a *part) prepare(r *Runner) error {
	for i, name := range a.nodes {
		node, err := r.world.Router(name)
		if err != nil {
			return err
		}
		a.nodes[i] = node.Name()
	}
	r.world.Wire()
	return nil
}

func (a *part) do(r *Runner) ([]script.Result, error) {
	r.world.Wire().Part(a.nodes...)
	return nil, nil
}
