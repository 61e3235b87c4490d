package ip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type logging struct{}

func (logging) Judge([]byte) (bool, Logging) { return false, Logging{List: "L", Line: 10} }

// TestLoggingIsBounded: a flood of conversations costs so much and no more, and what was not told
// is told of; when nothing comes any more, nothing is kept.
func TestLoggingIsBounded(t *testing.T) {
	d := middle(t)
	d.Interfaces.port(0).Settings.Filters[In] = logging{}
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
