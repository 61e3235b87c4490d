package ikev2

import (
	"net/netip"
	"slices"
)

// configured is the configuration in effect, with what finds its objects.
type configured struct {
	cfg   *Global
	index *index
}

func (c *configured) profile(name string) *Profile { return c.index.profile(name) }

func (c *configured) policyAt(vrf int, local netip.Addr) *choice {
	list := c.index.choices
	i := slices.IndexFunc(list, func(c choice) bool { return c.of.in(vrf) && slices.Contains(c.of.Match, local) })
	if i < 0 {
		i = slices.IndexFunc(list, func(c choice) bool { return c.of.in(vrf) && len(c.of.Match) == 0 })
	}
	if i < 0 {
		return noChoice
	}
	return &list[i]
}

func (c *configured) keyringOf(f *entry) string {
	if p := c.profile(f.cfg.Profile); p != nil {
		return p.Keyring
	}
	return ""
}
