package policy

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/router/acl"
)

// AccessList is the lines of a list as packets meet them.
func AccessList(c *iosconfig.Config, name string) []acl.Line {
	list := c.Access.Get(name)
	if list == nil {
		return nil
	}
	var lines []acl.Line
	for _, l := range list.Entries() {
		lines = append(lines, acl.Line{Number: l.Number, Entry: accessEntry(c, l), Log: logOf(l)})
	}
	return lines
}

// SixAccessList is AccessList of IPv6.
func SixAccessList(c *iosconfig.Config, name string) []acl.Line {
	list := c.Access6.Get(name)
	if list == nil {
		return nil
	}
	var lines []acl.Line
	for _, l := range list.Entries() {
		lines = append(lines, acl.Line{Number: l.Number, Entry: sixEntry(l), Log: logOf(l)})
	}
	return lines
}

// logOf is what is told of the packets that a line is about.
func logOf(l *iosconfig.AccessLine) acl.Log {
	switch {
	case slices.Contains(l.Options, "log-input"):
		return acl.LogInput
	case !slices.Contains(l.Options, "log"):
		return acl.Silent
	case l.Protocol == "":
		return acl.LogSource
	}
	return acl.Logged
}

func sixEntry(l *iosconfig.AccessLine) acl.Entry {
	e := acl.Entry{Deny: l.Deny, AnyProtocol: true, Fragments: slices.Contains(l.Options, "fragments"), Six: &acl.Between{From: acl.SixNetOf(l.From.Prefix), To: acl.SixNetOf(l.To.Prefix)}}
	if n := iosconfig.SixProtocolNumber(l.Protocol); n >= 0 {
		e.AnyProtocol, e.Protocol = false, uint8(n)
	}
	e.FromPorts, e.ToPorts = accessPorts(l.Protocol, l.FromPorts), accessPorts(l.Protocol, l.ToPorts)
	switch l.Protocol {
	case "icmp":
		e.ICMP = accessMessage(iosconfig.ICMPv6, l.Options)
	case "tcp":
		e.Flags = accessFlags(l.Options)
	}
	return e
}

func accessEntry(c *iosconfig.Config, l *iosconfig.AccessLine) acl.Entry {
	e := acl.Entry{Deny: l.Deny, To: acl.Any, AnyProtocol: true, Fragments: slices.Contains(l.Options, "fragments")}
	e.Mark.Value, e.Mark.Mask = l.Marks()
	e.From, e.FromGroup = accessNet(c, l.From)
	if l.Protocol == "" {
		return e
	}
	e.To, e.ToGroup = accessNet(c, l.To)
	if services := l.ServiceGroup(); services != "" {
		e.Services = accessServices(c, services, l.Deny)
		return e
	}
	service(&e, iosconfig.AccessService{Protocol: l.Protocol, FromPorts: l.FromPorts, ToPorts: l.ToPorts, Message: l.Options})
	if l.Protocol == "tcp" {
		e.Flags = accessFlags(l.Options)
	}
	return e
}

// service gives an entry protocol, ports and message.
func service(e *acl.Entry, s iosconfig.AccessService) {
	if n := iosconfig.ProtocolNumber(s.Protocol); n >= 0 {
		e.AnyProtocol, e.Protocol = false, uint8(n)
	}
	e.FromPorts, e.ToPorts = accessPorts(s.Protocol, s.FromPorts), accessPorts(s.Protocol, s.ToPorts)
	if s.Protocol == "icmp" {
		e.ICMP = accessMessage(iosconfig.ICMP, s.Message)
	}
}

// accessServices are the services of a group; one without any has none that fits.
func accessServices(c *iosconfig.Config, group string, deny bool) []acl.Entry {
	list := []acl.Entry{}
	for _, m := range c.Groups.Members(group, true) {
		s := m.AccessService
		both := []string{s.Protocol}
		if s.Protocol == "tcp-udp" {
			both = []string{"tcp", "udp"}
		}
		for _, s.Protocol = range both {
			e := acl.Entry{Deny: deny, From: acl.Any, To: acl.Any, AnyProtocol: true}
			service(&e, s)
			list = append(list, e)
		}
	}
	return list
}

// accessNet is the addresses of a line, and the part of them that a group has.
func accessNet(c *iosconfig.Config, n iosconfig.AccessNet) (acl.Net, acl.Spans) {
	if n.Group == "" {
		return acl.Net{Address: number(n.Address), Wildcard: number(n.Wildcard)}, nil
	}
	var list []acl.Span
	for _, m := range c.Groups.Members(n.Group, false) {
		list = append(list, acl.Span{First: number(m.Net.First), Last: number(m.Net.Last)})
	}
	group := acl.Join(list)
	return group.Around(), group
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

const lastPort = 0xffff

// accessPorts are the ranges of a demand on ports; nil: there is none. One that
// no port meets has a range that is empty.
func accessPorts(protocol string, p iosconfig.AccessPorts) acl.Ports {
	var list []int
	for _, word := range p.Ports {
		list = append(list, iosconfig.PortNumber(protocol, word))
	}
	slices.Sort(list)
	switch p.Op {
	case "eq":
		var out acl.Ports
		for _, n := range list {
			out = append(out, portRange(n, n))
		}
		return out
	case "gt":
		return acl.Ports{portRange(list[0]+1, lastPort)}
	case "lt":
		return acl.Ports{portRange(0, list[0]-1)}
	case "range":
		return acl.Ports{portRange(list[0], list[1])}
	case "neq":
		return otherPorts(list)
	}
	return nil
}

// portRange is a range; an empty one where it begins behind its end.
func portRange(first, last int) acl.Range {
	if first > last {
		return acl.Range{First: 1, Last: 0}
	}
	return acl.Range{First: uint16(first), Last: uint16(last)}
}

// otherPorts are the ranges between ports in their order.
func otherPorts(list []int) acl.Ports {
	var out acl.Ports
	next := 0
	for _, n := range append(list, lastPort+1) {
		if n > next {
			out = append(out, portRange(next, n-1))
		}
		next = max(next, n+1)
	}
	return out
}

// accessMessage is the ICMP message of a line, with its code where that has no
// name.
func accessMessage(names iosconfig.ICMPNames, options []string) []acl.Message {
	if len(options) == 0 {
		return nil
	}
	kind, code := names.Message(options[0])
	if kind < 0 {
		return nil // another option
	}
	if len(options) > 1 {
		if n, err := strconv.Atoi(options[1]); err == nil {
			code = n
		}
	}
	return []acl.Message{{Type: uint8(kind), Code: uint8(max(code, 0)), AnyCode: code < 0}}
}

func accessFlags(options []string) acl.Flags {
	f := acl.Flags{All: slices.Contains(options, "match-all")}
	if slices.Contains(options, "established") {
		f = acl.Established
	}
	for _, word := range options {
		switch {
		case iosconfig.TCPFlag(word) && word[0] == '+':
			f.Set |= iosconfig.TCPBit(word[1:])
		case iosconfig.TCPFlag(word):
			f.Clear |= iosconfig.TCPBit(word[1:])
		default:
			f.Set |= iosconfig.TCPBit(word)
		}
	}
	return f
}
