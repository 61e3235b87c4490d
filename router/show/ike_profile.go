package show

import (
	"fmt"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Profiles is `show crypto ikev2 profile [NAME]`.
type Profiles struct {
	Profiles []Profile `json:"profiles"`
}

// Profile is a profile in IOS's words; "none" stands for what it has not.
type Profile struct {
	Name          string   `json:"name"`
	References    int      `json:"references"`
	FVRF          string   `json:"fvrf"`
	MatchLocal    string   `json:"match_local"`
	Identities    []string `json:"match_identities"`
	LocalIdentity string   `json:"local_identity"`
	AuthLocal     string   `json:"local_authentication"`
	AuthRemote    []string `json:"remote_authentication"`
	Keyring       string   `json:"keyring"`
	PPKKeyring    string   `json:"ppk_keyring,omitempty"`
	Lifetime      int      `json:"lifetime_seconds"`
	DPD           string   `json:"dpd"`
	NATKeepalive  string   `json:"nat_keepalive"`
	IVRF          string   `json:"ivrf"`
	Reauth        bool     `json:"reauthentication,omitempty"`
	Childless     bool     `json:"childless,omitempty"` // of all profiles
}

// ProfilesOf takes them from a configuration.
func ProfilesOf(c *iosconfig.Config, name string) Profiles {
	s := Profiles{Profiles: []Profile{}}
	for p := range c.IKEv2.Profiles.All() {
		if name == "" || name == p.Name {
			s.Profiles = append(s.Profiles, profile(c, p))
		}
	}
	return s
}

func profile(c *iosconfig.Config, p *iosconfig.Profile) Profile {
	out := Profile{
		Name: p.Name, References: 1, FVRF: orElse(p.MatchFVRF, "global"), MatchLocal: orElse(p.MatchLocalIface, "none"),
		Identities: []string{}, LocalIdentity: "none", AuthLocal: orElse(p.AuthLocal, "none"), AuthRemote: append([]string{}, p.AuthRemote...),
		Keyring: orElse(p.Keyring, "none"), PPKKeyring: p.PPKKeyring, Lifetime: orNumber(p.Lifetime, iosconfig.DefaultIKELifetime), DPD: dpdText(p.DPD),
		NATKeepalive: secondsOr(p.NATKeepalive), IVRF: orElse(p.IVRF, "none"),
		Reauth: p.Reauthentication, Childless: c.IKEv2.Childless,
	}
	// The profile itself counts, and each IPsec profile that names it.
	for i := range c.IPsec.Profiles.All() {
		if i.IKEv2Profile == p.Name {
			out.References++
		}
	}
	if p.MatchLocalAddr.IsValid() {
		out.MatchLocal = p.MatchLocalAddr.String()
	}
	for _, id := range p.MatchRemote {
		out.Identities = append(out.Identities, configuredIdentity(id))
	}
	if p.LocalIdentity != nil {
		out.LocalIdentity = configuredIdentity(*p.LocalIdentity)
	}
	return out
}

// configuredIdentity is an identity as it was configured.
func configuredIdentity(id iosconfig.Identity) string {
	switch {
	case id.Kind == "any" || id.Kind == "dn":
		return id.Kind
	case id.Kind == "address" && id.Mask.IsValid():
		return fmt.Sprintf("address %v %s", id.Mask.Addr(), words.Mask(id.Mask.Bits()))
	case id.Domain:
		return id.Kind + " domain " + id.Value
	}
	return id.Kind + " " + id.Value
}

// Lines shows profile by profile.
func (s Profiles) Lines(g iosconfig.Generation) []string {
	var p page
	for i := range s.Profiles {
		p.profile(&s.Profiles[i], g)
	}
	return p.lines
}

func (p *page) profile(v *Profile, g iosconfig.Generation) {
	p.line("")
	p.linef("IKEv2 profile: %s", v.Name)
	if g == iosconfig.XE17 {
		p.line(" Shutdown : No")
	}
	p.linef(" Ref Count: %d", v.References)
	p.line(" Match criteria: ")
	p.linef("  Fvrf: %s", v.FVRF)
	p.linef("  Local address/interface: %s", v.MatchLocal)
	if len(v.Identities) == 0 {
		p.line("  Identities: none")
	} else {
		p.line("  Identities: ")
	}
	for _, id := range v.Identities {
		p.linef("   %s", id)
	}
	p.line("  Certificate maps: none")
	p.linef(" Local identity: %s", v.LocalIdentity)
	p.line(" Remote identity: none")
	p.linef(" Local authentication method: %s", v.AuthLocal)
	p.linef(" Remote authentication method(s): %s", orElse(strings.Join(v.AuthRemote, " "), "none"))
	p.line(" EAP options: none")
	p.linef(" Keyring: %s", v.Keyring)
	if v.PPKKeyring != "" {
		p.linef(" PPK keyring: %s", v.PPKKeyring)
	}
	p.line(" Trustpoint(s): none")
	p.linef(" Lifetime: %d seconds", v.Lifetime)
	if v.Reauth {
		p.line(" Reauthentication: enabled")
	}
	if v.Childless {
		p.line(" Childless: enabled")
	}
	p.linef(" DPD: %s", v.DPD)
	p.linef(" NAT-keepalive: %s", v.NATKeepalive)
	p.linef(" Ivrf: %s", v.IVRF)
	p.line(" Virtual-template: none")
	if g == iosconfig.XE17 {
		p.add(" mode auto: none", " AAA AnyConnect EAP authentication mlist: none", " AAA EAP authentication mlist: none", " AAA authentication mlist: none")
	} else {
		p.line(" AAA EAP authentication mlist: none")
	}
	p.add(" AAA Accounting: none", " AAA group authorization: none", " AAA user authorization: none")
}
