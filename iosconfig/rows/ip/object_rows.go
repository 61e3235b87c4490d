package ip

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

type objectGroup = editor.At[iosconfig.ObjectGroup]

// groupTable is the object groups of one kind.
type groupTable struct {
	config  *iosconfig.Config
	service bool
}

func (t groupTable) Get(name string) *iosconfig.ObjectGroup {
	return t.config.Groups.Of(name, t.service)
}
func (t groupTable) Put(name string, g *iosconfig.ObjectGroup) { t.config.Groups.Put(name, g) }
func (t groupTable) Remove(name string)                        { t.config.Groups.Remove(name) }
func (t groupTable) All() iter.Seq[*iosconfig.ObjectGroup] {
	return func(yield func(*iosconfig.ObjectGroup) bool) {
		for g := range t.config.Groups.All() {
			if g.Service == t.service && !yield(g) {
				return
			}
		}
	}
}

// groupKind is the keyword of a kind of groups.
func groupKind(service bool) string {
	if service {
		return "service"
	}
	return "network"
}

func groupSection(service bool) editor.Section[iosconfig.Config, iosconfig.ObjectGroup] {
	kind := groupKind(service)
	return editor.Section[iosconfig.Config, iosconfig.ObjectGroup]{
		Syntax: "object-group " + kind + " <name:word>",
		Help:   "Configure object group|" + kind + " group|Object group name",
		Mode:   groupMode(service),
		In:     func(c *iosconfig.Config) editor.Table[iosconfig.ObjectGroup] { return groupTable{c, service} },
		NameOf: func(g *iosconfig.ObjectGroup) string { return g.Name },
		Head:   func(g *iosconfig.ObjectGroup) string { return "object-group " + kind + " " + g.Name },
		Make: func(e *global, g *iosconfig.ObjectGroup, _ syntax.Args) error {
			if other := e.Config.Groups.Get(g.Name); other != nil && other.Service != service {
				return syntax.Refuse("%% Object group %s is a %s group", g.Name, groupKind(other.Service))
			}
			return nil
		},
		Keep: func(e *global, name string) error {
			if user := groupUser(e.Config, name); user != "" {
				return syntax.Refuse("%% Object group %s is in use: %s", name, user)
			}
			return nil
		},
	}
}

func groupMode(service bool) *editor.Mode[iosconfig.ObjectGroup] {
	member, help := networkSyntax, networkHelp
	if service {
		member, help = serviceSyntax, serviceHelp
	}
	return editor.NewMode(editor.Mode[iosconfig.ObjectGroup]{
		Name: "config-" + groupKind(service) + "-group", Title: "Object group configuration commands:", Kind: iosconfig.KindObjectGroup,
		New: func(_ iosconfig.Generation, name string) *iosconfig.ObjectGroup {
			return &iosconfig.ObjectGroup{Name: name, Service: service}
		},
		Get: func(c *iosconfig.Config, path []string) *iosconfig.ObjectGroup { return c.Groups.Of(path[0], service) },
		Put: func(c *iosconfig.Config, path []string, g *iosconfig.ObjectGroup) { c.Groups.Put(path[0], g) },
	}, []editor.Row[iosconfig.ObjectGroup]{
		{
			Syntax: "description / <text:line>", Help: "Object group description|Up to 200 characters",
			Set:   func(e *objectGroup, a syntax.Args) error { e.It.Description = a.Word("text"); return nil },
			Clear: func(e *objectGroup, _ syntax.Args) error { e.It.Description = ""; return nil },
			Show: func(e *objectGroup) []string {
				return editor.When(e.It.Description != "", "description "+e.It.Description)
			},
		},
		{Syntax: member, Help: help, Set: addMember, Clear: removeMember, Show: func(e *objectGroup) (lines []string) {
			for _, m := range e.It.Members {
				lines = append(lines, m.String())
			}
			return lines
		}},
	})
}

const nestedHelp = "Nested object group|Nested object group name"

const (
	networkSyntax = "{any|host <host:ip>|range <first:ip> <last:ip>|group-object <group:word>|<net:ip> {<mask:mask>|<length:word>}}"
	networkHelp   = "Any host|Host address of the object-group member|Host address|Match only addresses within the range|First address|Last address|" + nestedHelp +
		"|Network address of the group members|Network mask|Network mask length"
)

var serviceSyntax = "{protocol={ahp|eigrp|esp|gre|igmp|ip|ipinip|nos|ospf|pcp|pim}|<number:0-255>|protocol={icmp} [<message:word>]" +
	"|protocol={tcp|udp|tcp-udp} [source" + servicePort("from") + "]" + " [" + strings.TrimSpace(servicePort("to")) + "]|group-object <group:word>}"

const servicePortHelp = "Match only packets on a given port number|Port number|Match only packets with a greater port number|Port number" +
	"|Match only packets with a lower port number|Port number|Match only packets in the range of port numbers|Port number|Port number|Port number"

