package router

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
)

// watching is a router alone that lives on until an instant.
type watching struct {
	*Router
	t   *testing.T
	now time.Time
	out strings.Builder
	s   *shell.Session
}

func watchingOf(t *testing.T, startup string) *watching {
	w := &watching{Router: alone(t, startup), t: t, now: commitEpoch}
	w.s = w.Shell().Open(shell.Options{Privileged: true, Out: func(text string) { w.out.WriteString(text) }})
	w.s.Resize(80, 0)
	return w
}

// until lets time pass, event by event.
func (w *watching) until(d time.Duration) {
	for end := w.now.Add(d); ; {
		next := w.Deadline()
		if next.IsZero() || next.After(end) {
			w.now = end
			return
		}
		if next.After(w.now) {
			w.now = next
		}
		w.Advance(w.now)
	}
}

func (w *watching) typed(lines ...string) string {
	for _, line := range lines {
		w.out.Reset()
		w.s.Enter(w.now, line)
	}
	return w.out.String()
}

const watched = `ip sla 1
 icmp-echo 10.9.0.1
 threshold 1000
 timeout 1000
 frequency 2
ip sla schedule 1 life 10 start-time after 00:00:05
track 1 interface Ethernet0/0 line-protocol
 delay down 10 up 5
track 2 interface Ethernet0/0 ip routing
track 3 ip sla 1 state
track 4 list boolean or
 object 1 not
 object 9
interface Ethernet0/0
 no shutdown
interface Loopback0
 ip address 10.9.0.1 255.255.255.255
ip route 10.1.0.0 255.255.0.0 Null0 track 3
ip route 10.1.0.0 255.255.0.0 Loopback0 5 track 8
`

// TestWhatIsTracked: a change counts when it has lasted, an address counts for ip routing, and a
// member that there is not is neither up nor its opposite.
func TestWhatIsTracked(t *testing.T) {
	w := watchingOf(t, watched)
	w.until(0)
	require.Contains(t, w.typed("show track 1"), "Line protocol is Down")
	w.until(4900 * time.Millisecond)
	w.Carrier(w.now, 0, false)
	w.until(time.Second)
	w.Carrier(w.now, 0, true)
	w.until(4900 * time.Millisecond)
	require.Contains(t, w.typed("show track 4"), "Boolean OR is Up")
	w.until(200 * time.Millisecond)
	require.Contains(t, w.typed("show track 1"), "Line protocol is Up\n    1 change, last change 00:00:00\n  Delay up 5 secs, down 10 secs\n  Tracked by:\n    Track-list 4\n", "it went down meanwhile")
	require.Contains(t, w.typed("show track 4"), "Boolean OR is Down\n    2 changes, last change 00:00:00\n    object 1 not Up\n    object 9 Down\n")
	require.Contains(t, w.typed("show track 2"), "IP routing is Down (no IP addr)\n    0 changes")
	w.typed("configure terminal", "interface Ethernet0/0", "ip address 10.0.0.1 255.255.255.0", "end")
	w.until(0)
	require.Contains(t, w.typed("show track 2"), "IP routing is Up\n    1 change")
	require.Contains(t, w.typed("show logging"), "%TRACKING-5-STATE: 2 interface Et0/0 ip routing Down->Up")
	w.typed("configure terminal", "interface Ethernet0/0", "shutdown", "end")
	w.until(9 * time.Second)
	require.Contains(t, w.typed("show track 1"), "Line protocol is Up\n")
	require.Contains(t, w.typed("show track 2"), "IP routing is Down (hw admin-down)")
	w.until(2 * time.Second)
	require.Contains(t, w.typed("show track 1"), "Line protocol is Down (hw admin-down)\n    2 changes, last change 00:00:01\n")
}

// TestRouteThatUndoesItsCondition: what follows an object may undo its condition, which then changes
// once a second and not for ever in one instant.
func TestRouteThatUndoesItsCondition(t *testing.T) {
	for _, startup := range []string{
		"track 8 ip route 10.8.0.0 255.255.255.0 reachability\ntrack 9 list boolean and\n object 8 not\nip route 10.8.0.0 255.255.255.0 Null0 track 9\n",
		"interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n no shutdown\ninterface Tunnel1\n ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination 10.8.0.8\n" +
			"track 9 interface Tunnel1 line-protocol\nip route 0.0.0.0 0.0.0.0 10.0.0.2\nip route 10.8.0.8 255.255.255.255 Null0 track 9\n",
	} {
		w := watchingOf(t, startup)
		w.until(10 * time.Second)
		require.Regexp(t, `\b(9|1\d) changes, last change 00:00:0[01]`, w.typed("show track 9"))
	}
}

// TestOperationOfAnotherKind: what is not carried out is not shown as what is.
func TestOperationOfAnotherKind(t *testing.T) {
	w := watchingOf(t, "ip sla 1\n icmp-echo 10.9.0.1\nip sla 2\n udp-echo 10.9.0.1 7\n")
	w.until(0)
	require.Contains(t, w.typed("show ip sla configuration 1"), "operation to perform: icmp-echo")
	require.Contains(t, w.typed("show ip sla configuration 2"), "operation to perform: none")
	require.Regexp(t, `2 +none`, w.typed("show ip sla summary"))
}

// TestOperationsOfIPSLA: one begins when its schedule says and ends with its life, after which
// nothing is due; what runs cannot be edited.
func TestOperationsOfIPSLA(t *testing.T) {
	w := watchingOf(t, watched)
	w.until(4 * time.Second)
	require.Contains(t, w.typed("show ip sla summary"), "\n~1           icmp-echo   10.9.0.1          -           Unknown     never\n")
	require.Contains(t, w.typed("show ip route 10.1.0.0"), "% Subnet not in table", "no object 8, and 3 is down")
	w.until(1500 * time.Millisecond)
	require.Contains(t, w.typed("show ip sla statistics"), "Latest RTT: 1 milliseconds\n")
	require.Contains(t, w.typed("show ip route 10.1.0.0"), "directly connected, via Null0")
	require.Contains(t, w.typed("show track 3"), "  IP SLA 1 state\n  State is Up\n    1 change, last change 00:00:00\n  Latest operation return code: OK\n")
	require.Contains(t, w.typed("configure terminal", "ip sla 1"), "Entry already running and cannot be modified")
	w.typed("interface Loopback0", "no ip address", "end")
	w.until(3 * time.Second)
	require.Contains(t, w.typed("show ip sla statistics"), "Latest operation return code: Timeout\nNumber of successes: 1\nNumber of failures: 1\nOperation time to live: 6 sec\n")
	require.Contains(t, w.typed("show track 3"), "State is Down")
	w.until(time.Minute)
	require.Contains(t, w.typed("show ip sla statistics"), "Number of failures: 4\nOperation time to live: 0\n")
	require.Contains(t, w.typed("show ip sla summary"), "\n^1 ")
	require.Zero(t, w.machine.timers.Next())
	w.typed("configure terminal", "no track 3", "no ip sla 1", "no track 1", "no track 2", "no track 4", "end")
	require.Empty(t, w.machine.tracked.objects.State().Objects)
}
