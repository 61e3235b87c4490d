package exercise

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// seeds is how many TestLabs tries each lab with; CI wants three.
var seeds = flag.Uint64("seeds", 1, "with how many seeds each lab is tried")

// TestLabs: what is found earns nothing, the solution and other right mends pass, no wrong mend
// does, and hints are true.
func TestLabs(t *testing.T) {
	for _, name := range Names() {
		for seed := uint64(1); seed <= *seeds; seed++ {
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
	problems, err := l.Verify()
	require.NoError(t, err)
	require.Empty(t, problems)
	points := 0
	for _, c := range l.checks {
		points += c.points
	}
	require.Equal(t, 10, points, "all labs have ten points")
}

// TestHalfBuilt: of what is to be built, a part earns a part of the points.
func TestHalfBuilt(t *testing.T) {
	for _, name := range Names() {
		if !strings.HasPrefix(name, "build-") || name == "build-list" { // one router's two lists
			continue
		}
		l, err := Open(name, 4)
		require.NoError(t, err)
		for i := range l.Solution {
			configs, err := l.after(l.Solution[i : i+1])
			require.NoError(t, err)
			g, err := l.Grade(configs, nil)
			require.NoError(t, err)
			require.Positive(t, g.Points, "%s: only %s: %+v", name, l.Solution[i].Node, g)
			require.Less(t, g.Points, g.Of)
		}
	}
}

// TestNothingMended: what holds from the beginning earns nothing as long as nothing else does.
func TestNothingMended(t *testing.T) {
	l, err := Open("esp-filtered", 1)
	require.NoError(t, err)
	g, err := l.Grade(nil, nil)
	require.NoError(t, err)
	require.True(t, g.Unmended)
	require.True(t, slices.ContainsFunc(g.Items, func(i Item) bool { return i.Holds }))
	require.Zero(t, g.Points)
}

// TestNoCopies: the solution of another seed does not mend a lab, and the same work has the
// same grade whatever the seed.
func TestNoCopies(t *testing.T) {
	for _, name := range []string{"key", "proposals", "build-vti", "udp500"} {
		solved := map[uint64]map[string]string{}
		for seed := uint64(1); seed <= 10; seed++ {
			l, err := Open(name, seed)
			require.NoError(t, err)
			configs, err := l.after(l.Solution)
			require.NoError(t, err)
			solved[seed] = configs
			g, err := l.Grade(configs, nil)
			require.NoError(t, err)
			require.True(t, g.Passed(), "%s %d: %+v", name, seed, g)
		}
		for seed := uint64(1); seed <= 10; seed++ {
			l, err := Open(name, seed)
			require.NoError(t, err)
			other := seed%10 + 1
			from, err := Open(name, other)
			require.NoError(t, err)
			copied := map[string]string{}
			for i, r := range l.Routers() { // under the names that it takes to be read
				copied[r] = solved[other][from.Routers()[i]]
			}
			g, err := l.Grade(copied, nil)
			require.NoError(t, err)
			require.Zero(t, g.Points, "%s %d: %+v", name, seed, g)
		}
	}
}

var update = flag.Bool("update", false, "write the pages of docs/labs")

// TestPages: docs/labs has a page for each lab.
func TestPages(t *testing.T) {
	want := []string{filepath.Join("..", "..", "docs", "tasks.md")}
	if *update {
		require.NoError(t, os.WriteFile(want[0], []byte(filePage()), 0o644))
	}
	text, err := os.ReadFile(want[0])
	require.NoError(t, err)
	require.Equal(t, filePage(), string(text), "go test ./topologies/exercise -run TestPages -update")
	want = nil
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

// TestCertificatesAreIssuedAgain: what a router shows while it runs has certificates for keys
// that are nowhere in it; it is graded like what was typed.
func TestCertificatesAreIssuedAgain(t *testing.T) {
	l, err := Open("certificate-name", 1)
	require.NoError(t, err)
	run, err := lab.Build(l.Topology, lab.Options{Seed: 7})
	require.NoError(t, err)
	r, err := scenario.NewRunner(run, scenario.Settings{})
	require.NoError(t, err)
	r.Begin()
	for _, c := range l.Solution {
		for line := range strings.Lines("configure terminal\n" + c.Lines + "\nend") {
			s, err := scenario.ParseLine(c.Node + ": " + strings.TrimSpace(line))
			require.NoError(t, err)
			_, err = r.Do(s)
			require.NoError(t, err)
		}
	}
	configs := map[string]string{}
	for _, name := range l.Routers() {
		text, _ := run.Router(name).Shell().Screen(run.Sim.Now(), "show running-config")
		_, text, _ = strings.Cut(text, "\n!")
		require.Contains(t, text, "\ncrypto pki certificate chain SITES\n certificate ")
		configs[name] = "!" + text
	}
	g, err := l.Grade(configs, nil)
	require.NoError(t, err)
	require.True(t, g.Passed(), "%+v", g)
}
