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
			noteGRE(e)
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
			noteGRE(e)
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
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.Destination = a.Addr("address")
			noteGRE(e)
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.Destination = netip.Addr{}; return nil },
		Show:  func(e *iface) []string { return editor.Address("tunnel destination", e.It.Tunnel.Destination) },
	},
	editor.NumberRow("tunnel ttl", "1-255", "|Set time to live|Time to live", func(o *iosconfig.Interface) *int { return &o.Tunnel.TTL }),
	editor.NoEffect(editor.SwitchRow("tunnel path-mtu-discovery", "|Enable Path MTU Discovery on tunnel",
		func(o *iosconfig.Interface) *bool { return &o.Tunnel.PathMTU })),
	protectionRow(),
}

// protectionRow takes a name that means nothing, as IOS does, and tells.
func protectionRow() editor.Row[iosconfig.Interface] {
	row := editor.WordRow("tunnel protection ipsec profile", "word",
		"|Enable tunnel protection|Use ipsec to protect this tunnel interface|Select the profile|IPSec profile name",
		func(o *iosconfig.Interface) *string { return &o.Tunnel.Protection })
	set := row.Set
	row.Set = func(e *iface, a syntax.Args) error {
		noteProtection(e, a.Word("text"))
		noteGRE(e)
		return set(e, a)
	}
	return row
}

func noteProtection(e *iface, name string) {
	tunnel := e.Path[0]
	e.Note("% IPsec profile "+name+" does not exist", func(c *iosconfig.Config) bool {
		i := c.Interface(tunnel)
		return i != nil && i.Tunnel.Protection == name && c.IPsecProfile(name) == nil
	})
}

// noteGRE tells who has given a tunnel both its ends and left it in the
// default mode, which is not there yet.
func noteGRE(e *iface) {
	tunnel := e.Path[0]
	e.Note("% "+tunnel+": accepted, but tunnels of mode gre ip carry no packets here and stay down", func(c *iosconfig.Config) bool {
		i := c.Interface(tunnel)
		if i == nil || i.Tunnel.Mode != iosconfig.TunnelGRE || !i.Tunnel.Destination.IsValid() {
			return false
		}
		return i.Tunnel.Source.IsValid() || i.Tunnel.SourceInterface != ""
	})
}

var keptTunnelRows = []editor.Row[iosconfig.Interface]{
	editor.Warns(editor.Kept[iosconfig.Interface]("tunnel key / <key:0-4294967295>", "|Security or selector key|Key"), nil),
	editor.Kept[iosconfig.Interface]("tunnel checksum", "|Enable end to end checksumming of packets"),
	editor.Kept[iosconfig.Interface]("tunnel tos / <tos:0-255>", "|Set type of service byte|Tos byte"),
	editor.Kept[iosconfig.Interface]("tunnel bandwidth {receive|transmit} / <rate:1-10000000>", "|Set tunnel bandwidth|Receive bandwidth|Transmit bandwidth|Bandwidth in kilobits"),
}
