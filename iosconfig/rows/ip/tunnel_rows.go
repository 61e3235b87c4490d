package ip

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var endRows = []editor.Row[iosconfig.Interface]{
	editor.Refers(editor.Row[iosconfig.Interface]{
		Syntax: "tunnel source / {<address:ip>|<address:ip6>|<interface:interface>}",
		Help:   "Protocol-over-protocol tunneling|Source of tunnel packets|IP address|IPv6 address|Interface name",
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
	}, editor.AnInterface("source")),
	{
		Syntax: "tunnel mode / {gre ip|ipip|ipsec ipv4 [v6-overlay]|ipsec ipv6 [v4-overlay]|ipsec dual-overlay}",
		Help: "|Tunnel encapsulation method|Generic route encapsulation protocol|Over IP|IP over IP encapsulation|IPSec tunnel encapsulation|Over IPv4|IPv6 overlay|" +
			"IPSec tunnel encapsulation|Over IPv6|IPv4 overlay|IPSec tunnel encapsulation|Both IPv4 and IPv6 overlay",
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.Mode = iosconfig.TunnelGRE
			forgetFamilies(e.It, otherModes)
			switch {
			case a.Has("ipsec"):
				e.It.Tunnel.Mode = ipsecMode(a)
			case a.Has("ipip"):
				e.It.Tunnel.Mode = iosconfig.TunnelIPIP
			}
			noteContrary(e)
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error {
			forgetFamilies(e.It, otherModes)
			e.It.Tunnel.Mode = iosconfig.TunnelGRE
			return nil
		},
		Show: func(e *iface) []string {
			return editor.When(e.It.Tunnel.Mode != iosconfig.TunnelGRE, "tunnel mode "+e.It.Tunnel.Mode)
		},
		Usual: func(e *iface) []string {
			other := slices.ContainsFunc(otherModes, func(mode string) bool { return len(e.It.Texts.Lines(mode)) > 0 })
			return editor.When(!other, "tunnel mode "+iosconfig.TunnelGRE)
		},
	},
	{
		Syntax: "tunnel destination / {<address:ip>|<address:ip6>|dynamic|<host:word>}",
		Help:   "|Destination of tunnel|IP address|IPv6 address|A FlexVPN client says it|Host name",
		Set: func(e *iface, a syntax.Args) (err error) {
			if e.It.Tunnel.Dynamic = a.Has("dynamic"); e.It.Tunnel.Dynamic {
				e.It.Tunnel.Destination = netip.Addr{}
				return nil
			}
			e.It.Tunnel.Destination, err = editor.HostArg(e.Line, a, "address", "host")
			noteContrary(e)
			return err
		},
		Clear: func(e *iface, _ syntax.Args) error {
			e.It.Tunnel.Destination, e.It.Tunnel.Dynamic = netip.Addr{}, false
			return nil
		},
		Show: func(e *iface) []string {
			return append(editor.When(e.It.Tunnel.Dynamic, "tunnel destination dynamic"), editor.Address("tunnel destination", e.It.Tunnel.Destination)...)
		},
	},
}

// noteContrary tells that mode and destination are of two families.
func noteContrary(e *iface) {
	if !e.It.Tunnel.Contrary() {
		return
	}
	family, mode, to, name := "IPv4", e.It.Tunnel.Mode, e.It.Tunnel.Destination, e.Path[0]
	if to.Is6() {
		family = "IPv6"
	}
	e.Note(fmt.Sprintf("%% tunnel mode %s: accepted, but tunnel destination %v is an address of %s: %s leads nowhere", mode, to, family, name), func(c *iosconfig.Config) bool {
		i := c.Interface(name)
		return i != nil && i.Tunnel.Mode == mode && i.Tunnel.Destination == to
	})
}

// tunnelRows stand behind the ends and what GRE has, as in running-config.
var tunnelRows = []editor.Row[iosconfig.Interface]{
	editor.Refers(editor.WordRow("tunnel vrf", "word", "|VRF tunnel membership|VRF name", func(o *iosconfig.Interface) *string { return &o.Tunnel.VRF }), editor.VRF("vrf")),
	editor.NumberRow("tunnel ttl", "1-255", "|Set time to live|Time to live", func(o *iosconfig.Interface) *int { return &o.Tunnel.TTL }),
	{
		Syntax: "tunnel path-mtu-discovery / [age-timer {<age:10-30>|infinite}] [min-mtu <least:92-65535>]",
		Help:   "|Enable Path MTU Discovery on tunnel|Set PMTUD aging timer|Aging time in minutes (default 10)|Never age PMTUD|Set minimum path MTU|Minimum path MTU (default 92)",
		Set: func(e *iface, a syntax.Args) error {
			p := iosconfig.PathMTU{On: true, Age: uint8(cmp.Or(a.Int("age"), iosconfig.DefaultPathAge)), Least: uint16(cmp.Or(a.Int("least"), iosconfig.DefaultPathLeast))}
			if a.Has("infinite") {
				p.Age = 0
			}
			e.It.Tunnel.PathMTU = p
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.PathMTU = iosconfig.PathMTU{}; return nil },
		Show:  func(e *iface) []string { return editor.When(e.It.Tunnel.PathMTU.On, pathMTULine(e.It.Tunnel.PathMTU)) },
	},
	protectionRow(),
}

