package show

import (
	"fmt"
	"slices"
	"strconv"
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
	Certificates  []string `json:"match_certificate_maps,omitempty"`
	LocalIdentity string   `json:"local_identity"`
	AuthLocal     string   `json:"local_authentication"`
	AuthRemote    []string `json:"remote_authentication"`
	Keyring       string   `json:"keyring"`
	PPKKeyring    string   `json:"ppk_keyring,omitempty"`
	Lifetime      int      `json:"lifetime_seconds"`
	DPD           string   `json:"dpd"`
	NATKeepalive  string   `json:"nat_keepalive"`
	IVRF          string   `json:"ivrf"`
	ProfileText
	Reauth    bool `json:"reauthentication,omitempty"`
	Childless bool `json:"childless,omitempty"` // of all profiles
}

// ProfileText is what is configured and without effect here.
type ProfileText struct {
	Trustpoints     []string `json:"trustpoints,omitempty"`
	VirtualTemplate string   `json:"virtual_template,omitempty"`
	EAPList         string   `json:"eap_authentication_list,omitempty"`
	Accounting      string   `json:"aaa_accounting,omitempty"`
	GroupList       string   `json:"aaa_group_authorization,omitempty"`
	UserList        string   `json:"aaa_user_authorization,omitempty"`
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
		Identities: []string{}, LocalIdentity: "none", AuthLocal: orElse(strings.Join(p.Methods("local"), " "), "none"), AuthRemote: append([]string{}, p.Methods("remote")...),
		Keyring: orElse(p.Keyring, "none"), PPKKeyring: p.PPKKeyring, Lifetime: orNumber(p.Lifetime, iosconfig.DefaultIKELifetime), DPD: dpdText(p.DPD),
		NATKeepalive: secondsOr(p.NATKeepalive), IVRF: orElse(p.IVRF, "none"),
		Reauth: p.Reauthentication, Childless: c.IKEv2.Childless,
		Certificates: p.MatchCertificate, ProfileText: profileText(p),
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

func profileText(p *iosconfig.Profile) ProfileText {
	one := func(command string) string { return strings.Join(p.KeptOf(command), ", ") }
	template, groups := "", p.KeptOf("aaa authorization group")
	if p.Template != 0 {
		template = strconv.Itoa(p.Template)
	}
	if p.TemplateAuto {
		template += " mode auto"
	}
	if g := p.AuthorizeCert; g.List != "" {
		groups = append([]string{"cert list " + g.List}, groups...)
	}
	if g := p.Authorize; g.List != "" {
		groups = append([]string{"psk list " + g.List}, groups...)
	}
	return ProfileText{
		Trustpoints: trustpointLines(p), VirtualTemplate: template, EAPList: one("aaa authentication eap"),
		Accounting: one("aaa accounting"), GroupList: listsOf(groups), UserList: listsOf(p.KeptOf("aaa authorization user")),
	}
}

// listsOf are the methods with their lists; what stands behind may be a password.
func listsOf(lines []string) string {
	var list []string
	for _, l := range lines {
		f := strings.Fields(l)
		if at := slices.Index(f, "list"); at >= 0 && at+1 < len(f) {
			list = append(list, strings.Join(f[:at+2], " "))
		}
	}
	return strings.Join(list, ", ")
}

// configuredIdentity is an identity as it was configured.
func configuredIdentity(id iosconfig.Identity) string {
	switch {
	case id.Kind == "any" || id.Kind == "dn":
		return id.Kind
	case id.Kind == "address" && id.Mask.IsValid() && id.Mask.Addr().Is6():
		return "address " + iosconfig.Upper(id.Mask)
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
	several(p, "  Identities:", v.Identities)
	several(p, "  Certificate maps:", v.Certificates)
	p.linef(" Local identity: %s", v.LocalIdentity)
	p.line(" Remote identity: none")
	p.linef(" Local authentication method: %s", v.AuthLocal)
	p.linef(" Remote authentication method(s): %s", orElse(strings.Join(v.AuthRemote, " "), "none"))
	p.line(" EAP options: none")
	p.linef(" Keyring: %s", v.Keyring)
	if v.PPKKeyring != "" {
		p.linef(" PPK keyring: %s", v.PPKKeyring)
	}
	several(p, " Trustpoint(s):", v.Trustpoints)
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
	template, auto := strings.CutSuffix(v.VirtualTemplate, " mode auto")
	p.linef(" Virtual-template: %s", orElse(template, "none"))
	if g == iosconfig.XE17 {
		p.linef(" mode auto: %s", map[bool]string{false: "none", true: "auto"}[auto])
		p.line(" AAA AnyConnect EAP authentication mlist: none")
	}
	p.linef(" AAA EAP authentication mlist: %s", orElse(v.EAPList, "none"))
	if g == iosconfig.XE17 {
		p.line(" AAA authentication mlist: none")
	}
	p.linef(" AAA Accounting: %s", orElse(v.Accounting, "none"))
	p.linef(" AAA group authorization: %s", orElse(v.GroupList, "none"))
	p.linef(" AAA user authorization: %s", orElse(v.UserList, "none"))
}

// several shows one thing of a list in each line.
func several(p *page, head string, list []string) {
	if len(list) == 0 {
		p.line(head + " none")
		return
	}
	p.line(head + " ")
	for _, one := range list {
		p.line("   " + one)
	}
}

// trustpointLines are the trustpoints of a profile, with their use where it is one.
func trustpointLines(p *iosconfig.Profile) (list []string) {
	for _, t := range p.Trustpoints {
		list = append(list, strings.TrimSpace(t.Name+" "+t.Use))
	}
	return list
}
