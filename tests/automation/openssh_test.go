package automation

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// openSSH is OpenSSH's client of one user.
type openSSH struct {
	t       *testing.T
	home    string
	options []string
}

// newOpenSSH knows the routers by their keys, as somebody does who has been there.
func newOpenSSH(t *testing.T) *openSSH {
	t.Helper()
	kit.NeedCommand(t, "ssh", "ssh-keygen", "ssh-keyscan")
	home := t.TempDir()
	s := &openSSH{t: t, home: home, options: []string{"-F", "none", "-o", "UserKnownHostsFile=" + filepath.Join(home, "known"), "-o", "IdentitiesOnly=yes"}}
	// What ssh asks for a password, where nobody is at a terminal.
	ask := filepath.Join(home, "ask")
	require.NoError(t, os.WriteFile(ask, []byte("#!/bin/sh\necho cisco\n"), 0o700))
	return s
}

// knows learns a router's key, which must be the one that serve has printed.
func (s *openSSH) knows(d door) {
	s.t.Helper()
	known, err := exec.Command("ssh-keyscan", "-p", port(s.t, d.SSH), "127.0.0.1").Output()
	require.NoError(s.t, err)
	file := filepath.Join(s.home, "known")
	require.NoError(s.t, os.WriteFile(file, known, 0o600))
	out, err := exec.Command("ssh-keygen", "-l", "-f", file).Output()
	require.NoError(s.t, err)
	require.Contains(s.t, string(out), d.Key)
}

// command is ssh to a router.
func (s *openSSH) command(d door, args ...string) *exec.Cmd {
	cmd := exec.Command("ssh", append(append([]string{"-p", port(s.t, d.SSH)}, s.options...), args...)...)
	cmd.Env = append(os.Environ(), "SSH_ASKPASS="+filepath.Join(s.home, "ask"), "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:0")
	return cmd
}

// says runs a command and returns what it shows and how it ends.
func (s *openSSH) says(typed string, cmd *exec.Cmd) (text string, status int) {
	s.t.Helper()
	cmd.Stdin = strings.NewReader(typed)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(s.t, cmd.Start())
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Wait()
	return out.String() + errs.String(), cmd.ProcessState.ExitCode()
}

// TestOpenSSHCommands: one command to a session, with its exit status; a
// configuration from standard input; then by public key, which asks nobody.
func TestOpenSSHCommands(t *testing.T) {
	t.Parallel()
	s, d := newOpenSSH(t), serve(t)[0]
	s.knows(d)
	said, status := s.says("", s.command(d, admin, "show", "privilege"))
	require.Equal(t, "Current privilege level is 15\r\n", said)
	require.Zero(t, status)
	said, status = s.says("", s.command(d, admin, "show nonsense"))
	require.Contains(t, said, "% Invalid input detected at '^' marker.")
	require.Equal(t, 1, status)
	_, status = s.says("", s.command(d, "-o", "NumberOfPasswordPrompts=1", "nobody@127.0.0.1", "show clock"))
	require.Equal(t, 255, status)
	for _, kind := range []string{"ed25519", "rsa", "ecdsa"} {
		key := filepath.Join(s.home, kind)
		succeeds(t, s.home, "ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key)
		byKey := []string{"-i", key, "-o", "BatchMode=yes", admin, "show clock"}
		_, status = s.says("", s.command(d, byKey...))
		require.Equal(t, 255, status, "not yet known")
		said, status = s.says(s.chain(key), s.command(d, "-T", admin))
		require.Zero(t, status, said)
		said, status = s.says("", s.command(d, byKey...))
		require.Zero(t, status, said)
		require.Contains(t, said, "UTC")
	}
}

// chain is what somebody types so that a key is known.
func (s *openSSH) chain(key string) string {
	text, err := os.ReadFile(key + ".pub")
	require.NoError(s.t, err)
	octets := strings.Fields(string(text))[1]
	lines := []string{"configure terminal", "ip ssh pubkey-chain", "username admin", "key-string"}
	for len(octets) > 64 {
		lines, octets = append(lines, octets[:64]), octets[64:]
	}
	return strings.Join(append(lines, octets, "exit", "end", "exit", ""), "\n")
}

// TestOpenSSHTerminal: a terminal whose window changes.
func TestOpenSSHTerminal(t *testing.T) {
	t.Parallel()
	s, d := newOpenSSH(t), serve(t)[0]
	s.knows(d)
	cmd := s.command(d, admin)
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	kit.Need(t, "there are no pseudo-terminals", err == nil)
	y := &typist{t: t, file: file}
	defer y.leave(cmd)
	go y.watch()
	y.wants("R1#")
	y.keys("show terminal\r")
	y.wants("Length: 24 lines, Width: 80 columns")
	y.keys(" ")
	y.wants("R1#")
	require.NoError(t, pty.Setsize(file, &pty.Winsize{Rows: 0, Cols: 132}))
	require.NoError(t, pty.Setsize(file, &pty.Winsize{Rows: 50, Cols: 132}))
	// The client may send what is typed then before the window's change.
	for shown, end := "", time.Now().Add(patience); !strings.HasSuffix(shown, "Length: 50 lines, Width: 132"); {
		require.True(t, time.Now().Before(end), shown)
		y.keys("sh\tterm\t | include Width\r")
		shown = y.wants(" columns")
		y.wants("R1#")
	}
	y.keys("exit\r")
	y.wants("closed")
}

// admin is a user who may do all.
const admin = "admin@127.0.0.1"

// typist sits at a pseudo-terminal.
type typist struct {
	t    *testing.T
	file *os.File

	mu    sync.Mutex
	shown string // and not yet waited for
}

// watch reads what is shown.
func (y *typist) watch() {
	buf := make([]byte, 4096)
	for {
		n, err := y.file.Read(buf)
		y.mu.Lock()
		y.shown += string(buf[:n])
		y.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (y *typist) keys(text string) {
	y.t.Helper()
	_, err := io.WriteString(y.file, text)
	require.NoError(y.t, err)
}

// wants waits until the text is shown, and returns what was shown before.
func (y *typist) wants(text string) (before string) {
	y.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		y.mu.Lock()
		shown := y.shown
		before, rest, found := strings.Cut(shown, text)
		if found {
			y.shown = rest
		}
		y.mu.Unlock()
		if found {
			return before
		}
		require.True(y.t, time.Now().Before(end), "no %q in\n%s", text, shown)
	}
}

// leave ends the client, if it has not ended.
func (y *typist) leave(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	_ = y.file.Close()
}
