package ip

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// natRows are `ip nat …` of global configuration.
var natRows = []editor.Row[iosconfig.Config]{natTimeoutRow, natPoolRow, natSourceRow, natStaticRow, natPortRow}

var natPoolRow = editor.Row[iosconfig.Config]{
	Syntax: "ip nat pool <name:word> / <first:ip> <last:ip> {netmask <mask:mask>|prefix-length <bits:1-32>}",
	Help:   "Global IP configuration subcommands|NAT configuration commands|Define pool of addresses|Pool name|Start IP address|End IP address|Specify the network mask|Network mask|Specify the prefix length|Prefix length",
	Set: func(e *global, a syntax.Args) error {
		p := iosconfig.NATPool{Name: a.Word("name"), First: a.Addr("first"), Last: a.Addr("last"), Bits: a.Int("bits"), Prefixed: a.Given("bits")}
		if a.Given("mask") {
			net, ok := iosconfig.ParseNet(p.First, a.Addr("mask"))
			if !ok {
				return a.Invalid("mask")
			}
			p.Bits = net.Bits()
		}
		switch net := netip.PrefixFrom(p.First, p.Bits); {
		case p.Last.Less(p.First):
			return syntax.Refuse("%%End address less than start address")
		case !net.Contains(p.Last):
			return syntax.Refuse("%%Pool %s mask %s too small; should be at least %s", p.Name, iosconfig.MaskOf(net), iosconfig.MaskOf(around(p.First, p.Last)))
		}
		e.It.NAT.Pools.Put(p.Name, &p)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		for s := range e.It.NAT.Sources.All() {
			if s.Pool == a.Word("name") && e.It.NAT.Pools.Get(s.Pool) != nil {
				return syntax.Refuse("%%Pool %s in use, cannot destroy", s.Pool)
			}
		}
		e.It.NAT.Pools.Remove(a.Word("name"))
		return nil
	},
	Show: func(e *global) (lines []string) {
		for p := range e.It.NAT.Pools.All() {
			text := "netmask " + iosconfig.MaskOf(netip.PrefixFrom(p.First, p.Bits))
			if p.Prefixed {
				text = "prefix-length " + strconv.Itoa(p.Bits)
			}
			lines = append(lines, fmt.Sprintf("ip nat pool %s %v %v %s", p.Name, p.First, p.Last, text))
		}
		return lines
	},
}

// around is the smallest network that has two addresses.
func around(a, b netip.Addr) netip.Prefix {
	bits := 32
	for !netip.PrefixFrom(a, bits).Contains(b) {
		bits--
	}
	return netip.PrefixFrom(a, bits)
}

var natSourceRow = editor.Row[iosconfig.Config]{
	Syntax: "ip nat inside source {list <list:word>|route-map <map:word>} / {interface <interface:interface>|pool <pool:word>} [overload]",
	Help:   "||Inside address translation|Source address translation|Specify access list describing local addresses|Access list for local addresses|Specify route-map|Route-map name|Specify interface for global address|Interface name|Name pool of global addresses|Pool name|Overload an address translation",
	Set: func(e *global, a syntax.Args) error {
		if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
			return err
		}
		s := iosconfig.NATSource{List: a.Word("list"), RouteMap: a.Word("map"), Interface: a.Word("interface"), Pool: a.Word("pool")}
		s.Overload = a.Has("overload") || s.Interface != "" // IOS adds it
		e.It.NAT.Sources.Put(s.Key(), &s)
		natNotes(e, s)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		s := iosconfig.NATSource{List: a.Word("list"), RouteMap: a.Word("map")}
		if e.It.NAT.Sources.Get(s.Key()) == nil {
			return syntax.Refuse("%%Dynamic mapping not found")
		}
		e.It.NAT.Sources.Remove(s.Key())
		return nil
	},
	Show: func(e *global) (lines []string) {
		for s := range e.It.NAT.Sources.All() {
			lines = append(lines, "ip nat inside source "+s.String())
		}
		return lines
	},
}

// natNotes tells of names that mean nothing.
func natNotes(e *global, s iosconfig.NATSource) {
	stands := func(c *iosconfig.Config) bool {
		now := c.NAT.Sources.Get(s.Key())
		return now != nil && *now == s
	}
	if s.List != "" {
		e.Note("% Access list "+s.List+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && c.Access.Get(s.List) == nil })
	}
	if s.RouteMap != "" {
		e.Note("% Route map "+s.RouteMap+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && !c.HasRouteMap(s.RouteMap) })
	}
	if s.Pool != "" {
		e.Note(noPool(s.Pool), func(c *iosconfig.Config) bool { return stands(c) && c.NAT.Pools.Get(s.Pool) == nil })
	}
}

func noPool(name string) string { return "%Pool " + name + " not found" }

var natStaticRow = editor.Row[iosconfig.Config]{
	Syntax: "ip nat inside source static <local:ip> {<global:ip>|interface <interface:interface>} [{extendable|route-map <map:word>}...]",
	Help:   "||||Specify static local->global mapping|Inside local IP address|Inside global IP address|Specify interface for global address|Interface name|Extend this translation when used|Specify route-map|Route-map name",
	Set:    setStatic, Clear: clearStatic, Show: showStatics,
}

