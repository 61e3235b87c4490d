package interop

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// consoles are the routers of a lab at one terminal, which belongs to one who
// asks after the other.
type consoles struct {
	*process
	lines chan string

	turn    sync.Mutex
	n       int
	current string // the router whose console it shows, or atLab
}

const atLab = "ikelab>"

func startConsoles(t *testing.T, cmd *exec.Cmd) *consoles {
	l := &consoles{lines: make(chan string, 1<<16)}
	l.process = startProcess(t, "the lab", cmd, func(line string) { l.lines <- line }, func() { close(l.lines) })
	return l
}

// at types lines at a router and returns what the last one printed.
func (l *consoles) at(t *testing.T, router string, lines ...string) (out string) {
	t.Helper()
	l.turn.Lock()
	defer l.turn.Unlock()
	for _, line := range lines {
		typed := line
		if l.current != router {
			typed = "connect " + router + "\n" + line
			if l.current != atLab {
				typed = "^]\n" + typed
			}
			l.current = router
		}
		out = l.do(t, typed)
		if _, answer, ok := strings.Cut(out, "#"+line+"\n"); ok {
			out = answer
		}
	}
	return out
}

// lab types a line at the lab prompt.
func (l *consoles) lab(t *testing.T, line string) {
	t.Helper()
	l.turn.Lock()
	defer l.turn.Unlock()
	if l.current != atLab {
		line = "^]\n" + line
	}
	_, err := io.WriteString(l.in, line+"\n")
	require.NoError(t, err)
	l.current = atLab
}

// do types a line and, as a comment, its number, which the prompt before it shows
// to be done.
func (l *consoles) do(t *testing.T, line string) string {
	t.Helper()
	l.n++
	end := fmt.Sprintf("#!%d", l.n)
	_, err := io.WriteString(l.in, line+"\n"+end[1:]+"\n")
	require.NoError(t, err)
	var b strings.Builder
	for limit := time.After(90 * time.Second); ; {
		select {
		case out, ok := <-l.lines:
			require.True(t, ok, "%s ended at %q", l.name, line)
			if strings.HasSuffix(out, end) {
				return b.String()
			}
			b.WriteString(out + "\n")
		case <-limit:
			require.Fail(t, "no answer", "%s at %q", l.name, line)
		}
	}
}

// until repeats a command at a router until its output satisfies cond.
func (l *consoles) until(t *testing.T, limit time.Duration, router, line string, cond func(string) bool) string {
	t.Helper()
	return repeat(t, limit, router+": "+line, func() string { return l.at(t, router, line) }, cond)
}
