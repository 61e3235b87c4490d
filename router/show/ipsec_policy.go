package show

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
)

// TransformSets is `show crypto ipsec transform-set [TAG]`.
type TransformSets struct {
	Sets []TransformSet `json:"transform_sets"`
}

// TransformSet is a transform set in the words of the screens: "esp-aes 256"
// is shown as "esp-256-aes".
type TransformSet struct {
	Name       string   `json:"name"`
	Transforms []string `json:"transforms"`
	Mode       string   `json:"mode"` // Tunnel, Transport
}

// TransformSetsOf takes them from a configuration.
func TransformSetsOf(c *iosconfig.Config, tag string) TransformSets {
	s := TransformSets{Sets: []TransformSet{}}
	for _, t := range transformSets(c) {
		if tag == "" || tag == t.Name {
			s.Sets = append(s.Sets, transformSet(t))
		}
	}
	return s
}

// transformSets are those of a configuration, the smart default first.
func transformSets(c *iosconfig.Config) []*iosconfig.TransformSet {
	list := c.TransformSets()
	slices.SortStableFunc(list, func(a, b *iosconfig.TransformSet) int { return defaultFirst(a.Name, b.Name) })
	return list
}

func transformSet(t *iosconfig.TransformSet) TransformSet {
	out := TransformSet{Name: t.Name, Transforms: []string{}, Mode: "Tunnel"}
	if t.Mode == "transport" {
		out.Mode = "Transport"
	}
	for _, word := range t.Transforms {
		name, bits, sized := strings.Cut(word, " ")
		switch {
		case name == "esp-aes" && sized && bits != "128":
			word = "esp-" + bits + "-aes"
		case sized && bits == "128":
			word = name
		}
		out.Transforms = append(out.Transforms, word)
	}
	return out
}

// Lines shows set by set.
func (s TransformSets) Lines(iosconfig.Generation) []string {
	var p page
	for _, t := range s.Sets {
		p.linef("Transform set %s: { %s  } ", t.Name, strings.Join(t.Transforms, " "))
		p.linef("   will negotiate = { %s,  }, ", t.Mode)
		p.line("   ")
	}
	return p.lines
}

// IPsecProfiles is `show crypto ipsec profile [NAME]`.
type IPsecProfiles struct {
	Profiles []IPsecProfile `json:"profiles"`
}

// IPsecProfile is an IPsec profile with what it inherits.
type IPsecProfile struct {
	Name          string         `json:"name"`
	IKEv2Profile  string         `json:"ikev2_profile,omitempty"`
	Seconds       int            `json:"lifetime_seconds"`
	Kilobytes     int64          `json:"lifetime_kilobytes"` // 0: no limit
	ResponderOnly bool           `json:"responder_only"`
	PFS           int            `json:"pfs_group"` // 0: none
	PQC           []string       `json:"pqc_key_exchange,omitempty"`
	TransformSets []TransformSet `json:"transform_sets"`
}

// IPsecProfilesOf takes them from a configuration.
func IPsecProfilesOf(c *iosconfig.Config, name string) IPsecProfiles {
	s := IPsecProfiles{Profiles: []IPsecProfile{}}
	list := c.IPsecProfiles()
	slices.SortStableFunc(list, func(a, b *iosconfig.IPsecProfile) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if name == "" || name == p.Name {
			s.Profiles = append(s.Profiles, ipsecProfile(c, p))
		}
	}
	return s
}

func ipsecProfile(c *iosconfig.Config, p *iosconfig.IPsecProfile) IPsecProfile {
	out := IPsecProfile{Name: p.Name, IKEv2Profile: p.IKEv2Profile, ResponderOnly: p.ResponderOnly, PFS: p.PFS, PQC: added(p.PFSPQC), TransformSets: setsNamed(c, p.TransformSets)}
	out.Seconds, out.Kilobytes = p.Lifetime.Within(c.IPsec.Lifetime).Limits()
	return out
}

// Lines shows profile by profile.
func (s IPsecProfiles) Lines(iosconfig.Generation) []string {
	var p page
	for _, v := range s.Profiles {
		p.linef("IPSEC profile %s", v.Name)
		if v.IKEv2Profile != "" {
			p.linef("\tIKEv2 Profile: %s", v.IKEv2Profile)
		}
		p.lifetimes("\t", v.Seconds, v.Kilobytes)
		p.negotiates(v.ResponderOnly, v.PFS, v.PQC, v.TransformSets)
		p.line("")
	}
	return p.lines
}
