package why

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/standby"
	"ikelab/topologies/phrase"
)

// Addresses that routers share by HSRP: who is active has them.

// shares says whether a router has a group with an address.
func shares(d *device, a netip.Addr) bool {
	return d.standby(a, "interface") != ""
}

// active says whether it is the one that has the address.
func active(d *device, a netip.Addr) bool { return d.standby(a, "state") == standby.Active.String() }

// standby is a field of the group with an address; "": there is none.
func (d *device) standby(a netip.Addr, field string) string {
	value, _ := d.standbyField(a, field)
	return value
}

func (d *device) standbyField(a netip.Addr, field string) (string, Evidence) {
	grouped := func(i *iosconfig.Interface) bool { return len(i.Standby.Groups) > 0 }
	if !a.Is4() || !slices.ContainsFunc(slices.Collect(d.cfg.Interfaces.All()), grouped) {
		return "", Evidence{}
	}
	return d.field("standby", fmt.Sprintf("groups.#(virtual_address==%q).%s", a, field))
}

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
