package house

import (
	"flag"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/lab"
)

var update = flag.Bool("update", false, "write docs that are made from the source")

const eventsDoc = "../../docs/events.md"

const eventsHead = `# Records

<!-- Made from the source by: go test ./tests/house -run TestEventsDocument -update -->

` + "`ikelab exec --events FILE` writes everything that happens in a lab as JSON lines, one record a line, in the order in which it\nhappens:" + `

| key | what |
|---|---|
| id | device.count: the number of the device in the lab, 0 for the fabric, and a count that keeps rising |
| cause | id of the record that this one follows from; none: it came by itself |
| at | instant of virtual time |
| node | name of the device; none: the fabric |
| frame | number of the frame that the device was given, or that the record tells of |
| kind | what happened, one of the chapters below |
| body | an object of that kind |

A field that is zero, empty or false is left out. Instants are in RFC 3339, durations like "1.5s", octets and the SPIs of IKE SAs in
hexadecimal, addresses as usual. An object in a place where several kinds may stand says which it is in "is". Keys and passwords
are left out, or ` + "`***`" + `, unless ` + "`--secrets`" + ` is given.

To walk back from a line: follow "cause" to the record that made it happen. To find the packet of a message: of the records that
follow from it, the one of kind "fabric.frame_sent" bears the frame's number; in a capture of the whole lab from power-on it is the
packet whose comment or position that number gives.
`

// eventsWriter makes the document.
type eventsWriter struct {
	docs    map[string]string // "pkg.Type" -> the first sentence of its comment
	objects map[string]*types.Named
}

// TestEventsDocument: the schema of the records is what the types say.
func TestEventsDocument(t *testing.T) {
	packages := strict(t)
	w := &eventsWriter{docs: map[string]string{}, objects: map[string]*types.Named{}}
	bodies := map[string]*types.Named{}
	for _, p := range packages {
		for _, s := range p.files {
			w.comments(p.name, s.file)
			for typ, kind := range kinds(s.file) {
				named := p.Scope().Lookup(typ).Type().(*types.Named)
				require.NotContains(t, bodies, kind, "two bodies of one kind")
				bodies[kind] = named
			}
		}
	}
	require.Greater(t, len(bodies), 10)
	text := w.document(bodies)
	if *update {
		require.NoError(t, os.MkdirAll("../../docs", 0o755))
		require.NoError(t, os.WriteFile(eventsDoc, []byte(text), 0o644))
	}
	have, err := os.ReadFile(eventsDoc)
	require.NoError(t, err)
	require.Equal(t, text, string(have), "go test ./tests/house -run TestEventsDocument -update")
}

// kinds finds `func (T) Kind() string { return "room.thing" }`.
func kinds(file *ast.File) map[string]string {
	found := map[string]string{}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "Kind" || f.Recv == nil || len(f.Body.List) != 1 {
			continue
		}
		ret, ok := f.Body.List[0].(*ast.ReturnStmt)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		lit, ok := ret.Results[0].(*ast.BasicLit)
		if !ok || !strings.Contains(lit.Value, ".") {
			continue
		}
		recv := f.Recv.List[0].Type
		if star, ok := recv.(*ast.StarExpr); ok {
			recv = star.X
		}
		found[recv.(*ast.Ident).Name], _ = strconv.Unquote(lit.Value)
	}
	return found
}

func (w *eventsWriter) comments(pkg string, file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			if ts, ok := spec.(*ast.TypeSpec); ok {
				doc := ts.Doc.Text()
				if doc == "" {
					doc = g.Doc.Text()
				}
				w.docs["ikelab/"+pkg+"."+ts.Name.Name] = strings.Join(strings.Fields(doc), " ")
			}
		}
	}
}

func (w *eventsWriter) document(bodies map[string]*types.Named) string {
	var b strings.Builder
	b.WriteString(eventsHead)
	for _, kind := range slices.Sorted(maps.Keys(bodies)) {
		fmt.Fprintf(&b, "\n## %s\n\n", kind)
		w.chapter(&b, bodies[kind])
	}
	b.WriteString("\n# Objects\n")
	done := map[string]bool{}
	for len(done) < len(w.objects) {
		for _, name := range slices.Sorted(maps.Keys(w.objects)) {
			if !done[name] {
				done[name] = true
				var part strings.Builder
				w.chapter(&part, w.objects[name])
				w.docs["#"+name] = part.String()
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.objects)) {
		fmt.Fprintf(&b, "\n## %s\n\n%s", name, w.docs["#"+name])
	}
	return b.String()
}

func (w *eventsWriter) chapter(b *strings.Builder, n *types.Named) {
	if doc := w.docs[n.Obj().Pkg().Path()+"."+n.Obj().Name()]; doc != "" {
		fmt.Fprintf(b, "%s\n", doc)
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 {
		return
	}
	b.WriteString("\n| field | form |\n|---|---|\n")
	w.fields(b, s)
}

func (w *eventsWriter) fields(b *strings.Builder, s *types.Struct) {
	for i := range s.NumFields() {
		f, tag := s.Field(i), reflect.StructTag(s.Tag(i)).Get("record")
		if !f.Exported() {
			continue
		}
		if inner, ok := f.Type().Underlying().(*types.Struct); ok && f.Embedded() && !hasMethod(f.Type(), "String") {
			w.fields(b, inner)
			continue
		}
		form := w.form(f.Type())
		switch tag {
		case "spi":
			form = "16 hexadecimal digits"
		case "secret":
			form += ", secret"
		}
		fmt.Fprintf(b, "| %s | %s |\n", lab.FieldName(f.Name()), form)
	}
}

// form is how values of a type look in JSON.
func (w *eventsWriter) form(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := t.(*types.Named)
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if hasMethod(t, "Error") {
			return "text of an error"
		}
		return "object with \"is\""
	case *types.Slice:
		return listOf(u.Elem(), w)
	case *types.Array:
		return listOf(u.Elem(), w)
	case *types.Basic:
		switch {
		case named != nil && named.Obj().Name() == "Duration":
			return "duration"
		case hasMethod(t, "String") || u.Info()&types.IsString != 0:
			return "text"
		case u.Info()&types.IsBoolean != 0:
			return "true"
		}
		return "number"
	case *types.Struct:
		switch {
		case named != nil && named.Obj().Name() == "Time":
			return "instant"
		case hasMethod(t, "String"):
			return "text"
		case named != nil:
			w.objects[named.Obj().Name()] = named
			return fmt.Sprintf("[%s](#%s)", named.Obj().Name(), strings.ToLower(named.Obj().Name()))
		}
	}
	return t.String()
}

func listOf(elem types.Type, w *eventsWriter) string {
	if b, ok := elem.Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 {
		return "hexadecimal"
	}
	return "list: " + w.form(elem)
}

func hasMethod(t types.Type, method string) bool {
	m, _, _ := types.LookupFieldOrMethod(t, true, nil, method)
	_, ok := m.(*types.Func)
	return ok
}
