package bench

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// typedAtAHub are lines that concern one thing of a hub, each with how long it has to take
// effect.
var typedAtAHub = []struct {
	line string
	runs time.Duration
}{
	{line: "show interfaces Tunnel5"}, {line: "show ip interface Tunnel5"}, {line: "show ipv6 interface Tunnel5"},
	{line: "ping 10.0.0.22 source Ethernet0/5", runs: time.Second},
	{line: "show crypto ipsec sa interface Tunnel5"}, {line: "show crypto ipsec sa peer 10.0.0.22"}, {line: "show crypto ikev2 sa remote 10.0.0.22"},
	{line: "show crypto session interface Tunnel5"}, {line: "show crypto session remote 10.0.0.22 detail"},
	{line: "show ip route 10.0.0.22"}, {line: "show ip route 10.0.0.20 255.255.255.252"}, {line: "show ip route 10.200.0.1"},
	{line: "clear crypto sa peer 10.0.0.22", runs: 5 * time.Second}, {line: "clear crypto ikev2 sa remote 10.0.0.26", runs: 5 * time.Second},
	{line: "clear crypto session remote 10.0.0.22", runs: 5 * time.Second},
	{line: "clear counters Tunnel5"}, {line: ""},
	{line: "configure terminal"},
	{line: "interface Tunnel5"}, {line: "description one of many"}, {line: "ip mtu 1400"},
	{line: "shutdown", runs: 5 * time.Second}, {line: "no shutdown", runs: 5 * time.Second},
	{line: "interface Loopback9"}, {line: "ip address 192.0.2.1 255.255.255.255"},
	{line: "ip route 198.51.100.0 255.255.255.0 Loopback9"}, {line: "no ip route 198.51.100.0 255.255.255.0 Loopback9"},
	{line: "ip route 198.51.100.0 255.255.255.0 Tunnel5"}, {line: "no ip route 198.51.100.0 255.255.255.0 Tunnel5"},
	{line: "no interface Loopback9"},
	{line: "crypto ipsec profile NEW"}, {line: "set pfs group19"}, {line: "access-list 101 permit ip any any"},
	{line: "end"},
}

// TestCostFollowsWork: what concerns one of a hub's tunnels costs the same however many
// others there are, counted in allocations.
func TestCostFollowsWork(t *testing.T) {
	few, many := costs(t, 20), costs(t, 200)
	for i, typed := range typedAtAHub {
		require.LessOrEqual(t, many[i], few[i]+few[i]/10+25, "%q with 200 tunnels, and with 20: %d", typed.line, few[i])
	}
}

// costs are the allocations of each line at a hub with n tunnels.
func costs(t *testing.T, n int) (list []uint64) {
	l, err := lab.Build(star(n, group19, "esp-aes esp-sha256-hmac"), lab.Options{Strict: true, Seed: 1})
	require.NoError(t, err)
	require.NoError(t, bringUp(l))
	hub, before, after := l.Router("HUB"), runtime.MemStats{}, runtime.MemStats{}
	s := hub.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}})
	hub.Enter(s, "terminal length 0")
	hub.Enter(s, "show ip interface Ethernet0/0") // reads what NVRAM holds, once
	for _, typed := range typedAtAHub {
		runtime.ReadMemStats(&before)
		hub.Enter(s, typed.line)
		l.Sim.Run(l.Sim.Now().Add(typed.runs))
		runtime.ReadMemStats(&after)
		list = append(list, after.Mallocs-before.Mallocs)
	}
	s.Close()
	return list
}

// TestMemoryOfARouterOfAStar holds what a router occupies with its tunnel up, in KiB: 41 at
// most in a star of 10,000, where the hub's maps and what is not yet over take one more.
func TestMemoryOfARouterOfAStar(t *testing.T) {
	const most = 40.3
	p, err := Host{Now: time.Now, Heap: heapInUse}.star(100, 3)
	require.NoError(t, err)
	each := p.KiB / float64(p.Tunnels+1)
	t.Logf("%.1f KiB", each)
	require.Less(t, each, float64(most))
}
