package topologies

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// reader walks the YAML nodes of one file and collects every problem instead
// of stopping at the first.
type reader struct {
	file     string
	data     []byte
	read     func(name string) ([]byte, error)
	nodes    map[string]*Node
	problems Problems
	warnings Problems
}

// setters says what each known key of a mapping does.
type setters map[string]func(v *yaml.Node)

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, r.problem(n, format, args...))
}

func (r *reader) warn(n *yaml.Node, format string, args ...any) {
	r.warnings = append(r.warnings, r.problem(n, format, args...))
}

func (r *reader) problem(n *yaml.Node, format string, args ...any) Problem {
	return Problem{File: r.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)}
}

// root parses the text and returns its top-level mapping, nil if there is none.
func (r *reader) root(data []byte) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		r.problems = append(r.problems, syntaxProblem(r.file, err))
		return nil
	}
	if len(doc.Content) == 0 {
		r.problems = append(r.problems, Problem{File: r.file, Line: 1, Column: 1, Message: "the file is empty"})
		return nil
	}
	return doc.Content[0]
}

// syntaxLine finds the line in yaml.v3's messages, which carry no column.
var syntaxLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

func syntaxProblem(file string, err error) Problem {
	p := Problem{File: file, Line: 1, Column: 1, Message: err.Error()}
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Message = "yaml: " + m[2]
	}
	return p
}

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	for range 8 { // an alias may name an alias, but never a chain worth following
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			return n
		}
		n = n.Alias
	}
	return n
}

// fields hands every key of a mapping to its setter. Keys in ignored warn,
// unknown ones and repeated ones are problems.
func (r *reader) fields(n *yaml.Node, what string, set setters, ignored []string) {
	seen := map[string]bool{}
	r.pairs(n, what, func(key, value *yaml.Node) {
		name := key.Value
		switch fn := set[name]; {
		case seen[name]:
			r.fail(key, "%q occurs twice in %s", name, what)
		case fn != nil:
			fn(value)
		case slices.Contains(ignored, name):
			r.warn(key, "%q has no effect here", name)
		default:
			r.fail(key, "unknown key %q in %s", name, what)
		}
		seen[name] = true
	})
}

// pairs calls visit for each key and value of a mapping; null is an empty one.
func (r *reader) pairs(n *yaml.Node, what string, visit func(key, value *yaml.Node)) {
	n = deref(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s must be a mapping", what)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i], deref(n.Content[i+1]))
	}
}

// items returns the elements of a list, nil with a problem if it is none.
func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	n = deref(n)
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "%s must be a list", what)
		return nil
	}
	out := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		out[i] = deref(c)
	}
	return out
}

// text stores a scalar.
func (r *reader) text(dst *string, what string) func(*yaml.Node) {
	return scalar(r, dst, what, func(s string) (string, error) { return s, nil })
}

var errNotScalar = errors.New("must be a single value")

// scalar is a setter that parses a scalar and stores the result.
func scalar[T any](r *reader, dst *T, what string, parse func(string) (T, error)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		n = deref(n)
		if n.Kind != yaml.ScalarNode {
			r.fail(n, "%s: %v", what, errNotScalar)
			return
		}
		v, err := parse(n.Value)
		if err != nil {
			r.fail(n, "%s: %v", what, err)
			return
		}
		*dst = v
	}
}
