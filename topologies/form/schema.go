package form

import (
	"encoding/json"
)

// Schema is a JSON Schema (draft 2020-12).
type Schema map[string]any

// Defs are the schemas that have a name, which may hold themselves.
type Defs struct {
	named      map[string]Schema
	references bool // ${name} may stand for any single value
}

// reference is the schema of ${name} in the place of another value.
var reference = Schema{"type": "string", "pattern": `\$\{[^}]*\}`}

// Named gives a value's schema a name of its own: for what may hold itself, and
// what occurs in many places.
func Named(name string, make func() Value) Value {
	v := make()
	inner := v.schema
	v.schema = func(d Defs) Schema {
		if _, known := d.named[name]; !known {
			d.named[name] = Schema{} // before it is made: it may hold itself
			d.named[name] = inner(d)
		}
		return Schema{"$ref": "#/$defs/" + name}
	}
	return v
}

func objectSchema(d Defs, keys []Key) Schema {
	properties := map[string]Schema{}
	required := []string{}
	for _, k := range keys {
		s := Schema{}
		for name, v := range k.Value.schema(d) {
			s[name] = v
		}
		if k.Help != "" {
			s["description"] = k.Help
		}
		properties[k.Name] = s
		if k.Required {
			required = append(required, k.Name)
		}
	}
	s := Schema{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["type"], s["required"] = "object", required
	}
	return s
}

func kindsSchema(d Defs, kinds []Kind, common []Key, short Value) Schema {
	var all []Schema
	for _, k := range kinds {
		keys := append(k.Keys(), common...)
		keys[0].Required = true
		s := objectSchema(d, keys)
		s["description"] = k.Help
		all = append(all, s)
	}
	if short.schema != nil {
		all = append(all, short.schema(d))
	}
	return Schema{"anyOf": all}
}

// Document is the schema of a file, as JSON. references: ${name} may stand for
// any single value.
func Document(title, about string, v Value, references bool) ([]byte, error) {
	defs := Defs{map[string]Schema{}, references}
	s := v.schema(defs)
	s["$schema"], s["title"], s["description"] = "https://json-schema.org/draft/2020-12/schema", title, about
	if len(defs.named) > 0 {
		s["$defs"] = defs.named
	}
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}
