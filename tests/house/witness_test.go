package house

import (
	"go/ast"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWitnessKeepsWhatItLooksFor: a kind of record that `why` looks for but does not keep is one
// that it never finds, so that what it is to show is never said.
func TestWitnessKeepsWhatItLooksFor(t *testing.T) {
	kept, looked := map[string]bool{}, map[string]string{}
	for _, s := range sources(t) {
		if s.pkg != "topologies/why" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "hear" {
					ast.Inspect(n.Body, func(n ast.Node) bool {
						if c, ok := n.(*ast.CaseClause); ok {
							for _, kind := range c.List {
								kept[typeName(kind)] = true
							}
						}
						return true
					})
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "lately" {
					if fits, ok := n.Args[len(n.Args)-1].(*ast.FuncLit); ok {
						looked[typeName(fits.Type.Params.List[0].Type)] = s.at(n)
					}
				}
			}
			return true
		})
	}
	require.Greater(t, len(looked), 10)
	for kind, at := range looked {
		require.True(t, kept[kind], "%s: %s is looked for and not kept", at, kind)
	}
}

// typeName is a type of another package as it is written.
func typeName(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if p, ok := s.X.(*ast.Ident); ok {
			return p.Name + "." + s.Sel.Name
		}
	}
	return ""
}
