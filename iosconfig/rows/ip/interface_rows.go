package ip

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var interfaceSection = editor.Section[iosconfig.Config, iosconfig.Interface]{
	Syntax: "interface <name:interface> [{type tunnel|link={point-to-point|multipoint}}]",
	Help:   "Select an interface to configure|Interface name|Type of a Virtual-Template|Tunnel|Treat as a point-to-point link|Treat as a multipoint link",
	Mode:   interfaceMode,
	ModeOf: modeOf,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Interface] { return &c.Interfaces },
	NameOf: (*iosconfig.Interface).Name,
	Head: func(i *iosconfig.Interface) string {
		if i.TunnelTemplate {
			return "interface " + i.Name() + " type tunnel"
		}
		return strings.TrimSpace("interface " + i.Name() + " " + i.Link)
	},
	Make: func(e *global, i *iosconfig.Interface, a syntax.Args) error {
		if err := e.CheckPhysical(a, "name"); err != nil {
			return err
		}
		if i.Type == iosconfig.VirtualAccess {
			return syntax.Refuse("%% %s is cloned from a Virtual-Template and cannot be configured", i.Name())
		}
		name := i.Name()
		if a.Has("type") {
			if i.Type != iosconfig.VirtualTemplate {
				return a.Invalid("type")
			}
			i.TunnelTemplate = true
		}
		if a.Given("link") {
			if !i.Subinterface() || !onLine(i) {
				return a.Invalid("link")
			}
			i.Link = a.Word("link")
		}
		for _, text := range carriesNothing(i) {
			e.Note(text, func(c *iosconfig.Config) bool { return c.Interface(name) != nil })
		}
		return nil
	},
	Keep: func(e *global, name string) error {
		if !iosconfig.TypeOf(name).Logical() && !strings.Contains(name, ".") {
			return syntax.Refuse("%% Removal of physical interfaces is not permitted.")
		}
		returnAddress(e, name)
		if e.Config.Interface(name) != nil {
			e.Say("% Not all config may be removed and may reappear after reactivating the logical-interface/sub-interfaces")
		}
		return nil
	},
}

// sectionRow is the section with its `default` form: an interface without
// settings.
func sectionRow() editor.Row[iosconfig.Config] {
	row := interfaceSection.Row()
	row.Default = func(e *global, a syntax.Args) error {
		name := a.Word("name")
		if e.Config.Interface(name) == nil {
			return a.Invalid("name")
		}
		e.It.Interfaces.Put(name, iosconfig.NewInterface(name))
		e.Changed(iosconfig.KindInterface, name)
		e.Say("Interface " + name + " set to default configuration")
		return nil
	}
	return row
}

// carriesNothing tells who configures an interface that it is only kept yet.
func carriesNothing(i *iosconfig.Interface) []string {
	if i.TunnelTemplate {
		return nil
	}
	switch {
	case i.Type.Wired(), i.Type == iosconfig.Loopback, i.Type == iosconfig.Tunnel, i.Type == iosconfig.Null:
		return nil
	}
	return []string{"% " + i.Name() + ": accepted, but " + string(i.Type) + " interfaces carry no packets here"}
}

// An interface's mode depends on its type: a tunnel has more commands.
var (
	sizesRows     = editor.SizesRows("Encryption/Decryption commands|Set IPsec parameters|", "", "", func(o *iosconfig.Interface) *iosconfig.Sizes { return &o.Crypto })
	interfaceMode = editor.NewMode(modeNamed("config-if"), describedRows, linkRows, vrfInterfaceRows, vrfTexts, interfaceRows, standbyRows, leaseTexts, sizesRows, portTexts, ethernetTexts, sixRows, otherSix, anyInterfaceTexts)
	tunnelMode    = editor.NewMode(modeNamed("config-if"), describedRows, vrfInterfaceRows, vrfTexts, interfaceRows, negotiatedRows, endRows, keyRows, tunnelRows, modeTexts, greRows, sizesRows, portTexts, sixRows, otherSix, anyInterfaceTexts, tunnelTexts)
	loopMode      = editor.NewMode(modeNamed("config-if"), describedRows, linkRows, vrfInterfaceRows, vrfTexts, interfaceRows, leaseTexts, sizesRows, portTexts, sixRows, otherSix, anyInterfaceTexts) // nobody is there to share an address with
	subMode       = editor.NewMode(modeNamed("config-subif"), describedRows, vlanRows, vrfInterfaceRows, vrfTexts, interfaceRows, standbyRows, leaseTexts, sizesRows, sixRows, otherSix, anyInterfaceTexts)
	lineMode      = editor.NewMode(modeNamed("config-if"), describedRows, lineTexts, linkRows, vrfInterfaceRows, vrfTexts, interfaceRows, standbyRows, leaseTexts, sizesRows, portTexts, ethernetTexts, sixRows, otherSix, anyInterfaceTexts)
	subLineMode   = editor.NewMode(modeNamed("config-subif"), describedRows, lineTexts, linkRows, vrfInterfaceRows, vrfTexts, interfaceRows, standbyRows, leaseTexts, sizesRows, portTexts, sixRows, otherSix, anyInterfaceTexts)
	nullMode      = editor.NewMode(modeNamed("config-if"), nullRows)
)

