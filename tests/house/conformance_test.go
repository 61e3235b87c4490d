package house

import (
	"cmp"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/rogue"
)

// The register of what RFCs demand, and the tests that hold us to it.

const (
	registerFile = "testdata/conformance.txt"
	wordsFile    = "testdata/rfc_words.txt"
	registerDoc  = "../../docs/conformance.md"
)

// demand is one row of the register.
type demand struct {
	id, level, what string
	kept, broken    []string // tests
	own             bool     // nobody else can break it
	why             string   // there is none, or what there is to know
}

// The reasons that a row without tests may have, and how the page calls it.
var reasons = []struct{ prefix, title string }{
	{"others:", "binds somebody else"}, {"not built:", "not built"}, {"deviates", "we do otherwise"}, {"untested:", "not kept, or not tested"},
}

// rfc is which document the demand is from, section where it stands there.
func (d demand) rfc() string { return strings.SplitN(d.id, "-", 3)[0] }

func (d demand) section() string { return strings.SplitN(d.id, "-", 3)[1] }

// reason is the kind of the row's why, "" of a remark.
func (d demand) reason() string {
	for _, r := range reasons {
		if strings.HasPrefix(d.why, r.prefix) {
			return r.prefix
		}
	}
	return ""
}

// binds says whether the row demands something of what there is of us.
func (d demand) binds() bool {
	return len(d.kept)+len(d.broken) > 0 || d.reason() != "others:" && d.reason() != "not built:"
}

// words are those of RFC 2119 in a row: "2 MUST, SHOULD NOT".
func (d demand) words(t *testing.T) map[string]int {
	words := map[string]int{}
	for _, w := range strings.Split(d.level, ", ") {
		n, word, many := strings.Cut(w, " ")
		count, err := strconv.Atoi(n)
		if !many || err != nil {
			count, word = 1, w
		}
		require.Contains(t, []string{"MUST", "MUST NOT", "REQUIRED", "SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "RECOMMENDED", "NOT RECOMMENDED", "MAY", "OPTIONAL"}, word, d.id)
		words[word] += count
	}
	return words
}

// table reads lines of fields.
func table(t *testing.T, file string, fields int) (list [][]string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, " | ")
		require.Len(t, f, fields, "%s:%d: %s", file, i+1, line)
		list = append(list, f)
	}
	return list
}

func register(t *testing.T) (list []demand) {
	seen, known := map[string]bool{}, testNames(t)
	for _, f := range table(t, registerFile, 6) {
		d := demand{f[0], f[1], f[2], named(f[3]), named(f[4]), f[4] == "own", f[5]}
		if d.own {
			d.broken = nil
		}
		require.False(t, seen[d.id], "%s is there twice", d.id)
		seen[d.id] = true
		for _, name := range append(append([]string{}, d.kept...), d.broken...) {
			require.True(t, known[name], "%s: there is no test %q", d.id, name)
		}
		require.True(t, len(d.kept) > 0 || len(d.broken) > 0 || d.reason() != "", "%s has no test and no reason", d.id)
		require.True(t, len(d.broken) > 0 || d.own || d.reason() != "", "%s has no breach and no reason", d.id)
		list = append(list, d)
	}
	return list
}

// named are the tests of a field.
func named(field string) []string {
	if field == "-" {
		return nil
	}
	return strings.Split(field, "; ")
}

// testNames are all tests and fuzz targets of the module, as PACKAGE.NAME, all cases
// of the peer that misbehaves and all scenarios.
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil {
				names[filepath.ToSlash(filepath.Dir(s.path))+"."+f.Name.Name] = strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")
			}
		}
	}
	for _, c := range rogue.Cases() {
		names["rogue/"+c.Name] = true
	}
	for _, root := range []string{"../scenarios/*", "../../topologies/labs/*", "../../topologies/labs/*/*"} {
		files, err := filepath.Glob(root + ".scenario.yml")
		require.NoError(t, err)
		for _, f := range files {
			names["scenario/"+strings.TrimSuffix(filepath.Base(f), ".scenario.yml")] = true
		}
	}
	return names
}

// coverage counts the rows of a document.
type coverage struct{ rows, binding, kept, tried, own, uncovered int }

