package condition

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// read reads a condition as a file has it.
func read(text string) (*Condition, error) {
	c := &Condition{}
	r := form.NewReader("f", []byte(text))
	if root := r.Root(); root != nil {
		r.Read(root, Value(c))
	}
	return c, r.Err()
}

// tunnel is the tech note's two routers, whose tunnel is up after ten seconds.
func tunnel(t *testing.T) (*lab.Lab, *World) {
	t.Helper()
	topology, err := topologies.Embedded(topologies.DefaultLab)
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	return l, NewWorld(l)
}

func run(l *lab.Lab, d time.Duration) { l.Sim.Run(l.Topology.Clock.Add(d)) }

// TestEveryKind: a condition of each kind that does not hold before power-on and
// holds when the tunnel is up, and the other way round.
func TestEveryKind(t *testing.T) {
	l, w := tunnel(t)
	up, down := map[string]*Watch{}, map[string]*Watch{}
	for _, text := range []string{
		"{show: crypto session, node: R1, text: UP-ACTIVE}",
		"{show: crypto session, node: R1, no-text: [DOWN], line: 'Session status: UP-ACTIVE', match: '^Peer', count: {match: '^Interface', is: 1}}",
		"{show: crypto ikev2 sa, node: R1, fields: {ike_sas.#: 1, ike_sas.0.status: READY}}",
		"{interface: 'R1:Tunnel0', is: up}", "{record: ike.sa_up}", "{record: ike.sa_up, node: R2, count: 1}", "{record: ike.sa_up, count: '> 1'}",
		"{record: ike.message_built, fields: {message.exchange: IKE_AUTH}}",
		"{record: ike.sa_up, after: {record: ike.message_built}}", "{record: ike.message_built, before: {record: ike.sa_up}}",
		"{wire: seen, exchange: IKE_AUTH, count: 2}", "{wire: seen, exchange: IKE_SA_INIT, from: responder}",

		"{state: one-ike-sa}", "{state: one-pair, nodes: R1}", "{state: settled}",
		"{all: [{state: settled}, {record: ike.sa_up}]}", "{any: [{record: ike.failure}, {state: settled}]}", "{not: {state: none}}",
	} {
		c, err := read(text)
		require.NoError(t, err, text)
		up[text], err = c.Watch(w)
		require.NoError(t, err, text)
	}
	for _, text := range []string{
		"{interface: 'R1:Tunnel0', is: down}", "{state: none}", "{not: {record: ike.sa_up}}", "{wire: seen, exchange: IKE_AUTH, count: 0}", "{record: ike.sa_up, count: 0}",
		"{not: {any: [{record: ike.failure}, {interface: 'R2:Tunnel0', is: up}]}}",
	} {
		c, err := read(text)
		require.NoError(t, err, text)
		down[text], err = c.Watch(w)
		require.NoError(t, err, text)
	}
	require.False(t, w.Wire() == nil)
	for i, at := range []time.Duration{0, 10 * time.Second} {
		run(l, at)
		for text, watch := range up {
			f := watch.Look()
			require.Equal(t, i == 1, f.Holds, "%s at %v: %+v", text, at, f)
			require.Equal(t, f, watch.Look(), "nothing has happened since")
		}
		for text, watch := range down {
			require.Equal(t, i == 0, watch.Look().Holds, "%s at %v", text, at)
		}
	}
}

// TestNever: what must never be, and what is not so.
func TestNever(t *testing.T) {
	l, w := tunnel(t)
	for _, text := range []string{
		"{wire: reuse}", "{wire: clear, within: 10.0.0.0/8}", "{wire: clear, within: 192.168.0.0/16}", "{record: ike.failure}", "{wire: seen, exchange: INFORMATIONAL}", "{state: spis-match, nodes: [R1]}",
		"{record: ike.sa_up, before: {record: ike.message_built}}", "{record: ike.sa_up, after: {record: ike.failure}}", "{show: nonsense, node: R1}",
		"{show: version, node: R1, refused: true, screen: nothing}", "{show: clock, node: R1, fields: {there: 1}}",
	} {
		c, err := read(text)
		require.NoError(t, err, text)
		watch, err := c.Watch(w)
		require.NoError(t, err, text)
		run(l, 10*time.Second)
		f := watch.Look()
		require.False(t, f.Holds, "%s: %+v", text, f)
		require.NotEmpty(t, f.Want, text)
	}
}

