package form

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

// Key is one key of a mapping.
type Key struct {
	Name, Help string
	Value      Value
	Required   bool
}

// Ignored are keys that are known and have no effect here: they warn.
func Ignored(names ...string) []Key {
	keys := make([]Key, len(names))
	for i, name := range names {
		keys[i] = Key{Name: name, Help: "no effect here", Value: Value{
			Form: "anything", read: func(*Reader, *yaml.Node) {}, schema: func(Defs) Schema { return Schema{} }, ignored: true,
		}}
	}
	return keys
}

// Object is a mapping of known keys. what names it in messages: "a link".
func Object(what string, keys []Key) Value {
	return Value{
		Form: what, fields: keys,
		read:   func(r *Reader, n *yaml.Node) { r.fields(n, what, keys, false) },
		schema: func(d Defs) Schema { return objectSchema(d, keys) },
	}
}

// Open is a mapping that may hold keys of others as well: unknown ones warn.
func Open(what string, keys []Key) Value {
	return Value{
		Form: what, fields: keys,
		read: func(r *Reader, n *yaml.Node) { r.fields(n, what, keys, true) },
		schema: func(d Defs) Schema {
			s := objectSchema(d, keys)
			s["additionalProperties"] = true
			return s
		},
	}
}

// fields hands every key of a mapping to its value. Keys without effect warn;
// unknown ones, where the mapping is not open, repeated and missing ones are
// problems.
func (r *Reader) fields(n *yaml.Node, what string, keys []Key, open bool) {
	seen := map[string]bool{}
	r.Pairs(n, what, func(key, value *yaml.Node) {
		k := find(keys, key.Value)
		switch {
		case seen[key.Value]:
			r.Fail(key, "%q occurs twice in %s", key.Value, what)
		case k == nil && open, k != nil && k.Value.ignored:
			r.warn(key, "%q has no effect here", key.Value)
		case k == nil:
			r.Fail(key, "unknown key %q in %s%s", key.Value, what, Hint(key.Value, names(keys)))
		default:
			r.Read(value, k.Value)
		}
		seen[key.Value] = true
	})
	if n.Kind != yaml.MappingNode && n.Tag != "!!null" {
		return
	}
	for _, k := range keys {
		if k.Required && !seen[k.Name] {
			r.Fail(n, "%s has no %s", what, k.Name)
		}
	}
}

func find(keys []Key, name string) *Key {
	if i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return &keys[i]
	}
	return nil
}

// names are the keys that a person may have meant.
func names(keys []Key) []string {
	var list []string
	for _, k := range keys {
		if !k.Value.ignored {
			list = append(list, k.Name)
		}
	}
	return list
}

const (
	nearEnough = 0.5 // of the letters and more, so that a word is taken for a slip
	fewEnough  = 12  // words that a message lists
)

// Hint says what was probably meant.
func Hint(word string, words []string) string {
	best, likeness := "", nearEnough
	for _, w := range words {
		if l := similarity(strings.ToLower(word), strings.ToLower(w)); l > likeness {
			best, likeness = w, l
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf(": did you mean %q?", best)
	case len(words) > 0 && len(words) <= fewEnough:
		return "; there are " + strings.Join(words, ", ")
	}
	return ""
}

// similarity is 1 for equal words, and nearly so for letters in another order.
func similarity(a, b string) float64 {
	if x, y := []byte(a), []byte(b); len(x) == len(y) {
		slices.Sort(x)
		slices.Sort(y)
		if string(x) == string(y) {
			return 0.9 + 0.1*levenshtein.Similarity(a, b, nil)
		}
	}
	return levenshtein.Similarity(a, b, nil)
}

// Kind is one of several kinds of a thing, told by the key of its name, which is
// the first of its keys.
type Kind struct {
	Name, Help string
	Keys       func() []Key // of a new one, made for this call
}

// Kinds is a mapping that has the key of just one kind, and besides it that
// kind's keys and the common ones. A single value in its place is read as
// short; a zero short: there is none.
func Kinds(what string, kinds []Kind, common []Key, short Value) Value {
	return Value{
		Form: what,
		read: func(r *Reader, n *yaml.Node) {
			if n.Kind == yaml.ScalarNode && short.read != nil {
				short.read(r, n)
				return
			}
			if k := r.kindOf(n, what, kinds, common); k != nil {
				r.fields(n, fmt.Sprintf("%s %q", what, k.Name), append(k.Keys(), common...), false)
			}
		},
		schema: func(d Defs) Schema { return kindsSchema(d, kinds, common, short) },
	}
}

// kindOf finds the one kind whose key a mapping has.
func (r *Reader) kindOf(n *yaml.Node, what string, kinds []Kind, common []Key) *Kind {
	var found *Kind
	var all []string
	for i := range kinds {
		all = append(all, kinds[i].Name)
	}
	before, strange := len(r.Problems), (*yaml.Node)(nil)
	r.Pairs(n, what, func(key, _ *yaml.Node) {
		i := slices.Index(all, key.Value)
		switch {
		case i >= 0 && found != nil && found != &kinds[i] && find(found.Keys(), key.Value) == nil && find(kinds[i].Keys(), found.Name) == nil:
			r.Fail(key, "%s is either %s or %s", what, found.Name, key.Value)
		case i >= 0 && (found == nil || find(kinds[i].Keys(), found.Name) != nil):
			found = &kinds[i]
		case i < 0 && strange == nil && find(common, key.Value) == nil:
			strange = key
		}
	})
	switch {
	case len(r.Problems) > before:
		return nil
	case found == nil && strange != nil:
		r.Fail(strange, "%q is no %s%s", strange.Value, strings.TrimPrefix(what, "a "), Hint(strange.Value, all))
	case found == nil:
		r.Fail(n, "%s must be one of %s", what, strings.Join(all, ", "))
	}
	return found
}
