package topologies

import (
	"net/netip"
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
	hostInterface *yaml.Node
	vni, port     *yaml.Node
	impairments   *yaml.Node
	mtu           *yaml.Node
	vars          *yaml.Node
}

// linkType is what a link of a type says besides what all may.
type linkType struct {
	kind         LinkType
	needs, takes []string
}

// linkTypes are those that can be built.
var linkTypes = []linkType{
	{LinkVeth, []string{"endpoints"}, nil},
	{LinkUDP, []string{"endpoint", "local", "remote"}, nil},
	{LinkTap, []string{"endpoint", "host-interface"}, nil},
	{LinkHost, []string{"endpoint", "host-interface"}, nil},
	{LinkVXLAN, []string{"endpoint", "remote", "vni"}, []string{"local", "dst-port"}},
}

// linkKey is a key that belongs to some types.
type linkKey struct {
	name string
	at   *yaml.Node // nil: the link does not have it
}

func (raw *rawLink) typed() []linkKey {
	return []linkKey{
		{"endpoints", raw.endpoints}, {"endpoint", raw.endpoint}, {"local", raw.local}, {"remote", raw.remote},
		{"host-interface", raw.hostInterface}, {"vni", raw.vni}, {"dst-port", raw.port},
	}
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
		{&raw.hostInterface, &in.hostInterface}, {&raw.vni, &in.vni}, {&raw.port, &in.port},
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
		keep(&raw.kind, "type", "veth, which is the default; udp, tap, host or vxlan lead to a real network", text),
		keep(&raw.endpoints, "endpoints", "the two ends of a veth", form.List("endpoints", "endpoint", end)),
		keep(&raw.endpoint, "endpoint", "the end of any other link", end()),
		keep(&raw.local, "local", "of udp: address and port here; of vxlan, where it matters: the address", text),
		keep(&raw.remote, "remote", "of udp: address and port of the peer; of vxlan: its address", text),
		keep(&raw.hostInterface, "host-interface", "of tap: the interface of the kernel to make; of host: the one to use", text),
		keep(&raw.vni, "vni", "of vxlan: its network, 1 to 16777215", text),
		keep(&raw.port, "dst-port", "of vxlan: the UDP port of both ends; without: 4789", text),
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
	if raw.kind != nil {
		l.Type = LinkType(raw.kind.Value)
	}
	if !r.hasKeys(l, raw) {
		return
	}
	if l.Type == LinkVeth {
		r.vethLink(l, raw)
	} else {
		r.doorLink(l, raw)
	}
	r.claim(l, n, used)
	t.Links = append(t.Links, l)
}

// linkKeysWithoutEffect are keys of containerlab's that mean nothing here.
var linkKeysWithoutEffect = slices.Concat(ignoredLink, []string{"mode", "src-port"})

// hasKeys says whether a link has a type that can be built and all that it
// needs; what belongs to other types is refused.
func (r *reader) hasKeys(l *Link, raw *rawLink) bool {
	at := slices.IndexFunc(linkTypes, func(t linkType) bool { return t.kind == l.Type })
	if at < 0 {
		if slices.Contains(laterLinkTypes, string(l.Type)) {
			r.Fail(raw.kind, "link type %q is not supported yet", l.Type)
		} else {
			r.Fail(raw.kind, "unknown link type %q: veth, udp, tap, host or vxlan", l.Type)
		}
		return false
	}
	kind, whole := linkTypes[at], true
	for _, key := range raw.typed() {
		switch {
		case key.at == nil:
			whole = whole && !slices.Contains(kind.needs, key.name)
		case !slices.Contains(kind.needs, key.name) && !slices.Contains(kind.takes, key.name):
			r.Fail(key.at, "%s does not belong to a link of type %s", key.name, kind.kind)
			return false
		}
	}
	if !whole {
		last := len(kind.needs) - 1
		list := strings.Join(kind.needs[:last], ", ")
		r.Fail(raw.at, "a link of type %s needs %s", kind.kind, strings.TrimPrefix(list+" and "+kind.needs[last], " and "))
	}
	return whole
}

func (r *reader) vethLink(l *Link, raw *rawLink) {
	common := r.linkImpairments(raw)
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

// doorLink reads a link to a real network.
func (r *reader) doorLink(l *Link, raw *rawLink) {
	common := r.linkImpairments(raw)
	switch l.Type {
	case LinkUDP:
		r.Read(raw.local, scalar(&l.Local, "local", "address and port", parseAddrPort))
		r.Read(raw.remote, scalar(&l.Remote, "remote", "address and port", parseAddrPort))
	case LinkVXLAN:
		readVXLAN(r, l, raw)
	default:
		r.Read(raw.hostInterface, scalar(&l.HostInterface, "host-interface", "name", parseHostInterface))
	}
	if e, ok := r.endpoint(raw.endpoint, common); ok {
		l.Ends = []Endpoint{e}
	}
}

// vxlanPort is that of IANA (RFC 7348 8).
const vxlanPort = 4789

// readVXLAN reads what a link of type vxlan says.
func readVXLAN(r *reader, l *Link, raw *rawLink) {
	var local, remote netip.Addr
	port := uint16(vxlanPort)
	if raw.local != nil {
		r.Read(raw.local, scalar(&local, "local", "address", parseAddr))
	}
	if raw.port != nil {
		r.Read(raw.port, scalar(&port, "dst-port", "port", parsePort))
	}
	r.Read(raw.remote, scalar(&remote, "remote", "address", parseAddr))
	r.Read(raw.vni, scalar(&l.VNI, "vni", "number", parseVNI))
	l.Local, l.Remote = netip.AddrPortFrom(local, port), netip.AddrPortFrom(remote, port)
	if local.IsValid() && remote.IsValid() && local.Is4() != remote.Is4() {
		r.Fail(raw.local, "local and remote are not of one version of IP")
	}
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
	if e.Impairments.Reorder > 0 && e.Impairments.Delay == 0 {
		r.Fail(n, "reorder needs a delay: a frame can only overtake frames that wait")
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
	if node.Kind.isStation() {
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
	if name := l.HostInterface; name != "" {
		if used["host "+name] {
			r.Fail(n, "%s of the host has a link already", name)
		}
		used["host "+name] = true
	}
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
