package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// files are those that a scenario may include.
func files(content map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := content[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("open %s: no such file", name)
	}
}

func TestParseFile(t *testing.T) {
	cases, err := Parse("f", []byte(`
name: ${who} comes up
description: everything at once
lab: psk-site-to-site
seed: 7
variables: {who: tunnel}
matrix:
  suite: [a, {name: b, size: 3}]
  side: [R1, R2]
steps:
- wait 10s
- {include: common.yml, variables: {text: "${who}"}}
- run: show clock
  node: ${side}
  name: last
`), files(map[string]string{"common.yml": "steps:\n- expect ${text}\n- include: more.yml\n", "more.yml": "steps: [wait 1s]"}))
	require.NoError(t, err)
	require.Len(t, cases, 4)
	require.Equal(t, "tunnel comes up [a, R1]", cases[0].Name)
	require.Equal(t, "tunnel comes up [b, R2]", cases[3].Name)
	require.EqualValues(t, 7, *cases[0].Seed)
	require.Equal(t, "psk-site-to-site", cases[0].Lab)
	var steps []string
	for _, s := range cases[3].Steps {
		steps = append(steps, s.Place.String()+" "+s.Text)
	}
	require.Equal(t, []string{"f:11:3 wait 10s", "common.yml:2:3 expect tunnel", "more.yml:1:9 wait 1s", "f:13:3 run show clock at R2"}, steps)
	require.Equal(t, "last", cases[3].Steps[3].Name)
}

func TestFileProblems(t *testing.T) {
	head := "name: x\nlab: psk-site-to-site\nsteps:\n"
	for text, want := range map[string]string{
		"":                                    "f:1:1: the file is empty",
		"name: x":                             "f:1:1: the file has no steps",
		"name: x\nmatrix: {a: []}\nsteps: []": "f:1:1: matrix: a has no values",
		"name: ${y}\nsteps: []":               `f:1:7: there is no variable "y"`,
		head + "- rum: show clock":            `f:4:3: "rum" is no step: did you mean "run"?`,
		head + "- run: show clock\n  nod: R1": `f:5:3: unknown key "nod" in a step "run": did you mean "node"?`,
		head + "- run: show clock\n  expect: {txt: a}":     `f:5:12: unknown key "txt" in checks: did you mean "text"?`,
		head + "- run: show clock\n  expect: {match: '('}": "f:5:19: match: \"(\" is no regular expression: error parsing regexp: missing closing ): `(?m)(`",
		head + "- wait: 10":                    `f:4:9: wait: "10" is not a duration such as 10s`,
		head + "- wait 10":                     `f:4:3: a step: "wait 10": wait: "10" is not a duration such as 10s`,
		head + "- wait: {record: ike.nothing}": `f:4:18: record: "ike.nothing" is no kind of record: did you mean "ike.hint"?`,
		head + "- wait: {record: ike.sa_up, fields: {sa.spi_x: 1}}":    `f:4:38: ike.sa_up has no field "spi_x": did you mean "spi_i"?`,
		head + "- wait: {state: fine}":                                 `f:4:17: state: "fine" is none of one-ike-sa, one-pair, spis-match, settled, none`,
		head + "- link: R1:e0/0":                                       `f:4:3: a step "link" has no state`,
		head + "- link: R1:e0/0\n  state: down\n  wait: 3s":            "f:6:3: a step is either link or wait",
		head + "- expect: {show: clock, count: {match: a, is: '> b'}}": `f:4:47: is: > needs a number, not "b"`,
		head + "- include: nowhere.yml":                                "f:4:3: include: open nowhere.yml: no such file",
		head + "- include: self.yml":                                   "self.yml:1:9: include: more than 8 files include each other",
		head + "- include: bad.yml":                                    `bad.yml:1:9: "rum" is no step: did you mean "run"?`,
	} {
		_, err := Parse("f", []byte(text), files(map[string]string{"self.yml": "steps: [include: self.yml]", "bad.yml": "steps: [rum: a]"}))
		assert.ErrorContains(t, err, want, text)
		assert.NotContains(t, err.Error(), "\n", text)
	}
}

