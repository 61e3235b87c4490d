package kernel

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// python is Debian's, whose scapy is Debian's too.
const python = "/usr/bin/python3"

// patience is how long anything may take on a busy machine.
const patience = 60 * time.Second

// space is a network namespace, held by a process that ends with the test.
type space struct {
	pid   int
	outer *space // whose user namespace it is in; nil: its own
}

// newSpace makes a namespace in a user namespace of its own, where the test
// may do as root does.
func newSpace(t *testing.T) *space {
	t.Helper()
	kit.NeedCommand(t, "unshare", "nsenter", "ip", "ping")
	kit.Allowed(t, "user and network namespaces are not allowed here", exec.Command("unshare", "-Urn", "true").Run() == nil)
	s := hold(t, nil, exec.Command("unshare", "-Urn", "cat"))
	out, err := s.try("exec 3<>/dev/net/tun && ip link add v1 type veth peer name v2 && ip link del v1 && ip link add x1 type vxlan id 1 dstport 4790 dev lo && ip link del x1")
	kit.Allowed(t, "this kernel has no tap, veth or vxlan: "+out, err == nil)
	return s
}

// beside makes another one in the same user namespace.
func (s *space) beside(t *testing.T) *space {
	t.Helper()
	return hold(t, s, s.command("unshare", "-n", "cat"))
}

// hold starts the process, which has its namespaces when it answers.
func hold(t *testing.T, outer *space, cmd *exec.Cmd) *space {
	t.Helper()
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	_, err = io.WriteString(in, "x")
	require.NoError(t, err)
	_, err = io.ReadFull(out, make([]byte, 1))
	require.NoError(t, err)
	s := &space{cmd.Process.Pid, outer}
	s.run(t, "ip link set lo up")
	return s
}

// command is a command inside. nsenter and unshare become what they start, so its
// process is the command's.
func (s *space) command(name string, args ...string) *exec.Cmd {
	return exec.Command("nsenter", append([]string{"-t", strconv.Itoa(s.pid), "-U", "-n", "--preserve-credentials", name}, args...)...)
}

// try runs a line of a shell inside.
func (s *space) try(line string) (string, error) {
	out, err := s.command("sh", "-c", line).CombinedOutput()
	return string(out), err
}

// run is try where nothing may fail.
func (s *space) run(t *testing.T, line string, args ...any) string {
	t.Helper()
	line = fmt.Sprintf(line, args...)
	out, err := s.try(line)
	require.NoError(t, err, "%s\n%s", line, out)
	return out
}

// until repeats a line until it prints what is wanted.
func (s *space) until(t *testing.T, line, want string) {
	t.Helper()
	var out string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if out, _ = s.try(line); strings.Contains(out, want) {
			return
		}
	}
	require.Fail(t, "it does not come", "%s prints no %q but\n%s", line, want, out)
}
