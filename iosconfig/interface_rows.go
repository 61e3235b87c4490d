package iosconfig

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig/syntax"
)

// Interface returns the interface with the full name, or nil.
func (c *Config) Interface(name string) *Interface {
	return find(c.Interfaces, name, (*Interface).Name)
}

// AddInterface returns the interface with the full name, made at its place
// when there is none; nil when that is no interface name.
func (c *Config) AddInterface(name string) *Interface {
	t, number, ok := syntax.Interface(name)
	if !ok {
		return nil
	}
	i := &Interface{Type: InterfaceType(t), Number: number}
	if i.Type == Tunnel {
		i.Tunnel.Mode = defaultTunnelMode
	}
	at, found := slices.BinarySearchFunc(c.Interfaces, i, compareInterfaces)
	if found {
		return c.Interfaces[at]
	}
	c.Interfaces = slices.Insert(c.Interfaces, at, i)
	return i
}

// compareInterfaces is running-config's order: by type, then by number.
func compareInterfaces(a, b *Interface) int {
	if d := cmp.Compare(a.Type.order(), b.Type.order()); d != 0 {
		return d
	}
	as, bs := strings.Split(a.Number, "/"), strings.Split(b.Number, "/")
	return slices.CompareFunc(as, bs, func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)) // numbers without leading zeros
	})
}

func (t InterfaceType) order() int { return slices.Index(syntax.InterfaceTypes(), string(t)) }

