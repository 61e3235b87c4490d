package router

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// quote is a packet of ours inside an ICMP error: an IPv4 header and eight
// octets of what follows.
func quote(proto byte, rest ...byte) []byte {
	b := make([]byte, 28)
	b[0], b[9] = 0x45, proto
	copy(b[20:], rest)
	return b
}

// TestPingMarks prints a character for each way an echo can end.
func TestPingMarks(t *testing.T) {
	term := script(t)
	term.typed("ping 10.0.0.9 repeat 5 timeout 1")
	p := term.running.(*pinging)
	far := netip.MustParseAddr("10.0.0.2")
	echo := func() []byte { return quote(1, 8, 0, 0, 0, byte(p.id>>8), byte(p.id), byte(p.seq>>8), byte(p.seq)) }
	term.now = term.now.Add(4 * time.Millisecond)
	term.r.echoReply(term.now, netip.MustParseAddr("10.0.0.9"), p.id, p.seq)
	term.r.echoReply(term.now, netip.MustParseAddr("10.0.0.9"), p.id, p.seq-1) // late: counts for nothing
	term.r.icmpError(term.now, far, icmpUnreachable, 1, echo())
	term.r.icmpError(term.now, far, icmpTimeExceeded, 0, echo())
	term.r.icmpError(term.now, far, icmpUnreachable, codeFragmentationNeeded, echo())
	term.r.icmpError(term.now, far, icmpUnreachable, 1, quote(1, 8, 0, 0, 0, 0xff, 0xff, 0, 0)) // another's
	require.True(t, term.Busy())
	term.pass(time.Second)
	require.Equal(t, "!U&M.\nSuccess rate is 20 percent (1/5), round-trip min/avg/max = 4/4/4 ms\n", term.shown())
}

// TestTraceroute walks two hops and ends at the unreachable port.
func TestTraceroute(t *testing.T) {
	term := script(t)
	require.Equal(t, "Type escape sequence to abort.\nTracing the route to 10.9.9.9\nVRF info: (vrf in name/id, vrf out name/id)\n  1 ",
		term.typed("traceroute 10.9.9.9"))
	tr := term.running.(*tracing)
	probe := func() []byte {
		return quote(17, byte(tr.sport>>8), byte(tr.sport), byte(tr.dport()>>8), byte(tr.dport()))
	}
	hop, dst := netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.9.9.9")
	for range 2 {
		term.now = term.now.Add(2 * time.Millisecond)
		term.r.icmpError(term.now, hop, icmpTimeExceeded, 0, probe())
	}
	term.pass(3 * time.Second)
	require.Equal(t, "10.0.0.2 2 msec 2 msec * \n  2 ", term.shown())
	for range 3 {
		term.r.icmpError(term.now, dst, icmpUnreachable, codePort, probe())
	}
	require.Equal(t, "10.9.9.9 0 msec 0 msec 0 msec\n", term.shown())
	require.False(t, term.Busy())
}

func TestParseQuoted(t *testing.T) {
	_, ok := parseQuoted(quote(1)[:27])
	require.False(t, ok)
	_, ok = parseQuoted(append([]byte{0x65}, make([]byte, 40)...))
	require.False(t, ok, "not IPv4")
	_, ok = parseQuoted(append([]byte{0x4f}, make([]byte, 40)...))
	require.False(t, ok, "options cut off")
	q, ok := parseQuoted(quote(17, 1, 2, 3, 4))
	require.True(t, ok)
	require.Equal(t, quotedPacket{proto: 17, id: 0, seq: 0, sport: 0x102, dport: 0x304}, q)
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
