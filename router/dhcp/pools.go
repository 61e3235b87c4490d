package dhcp

import (
	"net/netip"
	"slices"
	"time"
)

// Pool is addresses that a server gives, or with a Host the one that a client has for
// good.
type Pool struct {
	Name         string
	Network      netip.Prefix
	Host         netip.Prefix // invalid: any address of the network
	ClientID     string       // whose the Host is: by this
	Hardware     [6]byte      // or by that
	Routers, DNS []netip.Addr
	Domain       string
	Lease        uint32 // seconds; Forever
}

// Range is addresses that are not given.
type Range struct{ First, Last netip.Addr }

// Settings are what a server is told.
type Settings struct {
	Pools    []Pool
	Excluded []Range
	Own      func(netip.Addr) bool // addresses of the router itself
	Probe    *Probe                // nil: addresses are offered at once
}

// first and last are the addresses that the pool may give.
func (p *Pool) first() netip.Addr {
	a := p.Network.Masked().Addr()
	if p.Network.Bits() >= 31 {
		return a
	}
	return a.Next()
}

func (p *Pool) last() netip.Addr {
	a := lastOf(p.Network)
	if p.Network.Bits() >= 31 {
		return a
	}
	return a.Prev()
}

// size is how many addresses it has.
func (p *Pool) size() int64 {
	if p.Host.IsValid() {
		return 1
	}
	n := int64(1) << (32 - p.Network.Bits())
	if p.Network.Bits() < 31 {
		return n - 2
	}
	return n
}

// isFor says whether the pool's one address is that of a client.
func (p *Pool) isFor(m *Message) bool {
	if p.ClientID != "" {
		return p.ClientID == m.ClientID
	}
	return p.Host.IsValid() && p.Hardware == m.Hardware
}

// poolFor is the pool of one of the networks that a client may be in; a client's own
// goes before those of everybody.
func (s *Server) poolFor(m *Message, networks []netip.Prefix) *Pool {
	for i := range s.set.Pools {
		p := &s.set.Pools[i]
		if p.Host.IsValid() && p.isFor(m) && slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(p.Host.Addr()) || p.Host.Contains(n.Addr()) }) {
			return p
		}
	}
	for _, n := range networks {
		for i := range s.set.Pools {
			if p := &s.set.Pools[i]; !p.Host.IsValid() && p.Network.IsValid() && p.Network.Contains(n.Addr()) {
				return p
			}
		}
	}
	return nil
}

// excluded is the range that an address which is not given lies in.
func (s *Server) excluded(a netip.Addr) (Range, bool) {
	for _, r := range s.set.Excluded {
		if !a.Less(r.First) && !r.Last.Less(a) {
			return r, true
		}
	}
	return Range{}, false
}

// reserved says whether an address is some client's for good.
func (s *Server) reserved(a netip.Addr) bool {
	return slices.ContainsFunc(s.set.Pools, func(p Pool) bool { return p.Host.IsValid() && p.Host.Addr() == a })
}

// free says whether an address of a pool may be given to whom it is not given.
func (s *Server) free(p *Pool, a netip.Addr) bool {
	if !a.Is4() || s.byAddress[a] != nil || s.conflicts[a] != nil {
		return false
	}
	if p.Host.IsValid() {
		return a == p.Host.Addr()
	}
	if a.Less(p.first()) || p.last().Less(a) {
		return false
	}
	_, out := s.excluded(a)
	return !out && !s.reserved(a) && (s.set.Own == nil || !s.set.Own(a))
}

// pick is an address for a client: the one that it wants, or the next that is free;
// false: there is none. What lies before the next one was found in use, and is looked
// at once more when the end is reached.
func (s *Server) pick(p *Pool, m *Message) (netip.Addr, bool) {
	if p.Host.IsValid() {
		return p.Host.Addr(), true
	}
	if s.free(p, m.Requested) {
		return m.Requested, true
	}
	start := s.next[p.Name]
	if !start.IsValid() || start.Less(p.first()) || p.last().Less(start) {
		start = p.first()
	}
	if a, ok := s.scan(p, start, p.last()); ok {
		return a, true
	}
	if s.full[p.Name] {
		return netip.Addr{}, false
	}
	a, ok := s.scan(p, p.first(), start)
	s.full[p.Name] = !ok
	return a, ok
}

// scan is the first free address from one to another.
func (s *Server) scan(p *Pool, from, to netip.Addr) (netip.Addr, bool) {
	for a := from; a.IsValid() && !to.Less(a); a = a.Next() {
		if r, out := s.excluded(a); out {
			a = r.Last
			continue
		}
		if s.free(p, a) {
			s.next[p.Name] = a.Next()
			return a, true
		}
	}
	s.next[p.Name] = to.Next()
	return netip.Addr{}, false
}

// PoolState is a pool as a screen shows it.
type PoolState struct {
	Name   string     `json:"name"`
	Size   int64      `json:"total_addresses"`
	Leased int        `json:"leased_addresses"`
	First  netip.Addr `json:"first,omitzero"`
	Last   netip.Addr `json:"last,omitzero"`
	Next   netip.Addr `json:"current,omitzero"`
}

// Binding is an address that a client has.
type Binding struct {
	Address   netip.Addr `json:"address"`
	Pool      string     `json:"pool"`
	Client    []byte     `json:"client"`           // the octets of its identifier, or of its hardware address
	Expires   time.Time  `json:"expires,omitzero"` // zero: never
	Automatic bool       `json:"automatic"`
}

// Conflict is an address that somebody has to whom it was not given.
type Conflict struct {
	Address netip.Addr `json:"address"`
	At      time.Time  `json:"detected"`
	Pinged  bool       `json:"pinged"` // somebody answered there; otherwise a client said so
}
