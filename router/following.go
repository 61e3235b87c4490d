package router

import (
	"iter"
	"strings"

	"ikelab/iosconfig"
)

// following is who depends on whom in the configuration: what a line leads to is found here.
type following struct {
	protected users // tunnels, by the IPsec profile that protects them
	naming    users // IPsec profiles, by the IKEv2 profile that they name
	lent      users // interfaces, by the one whose address they use
	matching  users // IKEv2 profiles, by the interface whose address they match
	cloning   users // IKEv2 profiles that clone interfaces: those that tell peers networks, and others
	named     users // peers of keyrings, by the name of the host in small letters
}

// What profiles that clone interfaces are found by.
const (
	telling = "telling" // the addresses of interfaces may be among the networks
	silent  = "silent"
)

// followProfile notes what an IKEv2 profile depends on.
func (f *following) followProfile(name string, p *iosconfig.Profile) {
	iface, clones := "", ""
	if p != nil {
		if iface = p.MatchLocalIface; p.Template != 0 {
			clones = silent
		}
		if clones != "" && p.TellsBy().List != "" {
			clones = telling
		}
	}
	f.matching.set(name, iface)
	f.cloning.set(name, clones)
}

// followIPsecProfile notes which IKEv2 profile an IPsec profile names.
func (f *following) followIPsecProfile(name string, p *iosconfig.IPsecProfile) {
	named := ""
	if p != nil {
		named = p.IKEv2Profile
	}
	f.naming.set(name, named)
}

// followPeer notes by which name a peer of a keyring is known, "" for one that has gone.
func (f *following) followPeer(name string, p *iosconfig.KeyringPeer) {
	host := ""
	if p != nil {
		host = strings.ToLower(p.Hostname)
	}
	f.named.set(name, host)
}

// tunnelsOf are the tunnels that use an IKEv2 profile.
func (f *following) tunnelsOf(profile string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range f.naming.of(profile) {
			for tunnel := range f.protected.of(name) {
				if !yield(tunnel) {
					return
				}
			}
		}
	}
}

// users are objects by what each of them uses, one thing at most.
type users struct {
	used  iosconfig.Tree[string]
	users iosconfig.Tree[string] // by what they use and their own names
}

// set notes what an object uses; "": nothing.
func (u *users) set(user, used string) {
	before, _ := u.used.Get(user)
	if before == used {
		return
	}
	u.users.Delete(usersOf(before) + user)
	u.used.Delete(user)
	if used != "" {
		u.used.Put(user, used)
		u.users.Put(usersOf(used)+user, user)
	}
}

// usersOf is what the keys of those that use something begin with.
func usersOf(used string) string { return used + "\x00" }

// of are those that use something, in the order of their names.
func (u *users) of(used string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key, user := range u.users.From(usersOf(used)) {
			if !strings.HasPrefix(key, usersOf(used)) || !yield(user) {
				return
			}
		}
	}
}

// all are all that use anything.
func (u *users) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for user := range u.used.All() {
			if !yield(user) {
				return
			}
		}
	}
}

// addTo adds names to a set.
func addTo(set map[string]bool, names iter.Seq[string]) {
	for name := range names {
		set[name] = true
	}
}
