package topologies

import (
	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
)

// reader reads one topology file.
type reader struct {
	*form.Reader
	read  func(name string) ([]byte, error)
	nodes map[string]*Node
	keys  map[string]*yaml.Node // of the nodes: their names in the file
}

// scalar is a single value that parse understands.
func scalar[T any](dst *T, name, about string, parse func(string) (T, error)) form.Value {
	return form.Parsed(dst, name, about, parse)
}

// items returns the elements of a list, nil with a problem if it is none.
func (r *reader) items(n *yaml.Node, what string) (list []*yaml.Node) {
	n = form.Deref(n)
	if n.Kind != yaml.SequenceNode {
		r.Fail(n, "%s must be a list", what)
		return nil
	}
	for _, c := range n.Content {
		list = append(list, form.Deref(c))
	}
	return list
}