// ipsecMode is the mode of a tunnel that is ESP itself.
func ipsecMode(a syntax.Args) string {
	mode := "ipsec"
	for _, word := range []string{"ipv4", "v6-overlay", "ipv6", "v4-overlay", "dual-overlay"} {
		if a.Has(word) {
			mode += " " + word
		}
	}
	return mode
}

// pathMTULine says nothing of what is by default.
func pathMTULine(p iosconfig.PathMTU) string {
	line := "tunnel path-mtu-discovery"
	switch p.Age {
	case iosconfig.DefaultPathAge:
	case 0:
		line += " age-timer infinite"
	default:
		line += fmt.Sprintf(" age-timer %d", p.Age)
	}
	if p.Least != iosconfig.DefaultPathLeast {
		line += fmt.Sprintf(" min-mtu %d", p.Least)
	}
	return line
}

// protectionRow takes a name that means nothing, as IOS does, and tells.
func protectionRow() editor.Row[iosconfig.Interface] {
	return editor.Row[iosconfig.Interface]{
		Syntax: "tunnel protection ipsec profile / <name:word> [shared]",
		Help:   "|Enable tunnel protection|Use ipsec to protect this tunnel interface|Select the profile|IPSec profile name|Share crypto sockets of the tunnel source",
		Set: func(e *iface, a syntax.Args) error {
			noteProtection(e, a.Word("name"))
			e.It.Tunnel.Protection, e.It.Tunnel.Shared = a.Word("name"), a.Has("shared")
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error {
			e.It.Tunnel.Protection, e.It.Tunnel.Shared = "", false
			return nil
		},
		Show: func(e *iface) []string {
			name := e.It.Tunnel.Protection
			if e.It.Tunnel.Shared {
				name += " shared"
			}
			return editor.Word("tunnel protection ipsec profile", name)
		},
	}
}

func noteProtection(e *iface, name string) {
	tunnel := e.Path[0]
	e.Note("% IPsec profile "+name+" does not exist", func(c *iosconfig.Config) bool {
		i := c.Interface(tunnel)
		return i != nil && i.Tunnel.Protection == name && c.IPsecProfile(name) == nil
	})
}

// keyRows are what marks the packets of GRE: IOS takes them in any mode.
var keyRows = []editor.Row[iosconfig.Interface]{
	{
		Syntax: "tunnel key / <key:0-4294967295>",
		Help:   "|Security or selector key|Key",
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.Keyed, e.It.Tunnel.Key = true, uint32(a.Int64("key"))
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.Keyed, e.It.Tunnel.Key = false, 0; return nil },
		Show: func(e *iface) []string {
			return editor.When(e.It.Tunnel.Keyed, fmt.Sprintf("tunnel key %d", e.It.Tunnel.Key))
		},
	},
	editor.SwitchRow("tunnel checksum", "|Enable end to end checksumming of packets", func(o *iosconfig.Interface) *bool { return &o.Tunnel.Checksum }),
}

// greRows are what else GRE has, in any mode too.
var greRows = []editor.Row[iosconfig.Interface]{
	{
		Syntax: "tunnel tos / <tos:0-255>",
		Help:   "|Set type of service byte|Tos byte",
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.TOSGiven, e.It.Tunnel.TOS = true, uint8(a.Int("tos"))
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.TOSGiven, e.It.Tunnel.TOS = false, 0; return nil },
		Show: func(e *iface) []string {
			return editor.When(e.It.Tunnel.TOSGiven, fmt.Sprintf("tunnel tos %d", e.It.Tunnel.TOS))
		},
	},
	{
		Syntax: "keepalive / [<seconds:1-32767> [<retries:1-255>]]",
		Help:   "Enable keepalive|Keepalive period (default 10 seconds)|Keepalive retries",
		Set: func(e *iface, a syntax.Args) error {
			e.It.Tunnel.Keepalive, e.It.Tunnel.Retries = uint16(cmp.Or(a.Int("seconds"), keepaliveSeconds)), uint8(cmp.Or(a.Int("retries"), keepaliveRetries))
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.Tunnel.Keepalive, e.It.Tunnel.Retries = 0, 0; return nil },
		Show: func(e *iface) []string {
			t := &e.It.Tunnel
			return editor.When(t.Keepalive != 0, fmt.Sprintf("keepalive %d %d", t.Keepalive, t.Retries))
		},
	},
}

// What a bare keepalive means.
const (
	keepaliveSeconds = 10
	keepaliveRetries = 3
)
