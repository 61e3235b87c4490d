package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// shipped lists the files of the repository with an end to their names.
func shipped(t *testing.T, suffix string) (paths []string) {
	t.Helper()
	for _, root := range []string{"../topologies/labs", "scenarios"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, suffix) {
				paths = append(paths, path)
			}
			return err
		}))
	}
	require.NotEmpty(t, paths)
	return paths
}

func beside(path string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(filepath.Dir(path), name)) }
}

// TestScenarios runs every scenario that is shipped, as `ikelab test` does. The reader of logs
// understands all that IKE and IPsec print meanwhile.
func TestScenarios(t *testing.T) {
	kinds := &everyKind{said: map[string]bool{}, seen: map[string]bool{}}
	var rest atomic.Int64 // rows that have not passed
	t.Cleanup(func() { kinds.understood(t, rest.Load() == 0) })
	for _, path := range shipped(t, topologies.ScenarioSuffix) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		rows, err := scenario.Parse(path, data, beside(path))
		require.NoError(t, err)
		rest.Add(int64(len(rows)))
		for _, row := range rows {
			t.Run(filepath.Base(path)+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				topology, err := topologyOf(path, row)
				require.NoError(t, err)
				seed := uint64(1)
				if row.Seed != nil {
					seed = *row.Seed
				}
				hear := func(l *lab.Lab) error { l.Stream.Listen(kinds.hear); return nil }
				report := scenario.Run(row, topology, scenario.Options{Seed: seed, Opened: hear})
				var failure *scenario.Failure
				if errors.As(report.Err, &failure) {
					for _, f := range failure.Findings {
						t.Logf("expected: %s\ncame: %s", f.Want, f.Got)
					}
				}
				require.NoError(t, report.Err)
				rest.Add(-1)
			})
		}
	}
}

func topologyOf(path string, s *scenario.Scenario) (*topologies.Topology, error) {
	if s.Lab != "" {
		return topologies.Embedded(s.Lab)
	}
	file := filepath.Join(filepath.Dir(path), s.Topology)
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return topologies.Parse(file, data, beside(file))
}

var update = flag.Bool("update", false, "write docs that are made from the tables")

// pages are what is made from the readers' tables.
var pages = map[string]func() ([]byte, error){
	"../docs/scenario.schema.json": scenario.Schema,
	"../docs/topology.schema.json": topologies.Schema,
	"../docs/scenarios.md":         func() ([]byte, error) { return []byte(scenario.Page()), nil },
	"../docs/topologies.md":        func() ([]byte, error) { return []byte(topologies.Page()), nil },
}

// TestShippedPages: documentation and schemas say what the tables say.
func TestShippedPages(t *testing.T) {
	for _, path := range slices.Sorted(maps.Keys(pages)) {
		text, err := pages[path]()
		require.NoError(t, err)
		if *update {
			require.NoError(t, os.WriteFile(path, text, 0o644))
		}
		have, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(text), string(have), "go test ./tests -run TestShippedPages -update")
	}
}

// TestShippedFilesFitTheirSchemas, by a reader that is not ours.
func TestShippedFilesFitTheirSchemas(t *testing.T) {
	for suffix, of := range map[string]func() ([]byte, error){topologies.ScenarioSuffix: scenario.Schema, ".clab.yml": topologies.Schema} {
		text, err := of()
		require.NoError(t, err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		c := jsonschema.NewCompiler()
		require.NoError(t, c.AddResource("schema.json", doc))
		schema, err := c.Compile("schema.json")
		require.NoError(t, err)
		for _, path := range shipped(t, suffix) {
			require.NoError(t, schema.Validate(asJSON(t, path)), path)
		}
		require.Error(t, schema.Validate(map[string]any{"nmae": "x"}))
	}
}

func asJSON(t *testing.T, path string) any {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var v any
	require.NoError(t, yaml.Unmarshal(data, &v))
	plain, err := json.Marshal(v)
	require.NoError(t, err)
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	require.NoError(t, err)
	return instance
}
