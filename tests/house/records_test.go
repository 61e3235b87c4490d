package house

import (
	"go/ast"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/debug"
)

// bodies are the types of some rooms that are records, by kind; found in the source, as
// methods called Kind that return a string.
func bodies(t *testing.T, list []source, in func(pkg string) bool) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, s := range list {
		if s.test || !in(s.pkg) {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != "Kind" || f.Recv == nil || len(f.Body.List) != 1 {
				continue
			}
			r, ok := f.Body.List[0].(*ast.ReturnStmt)
			if !ok {
				continue
			}
			kind, ok := r.Results[0].(*ast.BasicLit)
			if !ok {
				continue
			}
			name, err := strconv.Unquote(kind.Value)
			require.NoError(t, err)
			if name == "" {
				continue // an effect that is no record
			}
			require.NotContains(t, found, name, "two kinds have one name")
			found[name] = s.pkg + "." + receiver(f)
		}
	}
	return found
}

// TestEveryKindIsRegistered: what a router records stands in the registry of
// router/debug, and nothing else does.
func TestEveryKindIsRegistered(t *testing.T) {
	want := bodies(t, sources(t), func(pkg string) bool { return pkg == "ikev2" || strings.HasPrefix(pkg, "router") })
	got := map[string]bool{}
	for _, k := range debug.Kinds() {
		got[k.Body.Kind()] = true
		require.Contains(t, want, k.Body.Kind(), "nothing of the house is of this kind")
	}
	for kind, name := range want {
		require.True(t, got[kind], "%s (%s) is not registered", kind, name)
	}
}

// TestEveryKindIsEmitted: somewhere outside tests a body of each kind is made, those of the
// fabric among them.
func TestEveryKindIsEmitted(t *testing.T) {
	made := map[string]bool{}
	for _, p := range checked(t) {
		if p.name == "router/debug" {
			continue
		}
		for e, is := range p.Types {
			switch e := e.(type) {
			case *ast.CompositeLit:
				made[strings.TrimPrefix(is.Type.String(), "ikelab/")] = true
			case *ast.ArrayType: // bodies that are made in chunks
				made[strings.TrimPrefix(p.Types[e.Elt].Type.String(), "ikelab/")] = true
			}
		}
	}
	for kind, name := range bodies(t, sources(t), func(string) bool { return true }) {
		require.True(t, made[name], "%s (%s) is never emitted", kind, name)
	}
}

// sentence is text for people: three words, the first with a capital.
var sentence = regexp.MustCompile(`^"[:% (]*[A-Z][a-z']+( [\w'/]+){2}`)

// TestTheEngineWritesNoSentences: what a screen says is said by its renderer.
func TestTheEngineWritesNoSentences(t *testing.T) {
	require.Regexp(t, sentence, `": Failed to authenticate the IKE SA"`)
	for _, s := range sources(t) {
		if s.test || s.pkg != "ikev2" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok {
				require.NotRegexp(t, sentence, l.Value, s.at(l))
			}
			return true
		})
	}
}
