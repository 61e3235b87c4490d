package router

import (
	"io"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/standby"
)

// newStandby has the groups of HSRP follow interfaces and tracked objects. moved is told when an address has another owner.
func newStandby(s *ip.Stack, timers *ip.Timers, e *record.Emitter, random io.Reader, up func(number int) (up, known bool), moved func(now time.Time)) *standby.Groups {
	g := standby.New(standby.Options{Stack: s, Timers: timers, Records: e, Random: random, Up: up, Moved: moved})
	changed := s.Interfaces.Changed
	s.Interfaces.Changed = func(now time.Time, i *ip.Interface) {
		changed(now, i)
		g.Interface(now, i.Name)
	}
	return g
}

// setPort gives an interface its settings. Before it is shut down the routers with which it shares an address are told.
func setPort(now time.Time, s *ip.Stack, g *standby.Groups, set ip.InterfaceSettings) {
	if set.Shutdown {
		g.Leave(now, set.Name)
	}
	s.Interfaces.Set(now, set)
	g.Interface(now, set.Name) // it may have another address
}
