package policy

import (
	"cmp"
	"strconv"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/standby"
)

// Standby are the groups of HSRP of an interface; those without `ip` do nothing yet.
func Standby(i *iosconfig.Interface) (list []standby.Settings) {
	version := cmp.Or(i.Standby.Version, 1)
	for n := range i.Standby.Groups {
		g := &i.Standby.Groups[n]
		if !g.On {
			continue
		}
		s := standby.Settings{
			Number: g.Number, Version: version, Address: g.Address, Secondary: g.Secondary, Priority: g.Priority, Preempt: g.Preempt, Delay: seconds(g.Delays[0]),
			Hello: millis(g.Hello), Hold: millis(g.Hold), Key: g.Key(), Name: g.Name, Named: g.Name != "",
		}
		if !g.MD5 {
			s.Text = g.Auth
		}
		if s.Name == "" {
			s.Name = "hsrp-" + iosconfig.ShortName(i.Name()) + "-" + strconv.Itoa(g.Number)
		}
		for _, t := range g.Tracks {
			track := standby.Track{Object: t.Object, Interface: t.Interface, Decrement: cmp.Or(t.Decrement, iosconfig.StandbyDecrement), Shutdown: t.Shutdown}
			if t.Shutdown {
				track.Decrement = 0
			}
			s.Tracked = append(s.Tracked, track)
		}
		list = append(list, s)
	}
	return list
}

func millis(n int) time.Duration { return time.Duration(n) * time.Millisecond }
