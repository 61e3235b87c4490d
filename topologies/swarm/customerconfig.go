package swarm

import (
	"fmt"
	"net/netip"
	"strings"
)

// writeSecond is what a router has of the second customer, behind all tunnels.
func writeSecond(p *Plan, b *strings.Builder, r *Router) {
	t := second(p)
	if t == nil || !t.has(r.Number) {
		return
	}
	if r.Like == 0 {
		fmt.Fprintf(b, "interface %s\n%s ip address %v 255.255.255.0\n", secondPort, forwarding(secondVRF), gateway(r.Number))
	}
	fmt.Fprintf(b, "%s\n", secondRoute(p, t, r, t.hop(r.Number)))
	if t.mapped() {
		fmt.Fprintf(b, "%s 250\n", inTable(innerVRF(t, r), route(beyond(p, t, r), "Null0")))
	}
}

// secondRoute leads to the other end's network, by a neighbour if there is a crypto map.
func secondRoute(p *Plan, t *Tunnel, r *Router, hop netip.Addr) string {
	if t.mapped() {
		return inTable(innerVRF(t, r), route(beyond(p, t, r), by(t, hop)))
	}
	return inTable(innerVRF(t, r), route(beyond(p, t, r), t.name()))
}

// writeSecondProfile is that by which his branch is served: it knows him by his name.
func writeSecondProfile(b *strings.Builder, t *Tunnel, r *Router) {
	fmt.Fprintf(b, "crypto ikev2 profile %s\n match identity remote fqdn domain %s\n match fvrf any\n authentication remote pre-share\n authentication local pre-share\n keyring local K\n %s\n",
		secondProfile, secondDomain, r.lifetime())
	if t.mapped() {
		fmt.Fprintf(b, " ivrf %s\n", secondVRF)
	}
	if r.DPD != "" {
		fmt.Fprintf(b, " dpd %s\n", r.DPD)
	}
	if r.Encap {
		fmt.Fprintln(b, " "+encap)
	}
}
