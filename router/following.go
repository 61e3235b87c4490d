package router

import (
	"iter"
	"slices"
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
	others    users // whatever else names something (naming.go), by kinds and names
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
	var vrfs []string
	if p != nil {
		vrfs = []string{p.IVRF, p.MatchFVRF}
	}
	f.name(object(iosconfig.KindProfile, name), iosconfig.KindVRF, vrfs...)
}

// followIPsecProfile notes which IKEv2 profile an IPsec profile names, and which transform sets.
func (f *following) followIPsecProfile(name string, p *iosconfig.IPsecProfile) {
	named, sets := "", []string(nil)
	if p != nil {
		named, sets = p.IKEv2Profile, setsOf(&p.Protection)
	}
	f.naming.set(name, named)
	f.others.set(object(iosconfig.KindIPsecProfile, name), sets...)
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

// users are objects by what each of them uses.
type users struct {
	used  iosconfig.Tree[[]string]
	users iosconfig.Tree[string] // by what they use and their own names
}

// set notes what an object uses, and nothing else; "" is nothing.
func (u *users) set(user string, used ...string) {
	before, _ := u.used.Get(user)
	if len(used) == 1 && used[0] == "" {
		used = nil
	}
	if slices.Equal(before, used) {
		return
	}
	for _, x := range before {
		if !slices.Contains(used, x) {
			u.users.Delete(usersOf(x) + user)
		}
	}
	for _, x := range used {
		if !slices.Contains(before, x) {
			u.users.Put(usersOf(x)+user, user)
		}
	}
	if len(used) == 0 {
		u.used.Delete(user)
		return
	}
	u.used.Put(user, used)
}

// usersOf is what the keys of those that use something begin with.
func usersOf(used string) string { return used + "\x00" }

// of are those that use something, in the order of their names.
func (u *users) of(used string) iter.Seq[string] { return u.beginning(used, "") }

// beginning are those of them whose names begin with a text.
func (u *users) beginning(used, text string) iter.Seq[string] {
	from := usersOf(used) + text
	return func(yield func(string) bool) {
		for key, user := range u.users.From(from) {
			if !strings.HasPrefix(key, from) || !yield(user) {
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

// markTo is addTo for a set that there may not be yet.
func markTo(set *map[string]bool, names iter.Seq[string]) {
	for name := range names {
		mark(set, name)
	}
}