// runs runs a scenario of the default lab.
func runs(t *testing.T, seed uint64, steps string) Report {
	t.Helper()
	cases, err := Parse("f", []byte("name: x\nlab: psk-site-to-site\nsteps:\n"+steps), nil)
	require.NoError(t, err)
	topology, err := topologies.Embedded(cases[0].Lab)
	require.NoError(t, err)
	return Run(cases[0], topology, Options{Seed: seed})
}

func TestPasses(t *testing.T) {
	for _, steps := range []string{
		"- wait: {interface: 'R1:Tunnel0', is: up}\n  limit: 10s\n- {run: ping 192.168.2.1 source Loopback0, node: R1, expect: '!!!!!'}",
		"- {run: [configure terminal, hostname Edge, end, copy running-config startup-config], node: R1, answers: '', expect: '[OK]'}",
		"- {run: show clok, node: R1, expect: {refused: true}}",
		"- node: R1\n  run: |\n    configure terminal\n    interface Loopback7\n    end\n    show ip interface brief\n  expect: Loopback7",
		"- {run: [\"configure terminal\\r\\nhostname Edge\", end], node: R1}\n- {run: show running-config, node: R1, expect: hostname Edge}",
		"- never: {record: ike.sa_down}\n- wait 10s\n- expect: {state: settled}",
		"- never: {interface: 'R1:Tunnel0', is: up}\n  until: now\n- wait 1s\n- end: now\n- wait 10s",
		"- wait: {state: settled}\n- name: cut\n  link: R1:e0/0\n  state: down\n- wait: {record: ip.link, node: R1, since: cut, fields: {interface: Ethernet0/0, up: false}}\n  limit: 0s",
		"- wait 10s\n- expect: {record: ike.message_parsed, node: R2, count: 1, fields: {message.exchange: IKE_SA_INIT}}\n" +
			"- expect: {record: ike.sa_up, node: R1, count: 1, after: {record: ike.message_built, node: R2, fields: {message.exchange: IKE_AUTH}}}",
		"- expect: {not: {state: settled}}\n- wait: {any: [{state: settled}, {interface: 'R1:Tunnel0', is: up}]}\n- wait: {all: [{state: one-pair}, {show: crypto session, node: R1, text: UP-ACTIVE}]}",
		"- expect: {show: ip interface brief, node: R1, fields: {'interfaces.#': '> 1'}, count: {match: Ethernet, is: 1}}",
		"- wait: {state: settled}\n- reload: [R1, R2]\n- wait: {state: none}\n  limit: 0s\n- wait: {state: settled}",
		"- impair: R1:e0/0\n  delay: 400ms\n- {run: ping 10.0.0.2 repeat 2, node: R1, expect: {match: 'min/avg/max = 80.'}}",
	} {
		report := runs(t, 1, steps)
		require.NoError(t, report.Err, steps)
	}
}

// TestFailures: what was expected, what came, and where it says so.
func TestFailures(t *testing.T) {
	for steps, want := range map[string]string{
		"- {run: show clock, node: R1, expect: 2012}":                 "f:4:3: run show clock at R1: what R1 shows is not as expected\n  expected the text \"2012\"",
		"- {run: [show clok, show clock], node: R1}":                  "f:4:3: run [show clok, show clock] at R1: it is refused\n  expected that \"show clok\" is accepted",
		"- {run: show clok, node: R1}":                                "f:4:3: run show clok at R1: it is refused\n  expected that it is carried out",
		"- {run: reload, node: R1}":                                   `f:4:3: run reload at R1: "Proceed with reload? [confirm]" waits for an answer`,
		"- {run: show clock, node: R1, answers: 'yes'}":               `f:4:3: run show clock at R1: nobody asked for the answer "yes"`,
		"- configure: [hostname Edge, no sense]\n  node: R1":          `f:4:3: configure [hostname Edge, no sense] at R1: it is refused` + "\n  expected that \"no sense\" is accepted",
		"- wait: {record: ike.sa_down}\n  limit: 20s":                 "f:4:3: wait ike.sa_down: it does not hold after 20s\n  expected records ike.sa_down: >= 1",
		"- never: {record: ike.sa_up, node: R2}\n- wait 10s":          "f:4:10: never ike.sa_up node=R2: it holds during wait 10s\n  expected never records ike.sa_up of R2: >= 1",
		"- never: {interface: 'R1:Tunnel0', is: up}\n- wait 10s":      "f:4:10: never R1:Tunnel0 is=up: it holds during wait 10s\n  expected never R1:Tunnel0 is up",
		"- expect: {state: settled}":                                  "f:4:3: expect settled: it does not hold\n  expected state settled",
		"- {run: show clock, node: R9}":                               `f:4:3: there is no router "R9" in psk-site-to-site`,
		"- end: nothing":                                              `f:4:3: no never that has begun lasts until "nothing"`,
		"- {run: show clock, node: R1, expect: {screen: \"noon\n\"}}": "f:4:3: run show clock at R1: what R1 shows is not as expected\n  expected noon",
	} {
		report := runs(t, 1, steps)
		require.EqualError(t, report.Err, want, steps)
	}
}

