package automation

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// patience is how long a client may take on a busy machine.
const patience = 8 * time.Minute

// door is where a router is, as `ikelab serve --json` prints it.
type door struct {
	Router, SSH, Telnet string
	Key                 string `json:"host-key"`
}

// served is a lab that a process serves.
type served []door

// serve boots the bare routers, until the test ends.
func serve(t *testing.T) served {
	t.Helper()
	cmd := kit.Ikelab(t, "serve", "bare.clab.yml", "--ssh", "0", "--telnet", "0", "--json")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	var said bytes.Buffer
	cmd.Stderr = &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		_ = cmd.Wait()
		require.Equal(t, 128+2, cmd.ProcessState.ExitCode(), said.String())
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	var doors served
	require.NoError(t, json.Unmarshal(line, &doors))
	require.Len(t, doors, 2)
	return doors
}

// port is that of an address.
func port(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	return port
}

// runs has a client run to its end, with a home of its own, and returns what it
// says.
func runs(t *testing.T, home, name string, args ...string) (said string, status int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8", "ANSIBLE_PERSISTENT_CONNECT_TIMEOUT=120", "ANSIBLE_PERSISTENT_COMMAND_TIMEOUT=120")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Wait()
	return out.String(), cmd.ProcessState.ExitCode()
}

// succeeds is runs where nothing may fail.
func succeeds(t *testing.T, home, name string, args ...string) string {
	t.Helper()
	said, status := runs(t, home, name, args...)
	require.Zero(t, status, "%s %s\n%s", name, strings.Join(args, " "), said)
	return said
}

// needPython needs a module of Debian's Python.
func needPython(t *testing.T, module string) {
	t.Helper()
	kit.Need(t, "Python's "+module+" is not installed", exec.Command(python, "-c", "import "+module).Run() == nil)
}

// python is Debian's.
const python = "/usr/bin/python3"
