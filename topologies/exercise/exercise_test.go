package exercise

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds are those that CI tries each lab with.
var seeds = []uint64{1, 2, 3}

// TestLabs: what is found does not pass, the solution does, and no wrong mend does.
func TestLabs(t *testing.T) {
	for _, name := range Names() {
		for _, seed := range seeds {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) { testLab(t, name, seed) })
		}
	}
}

func testLab(t *testing.T, name string, seed uint64) {
	t.Parallel()
	l, err := Open(name, seed)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(l.wrong), 2)
	require.NotEmpty(t, l.Hints)
	grade := func(changes []Change) *Grade {
		configs, err := l.after(changes)
		require.NoError(t, err)
		g, err := l.Grade(configs, nil)
		require.NoError(t, err)
		require.Equal(t, 10, g.Of, "all labs have ten points")
		return g
	}
	g := grade(nil)
	require.False(t, g.Passed(), "as it is found: %+v", g)
	g = grade(l.Solution)
	require.True(t, g.Passed(), "the solution: %+v", g)
	for _, w := range l.wrong {
		require.False(t, grade(w.changes).Passed(), w.name)
	}
}

var update = flag.Bool("update", false, "write the pages of docs/labs")

// TestPages: docs/labs has a page for each lab.
func TestPages(t *testing.T) {
	var want []string
	for _, name := range Names() {
		l, err := Open(name, 1)
		require.NoError(t, err)
		path := filepath.Join("..", "..", "docs", "labs", name+".md")
		want = append(want, path)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(l.page()), 0o644))
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, l.page(), string(text), "go test ./topologies/exercise -run TestPages -update")
	}
	have, err := filepath.Glob("../../docs/labs/*.md")
	require.NoError(t, err)
	require.ElementsMatch(t, want, have)
}

// TestSeeds: names, addresses, keys and the place of the fault are others from seed to seed,
// and the same seed gives the same.
func TestSeeds(t *testing.T) {
	places := map[bool]bool{}
	seen := map[string]bool{}
	for seed := range uint64(20) {
		d := newDraw(seed)
		require.Equal(t, d, newDraw(seed))
		places[d.X == d.A] = true
		require.False(t, seen[d.Key], d.Key)
		seen[d.Key] = true
	}
	require.Len(t, places, 2)
	a, err := Open("key", 1)
	require.NoError(t, err)
	b, err := Open("key", 2)
	require.NoError(t, err)
	require.NotEqual(t, a.Routers(), b.Routers())
}

// TestOwnFolder: what Files gives is a lab of its own, in any folder.
func TestOwnFolder(t *testing.T) {
	for _, name := range Names() {
		list, err := Files(name)
		require.NoError(t, err)
		own, err := Read(name, 3, func(file string) ([]byte, error) {
			if text, ok := list[file]; ok {
				return text, nil
			}
			return nil, os.ErrNotExist
		})
		require.NoError(t, err, name)
		l, err := Open(name, 3)
		require.NoError(t, err)
		require.Equal(t, l.Topology.Digest(), own.Topology.Digest(), name)
		require.Equal(t, l.Task, own.Task)
	}
}

// TestHostileConfigurations: configurations are anybody's.
func TestHostileConfigurations(t *testing.T) {
	l, err := Open("key", 1)
	require.NoError(t, err)
	for _, text := range []string{"", "x", "hostname \x00\xff", "interface Ethernet0/0\n ip address 999.1.1.1 255.0.0.0\n"} {
		g, err := l.Grade(map[string]string{l.Routers()[0]: text, "ISP": text, "nobody": text}, nil)
		require.NoError(t, err)
		require.False(t, g.Passed())
	}
}
