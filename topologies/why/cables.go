package why

import (
	"net/netip"
	"slices"
	"strings"

	"ikelab/topologies"
)

// onWire are those of the routers with an address that the tunnel's packets can mean: others have
// the same address elsewhere.
func onWire(e *end, names []any, a netip.Addr) []any {
	nodes := wireTo(e, a)
	return slices.DeleteFunc(names, func(name any) bool {
		return nodes != nil && !nodes[name.(string)] && !e.w.behind(e.w.newEnd(e.w.router(name.(string))).device, a)
	})
}

// wireTo are the nodes on the wire by which the tunnel's packets go to an address of the network
// there; nil: it is none of these.
func wireTo(e *end, a netip.Addr) map[string]bool {
	if !e.there() || !e.cfg.AddressOf(e.sourceName()).Contains(a) {
		return nil
	}
	port, _, _ := strings.Cut(e.sourceName(), ".")
	return cabled(e.w.lab.Topology, topologies.Endpoint{Node: e.name(), Interface: port})
}

// cabled are the nodes that a frame from a port can reach, itself among them: at the other end of
// its link and, where that is a bridge, of the bridge's.
func cabled(t *topologies.Topology, from topologies.Endpoint) map[string]bool {
	nodes := map[string]bool{from.Node: true}
	at := func(e topologies.Endpoint) bool {
		if n := t.Node(e.Node); n != nil && n.Kind == topologies.KindBridge {
			return nodes[e.Node]
		}
		return e.Node == from.Node && e.Interface == from.Interface
	}
	for more := true; more; {
		more = false
		for _, l := range t.Links {
			if !slices.ContainsFunc(l.Ends, at) {
				continue
			}
			for _, e := range l.Ends {
				more = more || !nodes[e.Node]
				nodes[e.Node] = true
			}
		}
	}
	return nodes
}
