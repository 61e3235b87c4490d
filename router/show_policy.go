package router

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
)

// showProposals is `show crypto ikev2 proposal [NAME]`: the proposals as the
// engine has them, smart default included.
func (x *exec) showProposals(name string) {
	list := slices.Clone(x.r.engineConfig().Proposals)
	slices.SortStableFunc(list, func(a, b *ikev2.Proposal) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if name != "" && name != p.Name {
			continue
		}
		x.linef(" IKEv2 proposal: %s ", p.Name)
		x.linef("     Encryption : %s", joined(p.Encr, encrWithSize))
		x.linef("     Integrity  : %s", joined(p.Integ, func(i ipsec.IntegID) string { return named(integNames, i) }))
		x.linef("     PRF        : %s", joined(p.PRF, func(i ipsec.PRFID) string { return named(prfNames, i) }))
		x.linef("     DH Group   : %s", joined(p.Group, func(g ipsec.Group) string { return named(groupNames, g) }))
	}
}

// defaultFirst orders "default" before every other name.
func defaultFirst(a, b string) int {
	switch {
	case a == "default" && b != "default":
		return -1
	case b == "default" && a != "default":
		return 1
	}
	return 0
}

// joined lists names with blanks between; an empty list is "none".
func joined[T any](list []T, name func(T) string) string {
	if len(list) == 0 {
		return "none"
	}
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = name(v)
	}
	return strings.Join(names, " ")
}

// showPolicies is `show crypto ikev2 policy [NAME]`. IOS puts one blank after
// "fvrf" for the default policy and two for the others.
func (x *exec) showPolicies(name string) {
	list := slices.Clone(x.r.engineConfig().Policies)
	slices.SortStableFunc(list, func(a, b ikev2.Policy) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if name != "" && name != p.Name {
			continue
		}
		x.linef(" IKEv2 policy : %s", p.Name)
		if p.Name == "default" {
			x.line("      Match fvrf : any")
		} else {
			x.linef("      Match fvrf  : %s", x.policyVRF(p.Name))
		}
		if len(p.Match) == 0 {
			x.line("      Match address local : any ")
		}
		for _, a := range p.Match {
			x.linef("      Match address local : %v ", a)
		}
		for _, proposal := range p.Proposals {
			x.linef("      Proposal    : %s ", proposal)
		}
	}
}

func (x *exec) policyVRF(name string) string {
	for _, p := range x.r.running().IKEv2.Policies {
		if p.Name == name && p.MatchFVRF != "" {
			return p.MatchFVRF
		}
	}
	return "global"
}

// showProfiles is `show crypto ikev2 profile [NAME]`.
func (x *exec) showProfiles(name string) {
	for _, p := range x.r.running().IKEv2.Profiles {
		if name == "" || name == p.Name {
			x.profile(p)
		}
	}
}

func (x *exec) profile(p *iosconfig.Profile) {
	x.line("")
	x.linef("IKEv2 profile: %s", p.Name)
	x.linef(" Ref Count: %d", x.references(p))
	x.line(" Match criteria: ")
	x.linef("  Fvrf: %s", orElse(p.MatchFVRF, "global"))
	x.linef("  Local address/interface: %s", orElse(matchLocal(p), "none"))
	if len(p.MatchRemote) == 0 {
		x.line("  Identities: none")
	} else {
		x.line("  Identities: ")
	}
	for _, id := range p.MatchRemote {
		x.linef("   %s", configuredIdentity(id))
	}
	x.line("  Certificate maps: none")
	local := "none"
	if p.LocalIdentity != nil {
		local = configuredIdentity(*p.LocalIdentity)
	}
	x.linef(" Local identity: %s", local)
	x.line(" Remote identity: none")
	x.linef(" Local authentication method: %s", orElse(p.AuthLocal, "none"))
	x.linef(" Remote authentication method(s): %s", orElse(strings.Join(p.AuthRemote, " "), "none"))
	x.line(" EAP options: none")
	x.linef(" Keyring: %s", orElse(p.Keyring, "none"))
	x.line(" Trustpoint(s): none")
	x.linef(" Lifetime: %d seconds", orNumber(p.Lifetime, 86400))
	x.linef(" DPD: %s", dpdText(p.DPD))
	x.linef(" NAT-keepalive: %s", secondsOr(p.NATKeepalive))
	for _, l := range []string{
		" Ivrf: " + orElse(p.IVRF, "none"), " Virtual-template: none", " AAA EAP authentication mlist: none", " AAA Accounting: none",
		" AAA group authorization: none", " AAA user authorization: none",
	} {
		x.line(l)
	}
}

