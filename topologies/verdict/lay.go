package verdict

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/topologies"
)

// The nodes that no configuration is for.
const (
	internet = "INTERNET"
	gateway  = "NAT"
)

// ports of IKE and of NAT traversal (RFC 7296 section 2).
var ports = struct{ IKE, NATT uint16 }{500, 4500}

// segment is a wire, or several VLANs on one, with who is on it.
type segment struct {
	ports    []*port
	networks []netip.Prefix
}

// lay makes the topology.
func (p *Plan) lay() {
	t := &topologies.Topology{Name: "verdict", Clock: topologies.DefaultClock}
	p.Topology = t
	for _, s := range p.sites {
		t.Nodes = append(t.Nodes, routerNode(s.name, s.config))
	}
	if p.gateway != nil {
		g := p.gatewayNode()
		t.Nodes = append(t.Nodes, g)
		p.link(topologies.Endpoint{Node: gateway, Interface: "eth1"}, endpoint(p.natted.wan[0]))
	}
	core := &core{plan: p}
	for _, s := range p.segments() {
		p.wire(s, core)
	}
	if core.used > 0 {
		core.routes()
		t.Nodes = append(t.Nodes, routerNode(internet, Config{File: internet, Text: "ipv6 unicast-routing\n" + core.text.String(), Image: topologies.DefaultImage}))
	}
	p.lans()
}

func routerNode(name string, c Config) *topologies.Node {
	return &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: c.Image, Hostname: name, Config: c.Text, ConfigFile: c.File, ConfigLine: 1, ConfigColumn: 1}
}

func endpoint(w *port) topologies.Endpoint {
	if w.site == nil {
		return topologies.Endpoint{Node: gateway, Interface: w.name}
	}
	return topologies.Endpoint{Node: w.site.name, Interface: cable(w.name)}
}

func (p *Plan) link(a, b topologies.Endpoint) {
	p.Topology.Links = append(p.Topology.Links, &topologies.Link{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{a, b}})
}

// segments puts outside ports together: those of one network, and those of one cable.
func (p *Plan) segments() (list []*segment) {
	var all []*port
	for _, s := range p.sites {
		for _, w := range s.wan {
			if !w.behind {
				all = append(all, w)
			}
		}
	}
	if p.gateway != nil {
		all = append(all, p.gateway)
	}
	for _, w := range all {
		joined := &segment{ports: []*port{w}, networks: []netip.Prefix{w.address.Masked()}}
		var others []*segment
		for _, s := range list {
			if s.touches(w) {
				joined.ports, joined.networks = append(s.ports, joined.ports...), append(s.networks, joined.networks...)
			} else {
				others = append(others, s)
			}
		}
		list = append(others, joined)
	}
	return list
}

func (s *segment) touches(w *port) bool {
	for _, o := range s.ports {
		if o.address.Masked() == w.address.Masked() || endpoint(o) == endpoint(w) {
			return true
		}
	}
	return false
}

// wire lays the cables of a segment; the router between segments is on it where
// somebody's way leads through it.
func (p *Plan) wire(s *segment, c *core) {
	var ends []topologies.Endpoint
	for _, w := range s.ports {
		if e := endpoint(w); !slices.Contains(ends, e) {
			ends = append(ends, e)
		}
	}
	if p.leavesSegment(s) {
		ends = append(ends, c.join(s))
	}
	if len(ends) == 2 {
		p.link(ends[0], ends[1])
		return
	}
	p.bridge(fmt.Sprintf("net%d", len(p.Topology.Links)), ends...)
}

// bridge joins endpoints by a segment of their own.
func (p *Plan) bridge(name string, ends ...topologies.Endpoint) {
	p.Topology.Nodes = append(p.Topology.Nodes, &topologies.Node{Name: name, Kind: topologies.KindBridge})
	for i, e := range ends {
		p.link(e, topologies.Endpoint{Node: name, Interface: fmt.Sprintf("eth%d", i)})
	}
}

// leavesSegment says whether an end of the segment leads to somewhere else, or asks for
// an address.
func (p *Plan) leavesSegment(s *segment) bool {
	here := p.reached(s)
	for _, w := range s.ports {
		if w.dynamic || w == p.gateway {
			return true
		}
	}
	for _, e := range p.ends() {
		if e.wan != nil && slices.Contains(s.ports, e.wan) && !here[p.owner(e.remote)] {
			return true
		}
	}
	return false
}

