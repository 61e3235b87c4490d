package ip

import (
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// noVLAN refuses an address on a subinterface that is not told which VLAN it
// is, as IOS does.
const noVLAN = "\n% Configuring IP routing on a LAN subinterface is only allowed if that\n" +
	"subinterface is already configured as part of an IEEE 802.10, IEEE 802.1Q,\nor ISL vLAN.\n"

// untold says whether nobody has told an interface which VLAN it is.
func untold(i *iosconfig.Interface) bool { return i.Subinterface() && !onLine(i) && i.VLAN == 0 }

// duplicateVLAN is what IOS says of a VLAN that another subinterface has.
const duplicateVLAN = "%%Configuration of multiple subinterfaces of the same main\ninterface with the same VID (%d) is not permitted.\nThis VID is already configured on %s.\n"

// sameVLAN is the name of another subinterface of the same interface with a VLAN; "":
// there is none.
func sameVLAN(c *iosconfig.Config, i *iosconfig.Interface, vlan int) string {
	for o := range c.Interfaces.Siblings(i) {
		if o.VLAN == vlan && o.Number != i.Number {
			return o.Name()
		}
	}
	return ""
}

// vlanRows are those of subinterfaces.
var vlanRows = []editor.Row[iosconfig.Interface]{{
	Syntax: "encapsulation dot1Q / <vlan:1-4094> [native]",
	Help:   "Set encapsulation type for an interface|IEEE 802.1Q Virtual LAN|IEEE 802.1Q VLAN ID|Make this as native vlan",
	Set: func(e *iface, a syntax.Args) error {
		if other := sameVLAN(e.Config, e.It, a.Int("vlan")); other != "" {
			return syntax.Refuse(duplicateVLAN, a.Int("vlan"), other)
		}
		e.It.VLAN, e.It.Native = a.Int("vlan"), a.Has("native")
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error {
		e.It.VLAN, e.It.Native = 0, false
		e.It.Addressing = iosconfig.Addressing{VRF: e.It.VRF, Helpers: e.It.Helpers} // it has no address without
		return nil
	},
	Show: func(e *iface) []string {
		line := "encapsulation dot1Q " + strconv.Itoa(e.It.VLAN)
		if e.It.Native {
			line += " native"
		}
		return editor.When(e.It.VLAN != 0, line)
	},
}}
