package router

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMemoryOfARouter: a router with an established tunnel, which has carried
// traffic, stays below 64 KiB.
func TestMemoryOfARouter(t *testing.T) {
	const labs, limit = 20, 64 << 10
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	kept := make([]*lab, 0, labs)
	before := heap()
	for range labs {
		l := vtiRouters(t)
		l.mute = true
		l.start("R1", "R2")
		l.run(5 * time.Second)
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 1000, false))
		kept = append(kept, l)
	}
	each := (heap() - before) / (2 * labs)
	t.Logf("%d octets a router", each)
	require.Less(t, each, uint64(limit))
	runtime.KeepAlive(kept)
}
