package router

import (
	"iter"

	"ikelab/iosconfig"
)

// Who depends on whom is asked of the configuration; what follows here leads over several objects.

// protected are the interfaces that an IPsec profile protects.
func protected(c *iosconfig.Config) iter.Seq[string] {
	return iosconfig.Users(c, iosconfig.KindIPsecProfile.Named(""), iosconfig.KindInterface)
}

// tunnelsOf are the tunnels that use an IKEv2 profile.
func tunnelsOf(c *iosconfig.Config, profile string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range iosconfig.Users(c, iosconfig.KindProfile.Named(profile), iosconfig.KindIPsecProfile) {
			for tunnel := range iosconfig.Users(c, iosconfig.KindIPsecProfile.Named(name), iosconfig.KindInterface) {
				if !yield(tunnel) {
					return
				}
			}
		}
	}
}

// listsOf are the access lists that an object group is in, at any depth.
func listsOf(c *iosconfig.Config, group string) map[string]bool {
	lists, seen := map[string]bool{}, map[string]bool{group: true}
	for groups := []string{group}; len(groups) > 0; groups = groups[1:] {
		of := iosconfig.KindObjectGroup.Named(groups[0])
		addTo(lists, iosconfig.Users(c, of, iosconfig.KindAccessList))
		for g := range iosconfig.Users(c, of, iosconfig.KindObjectGroup) {
			if !seen[g] {
				seen[g] = true
				groups = append(groups, g)
			}
		}
	}
	return lists
}
