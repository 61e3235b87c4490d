package swarm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPlanIsData(t *testing.T) {
	shapes := map[Shape]int{}
	kinds := map[Kind]int{}
	most := 0
	for seed := range uint64(200) {
		p := Draw(seed)
		require.Equal(t, p, Draw(seed), "equal seeds")
		require.NoError(t, p.Check())
		text, err := json.Marshal(p)
		require.NoError(t, err)
		var again Plan
		require.NoError(t, json.Unmarshal(text, &again))
		require.Equal(t, p, &again)
		require.GreaterOrEqual(t, p.Length, minutesMin*time.Minute)
		require.LessOrEqual(t, p.Length, minutesMost*time.Minute)
		most = max(most, len(p.Routers))
		shapes[p.Shape]++
		for _, f := range p.Faults {
			kinds[f.Kind]++
			require.LessOrEqual(t, f.At+f.For, p.Length, "it heals")
		}
	}
	require.Equal(t, routersMost, most)
	require.Len(t, shapes, 3)
	require.Len(t, kinds, 18)
}

// TestDrawn: of all that a network may have something is drawn, and fits.
func TestDrawn(t *testing.T) {
	have := map[string]int{}
	note := func(what string, is bool) {
		if is {
			have[what]++
		}
	}
	for seed := range uint64(300) {
		p := Draw(seed)
		require.NoError(t, p.Check())
		note("on demand", p.onDemand())
		for _, r := range p.Routers {
			note("method "+r.Proof.Method, p.Trust != nil)
			note("authority "+r.Proof.By, p.Trust != nil)
			note("a VRF inside", r.VRF)
			note("a VRF in front of the segment", r.Front)
			note("fragments", r.Fragments > 0)
			note("cookies", r.Cookies > 0)
			note("an additional key exchange", r.PQC != "")
			note("encapsulation", r.Encap)
		}
		for _, e := range p.Tunnels {
			note(e.Mode, true)
			note("an additional key exchange beside PFS", strings.Contains(e.PFS, "pqc"))
			note(e.Mode+" in transport mode", e.Transport)
			note("a NAT gateway", e.Inside != 0)
			note("a NAT gateway in transport mode", e.Inside != 0 && e.Transport)
			note("list "+string(e.Lists[0]), e.Lists[0] != "")
			note("a VRF in front", e.Front)
			note("over IPv6", e.Six)
			note("both families over IPv6", p.Both && e.Six)
			note("both families through a NAT gateway", p.Both && e.Inside != 0)
			note("two entries", e.Split)
			note("single hosts", e.PerHost != 0)
			note("routes of pairs", e.Reverse[0] == "reverse-route")
			note("routes of lists", e.Reverse[1] == "reverse-route static")
			note("FlexVPN", e.Client != 0)
			note("FlexVPN by certificates", e.Client != 0 && byCertificate(p, e.A) && byCertificate(p, e.B))
			note("a second customer", e.Second)
			note("a second customer's crypto map at one port", e.Second && e.mapped() && e.Shared)
			note("a second customer's NAT gateway", e.Second && e.Inside != 0)
			note("extended sequence numbers", strings.HasSuffix(e.Transform, "esn"))
			require.False(t, e.Inside != 0 && !strings.HasSuffix(p.router(e.Inside).DPD, "periodic"))
		}
		for _, f := range p.Faults {
			note("a fragment of a message", f.Packet != nil && f.Packet.Fragment > 0)
			note("a NAT gateway's "+f.How, f.How != "")
			note("an edit that opens", f.Opens)
		}
	}
	require.Len(t, have, 53, "%v", have)
}

