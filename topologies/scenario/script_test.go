package scenario

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

func TestParseLine(t *testing.T) {
	for text, want := range map[string]action{
		"R1: show version":         &run{node: "R1", lines: []string{"show version"}},
		"R1:end":                   &run{node: "R1", lines: []string{"end"}},
		"  wait 10s":               &wait{duration: 10 * time.Second, limit: defaultLimit},
		"wait 1h30m":               &wait{duration: 90 * time.Minute, limit: defaultLimit},
		"link R1:e0/0 down":        &link{port: "R1:e0/0", state: "down"},
		"link R1:Ethernet0/0 up":   &link{port: "R1:Ethernet0/0", state: "up"},
		"link: show clock":         &run{node: "link", lines: []string{"show clock"}},
		"?":                        &help{Lines()},
		"link ?":                   &help{findKind("link").about()},
		"R1: show run | sec a: b":  &run{node: "R1", lines: []string{"show run | sec a: b"}},
		"R1:":                      &run{node: "R1", lines: []string{""}},
		"expect two words":         &expect{text: "two words"},
		"reload R2 save=true":      &reload{nodes: []string{"R2"}, save: true},
		"configure R1 no shutdown": &configure{node: "R1", lines: []string{"no shutdown"}},
	} {
		got, err := ParseLine(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got.action, text)
	}
	for text, want := range map[string]string{
		"":                          "an empty line is no step",
		"show version":              `"show version" is no command; there are:`,
		"wiat 10s":                  `"wiat 10s" is no command: did you mean "wait"?; there are:`,
		"wait":                      `"wait": wait is written like "wait 10s"`,
		"wait 10":                   `"wait 10": wait: "10" is not a duration such as 10s`,
		"wait -1s":                  `"wait -1s": wait: "-1s" is not a duration such as 10s`,
		": show version":            `": show version" is no command`,
		"link":                      `"link": link is written like "link R1:Ethernet0/0 down"`,
		"link R1:e0/0":              `"link R1:e0/0": a step "link" has no state`,
		"link R1:e0/0 sideways":     `"link R1:e0/0 sideways": state: "sideways" is none of down, up`,
		"link R1:e0/0 down quickly": `"link R1:e0/0 down quickly": "quickly" is too much: link is written like "link R1:Ethernet0/0 down"`,
		"wait 10s limt=3s":          `"wait 10s limt=3s": unknown key "limt" in a step "wait": did you mean "limit"?`,
		"wait {record: ike.sa_upp}": `"wait {record: ike.sa_upp}": record: "ike.sa_upp" is no kind of record: did you mean "ike.sa_up"?`,
	} {
		_, err := ParseLine(text)
		require.ErrorContains(t, err, want, text)
	}
}

// bench is an embedded lab under a Runner that keeps the consoles' logs.
type bench struct {
	t *testing.T
	*Runner
	logs map[string]*bytes.Buffer
}

func newScript(t *testing.T, name string, o lab.Options) *bench {
	t.Helper()
	topology, err := topologies.Embedded(name)
	require.NoError(t, err)
	l, err := lab.Build(topology, o)
	require.NoError(t, err)
	s := &bench{t: t, logs: map[string]*bytes.Buffer{}}
	s.Runner, err = NewRunner(l, Settings{Lenient: true, Console: func(node string) (io.Writer, error) {
		s.logs[node] = &bytes.Buffer{}
		return s.logs[node], nil
	}})
	require.NoError(t, err)
	s.Begin()
	return s
}

func (s *bench) do(text string) script.Result {
	s.t.Helper()
	results, err := s.try(text)
	require.NoError(s.t, err)
	return results[len(results)-1]
}

func (s *bench) try(text string) ([]script.Result, error) {
	s.t.Helper()
	step, err := ParseLine(text)
	require.NoError(s.t, err)
	if err := s.Prepare(step); err != nil {
		return nil, err
	}
	return s.Do(step)
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
	_, err := s.try("R9: show clock")
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
	_, err = NewRunner(l, Settings{Console: func(string) (io.Writer, error) { return nil, errors.New("disk full") }})
	require.EqualError(t, err, "disk full")
	r, err := NewRunner(l, Settings{Console: func(string) (io.Writer, error) { return &failing{}, nil }})
	require.NoError(t, err)
	r.Begin()
	require.ErrorContains(t, r.End(), "disk full")
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
