package topologies

import (
	"fmt"
	"regexp"

	"go.yaml.in/yaml/v3"

	"ikelab/router/nat"
	"ikelab/topologies/form"
)

// layer holds the values that a node, group, kind or the defaults set; a nil
// value is not set. Inheritance is node, group, kind, defaults.
type layer struct {
	at                                                               *yaml.Node
	kind, group, image, hostname, startupConfig, startupDelay, clock *yaml.Node
	address, gateway, inside, outside, nat                           *yaml.Node
	address6, gateway6                                               *yaml.Node // of a host
	peer, key, suite                                                 *yaml.Node // of a rogue
}

type layers struct {
	defaults      *layer
	kinds, groups map[string]*layer
}

func newLayers() *layers {
	return &layers{defaults: &layer{}, kinds: map[string]*layer{}, groups: map[string]*layer{}}
}

func layerKeys(l *layer) []form.Key {
	word := func(dst **yaml.Node, name, help string) form.Key {
		return form.Key{Name: name, Help: help, Value: form.Then(form.Text(new(string), name), func(_ *form.Reader, n *yaml.Node) { *dst = n })}
	}
	return append([]form.Key{
		word(&l.kind, "kind", "ios, a router; host, an end station; nat, a gateway that translates; bridge, a segment; rogue, a peer that misbehaves"),
		word(&l.group, "group", "whose defaults it has"),
		word(&l.image, "image", "generation of IOS: "+DefaultImage+" (without), or "+NewerImage),
		word(&l.hostname, "hostname", "what it is called unless its configuration says otherwise"),
		word(&l.startupConfig, "startup-config", "a file, or the text itself"),
		word(&l.startupDelay, "startup-delay", "seconds after which it starts"),
		word(&l.clock, "clock", "of a router: what its own clock shows whenever it boots, in RFC 3339; without: the time of the lab"),
		word(&l.address, "address", "of a host, with the length of its network: 192.168.1.10/24; or dhcp: it asks for one, and for its gateway; of a rogue, without"),
		word(&l.gateway, "gateway", "of a host or a nat: where its default route leads"),
		word(&l.address6, "address6", "of a host, its address of IPv6: 2001:db8:1::10/64; or auto: it makes one in each network that a router advertises"),
		word(&l.gateway6, "gateway6", "of a host: where its default route of IPv6 leads; without: to a router that advertises itself"),
		{Name: "inside", Help: "ports of a nat with their addresses, behind which nobody knows the inside: {eth0: 10.0.0.1/24}", Value: form.Keep(&l.inside, portsValue("inside", nil))},
		{Name: "outside", Help: "its port to the others: {eth1: 203.0.113.1/24}", Value: form.Keep(&l.outside, portsValue("outside", nil))},
		{Name: "nat", Help: "how it translates", Value: form.Keep(&l.nat, form.Object("nat", natKeys(&nat.Settings{})))},
		word(&l.peer, "peer", "of a rogue: the address of the router that it troubles"),
		word(&l.key, "key", "of a rogue: the pre-shared key of both directions"),
		word(&l.suite, "suite", "of a rogue: encryption, integrity and group; without: aes-cbc-128 sha256 19"),
	}, form.Ignored(ignoredNode...)...)
}

func (r *reader) layer(n *yaml.Node, what string) *layer {
	l := &layer{at: n}
	r.Read(n, form.Object(what, layerKeys(l)))
	return l
}

func (r *reader) layersOf(n *yaml.Node, what string, into map[string]*layer) {
	if n == nil {
		return
	}
	r.Pairs(n, what, func(key, value *yaml.Node) {
		into[key.Value] = r.layer(value, fmt.Sprintf("%s %q", what, key.Value))
	})
}

