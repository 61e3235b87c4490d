package router

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTunnelComesUpByItself(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.run(1900 * time.Millisecond)
	require.Zero(t, l.protocols()["ike"], "a tunnel waits two seconds")
	l.run(2 * time.Second)
	for _, name := range []string{"R1", "R2"} {
		require.True(t, l.nodes[name].tunnelUp(), name)
		require.Len(t, l.nodes[name].machine.entries("")[0].States()[0].Pairs, 1, name)
		require.Len(t, l.nodes[name].machine.engine.SAs(), 1, name)
	}
	require.Positive(t, l.protocols()["ike"])
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.Equal(t, map[string]int{"esp": 2}, l.protocols())
	for _, n := range l.nodes {
		require.Equal(t, uint64(1), n.machine.entries("")[0].States()[0].Encaps)
		require.Equal(t, uint64(1), n.machine.entries("")[0].States()[0].Decaps)
	}
}
