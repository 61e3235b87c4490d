package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestEchoAtATerminal: a key is shown within a millisecond. The fastest tenth of
// many tells that also on a machine that does much else.
func TestEchoAtATerminal(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	var took []time.Duration
	for range 200 {
		for _, key := range []string{"s", "\b"} {
			shown := len(p.screen())
			begun := time.Now()
			p.keys(key)
			for len(p.screen()) == shown {
				require.Less(t, time.Since(begun), patience)
				time.Sleep(20 * time.Microsecond)
			}
			took = append(took, p.at().Sub(begun))
		}
	}
	slices.Sort(took)
	t.Logf("a tenth in %v, half in %v, the slowest %v", took[len(took)/10], took[len(took)/2], took[len(took)-1])
	require.Less(t, took[len(took)/10], time.Millisecond)
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}
