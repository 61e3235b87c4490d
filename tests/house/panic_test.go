package house

import (
	"go/ast"
	"strings"
	"testing"
)

// panics are the places where a broken invariant of ours ends the program, and
// why no octet from a wire, line of a file or keystroke can get there: functions, or
// a whole package.
var panics = map[string]string{
	"ikev2.draws.fill":             "the random stream never ends: it is ChaCha8 or crypto/rand",
	"ikev2.newMachine":             "constructor: two rows for one state and input",
	"ikev2.place":                  "constructor: two rows of a life for one state and input",
	"ikev2.Engine.run":             "a row leads to where no row is; the table's test goes through all branches",
	"ikev2/wire.putLength":         "we build no payload over 65,535 octets",
	"ikev2/wire.count8":            "we build no list over 255 entries",
	"iosconfig/syntax.NewTable":    "constructor: the table's own rows do not parse",
	"ipsec.ecdhSecret.private":     "the key was made from octets that were accepted before",
	"ipsec.fromHex":                "constructor: a constant of RFC 3526",
	"ipsec.HMAC.Plus":              "keys are far shorter than the 255 blocks of prf+",
	"ipsec.PRFID.New":              "what is negotiated is Known",
	"netsim.Sim.AddNode":           "constructor: two devices of one name",
	"netsim.Device.wake":           "a device whose deadline does not move on would stop the time",
	"netsim.frames.release":        "a frame has one owner",
	"netsim.Sim.newPort":           "constructor: two ports of one name",
	"netsim.queue.first":           "the wheel's own count of what it holds",
	"netsim.guard.begin":           "a caller's mistake: Run inside of Run",
	"netsim.guard.enter":           "a caller's mistake: a node is called inside of a call into a node",
	"router/ip.Stack.Handle":       "constructor: a protocol of which the stack knows nothing",
	"router.New":                   "constructor: no stream, or ports that no interface can be called",
	"router/show.JSON":             "screens hold plain values, which are always JSON",
	"topologies/bench":             "a bench stops when what it measures is broken; it reads nothing from outside",
	"topologies/phrase":            "the catalogue is embedded in the program",
	"topologies/lab.encoder.plain": "the schema is made from the same types",
	"topologies.LabNames":          "constructor: the labs are embedded in the program",
}

// TestPanics: every panic has its reason in the list.
func TestPanics(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			where := s.pkg + "." + declName(d)
			ast.Inspect(d, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok && mayPanic(c) {
					seen[where], seen[s.pkg] = true, true
					if panics[where] == "" && panics[s.pkg] == "" {
						t.Errorf("%s: %s panics without a reason in the list", s.at(n), where)
					}
				}
				return true
			})
		}
	}
	for where := range panics {
		if !seen[where] {
			t.Logf("%s does not panic any more", where)
		}
	}
}

func declName(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return receiver(d) + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				return v.Names[0].Name
			}
		}
	}
	return ""
}

// mayPanic finds panic(…), and MustX(…) of something that is no constant.
func mayPanic(c *ast.CallExpr) bool {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name == "panic" || strings.HasPrefix(f.Name, "must") && !constant(c)
	case *ast.SelectorExpr:
		return strings.HasPrefix(f.Sel.Name, "Must") && !constant(c)
	}
	return false
}

func constant(c *ast.CallExpr) bool {
	for _, a := range c.Args {
		if _, ok := a.(*ast.BasicLit); !ok {
			return false
		}
	}
	return true
}
