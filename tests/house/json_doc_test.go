package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const jsonDoc = "../../docs/json.md"

const jsonHead = `# Screens as JSON

<!-- Made from the source by: go test ./tests/house -run TestJSONDocument -update -->

` + "`show … | json`" + ` shows the state behind a screen, from which the screen's text is made as well: what one says the other says.
A chapter for each screen: the commands that show it, and its keys. Keys only come: one that is here keeps its name and its form.

Instants are in RFC 3339 and in virtual time, keys that end in _seconds are whole seconds, addresses are as usual with their prefix
where they have one, and an SPI of ESP is text: "0x6B74CB79". A key that is "perhaps" there is left out where it has nothing to say; a list is
there even when it is empty. No screen shows a key of an SA; running-config and startup-config are text with the keys that stand in them.
`

// jsonWriter makes the document.
type jsonWriter struct {
	docs    map[string]string // "path.Type" and "path.Type.Field" -> its comment
	objects map[string]*types.Named
}

// TestJSONDocument: the keys of screens are what the types say, and each show
// command has its screen.
func TestJSONDocument(t *testing.T) {
	w := &jsonWriter{docs: map[string]string{}, objects: map[string]*types.Named{}}
	commands, screens := map[string][]string{}, map[string]*types.Named{}
	for _, p := range checked(t) {
		for _, s := range p.files {
			w.comments("ikelab/"+p.name, s.file)
		}
		if p.name == "router/shell" {
			screensOf(t, p, commands, screens)
		}
	}
	require.Greater(t, len(commands), 40)
	text := w.document(commands, screens)
	if *update {
		require.NoError(t, os.WriteFile(jsonDoc, []byte(text), 0o644))
	}
	have, err := os.ReadFile(jsonDoc)
	require.NoError(t, err)
	require.Equal(t, text, string(have), "go test ./tests/house -run TestJSONDocument -update")
}

// screensOf finds the type of the screen that each row of show leads to.
func screensOf(t *testing.T, p *strictPackage, commands map[string][]string, screens map[string]*types.Named) {
	functions := map[string]*ast.FuncDecl{}
	for _, s := range p.files {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				functions[f.Name.Name] = f
			}
		}
	}
	for _, s := range p.files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			row, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			syntax, set := rowOf(row)
			if !strings.HasPrefix(syntax, "show ") || set == nil {
				return true
			}
			found := map[string]*types.Named{}
			(&screenFinder{p, functions, map[string]bool{}, found}).look(set)
			require.Len(t, found, 1, "%s: the screen of %q", s.at(row), syntax)
			for name, named := range found {
				commands[name], screens[name] = append(commands[name], syntax), named
			}
			return true
		})
	}
}

// rowOf is what a row of a table of commands says.
func rowOf(row *ast.CompositeLit) (syntax string, set ast.Expr) {
	for _, e := range row.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
		case key.Name == "Set":
			set = kv.Value
		case key.Name == "Syntax":
			if lit, ok := kv.Value.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				syntax, _ = strconv.Unquote(lit.Value)
			}
		}
	}
	return syntax, set
}

// screenFinder follows an action to what it returns.
type screenFinder struct {
	p         *strictPackage
	functions map[string]*ast.FuncDecl
	seen      map[string]bool
	found     map[string]*types.Named
}

func (f *screenFinder) look(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			before := len(f.found)
			for _, r := range n.Results {
				f.take(f.p.Types[r].Type)
			}
			return len(f.found) == before // what is inside a screen is no screen
		case *ast.CallExpr: // ofConfig(show.ProposalsOf)
			for _, a := range n.Args {
				if s, ok := f.p.Types[a].Type.(*types.Signature); ok && s.Results().Len() == 1 {
					f.take(s.Results().At(0).Type())
				}
			}
		case *ast.Ident:
			if d := f.functions[n.Name]; d != nil && !f.seen[n.Name] {
				if _, ok := f.p.Uses[n].(*types.Func); ok {
					f.seen[n.Name] = true
					f.look(d.Body)
				}
			}
		}
		return true
	})
}