// TestNeverTellsWhen: the instant and the record.
func TestNeverTellsWhen(t *testing.T) {
	f := runs(t, 1, "- never: {record: ike.sa_up, node: R2}\n- wait 1h").Failure()
	require.NotNil(t, f)
	require.Equal(t, "ike.sa_up", f.Findings[0].Record.Body.Kind())
	require.Equal(t, f.Findings[0].Record.At, f.At)
}

// TestWaitsCostLittle: who waits for what does not happen looks at it when
// something has been recorded, not at each event.
func TestWaitsCostLittle(t *testing.T) {
	report := runs(t, 1, "- never: {show: crypto session, node: R1, text: nonsense}\n- wait: {record: operator.restarted}\n  limit: 3h")
	require.ErrorContains(t, report.Err, "after 3h0m0s")
	require.Greater(t, report.Virtual, 2*time.Hour)
}

// TestUpdated: screens are written in place, and nothing else.
func TestUpdated(t *testing.T) {
	text := "name: x\nlab: psk-site-to-site\nsteps:\n- run: show clock # comment\n  node: R1\n  expect:\n    screen: |\n      noon\n\n      tea\n\n- run: show clock\n  node: R2\n  expect: {text: UTC}\n- {node: R1, run: show privilege, expect: {screen: \"a\"}}\n"
	cases, err := Parse("f", []byte(text), nil)
	require.NoError(t, err)
	topology, err := topologies.Embedded(cases[0].Lab)
	require.NoError(t, err)
	report := Run(cases[0], topology, Options{Settings: Settings{Update: true}, Seed: 1})
	require.NoError(t, report.Err)
	require.Len(t, report.Updates, 2)
	_, err = Updated([]byte(text), report.Updates)
	require.ErrorContains(t, err, "must be written as a block: screen: |")
	got, err := Updated([]byte(text), report.Updates[:1])
	require.NoError(t, err)
	require.Equal(t, strings.Replace(text, "noon\n\n      tea\n", "*19:30:30.000 UTC Fri Nov 11 2011\n", 1), string(got))
}

func FuzzScenario(f *testing.F) {
	for _, text := range []string{
		"name: x\nsteps: []", "name: ${a}\nmatrix: {a: [b, {c: d}]}\nsteps:\n- wait 10s\n- R1: show clock\n",
		"name: x\nsteps:\n- &a {wait: {all: [{any: [{not: {state: settled}}]}]}}\n- *a\n- never: {show: x, count: [{match: a, is: '> 1'}]}",
		"name: x\nsteps:\n- wait {record: ike.sa_up, fields: {sa.spi_i: ~ 0}} limit=3s\n- {include: f}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := Parse("f", []byte(text), files(map[string]string{"f": text}))
		if (err == nil) == (len(cases) == 0) {
			t.Fatalf("%d cases, error %v", len(cases), err)
		}
		for line := range strings.SplitSeq(text, "\n") {
			step, err := ParseLine(line)
			if (step == nil) == (err == nil) {
				t.Fatalf("%q: step %v, error %v", line, step, err)
			}
		}
	})
}
