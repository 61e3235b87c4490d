package kernel

import (
	"bufio"
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

// router is a node with addresses; its interfaces are Ethernet0/0 and so on.
func router(name string, addresses ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    %s:\n      kind: ios\n      startup-config: |\n        hostname %s\n", name, name)
	for i, a := range addresses {
		fmt.Fprintf(&b, "        interface Ethernet0/%d\n         ip address %s 255.255.255.0\n         no shutdown\n", i, a)
	}
	return b.String()
}

// topology writes a lab of one router.
func topology(t *testing.T, node string, links ...string) string {
	t.Helper()
	text := "name: door\ntopology:\n  nodes:\n" + node + "  links:\n"
	for _, l := range links {
		text += "    - " + l + "\n"
	}
	file := filepath.Join(t.TempDir(), "door.clab.yml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// ikelab is the program, which nsenter starts inside.
func (s *space) ikelab(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program := kit.Ikelab(t)
	return s.command(program.Path, args...)
}

// running is `ikelab run` without a terminal.
type running struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	ended chan error

	mu  sync.Mutex
	all string
}

// lab boots one inside.
func (s *space) lab(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{cmd: s.ikelab(t, append([]string{"run"}, args...)...), ended: make(chan error, 1)}
	var err error
	r.in, err = r.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := r.cmd.StdoutPipe()
	require.NoError(t, err)
	r.cmd.Stderr = r.cmd.Stdout
	require.NoError(t, r.cmd.Start())
	go func() {
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			r.mu.Lock()
			r.all += line
			r.mu.Unlock()
			if err != nil {
				r.ended <- r.cmd.Wait()
				return
			}
		}
	}()
	t.Cleanup(func() {
		r.quit(t)
		if t.Failed() {
			t.Log(r.said())
		}
	})
	return r
}

// quit ends the lab and returns how it ended; once it has, nil.
func (r *running) quit(t *testing.T) error {
	_ = r.in.Close()
	return r.wait(t)
}

func (r *running) wait(t *testing.T) error {
	select {
	case err := <-r.ended:
		r.ended <- err
		return err
	case <-time.After(patience):
		_ = r.cmd.Process.Kill()
		require.Fail(t, "ikelab does not end", r.said())
		return nil
	}
}

func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

func (r *running) types(t *testing.T, line string) {
	t.Helper()
	_, err := io.WriteString(r.in, line+"\n")
	require.NoError(t, err)
}

// says waits for words that come.
func (r *running) says(t *testing.T, words string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(r.said(), words); time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "no %q in\n%s", words, r.said())
	}
}
