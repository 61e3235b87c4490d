package router

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/ntp"
	"ikelab/router/record"
)

// timekeeping is the time of a machine: when it was started, and the NTP that sets the clock of
// the router.
type timekeeping struct {
	started time.Time
	ntp     *ntp.Service
	stack   *ip.Stack
	stepped func(now time.Time)
	open    bool // UDP port 123 is
}

func newTimekeeping(c *ntp.Clock, s *ip.Stack, t *ip.Timers, e *record.Emitter, stepped func(now time.Time)) *timekeeping {
	k := &timekeeping{stack: s, stepped: stepped}
	k.ntp = ntp.New(c, t, e, k)
	return k
}

// ask puts into effect what the configuration says of NTP.
func (k *timekeeping) ask(now time.Time, set ntp.Settings) {
	if on := set.On(); on != k.open {
		if k.open = on; on {
			k.stack.UDP.Handle(ntp.Port, k.ntp.Receive)
		} else {
			k.stack.UDP.Handle(ntp.Port, nil)
		}
	}
	k.ntp.Configure(now, set)
}

// From is the address that a request comes from.
func (k *timekeeping) From(s *ntp.Server) netip.Addr {
	if s.Source != "" {
		return k.stack.Interfaces.SourceOf(s.Source, s.Address)
	}
	from, _ := k.stack.VRF(s.VRF).SourceFor(s.Address)
	return from
}

// Send sends a message.
func (k *timekeeping) Send(now time.Time, vrf int, from netip.Addr, to netip.AddrPort, data []byte) {
	k.stack.UDP.Send(now, ip.Datagram{VRF: vrf, Local: netip.AddrPortFrom(from, ntp.Port), Remote: to, Data: data}, ip.DefaultTTL)
}

// Own says whether a reference is an address of the router.
func (k *timekeeping) Own(vrf int, reference [4]byte) bool {
	return k.stack.Interfaces.Owns(vrf, netip.AddrFrom4(reference))
}

// Name is the interface that has an address.
func (k *timekeeping) Name(vrf int, a netip.Addr) string { return k.stack.Interfaces.Owner(vrf, a) }

// Stepped says that the clock shows another time.
func (k *timekeeping) Stepped(now time.Time) { k.stepped(now) }