var interfaceSectionRow = syntax.Command[edit]{
	Syntax: "interface <name:interface>",
	Help:   "Select an interface to configure|Interface name",
	Set: func(e *edit, a syntax.Args) error {
		if err := e.checkPhysical(a, "name"); err != nil {
			return err
		}
		e.changed = e.Interface(a.Word("name")) == nil
		i := e.AddInterface(a.Word("name"))
		e.enter(modeOf(i), target{iface: i})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		i := e.Interface(a.Word("name"))
		if !typeOf(a.Word("name")).Logical() {
			return syntax.Refuse("%% Removal of physical interfaces is not permitted.")
		}
		if i != nil {
			e.Interfaces = remove(e.Interfaces, i.Name(), (*Interface).Name)
			e.say("% Not all config may be removed and may reappear after reactivating the logical-interface/sub-interfaces")
		}
		return nil
	},
	Default: func(e *edit, a syntax.Args) error {
		i := e.Interface(a.Word("name"))
		if i == nil {
			return a.Invalid("name")
		}
		fresh := Config{}
		*i = *fresh.AddInterface(i.Name())
		e.say("Interface " + i.Name() + " set to default configuration")
		return nil
	},
	Show: func(e *edit) []string {
		var lines []string
		for _, i := range e.Interfaces {
			lines = append(lines, e.sectionLines("interface "+i.Name(), modeOf(i), target{iface: i})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

func modeOf(i *Interface) *mode {
	if i.Type == Tunnel {
		return tunnelMode
	}
	return interfaceMode
}

// typeOf is the type of an interface with that name.
func typeOf(name string) InterfaceType {
	t, _, _ := syntax.Interface(name)
	return InterfaceType(t)
}

// checkPhysical refuses the name of a physical interface that the device does
// not have.
func (e *edit) checkPhysical(a syntax.Args, arg string) error {
	if !typeOf(a.Word(arg)).Logical() && e.exists != nil && !e.exists(a.Word(arg)) {
		return a.Invalid(arg)
	}
	return nil
}

var interfaceMode = newMode("config-if", "Interface configuration commands:", interfaceRows, keptInterfaceRows)

var interfaceRows = []syntax.Command[edit]{
	wordRow("description", "line", "Interface specific description|Up to 240 characters describing this interface",
		func(e *edit) *string { return &e.iface.Description }),
	numberRow("bandwidth", "1-10000000", "Set bandwidth informational parameter|Bandwidth in kilobits",
		func(e *edit) *int { return &e.iface.Bandwidth }),
	{
		Syntax: "ip address / <address:ip> <mask:mask> [secondary]",
		Help:   "Interface Internet Protocol config commands|Set the IP address of an interface|IP address|IP subnet mask|Make this IP address a secondary address",
		Set:    setAddress,
		Clear:  clearAddress,
		Show:   showAddress,
	},
	{
		Syntax: "ip mtu / <octets:68-1500>",
		Help:   "|Set IP Maximum Transmission Unit|MTU (bytes)",
		Set: func(e *edit, a syntax.Args) error {
			e.iface.MTU = a.Int("octets")
			if e.iface.MTU == 1500 && e.iface.Type != Tunnel {
				e.iface.MTU = 0
			}
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { e.iface.MTU = 0; return nil },
		Show:  func(e *edit) []string { return number("ip mtu", e.iface.MTU) },
	},
	noEffect(numberRow("ip tcp adjust-mss", "500-1460", "|TCP interface commands|Adjust the mss of transit packets|Maximum segment size in bytes",
		func(e *edit) *int { return &e.iface.AdjustMSS })),
	numberRow("delay", "1-16777215", "Specify interface throughput delay|Throughput delay (tens of microseconds)",
		func(e *edit) *int { return &e.iface.Delay }),
	switchRow("shutdown", "Shutdown the selected interface", func(e *edit) *bool { return &e.iface.Shutdown }),
}

// parseNet combines an address with its mask; false when the mask has holes.
func parseNet(address, mask netip.Addr) (netip.Prefix, bool) {
	ones := binary.BigEndian.Uint32(mask.AsSlice())
	bits := 0
	for ones&(1<<31) != 0 {
		ones <<= 1
		bits++
	}
	return netip.PrefixFrom(address, bits), ones == 0
}

// netArgs reads an address and its mask, refusing a mask with holes.
func netArgs(a syntax.Args, address, mask string) (netip.Prefix, error) {
	p, ok := parseNet(a.Addr(address), a.Addr(mask))
	if !ok {
		m := a.Addr(mask).As4()
		return p, syntax.Refuse("Bad mask 0x%X for address %v", binary.BigEndian.Uint32(m[:]), p.Addr())
	}
	return p, nil
}

// maskOf returns the mask in dotted decimals.
func maskOf(p netip.Prefix) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(^uint64(0)<<(32-p.Bits())))
	return netip.AddrFrom4(b).String()
}

func broadcastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	n := binary.BigEndian.Uint32(b[:]) | uint32(uint64(1)<<(32-p.Bits())-1)
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// hostError says why an interface cannot have an address.
func hostError(t InterfaceType, p netip.Prefix) error {
	a := p.Addr()
	if first := a.As4()[0]; first == 0 || first == 127 || first >= 224 {
		return syntax.Refuse("Not a valid host address - %v", a)
	}
	edge := p.Bits() < 31 && (a == p.Masked().Addr() || a == broadcastOf(p))
	if edge || p.Bits() == 0 || p.Bits() == 32 && !t.Logical() {
		return syntax.Refuse("Bad mask /%d for address %v", p.Bits(), a)
	}
	return nil
}

func setAddress(e *edit, a syntax.Args) error {
	p, err := netArgs(a, "address", "mask")
	if err == nil {
		err = hostError(e.iface.Type, p)
	}
	if err == nil {
		err = e.overlap(p)
	}
	secondary := a.Has("secondary")
	if err == nil && secondary && e.iface.Address.Addr() == p.Addr() {
		err = syntax.Refuse("Secondary can't be same as primary")
	}
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(e.iface.Secondary), func(s netip.Prefix) bool { return s.Addr() == p.Addr() })
	if secondary {
		others = append(others, p)
	} else {
		e.iface.Address = p
	}
	e.iface.Secondary = nilIfEmpty(others)
	return nil
}

// overlap refuses a network that another interface is in already.
func (e *edit) overlap(p netip.Prefix) error {
	for _, i := range e.Interfaces {
		if i == e.iface {
			continue
		}
		for _, q := range append(i.Secondary[:len(i.Secondary):len(i.Secondary)], i.Address) {
			if q.IsValid() && q.Overlaps(p) {
				return syntax.Refuse("%% %v overlaps with %s", p.Masked().Addr(), i.Name())
			}
		}
	}
	return nil
}

func clearAddress(e *edit, a syntax.Args) error {
	if !a.Given("address") {
		e.iface.Address, e.iface.Secondary = netip.Prefix{}, nil
		return nil
	}
	p, err := netArgs(a, "address", "mask")
	switch {
	case err != nil:
		return err
	case a.Has("secondary"):
		e.iface.Secondary = without(e.iface.Secondary, []netip.Prefix{p})
	case p != e.iface.Address:
		return syntax.Refuse("Invalid address")
	case len(e.iface.Secondary) > 0:
		return syntax.Refuse("Must delete secondary before deleting primary")
	default:
		e.iface.Address = netip.Prefix{}
	}
	return nil
}

func showAddress(e *edit) []string {
	var lines []string
	for _, s := range e.iface.Secondary {
		lines = append(lines, fmt.Sprintf("ip address %v %s secondary", s.Addr(), maskOf(s)))
	}
	switch p := e.iface.Address; {
	case p.IsValid():
		lines = append(lines, fmt.Sprintf("ip address %v %s", p.Addr(), maskOf(p)))
	case len(lines) == 0:
		lines = []string{"no ip address"}
	}
	return lines
}

var keptInterfaceRows = []syntax.Command[edit]{
	kept("duplex / {auto|full|half}", "Configure duplex operation|Enable AUTO duplex configuration|Force full duplex operation|Force half-duplex operation"),
	kept("speed / {auto|10|100|1000}", "Configure speed operation|Enable AUTO speed configuration|Force 10 Mbps operation|Force 100 Mbps operation|Force 1000 Mbps operation"),
	kept("media-type / {auto-select|rj45|sfp}", "Interface media type|Use whichever is connected|Use RJ45 connector|Use SFP connector"),
	keptOn("negotiation auto", "Select Autonegotiation mode|Perform link autonegotiation"),
	kept("load-interval / <seconds:30-600>", "Specify interval for load calculation for an interface|Load interval delay in seconds"),
	keptOn("ip redirects", "|Enable sending ICMP Redirect messages"),
	keptOn("ip unreachables", "|Enable sending ICMP Unreachable messages"),
	keptOn("ip proxy-arp", "|Enable proxy ARP"),
	keptOn("ip route-cache", "|Enable fast-switching cache for outgoing packets"),
	kept("ip virtual-reassembly / [in]", "|Virtual Reassembly|Reassembly of ingress packets"),
	keptOn("cdp enable", "CDP interface subcommands|Enable CDP on interface"),
	keptOn("mop enabled", "DEC MOP server commands|Enable MOP for interface"),
}
