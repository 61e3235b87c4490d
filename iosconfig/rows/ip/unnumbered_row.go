package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// unnumberedRow is `ip unnumbered INTERFACE`: the interface has no address, and what
// it sends has the other one's.
var unnumberedRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip unnumbered / <interface:interface>",
	Help:   "|Enable IP processing without an explicit address|Interface whose address is used",
	Set: func(e *iface, a syntax.Args) error {
		if e.It.Type != iosconfig.Tunnel && !onLine(e.It) {
			return syntax.Refuse("Point-to-point (non-multi-access) interfaces only")
		}
		if err := e.CheckPhysical(a, "interface"); err != nil {
			return err
		}
		name, of := a.Word("interface"), e.It.Name()
		switch {
		case name == of || numberless(e.Config, name):
			return syntax.Refuse("%s", cannotUse(name))
		case !e.File && iosconfig.TypeOf(name).Logical() && e.Config.Interface(name) == nil:
			return a.Invalid("interface")
		}
		e.It.Addressing = iosconfig.Addressing{VRF: e.It.VRF, Unnumbered: name, Helpers: e.It.Helpers}
		forgetFamilies(e.It, leases)
		e.Note("% "+of+": interface "+name+" does not exist", func(c *iosconfig.Config) bool {
			return uses(c, of, name) && iosconfig.TypeOf(name).Logical() && c.Interface(name) == nil
		})
		e.Note("% "+of+": interface "+name+" is in another VRF and lends no address here", func(c *iosconfig.Config) bool {
			lender := c.Interface(name)
			return uses(c, of, name) && lender != nil && lender.VRF != c.Interface(of).VRF
		})
		e.Note(cannotUse(name), func(c *iosconfig.Config) bool { return uses(c, of, name) && numberless(c, name) })
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error { e.It.Unnumbered = ""; return nil },
	Show:  func(e *iface) []string { return editor.Word("ip unnumbered", e.It.Unnumbered) },
}

func cannotUse(name string) string { return "Cannot use an unnumbered interface: " + name }

// numberless says whether an interface has no address of its own to lend.
func numberless(c *iosconfig.Config, name string) bool {
	i := c.Interface(name)
	return i != nil && i.Unnumbered != ""
}

func uses(c *iosconfig.Config, name, lender string) bool {
	i := c.Interface(name)
	return i != nil && i.Unnumbered == lender
}

// returnAddress has nobody use the address of an interface that goes.
func returnAddress(e *global, name string) {
	for i := range e.It.Interfaces.All() {
		if i.Unnumbered == name {
			next := *i
			next.Unnumbered = ""
			e.It.Interfaces.Put(i.Name(), &next)
			e.Changed(iosconfig.KindInterface, i.Name())
		}
	}
}
