package policy

import (
	"cmp"

	"ikelab/iosconfig"
	"ikelab/router/ntp"
)

// NTP is whom a router asks for the time, and whether it tells it. A server whose name means
// nothing is not asked.
func NTP(c *iosconfig.Config) ntp.Settings {
	of := &c.Service.NTP
	set := ntp.Settings{Master: of.Master}
	for s := range of.Servers.All() {
		a, known := iosconfig.AddressOfServer(c, s)
		if !known || s.VRF != "" && c.VRFs.Get(s.VRF) == nil {
			continue
		}
		one := ntp.Server{
			Address: a, VRF: iosconfig.VRFNumber(c, s.VRF), VRFName: s.VRF, Source: cmp.Or(s.Source, of.Source), Version: cmp.Or(s.Version, 4), Prefer: s.Prefer,
			Burst: s.Burst, IBurst: s.IBurst, MinPoll: cmp.Or(s.MinPoll, ntp.DefaultMinPoll), MaxPoll: cmp.Or(s.MaxPoll, ntp.DefaultMaxPoll),
		}
		one.MaxPoll = max(one.MinPoll, one.MaxPoll)
		set.Servers = append(set.Servers, one)
	}
	return set
}
