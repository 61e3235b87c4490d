package tests

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// TestManyTerminals: 20,000 people at two routers of one lab, each with a screen
// of his own, and half of them with `terminal monitor`. What a terminal costs is
// bounded, and nothing stays of one that is left.
func TestManyTerminals(t *testing.T) {
	const each, limit = 10000, 1 << 10 // terminals of a router, octets of a terminal
	b := boot(t, topologies.DefaultLab, 1)
	b.do("wait 10s")
	type terminal struct {
		r     *lab.Router
		s     *shell.Session
		shown int
	}
	before := liveHeap()
	began := time.Now()
	list := make([]*terminal, 0, 2*each)
	for i := range 2 * each {
		one := &terminal{r: b.Router([]string{"R1", "R2"}[i%2])}
		one.s = one.r.Shell().Open(shell.Options{Privileged: true, Out: func(text string) { one.shown += len(text) }})
		if i/2%2 == 0 {
			one.r.Enter(one.s, "terminal monitor")
		}
		one.r.Enter(one.s, "show clock")
		list = append(list, one)
	}
	perTerminal := (liveHeap() - before) / uint64(len(list))
	t.Logf("%d terminals: %d octets each, %v to open and to type at", len(list), perTerminal, time.Since(began).Round(time.Millisecond))
	require.Less(t, perTerminal, uint64(limit))

	quiet, loud := list[2].shown, list[0].shown
	b.do("link R1:Ethernet0/0 down", "wait 1s")
	require.Equal(t, quiet, list[2].shown)
	require.Greater(t, list[0].shown, loud, "log lines come to who wants them")
	require.Contains(t, b.do("R1: show ip interface brief"), "Ethernet0/0", "the console goes on")

	for i := range list { // those who came last leave first
		list[len(list)-1-i].s.Close()
		list[len(list)-1-i] = nil
	}
	left := max(liveHeap(), before) - before
	require.Less(t, left, uint64(2*each*16), "a number of a line is what stays")
	again := b.Router("R1").Shell().Open(shell.Options{Privileged: true, Out: func(string) {}})
	b.Router("R1").Enter(again, "configure terminal")
	b.Router("R1").Enter(again, "end")
	require.Contains(t, b.do("R1: show logging | include vty0"), "vty0", "the lowest free line")
}

func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
