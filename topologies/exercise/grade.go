package exercise

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ikelab/topologies"
	"ikelab/topologies/scenario"
)

// Grade is what configurations are worth.
type Grade struct {
	Items  []Item `json:"items"`
	Points int    `json:"points"`
	Of     int    `json:"of"`
	// Unmended says that nothing holds that did not hold in the network as it was found:
	// what does earns no points then.
	Unmended bool `json:"unmended,omitempty"`
}

// Item is one thing that must hold.
type Item struct {
	What   string `json:"what"`
	Points int    `json:"points"` // that it is worth
	Holds  bool   `json:"holds"`
	Found  string `json:"found,omitempty"` // instead
}

// Passed says whether all holds.
func (g *Grade) Passed() bool { return g.Points == g.Of }

// mostLooks bounds what a network may do in a check: the configurations are
// anybody's. A look is at every 256 events.
const mostLooks = 20_000

var (
	errTooMuch = errors.New("the network is so busy that it was stopped")
	errTooLong = errors.New("it took too long, and was stopped")
)

// Grade judges configurations, by the names of routers; of a router that is not among
// them, and of those that are nobody's to change, the one that it was found with counts. Stop is
// asked now and then; nil: nobody wants to.
func (l *Lab) Grade(configs map[string]string, stop func() bool) (*Grade, error) {
	g, err := l.judge(configs, stop)
	if err != nil || g.Points == 0 || g.Passed() {
		return g, err
	}
	if l.known.before == nil {
		found, err := l.judge(nil, stop)
		if err != nil {
			return nil, err
		}
		l.known.before = found.Items
	}
	for i, item := range g.Items {
		if item.Holds && !l.known.before[i].Holds {
			return g, nil
		}
	}
	g.Points, g.Unmended = 0, true
	return g, nil
}

// judge looks what holds.
func (l *Lab) judge(configs map[string]string, stop func() bool) (*Grade, error) {
	g := &Grade{}
	if l.known.solved == nil {
		solved, err := l.after(l.Solution)
		if err != nil {
			return nil, err
		}
		l.known.solved = solved
	}
	fresh, err := l.again()
	if err != nil {
		return nil, err
	}
	for i, c := range l.checks {
		networks := []map[string]string{configs}
		if len(c.alone) > 0 {
			networks = nil
		}
		for _, name := range c.alone {
			others := maps.Clone(l.known.solved)
			delete(others, name)
			if text, ok := configs[name]; ok {
				others[name] = text
			}
			networks = append(networks, others)
		}
		item, err := l.try(fresh.checks[i], networks, stop)
		if err != nil {
			return nil, err
		}
		if g.Of += c.points; item.Holds {
			g.Points += c.points
		}
		g.Items = append(g.Items, item)
	}
	return g, nil
}

// try builds networks of configurations, and does in each what a check says, until it does not hold.
func (l *Lab) try(c *check, networks []map[string]string, stop func() bool) (item Item, err error) {
	for i, configs := range networks {
		if i > 0 {
			fresh, err := l.again()
			if err != nil {
				return item, err
			}
			c = fresh.checks[slices.IndexFunc(fresh.checks, func(o *check) bool { return o.what == c.what })]
		}
		if item, err = l.hold(c, configs, stop); err != nil || !item.Holds {
			return item, err
		}
	}
	return item, nil
}

// maxTried bounds what is remembered of checks.
const maxTried = 256

// hold is what a check finds in a network of configurations. It is the same again in the same
// network, which mends of one router leave to a check of the other.
func (l *Lab) hold(c *check, configs map[string]string, stop func() bool) (Item, error) {
	t := l.with(configs)
	key := c.what
	for _, name := range l.changed {
		key += "\x00" + t.Node(name).Config
	}
	if item, ok := l.known.tried[key]; ok {
		return item, nil
	}
	item, err := l.run(c, t, stop)
	if err == nil {
		if len(l.known.tried) == maxTried { // somebody tries for a long time
			clear(l.known.tried)
		}
		l.known.tried[key] = item
	}
	return item, err
}

// run builds a network, and does what a check says.
func (l *Lab) run(c *check, t *topologies.Topology, stop func() bool) (Item, error) {
	item := Item{What: c.what, Points: c.points}
	looks, stopped := 0, false
	report := scenario.Run(&scenario.Scenario{Steps: c.steps}, t, scenario.Options{
		Seed: l.seed, Settings: scenario.Settings{Themselves: true, Stop: func() bool {
			looks++
			stopped = stopped || stop != nil && stop()
			return stopped || looks > mostLooks
		}},
	})
	switch f := report.Failure(); {
	case looks > mostLooks:
		item.Found = errTooMuch.Error()
	case report.Err == nil:
		item.Holds = true
	case stopped:
		return item, errTooLong
	case f == nil:
		return item, fmt.Errorf("%s: %w", c.what, report.Err)
	default:
		item.Found = found(f)
	}
	return item, nil
}

// found is what went otherwise, in a line.
func found(f *scenario.Failure) string {
	text := f.Step + ": " + f.Message
	for _, finding := range f.Findings {
		if got, more, _ := strings.Cut(strings.TrimSpace(finding.Got), "\n"); got != "" && more == "" {
			text += "; " + got
		}
	}
	const most = 160
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return text
}

// with is the network with other configurations.
func (l *Lab) with(configs map[string]string) *topologies.Topology {
	t := *l.Topology
	t.Nodes = nil
	for _, n := range l.Topology.Nodes {
		for _, name := range l.changed {
			if text, ok := configs[name]; ok && name == n.Name {
				other := *n
				other.Config, other.ConfigLine, other.ConfigColumn = topologies.Uncertified(text, n.Image), 1, 1
				n = &other
			}
		}
		t.Nodes = append(t.Nodes, n)
	}
	return &t
}

// after are the configurations after changes.
func (l *Lab) after(changes []Change) (map[string]string, error) {
	configs := map[string]string{}
	for _, name := range l.changed {
		configs[name] = l.Topology.Node(name).Config
	}
	for _, c := range changes {
		text, err := changed(configs[c.Node], l.Topology.Node(c.Node).Image, c.Lines)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Node, err)
		}
		configs[c.Node] = text
	}
	return configs, nil
}
