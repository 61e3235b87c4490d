package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// TestReasonsOnBothEnds: with error debugging a negotiation says why it fails
// at either end, and leaves a message of the system without any debugging.
func TestReasonsOnBothEnds(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 7)
	b.do("wait 5s", "R1: configure terminal", "R1: crypto ikev2 keyring KEYRNG", "R1: peer peer1", "R1: no pre-shared-key cisco", "R1: pre-shared-key wrong", "R1: end",
		"R1: debug crypto ikev2 error", "R2: debug crypto ikev2 error", "R1: clear crypto session", "wait 20s")
	for _, node := range []string{"R1", "R2"} {
		console := b.do(node + ": show logging")
		require.Contains(t, console, ":: Failed to authenticate the IKE SA", node)
		require.Contains(t, console, "%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to authenticate the IKE SA", node)
		require.Contains(t, b.do(node+": show crypto ikev2 diagnose error"), "Failed to authenticate the IKE SA", node)
	}
}

// TestCrossingIsNoFailure: both ends initiate at once with a group that the
// other does not prefer; nothing fails.
func TestCrossingIsNoFailure(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 7)
	b.do("R1: debug crypto ikev2 error", "R2: debug crypto ikev2 error", "wait 10s", "R1: clear crypto session", "wait 30s")
	for _, node := range []string{"R1", "R2"} {
		console := b.do(node + ": show logging")
		require.NotContains(t, console, "Initial exchange failed", node)
		require.NotContains(t, console, "NEG_ABORT", node)
		require.LessOrEqual(t, strings.Count(console, "contained the wrong DH group"), 2, node)
		require.NotContains(t, b.do(node+": show crypto ikev2 diagnose error"), "Error(1)", node)
	}
}
