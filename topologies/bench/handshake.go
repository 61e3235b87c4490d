package bench

import (
	"fmt"
	"math"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// handshakes per group and run: enough to time, few enough to wait for.
var handshakeGroups = []struct {
	group  ipsec.Group
	count  int
	target float64
}{{19, 400, 0.60}, {2, 100, 0.83}, {14, 40, 0.88}}

// handshakeRounds: the best of them is the one that others disturbed least.
const handshakeRounds = 10

func handshakeSuite(g ipsec.Group) string {
	return fmt.Sprintf("encryption aes-cbc-128\nintegrity sha256\ngroup %d", uint16(g))
}

func benchHandshake(h Host) ([]Measure, error) {
	var list []Measure
	for _, g := range handshakeGroups {
		t := pairs(g.count, handshakeSuite(g.group), "esp-aes esp-sha256-hmac")
		seconds, bare := math.Inf(1), math.Inf(1)
		for range handshakeRounds { // in turn, so that both see the same machine
			l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1})
			if err != nil {
				return nil, err
			}
			l.Sim.Run(t.Clock.Add(booted))
			h.Heap() // neither side pays for what others left behind
			seconds = min(seconds, h.took(func() { err = bringUp(l) }))
			if err != nil {
				return nil, err
			}
			h.Heap()
			bare = min(bare, h.took(func() { bareDH(g.group, g.count) }))
		}
		list = append(list, Measure{
			Name: fmt.Sprintf("handshake group %d", uint16(g.group)), Value: float64(g.count) / seconds, Unit: "1/s",
			Limit: new(float64(g.count) / bare), Ratio: new(bare / seconds), Target: new(g.target),
		})
	}
	return list, nil
}

// bareDH does the public-key work of n handshakes: both ends, one public value
// and one shared secret each.
func bareDH(g ipsec.Group, n int) {
	random := netsim.Seed(1).Stream("bench", "dh")
	for range n {
		a, _ := g.Initiate(random)
		b, _ := g.Respond(random, a.Public())
		a.Answered(b.Public())
		_, errA := a.Secret()
		_, errB := b.Secret()
		if errA != nil || errB != nil {
			panic("bench: a drawn key does not agree with another")
		}
	}
}

// benchIdle lets the tech note's lab live for a day: about 1,400 rekeys.
func benchIdle(h Host) ([]Measure, error) {
	t, err := topologies.Embedded(topologies.DefaultLab)
	if err != nil {
		return nil, err
	}
	l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { l.Sim.Run(t.Clock.Add(24 * time.Hour)) })
	if !l.Routers[0].TunnelUp("Tunnel0") {
		return nil, fmt.Errorf("bench: the tunnel is down after a day")
	}
	return []Measure{{Name: "24 virtual hours", Value: seconds, Unit: "s", Target: new(3.0)}}, nil
}
