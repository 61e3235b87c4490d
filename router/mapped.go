package router

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec/few"
	"ikelab/router/acl"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/policy"
)

// mapped are the interfaces that have a crypto map.
type mapped struct {
	*crypto.Maps
	interfaces *ip.Interfaces
	entries    map[string][]string // what the engine was asked for, by interface
}

func newMapped(c *crypto.Crypto, i *ip.Interfaces) mapped {
	return mapped{Maps: crypto.NewMaps(c), interfaces: i}
}

// follow has an interface that the configuration gives a crypto map looked at.
func (m *mapped) follow(c *iosconfig.Interface) {
	if _, has := m.entries[c.Name()]; !has && c.CryptoMap != "" {
		put(&m.entries, c.Name(), nil)
	}
}

// concern says whether the crypto maps of interfaces follow from an interface: it has one, or
// the address of one.
func (m *mapped) concern(c *iosconfig.Config, name string) bool {
	if _, has := m.entries[name]; has || len(m.entries) == 0 {
		return has
	}
	for s := range c.IPsec.MapSources.All() {
		if s.Interface == name {
			return true
		}
	}
	return false
}

// any says whether an entry of a crypto map is like that, where interfaces have one.
func (m *mapped) any(c *iosconfig.Config, like func(*iosconfig.CryptoMap) bool) bool {
	if len(m.entries) == 0 {
		return false
	}
	for e := range c.IPsec.Maps.All() {
		if like(e) {
			return true
		}
	}
	return false
}

// namesPeer says whether an entry has a peer that is known by its name.
func namesPeer(e *iosconfig.CryptoMap) bool {
	return slices.ContainsFunc(e.Peers, func(p iosconfig.MapPeer) bool { return p.Name != "" })
}

// settle gives the interfaces their crypto maps: what the engine is to be asked for,
// and for what no more.
func (m *mapped) settle(now time.Time, c *iosconfig.Config, lists acl.Lists, demands *few.Map[string, *ikev2.ChildPolicy]) (asked []*ikev2.ChildPolicy, gone []string) {
	for _, name := range slices.Sorted(maps.Keys(m.entries)) {
		set, wanted := crypto.MapSettings{}, []ikev2.ChildPolicy(nil)
		if i := c.Interface(name); i != nil {
			set, wanted = policy.Map(c, i, lists)
		}
		if i := m.interfaces.Get(name); i != nil {
			m.Set(now, i, set)
		}
		before, after, stays := m.entries[name], []string(nil), map[string]bool{}
		for _, d := range wanted {
			if had := demands.Get(d.Entry); had == nil || !reflect.DeepEqual(*had, d) {
				asked = append(asked, &d)
				demands.Put(d.Entry, &d)
			}
			after = append(after, d.Entry)
			stays[d.Entry] = true
		}
		for _, entry := range before {
			if !stays[entry] {
				gone = append(gone, entry)
				demands.Delete(entry)
			}
		}
		if m.entries[name] = after; set.Tag == "" {
			delete(m.entries, name)
		}
	}
	return asked, gone
}
