package bench

import (
	"fmt"
	"math"
	"strings"

	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// Point is a star with so many tunnels: what it took to build it and bring
// them up, and what it occupies then.
type Point struct {
	Tunnels int
	Seconds float64
	KiB     float64
}

// stars are the sizes measured; small ones are repeated.
var stars = []struct{ tunnels, rounds int }{{100, 30}, {1000, 3}, {10_000, 1}}

// Scale measures stars of growing size.
func Scale(h Host) ([]Point, error) {
	var list []Point
	for _, s := range stars {
		p, err := h.star(s.tunnels, s.rounds)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// star measures one size; time is the mean of the rounds, as a big lab has no
// chance of a lucky one.
func (h Host) star(tunnels, rounds int) (Point, error) {
	t := star(tunnels, group19, "esp-aes esp-sha256-hmac")
	p := Point{Tunnels: tunnels, KiB: math.Inf(1)}
	for range rounds {
		before := h.Heap()
		var l *lab.Lab
		var err error
		p.Seconds += h.took(func() {
			if l, err = lab.Build(t, lab.Options{Strict: true, Seed: 1, Workers: h.Workers}); err == nil {
				err = bringUp(l)
			}
		}) / float64(rounds)
		if err != nil {
			return p, err
		}
		p.KiB = min(p.KiB, (float64(h.Heap())-float64(before))/1024)
		l.Sim.Run(l.Sim.Now()) // keeps the lab alive until it has been weighed
	}
	return p, nil
}

func (p Point) microseconds() float64 { return p.Seconds / float64(p.Tunnels) * 1e6 }

func (p Point) perTunnel() float64 { return p.KiB / float64(p.Tunnels) }

func benchScale(h Host) ([]Measure, error) {
	points, err := Scale(h)
	if err != nil {
		return nil, err
	}
	return ScaleMeasures(points), nil
}

// ScaleMeasures are the lines of the benchmark.
func ScaleMeasures(points []Point) []Measure {
	var list []Measure
	for _, p := range points {
		list = append(list,
			Measure{Name: fmt.Sprintf("%d tunnels up, building included", p.Tunnels), Value: p.Seconds, Unit: "s"},
			Measure{Name: "  time a tunnel", Value: p.microseconds(), Unit: "us"},
			Measure{Name: "  memory a router", Value: p.KiB / float64(p.Tunnels+1), Unit: "KiB", Target: new(41.0)})
	}
	first, last := points[0], points[len(points)-1]
	list[len(list)-3].Target = new(8.0)
	return append(list,
		Measure{Name: "growth of the time a tunnel", Value: last.microseconds() / first.microseconds(), Unit: "1", Target: new(1.5)},
		Measure{Name: "growth of the memory a tunnel", Value: last.perTunnel() / first.perTunnel(), Unit: "1", Target: new(1.1)})
}

const meshRouters = 100

// benchMesh brings up a tunnel between any two routers of a segment.
func benchMesh(h Host) ([]Measure, error) {
	t := mesh(meshRouters)
	l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { err = bringUpAll(l, meshUp) })
	const tunnels = meshRouters * (meshRouters - 1) / 2
	return []Measure{{Name: fmt.Sprintf("mesh of %d routers, %d tunnels up", meshRouters, tunnels), Value: seconds, Unit: "s", Target: new(5.0)}}, err
}

func meshUp(l *lab.Lab) bool {
	for i, r := range l.Routers {
		for j := range l.Routers {
			if i != j && !r.TunnelUp(fmt.Sprintf("Tunnel%d", j)) {
				return false
			}
		}
	}
	return true
}

// mesh is n routers on a segment; Tunnel j leads to router j.
func mesh(n int) *topologies.Topology {
	t := &topologies.Topology{Name: "mesh", Clock: topologies.DefaultClock}
	t.Nodes = append(t.Nodes, &topologies.Node{Name: "LAN", Kind: topologies.KindBridge})
	for i := range n {
		config := &strings.Builder{}
		config.WriteString(suiteConfig(group19, "esp-aes esp-sha256-hmac"))
		fmt.Fprintf(config, "interface Ethernet0/0\n ip address 10.0.0.%d 255.255.255.0\n", i+1)
		for j := range n {
			if i != j {
				config.WriteString(meshTunnel(i, j))
			}
		}
		name := fmt.Sprintf("R%d", i)
		addRouter(t, name, config.String())
		cable(t, topologies.Endpoint{Node: name, Interface: "Ethernet0/0"}, topologies.Endpoint{Node: "LAN", Interface: fmt.Sprint(i + 1)})
	}
	return t
}

// meshTunnel is the tunnel from one router to another, with a network that
// both know by the lower number first.
func meshTunnel(from, to int) string {
	low, high, host := min(from, to), max(from, to), 0
	if from > to {
		host = 1
	}
	net := low<<8 + high<<1
	return fmt.Sprintf(`interface Tunnel%d
 ip address 172.%d.%d.%d 255.255.255.254
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.%d
 tunnel protection ipsec profile P
`, to, 16+net>>16, net>>8&255, net&255+host, to+1)
}
