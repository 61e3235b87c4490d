package show

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/words"
)

// Proposals is `show crypto ikev2 proposal [NAME]`: those that are complete,
// the smart default included.
type Proposals struct {
	Proposals []Proposal `json:"proposals"`
}

// Proposal is a proposal in IOS's words.
type Proposal struct {
	Name       string   `json:"name"`
	Encryption []string `json:"encryption"`
	Integrity  []string `json:"integrity"`
	PRF        []string `json:"prf"`
	Group      []string `json:"dh_group"`
	PQC        []string `json:"pqc_key_exchange,omitempty"`
	Classical  bool     `json:"pqc_optional,omitempty"`
}

// ProposalsOf takes them from a configuration; name "" means all.
func ProposalsOf(c *iosconfig.Config, name string) Proposals {
	s := Proposals{Proposals: []Proposal{}}
	list := c.Proposals()
	slices.SortStableFunc(list, func(a, b *iosconfig.Proposal) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if p.Complete() && (name == "" || name == p.Name) {
			s.Proposals = append(s.Proposals, proposal(p))
		}
	}
	return s
}

func proposal(p *iosconfig.Proposal) Proposal {
	out := Proposal{Name: p.Name, Encryption: upper(p.Encryption), Integrity: []string{}, PRF: upper(p.PRF), Group: []string{}}
	for _, word := range p.Integrity {
		out.Integrity = append(out.Integrity, orElse(integNames[word], strings.ToUpper(word)))
	}
	if len(p.PRF) == 0 {
		out.PRF = upper(p.Integrity)
	}
	for _, g := range p.Group {
		out.Group = append(out.Group, words.Group(ipsec.Group(g)))
	}
	out.PQC, out.Classical = added(p.PQC), p.Classical
	return out
}

// added are the methods of additional key exchanges that a line names: "ML-KEM-768".
func added(words []string) (names []string) {
	for _, w := range words {
		names = append(names, "ML-KEM-"+strings.TrimPrefix(w, "mlkem"))
	}
	return names
}

// integNames are the integrity algorithms whose names are not their keywords:
// the ICV is cut to 96 bits.
var integNames = map[string]string{"md5": "MD596", "sha1": "SHA96"}

func upper(list []string) []string {
	out := []string{}
	for _, w := range list {
		out = append(out, strings.ToUpper(w))
	}
	return out
}

// defaultFirst orders "default" before every other name.
func defaultFirst(a, b string) int {
	switch {
	case a == iosconfig.DefaultName && b != iosconfig.DefaultName:
		return -1
	case b == iosconfig.DefaultName && a != iosconfig.DefaultName:
		return 1
	}
	return 0
}

// Lines lists names with blanks between; an empty list is "none".
func (s Proposals) Lines(iosconfig.Generation) []string {
	var p page
	joined := func(list []string) string { return orElse(strings.Join(list, " "), "none") }
	for _, v := range s.Proposals {
		p.linef(" IKEv2 proposal: %s ", v.Name)
		p.linef("     Encryption : %s", joined(v.Encryption))
		p.linef("     Integrity  : %s", joined(v.Integrity))
		p.linef("     PRF        : %s", joined(v.PRF))
		p.linef("     DH Group   : %s", joined(v.Group))
		if len(v.PQC) > 0 {
			p.linef("     PQC Key Exchange: %s%s", joined(v.PQC), map[bool]string{true: " Optional"}[v.Classical])
		}
	}
	return p.lines
}

// Policies is `show crypto ikev2 policy [NAME]`.
type Policies struct {
	Policies []Policy `json:"policies"`
}

// Policy is a policy in IOS's words.
type Policy struct {
	Name      string   `json:"name"`
	FVRF      string   `json:"match_fvrf"`
	Local     []string `json:"match_address_local"`
	Proposals []string `json:"proposals"`
}

// PoliciesOf takes those that have a proposal from a configuration.
func PoliciesOf(c *iosconfig.Config, name string) Policies {
	s := Policies{Policies: []Policy{}}
	list := c.Policies()
	slices.SortStableFunc(list, func(a, b *iosconfig.Policy) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if name != "" && name != p.Name || len(p.Proposals) == 0 && p.Name != iosconfig.DefaultName {
			continue
		}
		one := Policy{Name: p.Name, FVRF: orElse(p.MatchFVRF, "global"), Local: []string{}, Proposals: append([]string{}, p.Proposals...)}
		if p.Name == iosconfig.DefaultName {
			one.FVRF = "any"
		}
		for _, a := range p.MatchLocal {
			one.Local = append(one.Local, a.String())
		}
		s.Policies = append(s.Policies, one)
	}
	return s
}

// Lines puts one blank after "fvrf" for the default policy and two for the
// others, as IOS does.
func (s Policies) Lines(iosconfig.Generation) []string {
	var p page
	for _, v := range s.Policies {
		p.linef(" IKEv2 policy : %s", v.Name)
		if v.Name == iosconfig.DefaultName {
			p.linef("      Match fvrf : %s", v.FVRF)
		} else {
			p.linef("      Match fvrf  : %s", v.FVRF)
		}
		if len(v.Local) == 0 {
			p.line("      Match address local : any ")
		}
		for _, a := range v.Local {
			p.linef("      Match address local : %s ", a)
		}
		for _, proposal := range v.Proposals {
			p.linef("      Proposal    : %s ", proposal)
		}
	}
	return p.lines
}

func secondsOr(n int) string {
	if n == 0 {
		return "disabled"
	}
	return strconv.Itoa(n) + " seconds"
}

func dpdText(d *iosconfig.DPD) string {
	if d == nil {
		return "disabled"
	}
	mode := "periodic"
	if d.OnDemand {
		mode = "on-demand"
	}
	return fmt.Sprintf("enabled, interval %d, retry-interval %d, %s", d.Interval, d.Retry, mode)
}
