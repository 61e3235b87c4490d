package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOverSix: over IPv6 all goes as over IPv4.
func TestOverSix(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"a link":       func(p *Plan) {},
		"a segment":    func(p *Plan) { p.Tunnels[0].Shared = true },
		"fragments":    func(p *Plan) { p.Routers[0].Fragments, p.Routers[1].Fragments = fragmentsLeast, fragmentsMost },
		"long":         func(p *Plan) { p.Flows[0].Bytes = packetMost },
		"default":      func(p *Plan) { p.Routers[0].DefaultRoute = true },
		"claims a NAT": func(p *Plan) { p.Routers[0].Encap = true },
		"ML-KEM":       func(p *Plan) { p.Routers[0].PQC, p.Routers[1].PQC = methods[2], methods[1] },
		"certificates": func(p *Plan) {
			p.Trust, p.Routers[0].Proof = &trusts{Revocation: "crl"}, proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
		},
	} {
		p := quietPlan()
		p.Tunnels[0].Six = true
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
	for _, over := range []bool{false, true} {
		p := quietPlan()
		p.Both, p.Tunnels[0].Six, p.Routers[0].DefaultRoute = true, over, true
		p.Flows = append(p.Flows, Flow{From: 2, To: 1, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: sixMost, Six: true})
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations)
		require.Equal(t, r.Sent, r.Arrived)
		require.Greater(t, r.Sent, 200)
	}
	for _, shared := range []bool{false, true} {
		p := quietPlan()
		p.Tunnels[0].Six, p.Tunnels[0].Shared = true, shared
		f := Fault{Kind: Move, At: 2 * time.Minute, For: 20 * time.Second, Router: 1, Tunnel: 1}
		f.types((&drawing{Plan: p}).move(&p.Tunnels[0], 1))
		p.Faults = []Fault{f}
		r := Run(p, Options{})
		require.Empty(t, r.Violations)
		require.Greater(t, r.Arrived, r.Sent*3/4)
	}
}
