package swarm

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/topologies"
)

// topology is the plan's network as a lab is built from it.
func (p *Plan) topology() *topologies.Topology {
	t := &topologies.Topology{Name: fmt.Sprintf("swarm-%d", p.Seed), Clock: topologies.DefaultClock, Authorities: authorities(p)}
	for i := range p.Routers {
		r := &p.Routers[i]
		t.Nodes = append(t.Nodes, &topologies.Node{
			Name: r.name(), Kind: topologies.KindIOS, Image: cmp.Or(p.Image, topologies.DefaultImage), Hostname: r.name(), Config: p.config(r), ConfigFile: r.name(),
			ConfigLine: 1, ConfigColumn: 1, StartupDelay: r.Delay,
		})
	}
	t.Nodes = append(t.Nodes, &topologies.Node{Name: segment, Kind: topologies.KindBridge})
	for i := range p.Routers {
		if p.shares(p.Routers[i].Number) {
			t.Links = append(t.Links, cable(topologies.Endpoint{Node: p.Routers[i].name(), Interface: sharedPort},
				topologies.Endpoint{Node: segment, Interface: p.Routers[i].name()}))
		}
	}
	for i := range p.Tunnels {
		if e := &p.Tunnels[i]; !e.Shared {
			e.join(t)
		}
	}
	return t
}

// join adds the tunnel's link, or the NAT gateway with one on either side.
func (t *Tunnel) join(all *topologies.Topology) {
	at := func(router int) topologies.Endpoint {
		return topologies.Endpoint{Node: nameOf(router), Interface: t.port()}
	}
	links := []*topologies.Link{cable(at(t.A), at(t.B))}
	if t.Inside != 0 {
		n := t.gateway()
		all.Nodes = append(all.Nodes, n)
		links = []*topologies.Link{
			cable(at(t.Inside), topologies.Endpoint{Node: n.Name, Interface: "eth0"}),
			cable(topologies.Endpoint{Node: n.Name, Interface: "eth1"}, at(t.far(t.Inside))),
		}
	}
	for _, l := range links {
		l.Ends[0].Impairments.Delay, l.Ends[1].Impairments.Delay = t.Delay, t.Delay
	}
	all.Links = append(all.Links, links...)
}

func cable(a, b topologies.Endpoint) *topologies.Link {
	return &topologies.Link{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{a, b}}
}

// shares says whether a router is on the segment.
func (p *Plan) shares(router int) bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.Shared && t.has(router) })
}

// key is what the routers share.
const key = "swarm"

// config is a router's startup configuration.
func (p *Plan) config(r *Router) string {
	b := &strings.Builder{}
	if p.Both || overSix(p, r.Number) {
		b.WriteString("ipv6 unicast-routing\n")
	}
	writeVRFs(p, b, r)
	writePapers(p, b, r)
	writeIKE(p, b, r)
	fmt.Fprintf(b, "interface %s\n%s ip address %v 255.255.255.0\n", lanPort, forwarding(within(r)), gateway(networkNumber(r)))
	if p.Both {
		fmt.Fprintf(b, " ipv6 address %v/64\n%s", gateway6(r.Number), unadvertised)
	}
	if p.shares(r.Number) {
		front := frontOf(&Tunnel{Shared: true}, r)
		fmt.Fprintf(b, "interface %s\n%s ip address 10.0.0.%d 255.255.252.0\n", sharedPort, forwarding(front), r.Number)
		if sharesSix(p, r.Number) {
			fmt.Fprintf(b, " ipv6 address %v/64\n%s", six(&Tunnel{Shared: true}, r.Number, 0), unadvertised)
		}
	}
	for i := range p.Tunnels {
		if p.Tunnels[i].has(r.Number) {
			p.writeTunnel(b, &p.Tunnels[i], r)
		}
	}
	p.routes(b, r)
	writeSecond(p, b, r)
	return b.String()
}

