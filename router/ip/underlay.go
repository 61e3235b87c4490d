package ip

import (
	"net/netip"
	"time"
)

// recursionRest is how long a tunnel stays down whose own packets were about to go
// through it.
const recursionRest = time.Minute

// Recursive says that the way to a tunnel's destination leads through the tunnel: it
// is taken down for a while.
type Recursive struct {
	Interface string
	Number    uint32 // of the interface, in the order in which they were made
}

func (Recursive) Kind() string { return "ip.recursive" }

// Underlay is how a tunnel's own packets leave: by a port or by another tunnel, never
// through the tunnel itself, be it by way of others.
type Underlay struct {
	s     *Stack
	iface *Interface // the tunnel; nil: none, and only a port will do
	seat
	table   *Table // by which they leave
	ends    [2]netip.Addr
	watches [2]Watch
	home    *Interface // that has their source address, or had it
	out     *Interface // by which they leave, be it up or not; nil: there is no way
	rest    *Timer     // set: it rests from recursion; nil: it never has
	rested  bool       // it just has
}

// Init says whose it is, before it is used.
func (u *Underlay) Init(s *Stack, i *Interface, rider Rider) {
	u.s, u.iface, u.seat = s, i, seat{rider: rider}
}

// Follow begins anew, between two ends in a VRF; invalid ones: there is nothing to follow.
func (u *Underlay) Follow(vrf int, local, remote netip.Addr) {
	u.s.timers.Set(u.rest, time.Time{})
	u.ride(nil)
	u.home = nil
	u.ends = [2]netip.Addr{local, remote}
	u.table = u.s.VRF(vrf)
	for n, end := range u.ends {
		u.table.Follow(&u.watches[n], u.rider, end)
	}
}

// Homeless says that the source address was taken from the interface that had it, which
// may be up or down.
func (u *Underlay) Homeless() bool {
	from := addressOf(u.ends[0])
	return u.home != nil && !u.home.owns(from) && !u.home.shared.has(from)
}

// Out is the interface by which the packets leave, be it up or not; nil: there is no
// way.
func (u *Underlay) Out() *Interface { return u.out }

// Look works out how the packets leave, and whether they can. A tunnel whose way comes
// to lead through itself rests for a while; one that never had another way has said
// nothing yet, and does not now.
func (u *Underlay) Look(now time.Time) bool {
	out := u.way()
	if out != nil && leadsTo(out, u.iface) {
		if u.out != nil || u.rested {
			u.s.records.Emit(Recursive{Interface: u.iface.Name, Number: u.iface.order})
			if u.rest == nil {
				u.rest = &Timer{fire: u.again}
			}
			u.s.timers.Set(u.rest, now.Add(recursionRest))
		}
		out = nil
	}
	u.ride(out)
	return out != nil && (out.Physical || out.Protocol)
}

// again ends a rest.
func (u *Underlay) again(now time.Time) {
	u.rested = true
	u.rider.RouteChanged(now)
	u.rested = false
}

// way is where the table leads to; nil: nowhere.
func (u *Underlay) way() *Interface {
	if !u.ends[0].IsValid() || !u.ends[1].IsValid() || !u.rest.At().IsZero() {
		return nil
	}
	from := u.table.Lookup(u.ends[0])
	if from.Kind != Local {
		return nil
	}
	u.home = from.Out
	to := u.table.Lookup(u.ends[1])
	if to.Kind != Link && to.Kind != Via || to.Out == nil || !to.Out.Physical && (u.iface == nil || to.Out.output == nil) {
		return nil
	}
	return to.Out
}

// leadsTo says whether the packets of out leave by a tunnel, or by way of one.
func leadsTo(out, tunnel *Interface) bool {
	for range maxNested {
		if out == tunnel {
			return true
		}
		o, ok := out.output.(interface{ Under() *Interface })
		if !ok {
			return false
		}
		if out = o.Under(); out == nil {
			return false
		}
	}
	return true
}

// ride has the rider told of what becomes of the interface that its packets leave by.
func (u *Underlay) ride(out *Interface) {
	if u.out == out {
		return
	}
	if u.out != nil {
		u.out.alight(&u.seat)
	}
	if u.out = out; out != nil {
		out.board(&u.seat)
	}
}
