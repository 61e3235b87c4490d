package iosconfig

import "iter"

// Users are the objects of a kind that name another one, in the order of their names, and interfaces in that of
// running-config. Without a name: those that name any of its kind, once for each that they name.
func Users(c *Config, of Object, by Kind) iter.Seq[string] {
	switch by {
	case KindInterface:
		return c.Interfaces.users(of)
	case KindPeer:
		return peersNaming(c, of)
	}
	return namingOf(c, of.Kind, by).users(of)
}

// Used says whether there are any.
func Used(c *Config, of Object, by Kind) bool {
	for range Users(c, of, by) {
		return true
	}
	return false
}

// namingOf is that of the list with the objects of a kind which name those of another.
func namingOf(c *Config, of, by Kind) naming {
	switch by {
	case KindAccessList:
		return namingIn(&c.Access.objects)
	case KindObjectGroup:
		return namingIn(&c.Groups.objects)
	case KindPolicy:
		return namingIn(&c.IKEv2.Policies.objects)
	case KindProfile:
		return namingIn(&c.IKEv2.Profiles.objects)
	case KindIPsecProfile:
		return namingIn(&c.IPsec.Profiles.objects)
	case KindCryptoMap:
		if of == KindInterface {
			return namingIn(&c.IPsec.MapSources.objects)
		}
		return namingIn(&c.IPsec.Maps.objects)
	}
	return naming{}
}

// peersNaming are those peers of all keyrings that name an object.
func peersNaming(c *Config, of Object) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range namingIn(&c.IKEv2.Keyrings.objects).keys(of) {
			ring := c.Keyring(user(key))
			for peer := range namingIn(&ring.Peers.objects).users(named(key)) {
				if !yield(ring.Name + " " + peer) {
					return
				}
			}
		}
	}
}
