package crypto

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Objects name each other. IOS refuses a transform set that is not there and
// takes other names as they come, so that what they mean may follow; that
// nothing has that name yet is told, which IOS leaves to be found out. What is
// named elsewhere cannot be deleted.

var isakmpProfile = editor.Text("isakmp-profile", "ISAKMP profile", "crypto isakmp profile")

// notThere is what is told of a name that means nothing.
func notThere(what, name string) string { return "% " + what + " " + name + " does not exist" }

func noTransformSet(name string) string {
	return `ERROR: transform set with tag "` + name + `" does not exist.`
}

// checkTransformSets refuses a line with a transform set that does not exist.
// A file may define it further down.
// named are those that the object names.
func checkTransformSets(e *editor.Line, names []string, named func(*iosconfig.Config) []string) error {
	for _, name := range names {
		if e.Config.TransformSet(name) != nil {
			continue
		}
		missing := noTransformSet(name)
		if !e.File {
			return syntax.ErrRefused{Text: missing}
		}
		e.Note(missing, func(c *iosconfig.Config) bool {
			return slices.Contains(named(c), name) && c.TransformSet(name) == nil
		})
	}
	return nil
}

func noteProposal(e *policy, name string) {
	policy := e.Path[0]
	e.Note(notThere("IKEv2 proposal", name), func(c *iosconfig.Config) bool {
		p := c.Policy(policy)
		return p != nil && slices.Contains(p.Proposals, name) && c.Proposal(name) == nil
	})
}

func noteKeyring(e *profile, name string, named func(*iosconfig.Profile) string) {
	profile := e.Path[0]
	e.Note(notThere("IKEv2 keyring", name), func(c *iosconfig.Config) bool {
		p := c.Profile(profile)
		return p != nil && named(p) == name && c.Keyring(name) == nil
	})
}

// inUse refuses to delete what another object names. A smart default may
// always be taken away.
func inUse(what, name, by, user string) error {
	return syntax.Refuse("%% Cannot remove %s %s: %s %s uses it", what, name, by, user)
}

func keepProposal(e *global, name string) error {
	if name == iosconfig.DefaultName || e.Config.Proposal(name) == nil {
		return nil
	}
	for p := range e.Config.IKEv2.Policies.All() {
		if slices.Contains(p.Proposals, name) {
			return inUse("IKEv2 proposal", name, "IKEv2 policy", p.Name)
		}
	}
	return nil
}

func keepKeyring(e *global, name string) error {
	if e.Config.Keyring(name) == nil {
		return nil
	}
	for p := range e.Config.IKEv2.Profiles.All() {
		if p.Keyring == name || p.PPKKeyring == name {
			return inUse("IKEv2 keyring", name, "IKEv2 profile", p.Name)
		}
	}
	return nil
}

func keepProfile(e *global, name string) error {
	if e.Config.Profile(name) == nil {
		return nil
	}
	for p := range e.Config.IPsec.Profiles.All() {
		if p.IKEv2Profile == name {
			return inUse("IKEv2 profile", name, "IPsec profile", p.Name)
		}
	}
	for m := range e.Config.IPsec.Maps.All() {
		if m.IKEv2Profile == name {
			return inUse("IKEv2 profile", name, "crypto map", m.Key())
		}
	}
	return nil
}

func keepTransformSet(e *global, name string) error {
	if name == iosconfig.DefaultName || e.Config.TransformSet(name) == nil {
		return nil
	}
	for p := range e.Config.IPsec.Profiles.All() {
		if slices.Contains(p.TransformSets, name) {
			return inUse("transform set", name, "IPsec profile", p.Name)
		}
	}
	for m := range e.Config.IPsec.Maps.All() {
		if slices.Contains(m.TransformSets, name) {
			return inUse("transform set", name, "crypto map", m.Key())
		}
	}
	return nil
}

func keepIPsecProfile(e *global, name string) error {
	if name == iosconfig.DefaultName || e.Config.IPsecProfile(name) == nil {
		return nil
	}
	for i := range e.Config.Interfaces.All() {
		if i.Tunnel.Protection == name {
			return inUse("IPsec profile", name, "interface", i.Name())
		}
	}
	return nil
}
