package lab

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/router/record"
)

// TestStreamIsOne: devices and fabric in the order in which things happened,
// every cause told before what follows from it.
func TestStreamIsOne(t *testing.T) {
	l := newLab(t)
	seen := map[record.ID]record.Record{}
	kinds := map[string]int{}
	var last time.Time
	l.Stream.Listen(func(r record.Record) {
		require.False(t, r.At.Before(last), "%+v", r)
		last = r.At
		require.NotContains(t, seen, r.ID)
		if r.Cause != 0 {
			require.Contains(t, seen, r.Cause, "%+v", r)
		}
		seen[r.ID] = r
		kinds[r.Body.Kind()]++
	})
	wait(l, 10*time.Second)
	require.NoError(t, l.PortUp("R1:e0/0", false))
	for _, kind := range []string{"ike.step", "ike.sa_up", "fabric.frame_sent", "fabric.link_changed"} {
		require.NotZero(t, kinds[kind], kind)
	}
}

// TestIDsDoNotDependOnListeners: a frame is caused by the same record whoever
// listens.
func TestIDsDoNotDependOnListeners(t *testing.T) {
	run := func(listen bool) (text string) {
		l := newLab(t)
		if listen {
			l.Stream.Listen(func(record.Record) {})
		}
		l.Sim.Port("R1:Ethernet0/0").SetFilter(func(_ time.Time, f netsim.Frame) netsim.Verdict {
			text += fmt.Sprintln(f.Number, f.Cause)
			return netsim.Verdict{}
		})
		wait(l, 10*time.Second)
		require.NotEmpty(t, text)
		return text + fmt.Sprint(l.fabric.Last())
	}
	require.Equal(t, run(false), run(true))
}

// TestKeysAreForgotten when their SAs ended long ago.
func TestKeysAreForgotten(t *testing.T) {
	l := newLab(t)
	wait(l, 2*time.Hour) // a hundred rekeys
	require.Less(t, len(l.keys.ended), 100)
	require.Less(t, len(l.keys.live), 20)
	m := newMemory()
	c, err := l.StartCapture(m)
	require.NoError(t, err)
	require.NotEmpty(t, m.files[espKeysFile].String())
	require.NoError(t, c.Stop())
}

// TestLoopEnds: a routing loop over a link that duplicates ends in drops that
// have a name.
func TestLoopEnds(t *testing.T) {
	l, err := Build(parsed(t, `name: loop
topology:
  defaults: {kind: ios}
  nodes:
    R0: {startup-config: r0.cfg}
    R1: {startup-config: r1.cfg}
    R2: {startup-config: r2.cfg}
  links:
    - endpoints: ["R1:Ethernet0/0", "R2:Ethernet0/0"]
      impairments: {delay: 1ms, duplicate: 10%}
    - endpoints: ["R0:Ethernet0/0", "R1:Ethernet0/1"]
`, map[string]string{
		"r0.cfg": "interface Ethernet0/0\n ip address 10.0.1.2 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.0.1.1\n",
		"r1.cfg": "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\ninterface Ethernet0/1\n ip address 10.0.1.1 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.0.0.2\n",
		"r2.cfg": "interface Ethernet0/0\n ip address 10.0.0.2 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.0.0.1\n",
	}), Options{})
	require.NoError(t, err)
	wait(l, 5*time.Second)
	typed(l, "ping 9.9.9.9 repeat 1")
	wait(l, 140*time.Millisecond)
	require.NotZero(t, l.Sim.Port("R1:Ethernet0/0").Counters().Dropped[netsim.DropQueue])
}
