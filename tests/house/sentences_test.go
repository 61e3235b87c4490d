package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// verbs are the places of a format.
var verbs = regexp.MustCompile(`%[-0-9.]*[a-zA-Z]`)

// formats are the sentences of debug and their formats, as they stand in the source.
func formats(t *testing.T) map[string]string {
	list := map[string]string{}
	for _, s := range sources(t) {
		if s.pkg != "router/debug/sentence" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if call, ok := spec.Values[0].(*ast.CallExpr); ok {
				if literal, ok := call.Args[len(call.Args)-1].(*ast.BasicLit); ok && literal.Kind == token.STRING {
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					list[spec.Names[0].Name] = text
				}
			}
			return true
		})
	}
	return list
}

// TestSentencesAreFilled: whoever says a sentence has a value for each of its places. (The
// compiler's friends look at constant formats only.)
func TestSentencesAreFilled(t *testing.T) {
	forms, checked := formats(t), map[string]bool{}
	require.Greater(t, len(forms), 150)
	for _, s := range sources(t) {
		if s.pkg != "router/debug" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if say, ok := call.Fun.(*ast.SelectorExpr); ok && say.Sel.Name == "Say" {
				if name, ok := sentenceIn(say.X); ok {
					require.Len(t, call.Args, len(verbs.FindAllString(forms[name], -1)), "%s: %s", s.at(call), name)
					checked[name] = true
				}
			}
			for i, a := range call.Args {
				if name, ok := sentenceIn(a); ok && !strings.Contains("matched policyLines xePolicyLines", calledName(call)) {
					require.Len(t, call.Args[i+1:], len(verbs.FindAllString(forms[name], -1)), "%s: %s", s.at(call), name)
					checked[name] = true
				}
			}
			return true
		})
	}
	require.Greater(t, len(checked), 140)
}

// sentenceIn is the name of a sentence.
func sentenceIn(e ast.Expr) (string, bool) {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	from, ok := s.X.(*ast.Ident)
	return s.Sel.Name, ok && from.Name == "sentence"
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
