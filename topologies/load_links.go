package topologies

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
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
	vars          *yaml.Node
}

// linkKeys are what a link may say: as keys of its own, or, as containerlab's
// schema wants it, in vars.
func linkKeys(raw *rawLink) []form.Key {
	return append(append(ownLinkKeys(raw), form.Key{
		Name: "vars", Help: "the same, besides endpoints, where containerlab's schema allows it: {impairments: {delay: 10ms}}",
		Value: form.Keep(&raw.vars, form.Open("vars", ownLinkKeys(&rawLink{}))),
	}), form.Ignored(linkKeysWithoutEffect...)...)
}

// readVars takes what vars say, and refuses what the link says already.
func readVars(r *reader, raw *rawLink) {
	if raw.vars == nil {
		return
	}
	in := &rawLink{}
	r.Read(raw.vars, form.Open("vars", ownLinkKeys(in)))
	for _, v := range []struct{ own, in **yaml.Node }{
		{&raw.kind, &in.kind}, {&raw.endpoints, &in.endpoints}, {&raw.endpoint, &in.endpoint}, {&raw.local, &in.local}, {&raw.remote, &in.remote},
		{&raw.impairments, &in.impairments}, {&raw.mtu, &in.mtu},
	} {
		switch {
		case *v.own != nil && *v.in != nil:
			r.Fail(*v.in, "the link says this already, outside of vars")
		case *v.in != nil:
			*v.own = *v.in
		}
	}
}

func ownLinkKeys(raw *rawLink) []form.Key {
	keep := func(dst **yaml.Node, name, help string, v form.Value) form.Key {
		return form.Key{Name: name, Help: help, Value: form.Keep(dst, v)}
	}
	text := form.Text(new(string), "")
	end := func() form.Value {
		return form.Either(text, form.Object("an endpoint", endpointKeys(&Endpoint{})))
	}
	return []form.Key{
		keep(&raw.kind, "type", "veth, which is the default, or udp", text),
		keep(&raw.endpoints, "endpoints", "the two ends of a veth", form.List("endpoints", "endpoint", end)),
		keep(&raw.endpoint, "endpoint", "the end of a udp link", end()),
		keep(&raw.local, "local", "address and port here", text),
		keep(&raw.remote, "remote", "address and port of the peer", text),
		keep(&raw.impairments, "impairments", "what happens to frames, in both directions", form.Object("impairments", ImpairmentKeys(&Impairments{}))),
		keep(&raw.mtu, "mtu", "octets of the largest packet", text),
	}
}

func (r *reader) link(n *yaml.Node, t *Topology, used map[string]bool) {
	raw := &rawLink{at: n}
	before := len(r.Problems)
	r.Read(n, form.Object("a link", linkKeys(raw)))
	readVars(r, raw)
	if len(r.Problems) > before {
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
		r.Fail(v, "link type %q is not supported yet", v.Value)
	default:
		r.Fail(v, "unknown link type %q: veth or udp", v.Value)
	}
	return false
}

func (r *reader) vethLink(l *Link, raw *rawLink) {
	common := r.linkImpairments(raw)
	for _, extra := range []*yaml.Node{raw.endpoint, raw.local, raw.remote} {
		if extra != nil {
			r.Fail(extra, "endpoint, local and remote belong to links of type udp")
		}
	}
	if raw.endpoints == nil {
		r.Fail(raw.at, "the link has no endpoints")
		return
	}
	list := r.items(raw.endpoints, "endpoints")
	if list != nil && len(list) != 2 {
		r.Fail(raw.endpoints, "a link has 2 endpoints, not %d", len(list))
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
		r.Fail(raw.at, "a link of type udp needs endpoint, local and remote")
		return
	}
	r.Read(raw.local, scalar(&l.Local, "local", "address and port", parseAddrPort))
	r.Read(raw.remote, scalar(&l.Remote, "remote", "address and port", parseAddrPort))
	e, ok := r.endpoint(raw.endpoint, common)
	if !ok {
		return
	}
	l.Ends = []Endpoint{e}
}