// writeIKE is what a router has of IKEv2.
func writeIKE(p *Plan, b *strings.Builder, r *Router) {
	fmt.Fprintf(b, "crypto ikev2 proposal P\n %s\n", strings.Join(p.IKE, "\n "))
	if r.PQC != "" {
		fmt.Fprintf(b, " %s\n", r.PQC)
	}
	b.WriteString("crypto ikev2 policy P\n proposal P\n")
	if divided(p) {
		b.WriteString(" match fvrf any\n")
	}
	b.WriteString("crypto ikev2 keyring K\n peer ANY\n  address 0.0.0.0 0.0.0.0\n")
	keys := fmt.Sprintf("  pre-shared-key local %s\n  pre-shared-key remote %s\n", key, key)
	b.WriteString(keys)
	if overSix(p, 0) {
		b.WriteString(" peer SIX\n  address ::/0\n" + keys)
	}
	b.WriteString("crypto ikev2 profile P\n match identity remote address 0.0.0.0\n authentication remote pre-share\n keyring local K\n")
	b.WriteString(ofProfile(p, r))
	if overSix(p, 0) {
		b.WriteString(" match identity remote address ::/0\n")
	}
	fmt.Fprintf(b, " %s\n %s\n", strings.Join(proving(p, r), "\n "), r.lifetime())
	if r.DPD != "" {
		fmt.Fprintf(b, " dpd %s\n", r.DPD)
	}
	if r.Encap {
		fmt.Fprintln(b, " "+encap)
	}
	if r.Like != 0 {
		fmt.Fprintf(b, " identity local fqdn %s.%s\n", r.name(), secondDomain)
	}
	if t := serves(p, r); t != nil {
		writeSecondProfile(b, t, r)
	}
	for _, line := range []string{r.fragments(), r.cookies()} {
		if !strings.HasPrefix(line, "no ") {
			fmt.Fprintln(b, line)
		}
	}
}

func (r *Router) lifetime() string { return fmt.Sprintf("lifetime %d", r.Lifetime) }
func (r *Router) seconds() string {
	return fmt.Sprintf("set security-association lifetime seconds %d", r.Seconds)
}

const encap = "nat force-encap"

func (r *Router) pqc() string { return cmp.Or(r.PQC, "no pqc") }

func (r *Router) fragments() string {
	if r.Fragments == 0 {
		return "no crypto ikev2 fragmentation"
	}
	return fmt.Sprintf("crypto ikev2 fragmentation mtu %d", r.Fragments)
}

func (r *Router) cookies() string {
	if r.Cookies == 0 {
		return "no crypto ikev2 cookie-challenge"
	}
	return fmt.Sprintf("crypto ikev2 cookie-challenge %d", r.Cookies)
}

// writeTunnel is one end of a tunnel.
func (p *Plan) writeTunnel(b *strings.Builder, t *Tunnel, r *Router) {
	if t.mapped() {
		p.writeMap(b, t, r)
		return
	}
	if t.Client != 0 {
		writeFlex(p, b, t, r)
		writeToGateway(b, t, r)
		return
	}
	writeIPsecProfile(b, t, r, fmt.Sprintf("P%d", t.Number), profileOf(t, r))
	if t.outside(r.Number) { // it does not know where the other is
		b.WriteString(" responder-only\n")
	}
	writePort(b, t, r)
	fmt.Fprintf(b, "interface %s\n%s ip address %v 255.255.255.252\n tunnel source %s\n tunnel mode %s\n %s\n tunnel protection ipsec profile P%d\n",
		t.name(), forwarding(innerVRF(t, r)), t.inner(r.Number), t.port(), mode(p, t), t.destination(r.Number), t.Number)
	if p.Both {
		b.WriteString(" ipv6 enable\n")
	}
	if vrf := frontOf(t, r); vrf != "" {
		fmt.Fprintf(b, " tunnel vrf %s\n", vrf)
	}
	writeToGateway(b, t, r)
}

