package router

import (
	"iter"
	"strings"

	"ikelab/iosconfig"
)

// What objects name beside the IKEv2 and IPsec profiles of tunnels: mostly few of them do. An
// object is found by its kind and name.

// host is what a name of `ip host` counts as.
const host iosconfig.Kind = "host"

func object(kind iosconfig.Kind, name string) string { return string(kind) + " " + name }

// namers are the objects of a kind that name another one.
func (f *following) namers(of iosconfig.Kind, name string, kind iosconfig.Kind) iter.Seq[string] {
	return func(yield func(string) bool) {
		for user := range f.others.beginning(object(of, name), object(kind, "")) {
			if !yield(user[len(kind)+1:]) {
				return
			}
		}
	}
}

// name notes which objects of a kind one names, and no others; "" is none.
func (f *following) name(user string, of iosconfig.Kind, names ...string) {
	f.others.set(user, kinds(nil, of, names...)...)
}

// kinds adds objects of a kind to a list.
func kinds(list []string, kind iosconfig.Kind, names ...string) []string {
	for _, name := range names {
		if name != "" {
			list = append(list, object(kind, name))
		}
	}
	return list
}

// followInterface notes the crypto map of an interface, and the VRF that its tunnel is in.
func (f *following) followInterface(name string, i *iosconfig.Interface) {
	var names []string
	if i != nil {
		names = kinds(kinds(nil, iosconfig.KindCryptoMap, i.CryptoMap), iosconfig.KindVRF, i.Tunnel.VRF)
	}
	f.others.set(object(iosconfig.KindInterface, name), names...)
}

// followMap notes what an entry of a crypto map names; nil: it has gone.
func (f *following) followMap(key string, e *iosconfig.CryptoMap) {
	var names []string
	if e != nil {
		names = kinds(kinds(setsOf(&e.Protection), iosconfig.KindAccessList, e.Match), iosconfig.KindProfile, e.IKEv2Profile)
		for _, p := range e.Peers {
			names = kinds(names, host, strings.ToLower(p.Name))
		}
	}
	f.others.set(object(iosconfig.KindCryptoMap, key), names...)
}

// setsOf are the transform sets of what protects: the default one where it names none.
func setsOf(p *iosconfig.Protection) []string {
	if len(p.TransformSets) == 0 {
		return kinds(nil, iosconfig.KindTransformSet, iosconfig.DefaultName)
	}
	return kinds(nil, iosconfig.KindTransformSet, p.TransformSets...)
}

// followMapSource notes the interface whose address a crypto map has.
func (f *following) followMapSource(name string, s *iosconfig.MapSource) {
	lender := ""
	if s != nil {
		lender = s.Interface
	}
	f.name(object(iosconfig.KindCryptoMap, name), iosconfig.KindInterface, lender)
}

// followAccessList notes the object groups of an access list.
func (f *following) followAccessList(name string, l *iosconfig.AccessList) {
	var groups []string
	if l != nil {
		for _, line := range l.Lines {
			groups = append(groups, line.Groups()...)
		}
	}
	f.name(object(iosconfig.KindAccessList, name), iosconfig.KindObjectGroup, groups...)
}

// followGroup notes the groups in an object group.
func (f *following) followGroup(name string, g *iosconfig.ObjectGroup) {
	var groups []string
	if g != nil {
		for _, m := range g.Members {
			groups = append(groups, m.Group)
		}
	}
	f.name(object(iosconfig.KindObjectGroup, name), iosconfig.KindObjectGroup, groups...)
}

// listsOf are the access lists that an object group is in, at any depth.
func (f *following) listsOf(group string) map[string]bool {
	lists, seen := map[string]bool{}, map[string]bool{group: true}
	for groups := []string{group}; len(groups) > 0; groups = groups[1:] {
		addTo(lists, f.namers(iosconfig.KindObjectGroup, groups[0], iosconfig.KindAccessList))
		for g := range f.namers(iosconfig.KindObjectGroup, groups[0], iosconfig.KindObjectGroup) {
			if !seen[g] {
				seen[g] = true
				groups = append(groups, g)
			}
		}
	}
	return lists
}
