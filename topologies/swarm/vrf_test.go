package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestVRFs: wherever VRFs are, all goes as without them, through tunnels of each kind and with the
// same addresses at two ports of a router.
func TestVRFs(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"inside":        func(p *Plan) { p.Routers[0].VRF = true },
		"front":         func(p *Plan) { p.Tunnels[0].Front, p.Tunnels[1].Front = true, true },
		"both":          func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[1].Front = true, true, true },
		"both, default": func(p *Plan) { p.Routers[0].VRF, p.Routers[0].DefaultRoute, p.Tunnels[0].Front = true, true, true },
		"gre":           func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[0].Mode = true, true, "gre ip" },
		"ipip":          func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[0].Mode = true, true, "ipip" },
		"a segment":     func(p *Plan) { p.Routers[0].Front, p.Tunnels[0].Shared, p.Tunnels[1].Shared = true, true, true },
		"a NAT gateway": func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[0].Inside = true, true, 1 },
		"on demand":     func(p *Plan) { p.Routers[1].VRF, p.Tunnels[0].Front, p.Routers[0].DPD = true, true, "10 2 on-demand" },
		"with a certificate": func(p *Plan) {
			p.Tunnels[0].Front, p.Trust, p.Routers[0].Proof = true, &trusts{Revocation: "crl"}, proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
		},
	} {
		p := quietPlan()
		p.Routers = append(p.Routers, Router{Number: 3, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
		p.Tunnels = append(p.Tunnels, Tunnel{Number: 2, A: 2, B: 3, Delay: time.Millisecond, Transform: "esp-gcm"})
		p.Flows[0].To = 3
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
}

// TestVRFsSix: VRFs in front and inside, and the other family.
func TestVRFsSix(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"inside": func(p *Plan) { p.Both, p.Routers[0].VRF = true, true },
		"front": func(p *Plan) {
			p.Tunnels[0].Six, p.Tunnels[0].Front, p.Tunnels[1].Six, p.Tunnels[1].Front = true, true, true, true
		},
		"all":            func(p *Plan) { p.Both, p.Routers[1].VRF, p.Tunnels[0].Six, p.Tunnels[0].Front = true, true, true, true },
		"a segment":      func(p *Plan) { p.Routers[0].Front, p.Tunnels[0].Shared, p.Tunnels[0].Six = true, true, true },
		"inside, over 6": func(p *Plan) { p.Routers[1].VRF, p.Routers[1].DefaultRoute, p.Tunnels[0].Six = true, true, true },
	} {
		p := quietPlan()
		p.Routers = append(p.Routers, Router{Number: 3, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
		p.Tunnels = append(p.Tunnels, Tunnel{Number: 2, A: 2, B: 3, Delay: time.Millisecond, Transform: "esp-gcm"})
		p.Flows[0].To = 3
		change(p)
		if p.Both {
			p.Flows = append(p.Flows, Flow{From: 3, To: 1, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 400, Six: true})
		}
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
}

// TestVRFsOfMaps: crypto maps whose networks are in a VRF, or whose ports are.
func TestVRFsOfMaps(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"inside":          func(p *Plan) { p.Routers[0].VRF = true },
		"inside, between": func(p *Plan) { p.Routers[1].VRF, p.Routers[1].DefaultRoute = true, true },
		"both": func(p *Plan) {
			p.Routers[0].VRF, p.Routers[1].VRF, p.Routers[2].VRF, p.Tunnels[0].Front, p.Tunnels[1].Front = true, true, true, true, true
		},
		"beside a tunnel": func(p *Plan) {
			p.Routers[0].VRF, p.Routers[1].VRF, p.Tunnels[0].Front, p.Tunnels[1].Mode = true, true, true, ""
		},
		"a segment": func(p *Plan) {
			p.Routers[0].VRF, p.Routers[0].Front, p.Routers[1].VRF, p.Tunnels[0].Shared, p.Tunnels[1].Shared = true, true, true, true, true
		},
	} {
		p := mapPlan(false)
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Less(t, r.Sent-r.Arrived, 30, name)
	}
}
