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

// vlanRows are those of subinterfaces.
var vlanRows = []editor.Row[iosconfig.Interface]{{
	NoEffect: true, Syntax: "encapsulation dot1Q / <vlan:1-4094> [native]",
	Help: "Set encapsulation type for an interface|IEEE 802.1Q Virtual LAN|IEEE 802.1Q VLAN ID|Make this as native vlan",
	Set: func(e *iface, a syntax.Args) error {
		e.It.VLAN, e.It.Native = a.Int("vlan"), a.Has("native")
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error {
		e.It.VLAN, e.It.Native = 0, false
		e.It.Address, e.It.Secondary = iosconfig.Interface{}.Address, nil // it has none without
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
