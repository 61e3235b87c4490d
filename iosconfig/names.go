package iosconfig

import (
	"strconv"
	"strings"
)

// What objects name.

// with adds objects of a kind to a list; "" is none.
func with(list []Object, kind Kind, names ...string) []Object {
	for _, name := range names {
		if name != "" {
			list = append(list, Object{kind, name})
		}
	}
	return list
}

func (i *Interface) names(any) []Object {
	list := with(nil, KindInterface, i.Unnumbered, i.IPv6.Unnumbered)
	list = with(list, KindVRF, i.VRF, i.Tunnel.VRF)
	list = with(list, KindCryptoMap, i.CryptoMap)
	return with(list, KindIPsecProfile, i.Tunnel.Protection)
}

// names has the default transform set where others are not named.
func (p *Protection) names() []Object {
	list := with(nil, KindProfile, p.IKEv2Profile)
	if len(p.TransformSets) == 0 {
		return with(list, KindTransformSet, DefaultName)
	}
	return with(list, KindTransformSet, p.TransformSets...)
}

func (p *IPsecProfile) names(any) []Object { return p.Protection.names() }

func (m *CryptoMap) names(any) []Object {
	list := with(m.Protection.names(), KindAccessList, m.Match)
	for _, p := range m.Peers {
		list = with(list, KindHost, strings.ToLower(p.Name))
	}
	return list
}

func (s *MapSource) names(any) []Object { return with(nil, KindInterface, s.Interface) }

func (p *Policy) names(any) []Object { return with(nil, KindProposal, p.Proposals...) }

func (p *Profile) names(any) []Object {
	list := with(nil, KindKeyring, p.Keyring, p.PPKKeyring)
	list = with(list, KindVRF, p.IVRF, p.MatchFVRF)
	list = with(list, KindInterface, p.MatchLocalIface)
	list = with(list, KindAuthorization, p.Authorize.Policy, p.AuthorizeCert.Policy)
	if p.Template != 0 {
		list = with(list, KindTemplate, strconv.Itoa(p.Template))
	}
	return list
}

func (p *KeyringPeer) names(any) []Object { return with(nil, KindHost, strings.ToLower(p.Hostname)) }

// names are those of its peers, of which there may be thousands.
func (k *Keyring) names(other any) (list []Object) {
	var before naming
	if o, ok := other.(*Keyring); ok {
		before = namingIn(&o.Peers.objects)
	}
	now := namingIn(&k.Peers.objects)
	for _, key := range now.differs(before.Tree) {
		o := named(key)
		for range now.users(o) {
			list = append(list, o)
			break
		}
	}
	return list
}

// names are those of its lines, of which there may be thousands.
func (a *AccessList) names(other any) (list []Object) {
	var before Tree[string, int]
	if o, ok := other.(*AccessList); ok {
		before = o.groups
	}
	for _, name := range a.groups.differs(before) {
		if _, ok := a.groups.Get(name); ok {
			list = with(list, KindObjectGroup, name)
		}
	}
	return list
}

func (g *ObjectGroup) names(any) (list []Object) {
	for _, m := range g.Members {
		list = with(list, KindObjectGroup, m.Group)
	}
	return list
}
