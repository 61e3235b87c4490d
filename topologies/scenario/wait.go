package scenario

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// defaultLimit is how long a wait for a condition lasts at most.
const defaultLimit = 10 * time.Minute

// wait lets time pass.
type wait struct {
	duration time.Duration
	until    *condition.Condition
	limit    time.Duration
	watch    *condition.Watch
}

func (a *wait) keys() []form.Key {
	a.limit = defaultLimit
	c := &condition.Condition{}
	return []form.Key{
		{Name: "wait", Help: "a duration of virtual time, or a condition", Value: form.Either(form.Duration(&a.duration, "wait"),
			form.Then(condition.Value(c), func(*form.Reader, *yaml.Node) { a.until = c }))},
		{Name: "limit", Help: "the longest to wait for a condition; without: " + defaultLimit.String(), Value: form.Duration(&a.limit, "limit")},
	}
}

func (a *wait) prepare(r *Runner) (err error) {
	if a.until != nil {
		a.watch, err = a.until.Watch(r.world)
	}
	return err
}

func (a *wait) do(r *Runner) ([]script.Result, error) {
	if a.watch == nil {
		return nil, r.consoles.Pass(a.duration)
	}
	limit := r.lab.Sim.Now().Add(a.limit)
	if r.RunUntil(func() bool { return a.watch.Look().Holds }, limit) {
		return nil, nil
	}
	if r.lab.Sim.Now().Before(limit) {
		return nil, script.ErrStopped
	}
	return nil, failed(fmt.Sprintf("it does not hold after %v", a.limit), a.watch.Look())
}

// expect wants a condition to hold now.
type expect struct {
	text  string
	until *condition.Condition
	watch *condition.Watch
}

func (a *expect) keys() []form.Key {
	c := &condition.Condition{}
	return []form.Key{{Name: "expect", Help: "a condition; a text that occurs in what the last line showed, /one/ a regular expression",
		Value: form.Either(form.Word(&a.text, "expect"), form.Then(condition.Value(c), func(*form.Reader, *yaml.Node) { a.until = c }))}}
}

func (a *expect) prepare(r *Runner) (err error) {
	if a.until != nil {
		a.watch, err = a.until.Watch(r.world)
	}
	return err
}

func (a *expect) do(r *Runner) ([]script.Result, error) {
	if a.watch != nil {
		if f := a.watch.Look(); !f.Holds {
			return nil, failed("it does not hold", f)
		}
		return nil, nil
	}
	if found := condition.Occurs(a.text, r.last.Text); found != nil {
		return nil, failed("the last line shows something else", *found)
	}
	return nil, nil
}

// vigil is a never that has begun.
type vigil struct {
	step  form.Place
	text  string
	name  string
	watch *condition.Watch
}

// never wants a condition not to hold from now on.
type never struct {
	what  condition.Condition
	vigil vigil
}

func (a *never) keys() []form.Key {
	return []form.Key{
		{Name: "never", Help: "a condition; of records those from now on count", Value: form.Then(condition.Value(&a.what), func(r *form.Reader, n *yaml.Node) {
			a.vigil.step = r.Place(n)
			a.vigil.text = "never " + title(n)
		})},
		{Name: "until", Help: "a name for the step `end`; without: to the end", Value: form.Word(&a.vigil.name, "until")},
	}
}

func (a *never) prepare(r *Runner) (err error) {
	a.vigil.watch, err = a.what.Watch(r.world)
	return err
}

func (a *never) do(r *Runner) ([]script.Result, error) {
	a.vigil.watch.Begin()
	r.vigils = append(r.vigils, &a.vigil)
	return nil, nil
}

// end ends a never.
type end struct{ name string }

func (a *end) keys() []form.Key {
	return []form.Key{{Name: "end", Help: "what the never calls its end", Value: form.Word(&a.name, "end")}}
}

func (a *end) prepare(*Runner) error { return nil }

func (a *end) do(r *Runner) ([]script.Result, error) {
	for i, v := range r.vigils {
		if v.name == a.name {
			r.vigils = append(r.vigils[:i:i], r.vigils[i+1:]...)
			return nil, nil
		}
	}
	return nil, fmt.Errorf("no never that has begun lasts until %q", a.name)
}

// title is a value on one line, for people.
func title(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		line, more, _ := strings.Cut(strings.TrimSpace(n.Value), "\n")
		if more != "" {
			line += " …"
		}
		return line
	}
	var parts []string
	for i := 0; i < len(n.Content); i++ {
		c := form.Deref(n.Content[i])
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		text := title(c)
		if n.Kind == yaml.MappingNode && i > 1 {
			text = n.Content[i-1].Value + "=" + text
		}
		parts = append(parts, text)
	}
	text := strings.Join(parts, " ")
	if n.Kind == yaml.SequenceNode {
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return text
}
