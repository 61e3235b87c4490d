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

// titles are what refusals call objects.
var titles = map[iosconfig.Kind]string{
	iosconfig.KindProposal: "IKEv2 proposal", iosconfig.KindPolicy: "IKEv2 policy", iosconfig.KindKeyring: "IKEv2 keyring", iosconfig.KindProfile: "IKEv2 profile",
	iosconfig.KindTransformSet: "transform set", iosconfig.KindIPsecProfile: "IPsec profile", iosconfig.KindCryptoMap: "crypto map", iosconfig.KindInterface: "interface",
}

// keep refuses to delete an object that one of another kind names.
func keep[O any](get func(c *iosconfig.Config, name string) *O, kind iosconfig.Kind, by ...iosconfig.Kind) func(*global, string) error {
	return func(e *global, name string) error {
		if get(e.Config, name) == nil {
			return nil
		}
		for _, k := range by {
			for user := range iosconfig.Users(e.Config, kind.Named(name), k) {
				return syntax.Refuse("%% Cannot remove %s %s: %s %s uses it", titles[kind], name, titles[k], user)
			}
		}
		return nil
	}
}
