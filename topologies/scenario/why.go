package scenario

import (
	"fmt"
	"slices"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/phrase"
	"ikelab/topologies/script"
	"ikelab/topologies/why"
)

// ask asks why a tunnel is as it is.
type ask struct {
	node, tunnel string
	entry        int
	cause        []string
	state        why.State
	alone        bool
}

func (a *ask) keys() []form.Key {
	return []form.Key{
		{Name: "why", Help: "a router", Value: form.Word(&a.node, "why")},
		{Name: "tunnel", Help: "its tunnel interface, or one with a crypto map; a number of an entry may follow", Required: true, Value: form.Word(&a.tunnel, "tunnel")},
		{Name: "entry", Help: "the number of the entry of the crypto map there", Value: form.Number(&a.entry, "entry", 1, 65535)},
		{Name: "cause", Help: "that must be named, such as auth.key; none: that there is none", Value: form.Texts(&a.cause, "cause")},
		{Name: "is", Help: "how the tunnel must be", Value: form.Choice(&a.state, "is", why.Down, why.Flaps, why.Dumb, why.Unasked, why.Spare, why.Well)},
		{Name: "alone", Help: "from what this end knows", Value: form.Flag(&a.alone, "alone")},
	}
}

// prepare has the lab watched from its beginning.
func (a *ask) prepare(r *Runner) error {
	if r.witness == nil {
		r.witness = why.Watch(r.lab)
	}
	_, err := r.world.Router(a.node)
	return err
}

func (a *ask) do(r *Runner) ([]script.Result, error) {
	explain := r.witness.Explain
	if a.alone {
		explain = r.witness.ExplainAlone
	}
	tunnel := a.tunnel
	if a.entry != 0 {
		tunnel = fmt.Sprintf("%s %d", tunnel, a.entry)
	}
	v, err := explain(a.node, tunnel)
	if err != nil {
		return nil, err
	}
	result := []script.Result{{Time: r.lab.Sim.Now(), Command: fmt.Sprintf("why %s %s", a.node, tunnel), Output: v.In(phrase.English, why.PageColumns)}}
	var causes []string
	for _, c := range v.Claims {
		causes = append(causes, c.Key)
	}
	for _, want := range a.cause {
		if want == "none" && len(causes) > 0 || want != "none" && !slices.Contains(causes, want) {
			return result, failed("another cause is named", condition.Finding{Want: want, Got: fmt.Sprint(causes)})
		}
	}
	if a.state != "" && a.state != v.State {
		return result, failed("the tunnel is otherwise", condition.Finding{Want: string(a.state), Got: string(v.State)})
	}
	return result, nil
}
