package tests

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// suiteOfAll is a run in which something passes, fails, ends in an error and is
// skipped, with characters that XML cannot hold.
var suiteOfAll = map[string]string{
	"a.scenario.yml": "name: passes\nlab: psk-site-to-site\nsteps: [wait 1s]\n",
	"b.scenario.yml": "name: ends in an error\nlab: psk-site-to-site\nsteps: [{run: show clock, node: R9}]\n",
	"c.scenario.yml": `name: "ugly \e[31m ]]> & < > \" ' \0 \uFFFE \x07 \u202E 😀"
lab: psk-site-to-site
steps:
  - {node: R1, configure: "hostname ]]>&<"}
  - {node: R1, run: show privilege, expect: {line: "\e]0;title\a <![CDATA[ ]]> &amp; \0 \uFFFF \x1B"}}
`,
	"d.scenario.yml": "name: is skipped ${n}\nmatrix: {n: [1, 2, 3]}\nlab: psk-site-to-site\nsteps: [wait 1s]\n",
}

// TestJUnit: a report of all that can come fits the schema of the dialect, as a
// validator that is not ours judges.
func TestJUnit(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, "xmllint")
	dir := t.TempDir()
	for name, text := range suiteOfAll {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, run := range []struct {
		args []string
		want counts
	}{
		{nil, counts{Tests: 6, Failures: 1, Errors: 1}},
		{[]string{"--fail-fast"}, counts{Tests: 6, Errors: 1, Skipped: 4}},
		{[]string{"--run", "passes", "--seeds", "3"}, counts{Tests: 3}},
	} {
		report := filepath.Join(dir, "report.xml")
		cmd := kit.Ikelab(t, append([]string{"test", dir, "--junit", report, "--failures", filepath.Join(dir, "failures")}, run.args...)...)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1") // one after the other
		_, _ = cmd.CombinedOutput()
		requireValid(t, report)
		text, err := os.ReadFile(report)
		require.NoError(t, err)
		var got counts
		require.NoError(t, xml.Unmarshal(text, &got))
		require.Equal(t, run.want, got, run.args)
	}
	requireConsumed(t, filepath.Join(dir, "report.xml"))
	broken := filepath.Join(dir, "broken.xml")
	require.NoError(t, os.WriteFile(broken, []byte(`<testsuites tests="1" failures="0" errors="0"><testsuite tests="1" failures="0" errors="0"/></testsuites>`), 0o600))
	require.Error(t, validate(broken).Run(), "the schema refuses what is none")
}

// requireConsumed has a consumer that people use load reports: it merges two, and
// tells which one has failed.
func requireConsumed(t *testing.T, passed string) {
	t.Helper()
	kit.NeedCommand(t, "junitparser")
	dir := t.TempDir()
	failed, merged := filepath.Join(dir, "failed.xml"), filepath.Join(dir, "merged.xml")
	wrong := filepath.Join(dir, "wrong.scenario.yml")
	require.NoError(t, os.WriteFile(wrong, []byte(suiteOfAll["c.scenario.yml"]), 0o600))
	require.Error(t, kit.Ikelab(t, "test", wrong, "--junit", failed, "--failures", dir).Run())
	consume := func(args ...string) (string, error) {
		out, err := exec.Command("junitparser", args...).CombinedOutput()
		return string(out), err
	}
	out, err := consume("merge", passed, failed, merged)
	require.NoError(t, err, out)
	text, err := os.ReadFile(merged)
	require.NoError(t, err)
	var got counts
	require.NoError(t, xml.Unmarshal(text, &got))
	require.Equal(t, counts{Tests: 4, Failures: 1}, got)
	out, err = consume("verify", passed)
	require.NoError(t, err, out)
	out, err = consume("verify", merged)
	require.Error(t, err, out)
}

// counts are those of a report's root.
type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func validate(file string) *exec.Cmd {
	return exec.Command("xmllint", "--noout", "--nonet", "--schema", "testdata/junit.xsd", file)
}

func requireValid(t *testing.T, file string) {
	t.Helper()
	out, err := validate(file).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