// linkImpairments are the values for both ends of a link.
func (r *reader) linkImpairments(raw *rawLink) Impairments {
	var im Impairments
	if raw.impairments != nil {
		r.Read(raw.impairments, form.Object("impairments", ImpairmentKeys(&im)))
	}
	if raw.mtu != nil {
		r.Read(raw.mtu, scalar(&im.MTU, "mtu", "octets", parseMTU))
	}
	return im
}

// ImpairmentKeys overwrite the values that are given and keep the others. The
// names are netlab's and containerlab's; both spellings of corruption serve.
func ImpairmentKeys(im *Impairments) []form.Key {
	return []form.Key{
		{Name: "delay", Help: "from sent to arrived", Value: scalar(&im.Delay, "delay", "duration", parseDelay)},
		{Name: "jitter", Help: "by which the delay varies either way", Value: scalar(&im.Jitter, "jitter", "duration", parseDelay)},
		{Name: "loss", Help: "frames that are lost", Value: scalar(&im.Loss, "loss", "percentage", parsePercent)},
		{Name: "duplicate", Help: "frames that come twice", Value: scalar(&im.Duplicate, "duplicate", "percentage", parsePercent)},
		{Name: "reorder", Help: "frames that overtake those that wait", Value: scalar(&im.Reorder, "reorder", "percentage", parsePercent)},
		{Name: "corrupt", Help: "frames of which a bit is flipped", Value: scalar(&im.Corrupt, "corrupt", "percentage", parsePercent)},
		{Name: "corruption", Help: "the same", Value: scalar(&im.Corrupt, "corruption", "percentage", parsePercent)},
		{Name: "rate", Help: "such as 10mbit; a bare number is kbit/s", Value: scalar(&im.Rate, "rate", "rate", parseRate)},
		{Name: "mtu", Help: "octets of the largest packet", Value: scalar(&im.MTU, "mtu", "octets", parseMTU)},
	}
}

func endpointKeys(e *Endpoint) []form.Key {
	return append([]form.Key{
		{Name: "node", Help: "a router, a host or a bridge", Value: form.Text(&e.Node, "node")},
		{Name: "interface", Help: "its port", Value: form.Text(&e.Interface, "interface")},
		{Name: "impairments", Help: "of frames that leave here", Value: form.Object("impairments", ImpairmentKeys(&e.Impairments))},
		{Name: "vars", Help: "the same, where containerlab's schema allows it", Value: form.Open("vars", []form.Key{
			{Name: "impairments", Help: "of frames that leave here", Value: form.Object("impairments", ImpairmentKeys(&e.Impairments))},
		})},
	}, form.Ignored(ignoredEndpoint...)...)
}

// endpoint reads "R1:Ethernet0/0" or {node, interface, impairments}.
func (r *reader) endpoint(n *yaml.Node, common Impairments) (Endpoint, bool) {
	e := Endpoint{Impairments: common}
	if n.Kind == yaml.ScalarNode {
		var ok bool
		if e.Node, e.Interface, ok = strings.Cut(n.Value, ":"); !ok {
			r.Fail(n, "%q is not an endpoint such as R1:Ethernet0/0", n.Value)
			return e, false
		}
	} else {
		r.Read(n, form.Object("an endpoint", endpointKeys(&e)))
	}
	return e, r.place(n, &e)
}

// place checks an endpoint against its node and gives the interface its full name.
func (r *reader) place(n *yaml.Node, e *Endpoint) bool {
	node := r.nodes[e.Node]
	if node == nil {
		r.Fail(n, "there is no node %q", e.Node)
		return false
	}
	if node.Kind == KindBridge {
		if e.Interface == "" || strings.ContainsAny(e.Interface, " \t\r\n") {
			r.Fail(n, "%q is not the name of a port", e.Interface)
			return false
		}
		return true
	}
	if node.Kind.IsStation() {
		return r.placeStation(n, node, e)
	}
	full, err := PortName(e.Interface)
	if err != nil {
		r.Fail(n, "%v", err)
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
			r.Fail(n, "%s has a link already", e)
		}
		used[e.String()] = true
		if r.nodes[e.Node].Kind == KindBridge {
			bridges++
		}
	}
	if bridges == 2 {
		r.Fail(n, "a link between two bridges is not supported yet")
	}
}
