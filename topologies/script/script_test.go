package script

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
)

func TestParseCommand(t *testing.T) {
	for text, want := range map[string]Command{
		"R1: show version":        {Node: "R1", Line: "show version"},
		"R1:end":                  {Node: "R1", Line: "end"},
		"  wait 10s":              {Verb: Wait, Wait: 10 * time.Second},
		"wait 1h30m":              {Verb: Wait, Wait: 90 * time.Minute},
		"link R1:e0/0 down":       {Verb: Link, Port: "R1:e0/0"},
		"link R1:Ethernet0/0 up":  {Verb: Link, Port: "R1:Ethernet0/0", Up: true},
		"link: show clock":        {Node: "link", Line: "show clock"},
		"?":                       {Verb: Help},
		"R1: show run | sec a: b": {Node: "R1", Line: "show run | sec a: b"},
		"R1:":                     {Node: "R1"},
	} {
		got, err := ParseCommand(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "show version", "wait", "wait 10", "wait -1s", ": show version", "link", "link R1:e0/0", "link R1:e0/0 sideways", "link down up"} {
		_, err := ParseCommand(text)
		require.Error(t, err, text)
	}
}

// script is an embedded lab under a Runner that keeps the consoles' logs.
type script struct {
	t *testing.T
	*Runner
	logs map[string]*bytes.Buffer
}

func newScript(t *testing.T, name string, o lab.Options) *script {
	t.Helper()
	topology, err := topologies.Embedded(name)
	require.NoError(t, err)
	l, err := lab.Build(topology, o)
	require.NoError(t, err)
	s := &script{t: t, logs: map[string]*bytes.Buffer{}}
	s.Runner, err = NewRunner(l, l.Sim, func(node string) (io.Writer, error) {
		s.logs[node] = &bytes.Buffer{}
		return s.logs[node], nil
	})
	require.NoError(t, err)
	s.Begin()
	return s
}

func (s *script) do(text string) Result {
	s.t.Helper()
	c, err := ParseCommand(text)
	require.NoError(s.t, err)
	r, err := s.Do(c)
	require.NoError(s.t, err)
	return r
}

func TestFirstCommandComesBeforeIKE(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	r := s.do("R1: show ip interface brief")
	require.Equal(t, s.lab.Topology.Clock, r.Time)
	require.Equal(t, "Router1#", r.Prompt)
	require.Regexp(t, `Ethernet0/0 +10.0.0.1 +YES NVRAM +up +up`, r.Output)
	require.Regexp(t, `Tunnel0 +172.16.0.101 .* down`, r.Output)
	s.do("R1: debug crypto ikev2")
	s.do("wait 10s")
	require.Contains(t, s.logs["R1"].String(), "CurState: IDLE Event: EV_INIT_SA")
}

func TestConfigurationModeLasts(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	for _, row := range []struct{ line, prompt string }{
		{"R1: configure terminal", "Router1#"},
		{"R1: interface Loopback7", "Router1(config)#"},
		{"R1: ip address 10.7.0.1 255.255.255.0", "Router1(config-if)#"},
		{"R2: show clock", "Router2#"},
		{"R1: hostname Edge", "Router1(config-if)#"},
		{"R1: end", "Edge(config)#"},
		{"R1: show clock", "Edge#"},
	} {
		r := s.do(row.line)
		require.Equal(t, row.prompt, r.Prompt, row.line)
		require.False(t, r.Refused, row.line)
	}
	require.Contains(t, s.do("R1: show ip route").Output, "10.7.0.0/24 is directly connected, Loopback7")
}

func TestCommandWaitsForItsRouter(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	r := s.do("R2: show clock")
	require.Equal(t, s.lab.Topology.Clock.Add(time.Second), r.Time)
	require.Equal(t, "*19:30:31.000 UTC Fri Nov 11 2011\n", r.Output)
}

func TestCommandsTakeVirtualTime(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	before := s.do("wait 10s").Time
	require.Equal(t, s.lab.Topology.Clock, before)
	r := s.do("R1: ping 192.168.2.1 source Loopback0")
	require.Equal(t, 10*time.Second, r.Time.Sub(before))
	require.Contains(t, r.Output, "!!!!!\n")
	r = s.do("R1: ping 10.0.0.9 repeat 3 timeout 4")
	require.Contains(t, r.Output, "...\n")
	require.Equal(t, 12*time.Second, s.lab.Sim.Now().Sub(r.Time))
}

func TestRefusalsAndStrangers(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	require.True(t, s.do("R1: show clok").Refused)
	require.True(t, s.do("R1: show").Refused)
	require.False(t, s.do("R1: show clock").Refused)
	_, err := s.Do(Command{Node: "R9", Line: "show clock"})
	require.EqualError(t, err, `there is no router "R9" in psk-site-to-site`)
}

// TestExitLeavesTheConsoleToTheNext: what is typed after `exit` is typed at a
// console where nobody is privileged yet.
func TestExitLeavesTheConsoleToTheNext(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	require.Contains(t, s.do("R1: exit").Output, "Router1 con0 is now available")
	r := s.do("R1: show clock")
	require.Equal(t, "Router1>", r.Prompt)
	require.Equal(t, "*19:30:30.000 UTC Fri Nov 11 2011\n", r.Output)
	require.True(t, s.do("R1: configure terminal").Refused)
	s.do("R1: enable")
	require.Equal(t, "Router1#", s.do("R1: show clock").Prompt)
	s.do("wait 10s")
	require.Contains(t, s.logs["R1"].String(), "Line protocol on Interface Tunnel0, changed state to up", "the new session sees log lines")
}

func TestConsoleLogHasWholeLines(t *testing.T) {
	s := newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
	out := s.do("R1: ping 10.0.0.9 repeat 4").Output // the tunnel comes up meanwhile
	require.Contains(t, out, "\n....\n", "what the command printed")
	require.Regexp(t, `\n\.\n\*Nov 11 19:30:32\.\d+: [^\n]*Tunnel0, changed state to up\n\.\.\.\nSuccess`, s.logs["R1"].String())
}

func TestConsoleLogFails(t *testing.T) {
	topology, err := topologies.Embedded(topologies.DefaultLab)
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{})
	require.NoError(t, err)
	_, err = NewRunner(l, l.Sim, func(string) (io.Writer, error) { return nil, errors.New("disk full") })
	require.EqualError(t, err, "disk full")
	r, err := NewRunner(l, l.Sim, func(string) (io.Writer, error) { return &failing{}, nil })
	require.NoError(t, err)
	r.Begin()
	require.ErrorContains(t, r.Err(), "disk full")
}

// failing is a file that takes so many writes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func (f *failing) Close() error { return nil }
