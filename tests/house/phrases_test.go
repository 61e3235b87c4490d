package house

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// TestPhrasesAreSaid: the code names no sentence that the catalogue lacks, and the
// catalogue has none that nobody says.
func TestPhrasesAreSaid(t *testing.T) {
	known := phraseKeys(t)
	unsaid := maps.Clone(known)
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				text, err := strconv.Unquote(l.Value)
				require.NoError(t, err)
				delete(unsaid, text)
			}
			if key, ok := phraseNamed(n); ok {
				require.Contains(t, known, key, s.path)
			}
			return true
		})
	}
	require.Empty(t, unsaid)
}

// phraseNamed is the key of a call phrase.Of("key", ...).
func phraseNamed(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	name, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || name.Sel.Name != "Of" {
		return "", false
	}
	from, ok := name.X.(*ast.Ident)
	literal, named := call.Args[0].(*ast.BasicLit)
	if !ok || from.Name != "phrase" || !named {
		return "", false
	}
	key, err := strconv.Unquote(literal.Value)
	return key, err == nil
}

func phraseKeys(t *testing.T) map[string]bool {
	files, err := filepath.Glob("../../topologies/phrase/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	known := map[string]bool{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		part := map[string]any{}
		require.NoError(t, yaml.Unmarshal(data, &part), name)
		for key := range part {
			require.False(t, known[key], "%s stands in two files", key)
			known[key] = true
		}
	}
	return known
}
