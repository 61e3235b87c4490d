package topologies

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
)

// Measure is one line of a benchmark. Limit is what the bare primitive did in
// the same run, Ratio how near Value comes to it, Target what the project
// wants: at least, for a ratio or a rate; at most, for a time or a size.
type Measure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Limit  float64 `json:"limit,omitempty"`
	Ratio  float64 `json:"ratio,omitempty"`
	Target float64 `json:"target,omitempty"`
}

// Host is what a benchmark needs of the machine: the wall clock and the heap
// in use, in octets, after a collection. Workers may be nil.
type Host struct {
	Now     func() time.Time
	Heap    func() uint64
	Workers netsim.Executor
}

// benches by name.
var benches = map[string]func(h Host) ([]Measure, error){
	"handshake": benchHandshake, "esp": benchESP, "scale": benchScale, "idle": benchIdle,
}

// BenchNames lists the benchmarks.
func BenchNames() []string { return []string{"handshake", "esp", "scale", "idle"} }

// Bench runs one benchmark.
func Bench(name string, h Host) ([]Measure, error) {
	run := benches[name]
	if run == nil {
		return nil, fmt.Errorf("topologies: there is no benchmark %q", name)
	}
	return run(h)
}

// took is the wall time of f in seconds.
func (h Host) took(f func()) float64 {
	start := h.Now()
	f()
	return h.Now().Sub(start).Seconds()
}

// best is the least of several runs of f: the one that the machine disturbed
// least.
func best(n int, f func() float64) float64 {
	least := math.Inf(1)
	for range n {
		least = min(least, f())
	}
	return least
}

// star is a hub with n spokes on one bridge, every spoke with its own tunnel.
// ike and esp are the suite's configuration lines.
func star(n int, ike, esp string) *Topology {
	t := &Topology{Name: "star", Clock: defaultClock}
	hub := &strings.Builder{}
	fmt.Fprint(hub, suiteConfig(ike, esp), "interface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n")
	t.Nodes = append(t.Nodes, &Node{Name: "LAN", Kind: KindBridge}, nil)
	t.Links = append(t.Links, cable("HUB", 0))
	for i := 1; i <= n; i++ {
		spoke := netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)})
		fmt.Fprint(hub, tunnelConfig(i, spoke))
		name := fmt.Sprintf("S%d", i)
		config := suiteConfig(ike, esp) + fmt.Sprintf("interface Ethernet0/0\n ip address %v 255.0.0.0\n", spoke) +
			tunnelConfig(0, netip.AddrFrom4([4]byte{10, 0, 0, 1}))
		t.Nodes = append(t.Nodes, &Node{Name: name, Kind: KindIOS, Image: DefaultImage, Hostname: name, Config: config, ConfigFile: name, ConfigLine: 1})
		t.Links = append(t.Links, cable(name, i))
	}
	t.Nodes[1] = &Node{Name: "HUB", Kind: KindIOS, Image: DefaultImage, Hostname: "HUB", Config: hub.String(), ConfigFile: "HUB", ConfigLine: 1}
	return t
}

// cable joins a router to the bridge. The hub hears of the spokes a little
// late, so that it answers rather than asks.
func cable(node string, port int) *Link {
	return &Link{Type: LinkVeth, Ends: []Endpoint{
		{Node: node, Interface: "Ethernet0/0", Impairments: Impairments{Delay: time.Millisecond}},
		{Node: "LAN", Interface: fmt.Sprint(port), Impairments: Impairments{Delay: time.Millisecond}},
	}}
}

func suiteConfig(ike, esp string) string {
	return "crypto ikev2 proposal P\n " + strings.ReplaceAll(ike, "\n", "\n ") + `
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key local benchmark
  pre-shared-key remote benchmark
crypto ikev2 profile P
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set T ` + esp + `
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
`
}

func tunnelConfig(number int, peer netip.Addr) string {
	return fmt.Sprintf(`interface Tunnel%d
 ip address 172.16.%d.%d 255.255.255.254
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination %v
 tunnel protection ipsec profile P
`, number, number>>7, number<<1&255, peer)
}

