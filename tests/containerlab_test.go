package tests

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// clabKeys are the keys that containerlab's schema allows in each place, as far
// as a lab of routers may want them, and ours are those that it does not, which
// docs/topologies.md lists.
var (
	clabKeys = map[string][]string{
		"file":     {"name", "prefix", "mgmt", "settings", "topology"},
		"topology": {"nodes", "kinds", "defaults", "groups", "links"},
		"node":     {"kind", "group", "image", "startup-config", "startup-delay", "type", "labels", "exec", "binds", "env"},
		"link":     {"endpoints", "vars"},
	}
	ours = map[string][]string{
		"file": {"description", "clock", "seed", "authorities"},
		"node": {"hostname", "clock", "address", "gateway", "address6", "gateway6", "inside", "outside", "nat", "peer", "key", "suite"},
	}
)

// TestContainerlabKeys: a shipped topology says nothing beyond containerlab's
// schema but where that has no room for it.
func TestContainerlabKeys(t *testing.T) {
	for _, path := range shipped(t, ".clab.yml") {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct {
			Topology struct {
				Nodes    map[string]map[string]any
				Kinds    map[string]map[string]any
				Defaults map[string]any
				Links    []map[string]any
			}
		}
		var root map[string]any
		require.NoError(t, yaml.Unmarshal(data, &file))
		require.NoError(t, yaml.Unmarshal(data, &root))
		check := func(place string, m map[string]any) {
			for _, key := range slices.Sorted(maps.Keys(m)) {
				require.True(t, slices.Contains(clabKeys[place], key) || slices.Contains(ours[place], key), "%s: %s of a %s", path, key, place)
			}
		}
		check("file", root)
		check("topology", root["topology"].(map[string]any))
		check("node", file.Topology.Defaults)
		for _, list := range []map[string]map[string]any{file.Topology.Nodes, file.Topology.Kinds} {
			for _, n := range list {
				check("node", n)
			}
		}
		for _, l := range file.Topology.Links {
			check("link", l)
		}
	}
	page, err := os.ReadFile("../docs/topologies.md")
	require.NoError(t, err)
	for _, keys := range ours {
		for _, key := range keys {
			require.Contains(t, string(page), key)
		}
	}
}

// clabSchema is what containerlab's schema (schemas/clab.schema.json of
// srl-labs/containerlab, draft 7) says of what our files have: its file and its
// nodes are closed, its kinds are listed, its links are open.
func clabSchema() map[string]any {
	object := func(closed bool, properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": !closed}
	}
	text, list := map[string]any{"type": "string"}, map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string"}}
	node := object(true, map[string]any{
		"kind":  map[string]any{"type": "string", "enum": []any{"bridge", "host", "linux", "nokia_srlinux", "vr-cisco_csr", "vr-cisco_xrv9k"}},
		"group": text, "image": text, "startup-config": text, "type": text, "startup-delay": map[string]any{"type": "integer"},
		"labels": object(false, nil), "env": object(false, nil), "exec": list, "binds": list,
	})
	link := object(false, map[string]any{
		"endpoints": map[string]any{"type": "array", "minItems": 2.0, "uniqueItems": true, "items": map[string]any{"type": "string", "pattern": `^\S+:\S+$`}},
		"vars":      map[string]any{"type": "object"},
	})
	topology := object(false, map[string]any{
		"nodes":    map[string]any{"type": "object", "additionalProperties": map[string]any{"oneOf": []any{map[string]any{"type": "null"}, node}}},
		"defaults": node, "links": map[string]any{"type": "array", "minItems": 1.0, "items": link},
	})
	topology["required"] = []any{"nodes"}
	file := object(true, map[string]any{"name": text, "prefix": text, "mgmt": object(false, nil), "topology": topology})
	file["required"] = []any{"name", "topology"}
	return file
}

// clabRefuses is what that schema refuses of our files, and why.
var clabRefuses = map[string]string{
	"description":        "a closed file: what the lab shows",
	"clock":              "a closed file: the date of virtual time",
	"authorities":        "a closed file: who issues certificates to the routers",
	"kind ios":           "its kinds run containers; ours is none of them",
	"kind nat":           "the same",
	"kind rogue":         "the same",
	"clock of a node":    "a closed node: what the router's own clock shows when it boots",
	"address of a node":  "a closed node: containerlab gives addresses by exec, in a container",
	"gateway of a node":  "the same",
	"address6 of a node": "the same",
	"gateway6 of a node": "the same",
	"inside of a node":   "the same",
	"outside of a node":  "the same",
	"nat of a node":      "the same",
	"peer of a node":     "the same",
	"key of a node":      "the same",
	"suite of a node":    "the same",
	"hostname of a node": "a closed node: its own name is the node's",
}

// TestContainerlabSchema: what that schema refuses of our files is known, and
// nothing else is refused.
func TestContainerlabSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("clab.json", clabSchema()))
	schema, err := c.Compile("clab.json")
	require.NoError(t, err)
	require.NoError(t, schema.Validate(map[string]any{"name": "x", "topology": map[string]any{"nodes": map[string]any{"a": nil}}}))
	refused := map[string]bool{}
	for _, path := range shipped(t, ".clab.yml") {
		var wrong *jsonschema.ValidationError
		if err := schema.Validate(asJSON(t, path)); err != nil {
			require.ErrorAs(t, err, &wrong)
			refusals(t, path, wrong, refused)
		}
	}
	for what := range clabRefuses {
		require.True(t, refused[what], "%s is refused no more", what)
	}
}

// refusals collects what is refused at the ends of an error's branches.
func refusals(t *testing.T, path string, e *jsonschema.ValidationError, into map[string]bool) {
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			if len(e.InstanceLocation) > 0 {
				name += " of a node"
			}
			refuses(t, path, name, into)
		}
	case *kind.Enum:
		refuses(t, path, "kind "+k.Got.(string), into)
	case *kind.Type: // the branch of oneOf that takes a node without anything
		require.Equal(t, []string{"null"}, k.Want, "%s: %v", path, e)
	default:
		require.NotEmpty(t, e.Causes, "%s: %v", path, e)
	}
	for _, cause := range e.Causes {
		refusals(t, path, cause, into)
	}
}

func refuses(t *testing.T, path, what string, into map[string]bool) {
	require.Contains(t, clabRefuses, what, "%s: containerlab refuses %s", path, what)
	into[what] = true
}
