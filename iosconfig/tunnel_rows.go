package iosconfig

import (
	"net/netip"

	"ikelab/iosconfig/syntax"
)

const defaultTunnelMode = "gre ip"

var tunnelMode = newMode("config-if", "Interface configuration commands:", interfaceRows, tunnelRows, keptInterfaceRows, keptTunnelRows)

var tunnelRows = []syntax.Command[edit]{
	{
		Syntax: "tunnel source / {<address:ip>|<interface:interface>}",
		Help:   "Protocol-over-protocol tunneling|Source of tunnel packets|IP address|Interface name",
		Set: func(e *edit, a syntax.Args) error {
			if err := e.checkPhysical(a, "interface"); a.Given("interface") && err != nil {
				return err
			}
			e.iface.Tunnel.Source, e.iface.Tunnel.SourceInterface = a.Addr("address"), a.Word("interface")
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			e.iface.Tunnel.Source, e.iface.Tunnel.SourceInterface = netip.Addr{}, ""
			return nil
		},
		Show: func(e *edit) []string {
			if e.iface.Tunnel.SourceInterface != "" {
				return []string{"tunnel source " + e.iface.Tunnel.SourceInterface}
			}
			return address("tunnel source", e.iface.Tunnel.Source)
		},
	},
	{
		Syntax: "tunnel mode / {gre ip|ipsec ipv4}",
		Help:   "|Tunnel encapsulation method|Generic route encapsulation protocol|Over IP|IPSec tunnel encapsulation|Over IPv4",
		Set: func(e *edit, a syntax.Args) error {
			e.iface.Tunnel.Mode = defaultTunnelMode
			if a.Has("ipsec") {
				e.iface.Tunnel.Mode = "ipsec ipv4"
			}
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { e.iface.Tunnel.Mode = defaultTunnelMode; return nil },
		Show: func(e *edit) []string {
			return when(e.iface.Tunnel.Mode != defaultTunnelMode, "tunnel mode "+e.iface.Tunnel.Mode)
		},
	},
	{
		Syntax: "tunnel destination / <address:ip>",
		Help:   "|Destination of tunnel|IP address",
		Set:    func(e *edit, a syntax.Args) error { e.iface.Tunnel.Destination = a.Addr("address"); return nil },
		Clear:  func(e *edit, _ syntax.Args) error { e.iface.Tunnel.Destination = netip.Addr{}; return nil },
		Show:   func(e *edit) []string { return address("tunnel destination", e.iface.Tunnel.Destination) },
	},
	numberRow("tunnel ttl", "1-255", "|Set time to live|Time to live", func(e *edit) *int { return &e.iface.Tunnel.TTL }),
	noEffect(switchRow("tunnel path-mtu-discovery", "|Enable Path MTU Discovery on tunnel",
		func(e *edit) *bool { return &e.iface.Tunnel.PathMTU })),
	wordRow("tunnel protection ipsec profile", "word",
		"|Enable tunnel protection|Use ipsec to protect this tunnel interface|Select the profile|IPSec profile name",
		func(e *edit) *string { return &e.iface.Tunnel.Protection }),
}

// address is a line of running-config for an address that may be unset.
func address(command string, a netip.Addr) []string {
	return when(a.IsValid(), command+" "+a.String())
}

var keptTunnelRows = []syntax.Command[edit]{
	kept("tunnel key / <key:0-4294967295>", "|Security or selector key|Key"),
	kept("tunnel checksum", "|Enable end to end checksumming of packets"),
	kept("tunnel tos / <tos:0-255>", "|Set type of service byte|Tos byte"),
	kept("tunnel bandwidth {receive|transmit} / <rate:1-10000000>", "|Set tunnel bandwidth|Receive bandwidth|Transmit bandwidth|Bandwidth in kilobits"),
}
