package house

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nothing is exported that nobody uses, and nothing is in the stream's
// vocabulary that nobody says.

// spare are functions and methods that are exported and used in their own package and in
// tests only. The list only gets shorter.
var spare = map[string]string{
	"ikev2/window.Responses.Busy":   askedByTests,
	"iosconfig.AccessNet.Any":       vocabulary,
	"iosconfig.AccessNet.Host":      vocabulary,
	"iosconfig.Identity.Prefix":     vocabulary,
	"iosconfig/rows.Families":       "docs/kept.md is made from it",
	"iosconfig/rows.NoEffect":       "docs/kept.md is made from it",
	"ipsec.IntegID.Known":           vocabulary,
	"ipsec.KeyExchange.Group":       vocabulary,
	"ipsec.PRFID.Known":             vocabulary,
	"ipsec.SPI.Reserved":            vocabulary,
	"ipsec/esp.Outbound.Sequence":   askedByTests,
	"ipsec/spd.Selector.Contains":   vocabulary,
	"netsim.Capture.Err":            askedByTests,
	"netsim.Device.Node":            askedByTests,
	"netsim.Impairments.Check":      vocabulary,
	"netsim.Port.SetUp":             askedByTests,
	"netsim.Port.Up":                askedByTests,
	"netsim/hostlink.UDP.Local":     askedByTests,
	"router/acl.List.Set":           vocabulary,
	"router/crypto.Crypto.Pairs":    askedByTests,
	"router/crypto.Shared.Value":    askedByTests,
	"router/debug.Secret":           askedByTests,
	"router/debug.Switches.On":      vocabulary,
	"router/record.NewID":           askedByTests,
	"topologies/lab.Events.Err":     askedByTests,
	"topologies/lab.Lab.PortUp":     askedByTests,
	"topologies/rogue.Talk.Packets": askedByTests,
	"topologies/swarm.Repeat":       vocabulary,
}

const (
	askedByTests = "tests look at it, or turn it"
	vocabulary   = "belongs to what its type says of itself"
)

// TestNoDeadExports finds functions and methods that are exported for nobody, and
// types and variables that not even their own package uses. Constants are
// complete vocabularies, and fields are read by renderers: they are left out. A
// method counts as used when an interface has one of its name.
func TestNoDeadExports(t *testing.T) {
	packages := checked(t)
	asked, abroad, home := asked(packages), map[string]bool{}, map[types.Object]bool{}
	for _, p := range packages {
		for _, o := range p.Uses {
			home[o] = true
			if o.Pkg() != nil && o.Pkg() != p.Package {
				abroad[o.Pkg().Path()+"."+nameOf(o)] = true
			}
		}
	}
	var dead []string
	for _, p := range packages {
		if p.name == "tests/kit" { // for tests, whose use of a name is not looked at
			continue
		}
		for _, o := range exported(p) {
			f, isFunc := o.(*types.Func)
			switch {
			case abroad[p.Path()+"."+nameOf(o)] || p.Package.Name() == "main":
			case isFunc && f.Signature().Recv() != nil && asked[f.Name()]:
			case isFunc || !home[o]:
				dead = append(dead, p.name+"."+nameOf(o))
			}
		}
	}
	for _, d := range dead {
		if spare[d] == "" {
			t.Errorf("%s is exported, and nobody outside of its package uses it", d)
		}
	}
	for d := range spare {
		if !slices.Contains(dead, d) {
			t.Errorf("%s is used, or gone: so goes its place in the list", d)
		}
	}
}

// exported lists what a package exports.
func exported(p *strictPackage) []types.Object {
	var list []types.Object
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if _, isConst := o.(*types.Const); isConst || !o.Exported() {
			continue
		}
		list = append(list, o)
		if n, ok := o.Type().(*types.Named); ok && o == types.Object(n.Obj()) {
			for m := range n.Methods() {
				if m.Exported() {
					list = append(list, m)
				}
			}
		}
	}
	return list
}

// nameOf is the name of an object in its package: a method's with its type.
func nameOf(o types.Object) string {
	f, ok := o.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return o.Name()
	}
	t := f.Signature().Recv().Type()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name() + "." + f.Name()
	}
	return f.Name()
}

// asked are the names of all methods that interfaces have, ours and those of the
// standard library that ours satisfy.
func asked(packages []*strictPackage) map[string]bool {
	names := map[string]bool{}
	for _, n := range []string{
		"String", "Error", "Unwrap", "Is", "Read", "Write", "Close", "Len", "Less", "Swap", "Push", "Pop", "MarshalJSON", "MarshalText", "MarshalYAML",
		"UnmarshalYAML", "Next", "Seal", "Open",
	} {
		names[n] = true
	}
	for _, p := range packages {
		for _, s := range p.files {
			ast.Inspect(s.file, func(n ast.Node) bool {
				if i, ok := n.(*ast.InterfaceType); ok {
					for _, m := range i.Methods.List {
						for _, id := range m.Names {
							names[id.Name] = true
						}
					}
				}
				return true
			})
		}
	}
	return names
}

// vocabularies are enumerations of which every word must be said in the package
// that declares it.
var vocabularies = []string{"ikev2.Fact", "ikev2.Reason", "ikev2.State", "ikev2.Input"}

// TestEveryWordIsSaid: no fact, reason, state or input is only declared.
func TestEveryWordIsSaid(t *testing.T) {
	for _, p := range checked(t) {
		said := map[types.Object]bool{}
		for _, o := range p.Uses {
			said[o] = true
		}
		for _, name := range p.Scope().Names() {
			c, ok := p.Scope().Lookup(name).(*types.Const)
			if !ok {
				continue
			}
			n, ok := c.Type().(*types.Named)
			if ok && slices.Contains(vocabularies, p.name+"."+n.Obj().Name()) {
				require.True(t, said[c], "%s.%s is never said", p.name, name)
			}
		}
	}
}
