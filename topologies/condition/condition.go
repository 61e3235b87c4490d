package condition

import (
	"strings"

	"ikelab/topologies/form"
)

// Condition is something about a lab that may hold.
type Condition struct {
	test test
}

// test is one kind of condition, as it was read.
type test interface {
	keys() []form.Key // the first is the kind's own
	bind(w *World) (probe, error)
}

// kinds are the conditions there are.
var kinds = []struct {
	name, help string
	make       func() test
}{
	{"show", "what a show command shows at a router, now", func() test { return &showTest{} }},
	{"interface", "an interface is up or down", func() test { return &interfaceTest{} }},
	{"record", "something was recorded (docs/events.md)", func() test { return &recordTest{} }},
	{"console", "a console has shown a line: debug, syslog, or what a command prints", func() test { return &consoleTest{} }},
	{"wire", "something has left a router", func() test { return &wireTest{} }},
	{"state", "the SAs of the lab's routers agree", func() test { return &stateTest{} }},
	{"all", "each of these holds", func() test { return &composed{name: "all"} }},
	{"any", "one of these holds", func() test { return &composed{name: "any"} }},
	{"not", "this does not hold", func() test { return &composed{name: "not"} }},
}

// Value reads a condition.
func Value(c *Condition) form.Value {
	return form.Named("condition", func() form.Value {
		return form.Kinds("a condition", kindsOf(c), nil, form.Value{})
	})
}

// kindsOf is the table of conditions, whose keys fill c.
func kindsOf(c *Condition) []form.Kind {
	list := make([]form.Kind, len(kinds))
	for i, k := range kinds {
		list[i] = form.Kind{Name: k.name, Help: k.help, Keys: func() []form.Key {
			c.test = k.make()
			return c.test.keys()
		}}
	}
	return list
}

// Watch begins to watch a condition in a lab that has not started.
func (c *Condition) Watch(w *World) (*Watch, error) {
	p, err := c.test.bind(w)
	if err != nil {
		return nil, err
	}
	return &Watch{world: w, probe: p}, nil
}

// composed is a condition made of others.
type composed struct {
	name  string
	parts []*Condition
}

func (c *composed) keys() []form.Key {
	part := func() form.Value {
		p := &Condition{}
		c.parts = append(c.parts, p)
		return Value(p)
	}
	switch c.name {
	case "not":
		c.parts = append(c.parts, &Condition{})
		return []form.Key{{Name: "not", Help: "a condition", Value: Value(c.parts[0])}}
	case "any":
		return []form.Key{{Name: "any", Help: "conditions of which one holds", Value: form.List("any", "condition", part)}}
	}
	return []form.Key{{Name: "all", Help: "conditions that all hold", Value: form.List("all", "condition", part)}}
}

func (c *composed) bind(w *World) (probe, error) {
	p := &composedProbe{name: c.name}
	for _, part := range c.parts {
		watch, err := part.Watch(w)
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, watch)
	}
	return p, nil
}

type composedProbe struct {
	name  string
	parts []*Watch
}

// version changes with each look: the parts know better.
func (p *composedProbe) version() uint64 { return always }

func (p *composedProbe) begin(serial uint64) {
	for _, part := range p.parts {
		part.probe.begin(serial)
	}
}

func (p *composedProbe) look() Finding {
	var wants, gots []string
	held := 0
	for _, part := range p.parts {
		f := part.Look()
		if f.Holds {
			held++
		} else {
			wants, gots = append(wants, f.Want), append(gots, f.Got)
		}
		if f.Holds == (p.name == "any") {
			continue
		}
	}
	f := Finding{Holds: held == len(p.parts), Want: strings.Join(wants, "\n"), Got: strings.Join(gots, "\n")}
	switch p.name {
	case "any":
		f.Holds, f.Want = held > 0, strings.Join(wants, "\nor ")
	case "not":
		f.Holds, f.Want, f.Got = held == 0, "that this does not hold: "+p.parts[0].last.Want, p.parts[0].last.Got
	}
	return f
}
