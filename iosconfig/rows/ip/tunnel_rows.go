package ip

import (
	"net/netip"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var tunnelRows = []editor.Row[iosconfig.Interface]{
	{
		Syntax: "tunnel source / {<address:ip>|<interface:interface>}",
		Help:   "Protocol-over-protocol tunneling|Source of tunnel packets|IP address|Interface name",
		Set: func(e *iface, a syntax.Args) error {
			if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
				return err
			}
			e.It.Tunnel.Source, e.It.Tunnel.SourceInterface = a.Addr("address"), a.Word("interface")
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error {
			e.It.Tunnel.Source, e.It.Tunnel.SourceInterface = netip.Addr{}, ""
			return nil
		},
		Show: func(e *iface) []string {
			if e.It.Tunnel.SourceInterface != "" {
				return []string{"tunnel source " + e.It.Tunnel.SourceInterface}
			}
			return editor.Address("tunnel source", e.It.Tunnel.Source)
		},
	},
	{
		Syntax: "tunnel mode / {gre ip|ipsec ipv4}",
		Help:   "|Tunnel encapsulation method|Generic route encapsulation protocol|Over IP|IPSec tunnel encapsulation|Over IPv4",
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.Mode = iosconfig.TunnelGRE
			if a.Has("ipsec") {
				e.It.Tunnel.Mode = iosconfig.TunnelIPsec
			}
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.Mode = iosconfig.TunnelGRE; return nil },
		Show: func(e *iface) []string {
			return editor.When(e.It.Tunnel.Mode != iosconfig.TunnelGRE, "tunnel mode "+e.It.Tunnel.Mode)
		},
	},
	{
		Syntax: "tunnel destination / <address:ip>",
		Help:   "|Destination of tunnel|IP address",
		Set:    func(e *iface, a syntax.Args) error { e.It.Tunnel.Destination = a.Addr("address"); return nil },
		Clear:  func(e *iface, _ syntax.Args) error { e.It.Tunnel.Destination = netip.Addr{}; return nil },
		Show:   func(e *iface) []string { return editor.Address("tunnel destination", e.It.Tunnel.Destination) },
	},
	editor.NumberRow("tunnel ttl", "1-255", "|Set time to live|Time to live", func(o *iosconfig.Interface) *int { return &o.Tunnel.TTL }),
	editor.NoEffect(editor.SwitchRow("tunnel path-mtu-discovery", "|Enable Path MTU Discovery on tunnel",
		func(o *iosconfig.Interface) *bool { return &o.Tunnel.PathMTU })),
	editor.WordRow("tunnel protection ipsec profile", "word",
		"|Enable tunnel protection|Use ipsec to protect this tunnel interface|Select the profile|IPSec profile name",
		func(o *iosconfig.Interface) *string { return &o.Tunnel.Protection }),
}

var keptTunnelRows = []editor.Row[iosconfig.Interface]{
	editor.Kept[iosconfig.Interface]("tunnel key / <key:0-4294967295>", "|Security or selector key|Key"),
	editor.Kept[iosconfig.Interface]("tunnel checksum", "|Enable end to end checksumming of packets"),
	editor.Kept[iosconfig.Interface]("tunnel tos / <tos:0-255>", "|Set type of service byte|Tos byte"),
	editor.Kept[iosconfig.Interface]("tunnel bandwidth {receive|transmit} / <rate:1-10000000>", "|Set tunnel bandwidth|Receive bandwidth|Transmit bandwidth|Bandwidth in kilobits"),
}