// TestKinds: each kind of tunnel carries what it is given, and comes back.
func TestKinds(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"gre":            func(p *Plan) { p.Tunnels[0].Mode = "gre ip" },
		"gre, transport": func(p *Plan) { p.Tunnels[0].Mode, p.Tunnels[0].Transport = "gre ip", true },
		"ipip":           func(p *Plan) { p.Tunnels[0].Mode, p.Tunnels[0].Transport = "ipip", true },
		"encapsulation":  func(p *Plan) { p.Routers[0].Encap = true },
		"fragments":      func(p *Plan) { p.Routers[0].Fragments, p.Routers[1].Fragments = fragmentsLeast, fragmentsMost },
		"cookies":        func(p *Plan) { p.Routers[0].Cookies = 1 },
		"ML-KEM": func(p *Plan) {
			p.Routers[0].PQC, p.Routers[1].PQC, p.Tunnels[0].PFS = methods[0], methods[1], groups[3]
		},
		"ML-KEM at one": func(p *Plan) { p.Routers[0].PQC = methods[2] },
		"on demand":     func(p *Plan) { p.Routers[0].DPD = "10 2 on-demand" },
	} {
		p := quietPlan()
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
	for inside := range 2 {
		for _, how := range []string{ports, address, flush, "gre", "ipip"} {
			p := quietPlan()
			if mode := map[string]string{"gre": "gre ip", "ipip": "ipip"}[how]; mode != "" {
				p.Tunnels[0].Mode, p.Tunnels[0].Transport, how = mode, true, ports
			}
			p.Tunnels[0].Inside = inside + 1
			p.Faults = []Fault{{Kind: Rebind, How: how, At: 2 * time.Minute, For: 20 * time.Second, Router: 1, Tunnel: 1}}
			require.NoError(t, p.Check())
			r := Run(p, Options{})
			require.Empty(t, r.Violations, how)
			require.Equal(t, 1, r.Faults[Rebind])
			require.Greater(t, r.Arrived, r.Sent*3/4)
		}
	}
}

// quietPlan is two routers to whom nothing happens.
func quietPlan() *Plan {
	p := &Plan{
		Seed: 1, Shape: Chain, IKE: suites[0], Length: 3 * time.Minute,
		Tunnels: []Tunnel{{Number: 1, A: 1, B: 2, Delay: time.Millisecond, Transform: "esp-gcm"}},
		Flows:   []Flow{{From: 1, To: 2, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 100}},
	}
	for i := range 2 {
		p.Routers = append(p.Routers, Router{Number: i + 1, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
	}
	return p
}

func TestQuiet(t *testing.T) {
	r := Run(quietPlan(), Options{})
	require.Empty(t, r.Violations)
	require.Equal(t, r.Sent, r.Arrived)
	require.Greater(t, r.Sent, 100)
}

// TestCheck: what nobody has drawn is refused before it is carried out.
func TestCheck(t *testing.T) {
	for _, spoil := range []func(p *Plan){
		func(p *Plan) { p.Routers[0].Number = 0 },
		func(p *Plan) { p.Tunnels[0].B = 9 },
		func(p *Plan) { p.Flows[0].Period = 0 },
		func(p *Plan) { p.Faults = []Fault{{Kind: LinkDown, Router: 1, Tunnel: 2}} },
		func(p *Plan) { p.Faults = []Fault{{Kind: Rebind, Router: 1, Tunnel: 1}} },
		func(p *Plan) { p.Tunnels[0].Inside, p.Tunnels[0].Mode = 1, "ipip" },
		func(p *Plan) { p.Faults = []Fault{{Kind: Edit, Router: 1, Tunnel: 1, Also: []Typing{{Router: 3}}}} },
	} {
		p := quietPlan()
		require.NoError(t, p.Check())
		spoil(p)
		require.Error(t, p.Check())
	}
}

// TestShrink: of all that a plan has, what it does not fail without is left.
func TestShrink(t *testing.T) {
	p := Draw(12)
	require.Greater(t, len(p.Routers), 5)
	f := p.Faults[len(p.Faults)/2]
	fails := func(p *Plan) (bool, time.Duration) {
		return slices.ContainsFunc(p.Faults, func(g Fault) bool { return f.At == g.At && f.Kind == g.Kind }), p.Length
	}
	small, least := Shrink(p, Limits{300, 1000 * time.Hour}, fails)
	require.True(t, least)
	require.Len(t, small.Faults, 1)
	require.Len(t, small.Routers, 2)
	require.Len(t, small.Tunnels, 1)
	require.Empty(t, small.Flows)
	require.LessOrEqual(t, small.Length, f.At+f.For)
	require.Empty(t, Run(small, Options{}).Violations, "what is left can be carried out")

	for _, most := range []Limits{{3, 1000 * time.Hour}, {300, 2 * time.Hour}} {
		tries := 0
		_, least = Shrink(p, most, func(p *Plan) (bool, time.Duration) {
			tries++
			return fails(p)
		})
		require.False(t, least, "a limit has stopped it")
		require.LessOrEqual(t, tries, 6)
	}
}
