package router

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
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
	on         map[string]*mappedOn // by name
}

// mappedOn is one of them.
type mappedOn struct {
	iface *ip.Interface    // nil: it has gone
	tag   string           // of its map
	asked map[int][]string // what the engine was asked for, by the sequence numbers of all entries
}

// touchedMaps is what a step has touched of crypto maps.
type touchedMaps struct {
	interfaces map[string]bool // all entries of theirs
	entries    map[string]bool // by the name of the map and sequence number, wherever they are
}

func newMapped(c *crypto.Crypto, i *ip.Interfaces) mapped {
	return mapped{Maps: crypto.NewMaps(c), interfaces: i}
}

// follow has an interface that the configuration gives a crypto map looked at, or one that had one.
func (m *mapped) follow(name, tag string, t *touchedMaps) {
	if m.on[name] == nil && tag != "" {
		put(&m.on, name, &mappedOn{asked: map[int][]string{}})
	}
	if m.on[name] != nil {
		mark(&t.interfaces, name)
	}
}

// all marks everything that is mapped.
func (m *mapped) all(t *touchedMaps) {
	for name := range m.on {
		mark(&t.interfaces, name)
	}
}

// settling is crypto maps that are worked out.
type settling struct {
	*mapped
	now     time.Time
	config  *iosconfig.Config
	lists   acl.Lists                            // where they look packets up
	demands *few.Map[string, *ikev2.ChildPolicy] // what the engine is asked for
	asked   []*ikev2.ChildPolicy                 // that is new
	gone    []string
}

// whole works out all entries of an interface.
func (s *settling) whole(name string) {
	on := s.on[name]
	if on == nil {
		return
	}
	if i := s.interfaces.Get(name); i != on.iface {
		for _, number := range slices.Sorted(maps.Keys(on.asked)) {
			if on.iface != nil {
				s.Put(s.now, on.iface, crypto.ClauseSettings{Number: number})
			}
		}
		on.iface = i
	}
	on.tag = ""
	if i := s.config.Interface(name); i != nil {
		on.tag = policy.MapOf(i)
	}
	numbers := maps.Clone(on.asked)
	for _, e := range s.config.CryptoMap(on.tag) {
		numbers[e.Sequence] = nil
	}
	for _, number := range slices.Sorted(maps.Keys(numbers)) {
		s.entry(name, number)
	}
	if on.tag == "" {
		delete(s.on, name)
	}
}

// entry works out one entry of an interface.
func (s *settling) entry(name string, number int) {
	on, set, wanted := s.on[name], crypto.ClauseSettings{Number: number}, []ikev2.ChildPolicy(nil)
	e := s.config.IPsec.Maps.Get(on.tag + " " + strconv.Itoa(number))
	if e != nil {
		set, wanted = policy.MapEntry(s.config, s.config.Interface(name), e, s.lists)
	}
	if on.iface != nil {
		s.Put(s.now, on.iface, set)
	}
	stays := map[string]bool{}
	var after []string
	for _, d := range wanted {
		if had := s.demands.Get(d.Entry); had == nil || !reflect.DeepEqual(*had, d) {
			s.asked = append(s.asked, &d)
			s.demands.Put(d.Entry, &d)
		}
		after = append(after, d.Entry)
		stays[d.Entry] = true
	}
	for _, entry := range on.asked[number] {
		if !stays[entry] {
			s.gone = append(s.gone, entry)
			s.demands.Delete(entry)
		}
	}
	if on.asked[number] = after; e == nil {
		delete(on.asked, number)
	}
}
