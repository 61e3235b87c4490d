package swarm

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// In some networks tunnels are FlexVPN: one end is a hub, which has an interface cloned for
// whoever comes and gives him an address of its pool, the other one a client, whose tunnel has
// no address but that. Each tells the other what is behind it, and no other routes lead there.

// The objects of a hub and of a client.
const (
	serving    = "SERVES"
	asking     = "ASKS"
	flexDomain = "flex.example"
	pool       = "POOL"
	poolUsual  = 40 // addresses: more than there are clients, whatever happens
	lender     = "Loopback1"
)

// hub is the end of a FlexVPN tunnel that is no client; 0: it is none.
func hub(t *Tunnel) int {
	if t.Client == 0 {
		return 0
	}
	return t.far(t.Client)
}

// flexible says whether there are such tunnels.
func flexible(p *Plan) bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.Client != 0 })
}

// clientOf is the tunnel in which a router is a client; nil: in none.
func clientOf(p *Plan, router int) *Tunnel {
	if i := slices.IndexFunc(p.Tunnels, func(t Tunnel) bool { return t.Client == router }); i >= 0 {
		return &p.Tunnels[i]
	}
	return nil
}

// served are the tunnels to a hub.
func served(p *Plan, router int) (list []*Tunnel) {
	for i := range p.Tunnels {
		if t := &p.Tunnels[i]; t.Client != 0 && hub(t) == router {
			list = append(list, t)
		}
	}
	return list
}

// size is how many addresses the pool of a hub has.
func (r *Router) size() int {
	if r.Pool == 0 {
		return poolUsual
	}
	return r.Pool
}

// ofPool is an address of a hub's pool, from 1, and 0 the one of its own end.
func ofPool(router, n int) netip.Addr {
	if n == 0 {
		return netip.AddrFrom4([4]byte{172, 17, byte(router), 1})
	}
	return netip.AddrFrom4([4]byte{172, 17, byte(router), byte(10 + n)})
}

func (r *Router) pool() string {
	return fmt.Sprintf("ip local pool %s %v %v", pool, ofPool(r.Number, 1), ofPool(r.Number, r.size()))
}

// Clients that come by different VRFs in front need each a template and a profile of their own.

// template is that which is cloned for a tunnel's client.
func template(p *Plan, t *Tunnel) string { return fmt.Sprintf("Virtual-Template%d", templateOf(p, t)) }

func templateOf(p *Plan, t *Tunnel) int {
	if t.Front {
		return 10 + t.Number
	}
	if frontOf(t, p.router(hub(t))) != "" {
		return 2
	}
	return 1
}

// servingOf is the profile by which a client is served: of IKEv2, and of IPsec.
func servingOf(p *Plan, t *Tunnel) string { return fmt.Sprintf("%s%d", serving, templateOf(p, t)) }

func flexHost(router int) string { return nameOf(router) + "." + flexDomain }

// byCertificate says whether a router proves itself by its certificate in FlexVPN, too.
func byCertificate(p *Plan, router int) bool {
	return p.Trust != nil && p.Trust.Flex && p.router(router).Proof.Method != ""
}

// flexIdentity is what a router calls itself there: a certificate has its host name.
func flexIdentity(p *Plan, router int) string {
	if byCertificate(p, router) {
		return p.router(router).host()
	}
	return flexHost(router)
}

// flexProving are the lines of a profile that say how a router proves itself there, and what it believes.
func flexProving(p *Plan, r *Router) string {
	lines := []string{"identity local fqdn " + flexIdentity(p, r.Number), "authentication remote pre-share"}
	if p.Trust != nil && p.Trust.Flex {
		lines = append(lines, believing(p)...)
		lines = append(lines, fmt.Sprintf("pki trustpoint %s verify", rootPoint))
	}
	if !byCertificate(p, r.Number) {
		return strings.Join(append(lines, "authentication local pre-share"), "\n ")
	}
	return strings.Join(append(lines, proves(r), fmt.Sprintf("pki trustpoint %s sign", ownPoint)), "\n ")
}

// authorizes are the lines by which peers get what a policy says, however they have proved themselves.
func authorizes(policy string) []string {
	return []string{"aaa authorization group psk list FLEX " + policy, "aaa authorization group cert list FLEX " + policy}
}

