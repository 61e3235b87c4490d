package scenario

import (
	"math"

	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// age has time's work done on all SAs of a lab: packets by the thousand million.
type age struct{ left int }

func (a *age) keys() []form.Key {
	return []form.Key{{Name: "age", Help: "how many sequence numbers each SA has left", Value: form.Number(&a.left, "age", 1, math.MaxInt32)}}
}

func (a *age) prepare(*Runner) error { return nil }

func (a *age) do(r *Runner) ([]script.Result, error) {
	for _, router := range r.lab.Routers {
		router.Age(a.left)
	}
	return nil, nil
}
