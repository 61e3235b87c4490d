package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// negotiatedRow is `ip address negotiated`: the peer of a tunnel gives it its address, in
// a configuration payload.
var negotiatedRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip address negotiated",
	Help:   "||IP Address negotiated over PPP or IKEv2",
	Set: func(e *iface, _ syntax.Args) error {
		e.It.Addressing = iosconfig.Addressing{VRF: e.It.VRF, Negotiated: true, Helpers: e.It.Helpers}
		forgetFamilies(e.It, leases)
		name := e.It.Name()
		e.Note("% "+name+": without tunnel protection nobody gives it an address", func(c *iosconfig.Config) bool {
			i := c.Interface(name)
			return i != nil && i.Negotiated && i.Tunnel.Protection == ""
		})
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error { e.It.Negotiated = false; return nil },
	Show:  func(e *iface) []string { return editor.When(e.It.Negotiated, "ip address negotiated") },
}