var natPortRow = editor.Row[iosconfig.Config]{
	Syntax: "ip nat inside source static protocol={tcp|udp} <local:ip> <localport:1-65535> {<global:ip>|interface <interface:interface>} <globalport:1-65535> [{extendable|route-map <map:word>}...]",
	Help:   "|||||Transmission Control Protocol|User Datagram Protocol|Inside local IP address|Local UDP/TCP port|Inside global IP address|Specify interface for global address|Interface name|Global UDP/TCP port|Extend this translation when used|Specify route-map|Route-map name",
	Set:    setStatic, Clear: clearStatic,
}

func staticArgs(e *global, a syntax.Args) (iosconfig.NATStatic, error) {
	s := iosconfig.NATStatic{
		Protocol: a.Word("protocol"), Local: a.Addr("local"), Global: a.Addr("global"), LocalPort: a.Int("localport"), GlobalPort: a.Int("globalport"),
		Interface: a.Word("interface"), Extendable: a.Has("extendable"), RouteMap: a.Word("map"),
	}
	if a.Given("interface") {
		return s, e.CheckPhysical(a, "interface")
	}
	return s, nil
}

// setStatic refuses what another mapping has. Ports of one address may go to several,
// which IOS marks as extendable.
func setStatic(e *global, a syntax.Args) error {
	s, err := staticArgs(e, a)
	if err != nil {
		return err
	}
	for o := range e.It.NAT.Static.All() {
		sameGlobal := o.Protocol == s.Protocol && o.Global == s.Global && o.Interface == s.Interface && o.GlobalPort == s.GlobalPort
		sameLocal := o.Protocol == s.Protocol && o.Local == s.Local && o.LocalPort == s.LocalPort
		if (sameGlobal || sameLocal) && o.Key() != s.Key() {
			return syntax.Refuse("%% similar static entry (%v -> %s) already exists", o.Local, globalOf(o))
		}
	}
	s.Extendable = s.Extendable || s.Protocol != "" && s.Interface == ""
	e.It.NAT.Static.Put(s.Key(), &s)
	if s.RouteMap != "" {
		e.Note("% Route map "+s.RouteMap+" does not exist", func(c *iosconfig.Config) bool {
			now := c.NAT.Static.Get(s.Key())
			return now != nil && *now == s && !c.HasRouteMap(s.RouteMap)
		})
	}
	return nil
}

func globalOf(s *iosconfig.NATStatic) string { return cmp.Or(s.Interface, s.Global.String()) }

func clearStatic(e *global, a syntax.Args) error {
	s, err := staticArgs(e, a)
	if err != nil {
		return err
	}
	if e.It.NAT.Static.Get(s.Key()) == nil {
		return syntax.Refuse("%% Translation not found")
	}
	e.It.NAT.Static.Remove(s.Key())
	return nil
}

func showStatics(e *global) (lines []string) {
	for s := range e.It.NAT.Static.All() {
		lines = append(lines, "ip nat inside source "+s.String())
	}
	return lines
}

var natTimeoutRow = editor.Row[iosconfig.Config]{
	Syntax: "ip nat translation word={timeout|tcp-timeout|udp-timeout|icmp-timeout|max-entries} / <seconds:1-2147483647>",
	Help:   "||NAT translation entry configuration|Specify timeout for dynamic NAT translations|Specify timeout for NAT TCP flows|Specify timeout for NAT UDP flows|Specify timeout for NAT ICMP flows|Specify maximum number of NAT entries|Timeout in seconds, or number of entries",
	Set: func(e *global, a syntax.Args) error {
		e.It.NAT.Timeouts.Put(a.Word("word"), &iosconfig.NATTimeout{Word: a.Word("word"), Seconds: a.Int("seconds")})
		return nil
	},
	Clear: func(e *global, a syntax.Args) error { e.It.NAT.Timeouts.Remove(a.Word("word")); return nil },
	Show: func(e *global) (lines []string) {
		for t := range e.It.NAT.Timeouts.All() {
			lines = append(lines, fmt.Sprintf("ip nat translation %s %d", t.Word, t.Seconds))
		}
		return lines
	},
}

// natSideRow says on which side of the translation an interface is.
var natSideRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip nat side={inside|outside}",
	Help:   "Interface Internet Protocol config commands|NAT interface commands|Inside interface for address translation|Outside interface for address translation",
	Set: func(e *iface, a syntax.Args) error {
		e.It.NAT = a.Word("side")
		name, side := e.It.Name(), e.It.NAT
		e.Note("% "+name+": ip nat "+side+": accepted, but there is no NAT in a VRF here", func(c *iosconfig.Config) bool {
			i := c.Interface(name)
			return i != nil && i.NAT == side && i.VRF != ""
		})
		return nil
	},
	Clear: func(e *iface, a syntax.Args) error {
		if e.It.NAT == a.Word("side") {
			e.It.NAT = ""
		}
		return nil
	},
	Show: func(e *iface) []string { return editor.Word("ip nat", e.It.NAT) },
}
