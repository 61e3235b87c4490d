package tests

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The register of what RFCs demand, and the tests that hold us to it.

const (
	registerFile = "testdata/conformance.txt"
	registerDoc  = "../docs/conformance.md"
)

// demand is one row of the register.
type demand struct {
	id, level, what string
	kept, broken    []string // tests; none: uncovered
}

// rfc is which document the demand is from.
func (d demand) rfc() string { return strings.SplitN(d.id, "-", 2)[0] }

func register(t *testing.T) (list []demand) {
	text, err := os.ReadFile(registerFile)
	require.NoError(t, err)
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, " | ")
		require.Len(t, f, 5, "line %d: %s", i+1, line)
		require.Contains(t, []string{"MUST", "MUST NOT", "SHOULD", "MAY"}, f[1], f[0])
		require.False(t, seen[f[0]], "%s is there twice", f[0])
		seen[f[0]] = true
		list = append(list, demand{f[0], f[1], f[2], named(f[3]), named(f[4])})
	}
	return list
}

// named are the tests of a field.
func named(field string) []string {
	if field == "-" {
		return nil
	}
	return strings.Split(field, ", ")
}

// testNames are all tests of the module, as PACKAGE.NAME.
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names[filepath.ToSlash(filepath.Dir(s.path))+"."+f.Name.Name] = true
			}
		}
	}
	return names
}

// TestConformance: each test that the register names is there, and the page says
// which demands have none.
func TestConformance(t *testing.T) {
	known := testNames(t)
	var page strings.Builder
	page.WriteString(conformanceHead)
	list := register(t)
	for _, rfc := range []string{"7296", "7383", "4303", "3948"} {
		covered, all := 0, 0
		var rows strings.Builder
		for _, d := range list {
			if d.rfc() != rfc {
				continue
			}
			for _, name := range append(append([]string{}, d.kept...), d.broken...) {
				require.True(t, known[name], "%s: there is no test %s", d.id, name)
			}
			if len(d.kept)+len(d.broken) > 0 {
				covered++
			}
			all++
			fmt.Fprintf(&rows, "| %s | %s | %s | %s | %s |\n", d.id, d.level, d.what, orUncovered(d.kept), orUncovered(d.broken))
		}
		t.Logf("RFC %s: %d of %d demands have a test", rfc, covered, all)
		fmt.Fprintf(&page, "\n## RFC %s: %d of %d\n\n| id | level | what | kept | broken |\n|---|---|---|---|---|\n%s", rfc, covered, all, rows.String())
	}
	if *update {
		require.NoError(t, os.WriteFile(registerDoc, []byte(page.String()), 0o644))
	}
	have, err := os.ReadFile(registerDoc)
	require.NoError(t, err)
	require.Equal(t, page.String(), string(have), "go test ./tests -run TestConformance -update")
}

func orUncovered(tests []string) string {
	if len(tests) == 0 {
		return "uncovered"
	}
	return strings.Join(tests, ", ")
}

const conformanceHead = `# What RFCs demand

<!-- Made from tests/testdata/conformance.txt by: go test ./tests -run TestConformance -update -->

Each row is a demand in our words, the tests that it is kept, and those of its breach: by somebody else, or in a case where we must not. A sentence of an RFC that has
no row is missing here; a row without a test is uncovered, and so far a promise.
`
