package shell

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPing(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	require.Equal(t, "Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to 10.0.0.2, timeout is 2 seconds:\n", term.typed("ping 10.0.0.2"))
	require.True(t, term.Busy())
	p := term.d.ping
	require.Equal(t, PingRequest{Destination: netip.MustParseAddr("10.0.0.2"), Source: netip.MustParseAddr("10.0.0.1"), Repeat: 5, Size: 100, Timeout: 2 * time.Second},
		PingRequest{Destination: p.Destination, Source: p.Source, Repeat: p.Repeat, Size: p.Size, Timeout: p.Timeout, DF: p.DF})
	for _, e := range []Echo{
		{Answered: true, RTT: 3 * time.Millisecond}, {}, {Failed: true, Type: 3, Code: 1}, {Failed: true, Type: 3, Code: 4}, {Failed: true, Type: 11},
	} {
		p.Report(term.now, e)
	}
	p.Done(term.now)
	require.False(t, term.Busy())
	require.Equal(t, "!.UM&\nSuccess rate is 20 percent (1/5), round-trip min/avg/max = 3/3/3 ms\n", term.shown())
}

// TestPingInterrupted: what was out is not counted.
func TestPingInterrupted(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	term.typed("ping 10.0.0.2 repeat 100")
	for range 71 {
		term.d.ping.Report(term.now, Echo{Answered: true})
	}
	term.Interrupt(term.now)
	require.True(t, term.d.stopped)
	require.Contains(t, term.shown(), "!!!\n!\nSuccess rate is 100 percent (71/71), round-trip min/avg/max = 1/1/1 ms\n")
	require.False(t, term.Busy())
}

func TestTraceroute(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	term.typed("traceroute 10.0.9.9 source Loopback0")
	tr := term.d.trace
	require.Equal(t, "192.168.1.1", tr.Source.String())
	a, b := netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.9.9")
	for i, p := range []Probe{{From: a, Type: 11}, {From: a, Type: 11}, {}, {From: b, Type: 3, Code: 3}, {From: b, Type: 3, Code: 3}, {From: b, Type: 3, Code: 1, Last: true}} {
		p.Hop, p.Number, p.RTT = i/3+1, i%3, 2*time.Millisecond
		tr.Report(term.now, p)
	}
	tr.Done(term.now)
	require.Equal(t, "10.0.0.2 2 msec 2 msec * \n  2 10.0.9.9 2 msec 2 msec 2 msec !H\n", term.shown())
	require.False(t, term.Busy())
}

// A sweep sends Repeat times all of its sizes.
func TestPingSweep(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	for _, l := range []string{"ping", "", "10.0.0.9", "2", "", "", "n", "y", "?", "1400", "1420"} {
		term.typed(l)
	}
	require.Equal(t, "Sweep interval [1]: ", term.Pending())
	require.Contains(t, term.typed("10"), "Sending 6, [1400..1420]-byte ICMP Echos to 10.0.0.9, timeout is 2 seconds:\n")
	require.Equal(t, []int{1400, 1420, 10, 6}, []int{term.d.ping.Size, term.d.ping.Sweep.To, term.d.ping.Sweep.By, term.d.ping.Echoes()})
}

func TestTracerouteDialogue(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	for _, step := range [][2]string{
		{"traceroute", "Protocol [ip]: "}, {"", "Target IP address: "}, {"10.0.9.9", "Source address: "}, {"Loopback0", "Numeric display [n]: "},
		{"y", "Timeout in seconds [3]: "}, {"1", "Probe count [3]: "}, {"2", "Minimum Time to Live [1]: "}, {"3", "Maximum Time to Live [30]: "},
		{"5", "Port Number [33434]: "}, {"40000", "Loose, Strict, Record, Timestamp, Verbose[none]: "},
	} {
		require.Empty(t, term.typed(step[0]))
		require.Equal(t, step[1], term.Pending())
	}
	require.Contains(t, term.typed(""), "Tracing the route to 10.0.9.9\n")
	ask := *term.d.trace
	require.Equal(t, []int{2, 3, 5, 40000}, []int{ask.Probes, ask.First, ask.Last, ask.Port})
	require.Equal(t, time.Second, ask.Timeout)
	require.Equal(t, "192.168.1.1", ask.Source.String())
}

func TestPingDialogue(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	for _, step := range [][2]string{
		{"ping", "Protocol [ip]: "}, {"", "Target IP address: "}, {"10.0.0.9", "Repeat count [5]: "}, {"2", "Datagram size [100]: "},
		{"", "Timeout in seconds [2]: "}, {"1", "Extended commands [n]: "}, {"y", "Source address or interface: "},
		{"Loopback0", "Type of service [0]: "}, {"184", "Set DF bit in IP header? [no]: "}, {"y", "Validate reply data? [no]: "}, {"", "Data pattern [0xABCD]: "},
		{"0x1234", "Loose, Strict, Record, Timestamp, Verbose[none]: "}, {"", "Sweep range of sizes [n]: "},
	} {
		require.Empty(t, term.typed(step[0]))
		require.Equal(t, step[1], term.Pending())
	}
	require.Equal(t, "Type escape sequence to abort.\nSending 2, 100-byte ICMP Echos to 10.0.0.9, timeout is 1 seconds:\n"+
		"Packet sent with a source address of 192.168.1.1\nPacket sent with the DF bit set\nPacket has data pattern 0x1234\n", term.typed(""))
	require.Equal(t, uint8(184), term.d.ping.TOS)
	require.Equal(t, []byte{0x12, 0x34}, term.d.ping.Pattern)
}
