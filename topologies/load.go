package topologies

import (
	"fmt"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ikelab/router/nat"
	"ikelab/topologies/authority"
	"ikelab/topologies/form"
)

// DefaultClock is what a router without a battery and without NTP believes:
// IOS starts at the first of March.
var DefaultClock = time.Date(2002, time.March, 1, 0, 0, 0, 0, time.UTC)

// Parse reads a topology file. file names it in messages; read fetches the
// startup configurations it refers to, by the path written in the file. The
// error is of type form.Problems and lists everything that is wrong.
func Parse(file string, data []byte, read func(name string) ([]byte, error)) (*Topology, error) {
	r := &reader{Reader: form.NewReader(file, data), read: read, nodes: map[string]*Node{}, keys: map[string]*yaml.Node{}}
	t := &Topology{File: file, Clock: DefaultClock}
	if root := r.Root(); root != nil {
		r.topologyFile(root, t)
	}
	t.Warnings = r.Warnings
	if err := r.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

// Schema is the JSON Schema of topology files.
func Schema() ([]byte, error) {
	r := &reader{Reader: form.NewReader("", nil)}
	var raw rawFile
	return form.Document("ikelab topology", "A lab of routers and the links between them, in containerlab's schema.",
		form.Object("the file", r.fileKeys(&Topology{}, &raw)), false)
}

// Page tells people what a topology may be, in Markdown.
func Page() string {
	r := &reader{Reader: form.NewReader("", nil)}
	var raw rawFile
	page := "# Topologies\n\n<!-- Made from the tables by: go test ./tests -run TestShippedPages -update -->\n\nA topology is a file in containerlab's schema. " +
		"Keys of that schema which have no effect here are accepted with a warning.\n\n" + containerlab
	for _, part := range []struct {
		name string
		keys []form.Key
	}{
		{"The file", r.fileKeys(&Topology{}, &raw)}, {"topology", topologyKeys(&parts{})}, {"A node", layerKeys(&layer{})}, {"nat, of a node of that kind", natKeys(&nat.Settings{})},
		{"A link", linkKeys(&rawLink{})},
		{"An endpoint, besides NODE:INTERFACE", endpointKeys(&Endpoint{})}, {"impairments", ImpairmentKeys(&Impairments{})},
		{"An authority", authorityKeys(&authority.Settings{})},
	} {
		page += "\n## " + part.name + "\n" + form.Rows(part.keys)
	}
	return page
}

const containerlab = `What is ours alone can stand where that schema has room for it: of a link in its vars, "vars: {impairments: {delay: 10ms}}". It has no room, and refuses a file with them, for:
description, clock, seed and authorities of the file; the kinds ios, host as it is here, nat and rogue, and image numbers of IOS are names that it does not know, or means otherwise; hostname, clock, address,
gateway, address6, gateway6, inside, outside, nat, peer, key and suite of a node. A link of type udp fits where all of it stands in vars and the release at hand does not ask for endpoints, and so does one of type tap;
the types host and vxlan are that schema's own, where host-interface is one that is there, and local stands in vars.
`

// rawFile is what is read of a file at once.
type rawFile struct{ authorities, topology *yaml.Node }

func (r *reader) fileKeys(t *Topology, raw *rawFile) []form.Key {
	return append([]form.Key{
		{Name: "name", Help: "name of the lab", Required: true, Value: form.Word(&t.Name, "name")},
		{Name: "description", Help: "what it shows", Value: form.Text(&t.Description, "description")},
		{Name: "clock", Help: "virtual time at power-on, in RFC 3339", Value: scalar(&t.Clock, "clock", "instant", parseClock)},
		{Name: "seed", Help: "of all randomness", Value: scalar(&t.Seed, "seed", "number", ParseSeed)},
		{Name: "authorities", Help: "certification authorities, by their names; a trustpoint asks one at http://NAME", Value: form.Keep(&raw.authorities, authoritiesValue(t))},
		{Name: "topology", Help: "nodes and links", Required: true, Value: form.Keep(&raw.topology, form.Object("topology", topologyKeys(&parts{})))},
	}, form.Ignored(ignoredRoot...)...)
}

func (r *reader) topologyFile(root *yaml.Node, t *Topology) {
	var raw rawFile
	r.Read(root, form.Object("the file", r.fileKeys(t, &raw)))
	if raw.authorities != nil {
		r.Read(raw.authorities, authoritiesValue(t))
	}
	if raw.topology != nil {
		r.topology(raw.topology, t)
	}
	checkAuthorities(r, root, t)
}

// parts are what a topology is written in.
type parts struct {
	nodes, links, defaults, kinds, groups *yaml.Node
}

func topologyKeys(p *parts) []form.Key {
	one := form.Object("a node", layerKeys(&layer{}))
	layers := func(what string) form.Value {
		return form.Map(what, func(*form.Reader, *yaml.Node) form.Value { return one })
	}
	return append([]form.Key{
		{Name: "nodes", Help: "routers and segments, by their names", Required: true, Value: form.Keep(&p.nodes, layers("nodes"))},
		{Name: "links", Help: "what joins them", Value: form.Keep(&p.links, form.List("links", "link", func() form.Value {
			return form.Object("a link", linkKeys(&rawLink{}))
		}))},
		{Name: "defaults", Help: "of all nodes", Value: form.Keep(&p.defaults, one)},
		{Name: "kinds", Help: "defaults of the nodes of a kind", Value: form.Keep(&p.kinds, layers("kinds"))},
		{Name: "groups", Help: "defaults of the nodes of a group", Value: form.Keep(&p.groups, layers("groups"))},
	}, form.Ignored(ignoredTopology...)...)
}

// topology reads the nodes before the links whatever their order in the file,
// because a link is checked against the nodes it names.
func (r *reader) topology(n *yaml.Node, t *Topology) {
	p := &parts{}
	r.Read(n, form.Object("topology", topologyKeys(p)))
	if p.nodes == nil {
		return
	}
	layers := newLayers()
	if p.defaults != nil {
		layers.defaults = r.layer(p.defaults, "defaults")
	}
	r.layersOf(p.kinds, "kinds", layers.kinds)
	r.layersOf(p.groups, "groups", layers.groups)
	before := len(r.Problems)
	r.Pairs(p.nodes, "nodes", func(key, value *yaml.Node) { r.node(key, value, layers, t) })
	if len(t.Nodes) == 0 && len(r.Problems) == before {
		r.Fail(p.nodes, "topology has no nodes")
	}
	if used := map[string]bool{}; p.links != nil {
		for _, link := range r.items(p.links, "links") {
			r.link(link, t, used)
		}
	}
	onePort(r, t)
}

// startupConfig fetches a node's configuration: a text of several lines is
// the configuration itself, anything else names a file (containerlab's rule).
func (r *reader) startupConfig(n *Node, v *yaml.Node) {
	if strings.Contains(v.Value, "\n") {
		n.Config, n.ConfigFile, n.ConfigLine, n.ConfigColumn = v.Value, r.File, v.Line, v.Column
		if v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.ConfigLine++ // a block begins on the line after its `|`
			n.ConfigColumn = 1 + r.indentation(n.ConfigLine, v.Value)
		}
		return
	}
	if strings.Contains(v.Value, "://") {
		r.Fail(v, "startup-config: fetching %q is not supported yet", v.Value)
		return
	}
	data, err := r.readFile(v.Value)
	if err != nil {
		r.Fail(v, "startup-config: %v", err)
		return
	}
	n.Config, n.ConfigLine, n.ConfigColumn = string(form.WithoutMark(data)), 1, 1
	if n.ConfigFile = v.Value; !path.IsAbs(v.Value) {
		n.ConfigFile = path.Join(path.Dir(r.File), v.Value)
	}
}

// indentation is what YAML takes from the lines of a block of text, of which
// the first that is not empty tells: by how much it stands further right in
// the file.
func (r *reader) indentation(line int, block string) int {
	lines := strings.Split(string(r.Data), "\n")
	for i, text := range strings.Split(block, "\n") {
		if at := line - 1 + i; strings.TrimSpace(text) != "" && at < len(lines) {
			return max(0, len(lines[at])-len(strings.TrimLeft(lines[at], " "))-(len(text)-len(strings.TrimLeft(text, " "))))
		}
	}
	return 0
}

func (r *reader) readFile(name string) ([]byte, error) {
	if r.read == nil {
		return nil, fmt.Errorf("cannot read %q from here", name)
	}
	data, err := r.read(name)
	if err == nil && len(data) > form.MaxFile {
		err = fmt.Errorf("%s: %w", name, form.ErrTooLarge)
	}
	return data, err
}
