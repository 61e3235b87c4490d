package topologies

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// rawLink is a link as written, before it is checked.
type rawLink struct {
	at            *yaml.Node
	kind          *yaml.Node
	endpoints     *yaml.Node
	endpoint      *yaml.Node
	local, remote *yaml.Node
	impairments   *yaml.Node
	mtu           *yaml.Node
}

func (r *reader) link(n *yaml.Node, t *Topology, used map[string]bool) {
	raw := &rawLink{at: n}
	keep := func(dst **yaml.Node) func(*yaml.Node) { return func(v *yaml.Node) { *dst = v } }
	before := len(r.problems)
	r.fields(n, "a link", setters{
		"type": keep(&raw.kind), "endpoints": keep(&raw.endpoints), "endpoint": keep(&raw.endpoint),
		"local": keep(&raw.local), "remote": keep(&raw.remote),
		"impairments": keep(&raw.impairments), "mtu": keep(&raw.mtu),
	}, linkKeysWithoutEffect)
	if len(r.problems) > before {
		return
	}
	l := &Link{Type: LinkVeth}
	if raw.kind != nil && !r.linkType(l, raw.kind) {
		return
	}
	if l.Type == LinkUDP {
		r.udpLink(l, raw)
	} else {
		r.vethLink(l, raw)
	}
	r.claim(l, n, used)
	t.Links = append(t.Links, l)
}

// linkKeysWithoutEffect leaves the keys of link types that cannot be built to
// the message about the type.
var linkKeysWithoutEffect = slices.Concat(ignoredLink,
	[]string{"host-interface", "mode", "vni", "dst-port", "src-port"})

func (r *reader) linkType(l *Link, v *yaml.Node) bool {
	switch l.Type = LinkType(v.Value); {
	case l.Type == LinkVeth || l.Type == LinkUDP:
		return true
	case slices.Contains(laterLinkTypes, v.Value):
		r.fail(v, "link type %q is not supported yet", v.Value)
	default:
		r.fail(v, "unknown link type %q: veth or udp", v.Value)
	}
	return false
}

func (r *reader) vethLink(l *Link, raw *rawLink) {
	common := r.linkImpairments(raw)
	for _, extra := range []*yaml.Node{raw.endpoint, raw.local, raw.remote} {
		if extra != nil {
			r.fail(extra, "endpoint, local and remote belong to links of type udp")
		}
	}
	if raw.endpoints == nil {
		r.fail(raw.at, "the link has no endpoints")
		return
	}
	list := r.items(raw.endpoints, "endpoints")
	if list != nil && len(list) != 2 {
		r.fail(raw.endpoints, "a link has 2 endpoints, not %d", len(list))
		return
	}
	for _, item := range list {
		if e, ok := r.endpoint(item, common); ok {
			l.Ends = append(l.Ends, e)
		}
	}
}

func (r *reader) udpLink(l *Link, raw *rawLink) {
	common := r.linkImpairments(raw)
	if raw.endpoint == nil || raw.local == nil || raw.remote == nil {
		r.fail(raw.at, "a link of type udp needs endpoint, local and remote")
		return
	}
	scalar(r, &l.Local, "local", parseAddrPort)(raw.local)
	scalar(r, &l.Remote, "remote", parseAddrPort)(raw.remote)
	e, ok := r.endpoint(raw.endpoint, common)
	if !ok {
		return
	}
	if n := r.nodes[e.Node]; n.Kind != KindIOS {
		r.fail(raw.endpoint, "a link of type udp needs a router, and %q is a %s", e.Node, n.Kind)
	}
	l.Ends = []Endpoint{e}
}

// linkImpairments are the values for both ends of a link.
func (r *reader) linkImpairments(raw *rawLink) Impairments {
	var im Impairments
	if raw.impairments != nil {
		r.impairments(raw.impairments, &im)
	}
	if raw.mtu != nil {
		scalar(r, &im.MTU, "mtu", parseMTU)(raw.mtu)
	}
	return im
}

// impairments overwrites the values that are given and keeps the others. The
// names are netlab's and containerlab's; both spellings of corruption serve.
func (r *reader) impairments(n *yaml.Node, im *Impairments) {
	r.fields(n, "impairments", setters{
		"delay":      scalar(r, &im.Delay, "delay", parseDelay),
		"jitter":     scalar(r, &im.Jitter, "jitter", parseDelay),
		"loss":       scalar(r, &im.Loss, "loss", parsePercent),
		"duplicate":  scalar(r, &im.Duplicate, "duplicate", parsePercent),
		"reorder":    scalar(r, &im.Reorder, "reorder", parsePercent),
		"corrupt":    scalar(r, &im.Corrupt, "corrupt", parsePercent),
		"corruption": scalar(r, &im.Corrupt, "corruption", parsePercent),
		"rate":       scalar(r, &im.Rate, "rate", parseRate),
		"mtu":        scalar(r, &im.MTU, "mtu", parseMTU),
	}, nil)
}

// endpoint reads "R1:Ethernet0/0" or {node, interface, impairments}.
func (r *reader) endpoint(n *yaml.Node, common Impairments) (Endpoint, bool) {
	e := Endpoint{Impairments: common}
	if n.Kind == yaml.ScalarNode {
		var ok bool
		if e.Node, e.Interface, ok = strings.Cut(n.Value, ":"); !ok {
			r.fail(n, "%q is not an endpoint such as R1:Ethernet0/0", n.Value)
			return e, false
		}
	} else {
		r.fields(n, "an endpoint", setters{
			"node":        r.text(&e.Node, "node"),
			"interface":   r.text(&e.Interface, "interface"),
			"impairments": func(v *yaml.Node) { r.impairments(v, &e.Impairments) },
		}, ignoredEndpoint)
	}
	return e, r.place(n, &e)
}

// place checks an endpoint against its node and gives the interface its full name.
func (r *reader) place(n *yaml.Node, e *Endpoint) bool {
	node := r.nodes[e.Node]
	if node == nil {
		r.fail(n, "there is no node %q", e.Node)
		return false
	}
	if node.Kind == KindBridge {
		if e.Interface == "" || strings.ContainsAny(e.Interface, " \t\r\n") {
			r.fail(n, "%q is not the name of a port", e.Interface)
			return false
		}
		return true
	}
	full, err := PortName(e.Interface)
	if err != nil {
		r.fail(n, "%v", err)
		return false
	}
	e.Interface = full
	return true
}

// claim refuses an endpoint that another link has already, and links between
// two bridges, which would need a device that forwards.
func (r *reader) claim(l *Link, n *yaml.Node, used map[string]bool) {
	bridges := 0
	for _, e := range l.Ends {
		if used[e.String()] {
			r.fail(n, "%s has a link already", e)
		}
		used[e.String()] = true
		if r.nodes[e.Node].Kind == KindBridge {
			bridges++
		}
	}
	if bridges == 2 {
		r.fail(n, "a link between two bridges is not supported yet")
	}
}
