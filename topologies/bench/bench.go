package bench

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// Measure is one line of a benchmark. Limit is what the bare primitive did in
// the same run, Ratio how near Value comes to it. Target is what the project
// wants: at least, for a ratio; without a ratio at most, of the value. Those
// that a measure does not have are nil.
type Measure struct {
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit"`
	Limit  *float64 `json:"limit,omitempty"`
	Ratio  *float64 `json:"ratio,omitempty"`
	Target *float64 `json:"target,omitempty"`
	// AtLeast says that the target of a value without a ratio is no most.
	AtLeast bool `json:"at_least,omitempty"`
}

// Host is what a benchmark needs of the machine.
type Host struct {
	Now     func() time.Time // the wall clock
	Heap    func() uint64    // octets in use after a collection
	Allocs  func() uint64    // allocations since the program began
	Workers netsim.Executor  // may be nil
}

// benches by name.
var benches = map[string]func(h Host) ([]Measure, error){
	"handshake": benchHandshake, "esp": benchESP, "scale": benchScale, "idle": benchIdle,
	"fabric": benchFabric,
}

// Names lists the benchmarks.
func Names() []string { return []string{"handshake", "esp", "scale", "idle", "fabric"} }

// Run runs one benchmark.
func Run(name string, h Host) ([]Measure, error) {
	run := benches[name]
	if run == nil {
		return nil, fmt.Errorf("bench: there is no benchmark %q", name)
	}
	return run(h)
}

// took is the wall time of f in seconds.
func (h Host) took(f func()) float64 {
	start := h.Now()
	f()
	return h.Now().Sub(start).Seconds()
}

// star is a hub with a link and a tunnel to each of n spokes; pairs is n
// pairs of routers with a link and a tunnel each. ike and esp are the suite's
// configuration lines.
func star(n int, ike, esp string) *topologies.Topology {
	hub := &strings.Builder{}
	hub.WriteString(suiteConfig(ike, esp))
	t := &topologies.Topology{Name: "star", Clock: topologies.DefaultClock, Nodes: []*topologies.Node{nil}}
	for i := range n {
		end := newEnds(i)
		hub.WriteString(end.config(end.port, end.near, end.far))
		addRouter(t, fmt.Sprintf("S%d", i), suiteConfig(ike, esp)+end.config("Ethernet0/0", end.far, end.near))
		cable(t, topologies.Endpoint{Node: "HUB", Interface: end.port}, topologies.Endpoint{Node: fmt.Sprintf("S%d", i), Interface: "Ethernet0/0"})
	}
	addRouter(t, "HUB", hub.String())
	t.Nodes[0], t.Nodes = t.Nodes[n+1], t.Nodes[:n+1]
	return t
}

func pairs(n int, ike, esp string) *topologies.Topology {
	t := &topologies.Topology{Name: "pairs", Clock: topologies.DefaultClock}
	for i := range n {
		end, a, b := newEnds(i), fmt.Sprintf("A%d", i), fmt.Sprintf("B%d", i)
		addRouter(t, a, suiteConfig(ike, esp)+end.config("Ethernet0/0", end.near, end.far))
		addRouter(t, b, suiteConfig(ike, esp)+end.config("Ethernet0/0", end.far, end.near))
		cable(t, topologies.Endpoint{Node: a, Interface: "Ethernet0/0"}, topologies.Endpoint{Node: b, Interface: "Ethernet0/0"})
	}
	return t
}

func addRouter(t *topologies.Topology, name, config string) {
	t.Nodes = append(t.Nodes, &topologies.Node{
		Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name, Config: config, ConfigFile: name, ConfigLine: 1, ConfigColumn: 1,
	})
}

func cable(t *topologies.Topology, a, b topologies.Endpoint) {
	a.Impairments.Delay, b.Impairments.Delay = time.Millisecond, time.Millisecond
	t.Links = append(t.Links, &topologies.Link{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{a, b}})
}