// writeIPsecProfile is one, with the transform set of the tunnel.
func writeIPsecProfile(b *strings.Builder, t *Tunnel, r *Router, name, by string) {
	fmt.Fprintf(b, "%s\n%s\ncrypto ipsec profile %s\n set transform-set T%d\n set ikev2-profile %s\n %s\n", t.transform(), t.carrying(), name, t.Number, by, r.seconds())
	if t.PFS != "" {
		fmt.Fprintf(b, " %s\n", t.pfs())
	}
	if r.Kilobytes > 0 {
		fmt.Fprintf(b, " set security-association lifetime kilobytes %d\n", r.Kilobytes)
	}
}

// writePort is the tunnel's port at an end, if that is a link of its own.
func writePort(b *strings.Builder, t *Tunnel, r *Router) {
	if t.Shared {
		return
	}
	fmt.Fprintf(b, "interface %s\n%s %s\n", t.port(), forwarding(frontOf(t, r)), addressLine(t, r.Number, t.outer(r.Number)))
	if t.Six {
		b.WriteString(unadvertised)
	}
}

// writeToGateway is how who is behind a NAT gateway reaches what is outside of it.
func writeToGateway(b *strings.Builder, t *Tunnel, r *Router) {
	if t.Inside == r.Number {
		fmt.Fprintln(b, inTable(frontOf(t, r), fmt.Sprintf("ip route %v 255.255.255.248 %v", t.public(0), t.hop(r.Number))))
	}
}

// inner is the address of an end in the tunnel.
func (t *Tunnel) inner(router int) netip.Addr {
	return netip.AddrFrom4([4]byte{172, 16, byte(t.Number), t.host(router)})
}

func (t *Tunnel) transform() string {
	return fmt.Sprintf("crypto ipsec transform-set T%d %s", t.Number, t.Transform)
}

// carrying is the line below it.
func (t *Tunnel) carrying() string {
	if t.Transport {
		return "mode transport"
	}
	return "mode tunnel"
}

func (t *Tunnel) pfs() string {
	if t.PFS == "" {
		return "no set pfs"
	}
	return "set pfs " + t.PFS
}

func (t *Tunnel) destination(near int) string { return leadsTo(t.leads(near)) }

func leadsTo(a netip.Addr) string { return fmt.Sprintf("tunnel destination %v", a) }

// routes are those to the networks behind the other routers.
func (p *Plan) routes(b *strings.Builder, r *Router) {
	ways := p.first(r.Number)
	for i := range p.Routers {
		n := p.Routers[i].Number
		t := ways[n]
		if t == nil {
			continue
		}
		if flexible(p) {
			b.WriteString(nowhere(t, r, n))
		}
		if t.Client != 0 { // the other end tells
			continue
		}
		fmt.Fprintf(b, "%s\n", p.routeTo(r, n))
		if p.Both {
			fmt.Fprintln(b, inTable(within(r), fmt.Sprintf("ipv6 route %v/64 %s", address6(n, 0), t.name())))
		}
		if t.mapped() { // while the port is down it goes nowhere else
			fmt.Fprintf(b, "%s 250\n", inTable(within(r), route(n, "Null0")))
		}
	}
	for i := range p.Tunnels {
		if t := &p.Tunnels[i]; r.DefaultRoute && t.has(r.Number) && !t.Six {
			fmt.Fprintln(b, inTable(frontOf(t, r), fmt.Sprintf("ip route 0.0.0.0 0.0.0.0 %v", t.hop(r.Number))))
			return
		}
	}
}

// routeTo is a router's route to the network behind another one.
func (p *Plan) routeTo(r *Router, to int) string {
	t := p.first(r.Number)[to]
	switch {
	case reverse(t, r) != "": // the tunnel's own are better
		return inTable(within(r), route(to, by(t, t.hop(r.Number)))+" 200")
	case t.mapped():
		return inTable(within(r), route(to, by(t, t.hop(r.Number))))
	}
	return inTable(within(r), route(to, t.name()))
}

// by is a way that leads nowhere else while the port is down, as a next hop alone
// might that a default route leads to.
func by(t *Tunnel, hop netip.Addr) string { return fmt.Sprintf("%s %v", t.port(), hop) }

func route(to int, by string) string {
	return fmt.Sprintf("ip route 192.168.%d.0 255.255.255.0 %s", to, by)
}