// writeFlex is one end of a FlexVPN tunnel.
func writeFlex(p *Plan, b *strings.Builder, t *Tunnel, r *Router) {
	writePort(b, t, r)
	if t.Client == r.Number {
		writeClient(p, b, t, r)
		return
	}
	list := served(p, r.Number)
	if list[0].Number == t.Number {
		fmt.Fprintf(b, "aaa new-model\naaa authorization network FLEX local\n%s\n", r.pool())
		fmt.Fprintf(b, "crypto ikev2 authorization policy %s\n pool %s\n route set interface\n %s\n", serving, pool, tellsAll)
		fmt.Fprintf(b, "interface %s\n%s ip address %v 255.255.255.255\n", lender, forwarding(within(r)), ofPool(r.Number, 0))
	}
	if i := slices.IndexFunc(list, func(u *Tunnel) bool { return templateOf(p, u) == templateOf(p, t) }); list[i].Number != t.Number {
		return // it is written
	}
	name := servingOf(p, t)
	lines := append(authorizes(serving), "match identity remote fqdn domain "+flexDomain, fmt.Sprintf("virtual-template %d", templateOf(p, t)))
	for _, u := range list {
		if byCertificate(p, u.Client) && templateOf(p, u) == templateOf(p, t) {
			lines = append(lines, "match identity remote fqdn "+flexIdentity(p, u.Client))
		}
	}
	writeFlexProfile(p, b, t, r, name, lines)
	writeIPsecProfile(b, t, r, name, name)
	fmt.Fprintf(b, "interface %s type tunnel\n%s ip unnumbered %s\n", template(p, t), forwarding(within(r)), lender)
	writeTunnelEnds(p, b, t, r, name)
}

// tellsAll has a hub tell that all networks are behind it.
const tellsAll = "route set remote ipv4 192.168.0.0 255.255.0.0"

// behindClient are the networks that a hub reaches by a client, who tells them.
func behindClient(p *Plan, t *Tunnel) (list []int) {
	ways := p.first(hub(t))
	for i := range p.Routers {
		if n := p.Routers[i].Number; ways[n] != nil && ways[n].Number == t.Number {
			list = append(list, n)
		}
	}
	return list
}

func writeClient(p *Plan, b *strings.Builder, t *Tunnel, r *Router) {
	fmt.Fprintf(b, "aaa new-model\naaa authorization network FLEX local\nip access-list standard %s\n", asking)
	for _, n := range behindClient(p, t) {
		fmt.Fprintf(b, " permit 192.168.%d.0 0.0.0.255\n", n)
	}
	fmt.Fprintf(b, "crypto ikev2 authorization policy %s\n route set interface\n route set access-list %s\n", asking, asking)
	writeFlexProfile(p, b, t, r, asking, append(authorizes(asking), "match identity remote fqdn "+flexIdentity(p, hub(t))))
	name := fmt.Sprintf("P%d", t.Number)
	writeIPsecProfile(b, t, r, name, asking)
	fmt.Fprintf(b, "interface %s\n%s ip address negotiated\n", t.name(), forwarding(within(r)))
	writeTunnelEnds(p, b, t, r, name)
	fmt.Fprintf(b, " %s\n", t.destination(r.Number))
}

// writeFlexProfile is an IKEv2 profile: who has a certificate has the key as well, and may use that.
func writeFlexProfile(p *Plan, b *strings.Builder, t *Tunnel, r *Router, name string, lines []string) {
	fmt.Fprintf(b, "crypto ikev2 profile %s\n %s\n %s\n keyring local K\n %s\n",
		name, strings.Join(lines, "\n "), flexProving(p, r), r.lifetime())
	if vrf := frontOf(t, r); vrf != "" {
		fmt.Fprintf(b, " match fvrf %s\n", vrf)
	}
	if r.DPD != "" {
		fmt.Fprintf(b, " dpd %s\n", r.DPD)
	}
	if r.Encap {
		fmt.Fprintln(b, " "+encap)
	}
}

// writeTunnelEnds is what a tunnel interface leads by.
func writeTunnelEnds(p *Plan, b *strings.Builder, t *Tunnel, r *Router, profile string) {
	fmt.Fprintf(b, " tunnel source %s\n tunnel mode %s\n tunnel protection ipsec profile %s\n", t.port(), mode(p, t), profile)
	if vrf := frontOf(t, r); vrf != "" {
		fmt.Fprintf(b, " tunnel vrf %s\n", vrf)
	}
}

// nowhere is a route for packets to a network while nothing else leads there: a client is told of
// all networks at once.
func nowhere(t *Tunnel, r *Router, to int) string {
	if t.Client == r.Number {
		return inTable(within(r), "ip route 192.168.0.0 255.255.0.0 Null0 250") + "\n"
	}
	return inTable(within(r), route(to, "Null0")) + " 250\n"
}
