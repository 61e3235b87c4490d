package tests

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// bench is a lab with its consoles and everything they showed.
type bench struct {
	t *testing.T
	*lab.Lab
	runner *scenario.Runner
	logs   map[string]*bytes.Buffer
}

// boot starts an embedded lab after an edit.
func boot(t *testing.T, name string, seed uint64, edits ...func(*topologies.Topology)) *bench {
	t.Helper()
	topo, err := topologies.Embedded(name)
	require.NoError(t, err)
	for _, e := range edits {
		e(topo)
	}
	l, err := lab.Build(topo, lab.Options{Seed: seed})
	require.NoError(t, err)
	return bootLab(t, l)
}

// bootLab starts a lab.
func bootLab(t *testing.T, l *lab.Lab) *bench {
	t.Helper()
	b := &bench{t: t, Lab: l, logs: map[string]*bytes.Buffer{}}
	var err error
	b.runner, err = scenario.NewRunner(l, scenario.Settings{Console: func(node string) (io.Writer, error) {
		b.logs[node] = &bytes.Buffer{}
		return b.logs[node], nil
	}, Lenient: true})
	require.NoError(t, err)
	b.runner.Begin()
	return b
}

// do types commands, "R1: show version" or "wait 10s", and returns what the
// last one printed.
func (b *bench) do(commands ...string) string {
	b.t.Helper()
	var out string
	for _, text := range commands {
		step, err := scenario.ParseLine(text)
		require.NoError(b.t, err)
		require.NoError(b.t, b.runner.Prepare(step))
		results, err := b.runner.Do(step)
		require.NoError(b.t, err)
		r := results[len(results)-1]
		require.False(b.t, r.Refused, "%s: %s", text, r.Output)
		out = r.Output
	}
	return out
}

// configure types configuration lines at a router.
func (b *bench) configure(node string, lines ...string) {
	b.t.Helper()
	b.do(node + ": configure terminal")
	for _, l := range lines {
		b.do(node + ": " + l)
	}
	b.do(node + ": end")
}

// log is what a console has shown so far, by line.
func (b *bench) log(node string) []string {
	return strings.Split(strings.TrimRight(b.logs[node].String(), "\n"), "\n")
}

// since is the virtual time since power-on.
func (b *bench) since() time.Duration { return b.Sim.Now().Sub(b.Topology.Clock) }

// edit replaces text in the startup configuration of a node.
func edit(node, old, new string) func(*topologies.Topology) {
	return func(t *topologies.Topology) {
		n := t.Node(node)
		if !strings.Contains(n.Config, old) {
			panic("tests: " + node + " has no " + old)
		}
		n.Config = strings.ReplaceAll(n.Config, old, new)
	}
}

// r2First makes R2's request go out first.
func r2First(t *topologies.Topology) {
	t.Node("R1").StartupDelay, t.Node("R2").StartupDelay = time.Second, 0
}
