package show

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// CryptoMaps is `show crypto map`.
type CryptoMaps struct {
	Entries []CryptoMap `json:"entries"` // map by map
}

// CryptoMap is an entry of a crypto map with what it inherits.
type CryptoMap struct {
	Name          string         `json:"name"`
	Sequence      int            `json:"sequence"`
	Description   string         `json:"description,omitempty"`
	Peers         []string       `json:"peers"`
	IKEv2Profile  string         `json:"ikev2_profile,omitempty"`
	AccessList    string         `json:"access_list,omitempty"`
	Permits       []string       `json:"access_list_lines"`
	CurrentPeer   netip.Addr     `json:"current_peer,omitzero"` // none was needed yet
	Seconds       int            `json:"lifetime_seconds"`
	Kilobytes     int64          `json:"lifetime_kilobytes"`  // 0: no limit
	Idle          int            `json:"idle_time,omitempty"` // seconds; 0: none
	PerHost       bool           `json:"per_host"`
	PFS           int            `json:"pfs_group"` // 0: none
	PQC           []string       `json:"pqc_key_exchange,omitempty"`
	TransformSets []TransformSet `json:"transform_sets"`
	Reverse       bool           `json:"reverse_route,omitempty"`
	Interfaces    []string       `json:"interfaces"`                 // that use the map
	Profile       string         `json:"ipsec_profile,omitempty"`    // of a tunnel's own map: what all its peers have
	Instance      bool           `json:"profile_instance,omitempty"` // and one peer of it
	ResponderOnly bool           `json:"responder_only,omitempty"`
}

// cryptoMaps are the entries of one map ("": of all), or those that an interface has.
func cryptoMaps(c *iosconfig.Config, flows []crypto.FlowState, w Which) CryptoMaps {
	out := CryptoMaps{Entries: []CryptoMap{}}
	for _, name := range c.CryptoMaps() {
		users := []string{}
		for i := range c.Interfaces.All() {
			if i.CryptoMap == name && (w.Interface == "" || w.Interface == i.Name()) {
				users = append(users, i.Name())
			}
		}
		if w.Map != "" && w.Map != name || w.Interface != "" && len(users) == 0 {
			continue
		}
		for _, m := range c.CryptoMap(name) {
			v := cryptoMap(c, m)
			v.CurrentPeer, v.Interfaces = currentPeer(flows, m), users
			out.Entries = append(out.Entries, v)
		}
	}
	out.Entries = append(out.Entries, tunnelMaps(c, flows, w)...)
	return out
}

// currentPeer is the one that the entry has, or had last, SAs with.
func currentPeer(flows []crypto.FlowState, m *iosconfig.CryptoMap) (peer netip.Addr) {
	for _, f := range flows {
		if f.Map == m.Name && f.Sequence == m.Sequence && !f.UpSince.IsZero() {
			peer = f.Remote
		}
	}
	return peer
}

func cryptoMap(c *iosconfig.Config, m *iosconfig.CryptoMap) CryptoMap {
	out := CryptoMap{
		Name: m.Name, Sequence: m.Sequence, Description: m.Description, Peers: peersOf(c, m), IKEv2Profile: m.IKEv2Profile,
		AccessList: m.Match, Permits: []string{}, Idle: orNumber(m.IdleTime, c.IPsec.IdleTime), PerHost: m.PerHost, PFS: m.PFS, PQC: added(m.PFSPQC),
		TransformSets: setsNamed(c, m.TransformSets), Reverse: m.Reverse.On,
	}
	out.Seconds, out.Kilobytes = m.Lifetime.Within(c.IPsec.Lifetime).Limits()
	if l := c.Access.Get(m.Match); l != nil {
		for _, line := range l.Entries() {
			out.Permits = append(out.Permits, line.String())
		}
	}
	return out
}

// peersOf are peers by their addresses, where those are known.
func peersOf(c *iosconfig.Config, m *iosconfig.CryptoMap) []string {
	list := []string{}
	for _, p := range m.Peers {
		if a, ok := c.AddressOfPeer(p); ok {
			list = append(list, a.String())
		} else {
			list = append(list, p.Name)
		}
	}
	return list
}

// setsNamed are transform sets by their names.
func setsNamed(c *iosconfig.Config, names []string) []TransformSet {
	out := []TransformSet{}
	for _, tag := range names {
		set := TransformSet{Name: tag, Transforms: []string{}}
		if t := c.TransformSet(tag); t != nil {
			set = transformSet(t)
		}
		out = append(out, set)
	}
	return out
}

