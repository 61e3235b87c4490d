package tests

import (
	"os"
	"slices"
	"testing"

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
		"file": {"description", "clock", "seed"},
		"node": {"hostname", "address", "gateway", "inside", "outside", "nat", "peer", "key", "suite"},
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
			for _, key := range sortedKeys(m) {
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
