package iosconfig

import (
	"net/netip"
	"slices"
	"strings"
)

// ObjectGroup is `object-group network|service NAME`: addresses, or services, that
// lines of access lists name together.
type ObjectGroup struct {
	Name        string
	Service     bool
	Description string
	Members     []*GroupMember // in the order of their lines; replaced, never edited, neither list nor member
}

// GroupMember is one line of a group.
type GroupMember struct {
	Group string       // another group's name; "": it is none
	Form  string       // of addresses: "any", "host", "range"; "": a network, with its mask
	Net   AddressRange // the addresses
	AccessService
}

// AccessService is what a service is, in a group.
type AccessService struct {
	Protocol  string // "tcp", "tcp-udp", "47"
	FromPorts AccessPorts
	ToPorts   AccessPorts
	Message   []string // of ICMP: its words
}

// String is the member's line.
func (m *GroupMember) String() string {
	switch {
	case m.Group != "":
		return "group-object " + m.Group
	case m.Protocol != "":
		return m.AccessService.String()
	case m.Form == "any":
		return "any"
	case m.Form == "host":
		return "host " + m.Net.First.String()
	case m.Form == "range":
		return "range " + m.Net.First.String() + " " + m.Net.Last.String()
	}
	mask := m.Net.First.As4()
	for i, b := range m.Net.Last.As4() {
		mask[i] = ^(mask[i] ^ b)
	}
	return m.Net.First.String() + " " + netip.AddrFrom4(mask).String()
}

func (s AccessService) String() string {
	words := []string{s.Protocol}
	if s.FromPorts.Op != "" {
		words = append(append(words, "source"), s.FromPorts.words()...)
	}
	return strings.Join(slices.Concat(words, s.ToPorts.words(), s.Message), " ")
}

// ObjectGroups are the groups of a router, by name.
type ObjectGroups struct{ List[ObjectGroup] }

// Of is the group of a name and kind, or nil.
func (s *ObjectGroups) Of(name string, service bool) *ObjectGroup {
	if g := s.Get(name); g != nil && g.Service == service {
		return g
	}
	return nil
}

// Members are those of a group and of the groups in it, each group once.
func (s *ObjectGroups) Members(name string, service bool) []*GroupMember {
	var list []*GroupMember
	seen := map[string]bool{name: true}
	for names := []string{name}; len(names) > 0; names = names[1:] {
		g := s.Of(names[0], service)
		if g == nil {
			continue
		}
		for _, m := range g.Members {
			switch {
			case m.Group == "":
				list = append(list, m)
			case !seen[m.Group]:
				seen[m.Group] = true
				names = append(names, m.Group)
			}
		}
	}
	return list
}

// Leads says whether a group is another one, or has it among its groups at any depth.
func (s *ObjectGroups) Leads(from, to string, service bool) bool {
	seen := map[string]bool{from: true}
	for names := []string{from}; len(names) > 0; names = names[1:] {
		if names[0] == to {
			return true
		}
		if g := s.Of(names[0], service); g != nil {
			for _, m := range g.Members {
				if m.Group != "" && !seen[m.Group] {
					seen[m.Group] = true
					names = append(names, m.Group)
				}
			}
		}
	}
	return false
}

// AddressRange is from one address to another.
type AddressRange struct{ First, Last netip.Addr }

// String is the range as in a line; one address stands once.
func (r AddressRange) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	return r.First.String() + " " + r.Last.String()
}
