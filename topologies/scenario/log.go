package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// Log is what was done to a lab from outside. With the topology and the seed it
// is the whole run: nothing else of it need be kept.
type Log struct {
	Version  string // of the program that made it
	Lab      string // an embedded lab, or a topology's file
	Topology string // its digest
	Seed     uint64
	Steps    []Done
	End      Moment
}

// Log is what has been done so far.
func (r *Runner) Log(version, name string) *Log {
	return &Log{
		Version: version, Lab: name, Topology: r.lab.Topology.Digest(), Seed: uint64(r.lab.Sim.Seed()),
		Steps: slices.Clone(r.done), End: r.moment(),
	}
}

// Before is the log up to an instant.
func (l *Log) Before(at time.Duration) *Log {
	short := *l
	n := slices.IndexFunc(l.Steps, func(d Done) bool { return d.At > at })
	if n >= 0 {
		short.Steps = l.Steps[:n:n]
	}
	short.End = Moment{At: max(at, 0)}
	return &short
}

// Fits says what keeps a log from being run in a lab; a log of another version
// may be tried, with a warning.
func (l *Log) Fits(in *lab.Lab, version string) (warning string, err error) {
	switch {
	case in.Topology.External():
		return "", fmt.Errorf("%s has a link to a real network, and what comes from there is in no log", in.Topology.Name)
	case in.Topology.Digest() != l.Topology:
		return "", fmt.Errorf("the log was made with another topology, or %s has changed since", in.Topology.Name)
	case uint64(in.Sim.Seed()) != l.Seed:
		return "", fmt.Errorf("the log was made with seed %d, not %d", l.Seed, uint64(in.Sim.Seed()))
	case l.Version != version:
		return fmt.Sprintf("the log was made by version %s, and this is %s: it may go another way", l.Version, version), nil
	}
	return "", nil
}

func (l *Log) keys() []form.Key {
	return append([]form.Key{
		{Name: "version", Help: "of the program that made it", Required: true, Value: form.Word(&l.Version, "version")},
		{Name: "lab", Help: "an embedded lab, or a topology's file", Required: true, Value: form.Word(&l.Lab, "lab")},
		{Name: "topology", Help: "its digest", Required: true, Value: form.Word(&l.Topology, "topology")},
		{Name: "seed", Help: "of all randomness", Required: true, Value: count(&l.Seed, "seed")},
		{Name: "steps", Help: "what was done, in order", Value: form.List("steps", "step", l.item)},
	}, l.End.keys("end", "events")...)
}

func (m *Moment) keys(at, events string) []form.Key {
	return []form.Key{
		{Name: at, Help: "virtual time since power-on", Required: true, Value: form.Duration(&m.At, at)},
		{Name: events, Help: "that had happened", Value: count(&m.Events, events)},
	}
}

func count(dst *uint64, name string) form.Value {
	return form.Parsed(dst, name, "number", func(s string) (uint64, error) {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			err = fmt.Errorf("%q is not a number between 0 and 2^64-1", s)
		}
		return n, err
	})
}

// item is a step of a log, which the list reads next.
func (l *Log) item() form.Value {
	d := Done{step: &Step{}}
	do := form.Then(stepValue(d.step), func(r *form.Reader, n *yaml.Node) {
		if k := d.step.Kind; k != "type" && k != "break" && (slices.Contains(quiet, k) || n.Kind != yaml.ScalarNode) {
			r.Fail(n, "no log holds such a step")
		}
	})
	keys := append(d.Moment.keys("at", "events"), form.Key{Name: "do", Help: "a step", Required: true, Value: do})
	return form.Then(form.Object("a step of a log", keys), func(*form.Reader, *yaml.Node) { l.Steps = append(l.Steps, d) })
}

// ReadLog reads a log. What is wrong in it is of type form.Problems.
func ReadLog(file string, data []byte) (*Log, error) {
	l := &Log{}
	r := form.NewReader(file, data)
	if root := r.Root(); root != nil {
		r.Read(root, form.Object("the log", l.keys()))
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return l, nil
}
