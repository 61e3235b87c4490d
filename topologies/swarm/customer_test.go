package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// twoCustomers is a plan with a second customer at R2, whose branch has the addresses of R1's network.
func twoCustomers(p *Plan) *Plan {
	first := &p.Tunnels[0]
	p.Routers = append(p.Routers, Router{Number: 9, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic", Like: 1})
	p.Tunnels = append(p.Tunnels, Tunnel{Number: 9, A: 2, B: 9, Second: true, Shared: first.Shared, Delay: time.Millisecond, Transform: "esp-gcm", Mode: first.Mode})
	for _, ends := range [][2]int{{1, 2}, {2, 1}} {
		p.Flows = append(p.Flows, Flow{From: ends[0], To: ends[1], Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 200, Second: true})
	}
	return p
}

// TestCustomers: two customers have the same addresses at both ends, and the same lists of crypto maps, and each
// reaches his own.
func TestCustomers(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"plain":         func(p *Plan) {},
		"a VRF each":    func(p *Plan) { p.Routers[1].VRF = true },
		"front":         func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[1].Front = true, true, true },
		"default":       func(p *Plan) { p.Routers[1].DefaultRoute, p.Routers[2].DefaultRoute = true, true },
		"gre":           func(p *Plan) { p.Tunnels[0].Mode, p.Tunnels[1].Mode = "gre ip", "gre ip" },
		"a segment":     func(p *Plan) { p.Routers[1].Front, p.Tunnels[0].Shared, p.Tunnels[1].Shared = true, true, true },
		"a NAT gateway": func(p *Plan) { p.Tunnels[1].Inside = 9 },
		"behind one":    func(p *Plan) { p.Tunnels[1].Inside = 2 },
		"beside a hub":  func(p *Plan) { p.Tunnels[0].Client = 1 },
		"on demand":     func(p *Plan) { p.Routers[2].DPD = "10 2 on-demand" },
		"maps":          func(p *Plan) { p.Tunnels[0].Mode, p.Tunnels[1].Mode = byMap, byMap },
		"maps, one port": func(p *Plan) {
			p.Routers[1].VRF = true
			for i := range p.Tunnels {
				p.Tunnels[i].Mode, p.Tunnels[i].Shared = byMap, true
			}
		},
		"maps, a global one": func(p *Plan) {
			for i := range p.Tunnels {
				p.Tunnels[i].Mode, p.Tunnels[i].Shared = byMap, true
			}
		},
	} {
		p := twoCustomers(quietPlan())
		change(p)
		require.NoError(t, p.Check(), name)
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Less(t, r.Sent-r.Arrived, 5, name)
	}
}

// TestMutantCustomers: the same packet at the other customer's station is found, be it whole or in fragments; and so
// is a router that leads both customers' networks into one tunnel.
func TestMutantCustomers(t *testing.T) {
	for _, at := range []int{1, secondFrom + 1} {
		var found []Invariant
		l := newLedger(nil, time.Now, func(i Invariant, _ string) { found = append(found, i) })
		l.two = true
		var packet []byte
		h := &host{number: 2 + at - at%secondFrom, ledger: l, router: func() (mac [6]byte) { return mac }}
		h.send = func(_ int, frame []byte, _ uint64) uint64 {
			packet = frame[ethernetLen:]
			return 0
		}
		h.packet(at, 100)
		l.delivered(secondFrom+1-at+1, packet)
		require.Equal(t, []Invariant{Apart}, found)
		l.delivered(at, packet)
		require.Equal(t, 1, l.arrived)
		require.Len(t, found, 1)
	}
	p := twoCustomers(quietPlan())
	p.Faults = []Fault{{Kind: Edit, At: 90 * time.Second, For: time.Minute, Router: 2, Tunnel: 1, Lines: []string{
		"interface Tunnel1", "vrf forwarding OTHER", "ip address 172.16.1.2 255.255.255.252", "ip route vrf OTHER 192.168.1.0 255.255.255.0 Tunnel1 5",
		"interface Tunnel9", "no ip address", "no ip route vrf OTHER 192.168.1.0 255.255.255.0 Tunnel9"}}}
	r := Run(p, Options{})
	require.NotEmpty(t, r.Violations)
	require.Equal(t, Apart, r.Violations[0].Invariant)
}