// resolved merges what a node inherits. The kind may itself come from the
// group or the defaults, so it is settled first.
func (r *reader) resolved(own *layer, all *layers) *layer {
	chain := []*layer{own, {}, {}, all.defaults}
	if g := first(chain, func(l *layer) *yaml.Node { return l.group }); g != nil {
		if chain[1] = all.groups[g.Value]; chain[1] == nil {
			r.Fail(g, "group %q is not defined", g.Value)
			chain[1] = &layer{}
		}
	}
	kind := first(chain, func(l *layer) *yaml.Node { return l.kind })
	if kind != nil && all.kinds[kind.Value] != nil {
		chain[2] = all.kinds[kind.Value]
	}
	return &layer{
		kind:          kind,
		image:         first(chain, func(l *layer) *yaml.Node { return l.image }),
		hostname:      first(chain, func(l *layer) *yaml.Node { return l.hostname }),
		startupConfig: first(chain, func(l *layer) *yaml.Node { return l.startupConfig }),
		startupDelay:  first(chain, func(l *layer) *yaml.Node { return l.startupDelay }),
		clock:         first(chain, func(l *layer) *yaml.Node { return l.clock }),
		address:       first(chain, func(l *layer) *yaml.Node { return l.address }),
		gateway:       first(chain, func(l *layer) *yaml.Node { return l.gateway }),
		address6:      first(chain, func(l *layer) *yaml.Node { return l.address6 }),
		gateway6:      first(chain, func(l *layer) *yaml.Node { return l.gateway6 }),
		inside:        first(chain, func(l *layer) *yaml.Node { return l.inside }),
		outside:       first(chain, func(l *layer) *yaml.Node { return l.outside }),
		nat:           first(chain, func(l *layer) *yaml.Node { return l.nat }),
		peer:          first(chain, func(l *layer) *yaml.Node { return l.peer }),
		key:           first(chain, func(l *layer) *yaml.Node { return l.key }),
		suite:         first(chain, func(l *layer) *yaml.Node { return l.suite }),
	}
}

func first(chain []*layer, get func(*layer) *yaml.Node) *yaml.Node {
	for _, l := range chain {
		if v := get(l); v != nil {
			return v
		}
	}
	return nil
}

// nodeName keeps names usable in `R1:Ethernet0/0`, in file names and at the
// lab prompt.
var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

func (r *reader) node(key, value *yaml.Node, all *layers, t *Topology) {
	n := &Node{Name: key.Value, Hostname: key.Value, Image: DefaultImage}
	if !nodeName.MatchString(n.Name) {
		r.Fail(key, "%q is not a node name: letters, digits, '.', '_' and '-', at most 63", n.Name)
	}
	if r.nodes[n.Name] != nil {
		r.Fail(key, "node %q occurs twice", n.Name)
		return
	}
	r.nodes[n.Name], r.keys[n.Name] = n, key
	t.Nodes = append(t.Nodes, n)
	l := r.resolved(r.layer(value, fmt.Sprintf("node %q", n.Name)), all)
	if l.kind == nil {
		r.Fail(key, "node %q has no kind", n.Name)
	} else {
		r.kind(n, l.kind)
	}
	if l.image != nil && n.Kind == KindIOS {
		r.image(n, l.image)
	}
	if l.hostname != nil {
		n.Hostname = l.hostname.Value
	}
	if l.startupDelay != nil {
		r.Read(l.startupDelay, scalar(&n.StartupDelay, "startup-delay", "seconds", parseSeconds))
	}
	if l.clock != nil && n.Kind == KindIOS {
		r.Read(l.clock, scalar(&n.Clock, "clock", "instant", parseClock))
	}
	if l.startupConfig != nil && n.Kind == KindIOS {
		r.startupConfig(n, l.startupConfig)
	}
	switch n.Kind {
	case KindHost:
		r.host(n, key, l)
	case KindNAT:
		r.natGateway(n, key, l)
	}
	loadRogue(r, key, n, l)
}

func (r *reader) kind(n *Node, v *yaml.Node) {
	switch n.Kind = Kind(v.Value); n.Kind {
	case KindIOS, KindBridge, KindHost, KindNAT, KindRogue:
	default:
		r.Fail(v, "a node of kind %q cannot run here; there are ios (a router), host (an end station), nat (a gateway), bridge (a segment) and rogue (a peer that misbehaves)", v.Value)
	}
}

func (r *reader) image(n *Node, v *yaml.Node) {
	n.Image = v.Value
	if err := CheckImage(n.Image); err != nil {
		r.Fail(v, "%v", err)
	}
}
