package iosconfig

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig/syntax"
)

// DefaultPolicy returns the smart default policy.
func DefaultPolicy() *Policy {
	return &Policy{Name: defaultName, MatchFVRF: "any", Proposals: []string{defaultName}}
}

func (p *Policy) name() string { return p.Name }

// Policy returns the policy with the name, the smart default one too unless
// it was taken away; nil when there is none.
func (k *IKEv2) Policy(name string) *Policy {
	p := find(k.Policies, name, (*Policy).name)
	if p == nil && name == defaultName && !k.NoDefaults.Policy {
		p = DefaultPolicy()
	}
	return p
}

// complete says whether a complete proposal is attached.
func (k *IKEv2) complete(p *Policy) bool {
	return slices.ContainsFunc(p.Proposals, func(name string) bool {
		q := k.Proposal(name)
		return q != nil && q.Complete()
	})
}

var policySectionRow = syntax.Command[edit]{
	Syntax: "crypto ikev2 policy <name:word>",
	Help:   "||Define IKEV2 policies|Name of IKEv2 policy",
	Set: func(e *edit, a syntax.Args) error {
		name := a.Word("name")
		e.changed = find(e.IKEv2.Policies, name, (*Policy).name) == nil
		if name == defaultName {
			e.changed = e.IKEv2.NoDefaults.Policy
			e.IKEv2.NoDefaults.Policy = false
		}
		p := e.IKEv2.Policy(name)
		if p == nil {
			p = &Policy{Name: name}
			e.IKEv2.Policies = append(e.IKEv2.Policies, p)
		}
		if !e.IKEv2.complete(p) {
			e.say("IKEv2 policy MUST have atleast one complete proposal attached ")
		}
		e.enter(policyMode, target{policy: p})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IKEv2.Policies = remove(e.IKEv2.Policies, a.Word("name"), (*Policy).name)
		e.IKEv2.NoDefaults.Policy = e.IKEv2.NoDefaults.Policy || a.Word("name") == defaultName
		return nil
	},
	Default: func(e *edit, a syntax.Args) error {
		e.IKEv2.Policies = remove(e.IKEv2.Policies, a.Word("name"), (*Policy).name)
		e.IKEv2.NoDefaults.Policy = e.IKEv2.NoDefaults.Policy && a.Word("name") != defaultName
		return nil
	},
	Show: func(e *edit) []string {
		lines := when(e.IKEv2.NoDefaults.Policy, "no crypto ikev2 policy default")
		for _, p := range e.IKEv2.Policies {
			lines = append(lines, e.sectionLines("crypto ikev2 policy "+p.Name, policyMode, target{policy: p})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

var policyMode = newMode("config-ikev2-policy", "IKEv2 Policy commands:", []syntax.Command[edit]{
	{
		NoEffect: true,
		Syntax:   "match fvrf / {any|<name:word>}",
		Help:     "Match values of fields|fvrf of the profile|Any fvrf|VPN Routing/Forwarding instance name",
		Set:      func(e *edit, a syntax.Args) error { e.policy.MatchFVRF = vrfArg(a); return nil },
		Clear:    func(e *edit, _ syntax.Args) error { e.policy.MatchFVRF = ""; return nil },
		Show: func(e *edit) []string {
			if e.policy.MatchFVRF == "" {
				return when(e.policy.Name == defaultName, "no match fvrf") // its default is any
			}
			return []string{"match fvrf " + e.policy.MatchFVRF}
		},
	},
	{
		Syntax: "match address local / <address:ip>",
		Help:   "|IP address|Local address|IPv4 address",
		Set: func(e *edit, a syntax.Args) error {
			e.policy.MatchLocal = append(without(e.policy.MatchLocal, []netip.Addr{a.Addr("address")}), a.Addr("address"))
			return nil
		},
		Clear: func(e *edit, a syntax.Args) error {
			if !a.Given("address") {
				e.policy.MatchLocal = nil
			}
			e.policy.MatchLocal = without(e.policy.MatchLocal, []netip.Addr{a.Addr("address")})
			return nil
		},
		Show: func(e *edit) []string {
			var lines []string
			for _, a := range e.policy.MatchLocal {
				lines = append(lines, "match address local "+a.String())
			}
			return lines
		},
	},
	{
		Syntax: "proposal / <name:word>",
		Help:   "Specify Proposal|Name of IKEv2 proposal",
		Set: func(e *edit, a syntax.Args) error {
			if slices.Contains(e.policy.Proposals, a.Word("name")) {
				e.say("% Policy already has same proposal set ")
				return nil
			}
			e.policy.Proposals = append(e.policy.Proposals, a.Word("name"))
			return nil
		},
		Clear: func(e *edit, a syntax.Args) error {
			if !a.Given("name") {
				e.policy.Proposals = nil
			}
			e.policy.Proposals = without(e.policy.Proposals, []string{a.Word("name")})
			return nil
		},
		Show: func(e *edit) []string {
			var lines []string
			if p := e.policy; p.Name == defaultName && (len(p.Proposals) == 0 || p.Proposals[0] != defaultName) {
				lines = []string{"no proposal"} // it has one from the beginning
			}
			for _, p := range e.policy.Proposals {
				lines = append(lines, "proposal "+p)
			}
			return lines
		},
	},
})

// vrfArg reads {any|<name:word>}.
func vrfArg(a syntax.Args) string {
	if a.Has("any") {
		return "any"
	}
	return a.Word("name")
}
