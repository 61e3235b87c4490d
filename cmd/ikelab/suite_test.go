package main

import (
	"context"
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/script"
)

const goodScenario = "name: good\nlab: psk-site-to-site\nsteps: [{wait: {state: settled}}]\n"

const badScenario = `name: bad
lab: psk-site-to-site
steps:
  - capture start here
  - {run: show privilege, node: R1, expect: {line: Current privilege level is 7}}
  - wait: {state: settled}
  - run: show clock
    node: R1
    expect:
      screen: |
        noon
`

// TestTest: what is said of a scenario that fails, and what is left of it.
func TestTest(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.scenario.yml", goodScenario)
	bad := write(t, dir, "b.scenario.yml", badScenario)
	failures := filepath.Join(dir, "failures")
	junit, tap := filepath.Join(dir, "r.xml"), filepath.Join(dir, "r.tap")
	out, status, err := program(t, "", "test", dir, "--failures", failures, "--junit", junit, "--tap", tap)
	require.Error(t, err)
	require.Equal(t, 1, status, err)
	for _, text := range []string{
		"ok    good (seed 1, 2.55", "FAIL  bad (seed 1)\n  " + bad + ":5:5: run show privilege at R1\n",
		`expected: the line "Current privilege level is 7"`, "came:\n    Current privilege level is 15\n", "the end of R1's console:\n", "    Router1#show privilege\n    Current privilege level is 15\n",
		"capture, records and consoles: " + filepath.Join(failures, "bad-seed-1"), "again: ikelab test " + bad + " --run '^bad$' --seed 1\n",
		"1 passed, 1 failed: ",
	} {
		require.Contains(t, out, text)
	}
	require.Equal(t, []string{"capture.pcapng", "consoles", "esp_sa", "events.jsonl", "ikev2_decryption_table", "preferences"}, names(t, filepath.Join(failures, "bad-seed-1")))
	text, err := os.ReadFile(tap)
	require.NoError(t, err)
	require.Contains(t, string(text), "TAP version 14\n1..2\nok 1 - good (seed 1)\nnot ok 2 - bad (seed 1)\n# FAIL")
	text, err = os.ReadFile(junit)
	require.NoError(t, err)
	requireJUnit(t, text)
}

// requireJUnit reads a report as its consumers do.
func requireJUnit(t *testing.T, text []byte) {
	t.Helper()
	var report struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Suites   []struct {
			Name  string  `xml:"name,attr"`
			Tests int     `xml:"tests,attr"`
			Time  float64 `xml:"time,attr"`
			Cases []struct {
				Name    string  `xml:"name,attr"`
				Class   string  `xml:"classname,attr"`
				Time    float64 `xml:"time,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &report))
	require.Equal(t, 2, report.Tests)
	require.Equal(t, 1, report.Failures)
	require.Len(t, report.Suites, 2)
	require.Nil(t, report.Suites[0].Cases[0].Failure)
	require.Contains(t, report.Suites[1].Cases[0].Failure.Text, "Current privilege level is 15")
}

// TestSignalEndsAWait: what waits by the wall clock notices at once that it is to
// end.
func TestSignalEndsAWait(t *testing.T) {
	topology, err := topologies.Parse("f", []byte("name: x\ntopology:\n  nodes: {R1: {kind: ios}}\n  links:\n  - {type: udp, endpoint: \"R1:e0/0\", local: \"127.0.0.1:0\", remote: \"127.0.0.1:9\"}\n"), nil)
	require.NoError(t, err)
	rows, err := scenario.Parse("s", []byte("name: x\nsteps: [wait 1h]\n"), nil)
	require.NoError(t, err)
	ctx, end := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, end)
	start := time.Now()
	report := scenario.Run(rows[0], topology, scenario.Options{Connect: func(l *lab.Lab) (script.Driver, func() error, error) { return pacedLab(ctx, l) }})
	require.ErrorIs(t, report.Err, script.ErrStopped)
	require.Less(t, time.Since(start), 10*time.Second)
}

// TestTestUpdates screens, and nothing that is no screen.
func TestTestUpdates(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "b.scenario.yml", badScenario)
	_, status, _ := program(t, "", "test", path, "--update", "--failures", dir)
	require.Equal(t, 1, status)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, badScenario, string(text), "the step before fails")
	good := write(t, dir, "c.scenario.yml", "name: c\nlab: psk-site-to-site\nsteps:\n- run: show clock\n  node: R1\n  expect:\n    screen: |\n      noon\n")
	out, status, err := program(t, "", "test", good, "--update")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Contains(t, out, "updated "+good)
	out, _, err = program(t, "", "test", good)
	require.NoError(t, err, out)
}

func TestTestSelects(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.scenario.yml", "name: ${x}\nmatrix: {x: [one, two]}\nlab: psk-site-to-site\nsteps: [wait 1s]\n")
	out, _, err := program(t, "", "test", dir, "--run", "^two", "--seeds", "3")
	require.NoError(t, err)
	require.NotContains(t, out, "one [one]")
	require.Contains(t, out, "two [two] (seed 3")
	require.Contains(t, out, "3 passed, 0 failed")
	out, _, err = program(t, "", "test", "psk-site-to-site")
	require.NoError(t, err, out)
	for _, args := range [][]string{{"nowhere"}, {dir, "--run", "three"}, {dir, "--run", "("}, {write(t, dir, "bad.scenario.yml", "name: x\nsteps: [wiat 3s]")}, {t.TempDir()}} {
		_, status, err := program(t, "", append([]string{"test"}, args...)...)
		require.Error(t, err, args)
		require.Equal(t, 2, status, args)
	}
}

func TestSchema(t *testing.T) {
	out, _, err := program(t, "", "schema", "scenario")
	require.NoError(t, err)
	require.Contains(t, out, `"$schema": "https://json-schema.org/draft/2020-12/schema"`)
	out, _, err = program(t, "", "schema", "topology", "--page")
	require.NoError(t, err)
	require.Contains(t, out, "| startup-config |")
	_, status, err := program(t, "", "schema", "lab")
	require.Error(t, err)
	require.Equal(t, 2, status)
}
