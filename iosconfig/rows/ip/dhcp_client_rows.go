package ip

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// dhcpClientRow is `ip address dhcp`: the interface asks for its address.
var dhcpClientRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip address dhcp / [{client-id <client:interface>|hostname <host:word>}...]",
	Help:   "||IP Address negotiated via DHCP|Specify client-id to use|Interface whose MAC address is used|Specify value for hostname option|Value for hostname option",
	Set: func(e *iface, a syntax.Args) error {
		if e.It.Subinterface() && e.It.VLAN == 0 {
			return syntax.Refuse("%s", noVLAN)
		}
		if err := e.CheckPhysical(a, "client"); err != nil {
			return err
		}
		e.It.DHCP = iosconfig.DHCPClient{On: true, ClientID: a.Word("client"), Hostname: a.Word("host")}
		e.It.Address, e.It.Secondary, e.It.Unnumbered, e.It.Negotiated = netip.Prefix{}, nil, "", false
		forgetFamilies(e.It, leases)
		if name := e.It.Name(); e.It.Type == iosconfig.Loopback || e.It.Type == iosconfig.Tunnel {
			e.Note("% "+name+": nobody answers DHCP there, so it will have no address", func(c *iosconfig.Config) bool {
				i := c.Interface(name)
				return i != nil && i.DHCP.On
			})
		}
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error { e.It.DHCP = iosconfig.DHCPClient{}; return nil },
	Show: func(e *iface) []string {
		return editor.When(e.It.DHCP.On, e.It.DHCP.String())
	},
}

// helperRow is `ip helper-address`: what clients of the link ask is passed on.
var helperRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip helper-address / <to:ip>",
	Help:   "|Specify a destination address for UDP broadcasts|IP destination address",
	Set: func(e *iface, a syntax.Args) error {
		if to := a.Addr("to"); !slices.Contains(e.It.Helpers, to) {
			e.It.Helpers = append(slices.Clone(e.It.Helpers), to)
		}
		return nil
	},
	Clear: func(e *iface, a syntax.Args) error {
		if !a.Given("to") {
			e.It.Helpers = nil
			return nil
		}
		e.It.Helpers = editor.Without(e.It.Helpers, []netip.Addr{a.Addr("to")})
		return nil
	},
	Show: func(e *iface) (lines []string) {
		for _, to := range e.It.Helpers {
			lines = append(lines, editor.Address("ip helper-address", to)...)
		}
		return lines
	},
}
