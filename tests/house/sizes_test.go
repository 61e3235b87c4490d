package house

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Sizes: what a person keeps in mind.

const (
	maxFunction    = 60  // lines
	medianFunction = 12  // lines
	mostFunctions  = 40  // lines of nine functions in ten
	maxFile        = 400 // lines, tests aside
	maxFields      = 20
	maxMethods     = 25
)

// excess is a limit that something exceeds, until it is taken apart. An
// exception only shrinks, and goes when it is not needed any more.
type excess struct {
	most int
	why  string
}

func TestSizes(t *testing.T) {
	byPackage := map[string][]int{}
	var all []int
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
				require.LessOrEqual(t, n, maxFunction, "%s: %s has %d lines", s.at(f), f.Name.Name, n)
				byPackage[s.pkg] = append(byPackage[s.pkg], n)
				all = append(all, n)
			}
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		p50, p90, most := percentiles(byPackage[pkg])
		t.Logf("%-32s %4d functions, half of them up to %2d lines, nine in ten %2d, the longest %2d", pkg, len(byPackage[pkg]), p50, p90, most)
	}
	p50, p90, _ := percentiles(all)
	require.LessOrEqual(t, p50, medianFunction)
	require.LessOrEqual(t, p90, mostFunctions)
}

func percentiles(list []int) (half, nine, most int) {
	slices.Sort(list)
	return list[len(list)/2], list[len(list)*9/10], list[len(list)-1]
}

func TestFileSizes(t *testing.T) {
	sizes := map[string]int{}
	for _, s := range sources(t) {
		if !s.test {
			sizes[s.path] = strings.Count(string(s.text), "\n")
		}
	}
	requireSizes(t, sizes, maxFile, longFiles, "lines")
}

func TestTypeSizes(t *testing.T) {
	fields, methods := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					methods[s.pkg+"."+receiver(d)]++
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						if st, ok := ts.Type.(*ast.StructType); ok {
							fields[s.pkg+"."+ts.Name.Name] = st.Fields.NumFields()
						}
					}
				}
			}
		}
	}
	requireSizes(t, fields, maxFields, wideTypes, "fields")
	requireSizes(t, methods, maxMethods, busyTypes, "methods")
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	e := f.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// requireSizes holds sizes to a limit, or to their exception.
func requireSizes(t *testing.T, sizes map[string]int, limit int, exceptions map[string]excess, what string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		n, e := sizes[name], exceptions[name]
		if n > max(limit, e.most) {
			t.Errorf("%s has %d %s, at most %d", name, n, what, max(limit, e.most))
		}
		if e.most > 0 && n < e.most {
			t.Errorf("%s has %d %s: its exception of %d shrinks with it, or goes", name, n, what, e.most)
		}
	}
	for name := range exceptions {
		if sizes[name] == 0 {
			t.Errorf("%s is gone: so goes its exception", name)
		}
	}
}

var longFiles = map[string]excess{}

var wideTypes = map[string]excess{
	"ikev2.SAInfo": {27, "a snapshot of what the detailed screen shows"},
}

var busyTypes = map[string]excess{
	"ikev2.Engine": {104, "rows' actions are its methods"},
	"netsim.Port":  {29, "settings and counters become objects"},
}
