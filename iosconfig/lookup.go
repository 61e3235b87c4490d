package iosconfig

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
)

// What a name stands for. Smart defaults count unless they were taken away.

// Interface returns the interface with the full name, or nil.
func (c *Config) Interface(name string) *Interface { return c.Interfaces.Get(name) }

// AddressOf is the address of an interface with its mask: its primary one, or that of
// whose it uses; invalid: none.
func (c *Config) AddressOf(name string) netip.Prefix {
	i := c.Interface(name)
	if i != nil && i.Unnumbered != "" {
		vrf := i.VRF
		if i = c.Interface(i.Unnumbered); i != nil && i.VRF != vrf {
			return netip.Prefix{}
		}
	}
	if i == nil {
		return netip.Prefix{}
	}
	return i.Address
}

// LinkMTUOf is what `mtu` says of an interface, or of that of which it is a part; 0:
// nothing.
func (c *Config) LinkMTUOf(i *Interface) int {
	main, _, part := strings.Cut(i.Name(), ".")
	if whole := c.Interface(main); part && whole != nil {
		return whole.LinkMTU
	}
	return i.LinkMTU
}

// Keyring returns the keyring with the name, or nil.
func (c *Config) Keyring(name string) *Keyring { return c.IKEv2.Keyrings.Get(name) }

// Profile returns the IKEv2 profile with the name, or nil.
func (c *Config) Profile(name string) *Profile { return c.IKEv2.Profiles.Get(name) }

// Proposal returns the proposal with the name, or nil.
func (c *Config) Proposal(name string) *Proposal {
	return orSmart(&c.IKEv2.Proposals, name, c.IKEv2.NoDefaults.Proposal, c.Generation.DefaultProposal)
}

// Policy returns the policy with the name, or nil.
func (c *Config) Policy(name string) *Policy {
	return orSmart(&c.IKEv2.Policies, name, c.IKEv2.NoDefaults.Policy, c.Generation.DefaultPolicy)
}

// TransformSet returns the transform set with the name, or nil.
func (c *Config) TransformSet(name string) *TransformSet {
	return orSmart(&c.IPsec.TransformSets, name, c.IKEv2.NoDefaults.TransformSet, c.Generation.DefaultTransformSet)
}

// IPsecProfile returns the IPsec profile with the name, or nil.
func (c *Config) IPsecProfile(name string) *IPsecProfile {
	return orSmart(&c.IPsec.Profiles, name, c.IKEv2.NoDefaults.IPsecProfile, c.Generation.DefaultIPsecProfile)
}

// CryptoMap are the entries of the crypto map with the name, in their order.
func (c *Config) CryptoMap(name string) []*CryptoMap {
	list := slices.Collect(Beginning(&c.IPsec.Maps, name+" "))
	slices.SortFunc(list, func(a, b *CryptoMap) int { return a.Sequence - b.Sequence })
	return list
}

// MapTexts are the lines of crypto maps that nothing acts on.
const MapTexts = "crypto map"