// take keeps a type that is a screen.
func (f *screenFinder) take(t types.Type) {
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "ikelab/router/show" || !hasMethod(t, "Lines") {
		return
	}
	if _, ok := named.Underlying().(*types.Struct); ok {
		f.found[named.Obj().Name()] = named
	}
}

// comments are those of types and of their fields.
func (w *jsonWriter) comments(path string, file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			ts, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			name := path + "." + ts.Name.Name
			w.docs[name] = oneLine(ts.Doc.Text() + g.Doc.Text())
			if s, ok := ts.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, n := range f.Names {
						w.docs[name+"."+n.Name] = oneLine(f.Doc.Text() + " " + f.Comment.Text())
					}
				}
			}
		}
	}
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

func (w *jsonWriter) document(commands map[string][]string, screens map[string]*types.Named) string {
	var b strings.Builder
	b.WriteString(jsonHead)
	for _, name := range slices.Sorted(maps.Keys(screens)) {
		list := slices.Clone(commands[name])
		slices.Sort(list)
		fmt.Fprintf(&b, "\n## %s\n\n`%s`\n", name, strings.Join(slices.Compact(list), "`, `"))
		w.keys(&b, screens[name])
	}
	b.WriteString("\n# Objects\n")
	parts := map[string]string{}
	for len(parts) < len(w.objects) {
		for _, name := range slices.Sorted(maps.Keys(w.objects)) {
			if _, done := parts[name]; !done {
				var part strings.Builder
				parts[name] = "" // what it leads to comes back here
				w.keys(&part, w.objects[name])
				parts[name] = part.String()
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		fmt.Fprintf(&b, "\n## %s\n%s", name, parts[name])
	}
	return b.String()
}

// keys is the table of an object.
func (w *jsonWriter) keys(b *strings.Builder, n *types.Named) {
	if doc := w.docs[pathOf(n)]; doc != "" {
		fmt.Fprintf(b, "\n%s\n", doc)
	}
	var rows strings.Builder
	w.rows(&rows, n)
	if rows.Len() > 0 {
		fmt.Fprintf(b, "\n| key | form | what |\n|---|---|---|\n%s", rows.String())
	}
}

func pathOf(n *types.Named) string { return n.Obj().Pkg().Path() + "." + n.Obj().Name() }

func (w *jsonWriter) rows(b *strings.Builder, n *types.Named) {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		key, options, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ",")
		switch {
		case key == "-" || !f.Exported():
			continue
		case key == "" && f.Embedded():
			if inner, ok := types.Unalias(f.Type()).(*types.Named); ok {
				w.rows(b, inner)
			}
			continue
		case key == "":
			key = f.Name()
		}
		form := w.form(f.Type())
		if strings.Contains(options, "omit") {
			form = "perhaps " + form
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", key, form, w.docs[pathOf(n)+"."+f.Name()])
	}
}

// form is how values of a type look.
func (w *jsonWriter) form(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	if named != nil && named.Obj().Name() == "Time" {
		return "instant"
	}
	if hasMethod(t, "MarshalText") || hasMethod(t, "MarshalJSON") {
		return "text"
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return "object: a screen"
	case *types.Slice:
		return "list: " + w.form(u.Elem())
	case *types.Array:
		return "list: " + w.form(u.Elem())
	case *types.Map:
		return "object: " + w.form(u.Elem()) + " by " + w.form(u.Key())
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return "text"
		case u.Info()&types.IsBoolean != 0:
			return "true or false"
		}
		return "number"
	case *types.Struct:
		if named != nil {
			name := named.Obj().Name()
			if other := w.objects[name]; other != nil && pathOf(other) != pathOf(named) {
				name = named.Obj().Pkg().Name() + "." + name
			}
			w.objects[name] = named
			return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(strings.ReplaceAll(name, ".", "")))
		}
	}
	return t.String()
}
