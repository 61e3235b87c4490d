package topologies

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// DefaultClock is what a router without a battery and without NTP believes:
// IOS starts at the first of March.
var DefaultClock = time.Date(2002, time.March, 1, 0, 0, 0, 0, time.UTC)

// MaxFile is the most that a topology or a configuration may have, in octets.
// Whoever reads files for Parse need read no more than one octet beyond.
const MaxFile = 16 << 20

var errTooLarge = fmt.Errorf("the file is larger than %d MiB, which no lab needs", MaxFile>>20)

// byteOrderMark is what some editors put before a text in UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// Parse reads a topology file. file names it in messages; read fetches the
// startup configurations it refers to, by the path written in the file. The
// error is of type Problems and lists everything that is wrong.
func Parse(file string, data []byte, read func(name string) ([]byte, error)) (*Topology, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	r := &reader{file: file, data: data, read: read, nodes: map[string]*Node{}}
	t := &Topology{File: file, Clock: DefaultClock}
	if len(data) > MaxFile {
		return nil, Problems{{File: file, Message: errTooLarge.Error()}}
	}
	if root := r.root(data); root != nil {
		r.topologyFile(root, t)
	}
	t.Warnings = r.warnings
	if err := r.problems.Err(); err != nil {
		slices.SortStableFunc(r.problems, byPlace)
		return nil, r.problems
	}
	return t, nil
}

func byPlace(a, b Problem) int {
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

func (r *reader) topologyFile(root *yaml.Node, t *Topology) {
	var topology *yaml.Node
	r.fields(root, "the file", setters{
		"name":        r.text(&t.Name, "name"),
		"description": r.text(&t.Description, "description"),
		"clock":       scalar(r, &t.Clock, "clock", parseClock),
		"seed":        scalar(r, &t.Seed, "seed", parseSeed),
		"topology":    func(v *yaml.Node) { topology = v },
	}, ignoredRoot)
	if deref(root).Kind != yaml.MappingNode {
		return
	}
	if t.Name == "" {
		r.fail(root, "the file has no name")
	}
	if topology == nil {
		r.fail(root, "the file has no topology")
		return
	}
	r.topology(topology, t)
}

// topology reads the nodes before the links whatever their order in the file,
// because a link is checked against the nodes it names.
func (r *reader) topology(n *yaml.Node, t *Topology) {
	var nodes, links *yaml.Node
	layers := newLayers()
	r.fields(n, "topology", setters{
		"nodes":    func(v *yaml.Node) { nodes = v },
		"links":    func(v *yaml.Node) { links = v },
		"defaults": func(v *yaml.Node) { layers.defaults = r.layer(v, "defaults") },
		"kinds":    func(v *yaml.Node) { r.layersOf(v, "kinds", layers.kinds) },
		"groups":   func(v *yaml.Node) { r.layersOf(v, "groups", layers.groups) },
	}, ignoredTopology)
	if nodes == nil {
		r.fail(n, "topology has no nodes")
		return
	}
	r.pairs(nodes, "nodes", func(key, value *yaml.Node) { r.node(key, value, layers, t) })
	if len(t.Nodes) == 0 && len(r.problems) == 0 {
		r.fail(nodes, "topology has no nodes")
	}
	if links == nil {
		return
	}
	used := map[string]bool{}
	for _, link := range r.items(links, "links") {
		r.link(link, t, used)
	}
}

// startupConfig fetches a node's configuration: a text of several lines is
// the configuration itself, anything else names a file (containerlab's rule).
func (r *reader) startupConfig(n *Node, v *yaml.Node) {
	if strings.Contains(v.Value, "\n") {
		n.Config, n.ConfigFile, n.ConfigLine, n.ConfigColumn = v.Value, r.file, v.Line, v.Column
		if v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.ConfigLine++ // a block begins on the line after its `|`
			n.ConfigColumn = 1 + r.indentation(n.ConfigLine, v.Value)
		}
		return
	}
	if strings.Contains(v.Value, "://") {
		r.fail(v, "startup-config: fetching %q is not supported yet", v.Value)
		return
	}
	data, err := r.readFile(v.Value)
	if err != nil {
		r.fail(v, "startup-config: %v", err)
		return
	}
	n.Config, n.ConfigLine, n.ConfigColumn = string(bytes.TrimPrefix(data, byteOrderMark)), 1, 1
	if n.ConfigFile = v.Value; !path.IsAbs(v.Value) {
		n.ConfigFile = path.Join(path.Dir(r.file), v.Value)
	}
}

// indentation is what YAML takes from the lines of a block of text, of which
// the first that is not empty tells: by how much it stands further right in
// the file.
func (r *reader) indentation(line int, block string) int {
	lines := strings.Split(string(r.data), "\n")
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
	if err == nil && len(data) > MaxFile {
		err = fmt.Errorf("%s: %w", name, errTooLarge)
	}
	return data, err
}
