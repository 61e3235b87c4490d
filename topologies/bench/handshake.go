package bench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// handshaking is what is timed: key exchanges, the first one and additional ones, and how many
// handshakes at once. A few keep what they work with in the processor's caches, as the bare
// operations do; of many each waits for the memory.
type handshaking struct {
	kes    []ipsec.Group
	count  int
	target float64 // 0: none
}

const few = 10

var handshakes = []handshaking{
	{[]ipsec.Group{19}, few, 0.60}, {[]ipsec.Group{2}, few, 0.83}, {[]ipsec.Group{14}, few, 0.88}, {[]ipsec.Group{19, 36}, few, 0.70},
	{[]ipsec.Group{19}, 400, 0},
}

func (h *handshaking) name() string {
	name := fmt.Sprintf("handshake group %d", uint16(h.kes[0]))
	for _, g := range h.kes[1:] {
		name += fmt.Sprintf(", %v", g)
	}
	if h.count > few {
		name += fmt.Sprintf(", %d at once", h.count)
	}
	return name
}

// handshakeRounds: the best of them is the one that others disturbed least.
const handshakeRounds = 60

// group19 is the proposal of the other benchmarks.
const group19 = "encryption aes-cbc-128\nintegrity sha256\ngroup 19"

func (h *handshaking) suite() string {
	suite := strings.Replace(group19, "19", strconv.Itoa(int(h.kes[0])), 1)
	if len(h.kes) > 1 {
		suite += "\npqc mlkem768"
	}
	return suite
}

func benchHandshake(h Host) ([]Measure, error) {
	var list []Measure
	for _, g := range handshakes {
		t := pairs(g.count, g.suite(), "esp-aes esp-sha256-hmac")
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
			bare = min(bare, h.took(func() { bareExchanges(g.kes, g.count) }))
		}
		m := Measure{Name: g.name(), Value: float64(g.count) / seconds, Unit: "1/s", Limit: new(float64(g.count) / bare), Ratio: new(bare / seconds)}
		if g.target > 0 {
			m.Target = new(g.target)
		}
		list = append(list, m)
	}
	return list, nil
}

// bareExchanges does the public-key work of n handshakes: both ends, one public value
// and one shared secret each.
func bareExchanges(kes []ipsec.Group, n int) {
	random := netsim.Seed(1).Stream("bench", "dh")
	for i := range n * len(kes) {
		g := kes[i%len(kes)]
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
