package ikev2

import (
	"slices"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// choice is what a policy offers and accepts.
type choice struct {
	of        *Policy
	proposals []*Proposal // those of its that there are,
	names     []string    // their names
	menus     []propose.Menu
}

// noChoice is that of no policy.
var noChoice = &choice{of: &Policy{}}

// choiceOf finds the proposals of a policy.
func (x *index) choiceOf(p *Policy) choice {
	c := choice{of: p, names: p.Proposals}
	missing := func(name string) bool { return x.proposals.Get(name) == nil }
	if slices.ContainsFunc(c.names, missing) {
		c.names = slices.DeleteFunc(slices.Clone(c.names), missing)
	}
	for _, name := range c.names {
		c.proposals = append(c.proposals, x.proposals.Get(name))
	}
	c.menus = ikeMenus(c.proposals)
	return c
}

// usable says whether one of the proposals can be offered.
func (c *choice) usable() bool {
	return slices.ContainsFunc(c.proposals, func(p *Proposal) bool { return len(p.Encr) > 0 && len(p.PRF) > 0 })
}

// ikeMenus lists the menus of IKE proposals in order.
func ikeMenus(proposals []*Proposal) []propose.Menu {
	var list []propose.Menu
	for _, p := range proposals {
		m := propose.Menu{
			Name: p.Name, Protocol: wire.ProtoIKE, Encr: p.Encr, PRF: p.PRF, Integ: p.Integ, Group: p.Group, AddKE: p.AddKE,
		}
		list = append(list, propose.Apart(m)...)
		if len(m.AddKE) > 0 && p.AddKEOptional {
			m.AddKE = nil // a proposal apart: who does not know these transform types refuses the others (RFC 9370 2.2.1)
			list = append(list, propose.Apart(m)...)
		}
	}
	return list
}
