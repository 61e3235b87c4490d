package policy

import (
	"ikelab/iosconfig"
	"ikelab/router/dhcp"
)

// day is the lease of a pool that says nothing, in seconds.
const day = 24 * 60 * 60

// DHCP is what a router serves: nothing where the service is off.
func DHCP(c *iosconfig.Config) dhcp.Settings {
	var s dhcp.Settings
	if c.DHCP.Off {
		return s
	}
	for r := range c.DHCP.Excluded.All() {
		s.Excluded = append(s.Excluded, dhcp.Range{First: r.First, Last: r.Last})
	}
	for p := range c.DHCP.Pools.All() {
		pool := dhcp.Pool{Name: p.Name, Network: p.Network, Host: p.Host, Routers: p.Routers, DNS: p.DNS, Domain: p.Domain, Lease: leaseTime(p.Lease)}
		if id, ok := iosconfig.FromDottedHex(p.ClientID); ok {
			pool.ClientID = string(id)
		}
		if mac, ok := iosconfig.FromDottedHex(p.Hardware); ok && len(mac) == len(pool.Hardware) {
			pool.Hardware = [6]byte(mac)
		}
		whose := p.ClientID != "" || p.Hardware != ""
		if p.Network.IsValid() || p.Host.IsValid() && whose {
			s.Pools = append(s.Pools, pool)
		}
	}
	return s
}

func leaseTime(l iosconfig.DHCPLease) uint32 {
	switch {
	case l.Infinite:
		return dhcp.Forever
	case l == iosconfig.DHCPLease{}:
		return day
	}
	return uint32(l.Days*day + l.Hours*60*60 + l.Minutes*60)
}
