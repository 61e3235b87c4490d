package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// asProgram in the environment has the test be the program, so that a race in
// it is seen as well.
const asProgram = "IKELAB_AS_PROGRAM"

// patience is how long a busy machine may take for what is done at once.
const patience = time.Minute

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	kit.Main(m)
}

// atPTY is the program at a pseudo-terminal.
type atPTY struct {
	display
	cmd  *exec.Cmd
	file *os.File
}

func startPTY(t *testing.T, columns int, args ...string) *atPTY {
	t.Helper()
	p := &atPTY{display: display{t: t}, cmd: exec.Command(os.Args[0], args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	var err error
	p.file, err = pty.StartWithSize(p.cmd, &pty.Winsize{Rows: 24, Cols: uint16(columns)})
	if err != nil && os.Getenv("IKELAB_NO_SKIP") == "" {
		t.Skip("no pseudo-terminal: ", err)
	}
	require.NoError(t, err)
	go p.watch(p.file)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.file.Close()
	})
	return p
}

func (p *atPTY) keys(text string) {
	p.t.Helper()
	_, err := p.file.WriteString(text)
	require.NoError(p.t, err)
}

func (p *atPTY) resize(columns int) {
	require.NoError(p.t, pty.Setsize(p.file, &pty.Winsize{Rows: 24, Cols: uint16(columns)}))
}

// ends waits for the program's end and returns its exit status.
func (p *atPTY) ends() int {
	p.t.Helper()
	over := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(over) }()
	select {
	case <-over:
	case <-time.After(patience):
		require.FailNow(p.t, "the program does not end", tail(p.screen()))
	}
	require.NotContains(p.t, p.screen(), "DATA RACE")
	return p.cmd.ProcessState.ExitCode()
}

// TestTerminalOfAnyWidth: a bare pseudo-terminal has no columns.
func TestTerminalOfAnyWidth(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{0, 1, 2, 20, 80} {
		p := startPTY(t, columns, "run")
		p.wants("quit there ends the lab")
		p.wants("#")
		p.keys("terminal length 0\r")
		p.wants("#")
		p.keys("show clock\r")
		p.wants("UTC Fri Nov 11 2011")
		p.keys("\x1d")
		p.wants("> ")
		p.keys("quit\r\r")
		require.Zero(t, p.ends(), "%d columns", columns)
	}
}

// TestCtrlDDoesNothing on an empty line: not after `?`, not for the Delete key,
// not typed ahead while a command runs, not in a dialogue.
func TestCtrlDDoesNothing(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	p.keys("\x04\x04\x1b[3~?")
	p.wants("Exec commands:")
	p.keys("\x04x\x7f\x04")
	p.keys("ping 10.0.0.9 repeat 2 timeout 1\r\x04\x04")
	p.wants("Success rate")
	p.keys("\x04show clock\r")
	p.wants("UTC Fri")
	p.keys("ping\r")
	p.wants("Protocol [ip]: ")
	p.keys("\x04\r")
	p.wants("Target IP address: ")
	p.keys("\x04\x03")
	p.wants("Router1#")
	p.keys("shq\x02\x04ow clock\r") // in a line it deletes the character under the cursor
	p.wants("UTC Fri")
	p.keys("\x1d")
	p.wants("ikelab> ")
	p.keys("\x04")
	require.Zero(t, p.ends(), "at the lab prompt it leaves")
}

// TestFloodWhileTyping: debug lines come by the hundred while keys are pressed.
func TestFloodWhileTyping(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run", "--speed", "300")
	p.wants("Router1#")
	p.keys("debug crypto ikev2\r")
	p.wants("debugging is on")
	p.wants("SM Trace")
	for range 20 {
		p.keys("sh\t\x01\x05 cl\t\x15?\x1b[A\x1b[B\x15")
		time.Sleep(5 * time.Millisecond)
		p.resize(60 + p.seen%40)
	}
	p.keys("undebug all\r")
	p.wants("has been turned off")
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}

// TestSignalEndsTheLab as quit does, with the terminal as it was.
func TestSignalEndsTheLab(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "capture")
	p := startPTY(t, 80, "run", "--capture", dir)
	p.wants("Router1#")
	require.False(t, cooked(t, p.file))
	p.keys("ping 10.0.0.9 repeat 100\r")
	p.wants("Sending")
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 128+15, p.ends())
	require.True(t, cooked(t, p.file))
	require.Equal(t, []string{"capture.pcapng", "esp_sa", "ikev2_decryption_table", "preferences"}, names(t, dir))
}

// cooked says whether a terminal is as a shell leaves it.
func cooked(t *testing.T, terminal *os.File) bool {
	t.Helper()
	stty := exec.Command("stty", "-a")
	stty.Stdin = terminal
	out, err := stty.Output()
	require.NoError(t, err)
	return strings.Contains(string(out), " icanon")
}

// TestLeavesARunningCommand: Ctrl-] leads to the lab prompt while a ping goes
// on, whose end is seen on return.
func TestLeavesARunningCommand(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run", "--speed", "10")
	p.wants("Router1#")
	seconds := 2
	for ; ; seconds *= 3 {
		before := len(p.screen())
		p.keys(fmt.Sprintf("ping 10.0.0.9 repeat 3 timeout %d\r", seconds))
		p.wants("Sending 3")
		p.keys("\x1d")
		p.wants("ikelab> ")
		// Where the machine was so slow that the ping has ended before, a longer one.
		if !strings.Contains(p.screen()[before:], "Success rate") {
			break
		}
		p.keys("connect\r")
		p.wants("Router1#")
	}
	before := len(p.screen())
	p.keys(fmt.Sprintf("wait %ds\rnodes\r", 3*seconds+1))
	p.wants("R2  ")
	require.NotContains(t, p.screen()[before:], "Success rate")
	p.keys("connect\r")
	p.wants("Success rate is 0 percent (0/3)")
	p.wants("Router1#")
	p.keys("\x1dexit\r")
	require.Zero(t, p.ends())
}
