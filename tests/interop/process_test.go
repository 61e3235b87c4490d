package interop

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is one that takes lines and prints others.
type process struct {
	t    *testing.T // whose process it is
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser

	mu  sync.Mutex
	log strings.Builder
}

// startProcess calls heard with each line that the process prints, and ended when
// it prints no more, from a goroutine.
func startProcess(t *testing.T, name string, cmd *exec.Cmd, heard func(line string), ended func()) *process {
	t.Helper()
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout
	require.NoError(t, cmd.Start())
	p := &process{t: t, name: name, cmd: cmd, in: in}
	go func() {
		s := bufio.NewScanner(out)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			line := strings.TrimRight(s.Text(), "\r")
			p.mu.Lock()
			fmt.Fprintln(&p.log, line)
			p.mu.Unlock()
			heard(line)
		}
		ended()
	}()
	t.Cleanup(p.stop)
	return p
}

// stop ends the process: the end of its input does, or a signal to its pid.
// User Mode Linux ends its helper processes when asked to terminate, and leaves
// them behind when killed.
func (p *process) stop() {
	_ = p.in.Close()
	done := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(done) }()
	for _, end := range []os.Signal{syscall.SIGTERM, os.Kill} {
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = p.cmd.Process.Signal(end)
		}
	}
	<-done
	if p.t.Failed() {
		p.mu.Lock()
		defer p.mu.Unlock()
		keep(p.t, p.name, p.log.String())
	}
}

// keep has a long text where -artifacts keeps it, so that it does not hide what failed.
func keep(t *testing.T, name, text string) {
	file := filepath.Join(t.ArtifactDir(), strings.ReplaceAll(name, " ", "-")+".log")
	t.Logf("what %s said is in %s if -artifacts keeps it: %v", name, file, os.WriteFile(file, []byte(text), 0o644))
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
		time.Sleep(500 * time.Millisecond)
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
