package ikev2

import (
	"net/netip"
	"slices"
)

// configured is the configuration in effect, with what finds its objects.
type configured struct {
	cfg   *Config
	index *index
}

func (c *configured) profile(name string) *Profile { return c.index.profiles[name] }

func (c *configured) policyAt(vrf int, local netip.Addr) *Policy {
	i := slices.IndexFunc(c.cfg.Policies, func(p Policy) bool { return p.in(vrf) && slices.Contains(p.Match, local) })
	if i < 0 {
		i = slices.IndexFunc(c.cfg.Policies, func(p Policy) bool { return p.in(vrf) && len(p.Match) == 0 })
	}
	if i < 0 {
		return nil
	}
	return &c.cfg.Policies[i]
}

func (c *configured) keyringOf(f *entry) string {
	if p := c.profile(f.cfg.Profile); p != nil {
		return p.Keyring
	}
	return ""
}
