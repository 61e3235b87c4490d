package swarm

import "fmt"

// repeated is of how many seeds one is run again in other ways.
const repeated = 20

// Check carries out a plan; one in twenty is carried out once more in another way,
// which must come to the same trace.
func Check(p *Plan, other Options) Report {
	if p.Seed%repeated != 0 {
		return Run(p, Options{})
	}
	return Repeat(p, other)
}

// Repeat carries out a plan twice and compares the traces.
func Repeat(p *Plan, other Options) Report {
	r := Run(p, Options{Trace: true})
	other.Trace = true
	again := Run(p, other)
	if len(r.Violations) == 0 && again.Trace != r.Trace {
		r.Violations = append(r.Violations, Violation{Repeatable, r.Virtual, fmt.Sprintf("%016x, and looked at in another way %016x", r.Trace, again.Trace)})
	}
	return r
}
