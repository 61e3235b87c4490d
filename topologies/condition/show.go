package condition

import (
	"fmt"
	"strings"

	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// showTest is what a screen shows.
type showTest struct {
	line, node string
	Checks
}

func (t *showTest) keys() []form.Key {
	return append([]form.Key{
		{Name: "show", Help: "a command, without the word show", Value: form.Word(&t.line, "show")},
		{Name: "node", Help: "a router", Value: form.Word(&t.node, "node")},
	}, t.Checks.keys()...)
}

func (t *showTest) bind(w *World) (probe, error) {
	r, err := w.Router(t.node)
	if err != nil {
		return nil, err
	}
	w.listen()
	return &showProbe{world: w, router: r, line: "show " + t.line, checks: &t.Checks}, nil
}

type showProbe struct {
	world  *World
	router *lab.Router
	line   string
	checks *Checks
}

func (p *showProbe) version() uint64 { return p.world.touched[p.router.Name()] }

func (p *showProbe) begin(uint64) {}

func (p *showProbe) look() Finding {
	text, refused := p.world.screen(p.router, p.line)
	if refused {
		return Finding{Want: "a screen of " + p.router.Name() + ": " + p.line, Got: text}
	}
	found := p.checks.Judge(Output{Text: text, JSON: func() (string, bool) {
		json, refused := p.world.screen(p.router, p.line+" | json")
		return json, !refused
	}})
	about := fmt.Sprintf("%s: %s: ", p.router.Name(), p.line)
	if len(found) == 0 {
		return Finding{Holds: true, Want: about + "what it shows", Got: text}
	}
	f := found[0]
	if f.Screen == nil {
		f.Want = about + f.Want
	}
	return f
}

// interfaceTest is an interface whose line protocol is up or down.
type interfaceTest struct {
	node, name string
	is         string
}

func (t *interfaceTest) keys() []form.Key {
	return []form.Key{
		{Name: "interface", Help: "such as R1:Tunnel0", Value: form.Parsed(new(string), "interface", "interface", func(s string) (string, error) {
			var ok bool
			if t.node, t.name, ok = strings.Cut(s, ":"); !ok {
				return s, fmt.Errorf("%q is not an interface such as R1:Tunnel0", s)
			}
			if full, err := topologies.PortName(t.name); err == nil {
				t.name = full
			}
			return s, nil
		})},
		{Name: "is", Help: "its line protocol", Required: true, Value: form.Choice(&t.is, "is", "up", "down")},
	}
}

func (t *interfaceTest) bind(w *World) (probe, error) {
	r, err := w.Router(t.node)
	if err != nil {
		return nil, err
	}
	w.listen()
	return &interfaceProbe{world: w, router: r, test: t}, nil
}

type interfaceProbe struct {
	world  *World
	router *lab.Router
	test   *interfaceTest
}

func (p *interfaceProbe) version() uint64 { return p.world.touched[p.router.Name()] }

func (p *interfaceProbe) begin(uint64) {}

func (p *interfaceProbe) look() Finding {
	state := "down"
	if p.router.Device.Started() && p.router.TunnelUp(p.test.name) {
		state = "up"
	}
	about := p.router.Name() + ":" + p.test.name + " is "
	return Finding{Holds: state == p.test.is, Want: about + p.test.is, Got: about + state}
}