// CryptoMaps are the names of all crypto maps, also of those that have no entry.
func (c *Config) CryptoMaps() []string {
	var names []string
	for m := range c.IPsec.Maps.All() {
		names = append(names, m.Name)
	}
	for s := range c.IPsec.MapSources.All() {
		names = append(names, s.Name)
	}
	for _, line := range c.Texts.Lines(MapTexts) {
		names = append(names, strings.Fields(line)[2])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func orSmart[O any](list *List[O], name string, off bool, smart func() *O) *O {
	o := list.Get(name)
	if o == nil && name == DefaultName && !off {
		return smart()
	}
	return o
}

// Complete says whether the proposal can be used: encryption, group, and
// integrity or (with AES-GCM) a PRF.
func (p *Proposal) Complete() bool {
	third := p.Integrity
	if p.Combined() {
		third = p.PRF
	}
	return len(p.Encryption) > 0 && len(p.Group) > 0 && len(third) > 0
}

// CompletePolicy says whether a complete proposal is attached.
func (c *Config) CompletePolicy(p *Policy) bool {
	return slices.ContainsFunc(p.Proposals, func(name string) bool {
		q := c.Proposal(name)
		return q != nil && q.Complete()
	})
}

// Complete says whether the profile can be used: both authentication methods
// and something to match.
func (p *Profile) Complete() bool {
	return len(p.Methods("local")) > 0 && len(p.Methods("remote")) > 0 && (len(p.MatchRemote) > 0 || len(p.MatchCertificate) > 0)
}

// Methods are those by which a side, "local" or "remote", proves who it is.
func (p *Profile) Methods(side string) []string {
	methods := slices.Clone(p.AuthRemote)
	if side == "local" {
		methods = nil
		if p.AuthLocal != "" {
			methods = []string{p.AuthLocal}
		}
	}
	return append(methods, p.KeptOf("authentication "+side)...)
}

// KeptOf is what stands behind a command of the lines that are without effect.
func (p *Profile) KeptOf(command string) (rest []string) {
	for _, line := range p.Kept {
		if after, ok := strings.CutPrefix(line, command+" "); ok {
			rest = append(rest, after)
		}
	}
	return rest
}

// VRFNumber is the number of a VRF, which it keeps as long as it is there: they are
// counted as they are made. 0 is the global table, "", and -1 a name without a VRF.
func VRFNumber(c *Config, name string) int {
	if name == "" {
		return 0
	}
	if n := c.VRFs.Number(name); n > 0 {
		return n
	}
	return -1
}

// InVRF are the interfaces of a VRF.
func InVRF(c *Config, name string) (list []*Interface) {
	for user := range c.Interfaces.users(KindVRF.Named(name)) {
		if i := c.Interface(user); i.VRF == name {
			list = append(list, i)
		}
	}
	return list
}

// InsideOf is the VRF of what an entry of an interface's crypto map protects: that of its
// IKEv2 profile, or the interface's.
func InsideOf(c *Config, i *Interface, m *CryptoMap) string {
	if p := c.Profile(m.IKEv2Profile); p != nil && p.IVRF != "" {
		return p.IVRF
	}
	return i.VRF
}

// ParseNet combines an address with its mask; false when the mask has holes.
func ParseNet(address, mask netip.Addr) (netip.Prefix, bool) {
	ones := binary.BigEndian.Uint32(mask.AsSlice())
	bits := 0
	for ones&(1<<31) != 0 {
		ones <<= 1
		bits++
	}
	return netip.PrefixFrom(address, bits), ones == 0
}

// All that count: those of the configuration, and the smart default behind
// them unless it is there edited or was taken away.

// Proposals are the proposals that count.
func (c *Config) Proposals() []*Proposal {
	return withSmart(&c.IKEv2.Proposals, c.IKEv2.NoDefaults.Proposal, c.Generation.DefaultProposal)
}

// Policies are the policies that count.
func (c *Config) Policies() []*Policy {
	return withSmart(&c.IKEv2.Policies, c.IKEv2.NoDefaults.Policy, c.Generation.DefaultPolicy)
}

// TransformSets are the transform sets that count.
func (c *Config) TransformSets() []*TransformSet {
	return withSmart(&c.IPsec.TransformSets, c.IKEv2.NoDefaults.TransformSet, c.Generation.DefaultTransformSet)
}

// IPsecProfiles are the IPsec profiles that count.
func (c *Config) IPsecProfiles() []*IPsecProfile {
	return withSmart(&c.IPsec.Profiles, c.IKEv2.NoDefaults.IPsecProfile, c.Generation.DefaultIPsecProfile)
}

func withSmart[O any](list *List[O], off bool, smart func() *O) []*O {
	all := slices.Collect(list.All())
	if !off && list.Get(DefaultName) == nil {
		all = append(all, smart())
	}
	return all
}

// HasRouteMap says whether there is a route map of a name.
func (c *Config) HasRouteMap(name string) bool { return c.HasText("route-map", name) }

// HasText says whether a line of a family has a name behind the family's words.
func (c *Config) HasText(family, name string) bool {
	stands := func(line string) bool { return line == family+" "+name || strings.HasPrefix(line, family+" "+name+" ") }
	for words := family; ; {
		if slices.ContainsFunc(c.Texts.Lines(words), stands) {
			return true
		}
		last := strings.LastIndexByte(words, ' ') // "aaa authorization network" is kept under "aaa authorization"
		if last < 0 {
			return false
		}
		words = words[:last]
	}
}

// SignsWith says whether a profile is to prove itself by the certificate of a trustpoint.
func SignsWith(c *Config, trustpoint string) bool {
	for p := range c.IKEv2.Profiles.All() {
		if p.AuthLocal == "" || p.AuthLocal == "pre-share" {
			continue
		}
		if len(p.Trustpoints) == 0 || slices.ContainsFunc(p.Trustpoints, func(t ProfileTrustpoint) bool { return t.Name == trustpoint && t.Use != "verify" }) {
			return true
		}
	}
	return false
}

// StandbyNamed says whether there may be a group of HSRP of that name: one that is configured, or has the name of
// its interface and number.
func StandbyNamed(c *Config, name string) bool {
	usual := strings.HasPrefix(name, "hsrp-")
	for i := range c.Interfaces.All() {
		for n := range i.Standby.Groups {
			if g := &i.Standby.Groups[n]; g.On && (g.Name == name || usual && g.Name == "") {
				return true
			}
		}
	}
	return false
}
