package crypto

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var policySection = editor.Section[iosconfig.Config, iosconfig.Policy]{
	Syntax: "crypto ikev2 policy <name:word>",
	Help:   "||Define IKEV2 policies|Name of IKEv2 policy",
	Mode:   policyMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Policy] { return &c.IKEv2.Policies },
	NameOf: func(p *iosconfig.Policy) string { return p.Name },
	Head:   func(p *iosconfig.Policy) string { return "crypto ikev2 policy " + p.Name },
	Smart:  iosconfig.Generation.DefaultPolicy,
	Off:    func(c *iosconfig.Config) *bool { return &c.IKEv2.NoDefaults.Policy },
	Remind: func(e *global, p *iosconfig.Policy) []string {
		return editor.When(!e.Config.CompletePolicy(p), "IKEv2 policy MUST have atleast one complete proposal attached ")
	},
}

var policyMode = editor.NewMode(editor.Mode[iosconfig.Policy]{
	Name: "config-ikev2-policy", Title: "IKEv2 Policy commands:", Kind: iosconfig.KindPolicy,
	New: func(_ iosconfig.Generation, name string) *iosconfig.Policy { return &iosconfig.Policy{Name: name} },
	Get: func(c *iosconfig.Config, path []string) *iosconfig.Policy { return c.Policy(path[0]) },
	Put: func(c *iosconfig.Config, path []string, p *iosconfig.Policy) {
		if p.Name == iosconfig.DefaultName {
			c.IKEv2.NoDefaults.Policy = false
			editor.PutSmart(&c.IKEv2.Policies, p, c.Generation.DefaultPolicy())
			return
		}
		c.IKEv2.Policies.Put(p.Name, p)
	},
}, []editor.Row[iosconfig.Policy]{
	editor.Refers(editor.Row[iosconfig.Policy]{
		Syntax: "match fvrf / {any|<name:word>}",
		Help:   "Match values of fields|fvrf of the profile|Any fvrf|VPN Routing/Forwarding instance name",
		Set: func(e *policy, a syntax.Args) error {
			e.It.MatchFVRF = vrfArg(a)
			return nil
		},
		Clear: func(e *policy, _ syntax.Args) error { e.It.MatchFVRF = ""; return nil },
		Show: func(e *policy) []string {
			if e.It.MatchFVRF == "" {
				return editor.When(e.It.Name == iosconfig.DefaultName, "no match fvrf") // its default is any
			}
			return []string{"match fvrf " + e.It.MatchFVRF}
		},
	}, editor.VRF("fvrf")),
	{
		Syntax: "match address local / {<address:ip>|<address:ip6>}",
		Help:   "|IP address|Local address|IPv4 address|IPv6 address",
		Set: func(e *policy, a syntax.Args) error {
			e.It.MatchLocal = append(editor.Without(e.It.MatchLocal, []netip.Addr{a.Addr("address")}), a.Addr("address"))
			return nil
		},
		Clear: func(e *policy, a syntax.Args) error {
			if !a.Given("address") {
				e.It.MatchLocal = nil
			}
			e.It.MatchLocal = editor.Without(e.It.MatchLocal, []netip.Addr{a.Addr("address")})
			return nil
		},
		Show: func(e *policy) []string {
			var lines []string
			for _, a := range e.It.MatchLocal {
				lines = append(lines, "match address local "+iosconfig.Upper(a))
			}
			return lines
		},
	},
	{
		Syntax: "proposal / <name:word>",
		Help:   "Specify Proposal|Name of IKEv2 proposal",
		Set: func(e *policy, a syntax.Args) error {
			if slices.Contains(e.It.Proposals, a.Word("name")) {
				e.Say("% Policy already has same proposal set ")
				return nil
			}
			e.It.Proposals = slices.Concat(e.It.Proposals, []string{a.Word("name")})
			noteProposal(e, a.Word("name"))
			return nil
		},
		Clear: func(e *policy, a syntax.Args) error {
			if !a.Given("name") {
				e.It.Proposals = nil
			}
			e.It.Proposals = editor.Without(e.It.Proposals, []string{a.Word("name")})
			return nil
		},
		Show: func(e *policy) []string {
			var lines []string
			if p := e.It; p.Name == iosconfig.DefaultName && (len(p.Proposals) == 0 || p.Proposals[0] != iosconfig.DefaultName) {
				lines = []string{"no proposal"} // it has one from the beginning
			}
			for _, p := range e.It.Proposals {
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
