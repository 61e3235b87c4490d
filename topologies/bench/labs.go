package bench

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/topologies"
)

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

const portsPerSlot = 128

func newEnds(i int) ends {
	addr := func(host int) netip.Addr {
		n := i<<2 + host
		return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	}
	return ends{number: i, port: fmt.Sprintf("Ethernet%d/%d", i/portsPerSlot, i%portsPerSlot), near: addr(1), far: addr(2)}
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