func modeOf(i *iosconfig.Interface) *editor.Mode[iosconfig.Interface] {
	switch {
	case i.Type == iosconfig.Tunnel, i.TunnelTemplate, i.Type == iosconfig.VirtualAccess:
		return tunnelMode
	case i.Type == iosconfig.Null:
		return nullMode
	case i.Type == iosconfig.Loopback:
		return loopMode
	case onLine(i) && i.Subinterface():
		return subLineMode
	case onLine(i):
		return lineMode
	case i.Subinterface():
		return subMode
	}
	return interfaceMode
}

func modeNamed(name string) editor.Mode[iosconfig.Interface] {
	return editor.Mode[iosconfig.Interface]{
		Name: name, Title: "Interface configuration commands:", Kind: iosconfig.KindInterface,
		New:  func(_ iosconfig.Generation, name string) *iosconfig.Interface { return iosconfig.NewInterface(name) },
		Get:  func(c *iosconfig.Config, path []string) *iosconfig.Interface { return c.Interface(path[0]) },
		Put:  func(c *iosconfig.Config, path []string, i *iosconfig.Interface) { c.Interfaces.Put(path[0], i) },
		Kept: func(i *iosconfig.Interface) *[]string { return &i.Kept },
	}
}

// nullRows are all that IOS lets one say of Null0, which drops and has no
// address.
var nullRows = []editor.Row[iosconfig.Interface]{
	editor.KeptOn[iosconfig.Interface]("ip unreachables", "Interface Internet Protocol config commands|Enable sending ICMP Unreachable messages"),
}

var describedRows = []editor.Row[iosconfig.Interface]{
	editor.WordRow("description", "line", "Interface specific description|Up to 240 characters describing this interface",
		func(o *iosconfig.Interface) *string { return &o.Description }),
	editor.NumberRow("bandwidth", "1-200000000", "Set bandwidth informational parameter|Bandwidth in kilobits",
		func(o *iosconfig.Interface) *int { return &o.Bandwidth }),
}

var interfaceRows = []editor.Row[iosconfig.Interface]{
	{
		Syntax: "ip address / <address:ip> <mask:mask> [secondary]",
		Help:   "Interface Internet Protocol config commands|Set the IP address of an interface|IP address|IP subnet mask|Make this IP address a secondary address",
		Set:    setAddress,
		Clear:  clearAddress,
		Show:   showAddress,
	},
	dhcpClientRow,
	unnumberedRow,
	helperRow,
	{
		Syntax: "ip mtu / <octets:68-18000>",
		Help:   "|Set IP Maximum Transmission Unit|MTU (bytes)",
		Set: func(e *iface, a syntax.Args) error {
			most := linkMTU(e.Config, e.It)
			if a.Int("octets") > most {
				return a.Invalid("octets")
			}
			if e.It.MTU = a.Int("octets"); e.It.Type != iosconfig.Tunnel {
				e.It.MTU = editor.Unless(e.It.MTU, most)
			}
			return nil
		},
		Clear: func(e *iface, _ syntax.Args) error { e.It.MTU = 0; return nil },
		Show:  func(e *iface) []string { return editor.Number("ip mtu", e.It.MTU) },
		Usual: func(e *iface) []string {
			most := linkMTU(e.Config, e.It)
			return editor.When(e.It.Type.Physical() && most >= leastMTU, fmt.Sprint("ip mtu ", most))
		},
	},
	natSideRow,
	accessGroupRow,
	cryptoMapRow,
	editor.NumberRow("ip tcp adjust-mss", "500-1460", "|TCP interface commands|Adjust the mss of transit packets|Maximum segment size in bytes",
		func(o *iosconfig.Interface) *int { return &o.AdjustMSS }),
	editor.NumberRow("delay", "1-16777215", "Specify interface throughput delay|Throughput delay (tens of microseconds)",
		func(o *iosconfig.Interface) *int { return &o.Delay }),
	editor.SwitchRow("shutdown", "Shutdown the selected interface", func(o *iosconfig.Interface) *bool { return &o.Shutdown }),
}

