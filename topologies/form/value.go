package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Value reads one value of a file into where it belongs, and knows what it may
// be.
type Value struct {
	Form    string // for people: "duration"
	read    func(r *Reader, n *yaml.Node)
	schema  func(d Defs) Schema
	fields  []Key // of an Object
	ignored bool
}

const errNotScalar = "must be a single value"

// scalar is a single value that parse understands. A message about it begins
// with its name.
func scalar[T any](dst *T, name, form string, s Schema, parse func(string) (T, error)) Value {
	return Value{
		Form: form,
		read: func(r *Reader, n *yaml.Node) {
			if n.Kind != yaml.ScalarNode {
				r.Fail(n, "%s: %s", name, errNotScalar)
				return
			}
			v, err := parse(n.Value)
			if err != nil {
				r.Fail(n, "%s: %v", name, err)
				return
			}
			*dst = v
		},
		schema: func(d Defs) Schema {
			if _, loose := s["type"].([]string); loose || !d.references {
				return s
			}
			return Schema{"anyOf": []Schema{s, reference}}
		},
	}
}

// anyScalar is the schema of what is written without quotes as it comes.
func anyScalar() Schema { return Schema{"type": []string{"string", "number", "boolean"}} }

// Text is any single value.
func Text(dst *string, name string) Value {
	return scalar(dst, name, "text", anyScalar(), func(s string) (string, error) { return s, nil })
}

// Word is a text that says something.
func Word(dst *string, name string) Value {
	return scalar(dst, name, "text", anyScalar(), func(s string) (string, error) {
		if strings.TrimSpace(s) == "" {
			return "", fmt.Errorf("must not be empty")
		}
		return s, nil
	})
}

// Parsed is a text that parse understands.
func Parsed[T any](dst *T, name, form string, parse func(string) (T, error)) Value {
	return scalar(dst, name, form, anyScalar(), parse)
}

// Duration is a length of virtual time with its unit, not negative.
func Duration(dst *time.Duration, name string) Value {
	return scalar(dst, name, "duration", Schema{"type": "string", "pattern": `^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$`}, parseDuration)
}

// parseDuration reads a duration with its unit: 10ms, 1h30m.
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 10s", s)
	}
	return d, nil
}

// Number is a whole number between two bounds.
func Number[T int | int64](dst *T, name string, low, high T) Value {
	return scalar(dst, name, "number", Schema{"type": "integer", "minimum": low, "maximum": high}, func(s string) (T, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < int64(low) || n > int64(high) {
			return 0, fmt.Errorf("%q is not a number between %d and %d", s, low, high)
		}
		return T(n), nil
	})
}

// Flag is true or false.
func Flag(dst *bool, name string) Value {
	return scalar(dst, name, "true or false", Schema{"type": "boolean"}, func(s string) (bool, error) {
		b, err := strconv.ParseBool(s)
		if err != nil {
			return false, fmt.Errorf("%q is neither true nor false", s)
		}
		return b, nil
	})
}

// Choice is one of some words.
func Choice[T ~string](dst *T, name string, words ...T) Value {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	return scalar(dst, name, strings.Join(all, ", "), Schema{"enum": all}, func(s string) (T, error) {
		if !slices.Contains(all, s) {
			return "", fmt.Errorf("%q is none of %s", s, strings.Join(all, ", "))
		}
		return T(s), nil
	})
}

// List is a list whose items are read into the places that item makes; of names
// them for people.
func List(name, of string, item func() Value) Value {
	return Value{
		Form: "list: " + of,
		read: func(r *Reader, n *yaml.Node) {
			if n.Kind != yaml.SequenceNode {
				r.Fail(n, "%s must be a list", name)
				return
			}
			for _, c := range n.Content {
				r.Read(c, item())
			}
		},
		schema: func(d Defs) Schema { return Schema{"type": "array", "items": item().schema(d)} },
	}
}

// OneOrMore is a list, or its only item.
func OneOrMore(name, of string, item func() Value) Value {
	list := List(name, of, item)
	return Value{
		Form: of + ", or a list",
		read: func(r *Reader, n *yaml.Node) {
			if n.Kind == yaml.SequenceNode {
				list.read(r, n)
				return
			}
			r.Read(n, item())
		},
		schema: func(d Defs) Schema { return Schema{"anyOf": []Schema{item().schema(d), list.schema(d)}} },
	}
}

// Texts is one text or several.
func Texts(dst *[]string, name string) Value {
	return OneOrMore(name, "text", func() Value {
		return scalar(new(string), name, "text", anyScalar(), func(s string) (string, error) {
			*dst = append(*dst, s)
			return s, nil
		})
	})
}

// Map is a mapping with keys of the file's own choice.
func Map(what string, item func(r *Reader, key *yaml.Node) Value) Value {
	return Value{
		Form: what,
		read: func(r *Reader, n *yaml.Node) {
			seen := map[string]bool{}
			r.Pairs(n, what, func(key, value *yaml.Node) {
				if seen[key.Value] {
					r.Fail(key, "%q occurs twice in %s", key.Value, what)
					return
				}
				seen[key.Value] = true
				r.Read(value, item(r, key))
			})
		},
		schema: func(d Defs) Schema {
			return Schema{"type": []string{"object", "null"}, "additionalProperties": item(NewReader("", nil), &yaml.Node{Kind: yaml.ScalarNode}).schema(d)}
		},
	}
}

// Either reads a mapping as one thing and all else as another.
func Either(single, other Value) Value {
	return Value{
		Form: single.Form + ", or " + other.Form, fields: other.fields,
		read: func(r *Reader, n *yaml.Node) {
			if n.Kind == yaml.MappingNode {
				other.read(r, n)
				return
			}
			single.read(r, n)
		},
		schema: func(d Defs) Schema { return Schema{"anyOf": []Schema{single.schema(d), other.schema(d)}} },
	}
}

// Keep stores the node itself, for what can be settled only when more is known;
// v is what it may be.
func Keep(dst **yaml.Node, v Value) Value {
	v.read = func(_ *Reader, n *yaml.Node) { *dst = n }
	return v
}

// Then has what was read looked at.
func Then(v Value, look func(r *Reader, n *yaml.Node)) Value {
	read := v.read
	v.read = func(r *Reader, n *yaml.Node) {
		before := len(r.Problems)
		read(r, n)
		if len(r.Problems) == before {
			look(r, n)
		}
	}
	return v
}
