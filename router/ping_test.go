package router

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// TestPingMarks prints a character for each way an echo can end.
func TestPingMarks(t *testing.T) {
	term := script(t)
	term.typed("ping 10.0.0.9 repeat 5 timeout 1")
	p := term.running.(*pinging)
	for _, e := range []ip.Echo{
		{Answered: true, RTT: 4 * time.Millisecond},
		{Failed: true, Type: ip.Unreachable, Code: 1},
		{Failed: true, Type: ip.TimeExceeded},
		{Failed: true, Type: ip.Unreachable, Code: ip.CodeFragmentationNeeded},
		{},
	} {
		p.echo(term.now, e)
	}
	require.True(t, term.Busy())
	p.finish(5)
	require.Equal(t, "!U&M.\nSuccess rate is 20 percent (1/5), round-trip min/avg/max = 4/4/4 ms\n", term.shown())
}

// TestTraceroute walks two hops and ends at the unreachable port.
func TestTraceroute(t *testing.T) {
	term := script(t)
	require.Equal(t, "Type escape sequence to abort.\nTracing the route to 10.9.9.9\nVRF info: (vrf in name/id, vrf out name/id)\n  1 ",
		term.typed("traceroute 10.9.9.9"))
	tr := term.running.(*tracing)
	hop, dst := addr("10.0.0.2"), addr("10.9.9.9")
	for n := range 2 {
		tr.probe(term.now, ip.Probe{Hop: 1, Number: n, From: hop, Type: ip.TimeExceeded, RTT: 2 * time.Millisecond})
	}
	tr.probe(term.now, ip.Probe{Hop: 1, Number: 2})
	require.Equal(t, "10.0.0.2 2 msec 2 msec * \n  2 ", term.shown())
	for n := range 3 {
		tr.probe(term.now, ip.Probe{Hop: 2, Number: n, From: dst, Type: ip.Unreachable, Code: ip.CodePort, Last: n == 2})
	}
	require.Equal(t, "10.9.9.9 0 msec 0 msec 0 msec\n", term.shown())
	term.Interrupt(term.now)
	require.False(t, term.Busy())
}

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
