package swarm

import (
	"encoding/json"
	"slices"
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
	require.Len(t, kinds, 16)
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