const leastMTU = 68 // of IP (RFC 791 3.2)

func broadcastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	n := binary.BigEndian.Uint32(b[:]) | uint32(uint64(1)<<(32-p.Bits())-1)
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// hostError says why an interface cannot have an address.
func hostError(t iosconfig.InterfaceType, p netip.Prefix) error {
	a := p.Addr()
	if first := a.As4()[0]; first == 0 || first == 127 || first >= 224 {
		return syntax.Refuse("Not a valid host address - %v", a)
	}
	if edge(p, a) || p.Bits() == 0 || p.Bits() == 32 && !t.Logical() {
		return syntax.Refuse("Bad mask /%d for address %v", p.Bits(), a)
	}
	return nil
}

func setAddress(e *iface, a syntax.Args) error {
	p, err := editor.NetArgs(a, "address", "mask")
	if err == nil {
		err = hostError(e.It.Type, p)
	}
	if err == nil && untold(e.It) {
		err = syntax.Refuse("%s", noVLAN)
	}
	if err == nil {
		err = disabledIn(e, "ipv4")
	}
	if err == nil {
		if other := e.Overlap(e.It.Name(), e.It.VRF, p); other != "" {
			err = syntax.Refuse("%% %v overlaps with %s", p.Masked().Addr(), other)
		}
	}
	if err == nil {
		err = sharedError(e, p)
	}
	secondary := a.Has("secondary")
	if err == nil && secondary && e.It.Address.Addr() == p.Addr() {
		err = syntax.Refuse("Secondary can't be same as primary")
	}
	if err != nil {
		return err
	}
	var others []netip.Prefix
	for _, s := range e.It.Secondary {
		if s.Addr() != p.Addr() {
			others = append(others, s)
		}
	}
	if secondary {
		others = append(others, p)
	} else {
		e.It.Address, e.It.Unnumbered, e.It.DHCP, e.It.Negotiated = p, "", iosconfig.DHCPClient{}, false
		forgetFamilies(e.It, leases)
	}
	e.It.Secondary = others
	return nil
}

func clearAddress(e *iface, a syntax.Args) error {
	forgetFamilies(e.It, leases)
	if !a.Given("address") {
		e.It.Address, e.It.Secondary, e.It.DHCP, e.It.Negotiated = netip.Prefix{}, nil, iosconfig.DHCPClient{}, false
		return nil
	}
	p, err := editor.NetArgs(a, "address", "mask")
	switch {
	case err != nil:
		return err
	case a.Has("secondary"):
		e.It.Secondary = editor.Without(e.It.Secondary, []netip.Prefix{p})
	case p != e.It.Address:
		return syntax.Refuse("Invalid address")
	case len(e.It.Secondary) > 0:
		return syntax.Refuse("Must delete secondary before deleting primary")
	default:
		e.It.Address = netip.Prefix{}
	}
	return nil
}

func showAddress(e *iface) []string {
	var lines []string
	for _, s := range e.It.Secondary {
		lines = append(lines, fmt.Sprintf("ip address %v %s secondary", s.Addr(), iosconfig.MaskOf(s)))
	}
	switch p := e.It.Address; {
	case p.IsValid():
		lines = append(lines, fmt.Sprintf("ip address %v %s", p.Addr(), iosconfig.MaskOf(p)))
	case len(lines) == 0 && e.It.Unnumbered == "" && !leased(e.It):
		lines = []string{"no ip address"}
	}
	return lines
}