// TestBegin: only what is recorded from then on counts, or since a step.
func TestBegin(t *testing.T) {
	l, w := tunnel(t)
	watch := func(text string) *Watch {
		c, err := read(text)
		require.NoError(t, err)
		k, err := c.Watch(w)
		require.NoError(t, err)
		return k
	}
	whole, later := watch("{record: ike.sa_up}"), watch("{all: [{record: ike.sa_up}]}")
	since := watch("{record: ike.sa_up, since: then}")
	before := watch("{record: ike.message_built, since: then, before: {record: ike.sa_up}}")
	after := watch("{record: ike.sa_up, since: then, after: {record: ike.message_built}}")
	run(l, 10*time.Second)
	require.True(t, whole.Look().Holds)
	w.Mark("then")
	later.Begin()
	for _, k := range []*Watch{later, since, before, after} {
		require.False(t, k.Look().Holds)
	}
	require.NoError(t, l.PortUp("R1:e0/0", false))
	run(l, 20*time.Second)
	require.NoError(t, l.PortUp("R1:e0/0", true))
	run(l, 5*time.Minute)
	for _, k := range []*Watch{later, since, before, after} {
		require.True(t, k.Look().Holds, "%+v", k.Look())
	}
}

// TestConsole: lines count when they have ended, whatever they come in.
func TestConsole(t *testing.T) {
	l, w := tunnel(t)
	watch := func(text string) *Watch {
		c, err := read(text)
		require.NoError(t, err)
		k, err := c.Watch(w)
		require.NoError(t, err)
		return k
	}
	some, two := watch("{console: R1, contains: UPDOWN, matches: 'up$'}"), watch("{console: R1, contains: UPDOWN, count: 2}")
	since, never := watch("{console: R1, contains: UPDOWN, since: then}"), watch("{console: R2, contains: UPDOWN}")
	for _, text := range []string{"%LINK-3-UP", "DOWN: changed to", " up", "\n%LINK-3-UPDOWN: changed to down\nR"} {
		require.False(t, some.Look().Holds || two.Look().Holds)
		w.Shown(l.Routers[0], text)
	}
	require.True(t, some.Look().Holds && two.Look().Holds)
	w.Mark("then")
	require.False(t, since.Look().Holds)
	w.Shown(l.Routers[0], "%LINEPROTO-5-UPDOWN\n"+strings.Repeat("x", 3*longest))
	require.True(t, since.Look().Holds)
	require.False(t, two.Look().Holds)
	require.False(t, never.Look().Holds)
	_, err := read("{console: R1, matches: '('}")
	require.ErrorContains(t, err, "is no regular expression")
	c, err := read("{console: R1}")
	require.NoError(t, err)
	_, err = c.Watch(w)
	require.ErrorContains(t, err, "needs contains or matches")
}

// TestOrderSince: what came before the point from which on it counts is neither
// before nor after.
func TestOrderSince(t *testing.T) {
	l, w := tunnel(t)
	c, err := read("{record: operator.line_entered, since: then, before: {record: ike.sa_up}}")
	require.NoError(t, err)
	k, err := c.Watch(w)
	require.NoError(t, err)
	run(l, 10*time.Second) // the first SA is up before any line is typed
	w.Mark("then")
	s := l.Routers[0].Shell().Open(shell.Options{Privileged: true})
	for _, line := range []string{"configure terminal", "interface Ethernet0/0", "shutdown", "no shutdown", "end"} {
		l.Routers[0].Enter(s, line)
	}
	require.False(t, k.Look().Holds)
	l.Routers[0].Enter(s, "clear crypto session")
	run(l, 5*time.Minute)
	require.True(t, k.Look().Holds, "%+v", k.Look())
}

