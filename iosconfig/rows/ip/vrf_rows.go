package ip

import (
	"iter"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

type vrf = editor.At[iosconfig.VRF]

// vrfRows define the VRFs, which stand at the head of running-config.
var vrfRows = []editor.Row[iosconfig.Config]{
	vrfSection(false, "vrf definition", "VRF commands|VRF definition|Name of the VRF").Row(),
	vrfSection(true, "ip vrf", "Global IP configuration subcommands|Configure an IP VPN Routing/Forwarding instance|Name of the VRF").Row(),
}

// vrfForm are the VRFs that one of the two commands has defined.
type vrfForm struct {
	*iosconfig.List[iosconfig.VRF]
	old bool
}

func (f vrfForm) All() iter.Seq[*iosconfig.VRF] {
	return func(yield func(*iosconfig.VRF) bool) {
		for v := range f.List.All() {
			if v.Old == f.old && !yield(v) {
				return
			}
		}
	}
}

func vrfSection(old bool, command, help string) editor.Section[iosconfig.Config, iosconfig.VRF] {
	return editor.Section[iosconfig.Config, iosconfig.VRF]{
		Syntax: command + " <name:word>", Help: help,
		Mode: vrfMode,
		ModeOf: func(v *iosconfig.VRF) *editor.Mode[iosconfig.VRF] {
			if v.Old {
				return oldVRFMode
			}
			return vrfMode
		},
		In:     func(c *iosconfig.Config) editor.Table[iosconfig.VRF] { return vrfForm{&c.VRFs, old} },
		NameOf: func(v *iosconfig.VRF) string { return v.Name },
		Head:   func(v *iosconfig.VRF) string { return command + " " + v.Name },
		Make: func(e *global, v *iosconfig.VRF, a syntax.Args) error {
			if before := e.Config.VRFs.Get(a.Word("name")); before != nil && before.Old != old {
				return syntax.Refuse("%% VRF %s is defined by `%s`", v.Name, definedBy(before))
			}
			v.Old = old
			return nil
		},
		Keep: func(e *global, name string) error {
			v := e.Config.VRFs.Get(name)
			switch {
			case v == nil:
				return syntax.Refuse("%% VRF %s does not exist", name)
			case v.Old != old:
				return syntax.Refuse("%% VRF %s is defined by `%s`", name, definedBy(v))
			}
			forgetVRF(e, v)
			return nil
		},
	}
}

func definedBy(v *iosconfig.VRF) string {
	if v.Old {
		return "ip vrf"
	}
	return "vrf definition"
}

// forgetVRF takes a VRF that goes from its interfaces, with their addresses, and takes
// its routes away.
func forgetVRF(e *global, v *iosconfig.VRF) {
	families := "IPv4 and IPv6"
	if v.Old {
		families = "IPv4"
	}
	e.Say("% " + families + " addresses from all interfaces in VRF " + v.Name + " have been removed")
	for _, i := range iosconfig.InVRF(e.Config, v.Name) {
		next := *i
		forgetAddresses(&next, "ipv4")
		forgetAddresses(&next, "ipv6")
		next.VRF = ""
		e.It.Interfaces.Put(i.Name(), &next)
		e.Changed(iosconfig.KindInterface, i.Name())
	}
	for r := range e.Config.Routes.In(v.Name) {
		e.It.Routes.Remove(r)
		e.Changed(iosconfig.KindRoute, r.Object())
	}
}

// forgetAddresses takes the addresses of a family from an interface, and says whether
// there were any.
func forgetAddresses(i *iosconfig.Interface, family string) bool {
	if family == "ipv6" {
		had := i.IPv6.On()
		i.IPv6 = iosconfig.IPv6{RA: i.IPv6.RA}
		forgetFamilies(i, givenSix)
		return had
	}
	had := i.Address.IsValid() || len(i.Secondary) > 0 || i.Unnumbered != "" || i.DHCP.On
	i.Address, i.Secondary, i.Unnumbered, i.DHCP = netip.Prefix{}, nil, "", iosconfig.DHCPClient{}
	forgetFamilies(i, leases)
	for _, g := range slices.Clone(i.Standby.Groups) { // what it shares may be another interface's there
		if len(g.Addresses()) == 0 {
			continue
		}
		had = true
		g.On, g.Address, g.Secondary = false, netip.Addr{}, nil
		i.Standby.Set(g)
	}
	return had
}

func vrfTitled(name string) editor.Mode[iosconfig.VRF] {
	return editor.Mode[iosconfig.VRF]{
		Name: name, Title: "IP VPN Routing/Forwarding instance configuration commands:", Kind: iosconfig.KindVRF,
		New: func(_ iosconfig.Generation, name string) *iosconfig.VRF { return &iosconfig.VRF{Name: name} },
		Get: func(c *iosconfig.Config, path []string) *iosconfig.VRF { return c.VRFs.Get(path[0]) },
		Put: func(c *iosconfig.Config, path []string, v *iosconfig.VRF) { c.VRFs.Put(v.Name, v) },
	}
}

var (
	vrfMode       = editor.NewMode(vrfTitled("config-vrf"), vrfDescribed, vrfTextRows(), familyRows)
	oldVRFMode    = editor.NewMode(vrfTitled("config-vrf"), vrfDescribed, vrfTextRows())
	vrfFamilyMode = editor.NewMode(editor.Mode[iosconfig.VRFFamily]{
		Name: "config-vrf-af", Title: "IP VPN Routing/Forwarding instance address family configuration commands:", Kind: iosconfig.KindVRFFamily,
		New: func(_ iosconfig.Generation, name string) *iosconfig.VRFFamily {
			return &iosconfig.VRFFamily{Name: name}
		},
		Get: getFamily, Put: putFamily,
	}, editor.TextRows(func(f *iosconfig.VRFFamily) *iosconfig.Texts { return &f.Texts }, vrfFamilies...), []editor.Row[iosconfig.VRFFamily]{{
		Syntax: "exit-address-family", Help: "Exit from VRF address-family configuration mode",
		Set: func(e *editor.At[iosconfig.VRFFamily], _ syntax.Args) error { e.Leave(); return nil },
	}})
)

var vrfDescribed = []editor.Row[iosconfig.VRF]{
	editor.WordRow("description", "line", "VRF specific description|Up to 244 characters describing this VRF", func(v *iosconfig.VRF) *string { return &v.Description }),
	editor.WordRow("rd", "word", "Specify Route Distinguisher|VPN Route Distinguisher", func(v *iosconfig.VRF) *string { return &v.RD }),
}

// vrfFamilies are what routing protocols would do with a VRF.
var vrfFamilies = []editor.Family{
	{Words: "route-target", Help: "Specify Target VPN Extended Communities", Rest: "needed", Says: saysNothing("no routes go from one VRF to another by themselves here, so it is")},
	{Words: "import", Help: "VRF import", Rest: "needed", Says: saysNothing("no routes go from one VRF to another by themselves here, so it is")},
	{Words: "export", Help: "VRF export", Rest: "needed", Says: saysNothing("no routes go from one VRF to another by themselves here, so it is")},
	{Words: "maximum", Help: "Set a limit", Rest: "needed", Says: saysNothing("it is")},
	{Words: "bgp", Help: "Commands pertaining to BGP", Rest: "needed"},
	{Words: "mdt", Help: "Backbone Multicast Distribution Tree", Rest: "needed"},
	{Words: "vnet", Help: "Virtual NETworking configuration", Rest: "needed"},
	{Words: "vpn", Help: "Configure VPN ID", Rest: "needed"},
}

func vrfTextRows() []editor.Row[iosconfig.VRF] {
	return editor.TextRows(func(v *iosconfig.VRF) *iosconfig.Texts { return &v.Texts }, vrfFamilies...)
}

func getFamily(c *iosconfig.Config, path []string) *iosconfig.VRFFamily {
	if v := c.VRFs.Get(path[0]); v != nil {
		return v.Families.Get(path[1])
	}
	return nil
}

func putFamily(c *iosconfig.Config, path []string, f *iosconfig.VRFFamily) {
	next := iosconfig.VRF{Name: path[0]}
	if v := c.VRFs.Get(path[0]); v != nil {
		next = *v
	}
	next.Families.Put(f.Name, f)
	c.VRFs.Put(next.Name, &next)
}

// familyRows are the address families of a VRF, without which its interfaces have no
// addresses of theirs.
var familyRows = []editor.Row[iosconfig.VRF]{{
	Syntax: "address-family {ipv4|ipv6} [unicast]",
	Help:   "Enter Address Family command mode|Address family|Address family|Address Family modifier",
	Set: func(e *vrf, a syntax.Args) error {
		name := familyArg(a)
		if e.It.Families.Get(name) == nil {
			e.It.Families.Put(name, &iosconfig.VRFFamily{Name: name})
		}
		editor.Enter(e.Line, vrfFamilyMode, append(slices.Clone(e.Path), name))
		return nil
	},
	Clear: func(e *vrf, a syntax.Args) error {
		name := familyArg(a)
		e.It.Families.Remove(name)
		e.Say("% " + familyName(name) + " addresses from all interfaces in VRF " + e.It.Name + " have been removed")
		for _, i := range iosconfig.InVRF(e.Config, e.It.Name) {
			next := *i
			forgetAddresses(&next, name)
			e.Config.Interfaces.Put(i.Name(), &next)
			e.Changed(iosconfig.KindInterface, i.Name())
		}
		e.Changed(iosconfig.KindVRF, e.It.Name)
		return nil
	},
	Show: func(e *vrf) (lines []string) {
		for f := range e.It.Families.All() {
			lines = append(lines, "!")
			lines = append(lines, vrfFamilyMode.Indented("address-family "+f.Name, e.Line, f, append(slices.Clone(e.Path), f.Name))...)
			lines = append(lines, "exit-address-family")
		}
		return lines
	},
}}

func familyName(family string) string { return "IP" + family[2:] }

func familyArg(a syntax.Args) string {
	if a.Has("ipv6") {
		return "ipv6"
	}
	return "ipv4"
}

// vrfInterfaceRows put an interface into a VRF.
var vrfInterfaceRows = []editor.Row[iosconfig.Interface]{
	forwardingRow(false, "vrf forwarding", "VPN Routing/Forwarding parameters on the interface|Configure forwarding table|VRF name"),
	forwardingRow(true, "ip vrf forwarding", "Interface Internet Protocol config commands|VPN Routing/Forwarding parameters on the interface|Configure forwarding table|VRF name"),
}

// noSuchVRF refuses what a VRF has to be there for.
const noSuchVRF = "%% VRF %s not configured."

func forwardingRow(old bool, command, help string) editor.Row[iosconfig.Interface] {
	return editor.Row[iosconfig.Interface]{
		Syntax: command + " / <name:word>", Help: help,
		Set: func(e *iface, a syntax.Args) error {
			name := a.Word("name")
			v := e.Config.VRFs.Get(name)
			switch {
			case v == nil:
				return syntax.Refuse(noSuchVRF, name)
			case v.Old != old:
				return syntax.Refuse("%% Use '%s' command for VRF '%s'", forwardingOf(v), name)
			}
			moveTo(e, name, "enabling VRF "+name)
			return nil
		},
		Clear: func(e *iface, a syntax.Args) error {
			if name := e.It.VRF; name != "" && (!a.Given("name") || a.Word("name") == name) {
				moveTo(e, "", "disabling VRF "+name)
			}
			return nil
		},
		Show: func(e *iface) []string {
			v := e.Config.VRFs.Get(e.It.VRF)
			return editor.When(v != nil && v.Old == old, command+" "+e.It.VRF)
		},
	}
}

func forwardingOf(v *iosconfig.VRF) string {
	if v.Old {
		return "ip vrf forwarding"
	}
	return "vrf forwarding"
}

// moveTo puts an interface into a VRF, which takes its addresses away.
func moveTo(e *iface, name, why string) {
	if e.It.VRF == name {
		return
	}
	e.It.VRF = name
	for _, family := range []string{"ipv4", "ipv6"} {
		if forgetAddresses(e.It, family) {
			e.Say("% Interface " + e.It.Name() + " " + familyName(family) + " disabled and address(es) removed due to " + why)
		}
	}
}

// disabledIn says why an interface cannot have addresses of a family: its VRF has none.
func disabledIn(e *iface, family string) error {
	if v := e.Config.VRFs.Get(e.It.VRF); v != nil && !v.Has(family) {
		return syntax.Refuse("%% %s is linked to a VRF. Enable %s on that VRF first.", e.It.Name(), familyName(family))
	}
	return nil
}
