package interop

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dialog is a process that takes lines and says when it has done with each.
type dialog struct {
	t    *testing.T // whose process it is
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	// ended says whether an output line ends the answer to line number n.
	ended func(n int, output string) bool
	// text is what is sent for line number n.
	text func(n int, line string) string

	turn  sync.Mutex // one line after the other, whoever asks
	mu    sync.Mutex
	log   strings.Builder
	lines chan string
	n     int
}

func startDialog(t *testing.T, name string, cmd *exec.Cmd, text func(int, string) string, ended func(int, string) bool) *dialog {
	t.Helper()
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout
	require.NoError(t, cmd.Start())
	d := &dialog{t: t, name: name, cmd: cmd, in: in, text: text, ended: ended, lines: make(chan string, 1<<16)}
	go d.read(out)
	t.Cleanup(d.stop)
	return d
}

func (d *dialog) read(out io.Reader) {
	s := bufio.NewScanner(out)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		line := strings.TrimRight(s.Text(), "\r")
		d.mu.Lock()
		fmt.Fprintln(&d.log, line)
		d.mu.Unlock()
		d.lines <- line
	}
	close(d.lines)
}

// stop ends the process: the end of its input does, or a signal to its pid.
// User Mode Linux ends its helper processes when asked to terminate, and leaves
// them behind when killed.
func (d *dialog) stop() {
	_ = d.in.Close()
	done := make(chan struct{})
	go func() { _ = d.cmd.Wait(); close(done) }()
	for _, end := range []os.Signal{syscall.SIGTERM, os.Kill} {
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = d.cmd.Process.Signal(end)
		}
	}
	<-done
	if d.t.Failed() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.t.Logf("all of %s:\n%s", d.name, d.log.String())
	}
}

// do is ask for who has the turn.
func (d *dialog) do(t *testing.T, line string) string {
	t.Helper()
	d.n++
	_, err := io.WriteString(d.in, d.text(d.n, line))
	require.NoError(t, err)
	return d.answer(t, line, 60*time.Second)
}

func (d *dialog) answer(t *testing.T, what string, limit time.Duration) string {
	t.Helper()
	var b strings.Builder
	deadline := time.After(limit)
	for {
		select {
		case line, ok := <-d.lines:
			require.True(t, ok, "%s ended at %q", d.name, what)
			if d.ended(d.n, line) {
				return b.String()
			}
			b.WriteString(line + "\n")
		case <-deadline:
			require.Fail(t, "no answer", "%s at %q after %v", d.name, what, limit)
		}
	}
}

// ask sends a line, for one of the tests that share the process, and returns what
// was printed for it.
func (d *dialog) ask(t *testing.T, line string) string {
	t.Helper()
	d.turn.Lock()
	defer d.turn.Unlock()
	return d.do(t, line)
}

// poll repeats a line until its output satisfies cond.
func (d *dialog) poll(t *testing.T, limit time.Duration, line string, cond func(out string) bool) string {
	t.Helper()
	return repeat(t, limit, d.name+": "+line, func() string { return d.ask(t, line) }, cond)
}

// repeat asks until the answer satisfies cond.
func repeat(t *testing.T, limit time.Duration, what string, ask func() string, cond func(out string) bool) string {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		out := ask()
		if cond(out) {
			return out
		}
		require.True(t, time.Now().Before(deadline), "after %v %q still prints\n%s", limit, what, out)
		time.Sleep(300 * time.Millisecond)
	}
}

func has(words ...string) func(string) bool {
	return func(out string) bool {
		for _, w := range words {
			if !strings.Contains(out, w) {
				return false
			}
		}
		return true
	}
}

func hasNot(word string) func(string) bool {
	return func(out string) bool { return !strings.Contains(out, word) }
}

// commandIn is a command that runs in a directory of its own.
func commandIn(dir, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = dir
	return c
}
