package verdict

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// flow is what a tunnel can be tried with: addresses of both routers that their
// configurations send to each other by it, in a table of the first one.
type flow struct {
	from, to netip.Addr
	vrf      string
}

// flowsOf finds one of each family; none: nothing leads into the tunnel.
func flowsOf(e *end) (list []flow) {
	if e.entry != nil {
		if f, ok := e.listed(); ok {
			list = append(list, f)
		}
		return list
	}
	for _, six := range []bool{false, true} {
		if f, ok := e.routed(six); ok {
			list = append(list, f)
		}
	}
	return list
}

// routed finds addresses of a family that routes lead into the tunnel at both ends.
func (e *end) routed(six bool) (flow, bool) {
	for _, to := range e.peer.site.inner(e.peer) {
		if to.Is6() != six || !e.leads(to) {
			continue
		}
		for _, from := range e.site.inner(e) {
			if from.Is6() == six && e.peer.leads(from) {
				return flow{from, to, e.inside}, true
			}
		}
	}
	return flow{}, false
}

// carried says whether both ends of a tunnel are for a flow.
func (f flow) carried(e *end) bool { return e.carries(f.to) && e.peer.carries(f.to) }

// unanswered are the networks of an end that the other end routes nothing to by the tunnel,
// although packets from there are sent into it.
func (e *end) unanswered() (list []netip.Prefix) {
	for _, six := range []bool{false, true} {
		list = append(list, e.unansweredOf(six)...)
	}
	return list
}

// unansweredOf are those of a family.
func (e *end) unansweredOf(six bool) (list []netip.Prefix) {
	sent := func(a netip.Addr) bool { return a.Is6() == six && e.carries(a) && e.leads(a) }
	if e.entry != nil || !slices.ContainsFunc(e.peer.site.inside(e.peer), sent) {
		return nil
	}
	for _, a := range e.site.inside(e) {
		switch {
		case a.Is6() != six:
			continue
		case e.peer.leads(a):
			return nil // others need not be for this tunnel
		}
		list = append(list, e.site.networkOf(a))
	}
	return list
}

// inside are the addresses of inside interfaces.
func (s *site) inside(e *end) []netip.Addr {
	return slices.DeleteFunc(s.inner(e), func(a netip.Addr) bool {
		return slices.ContainsFunc(e.own(), func(own netip.Prefix) bool { return own.Addr() == a })
	})
}

// networkOf is the network of an address of the router's.
func (s *site) networkOf(a netip.Addr) netip.Prefix {
	for i := range s.cfg.Interfaces.All() {
		for _, p := range s.networks(i) {
			if p.Addr() == a {
				return p.Masked()
			}
		}
	}
	return netip.PrefixFrom(a, a.BitLen())
}

// inner are the addresses that a tunnel may be for: those of inside interfaces, and the
// tunnel's own last.
func (s *site) inner(e *end) (list []netip.Addr) {
	var own []netip.Addr
	for _, p := range e.own() {
		own = append(own, p.Addr())
	}
	for i := range s.cfg.Interfaces.All() {
		if i.Shutdown || i.VRF != e.inside || i.Type == iosconfig.Tunnel || s.isWAN(i.Name()) {
			continue
		}
		for _, p := range s.networks(i) {
			if a := p.Addr(); a != e.local && (i.Unnumbered == "" || a.Is6()) && !slices.Contains(own, a) {
				list = append(list, a)
			}
		}
	}
	return append(list, own...)
}

func (s *site) isWAN(name string) bool {
	for _, w := range s.wan {
		if w.name == name {
			return true
		}
	}
	return false
}

// leads says whether the configuration routes an address into the tunnel, or what came with its SAs.
func (e *end) leads(to netip.Addr) bool {
	if e.live != nil {
		return e.live.leads(e.inside, to)
	}
	on := func(a netip.Addr) bool {
		return slices.ContainsFunc(e.own(), func(own netip.Prefix) bool { return own.Contains(a) })
	}
	if on(to) {
		return true
	}
	r, ok := e.site.routeTo(e.inside, to)
	return ok && (r.Interface == e.name || r.NextHop.IsValid() && on(r.NextHop))
}

// listed finds addresses that an entry's access list protects.
func (e *end) listed() (flow, bool) {
	list := e.site.cfg.Access.Get(e.entry.Match)
	if list == nil {
		return flow{}, false
	}
	for _, l := range list.Entries() {
		if l.Deny || l.Remark != "" {
			continue
		}
		for _, from := range e.site.addresses(e.inside) {
			for _, to := range e.peer.site.addresses(e.peer.inside) {
				if within(l.From, from) && within(l.To, to) {
					return flow{from, to, e.inside}, true
				}
			}
		}
	}
	return flow{}, false
}

// addresses are those of a table.
func (s *site) addresses(vrf string) (list []netip.Addr) {
	for i := range s.cfg.Interfaces.All() {
		if a := s.cfg.AddressOf(i.Name()).Addr(); i.VRF == vrf && a.IsValid() && !i.Shutdown && i.Unnumbered == "" {
			list = append(list, a)
		}
	}
	return list
}

func within(n iosconfig.AccessNet, a netip.Addr) bool {
	if n.Group != "" {
		return false
	}
	want, have, wild := n.Address.As4(), a.As4(), n.Wildcard.As4()
	for i := range want {
		if (want[i]^have[i])&^wild[i] != 0 {
			return false
		}
	}
	return true
}

// Echoes is what came back of what was sent.
type Echoes struct {
	From     netip.Addr `json:"from"`
	To       netip.Addr `json:"to"`
	Sent     int        `json:"sent"`
	Received int        `json:"received"`
	IPv6     *Echoes    `json:"ipv6,omitempty"` // of a tunnel that carries both families
}

// lost is how many did not come back.
func (e *Echoes) lost() int {
	sent, received := e.total()
	return sent - received
}

// total are those of both families.
func (e *Echoes) total() (sent, received int) {
	if sent, received = e.Sent, e.Received; e.IPv6 != nil {
		sent, received = sent+e.IPv6.Sent, received+e.IPv6.Received
	}
	return sent, received
}

// of is where the echoes of a flow are counted.
func (e *Echoes) of(f flow) *Echoes {
	if e.From.IsValid() && e.From.Is4() && f.from.Is6() {
		if e.IPv6 == nil {
			e.IPv6 = &Echoes{}
		}
		e = e.IPv6
	}
	e.From, e.To = f.from, f.to
	return e
}

const echoTimeout = 2 * time.Second

// ping sends echoes, one after the other, and counts them into e.
func ping(r *lab.Router, f flow, repeat int, e *Echoes) {
	r.Call(func(now time.Time) {
		r.Ping(now, shell.PingRequest{
			VRF: f.vrf, Destination: f.to, Source: f.from, Repeat: repeat, Size: 100, Timeout: echoTimeout,
			Report: func(_ time.Time, echo shell.Echo) {
				e.Sent++
				if echo.Answered {
					e.Received++
				}
			},
			Done: func(time.Time) {},
		})
	})
}
