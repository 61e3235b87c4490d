package verdict

import (
	"strconv"

	"ikelab/iosconfig"
)

// The ends that a FlexVPN hub makes when clients come: no line has their addresses, and the routes to
// what they carry may come with their SAs (see live).

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
func (b *addresses) clone(e *end, hub *site) {
	i, _ := hub.template()
	if i == nil || e.entry != nil || b.unable(hub, e) != "" {
		return
	}
	other := hub.newEnd(i, b.seen(e))
	other.made, other.local, other.peer = true, e.remote, e
	e.peer, hub.ends = other, append(hub.ends, other)
}
