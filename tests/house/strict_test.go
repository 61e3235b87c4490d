package house

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The bans that need types: what a name stands for, whatever it is called here.

// bannedNames are package-level names that only free packages may use.
var bannedNames = map[string]func(name string) bool{
	"time": func(name string) bool {
		return slices.Contains([]string{
			"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation",
		}, name)
	},
	// What draws from the global source; types and constructors are fine.
	"math/rand/v2": func(name string) bool { return !strings.HasPrefix(name, "New") && ast.IsExported(name) },
}

// strictPackage is a package of ours as the compiler sees it, tests aside.
type strictPackage struct {
	name  string
	files []source
	*types.Package
	types.Info
}

// exports lists the files of export data of everything that we import.
func exports(t *testing.T) map[string]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-pgo=off", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "ikelab/...")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	files := map[string]string{}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		path, file, _ := strings.Cut(s.Text(), " ")
		files[path] = file
	}
	return files
}

// strict are the packages that are not free.
func strict(t *testing.T) []*strictPackage {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(checked(t)), func(p *strictPackage) bool { return slices.Contains(free, p.name) })
}

// house is what checked found. The tests of this package do not run in parallel, so it and found need no lock.
var house []*strictPackage

// checked type-checks every package of ours, tests aside.
func checked(t *testing.T) []*strictPackage {
	t.Helper()
	if house != nil {
		return house
	}
	byName := map[string]*strictPackage{}
	var list []*strictPackage
	for _, s := range sources(t) {
		here, err := build.Default.MatchFile(filepath.Join("..", "..", s.pkg), filepath.Base(s.path))
		require.NoError(t, err)
		if s.test || s.pkg == "tests" || !here {
			continue
		}
		if byName[s.pkg] == nil {
			byName[s.pkg] = &strictPackage{name: s.pkg}
			list = append(list, byName[s.pkg])
		}
		byName[s.pkg].files = append(byName[s.pkg].files, s)
	}
	data := exports(t)
	lookup := importer.ForCompiler(list[0].files[0].set, "gc", func(path string) (io.ReadCloser, error) {
		if data[path] == "" {
			return nil, fmt.Errorf("no export data of %q", path)
		}
		return os.Open(data[path])
	})
	for _, p := range list {
		p.Info = types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{}}
		var files []*ast.File
		for _, s := range p.files {
			files = append(files, s.file)
		}
		var err error
		p.Package, err = (&types.Config{Importer: lookup}).Check("ikelab/"+p.name, p.files[0].set, files, &p.Info)
		require.NoError(t, err)
	}
	house = list
	return list
}

func TestNoClockAndNoGlobalRandomness(t *testing.T) {
	for _, p := range strict(t) {
		for id, o := range p.Uses {
			if o.Pkg() == nil || o.Parent() != o.Pkg().Scope() || bannedNames[o.Pkg().Path()] == nil {
				continue
			}
			if _, isType := o.(*types.TypeName); isType {
				continue
			}
			require.False(t, bannedNames[o.Pkg().Path()](o.Name()), "%s: %s.%s", p.files[0].at(id), o.Pkg().Path(), o.Name())
		}
	}
}

// TestNoPackageVariableChanges: a package variable is set where it is declared
// and nowhere else: not assigned, not stepped, not ranged into, not handed to
// what changes its argument. Our own methods, and pointers to rows of
// tables, are taken to read only. What is gatheredAtStart is complete before main begins.
func TestNoPackageVariableChanges(t *testing.T) {
	for _, p := range strict(t) {
		for _, s := range p.files {
			ast.Inspect(s.file, func(n ast.Node) bool {
				for _, e := range changed(p, n) {
					if o := p.variable(e); o != nil && !slices.Contains(gatheredAtStart, p.name+"."+o.Name()) {
						t.Errorf("package variable changes: %s: %s", s.at(n), o.Name())
					}
				}
				return true
			})
		}
	}
}

// gatheredAtStart are lists of what the declarations of a package make one by one, so that
// each has a name and no second list has to be kept.
var gatheredAtStart = []string{"router/debug/sentence.all", "router/debug/sentence.messages"}

// changed lists the expressions whose memory a node changes, or lets change.
func changed(p *strictPackage, n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.SelectorExpr: // a method on a pointer, called on what is none, such as a strings.Builder
		if sel := p.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && sel.Obj().Pkg() != p.Package {
			_, has := sel.Recv().Underlying().(*types.Pointer)
			if _, wants := sel.Obj().Type().(*types.Signature).Recv().Type().(*types.Pointer); wants && !has {
				return []ast.Expr{n.X}
			}
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok {
			if _, builtin := p.Uses[id].(*types.Builtin); builtin && slices.Contains([]string{"delete", "clear", "copy"}, id.Name) {
				return n.Args[:1]
			}
		}
	}
	return nil
}

// variable is the package variable that an expression's memory belongs to, or
// nil. What lies behind a pointer counts as well.
func (p *strictPackage) variable(e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SelectorExpr:
			if p.Selections[x] == nil { // another package's
				e = x.Sel
			} else {
				e = x.X
			}
		case *ast.Ident:
			if v, ok := p.Uses[x].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}