const serviceHelp = "Authentication Header Protocol|Cisco's EIGRP routing protocol|Encapsulation Security Payload|Cisco's GRE tunneling" +
	"|Internet Gateway Message Protocol|Any Internet Protocol|IP in IP tunneling|KA9Q NOS compatible IP over IP tunneling|OSPF routing protocol" +
	"|Payload Compression Protocol|Protocol Independent Multicast|An IP protocol number|Internet Control Message Protocol|ICMP message type" +
	"|Transmission Control Protocol|User Datagram Protocol|TCP or UDP|Source port|" + servicePortHelp + "|" + servicePortHelp + "|" + nestedHelp

func servicePort(name string) string {
	port := "<" + name + "-port:word>"
	return " " + name + "-op={eq " + port + "|gt " + port + "|lt " + port + "|range " + port + " " + port + "|" + port + "}"
}

// addMember puts a line into a group. One that is there is passed over.
func addMember(e *objectGroup, a syntax.Args) error {
	m, err := memberArgs(a)
	if err != nil {
		return err
	}
	if name := m.Group; name != "" {
		if e.Config.Groups.Leads(name, e.It.Name, e.It.Service) {
			return syntax.Refuse("%% Object group %s would be part of itself", e.It.Name)
		}
		of, service := e.It.Name, e.It.Service
		e.Note("% Object group "+name+" does not exist", func(c *iosconfig.Config) bool {
			g := c.Groups.Of(of, service)
			return g != nil && slices.ContainsFunc(g.Members, func(o *iosconfig.GroupMember) bool { return o.Group == name }) && c.Groups.Of(name, service) == nil
		})
	}
	if !slices.ContainsFunc(e.It.Members, saysSame(m)) {
		e.It.Members = append(slices.Clip(e.It.Members), &m)
	}
	return nil
}

func saysSame(m iosconfig.GroupMember) func(*iosconfig.GroupMember) bool {
	text := m.String()
	return func(o *iosconfig.GroupMember) bool { return o.String() == text }
}

// removeMember takes a line away, but not the last of a group that is in use: its lines
// would be about nothing.
func removeMember(e *objectGroup, a syntax.Args) error {
	m, err := memberArgs(a)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(e.It.Members), saysSame(m))
	if user := groupUser(e.Config, e.It.Name); len(left) == 0 && len(e.It.Members) > 0 && user != "" {
		return syntax.Refuse("%% Object group %s is in use: %s", e.It.Name, user)
	}
	e.It.Members = left
	return nil
}

// memberArgs reads a line of a group.
func memberArgs(a syntax.Args) (m iosconfig.GroupMember, err error) {
	switch {
	case a.Given("group"):
		m.Group = a.Word("group")
	case a.Given("host"):
		m.Form, m.Net = "host", iosconfig.AddressRange{First: a.Addr("host"), Last: a.Addr("host")}
	case a.Given("first"):
		m.Form, m.Net = "range", iosconfig.AddressRange{First: a.Addr("first"), Last: a.Addr("last")}
		if m.Net.Last.Less(m.Net.First) {
			return m, a.Invalid("last")
		}
	case a.Given("net"):
		m.Net, err = networkArgs(a)
	case a.Given("protocol"), a.Given("number"):
		m.AccessService, err = serviceArgs(a)
	default:
		m.Form, m.Net = "any", iosconfig.AddressRange{First: netip.IPv4Unspecified(), Last: netip.AddrFrom4([4]byte{255, 255, 255, 255})}
	}
	return m, err
}

// networkArgs is a network, with its mask or its "/LENGTH".
func networkArgs(a syntax.Args) (iosconfig.AddressRange, error) {
	p, err := netip.ParsePrefix(a.Addr("net").String() + a.Word("length"))
	if a.Given("mask") {
		var ok bool
		if p, ok = iosconfig.ParseNet(a.Addr("net"), a.Addr("mask")); !ok {
			return iosconfig.AddressRange{}, a.Invalid("mask")
		}
	} else if err != nil {
		return iosconfig.AddressRange{}, a.Invalid("length")
	}
	last := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		last[i/8] |= 0x80 >> (i % 8)
	}
	return iosconfig.AddressRange{First: p.Masked().Addr(), Last: netip.AddrFrom4(last)}, nil
}

func serviceArgs(a syntax.Args) (s iosconfig.AccessService, err error) {
	s.Protocol = a.Word("protocol")
	if a.Given("number") {
		s.Protocol = iosconfig.ProtocolWord(a.Word("number"))
	}
	if s.FromPorts, err = portArgs(a, s.Protocol, "from"); err != nil {
		return s, err
	}
	if s.ToPorts, err = portArgs(a, s.Protocol, "to"); err != nil {
		return s, err
	}
	s.Message, err = optionArgs(a, iosconfig.ICMP)
	return s, err
}

// groupUser is the head of a list, or of another group, that names a group; "": none does.
func groupUser(c *iosconfig.Config, name string) string {
	group := iosconfig.KindObjectGroup.Named(name)
	for g := range iosconfig.Users(c, group, iosconfig.KindObjectGroup) {
		return "object-group " + g
	}
	for l := range iosconfig.Users(c, group, iosconfig.KindAccessList) {
		return "access-list " + l
	}
	return ""
}
