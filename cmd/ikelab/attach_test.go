package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// ownRuntime is a folder for sockets whose path is short enough.
func ownRuntime(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ik")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	t.Setenv("XDG_RUNTIME_DIR", dir)
	return dir
}

// TestAttach: a console belongs to one user at a time, and stays as he leaves it.
func TestAttach(t *testing.T) {
	dir := ownRuntime(t)
	lab := startPTY(t, 80, "run")
	lab.wants("ikelab attach R2 opens that of R2")
	lab.wants("Router1#")
	sockets, err := filepath.Glob(filepath.Join(dir, "ikelab", "psk-site-to-site.*"))
	require.NoError(t, err)
	require.Len(t, sockets, 1)
	info, err := os.Stat(sockets[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	out, status, err := program(t, "", "attach")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Regexp(t, `^psk-site-to-site\.\d+: R1 R2\n$`, out)

	second := startPTY(t, 80, "attach", "R2")
	second.wants("Console of R2 in lab psk-site-to-site.")
	second.wants("ISAKMP is ON") // it starts a second after the other
	second.keys("show clock\r")
	second.wants("UTC Fri Nov 11 2011")
	second.keys("show vers")
	second.wants("show vers")
	refused := startPTY(t, 80, "attach", "psk-site-to-site", "router2")
	refused.wants("the console of R2 is in use, at /dev/pts/")
	require.Equal(t, 1, refused.ends())
	lab.keys("\x1dconnect R2\r")
	lab.wants("the console of R2 is in use")

	third := startPTY(t, 80, "attach", "--take", "R2")
	second.wants("[The console of R2 is taken over")
	second.wants("The console of R2 is left.")
	require.Zero(t, second.ends())
	third.wants("Router2#show vers") // half typed by the other
	third.keys("ion | include uptime\r")
	third.wants("uptime is")

	lab.keys("connect R2 take\r")
	third.wants("The console of R2 is left.")
	lab.wants("Router2#")
	lab.keys("\x1dconnect R1\r")
	lab.wants("Router1#")

	gone := startPTY(t, 80, "attach", "R2")
	gone.wants("Router2#")
	gone.keys("half")
	gone.wants("half")
	require.NoError(t, gone.cmd.Process.Kill())
	next := startPTY(t, 80, "attach", "R2", "--take")
	next.wants("Router2#half")
	next.keys("\x1d")
	next.wants("The console of R2 is left.")

	lab.keys("\x1dquit\r\r")
	require.Zero(t, lab.ends())
	require.NoFileExists(t, sockets[0])
}

// TestAttachedLabGoesBack: who is attached stays, in the run that is.
func TestAttachedLabGoesBack(t *testing.T) {
	ownRuntime(t)
	lab := startPTY(t, 80, "run")
	lab.wants("Router1#")
	other := startPTY(t, 60, "attach", "R2")
	other.wants("ISAKMP is ON")
	require.NoError(t, pty.Setsize(other.file, &pty.Winsize{Rows: 24, Cols: 200}))
	other.keys("show clock\r")
	other.wants("UTC")
	lab.keys("\x1dback 1h\r")
	other.wants("[The lab was run again, up to here]")
	other.wants("ISAKMP is ON")
	other.keys("show version | include uptime\r")
	other.wants("uptime is 0 minutes")
	require.NoError(t, other.cmd.Process.Kill())
	lab.keys("quit\r\r")
	require.Zero(t, lab.ends())
}

// TestAttachToNothing says what there is.
func TestAttachToNothing(t *testing.T) {
	dir := ownRuntime(t)
	_, status, err := program(t, "", "attach", "R2")
	require.ErrorContains(t, err, "no lab is running")
	require.Equal(t, 1, status)
	stale := filepath.Join(dir, "ikelab", "dead.1")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	require.NoError(t, err)
	l.SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	out, _, err := program(t, "", "attach")
	require.NoError(t, err)
	require.Contains(t, out, "No lab is running")
	require.NoFileExists(t, stale, "what a dead lab left is removed")
	require.NoError(t, os.Chmod(filepath.Join(dir, "ikelab"), 0o755))
	_, _, err = program(t, "", "attach")
	require.ErrorContains(t, err, "is not a folder of this user's only")
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(dir, strings.Repeat("long", 30)))
	out, _, err = program(t, "^]\nquit\n", "run")
	require.NoError(t, err, "a lab runs without: %s", out)
}
