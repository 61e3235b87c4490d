package router

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
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

// note has an interface with a crypto map looked at whenever something changes that
// it may depend on. It says whether any has one.
func (m *mapped) note(c *iosconfig.Interface) bool {
	if _, has := m.entries[c.Name()]; !has && c.CryptoMap != "" {
		put(&m.entries, c.Name(), nil)
	}
	return len(m.entries) > 0
}

// settle gives the interfaces their crypto maps: what the engine is to be asked for,
// and for what no more.
func (m *mapped) settle(now time.Time, c *iosconfig.Config, lists acl.Lists, demands map[string]ikev2.ChildPolicy) (asked []ikev2.ChildPolicy, gone []string) {
	for _, name := range slices.Sorted(maps.Keys(m.entries)) {
		set, wanted := crypto.MapSettings{}, []ikev2.ChildPolicy(nil)
		if i := c.Interface(name); i != nil {
			set, wanted = policy.Map(c, i, lists)
		}
		if i := m.interfaces.Get(name); i != nil {
			m.Set(now, i, set)
		}
		before, after := m.entries[name], []string(nil)
		for _, d := range wanted {
			if had, ok := demands[d.Entry]; !ok || !reflect.DeepEqual(had, d) {
				asked = append(asked, d)
				demands[d.Entry] = d
			}
			after = append(after, d.Entry)
		}
		for _, entry := range before {
			if !slices.Contains(after, entry) {
				gone = append(gone, entry)
				delete(demands, entry)
			}
		}
		if m.entries[name] = after; set.Tag == "" {
			delete(m.entries, name)
		}
	}
	return asked, gone
}
