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
	var names []string
	if p != nil {
		names = kinds(setsOf(&p.Protection), iosconfig.KindProfile, p.IKEv2Profile)
	}
	f.others.set(object(iosconfig.KindIPsecProfile, name), names...)
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
		for name := range f.namers(iosconfig.KindProfile, profile, iosconfig.KindIPsecProfile) {
			for tunnel := range f.protected.of(name) {
				if !yield(tunnel) {
					return
				}
			}
		}
	}
}

// users are objects by what each of them uses. The texts of both trees are pieces of the keys of the
// second one: each router has some.
type users struct {
	used  iosconfig.Tree[string, []string]
	users iosconfig.Tree[string, struct{}] // by what they use and their own names
}

// set notes what an object uses, and nothing else; "" is nothing. used is the callee's.
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
			u.users.Delete(x + behind + user)
		}
	}
	for n, x := range used {
		if !slices.Contains(before, x) {
			key := x + behind + user
			u.users.Put(key, struct{}{})
			used[n], user = key[:len(x)], key[len(x)+len(behind):]
		}
	}
	if len(used) == 0 {
		u.used.Delete(user)
		return
	}
	u.used.Put(user, used)
}

// behind stands between what is used and who uses it.
const behind = "\x00"

// of are those that use something, in the order of their names.
func (u *users) of(used string) iter.Seq[string] { return u.beginning(used, "") }

// beginning are those of them whose names begin with a text.
func (u *users) beginning(used, text string) iter.Seq[string] {
	from := used + behind + text
	return func(yield func(string) bool) {
		for key := range u.users.From(from) {
			if !strings.HasPrefix(key, from) || !yield(key[len(used)+len(behind):]) {
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