// incomplete: such an entry protects nothing.
func (v *CryptoMap) incomplete() bool {
	return v.Profile == "" && (len(v.Peers) == 0 || len(v.Permits) == 0)
}

// Lines shows entry by entry; behind the last one of a map stand the interfaces.
func (s CryptoMaps) Lines(g iosconfig.Generation) []string {
	var p page
	for i := range s.Entries {
		v := &s.Entries[i]
		if v.Profile != "" && v.IKEv2Profile != "" {
			p.linef("Crypto Map: %q IKEv2 profile: %s", v.Name, v.IKEv2Profile).line("")
		}
		p.mapEntry(v, g)
		if i+1 == len(s.Entries) || s.Entries[i+1].Name != v.Name {
			p.linef("\tInterfaces using crypto map %s:", v.Name)
			for _, name := range v.Interfaces {
				p.linef("\t\t%s", name)
			}
		}
		p.line("")
	}
	return p.lines
}

func (p *page) mapEntry(v *CryptoMap, g iosconfig.Generation) {
	family := ""
	if g == iosconfig.XE17 {
		family = "IPv4 "
	}
	p.linef("Crypto Map %s%q %d ipsec-isakmp", family, v.Name, v.Sequence)
	if v.Description != "" {
		p.linef("\tDescription: %s", v.Description)
	}
	if v.Instance {
		p.line("\tMap is a PROFILE INSTANCE.")
	}
	if v.incomplete() {
		p.line("\tWARNING: This crypto map is in an incomplete state!").line("\t\t(missing peer or access-list definitions)")
	}
	for _, peer := range v.Peers {
		p.linef("\tPeer = %s", peer)
	}
	if v.IKEv2Profile != "" {
		p.linef("\tIKEv2 Profile: %s", v.IKEv2Profile)
	}
	if v.Profile != "" {
		p.linef("\tProfile name: %s", v.Profile)
	} else if g == iosconfig.XE17 {
		p.line("\tAccess-List SS dynamic: False")
	}
	p.mapList(v)
	if v.CurrentPeer.IsValid() {
		p.linef("\tCurrent peer: %v", v.CurrentPeer)
	}
	p.lifetimes("\t", v.Seconds, v.Kilobytes)
	if g == iosconfig.XE17 {
		p.line("\tDualstack (Y/N): N").line("")
	}
	if v.Idle != 0 {
		p.linef("\tSecurity association idletime: %d seconds", v.Idle)
	}
	if v.PerHost {
		p.line("\tSecurity association level: per-host")
	}
	p.negotiates(v.ResponderOnly, v.PFS, v.PQC, v.TransformSets)
	if v.Reverse {
		p.line("\tReverse Route Injection Enabled")
	}
	if v.Instance {
		p.line("\tAlways create SAs")
	}
}

func (p *page) mapList(v *CryptoMap) {
	switch {
	case v.Profile != "":
		return
	case v.Instance:
		p.line("\tExtended IP access list ")
	case v.AccessList == "":
		p.line("\tNo matching address list set.")
		return
	default:
		p.linef("\tExtended IP access list %s", v.AccessList)
	}
	for _, line := range v.Permits {
		p.linef("\t    access-list %s %s", v.AccessList, line)
	}
}

// lifetimes is the line of a lifetime, behind what it is indented by.
func (p *page) lifetimes(indent string, seconds int, kilobytes int64) {
	life := fmt.Sprintf("%d seconds", seconds)
	if kilobytes != 0 {
		life = fmt.Sprintf("%d kilobytes/%s", kilobytes, life)
	}
	p.linef("%sSecurity association lifetime: %s", indent, life)
}

// negotiates is what crypto maps and IPsec profiles have in common.
func (p *page) negotiates(responderOnly bool, pfs int, pqc []string, sets []TransformSet) {
	p.linef("\tResponder-Only (Y/N): %s", yn(responderOnly))
	p.linef("\tPFS (Y/N): %s", yn(pfs != 0))
	if pfs != 0 {
		p.linef("\t\tDH group:  group%d", pfs)
	}
	if len(pqc) > 0 {
		p.linef("\t\tPQC Key Exchange: %s", strings.Join(pqc, " "))
	}
	p.line("\tMixed-mode : Disabled")
	p.line("\tTransform sets={ ")
	for _, t := range sets {
		p.linef("\t\t%s:  { %s  } , ", t.Name, strings.Join(t.Transforms, " "))
	}
	p.line("\t}")
}
