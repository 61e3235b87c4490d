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
// configurations send to each other by it.
type flow struct{ from, to netip.Addr }

// flowOf finds one; false: nothing leads into the tunnel.
func flowOf(e *end) (flow, bool) {
	if e.entry != nil {
		return e.listed()
	}
	for _, to := range e.peer.site.inner(e.peer) {
		if !e.leads(to) {
			continue
		}
		for _, from := range e.site.inner(e) {
			if e.peer.leads(from) {
				return flow{from, to}, true
			}
		}
	}
	return flow{}, false
}

// unanswered are the networks of an end that the other end routes nothing to by the tunnel,
// although packets from there are sent into it.
func (e *end) unanswered() (list []netip.Prefix) {
	if e.entry != nil || !slices.ContainsFunc(e.peer.site.inside(e.peer), e.leads) {
		return nil
	}
	for _, a := range e.site.inside(e) {
		if e.peer.leads(a) {
			return nil // others need not be for this tunnel
		}
		list = append(list, e.site.networkOf(a))
	}
	return list
}

// inside are the addresses of inside interfaces.
func (s *site) inside(e *end) []netip.Addr {
	own := s.cfg.AddressOf(e.name).Addr()
	return slices.DeleteFunc(s.inner(e), func(a netip.Addr) bool { return a == own })
}

// networkOf is the network of an address of the router's.
func (s *site) networkOf(a netip.Addr) netip.Prefix {
	for i := range s.cfg.Interfaces.All() {
		if p := s.cfg.AddressOf(i.Name()); p.Addr() == a {
			return p.Masked()
		}
	}
	return netip.PrefixFrom(a, a.BitLen())
}

// inner are the addresses that a tunnel may be for: those of inside interfaces, and the
// tunnel's own last.
func (s *site) inner(e *end) (list []netip.Addr) {
	for i := range s.cfg.Interfaces.All() {
		a := s.cfg.AddressOf(i.Name()).Addr()
		if a.IsValid() && !i.Shutdown && i.Unnumbered == "" && i.Type != iosconfig.Tunnel && a != e.local && !s.isWAN(i.Name()) {
			list = append(list, a)
		}
	}
	if a := s.cfg.AddressOf(e.name).Addr(); a.IsValid() && s.cfg.Interface(e.name).Unnumbered == "" {
		list = append(list, a)
	}
	return list
}

func (s *site) isWAN(name string) bool {
	for _, w := range s.wan {
		if w.name == name {
			return true
		}
	}
	return false
}

// leads says whether the configuration routes an address into the tunnel.
func (e *end) leads(to netip.Addr) bool {
	tunnel := e.site.cfg.AddressOf(e.name)
	if tunnel.Contains(to) {
		return true
	}
	r, ok := e.site.routeTo(to)
	return ok && (r.Interface == e.name || r.NextHop.IsValid() && tunnel.Contains(r.NextHop))
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
		for _, from := range e.site.addresses() {
			for _, to := range e.peer.site.addresses() {
				if within(l.From, from) && within(l.To, to) {
					return flow{from, to}, true
				}
			}
		}
	}
	return flow{}, false
}

func (s *site) addresses() (list []netip.Addr) {
	for i := range s.cfg.Interfaces.All() {
		if a := s.cfg.AddressOf(i.Name()).Addr(); a.IsValid() && !i.Shutdown && i.Unnumbered == "" {
			list = append(list, a)
		}
	}
	return list
}

func within(n iosconfig.AccessNet, a netip.Addr) bool {
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
}

// lost is how many did not come back.
func (e *Echoes) lost() int { return e.Sent - e.Received }

const echoTimeout = 2 * time.Second

// ping sends echoes, one after the other, and counts them into e.
func ping(r *lab.Router, f flow, repeat int, e *Echoes) {
	r.Call(func(now time.Time) {
		r.Ping(now, shell.PingRequest{
			Destination: f.to, Source: f.from, Repeat: repeat, Size: 100, Timeout: echoTimeout,
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
