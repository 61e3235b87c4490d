package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExplainLog: what is printed here is read; of
// what is no log it is said that nothing was understood; a lab with a task is told as any other.
func TestExplainLog(t *testing.T) {
	dir := t.TempDir()
	_, status, err := program(t, "", "exec", "--consoles", dir, "R1: debug crypto ikev2", "R2: debug crypto ikev2", "wait 10s")
	require.NoError(t, err)
	require.Zero(t, status)
	name := filepath.Join(dir, "R1.log")
	out, status, err := program(t, "", "explain", name)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Contains(t, out, "IKE_SA_INIT")
	require.NotContains(t, out, "Nothing of it was understood")

	other := write(t, dir, "other.log", "nonsense\nmore\n")
	out, _, err = program(t, "", "explain", other)
	require.NoError(t, err)
	require.Contains(t, out, "Nothing of it was understood as debug or syslog of IKEv2.")

	out, _, err = program(t, "", "explain", "key", "--seed", "3")
	require.NoError(t, err)
	require.Contains(t, out, "AUTHENTICATION_FAILED")
}