func (c *coverage) count(d demand) {
	c.rows++
	if !d.binds() {
		return
	}
	c.binding++
	c.kept += either(len(d.kept) > 0)
	c.tried += either(len(d.broken) > 0)
	c.own += either(d.own)
	c.uncovered += either(len(d.kept)+len(d.broken) == 0)
}

func either(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestConformance: each test that the register names is there, no sentence of the
// RFCs is missing, and the page says which demands have no test.
func TestConformance(t *testing.T) {
	list := register(t)
	have := map[string]map[string]int{}
	for _, d := range list {
		at := d.rfc() + " section " + d.section()
		if have[at] == nil {
			have[at] = map[string]int{}
		}
		for word, n := range d.words(t) {
			have[at][word] += n
		}
	}
	want := map[string]map[string]int{}
	for _, f := range table(t, wordsFile, 4) {
		at := f[0] + " section " + f[1]
		if want[at] == nil {
			want[at] = map[string]int{}
		}
		n, err := strconv.Atoi(f[2])
		require.NoError(t, err)
		want[at][f[3]] = n
	}
	for _, at := range slices.Sorted(maps.Keys(want)) {
		require.Equal(t, want[at], have[at], "RFC %s", at)
	}
	require.Len(t, have, len(want))

	page := conformancePage(t, list)
	if *update {
		require.NoError(t, os.WriteFile(registerDoc, []byte(page), 0o644))
	}
	doc, err := os.ReadFile(registerDoc)
	require.NoError(t, err)
	require.Equal(t, page, string(doc), "go test ./tests/house -run TestConformance -update")
}

// conformancePage writes the page, and says what is covered.
func conformancePage(t *testing.T, list []demand) string {
	var summary, body strings.Builder
	for _, rfc := range []string{"7296", "7383", "4303", "3948", "4945", "5685", "7427", "8784", "9242", "9370"} {
		var c coverage
		var rows, bare strings.Builder
		for _, d := range list {
			if d.rfc() != rfc {
				continue
			}
			c.count(d)
			breach := cmp.Or(strings.Join(d.broken, "; "), map[bool]string{true: "ours alone", false: "none"}[d.own])
			fmt.Fprintf(&rows, "| %s | %s | %s | %s | %s |\n", d.id, d.level, d.what, cmp.Or(strings.Join(d.kept, "; "), "none"), breach)
			if d.why != "-" {
				fmt.Fprintf(&bare, "- %s: %s. %s\n", d.id, d.what, d.why)
			}
		}
		t.Logf("RFC %s: %d rows, %d bind us: %d kept by a test, of %d a breach is tried, %d are ours alone to break, %d uncovered", rfc, c.rows, c.binding, c.kept, c.tried, c.own, c.uncovered)
		fmt.Fprintf(&summary, "| %s | %d | %d | %d | %d | %d | %d |\n", rfc, c.rows, c.binding, c.kept, c.tried, c.own, c.uncovered)
		fmt.Fprintf(&body, "\n## RFC %s\n\nWithout a test, or with something to know:\n\n%s\n| id | level | what | kept | broken |\n|---|---|---|---|---|\n%s", rfc, bare.String(), rows.String())
	}
	return conformanceHead + summary.String() + body.String()
}

const conformanceHead = `# What RFCs demand

<!-- Made from tests/house/testdata/conformance.txt by: go test ./tests/house -run TestConformance -update -->

Each row is a demand in our words: all sentences of RFC 7296 (IKEv2), 7383 (its fragmentation), 4303 (ESP), 3948 (ESP in UDP), 4945 (certificates for IPsec), 5685 (redirect), 7427 (signatures), 8784 (post-quantum preshared keys), 9242 (IKE_INTERMEDIATE)
and 9370 (additional key exchanges) that have a word of RFC 2119 in capitals, which the test counts section by section; in the first four MAY and OPTIONAL are left out. Beside it stand the tests that it is kept, and those of its breach: by somebody else, or in a case where we must not. "rogue/…" is a case of the
peer that misbehaves (docs/scenarios.md), "scenario/…" a file of tests/scenarios. What only we could break has no other breach than our own, which the tests in the first column would find. A row that binds somebody else, or a part that is not built yet, counts as a row and no more.

| RFC | rows | bind us | kept, by a test | a breach is tried | ours alone to break | uncovered |
|---|---|---|---|---|---|---|
`