// lans plugs the other ports in, so that they are up.
func (p *Plan) lans() {
	plugged := map[topologies.Endpoint]bool{}
	for _, l := range p.Topology.Links {
		for _, e := range l.Ends {
			plugged[e] = true
		}
	}
	n := 0
	for _, s := range p.sites {
		for i := range s.cfg.Interfaces.All() {
			e := topologies.Endpoint{Node: s.name, Interface: cable(i.Name())}
			if _, err := topologies.PortName(e.Interface); err != nil || i.Shutdown || plugged[e] || !s.cfg.AddressOf(i.Name()).IsValid() && !i.IPv6.On() {
				continue
			}
			plugged[e] = true
			n++
			p.bridge(fmt.Sprintf("lan%d", n), e)
		}
	}
}

// core is the router between segments, as it is written.
type core struct {
	plan  *Plan
	used  int // ports
	text  strings.Builder
	pools int
}

const portsPerSlot = 4

// join puts the router on a segment, under the addresses that others send to.
func (c *core) join(s *segment) topologies.Endpoint {
	name := fmt.Sprintf("Ethernet%d/%d", c.used/portsPerSlot, c.used%portsPerSlot)
	c.used++
	fmt.Fprintf(&c.text, "interface %s\n no shutdown\n", name)
	done := map[netip.Prefix]bool{}
	for _, w := range s.ports {
		if network := w.address.Masked(); !done[network] {
			done[network] = true
			c.address(name, w, s)
		}
	}
	return topologies.Endpoint{Node: internet, Interface: name}
}

// address gives the router the addresses of one network.
func (c *core) address(name string, w *port, s *segment) {
	if w.vlan != 0 {
		fmt.Fprintf(&c.text, "interface %s.%d\n encapsulation dot1Q %d\n", name, w.vlan, w.vlan)
	} else {
		fmt.Fprintf(&c.text, "interface %s\n", name)
	}
	var own []netip.Addr
	for _, o := range s.ports {
		if o.address.Masked() == w.address.Masked() && o.site != nil && !o.dynamic {
			for _, a := range c.plan.neighbours(o) {
				if !slices.Contains(own, a) {
					own = append(own, a)
				}
			}
		}
	}
	if free := c.plan.free(w.address); len(own) == 0 && free.IsValid() {
		own = append(own, free)
	}
	for i, a := range own {
		switch {
		case a.Is4():
			fmt.Fprintf(&c.text, " ip address %v %s%s\n", a, iosconfig.MaskOf(w.address), map[bool]string{true: " secondary"}[i > 0])
		case a.IsLinkLocalUnicast():
			fmt.Fprintf(&c.text, " ipv6 address %v link-local\n", a)
		default:
			fmt.Fprintf(&c.text, " ipv6 address %v/%d\n", a, w.address.Bits())
		}
	}
	for _, o := range s.ports {
		switch {
		case len(own) == 0 || o.address.Masked() != w.address.Masked():
		case o == c.plan.gateway: // which sends all that goes elsewhere here
			c.plan.Topology.Node(gateway).Gateway = own[0]
		case o.dynamic:
			c.pool(o, own[0])
		}
	}
}

// pool leases one address, to the router that asks for it.
func (c *core) pool(w *port, router netip.Addr) {
	c.pools++
	n := w.address.Masked()
	first, last := n.Addr().Next(), lastOf(n)
	fmt.Fprintf(&c.text, "exit\n")
	if a := w.address.Addr(); first.Less(a) {
		fmt.Fprintf(&c.text, "ip dhcp excluded-address %v %v\n", first, a.Prev())
	}
	if a := w.address.Addr(); a.Less(last) {
		fmt.Fprintf(&c.text, "ip dhcp excluded-address %v %v\n", a.Next(), last)
	}
	fmt.Fprintf(&c.text, "ip dhcp pool P%d\n network %v %s\n default-router %v\n lease infinite\n", c.pools, n.Addr(), iosconfig.MaskOf(n), router)
}

// lastOf is the last host address of a network.
func lastOf(n netip.Prefix) netip.Addr {
	a := n.Addr().As4()
	host := 32 - n.Bits()
	for i := range a {
		if bits := host - 8*(3-i); bits >= 8 {
			a[i] = 255
		} else if bits > 0 {
			a[i] |= 1<<bits - 1
		}
	}
	return netip.AddrFrom4(a).Prev()
}

// routes are those to sources of tunnels that no outside network holds, such as
// loopbacks.
func (c *core) routes() {
	for _, e := range c.plan.ends() {
		if e.wan == nil || !e.local.IsValid() || e.wan.behind || e.local.Is6() != e.wan.six() || e.wan.address.Contains(e.local) {
			continue
		}
		r := iosconfig.Route{Prefix: netip.PrefixFrom(e.local, e.local.BitLen()), NextHop: e.wan.address.Addr(), Distance: 1}
		fmt.Fprintln(&c.text, r)
	}
}
