package condition

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"ikelab/router/debug"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// bodies are the types of all kinds of records.
var bodies = func() map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, k := range debug.Kinds() {
		m[k.Body.Kind()] = reflect.TypeOf(k.Body)
	}
	for _, b := range fabricBodies {
		m[b.Kind()] = reflect.TypeOf(b)
	}
	return m
}()

// knownKind refuses what is never recorded.
func knownKind(kind string) (string, error) {
	if bodies[kind] != nil {
		return kind, nil
	}
	var all []string
	for k := range bodies {
		all = append(all, k)
	}
	slices.Sort(all)
	return "", fmt.Errorf("%q is no kind of record%s", kind, form.Hint(kind, all))
}

// knownField refuses a path that no record of the kind has.
func knownField(kind, path string) error {
	t := bodies[kind]
	for _, name := range strings.Split(path, ".") {
		for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) {
			if t.Kind() == reflect.Slice && name != "#" && !strings.HasPrefix(name, "#(") && strings.Trim(name, "0123456789") != "" {
				break
			}
			t = t.Elem()
		}
		if t == nil || t.Kind() != reflect.Struct || opaque(t) {
			return nil // the reader knows no more
		}
		next, all := fieldType(t, name)
		if next == nil && strings.Trim(name, "0123456789#") != "" && !strings.HasPrefix(name, "#(") {
			return fmt.Errorf("%s has no field %q%s", kind, name, form.Hint(name, all))
		}
		if next != nil {
			t = next
		}
	}
	return nil
}

// opaque says whether values of a type are written as one text.
func opaque(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

func fieldType(t reflect.Type, name string) (found reflect.Type, all []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case !f.IsExported():
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !opaque(f.Type):
			inner, more := fieldType(f.Type, name)
			if all = append(all, more...); inner != nil {
				return inner, all
			}
		case lab.FieldName(f.Name) == name:
			return f.Type, all
		default:
			all = append(all, lab.FieldName(f.Name))
		}
	}
	return nil, all
}
