package ip

import (
	"cmp"
	"fmt"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// linkRows are those of ports.
var linkRows = []editor.Row[iosconfig.Interface]{{
	Syntax: "mtu / <octets:64-18000>", Help: "Set the interface Maximum Transmission Unit (MTU)|MTU size in bytes",
	Set: func(e *iface, a syntax.Args) error {
		if e.It.Type == iosconfig.Loopback {
			return syntax.Refuse("%% Interface %s does not support user settable mtu.", e.It.Name())
		}
		setLinkMTU(e, editor.Unless(a.Int("octets"), iosconfig.EthernetMTU))
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error { setLinkMTU(e, 0); return nil },
	Show:  func(e *iface) []string { return editor.Number("mtu", e.It.LinkMTU) },
	Usual: func(e *iface) []string {
		return editor.When(e.It.Type.Physical(), fmt.Sprint("mtu ", iosconfig.EthernetMTU))
	},
}}

// setLinkMTU has packets of IP follow, those of subinterfaces too.
func setLinkMTU(e *iface, n int) {
	e.It.LinkMTU = n
	if most := cmp.Or(n, iosconfig.EthernetMTU); e.It.MTU >= most {
		e.It.MTU = 0
	}
	e.Changed(iosconfig.KindInterface, e.It.Name())
	for i := range e.Config.Interfaces.All() {
		if strings.HasPrefix(i.Name(), e.It.Name()+".") {
			e.Changed(iosconfig.KindInterface, i.Name())
		}
	}
}

// linkMTU is that of an interface, or of whose part it is.
func linkMTU(c *iosconfig.Config, i *iosconfig.Interface) int {
	return cmp.Or(i.LinkMTU, c.LinkMTUOf(i), iosconfig.EthernetMTU)
}
