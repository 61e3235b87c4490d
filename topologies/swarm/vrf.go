package swarm

import (
	"fmt"
	"strings"
)

// In some networks routers have VRFs: one for the network behind them and their tunnels, and
// others in front, for a port that tunnels leave by. Addresses in front are those of other
// tunnels too, and in the global table lies another network that has the address of one
// behind a router.

const insideVRF, frontVRF = "IN", "FRONT"

// frontOf is the VRF of the tunnel's port at an end; "": the global table.
func frontOf(t *Tunnel, r *Router) string {
	switch {
	case t.Shared && r.Front:
		return frontVRF
	case t.Front:
		return fmt.Sprintf("%s%d", frontVRF, t.Number)
	}
	return ""
}

// apart says whether a tunnel cannot be in a VRF in front: what a crypto map there protects is in that
// VRF, or in another one that its profile names, but not in the global table.
func apart(p *Plan, t *Tunnel) bool { return t.mapped() && !(p.router(t.A).VRF && p.router(t.B).VRF) }

// within is the VRF of the network behind a router.
func within(r *Router) string {
	if r.VRF {
		return insideVRF
	}
	return ""
}

// innerVRF is the VRF of what goes by a tunnel at an end.
func innerVRF(t *Tunnel, r *Router) string {
	if t.Second && r.Like == 0 {
		return secondVRF
	}
	return within(r)
}

// forwarding is the line by which an interface is in a VRF.
func forwarding(vrf string) string {
	if vrf == "" {
		return ""
	}
	return fmt.Sprintf(" vrf forwarding %s\n", vrf)
}

// inTable is a static route of a VRF, or of the global table.
func inTable(vrf, line string) string {
	if vrf == "" {
		return line
	}
	return strings.NewReplacer("ip route ", "ip route vrf "+vrf+" ", "ipv6 route ", "ipv6 route vrf "+vrf+" ").Replace(line)
}

// divided says whether there are VRFs.
func divided(p *Plan) bool {
	for _, r := range p.Routers {
		if r.VRF || r.Front {
			return true
		}
	}
	for _, t := range p.Tunnels {
		if t.Front || t.Second {
			return true
		}
	}
	return false
}

// writeVRFs has a router have its VRFs, and in the global table a network as there is one
// behind another router.
func writeVRFs(p *Plan, b *strings.Builder, r *Router) {
	have := map[string]bool{"": true}
	define := func(vrf string) {
		if !have[vrf] {
			have[vrf] = true
			fmt.Fprintf(b, "vrf definition %s\n address-family ipv4\n exit-address-family\n address-family ipv6\n exit-address-family\n", vrf)
		}
	}
	define(within(r))
	if serves(p, r) != nil {
		define(secondVRF)
	}
	for i := range p.Tunnels {
		if t := &p.Tunnels[i]; t.has(r.Number) {
			define(frontOf(t, r))
		}
	}
	for _, other := range p.Routers {
		if r.VRF && other.Number != r.Number {
			fmt.Fprintf(b, "interface Loopback0\n ip address %v 255.255.255.0\n", gateway(other.Number))
			if p.Both {
				fmt.Fprintf(b, " ipv6 address %v/64\n", gateway6(other.Number))
			}
			break
		}
	}
}

// ofProfile is what the profile says of VRFs: that peers come by any, and whose packets crypto maps
// protect.
func ofProfile(p *Plan, r *Router) (lines string) {
	if divided(p) {
		lines = " match fvrf any\n"
	}
	if r.VRF && p.maps() {
		lines += fmt.Sprintf(" ivrf %s\n", insideVRF)
	}
	return lines
}
