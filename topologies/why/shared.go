package why

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/topologies/phrase"
)

// Addresses that routers share by HSRP: who is active has them.

// spare says whether another router has the address at which a tunnel begins, as they share it by
// HSRP.
func spare(e *end) bool {
	a := e.tunnel.Tunnel.Source
	if e.alone || active(e.device, a) || !shares(e.device, a) {
		return e.standby(a, "active.address") != ""
	}
	for _, r := range e.w.lab.Routers {
		if r.Powered() && r != e.router && active(e.w.newEnd(r).device, a) {
			return true
		}
	}
	return e.standby(a, "active.address") != ""
}

// unshared says that a tunnel begins at an address that its router shares, and that nobody has.
func unshared(e *end) (Claim, bool) {
	a := e.tunnel.Tunnel.Source
	state, proof := e.standbyField(a, "state")
	if state == "" || active(e.device, a) {
		return Claim{}, false
	}
	port := e.standby(a, "interface")
	c := Claim{Key: "path.source", Evidence: []Evidence{proof}, Lines: append(e.lines(e.head(), "", "tunnel source"), e.lines("interface "+port, "", "standby", "shutdown")...)}
	c.Say = phrase.Of("why.path.unshared", "node", e.name(), "interface", e.tunnel.Name(), "address", a, "port", port, "state", state)
	_, line := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", port))
	c.Evidence = append(c.Evidence, line)
	if i := e.cfg.Interface(port); i != nil && i.Shutdown {
		c.Mend = []Line{e.typed("interface "+port, "no shutdown")}
	}
	return c, true
}

// inOneGroup says whether routers share an address that an end leads to.
func inOneGroup(e *end, names []string) bool {
	return slices.ContainsFunc(e.remotes(), func(a netip.Addr) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !shares(e.w.newEnd(e.w.router(name)).device, a) })
	})
}
