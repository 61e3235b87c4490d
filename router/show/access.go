package show

import (
	"fmt"
	"slices"

	"ikelab/iosconfig"
)

// AccessLists is `show access-lists [NAME]`.
type AccessLists struct {
	Lists []AccessList `json:"access_lists"`
}

// AccessList is a list with what its lines have counted.
type AccessList struct {
	Name  string       `json:"name"`
	Kind  string       `json:"kind"` // Standard, Extended, IPv6
	Lines []AccessLine `json:"lines"`
}

// AccessLine is a line as the screen has it.
type AccessLine struct {
	Number  int    `json:"number"`
	Text    string `json:"text"`
	Matches uint64 `json:"matches"`
}

// AccessListsOf takes them from a configuration, those of some families. matches are a
// list's counts, by the number of the line; name "": all lists.
func AccessListsOf(c *iosconfig.Config, matches func(*iosconfig.AccessList) map[int]uint64, name string, four, six bool) AccessLists {
	s := AccessLists{Lists: []AccessList{}}
	var all []*iosconfig.AccessList
	if four {
		all = slices.SortedFunc(c.Access.All(), (*iosconfig.AccessList).Compare)
	}
	if six {
		all = slices.AppendSeq(all, c.Access6.All())
	}
	for _, l := range all {
		if name == "" || name == l.Name {
			s.Lists = append(s.Lists, accessList(l, matches(l)))
		}
	}
	return s
}

func accessList(l *iosconfig.AccessList, matches map[int]uint64) AccessList {
	out := AccessList{Name: l.Name, Kind: "Extended", Lines: []AccessLine{}}
	switch {
	case l.Six:
		out.Kind = "IPv6"
	case l.Standard:
		out.Kind = "Standard"
	}
	for _, line := range l.Entries() {
		out.Lines = append(out.Lines, AccessLine{Number: line.Number, Text: line.Screen(), Matches: matches[line.Number]})
	}
	return out
}

// Lines shows list by list.
func (s AccessLists) Lines(iosconfig.Generation) []string {
	var p page
	for _, l := range s.Lists {
		six := l.Kind == "IPv6"
		switch {
		case !six:
			p.linef("%s IP access list %s", l.Kind, l.Name)
		case len(l.Lines) > 0: // one without lines is not shown
			p.linef("IPv6 access list %s", l.Name)
		}
		for _, line := range l.Lines {
			text := "    " + line.Text + line.counted()
			if six {
				text += fmt.Sprintf(" sequence %d", line.Number)
			}
			p.line(text)
		}
	}
	return p.lines
}

// counted is what a line has counted: IOS counts one match, and several matches.
func (l AccessLine) counted() string {
	switch l.Matches {
	case 0:
		return ""
	case 1:
		return " (1 match)"
	}
	return fmt.Sprintf(" (%d matches)", l.Matches)
}

// ObjectGroups is `show object-group [NAME]`.
type ObjectGroups struct {
	Groups []ObjectGroup `json:"object_groups"`
}

// ObjectGroup is a group with its lines.
type ObjectGroup struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"` // Network, Service
	Description string   `json:"description,omitempty"`
	Members     []string `json:"members"`
}

// ObjectGroupsOf takes them from a configuration; name "": all.
func ObjectGroupsOf(c *iosconfig.Config, name string) ObjectGroups {
	s := ObjectGroups{Groups: []ObjectGroup{}}
	for g := range c.Groups.All() {
		if name != "" && name != g.Name {
			continue
		}
		one := ObjectGroup{Name: g.Name, Kind: "Network", Description: g.Description, Members: []string{}}
		if g.Service {
			one.Kind = "Service"
		}
		for _, m := range g.Members {
			one.Members = append(one.Members, m.String())
		}
		s.Groups = append(s.Groups, one)
	}
	return s
}

// Lines shows group by group.
func (s ObjectGroups) Lines(iosconfig.Generation) []string {
	var p page
	for _, g := range s.Groups {
		p.linef("%s object group %s", g.Kind, g.Name)
		if g.Description != "" {
			p.line(" Description " + g.Description)
		}
		for _, m := range g.Members {
			p.line(" " + m)
		}
	}
	return p.lines
}