// TestHostileConditions: one clear message each.
func TestHostileConditions(t *testing.T) {
	for text, want := range map[string]string{
		"[]":                                "f:1:1: a condition must be a mapping",
		"{}":                                "f:1:1: a condition must be one of",
		"{sate: settled}":                   `"sate" is no condition: did you mean "state"?`,
		"{state: wonderful}":                `state: "wonderful" is none of`,
		"{record: ike.sa_upp}":              `did you mean "ike.sa_up"?`,
		"{record: ike.sa_up, count: '> x'}": `> needs a number, not "x"`,
		"{record: ike.sa_up, fields: {nothing: 1}}":                            `ike.sa_up has no field "nothing"`,
		"{record: ike.sa_up, fields: {sa: '~ ('}}":                             "is no regular expression",
		"{show: clock, match: '('}":                                            "is no regular expression",
		"{wire: seen, exchange: IKE_PARTY}":                                    `exchange: "IKE_PARTY" is none of`,
		"{wire: seen, message-id: -1}":                                         `message-id: "-1" is not a number between 0 and 4294967295`,
		"{wire: clear, within: everywhere}":                                    "within: netip.ParsePrefix",
		"{interface: Tunnel0, is: up}":                                         `"Tunnel0" is not an interface such as R1:Tunnel0`,
		"{state: settled, wire: clear}":                                        "a condition is either state or wire",
		"{all: " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + "}": "a condition must be a mapping",
	} {
		_, err := read(text)
		require.ErrorContains(t, err, want, text)
	}
	_, w := tunnel(t)
	for _, text := range []string{"{show: clock, node: R9}", "{show: clock}", "{interface: 'R9:e0/0', is: up}", "{record: ike.sa_up, node: R9}", "{wire: seen, port: 'R1:e9/9'}", "{wire: seen, node: R9}", "{state: none, nodes: [R9]}", "{not: {show: clock}}"} {
		c, err := read(text)
		require.NoError(t, err, text)
		_, err = c.Watch(w)
		require.Error(t, err, text)
	}
}

func TestComparisons(t *testing.T) {
	for _, row := range []struct {
		is, have string
		holds    bool
	}{
		{"READY", "READY", true}, {"READY", "UP", false}, {"1", "1.0", true}, {"= 2", "2", true}, {"!= 2", "3", true}, {"!= 2", "2", false}, {"> 2", "3", true}, {"> 2", "2", false},
		{">= 2", "2", true}, {"< 2", "1", true}, {"<= 2", "3", false}, {"<2", "x", false}, {"~ ^UP", "UP-ACTIVE", true}, {"~ ^UP", "DOWN", false}, {"", "", true},
	} {
		c, err := ParseComparison(row.is)
		require.NoError(t, err)
		require.Equal(t, row.holds, c.Holds(row.have), "%q %q", row.is, row.have)
	}
}

func FuzzCondition(f *testing.F) {
	f.Add([]byte("{all: [{state: settled}, {record: ike.sa_up, fields: {sa.spi_i: '> 1'}}]}"))
	f.Add([]byte("{show: clock, node: R1, count: [{match: x, is: 3}], hide: y, screen: z}"))
	f.Add([]byte("{not: {wire: seen, exchange: IKE_AUTH, payload: KE, since: x}}"))
	topology, err := topologies.Embedded(topologies.DefaultLab)
	require.NoError(f, err)
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(f, err)
	w := NewWorld(l)
	w.Wire()
	run(l, 3*time.Second)
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &Condition{}
		r := form.NewReader("f", data)
		var doc yaml.Node
		if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
			return
		}
		r.Read(doc.Content[0], Value(c))
		if r.Err() != nil {
			return
		}
		if watch, err := c.Watch(w); err == nil {
			watch.Look()
		}
	})
}
