package verdict

import (
	"net/netip"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/router"
)

// The ends that a FlexVPN hub makes when clients come. No line has their addresses, and the routes to
// what they carry may come with their SAs, so that is looked up in the network while it runs.

// live is an end in a running network.
type live struct {
	router *router.Router
	name   string // of its interface
}

// template is what a router clones interfaces from, and why that cannot be told; nil and "": it does not.
func (s *site) template() (found *iosconfig.Interface, unsure string) {
	for f := range s.cfg.IKEv2.Profiles.All() {
		i := s.cfg.Interface(string(iosconfig.VirtualTemplate) + strconv.Itoa(f.Template))
		switch {
		case i == nil || !i.TunnelTemplate || i.Shutdown || i.Tunnel.Protection == "" || i == found:
		case found == nil:
			found = i
		default:
			return nil, s.name + " makes the other end when a client comes, from one of several templates"
		}
	}
	return found, ""
}

// clone makes the other end of one that leads to a hub, where no line of the hub leads back.
func (p *Plan) clone(e *end, hub *site) {
	i, _ := hub.template()
	if i == nil || e.entry != nil || p.unable(hub, e) != "" {
		return
	}
	other := hub.newEnd(i, p.seen(e))
	other.made, other.local, other.peer = true, e.remote, e
	e.peer, hub.ends = other, append(hub.ends, other)
}

// learn finds out what tunnels to hubs carry, now that they are up.
func (r *run) learn(pairs []*pair) {
	for _, o := range pairs {
		if !o.b.made {
			continue
		}
		for _, e := range []*end{o.a, o.b} {
			e.live = &live{r.Router(e.site.name).Router, r.interfaceOf(e)}
		}
		o.find()
	}
}

// interfaceOf is the interface of an end; "": it is to be made.
func (r *run) interfaceOf(e *end) string {
	if e.made {
		return r.seen[e].entry
	}
	return e.name
}

// leads says whether packets to an address go into the end, as routes are now.
func (l *live) leads(table string, to netip.Addr) bool {
	return l.name != "" && router.Way(l.router, table, to) == l.name
}

// told is the end of a tunnel that has a name in a configuration, this one if it has.
func (e *end) told() *end {
	if e.made {
		return e.peer
	}
	return e
}
