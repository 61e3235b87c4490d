package bench

import (
	"errors"
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
// operations do, once others have gone before them: as many of another lab do, and as many bare
// operations. What the first ones take that follow a collection of garbage is timed apart. Of many
// each waits for the memory.
type handshaking struct {
	kes    []ipsec.Group
	count  int
	target float64 // 0: none
	before int     // rounds of as many that go before them
}

const few = 10

var handshakes = []handshaking{
	{[]ipsec.Group{19}, few, 0.60, 1}, {[]ipsec.Group{2}, few, 0.83, 1}, {[]ipsec.Group{14}, few, 0.88, 1}, {[]ipsec.Group{19, 36}, few, 0.70, 1},
	{[]ipsec.Group{19}, few, 0, 0}, {[]ipsec.Group{19}, 400, 0, 0},
}

func (h *handshaking) name() string {
	name := fmt.Sprintf("handshake group %d", uint16(h.kes[0]))
	for _, g := range h.kes[1:] {
		name += fmt.Sprintf(", %v", g)
	}
	switch {
	case h.count > few:
		name += fmt.Sprintf(", %d at once", h.count)
	case h.before == 0:
		name += fmt.Sprintf(", the first %d", h.count)
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
		seconds, bare := math.Inf(1), math.Inf(1)
		for range handshakeRounds { // in turn, so that both see the same machine
			s, err := h.round(&g)
			if err != nil {
				return nil, err
			}
			seconds, bare = min(seconds, s), min(bare, h.bareRound(&g))
		}
		m := Measure{Name: g.name(), Value: float64(g.count) / seconds, Unit: "1/s", Limit: new(float64(g.count) / bare), Ratio: new(bare / seconds)}
		if g.target > 0 {
			m.Target = new(g.target)
		}
		list = append(list, m)
	}
	return list, nil
}

// round times the handshakes of a lab, after those of another one or not.
func (h Host) round(g *handshaking) (seconds float64, err error) {
	t := pairs(g.count, g.suite(), "esp-aes esp-sha256-hmac")
	var labs []*lab.Lab
	for range 1 + g.before {
		l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1})
		if err != nil {
			return 0, err
		}
		l.Sim.Run(t.Clock.Add(booted))
		labs = append(labs, l)
	}
	h.Heap() // neither side pays for what others left behind
	for _, l := range labs {
		seconds = h.took(func() { err = errors.Join(err, bringUp(l)) })
	}
	return seconds, err
}

// bareRound times the bare key exchanges of as many.
func (h Host) bareRound(g *handshaking) (seconds float64) {
	h.Heap()
	for range 1 + g.before {
		seconds = h.took(func() { bareExchanges(g.kes, g.count) })
	}
	return seconds
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
