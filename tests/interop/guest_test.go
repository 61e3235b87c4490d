package interop

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// guest is a Linux kernel of its own, in which the agent does what it is asked:
// several things at once.
type guest struct {
	*process
	mu      sync.Mutex
	n       int
	waiting map[string]chan answer // by the number of the question
	reading []string               // the answer whose lines come
	ready   chan answer
	// seen is the last answer to a question that many ask, and when it was asked.
	seen map[string]*snapshot
}

// answer is what the agent said, and what went wrong if anything did.
type answer struct{ out, fault string }

type snapshot struct {
	mu    sync.Mutex
	asked time.Time
	out   string
}

// boot starts a guest with the files in its folder /conf. What the script start
// begins is there when the agent is.
func boot(t *testing.T, name string, files map[string]string, ours, theirs int) *guest {
	script, err := filepath.Abs("peer.sh")
	require.NoError(t, err)
	dir, conf := t.TempDir(), t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(conf, name), []byte(text), 0o600))
	}
	kit.Static(t, filepath.Join(conf, "agent"), "ikelab/tests/interop/agent")
	args := []string{"rootfstype=hostfs", "rootflags=/", "ro", "mem=256M", "init=" + script, "con0=fd:0,fd:1", "con=null",
		"quiet", "uml_dir=" + dir, "folder=" + conf, fmt.Sprintf("eth0=ucast,fe:fd:00:00:00:%02x,127.0.0.1,%d,%d", theirs%251, theirs, ours)}
	if _, err := os.Stat(peersFolder()); err == nil {
		args = append(args, "peers="+peersFolder())
	}
	g := &guest{waiting: map[string]chan answer{}, ready: make(chan answer, 1), seen: map[string]*snapshot{}}
	uml := commandIn(dir, "linux.uml", args...)
	if wideState(t) {
		library := filepath.Join(dir, "xstate.so")
		out, err := exec.Command("cc", "-shared", "-fPIC", "-O", "-o", library, filepath.Join("testdata", "xstate.c")).CombinedOutput()
		require.NoError(t, err, "%s", out)
		uml.Env = append(os.Environ(), "LD_PRELOAD="+library)
	}
	g.process = startProcess(t, name, uml, g.hear, g.end)
	g.wait(t, "boot", g.ready, 180*time.Second)
	return g
}

// wideState says whether the processor has more registers than User Mode Linux knows of.
func wideState(t *testing.T) bool {
	t.Helper()
	info, err := os.ReadFile("/proc/cpuinfo")
	require.NoError(t, err)
	return strings.Contains(string(info), " amx_tile ")
}

// hear puts the lines between "< number" and "> number" together.
func (g *guest) hear(line string) {
	mark, number, _ := strings.Cut(line, " ")
	switch {
	case line == "> ready":
		g.ready <- answer{}
	case mark == "<" && number != "":
		g.reading = []string{}
	case mark == ">" && number != "":
		number, outcome, _ := strings.Cut(number, " ")
		if outcome == "<nil>" {
			outcome = ""
		}
		g.mu.Lock()
		if asker, ok := g.waiting[number]; ok {
			asker <- answer{strings.Join(g.reading, "\n"), outcome}
			delete(g.waiting, number)
		}
		g.mu.Unlock()
	default:
		g.reading = append(g.reading, line)
	}
}

// end tells all who wait that nothing comes.
func (g *guest) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.ready)
	for _, asker := range g.waiting {
		close(asker)
	}
	g.waiting = nil
}

func (g *guest) wait(t *testing.T, what string, from chan answer, limit time.Duration) answer {
	t.Helper()
	select {
	case said, ok := <-from:
		require.True(t, ok, "%s ended at %q", g.name, what)
		return said
	case <-time.After(limit):
		require.Fail(t, "no answer", "%s at %q after %v", g.name, what, limit)
		return answer{}
	}
}

// do has the agent do a line, which must not fail.
func (g *guest) do(t *testing.T, line string) string {
	t.Helper()
	said := g.say(t, line)
	require.Empty(t, said.fault, "%s at %q: %s", g.name, line, said.out)
	return said.out
}

// ask has the agent do a line and returns what it says.
func (g *guest) ask(t *testing.T, line string) string {
	t.Helper()
	said := g.say(t, line)
	return said.out + said.fault
}

func (g *guest) say(t *testing.T, line string) answer {
	t.Helper()
	asker := make(chan answer, 1)
	g.mu.Lock()
	require.NotNil(t, g.waiting, "%s has ended", g.name)
	g.n++
	number := fmt.Sprint(g.n)
	g.waiting[number] = asker
	_, err := io.WriteString(g.in, number+" "+line+"\n")
	g.mu.Unlock()
	require.NoError(t, err)
	return g.wait(t, line, asker, 120*time.Second)
}

// glance is ask, but what another asked within a second will do: a hundred cells
// look at the same listings.
func (g *guest) glance(t *testing.T, line string) string {
	t.Helper()
	wanted := time.Now().Add(-time.Second)
	s := g.snapshot(line)
	s.mu.Lock() // until whoever asks has the answer
	defer s.mu.Unlock()
	if s.asked.Before(wanted) {
		asked := time.Now()
		s.out = g.ask(t, line)
		s.asked = asked
	}
	return s.out
}

func (g *guest) snapshot(line string) *snapshot {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen[line] == nil {
		g.seen[line] = &snapshot{}
	}
	return g.seen[line]
}

// until repeats a line until its output satisfies cond.
func (g *guest) until(t *testing.T, limit time.Duration, line string, cond func(out string) bool) string {
	t.Helper()
	return repeat(t, limit, g.name+": "+line, func() string { return g.glance(t, line) }, cond)
}

// about are the lines of a listing that name one of some words.
func about(out string, words ...string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		for _, w := range words {
			if strings.Contains(line, w) {
				b.WriteString(line)
				break
			}
		}
	}
	return b.String()
}
