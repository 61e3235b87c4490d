package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/fault"
)

// TestAside: what another router has let out goes on at who has nothing to do with it: whose tunnels do not
// lead from the one network to the other.
func TestAside(t *testing.T) {
	p := mapPlan(true)
	at := func(router, from, to int) bool {
		return aside(p, door{nameOf(router), sharedPort}, &fault.Packet{Src: station(from), Dst: station(to)})
	}
	require.False(t, at(1, 1, 3))
	require.False(t, at(2, 1, 3), "it is on the way")
	require.False(t, at(3, 1, 3))
	require.True(t, at(3, 1, 2))
	require.True(t, at(1, 3, 2))
	p.Tunnels[1].Shared, p.Tunnels[1].Lists[1] = false, whole
	require.True(t, at(3, 1, 2), "by another port")
	require.False(t, aside(p, door{nameOf(3), p.Tunnels[1].port()}, &fault.Packet{Src: station(1), Dst: station(2)}), "the list is of all networks")
	p.Routers[1].VRF = true
	require.True(t, at(2, 1, 3), "the global table is none of the VRF's")
	require.Equal(t, 7, networkOf(station6(7)))
}

// TestWentOn: who leads a packet on as it came has not let it in, and who does not is found when it arrives.
func TestWentOn(t *testing.T) {
	for _, c := range []struct {
		fine, on bool
		want     int
	}{{false, false, 1}, {true, false, 0}, {false, true, 0}} {
		found := 0
		l := newLedger(func(door, time.Time) bool { return false }, func() time.Time { return time.Time{} }, func(i Invariant, _ string) {
			require.Equal(t, Stopped, i)
			found++
		})
		var packet []byte
		h := &host{number: 1, ledger: l, router: func() (mac [6]byte) { return mac }, send: func(_ int, frame []byte, _ uint64) uint64 {
			packet = frame[ethernetLen:]
			return 0
		}}
		h.packet(3, 100)
		l.bare(packet, door{"R2", sharedPort}, c.fine)
		if c.on {
			l.wentOn(packet, "R2")
		}
		l.delivered(3, packet)
		require.Equal(t, c.want, found)
	}
}