// up counts the spokes whose tunnel is up.
func (l *Lab) up() (n int) {
	for _, r := range l.Routers {
		if r.Name() != "HUB" && r.TunnelUp("Tunnel0") {
			n++
		}
	}
	return n
}

// bringUp runs a star until every tunnel is up.
func (l *Lab) bringUp() error {
	want := len(l.Routers) - 1
	for range 120 {
		l.Sim.Run(l.Sim.Now().Add(500 * time.Millisecond))
		if l.up() == want {
			return nil
		}
	}
	return fmt.Errorf("topologies: only %d of %d tunnels came up", l.up(), want)
}

// handshakes per group and run: enough to time, few enough to wait for.
var handshakeGroups = []struct {
	group  ipsec.Group
	count  int
	target float64
}{{19, 400, 0.50}, {2, 100, 0.80}, {14, 40, 0.80}}

func benchHandshake(h Host) ([]Measure, error) {
	var list []Measure
	for _, g := range handshakeGroups {
		ike := fmt.Sprintf("encryption aes-cbc-128\nintegrity sha256\ngroup %d", uint16(g.group))
		t := star(g.count, ike, "esp-aes esp-sha256-hmac")
		var failed error
		seconds := best(3, func() float64 {
			l, err := Build(t, Options{Seed: 1, Quiet: true})
			if err != nil {
				failed = err
				return 0
			}
			return h.took(func() { failed = l.bringUp() })
		})
		if failed != nil {
			return nil, failed
		}
		bare := best(3, func() float64 { return h.took(func() { bareDH(g.group, g.count) }) })
		list = append(list, Measure{
			Name: fmt.Sprintf("handshake group %d", uint16(g.group)), Value: float64(g.count) / seconds, Unit: "1/s",
			Limit: float64(g.count) / bare, Ratio: bare / seconds, Target: g.target,
		})
	}
	return list, nil
}

// bareDH does the public-key work of n handshakes: both ends, one public value
// and one shared secret each.
func bareDH(g ipsec.Group, n int) {
	random := netsim.Seed(1).Stream("bench", "dh")
	for range n {
		a, _ := g.Draw(random)
		b, _ := g.Draw(random)
		pa, pb := a.Public(), b.Public()
		_, errA := a.Shared(pb)
		_, errB := b.Shared(pa)
		if errA != nil || errB != nil {
			panic("topologies: a drawn key does not agree with another")
		}
	}
}

const spokes = 1000

func benchScale(h Host) ([]Measure, error) {
	t := star(spokes, "encryption aes-cbc-128\nintegrity sha256\ngroup 19", "esp-aes esp-sha256-hmac")
	before := h.Heap()
	l, err := Build(t, Options{Seed: 1, Quiet: true, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { err = l.bringUp() })
	if err != nil {
		return nil, err
	}
	memory := float64(h.Heap()-before) / (spokes + 1) / 1024
	l.Sim.Run(l.Sim.Now()) // keeps the lab alive until it has been weighed
	return []Measure{
		{Name: fmt.Sprintf("%d spokes up", spokes), Value: seconds, Unit: "s", Target: 1.0},
		{Name: "memory per router", Value: memory, Unit: "KiB", Target: 64},
	}, nil
}

// benchIdle lets the tech note's lab live for a day: about 1,400 rekeys.
func benchIdle(h Host) ([]Measure, error) {
	t, err := Embedded(DefaultLab)
	if err != nil {
		return nil, err
	}
	l, err := Build(t, Options{Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { l.Sim.Run(t.Clock.Add(24 * time.Hour)) })
	if !l.Routers[0].TunnelUp("Tunnel0") {
		return nil, fmt.Errorf("topologies: the tunnel is down after a day")
	}
	return []Measure{{Name: "24 virtual hours", Value: seconds, Unit: "s", Target: 3}}, nil
}
