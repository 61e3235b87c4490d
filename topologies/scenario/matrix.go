package scenario

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
)

// matrix is the variables of a file and their lists of values.
type matrix struct {
	into  map[string]string // of variables
	lists []list
}

// list is the values of one variable.
type list struct {
	name   string
	values []map[string]string // "" is the value itself, other keys are parts of it
}

func (m *matrix) variablesValue() form.Value {
	if m.into == nil {
		m.into = map[string]string{}
	}
	return form.Map("variables", func(_ *form.Reader, key *yaml.Node) form.Value {
		return form.Parsed(new(string), key.Value, "text", func(s string) (string, error) {
			m.into[key.Value] = s
			return s, nil
		})
	})
}

func (m *matrix) listsValue() form.Value {
	return form.Map("matrix", func(_ *form.Reader, key *yaml.Node) form.Value {
		m.lists = append(m.lists, list{name: key.Value})
		l := &m.lists[len(m.lists)-1]
		return form.List(key.Value, "text, or mapping", func() form.Value {
			v := map[string]string{}
			l.values = append(l.values, v)
			part := func(_ *form.Reader, key *yaml.Node) form.Value { return textInto(v, key.Value) }
			return form.Either(textInto(v, ""), form.Map("a row", part))
		})
	})
}

func textInto(m map[string]string, key string) form.Value {
	return form.Parsed(new(string), key, "text", func(s string) (string, error) {
		m[key] = s
		return s, nil
	})
}

// row is one combination of the values of variables.
type row struct {
	label  string
	values map[string]string
}

// matrixOf reads the rows of a file, before all else in it.
func matrixOf(file string, data []byte) ([]*row, error) {
	r := form.NewReader(file, data)
	m := &matrix{}
	if root := r.Root(); root != nil && root.Kind == yaml.MappingNode {
		for _, key := range []struct {
			name  string
			value form.Value
		}{{"variables", m.variablesValue()}, {"matrix", m.listsValue()}} {
			r.Pairs(root, "the file", func(k, v *yaml.Node) {
				if k.Value == key.name {
					r.Read(v, key.value)
				}
			})
		}
		m.check(r, root)
	}
	return m.rows(), r.Err()
}

func (m *matrix) check(r *form.Reader, root *yaml.Node) {
	cases := 1
	for _, l := range m.lists {
		if len(l.values) == 0 {
			r.Fail(root, "matrix: %s has no values", l.name)
		}
		if cases *= max(1, len(l.values)); cases > maxCases {
			r.Fail(root, "the matrix has more than %d combinations", maxCases)
			m.lists = nil
			return
		}
	}
}

// rows are the combinations, the last list's values changing first.
func (m *matrix) rows() []*row {
	list := []*row{{values: m.into}}
	for _, l := range m.lists {
		var next []*row
		for _, r := range list {
			for _, v := range l.values {
				next = append(next, r.with(l.name, v))
			}
		}
		list = next
	}
	return list
}

// with is the row with one variable more.
func (r *row) with(name string, v map[string]string) *row {
	n := &row{values: map[string]string{}}
	for k, text := range r.values {
		n.values[k] = text
	}
	shown := v[""]
	for part, text := range v {
		if part == "" {
			n.values[name] = text
			continue
		}
		n.values[name+"."+part] = text
	}
	if shown == "" {
		shown = v["name"]
	}
	n.label = strings.TrimSuffix(r.label, "]") + ", " + shown + "]"
	if r.label == "" {
		n.label = " [" + shown + "]"
	}
	return n
}

// reference is ${name}.
var reference = regexp.MustCompile(`\$\{([^}]*)\}`)

// substitute puts the values of variables in place of ${name}, in every value of
// a file.
func (r *row) substitute(reader *form.Reader, n *yaml.Node) {
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		r.substitute(reader, c)
	}
	if n.Kind != yaml.ScalarNode || !strings.Contains(n.Value, "${") {
		return
	}
	n.Value = reference.ReplaceAllStringFunc(n.Value, func(ref string) string {
		name := ref[2 : len(ref)-1]
		text, known := r.values[name]
		if !known {
			var all []string
			for v := range r.values {
				all = append(all, v)
			}
			slices.Sort(all)
			reader.Fail(n, "there is no variable %q%s", name, form.Hint(name, all))
			return ref
		}
		return text
	})
}