// references counts what points at a profile: the profile itself and the
// IPsec profiles that name it.
func (x *exec) references(p *iosconfig.Profile) int {
	n := 1
	for _, i := range x.r.running().IPsec.Profiles {
		if i.IKEv2Profile == p.Name {
			n++
		}
	}
	return n
}

func matchLocal(p *iosconfig.Profile) string {
	if p.MatchLocalAddr.IsValid() {
		return p.MatchLocalAddr.String()
	}
	return p.MatchLocalIface
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orNumber(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
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

// configuredIdentity is an identity as it was configured.
func configuredIdentity(id iosconfig.Identity) string {
	switch {
	case id.Kind == "any" || id.Kind == "dn":
		return id.Kind
	case id.Kind == "address" && id.Mask.IsValid():
		return fmt.Sprintf("address %v %s", id.Mask.Addr(), maskText(id.Mask.Bits()))
	case id.Domain:
		return id.Kind + " domain " + id.Value
	}
	return id.Kind + " " + id.Value
}

// showIPsecProfiles is `show crypto ipsec profile [NAME]`.
func (x *exec) showIPsecProfiles(name string) {
	cfg := x.r.running()
	own := slices.ContainsFunc(cfg.IPsec.Profiles, func(p *iosconfig.IPsecProfile) bool { return p.Name == "default" })
	if (name == "" || name == "default") && !own && !cfg.IKEv2.NoDefaults.IPsecProfile {
		x.ipsecProfile(&iosconfig.IPsecProfile{Name: "default", TransformSets: []string{"default"}})
	}
	for _, p := range cfg.IPsec.Profiles {
		if name == "" || name == p.Name {
			x.ipsecProfile(p)
		}
	}
}

func (x *exec) ipsecProfile(p *iosconfig.IPsecProfile) {
	x.linef("IPSEC profile %s", p.Name)
	if p.IKEv2Profile != "" {
		x.linef("\tIKEv2 Profile: %s", p.IKEv2Profile)
	}
	x.linef("\tSecurity association lifetime: %s", x.lifetimeText(p.Lifetime))
	x.linef("\tResponder-Only (Y/N): %s", yn(p.ResponderOnly))
	x.linef("\tPFS (Y/N): %s", yn(p.PFS != 0))
	if p.PFS != 0 {
		x.linef("\t\tDH group:  group%d", p.PFS)
	}
	x.line("\tMixed-mode : Disabled")
	x.line("\tTransform sets={ ")
	for _, name := range p.TransformSets {
		x.linef("\t\t%s:  { %s  } , ", name, setText(x.transforms(name)))
	}
	x.line("\t}").line("")
}

// lifetimeText is a lifetime with what it inherits.
func (x *exec) lifetimeText(l iosconfig.Lifetime) string {
	global := x.r.running().IPsec.Lifetime
	secs := orNumber(l.Seconds, orNumber(global.Seconds, 3600))
	switch {
	case l.KilobytesDisable, l.Kilobytes == 0 && global.KilobytesDisable:
		return fmt.Sprintf("%d seconds", secs)
	case l.Kilobytes != 0:
		return fmt.Sprintf("%d kilobytes/%d seconds", l.Kilobytes, secs)
	case global.Kilobytes != 0:
		return fmt.Sprintf("%d kilobytes/%d seconds", global.Kilobytes, secs)
	}
	return fmt.Sprintf("4608000 kilobytes/%d seconds", secs)
}

// transforms are those of a transform set; the default set when it is not
// configured.
func (x *exec) transforms(name string) []string {
	for _, t := range x.r.running().IPsec.TransformSets {
		if t.Name == name {
			return t.Transforms
		}
	}
	if name == "default" {
		return []string{"esp-aes", "esp-sha-hmac"}
	}
	return nil
}
