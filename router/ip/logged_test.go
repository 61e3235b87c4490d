package ip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type logging struct{ input bool }

func (l logging) Judge([]byte) (bool, Logging) {
	return false, Logging{List: "L", Line: 10, Input: l.input}
}

// TestLogInput: who has sent a packet is told with a tag before it too, and not of what came otherwise.
func TestLogInput(t *testing.T) {
	d := middle(t)
	part := d.part("eth0.10", VLAN{ID: 10}, "10.0.10.1/24")
	part.judgedBy(logging{input: true})
	frame := d.frameTo(0, echoTo("10.0.10.9", "3.3.3.3", 7))
	copy(frame[6:], host1[:])
	d.Receive(epoch, 0, tagOf(frame, 10))
	tunnel := d.set("lo0", "lo", "10.0.20.1/24")
	tunnel.judgedBy(logging{input: true})
	d.Input(epoch, tunnel, d.frameTo(0, echoTo("10.0.20.9", "3.3.3.3", 7)))
	told := map[string][6]byte{}
	for _, r := range d.records {
		if b, ok := r.(AccessLogged); ok {
			told[b.Interface] = b.MAC
		}
	}
	require.Equal(t, map[string][6]byte{"eth0.10": host1, "lo0": {}}, told)
}

// TestLoggingIsBounded: a flood of conversations costs so much and no more, and what was not told
// is told of; when nothing comes any more, nothing is kept.
func TestLoggingIsBounded(t *testing.T) {
	d := middle(t)
	d.Interfaces.port(0).judgedBy(logging{})
	d.records = nil
	for n := range 2 * maxLogged {
		src := netip.AddrFrom4([4]byte{1, 1, byte(n >> 8), byte(n)}).String()
		for range 2 {
			d.Receive(epoch, 0, d.frameTo(0, echoTo(src, "3.3.3.3", 7)))
		}
	}
	told := func() (conversations int, packets, missed uint64) {
		for _, r := range d.records {
			switch b := r.(type) {
			case AccessLogged:
				conversations++
				packets += b.Packets
			case AccessMissed:
				missed += b.Packets
			}
		}
		d.records = nil
		return conversations, packets, missed
	}
	conversations, packets, missed := told()
	require.Equal(t, []uint64{maxLogged, maxLogged, 0}, []uint64{uint64(conversations), packets, missed})
	d.until(epoch.Add(accessInterval))
	conversations, packets, missed = told()
	require.Equal(t, []uint64{maxLogged, maxLogged, 2 * maxLogged}, []uint64{uint64(conversations), packets, missed})
	d.until(epoch.Add(2 * accessInterval))
	require.Empty(t, d.logged.list)
	require.Empty(t, d.logged.known)
	require.Zero(t, d.logged.timer.At())
	d.until(epoch.Add(time.Hour))
	require.Empty(t, d.records)
}