// ends are the addresses of the ith link, a network of its own, and the hub's
// port on it.
type ends struct {
	number    int
	port      string
	near, far netip.Addr
}

func newEnds(i int) ends {
	addr := func(host int) netip.Addr {
		n := i<<2 + host
		return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	}
	return ends{number: i, port: fmt.Sprintf("Ethernet%d/%d", i/4, i%4), near: addr(1), far: addr(2)}
}

// config is an interface and the tunnel through it.
func (e ends) config(port string, self, peer netip.Addr) string {
	number := e.number
	if port == "Ethernet0/0" {
		number = 0
	}
	return fmt.Sprintf(`interface %s
 ip address %v 255.255.255.252
interface Tunnel%d
 ip address 172.16.%d.%d 255.255.255.254
 tunnel source %s
 tunnel mode ipsec ipv4
 tunnel destination %v
 tunnel protection ipsec profile P
`, port, self, number, e.number>>7, e.number<<1&255+1&int(self.As4()[3]&1), port, peer)
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

// up counts the routers whose first tunnel is up.
func up(l *lab.Lab) (n int) {
	for _, r := range l.Routers {
		if r.TunnelUp("Tunnel0") {
			n++
		}
	}
	return n
}

// bringUp runs a lab until every router has its tunnel.
func bringUp(l *lab.Lab) error {
	want := len(l.Routers)
	for range 600 {
		l.Sim.Run(l.Sim.Now().Add(200 * time.Millisecond))
		if up(l) == want {
			return nil
		}
	}
	return fmt.Errorf("bench: only %d of %d routers have their tunnel", up(l), want)
}

// booted is after the start of every router and before any of them asks for
// an SA.
const booted = 1900 * time.Millisecond

// handshakes per group and run: enough to time, few enough to wait for.
var handshakeGroups = []struct {
	group  ipsec.Group
	count  int
	target float64
}{{19, 400, 0.50}, {2, 100, 0.80}, {14, 40, 0.80}}

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
			l, err := lab.Build(t, lab.Options{Seed: 1})
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
		a, _ := g.Draw(random)
		b, _ := g.Draw(random)
		pa, pb := a.Public(), b.Public()
		_, errA := a.Shared(pb)
		_, errB := b.Shared(pa)
		if errA != nil || errB != nil {
			panic("bench: a drawn key does not agree with another")
		}
	}
}

const spokes = 1000

const scaleRounds = 3

func benchScale(h Host) ([]Measure, error) {
	t := star(spokes, handshakeSuite(19), "esp-aes esp-sha256-hmac")
	seconds, memory := math.Inf(1), math.Inf(1)
	for range scaleRounds {
		before := h.Heap()
		l, err := lab.Build(t, lab.Options{Seed: 1, Workers: h.Workers})
		if err != nil {
			return nil, err
		}
		seconds = min(seconds, h.took(func() { err = bringUp(l) }))
		if err != nil {
			return nil, err
		}
		memory = min(memory, (float64(h.Heap())-float64(before))/(spokes+1)/1024)
		l.Sim.Run(l.Sim.Now()) // keeps the lab alive until it has been weighed
	}
	return []Measure{
		{Name: fmt.Sprintf("%d spokes up", spokes), Value: seconds, Unit: "s", Target: new(1.0)},
		{Name: "memory per router", Value: memory, Unit: "KiB", Target: new(64.0)},
	}, nil
}

// benchIdle lets the tech note's lab live for a day: about 1,400 rekeys.
func benchIdle(h Host) ([]Measure, error) {
	t, err := topologies.Embedded(topologies.DefaultLab)
	if err != nil {
		return nil, err
	}
	l, err := lab.Build(t, lab.Options{Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { l.Sim.Run(t.Clock.Add(24 * time.Hour)) })
	if !l.Routers[0].TunnelUp("Tunnel0") {
		return nil, fmt.Errorf("bench: the tunnel is down after a day")
	}
	return []Measure{{Name: "24 virtual hours", Value: seconds, Unit: "s", Target: new(3.0)}}, nil
}
