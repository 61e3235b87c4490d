package ip

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// sixRows are IPv6 of an interface.
var sixRows = []editor.Row[iosconfig.Interface]{
	{
		Syntax: "ipv6 address / {<local:ip6> link-local|<prefix:prefix6> [eui-64]}",
		Help:   "IPv6 interface subcommands|Configure IPv6 address on interface|IPv6 link-local address|Use link-local address|IPv6 prefix|Use eui-64 interface identifier",
		Set:    setSix,
		Clear: func(e *iface, a syntax.Args) error {
			x := &e.It.IPv6
			switch {
			case a.Given("local"):
				x.LinkLocal = netip.Addr{}
			case a.Given("prefix"):
				p := a.Prefix("prefix")
				x.Addresses = editor.Without(x.Addresses, []iosconfig.SixAddress{{Prefix: p}, {Prefix: p, EUI64: true}})
			default:
				x.Addresses, x.LinkLocal, x.Auto, x.Default = nil, netip.Addr{}, false, false
				forgetFamilies(e.It, givenSix)
			}
			return nil
		},
		Show: func(e *iface) []string {
			var lines []string
			if a := e.It.IPv6.LinkLocal; a.IsValid() {
				lines = append(lines, "ipv6 address "+iosconfig.Upper(a)+" link-local")
			}
			for _, a := range e.It.IPv6.Addresses {
				lines = append(lines, a.String())
			}
			return lines
		},
	},
	{
		Syntax: "ipv6 address autoconfig / [default]", Help: "||Obtain address using autoconfiguration|Insert default route",
		Set: func(e *iface, a syntax.Args) error {
			if err := disabledIn(e, "ipv6"); err != nil {
				return err
			}
			if untold(e.It) {
				return syntax.Refuse("%s", noVLAN)
			}
			e.It.IPv6.Auto, e.It.IPv6.Default = true, a.Has("default")
			if name := e.It.Name(); !e.It.Type.Physical() {
				e.Note("% "+name+": no router advertises itself there, so it will have no address", func(c *iosconfig.Config) bool {
					i := c.Interface(name)
					return i != nil && i.IPv6.Auto
				})
			}
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.IPv6.Auto, e.It.IPv6.Default = false, false; return nil },
		Show: func(e *iface) []string {
			if e.It.IPv6.Default {
				return []string{"ipv6 address autoconfig default"}
			}
			return editor.When(e.It.IPv6.Auto, "ipv6 address autoconfig")
		},
	},
	sixUnnumberedRow,
	sixFilterRow,
	editor.SwitchRow("ipv6 enable", "|Enable IPv6 on interface", func(o *iosconfig.Interface) *bool { return &o.IPv6.Enabled }),
	{
		Syntax: "ipv6 nd ra suppress / [all]", Help: "|IPv6 interface Neighbor Discovery subcommands|Router Advertisement control|Suppress IPv6 Router Advertisements|Suppress all IPv6 RAs",
		Set: func(e *iface, a syntax.Args) error {
			e.It.IPv6.RA.Suppress = "suppress"
			if a.Has("all") {
				e.It.IPv6.RA.Suppress = "suppress all"
			}
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.IPv6.RA.Suppress = ""; return nil },
		Show: func(e *iface) []string {
			return editor.When(e.It.IPv6.RA.Suppress != "", "ipv6 nd ra "+e.It.IPv6.RA.Suppress)
		},
	},
	{
		Syntax: "ipv6 nd ra interval / <seconds:4-1800>", Help: "|||Set IPv6 Router Advertisement Interval|RA Interval (sec)",
		Set: func(e *iface, a syntax.Args) error {
			e.It.IPv6.RA.Interval = editor.Unless(a.Int("seconds"), iosconfig.RAInterval)
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.IPv6.RA.Interval = 0; return nil },
		Show:  func(e *iface) []string { return editor.Number("ipv6 nd ra interval", e.It.IPv6.RA.Interval) },
	},
	{
		Syntax: "ipv6 nd ra lifetime / <seconds:0-9000>", Help: "|||Set IPv6 Router Advertisement Lifetime|RA Lifetime (seconds)",
		Set: func(e *iface, a syntax.Args) error {
			n := a.Int("seconds")
			e.It.IPv6.RA.Lifetime, e.It.IPv6.RA.Never = editor.Unless(n, iosconfig.RALifetime), n == 0
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error {
			e.It.IPv6.RA.Lifetime, e.It.IPv6.RA.Never = 0, false
			return nil
		},
		Show: func(e *iface) []string {
			if e.It.IPv6.RA.Never {
				return []string{"ipv6 nd ra lifetime 0"}
			}
			return editor.Number("ipv6 nd ra lifetime", e.It.IPv6.RA.Lifetime)
		},
	},
}

func setSix(e *iface, a syntax.Args) error {
	x := &e.It.IPv6
	if err := disabledIn(e, "ipv6"); err != nil {
		return err
	}
	if untold(e.It) {
		return syntax.Refuse("%s", noVLAN)
	}
	if a.Given("local") {
		if !a.Addr("local").IsLinkLocalUnicast() {
			return syntax.Refuse("%%%s: Error: %s is invalid link-local address", e.It.Name(), iosconfig.Upper(a.Addr("local")))
		}
		x.LinkLocal = a.Addr("local")
		return nil
	}
	made := iosconfig.SixAddress{Prefix: a.Prefix("prefix"), EUI64: a.Has("eui-64")}
	addr := made.Prefix.Addr()
	switch {
	case made.EUI64 && made.Prefix.Bits() > interfaceBits:
		return syntax.Refuse("%%%s: Error: prefix length %d is too long for eui-64", e.It.Name(), made.Prefix.Bits())
	case addr.IsUnspecified(), addr.IsLoopback(), addr.IsMulticast(), addr.IsLinkLocalUnicast(), made.Prefix.Bits() == 0:
		return syntax.Refuse("%%%s: Error: %s is invalid address", e.It.Name(), iosconfig.Upper(made.Prefix))
	}
	if made.EUI64 {
		made.Prefix = made.Prefix.Masked()
	}
	if other := e.Overlap(e.It.Name(), e.It.VRF, made.Prefix); other != "" {
		return syntax.Refuse("%%%s: Error: %s is overlapping with %s", e.It.Name(), iosconfig.Upper(made.Prefix.Masked()), other)
	}
	if !slices.Contains(x.Addresses, made) {
		x.Addresses = append(slices.Clone(x.Addresses), made)
	}
	return nil
}

const interfaceBits = 64 // of an address that say which interface of a network

// otherSix are what is kept and has no effect: a way to an address, and crypto maps.
var (
	givenSix = []string{"ipv6 address dhcp"}
	otherSix = interfaceTexts(
		editor.Family{Words: givenSix[0], Help: "Obtain a ipv6 address using dhcp", Says: saysNothing("it is")},
		editor.Family{Words: "ipv6 crypto map", Help: "Encryption/Decryption commands|Assign a Crypto Map", Rest: "needed", Says: saysNothing("crypto maps protect no IPv6 here, so it is")},
	)
)

var (
	forwardRow = editor.SwitchRow("ipv6 unicast-routing", "Global IPv6 configuration commands|Enable unicast routing", func(o *iosconfig.Config) *bool { return &o.IPv6Routing })

	sixRouteRow    = sixStaticRow("ipv6 route", "|Configure static routes", "")
	sixVRFRouteRow = sixStaticRow("ipv6 route vrf <vrf:word>", "||IPv6 Routing table|VRF name", "[nexthop-vrf default] ")
)

// sixStaticRow is a static route of the global table, or of a VRF.
func sixStaticRow(command, help, elsewhere string) editor.Row[iosconfig.Config] {
	help += "|IPv6 prefix|IPv6 address of next-hop|Interface name|IPv6 address of next-hop"
	if elsewhere != "" {
		help += "|Next hop in another VRF|Next hop in the default table"
	}
	return editor.Row[iosconfig.Config]{
		Syntax: command + " <prefix:prefix6> / {<nexthop:ip6>|<interface:interface> [<nexthop:ip6>]} " + elsewhere + "[{<distance:1-254>|name <name:word>|permanent|tag <tag:1-4294967295>|track <track:1-1000>}...]",
		Help:   help + "|Administrative distance|Specify name of the next hop|Name of the next hop|Permanent route|Tag value|Tag value|Install route depending on tracked item|tracked object number",
		Set: func(e *global, a syntax.Args) error {
			r, err := sixRouteArgs(e, a)
			if err != nil {
				return err
			}
			e.It.Routes.Put(r)
			e.Changed(iosconfig.KindRoute, r.Object())
			noteTrack(e, r)
			noteNowhere(e, r)
			return nil
		},
		Clear: func(e *global, a syntax.Args) error {
			r, err := sixRouteArgs(e, a)
			if err != nil {
				return err
			}
			if a.Given("nexthop") || a.Given("interface") {
				e.It.Routes.Remove(r)
			} else {
				for x := range e.Config.Routes.To(r.VRF, r.Prefix) {
					e.It.Routes.Remove(x)
				}
			}
			e.Changed(iosconfig.KindRoute, r.Object())
			return nil
		},
		Show: func(e *global) []string {
			return routeLines(e, func(r iosconfig.Route) bool { return r.Prefix.Addr().Is6() && (r.VRF != "") == (elsewhere != "") })
		},
	}
}

// routeLines are some of the routes.
func routeLines(e *global, which func(iosconfig.Route) bool) []string {
	var lines []string
	for r := range e.It.Routes.All() {
		if which(r) {
			lines = append(lines, r.String())
		}
	}
	return lines
}

func sixRouteArgs(e *global, a syntax.Args) (iosconfig.Route, error) {
	hop, vrf := a.Addr("nexthop"), a.Word("vrf")
	switch {
	case vrf != "" && e.Config.VRFs.Get(vrf) == nil:
		return iosconfig.Route{}, syntax.Refuse(noSuchVRF, vrf)
	case a.Given("nexthop") && (hop.IsUnspecified() || hop.IsMulticast()):
		return iosconfig.Route{}, a.Invalid("nexthop")
	case hop.IsLinkLocalUnicast() && !a.Given("interface"):
		return iosconfig.Route{}, syntax.Refuse("%% Interface has to be specified for a link-local nexthop")
	}
	if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
		return iosconfig.Route{}, err
	}
	return iosconfig.Route{
		VRF: vrf, Global: a.Has("nexthop-vrf"), Prefix: a.Prefix("prefix").Masked(), Interface: a.Word("interface"), NextHop: hop,
		Distance: max(1, a.Int("distance")), Name: a.Word("name"), Permanent: a.Has("permanent"), Tag: a.Int("tag"), Track: a.Int("track"),
	}, nil
}
