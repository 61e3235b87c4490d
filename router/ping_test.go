package router

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPingTimesOut pings a neighbour that is not there.
func TestPingTimesOut(t *testing.T) {
	term := script(t)
	head := "Type escape sequence to abort.\nSending 3, 100-byte ICMP Echos to 10.0.0.9, timeout is 1 seconds:\nPacket sent with a source address of 192.168.1.1\n"
	require.Equal(t, head, term.typed("ping 10.0.0.9 source Loopback0 repeat 3 timeout 1"))
	require.True(t, term.Busy())
	term.pass(2500 * time.Millisecond)
	require.True(t, term.Busy())
	require.Equal(t, "..", term.shown())
	term.pass(time.Second)
	require.False(t, term.Busy())
	require.Equal(t, ".\nSuccess rate is 0 percent (0/3)\n", term.shown())
	term.typed("ping 10.0.0.9")
	term.Interrupt(term.now)
	require.False(t, term.Busy())
	require.Contains(t, term.shown(), "Success rate is 0 percent (0/")
}

// TestPingSelf pings an address of the router's own.
func TestPingSelf(t *testing.T) {
	term := script(t)
	text := term.typed("ping 192.168.1.1 repeat 80")
	term.pass(time.Second)
	require.False(t, term.Busy())
	text += term.shown()
	require.Contains(t, text, strings.Repeat("!", 70)+"\n"+strings.Repeat("!", 10)+"\nSuccess rate is 100 percent (80/80), round-trip min/avg/max = 1/1/1 ms\n")
}

// TestPingNeverBlocks: however many echoes to itself, the router goes on.
func TestPingNeverBlocks(t *testing.T) {
	for _, line := range []string{"ping 192.168.1.1 repeat 2147483647", "ping 10.0.0.9 timeout 0 repeat 2147483647"} {
		term := script(t)
		term.typed(line)
		term.pass(100 * time.Millisecond)
		require.True(t, term.Busy(), line)
		term.Interrupt(term.now)
		require.False(t, term.Busy(), line)
	}
}
