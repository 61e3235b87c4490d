package ikev2

import (
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// espMenus lists the menus of an entry. PFS is not negotiated in IKE_AUTH, whose
// keys come from the IKE SA's own exchange (RFC 7296 1.2).
func espMenus(c *ChildPolicy, inAuth bool) []propose.Menu {
	var list []propose.Menu
	for _, s := range c.Suites {
		m := propose.Menu{Name: s.Name, Protocol: wire.ProtoESP, Encr: []ipsec.Encr{s.Encr}, ESN: s.ESN}
		if s.Integ != ipsec.IntegNone {
			m.Integ = []ipsec.IntegID{s.Integ}
		}
		if !inAuth && c.PFS != ipsec.GroupNone {
			m.Group, m.AddKE = []ipsec.Group{c.PFS}, c.PFSAddKE
		}
		m.AnyGroup = !inAuth && c.PFS == ipsec.GroupNone
		list = append(list, m)
	}
	return list
}
