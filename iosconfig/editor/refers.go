package editor

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Reference is a name of something else in a line: one that means nothing is told.
type Reference struct {
	After string // the word that it stands behind
	Many  bool   // several may
	What  string // "Route map"; "": Says
	Says  func(name string) string
	Has   func(c *iosconfig.Config, name string) bool
}

// names are those in a line. What "any" stands for is no name.
func (r Reference) names(line string) (list []string) {
	words := strings.Fields(syntax.PublicText(line))
	for i := slices.Index(words, r.After) + 1; i > 0 && i < len(words); i++ {
		if words[i] == "any" || words[i] == syntax.Removed || strings.Contains(words[i], "-list") { // of another kind
			return list
		}
		if list = append(list, words[i]); !r.Many {
			return list
		}
	}
	return list
}

// refer tells of the names in a line that mean nothing, while the line stands.
func (l *Line) refer(line string, refs []Reference, stands func(c *iosconfig.Config) bool) {
	for _, r := range refs {
		for _, name := range r.names(line) {
			text := "% " + r.What + " " + name + " does not exist"
			if r.Says != nil {
				text = r.Says(name)
			}
			l.Note(text, func(c *iosconfig.Config) bool { return stands(c) && !r.Has(c, name) })
		}
	}
}

// Refers marks a row whose line names other things.
func Refers[O any](c Row[O], refs ...Reference) Row[O] {
	set := c.Set
	c.Set = func(e *At[O], a syntax.Args) error {
		err := set(e, a)
		if err == nil {
			line := a.String()
			e.refer(line, refs, func(now *iosconfig.Config) bool { return e.mode.says(now, e.Path, line) })
		}
		return err
	}
	return c
}

// What lines refer to, behind a word.

// VRF is an instance.
func VRF(after string) Reference {
	return Reference{After: after, What: "VRF", Has: func(c *iosconfig.Config, name string) bool {
		return c.VRFs.Get(name) != nil
	}}
}

// RouteMap is a route map.
func RouteMap(after string) Reference {
	return Reference{After: after, What: "Route map", Has: (*iosconfig.Config).HasRouteMap}
}

// AccessList is one or several access lists.
func AccessList(after string) Reference {
	return Reference{After: after, Many: true, What: "Access list", Has: func(c *iosconfig.Config, name string) bool {
		return slices.Contains([]string{"in", "out", "vrf-also", "vrfname"}, name) || c.Access.Get(name) != nil
	}}
}

// SixAccessList is one of IPv6.
func SixAccessList(after string) Reference {
	return Reference{After: after, What: "Access list", Has: func(c *iosconfig.Config, name string) bool { return c.Access6.Get(name) != nil }}
}

// Text is what is kept as a line of a family, and its name.
func Text(after, what, family string) Reference {
	return Reference{After: after, What: what, Has: func(c *iosconfig.Config, name string) bool { return c.HasText(family, name) }}
}

// AnInterface is one that has to be made first.
func AnInterface(after string) Reference {
	return Reference{After: after, What: "Interface", Has: func(c *iosconfig.Config, name string) bool {
		return !strings.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || !iosconfig.TypeOf(name).Logical() || c.Interface(name) != nil
	}}
}

// NoteMapLines tells of lines of a list that a crypto map matches and that no traffic selectors say.
func NoteMapLines[O any](e *At[O], list string) {
	has := func(which func(*iosconfig.AccessLine) bool) func(*iosconfig.Config) bool {
		return func(c *iosconfig.Config) bool {
			l := c.Access.Get(list)
			return l != nil && slices.ContainsFunc(l.Lines, which) && iosconfig.Used(c, iosconfig.KindAccessList.Named(list), iosconfig.KindCryptoMap)
		}
	}
	e.Note("% Access list "+list+": object groups are not supported with IPsec, their lines protect nothing",
		has(func(l *iosconfig.AccessLine) bool { return len(l.Groups()) > 0 }))
	e.Note("% Access list "+list+": traffic selectors know no dscp, precedence or tos, what such lines permit does not pass",
		has(func(l *iosconfig.AccessLine) bool { _, mask := l.Marks(); return !l.Deny && mask != 0 }))
	e.Note("% Access list "+list+": a wildcard of too many ranges for a crypto map, what such lines permit does not pass",
		has(func(l *iosconfig.AccessLine) bool { return !l.Deny && l.Scattered() }))
}
