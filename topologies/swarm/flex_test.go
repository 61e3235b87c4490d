package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// flexPlan is a hub with two clients, of whom one sends to the other.
func flexPlan() *Plan {
	p := quietPlan()
	p.Routers = append(p.Routers, Router{Number: 3, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
	p.Tunnels = append(p.Tunnels, Tunnel{Number: 2, A: 1, B: 3, Delay: time.Millisecond, Transform: "esp-gcm", Client: 3})
	p.Tunnels[0].Client = 2
	p.Flows[0] = Flow{From: 2, To: 3, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 100}
	return p
}

// TestFlex: whatever a hub and its clients are besides, all comes that is sent.
func TestFlex(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"plain":         func(p *Plan) {},
		"one":           func(p *Plan) { p.Tunnels[1].Client = 0 },
		"a chain":       func(p *Plan) { p.Tunnels[0].Client = 1 },
		"inside":        func(p *Plan) { p.Routers[0].VRF, p.Routers[1].VRF = true, true },
		"front":         func(p *Plan) { p.Tunnels[0].Front, p.Tunnels[1].Front = true, true },
		"both":          func(p *Plan) { p.Routers[0].VRF, p.Tunnels[0].Front = true, true },
		"default":       func(p *Plan) { p.Routers[0].DefaultRoute, p.Routers[1].DefaultRoute = true, true },
		"a segment":     func(p *Plan) { p.Routers[0].Front, p.Tunnels[0].Shared, p.Tunnels[1].Shared = true, true, true },
		"a NAT gateway": func(p *Plan) { p.Tunnels[0].Inside = 2 },
	} {
		p := flexPlan()
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
}
