package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// lending is `ip unnumbered INTERFACE` and its like of IPv6: the interface has no address of the
// family, and what it sends has the other one's.
type lending struct {
	family, help string
	of           func(i *iosconfig.Interface) *string // whose address it uses
	take         func(i *iosconfig.Interface, name string)
}

var (
	four = lending{
		family: "ip", help: "|Enable IP processing without an explicit address|Interface whose address is used",
		of: func(i *iosconfig.Interface) *string { return &i.Unnumbered },
		take: func(i *iosconfig.Interface, name string) {
			i.Addressing = iosconfig.Addressing{VRF: i.VRF, Unnumbered: name, Helpers: i.Helpers}
			forgetFamilies(i, leases)
		},
	}
	six = lending{
		family: "ipv6", help: "|Preferred interface for source address selection|Interface whose address is used",
		of:   func(i *iosconfig.Interface) *string { return &i.IPv6.Unnumbered },
		take: func(i *iosconfig.Interface, name string) { i.IPv6.Unnumbered = name },
	}
	unnumberedRow, sixUnnumberedRow = lendingRow(four), lendingRow(six)
)

func lendingRow(l lending) editor.Row[iosconfig.Interface] {
	return editor.Row[iosconfig.Interface]{
		Syntax: l.family + " unnumbered / <interface:interface>",
		Help:   l.help,
		Set: func(e *iface, a syntax.Args) error {
			if e.It.Type != iosconfig.Tunnel && !onLine(e.It) {
				return syntax.Refuse("Point-to-point (non-multi-access) interfaces only")
			}
			if err := e.CheckPhysical(a, "interface"); err != nil {
				return err
			}
			name, of := a.Word("interface"), e.It.Name()
			switch {
			case name == of || l.numberless(e.Config, name):
				return syntax.Refuse("%s", cannotUse(name))
			case !e.File && iosconfig.TypeOf(name).Logical() && e.Config.Interface(name) == nil:
				return a.Invalid("interface")
			}
			l.take(e.It, name)
			e.Note("% "+of+": interface "+name+" does not exist", func(c *iosconfig.Config) bool {
				return l.uses(c, of, name) && iosconfig.TypeOf(name).Logical() && c.Interface(name) == nil
			})
			e.Note("% "+of+": interface "+name+" is in another VRF and lends no address here", func(c *iosconfig.Config) bool {
				lender := c.Interface(name)
				return l.uses(c, of, name) && lender != nil && lender.VRF != c.Interface(of).VRF
			})
			e.Note(cannotUse(name), func(c *iosconfig.Config) bool { return l.uses(c, of, name) && l.numberless(c, name) })
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { *l.of(e.It) = ""; return nil },
		Show:  func(e *iface) []string { return editor.Word(l.family+" unnumbered", *l.of(e.It)) },
	}
}

func cannotUse(name string) string { return "Cannot use an unnumbered interface: " + name }

// numberless says whether an interface has no address of its own to lend.
func (l lending) numberless(c *iosconfig.Config, name string) bool {
	i := c.Interface(name)
	return i != nil && *l.of(i) != ""
}

func (l lending) uses(c *iosconfig.Config, name, lender string) bool {
	i := c.Interface(name)
	return i != nil && *l.of(i) == lender
}

// returnAddress has nobody use the addresses of an interface that goes.
func returnAddress(e *global, name string) {
	for user := range iosconfig.Users(e.It, iosconfig.KindInterface.Named(name), iosconfig.KindInterface) {
		next := *e.It.Interface(user)
		for _, l := range []lending{four, six} {
			if *l.of(&next) == name {
				*l.of(&next) = ""
			}
		}
		e.It.Interfaces.Put(user, &next)
		e.Changed(iosconfig.KindInterface, user)
	}
}
