package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// asChild runs the program as a process of its own.
func asChild(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// TestFullOutput: where standard output takes nothing, no command claims success.
func TestFullOutput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"labs"}, {"labs", "--help"}, {"help", "exec"}, {"--version"}, {"completion", "bash"}, {"schema", "topology"}, {"swarm", "--seeds", "1"},
		{"test", "../../tests/scenarios/silence.scenario.yml"}, {"exec", "R1: show clock"}, {"explain"}, {"run"}, {"check", "../../topologies/labs/psk-site-to-site/r1.cfg"},
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip(err)
		}
		cmd, told := asChild(args...), &bytes.Buffer{}
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("^]\nquit\n"), full, told
		err = cmd.Run()
		require.NoError(t, full.Close())
		require.Error(t, err, args)
		require.Equal(t, 1, cmd.ProcessState.ExitCode(), args)
		require.Contains(t, told.String(), "no space left on device", args)
	}
}

// TestExecStatus: what did not come to its end is said, and is a failure.
func TestExecStatus(t *testing.T) {
	for _, row := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"Router1: show clock"}, 0, ""},
		{[]string{"R1: reload"}, 1, `R1: nobody answered "Proceed with reload? [confirm]"`},
		{[]string{"R1: reload", "R1:"}, 0, ""},
		{[]string{"--limit", "10s", "R1: ping 10.0.0.9 repeat 100"}, 1, `R1: "ping 10.0.0.9 repeat 100" was cut off after 10s of virtual time`},
		{[]string{"link R1:e0/0 down", "R1: show clock"}, 0, ""},
		{[]string{"wait 10s", "R1: show crypto session", "expect UP-ACTIVE", "expect /Peer: 10.0.0.2 port 500$/"}, 0, ""},
		{[]string{"wait 10s", "R1: show crypto session", "expect DOWN"}, 1, `expect DOWN: the last line shows something else`},
		{[]string{"wait {state: settled}", "reload R2", "wait {record: ike.sa_up, node: Router2, count: 2} limit=20s"}, 0, ""},
		{[]string{"wait {record: ike.sa_down} limit=20s"}, 1, `it does not hold after 20s`},
		{[]string{"wiat 10s"}, 2, `did you mean "wait"?`},
		{[]string{"link R1:e0/9 down"}, 2, `there is no link at "R1:e0/9"`},
		{[]string{"link R1:e0/0 sideways"}, 2, "none of down, up"},
		{[]string{"impair R1:e0/0 reorder=50%"}, 1, "ikelab: impair R1:e0/0 reorder=50%: reorder 0.5 needs a delay: a frame"},
		{[]string{"Router9: show clock"}, 2, `there is no router "Router9"`},
		{[]string{"show clock"}, 2, "NODE: LINE"},
		{[]string{"no-such-lab", "R1: show clock"}, 2, `ikelab: there is no lab "no-such-lab"; ikelab labs lists them`},
	} {
		cmd := asChild(append([]string{"exec"}, row.args...)...)
		var said bytes.Buffer
		cmd.Stderr = &said
		_ = cmd.Run()
		require.Equal(t, row.status, cmd.ProcessState.ExitCode(), "%q: %s", row.args, said.String())
		require.Contains(t, said.String(), row.says)
		require.Equal(t, row.status == 0, said.Len() == 0, said.String())
	}
}

// TestExecEndsBySignal with its files whole and under their names.
func TestExecEndsBySignal(t *testing.T) {
	dir := t.TempDir()
	consoles, capture := filepath.Join(dir, "consoles"), filepath.Join(dir, "capture")
	cmd := asChild("exec", "--consoles", consoles, "--capture", capture, "R1: show clock", "R1: ping 10.0.0.9 repeat 2000000000", "wait 1000000h")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = out.Read(make([]byte, 10)) // the first command is over
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	_ = cmd.Wait()
	require.Equal(t, 128+15, cmd.ProcessState.ExitCode())
	require.Equal(t, []string{"R1.log", "R2.log"}, names(t, consoles))
	require.Equal(t, []string{"capture.pcapng", "esp_sa", "ikev2_decryption_table", "preferences"}, names(t, capture))
	log, err := os.ReadFile(filepath.Join(consoles, "R1.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "Sending 2000000000")
}

// TestPacedExecEndsBySignal although nothing is about to happen.
func TestPacedExecEndsBySignal(t *testing.T) {
	a, b := kit.FreePort(t), kit.FreePort(t)
	file := write(t, t.TempDir(), "lab.clab.yml", fmt.Sprintf(`name: idle
topology:
  nodes: {R1: {kind: ios, startup-config: "!\n"}}
  links: [{type: udp, endpoint: "R1:Ethernet0/0", local: "127.0.0.1:%d", remote: "127.0.0.1:%d"}]
`, a, b))
	cmd := asChild("exec", file, "R1: show clock", "wait 1h")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = out.Read(make([]byte, 10))
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	_ = cmd.Wait()
	require.Equal(t, 128+15, cmd.ProcessState.ExitCode())
	require.Less(t, time.Since(start), 10*time.Second)
}

// TestNobodyReads what the program prints: it ends, and leaves no file half
// named.
func TestNobodyReads(t *testing.T) {
	dir := t.TempDir()
	cmd := asChild("exec", "--consoles", dir, "R1: show clock", "wait 10s", "R1: show running-config", "R1: show version")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	cmd.Stdout = w
	require.Error(t, cmd.Run())
	require.NoError(t, w.Close())
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Equal(t, []string{"R1.log", "R2.log"}, names(t, dir))
}

func TestVersion(t *testing.T) {
	out, status, err := program(t, "", "--version")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Regexp(t, `^ikelab version .* go1\.`, out)
}

// TestOwnWiresharkFolder is left alone.
func TestOwnWiresharkFolder(t *testing.T) {
	dir := t.TempDir()
	own := write(t, dir, "preferences", "gui.column.format: mine\n")
	_, status, err := program(t, "", "exec", "--capture", dir, "R1: show clock")
	require.ErrorContains(t, err, "name another folder")
	require.Equal(t, 1, status)
	text, err := os.ReadFile(own)
	require.NoError(t, err)
	require.Equal(t, "gui.column.format: mine\n", string(text))
	require.Equal(t, []string{"preferences"}, names(t, dir))
}

// TestMessagesSpeakOfNoPackage.
func TestMessagesSpeakOfNoPackage(t *testing.T) {
	require.Equal(t, "ikelab: capture: disk full\nno route", message(errors.Join(errors.New("lab: capture: netsim: disk full"), errors.New("router: no route"))))
	require.Equal(t, "ikelab: R1: lab rat", message(errors.New("R1: lab rat")))
}
