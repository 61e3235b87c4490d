package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestEvents: --events writes objects of JSON for the owner only, with secrets
// only on demand.
func TestEvents(t *testing.T) {
	file := write(t, t.TempDir(), "events.jsonl", "old")
	require.NoError(t, os.Chmod(file, 0o644))
	script := []string{"wait 10s", "R1: ping 192.168.2.1 source Loopback0"}
	for _, secrets := range []bool{false, true} {
		args := []string{"exec", "--events", file}
		if secrets {
			args = append(args, "--secrets")
		}
		_, status, err := program(t, "", append(args, script...)...)
		require.NoError(t, err)
		require.Zero(t, status)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range bytes.Lines(text) {
			require.True(t, json.Valid(line), string(line))
		}
		require.Greater(t, bytes.Count(text, []byte("\n")), 20)
		require.Equal(t, secrets, bytes.Contains(text, []byte(`"encr_i":`)))
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

// TestSecretsBelongToEvents: alone they are wrong usage.
func TestSecretsBelongToEvents(t *testing.T) {
	for _, args := range [][]string{{"exec", "--secrets", "R1: show clock"}, {"run", "--secrets"}} {
		_, status, err := program(t, "", args...)
		require.ErrorContains(t, err, "--secrets belongs to --events")
		require.Equal(t, 2, status, args)
	}
}

// TestEventsFail with the exit status of a failure, in exec and in run, and
// with the name that was typed.
func TestEventsFail(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none", "x")
	_, status, err := program(t, "", "exec", "--events", none, "wait 1s")
	require.EqualError(t, err, "events: write "+none+": no such file or directory")
	require.Equal(t, 1, status)
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	_, status, err = program(t, "", "exec", "--events", "/dev/full", "wait 1h")
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 1, status)
	out, status, err := program(t, "^]\nwait 1h\nquit\n", "run", "--speed", "3600", "--events", "/dev/full")
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 1, status)
	require.Contains(t, out, "[events: ")
}

// TestEventsWhoseReaderHasGone are reported, as any other file that fails: what is not read
// is standard output alone.
func TestEventsWhoseReaderHasGone(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	read := make(chan error)
	go func() {
		f, err := os.Open(pipe)
		if err == nil {
			_, err = f.Read(make([]byte, 10))
			err = errors.Join(err, f.Close())
		}
		read <- err
	}()
	cmd, told := asChild("exec", "--events", pipe, "wait 1h"), &bytes.Buffer{}
	cmd.Stderr = told
	require.Error(t, cmd.Run())
	require.NoError(t, <-read)
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Equal(t, "ikelab: events: write "+pipe+": broken pipe\n", told.String())
}

// TestEventsAreThereWhileItRuns: what a paced lab has done can be read before
// it ends, although it is less than what is written at once.
func TestEventsAreThereWhileItRuns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.jsonl")
	cmd := asChild("run", "--events", file)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(file)
		return bytes.Contains(text, []byte("\n"))
	}, 30*time.Second, 20*time.Millisecond)
	require.NoError(t, in.Close())
	require.NoError(t, cmd.Wait())
}
