package scenario

import (
	"fmt"
	"net/netip"

	"ikelab/topologies"
	"ikelab/topologies/condition"
	"ikelab/topologies/lab"
)

// asked is who was asked by echoes, and how many had come to him before.
type asked struct {
	lab    *lab.Lab
	to     netip.Addr
	before uint64
}

// whomAt remembers who will be asked.
func whomAt(l *lab.Lab, to netip.Addr) asked {
	a := asked{lab: l, to: to}
	a.before, _ = a.heard()
	return a
}

// heard is how many echoes came to the hosts that have the address, with the name of one; "": no host has it.
func (a asked) heard() (echoes uint64, host string) {
	for _, s := range a.lab.Stations {
		if n, own := s.Heard(a.to); own && a.lab.Topology.Node(s.Name()).Kind == topologies.KindHost {
			echoes, host = echoes+n, s.Name()
		}
	}
	return echoes, host
}

// usurped says that somebody else has answered what a host was asked: more answers came than echoes to him.
func (a asked) usurped(answers int) (f condition.Finding, yes bool) {
	echoes, host := a.heard()
	came := echoes - min(a.before, echoes)
	if host == "" || uint64(answers) <= came {
		return f, false
	}
	return condition.Finding{
		Want: "that " + host + " answers",
		Got:  fmt.Sprintf("%d echoes answered, of which %d came to %s", answers, came, host),
	}, true
}
