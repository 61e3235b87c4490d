package dhcp

import (
	"cmp"
	"encoding/hex"
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// offered is how long an address is kept for a client that was offered it.
const offered = time.Minute

// binding is an address that is a client's, or is offered to it.
type binding struct {
	pool    string
	address netip.Addr
	client  string // its key
	taken   bool   // it has asked for what it was offered
	manual  bool
	ends    time.Time // zero: never
	waits   *waiting  // nil: the address is not being pinged
	timer   ip.Timer
}

// Server gives addresses.
type Server struct {
	set       Settings
	timers    *ip.Timers
	records   *record.Emitter
	byClient  map[string]*binding
	byAddress map[netip.Addr]*binding
	conflicts map[netip.Addr]*Conflict
	next      map[string]netip.Addr // of each pool, where to look for one
	full      map[string]bool       // pools in which none was found since one was freed
}

// NewServer makes one without pools.
func NewServer(t *ip.Timers, e *record.Emitter) *Server { return &Server{timers: t, records: e} }

// Configure gives the server other pools. Who has an address that is in none any more
// has it until the lease ends, or is refused when it is to be renewed.
func (s *Server) Configure(set Settings) {
	s.set = set
	if s.byClient == nil && s.serves() {
		s.byClient, s.byAddress, s.conflicts = map[string]*binding{}, map[netip.Addr]*binding{}, map[netip.Addr]*Conflict{}
		s.next, s.full = map[string]netip.Addr{}, map[string]bool{}
	}
	clear(s.next)
	clear(s.full)
}

// serves says whether there are pools.
func (s *Server) serves() bool { return len(s.set.Pools) > 0 }

// Link is where a message came in: the addresses of the interface, or that of the relay,
// and the one that the server is known by there.
type Link struct {
	Interface string
	Networks  []netip.Prefix
	Server    netip.Addr
}

// keyOf is what tells clients apart (RFC 2131 4.2).
func keyOf(m *Message) string {
	if m.ClientID != "" {
		return m.ClientID
	}
	return "\x01" + string(m.Hardware[:])
}

// Receive takes a client's message; false: there is no answer.
func (s *Server) Receive(now time.Time, m *Message, at Link) (*Message, bool) {
	if m.Reply || !s.serves() {
		return nil, false
	}
	s.records.Emit(said(at.Interface, false, m))
	p := s.poolFor(m, networksOf(m, at))
	if p == nil {
		return s.silent(m, at, NoPool)
	}
	var out *Message
	var why Silence
	switch m.Type {
	case Discover:
		out, why = s.discover(now, m, at, p)
	case Request:
		out, why = s.request(now, m, at, p)
	case Decline:
		s.declined(now, m, at)
		return nil, false
	case Release:
		if b := s.byClient[keyOf(m)]; b != nil && b.address == m.Client {
			s.drop(b, GivenBack)
		}
		return nil, false
	case Inform: // RFC 2131 4.3.5: parameters, and no lease
		out = s.answer(Ack, m, at)
		s.tell(out, m, p)
	default:
		why = Broken
	}
	if why == Later {
		return nil, false
	}
	if out == nil {
		return s.silent(m, at, why)
	}
	say(s, m, at, out)
	return out, true
}

// networksOf are those that a message comes from.
func networksOf(m *Message, at Link) []netip.Prefix {
	switch {
	case m.Relay.IsValid():
		return []netip.Prefix{netip.PrefixFrom(m.Relay, 32)}
	case m.Client.IsValid(): // which may have come through routers
		return append([]netip.Prefix{netip.PrefixFrom(m.Client, 32)}, at.Networks...)
	}
	return at.Networks
}

// say records an answer.
func say(s *Server, m *Message, at Link, out *Message) {
	told := said(at.Interface, true, out)
	told.Identifier = hex.EncodeToString([]byte(keyOf(m)))
	s.records.Emit(told)
}

func (s *Server) silent(m *Message, at Link, why Silence) (*Message, bool) {
	s.records.Emit(Unanswered{at.Interface, m.Type.String(), m.Hardware, why})
	return nil, false
}

// discover offers the address that the client has or had, or another one (RFC 2131
// 4.3.1).
func (s *Server) discover(now time.Time, m *Message, at Link, p *Pool) (*Message, Silence) {
	before := s.byClient[keyOf(m)]
	b := s.hold(now, m, p)
	switch {
	case b == nil:
		return nil, Exhausted
	case b.waits != nil: // the client asks once more
		b.waits = &waiting{m, at}
		return nil, Later
	case b != before && !b.manual && s.set.Probe != nil:
		probe(s, now, m, at, b)
		return nil, Later
	}
	out := s.answer(Offer, m, at)
	out.Your, out.Lease = b.address, p.Lease
	s.tell(out, m, p)
	return out, ""
}

// hold keeps an address for a client.
func (s *Server) hold(now time.Time, m *Message, p *Pool) *binding {
	key := keyOf(m)
	b := s.byClient[key]
	if b != nil && (b.pool != p.Name || p.Host.IsValid() && b.address != p.Host.Addr()) {
		s.drop(b, Moved)
		b = nil
	}
	if b == nil {
		a, ok := s.pick(p, m)
		if other := s.byAddress[a]; ok && other != nil { // of whom it was before it was this client's for good
			s.drop(other, Moved)
		}
		if !ok {
			return nil
		}
		b = &binding{pool: p.Name, address: a, client: key, manual: p.Host.IsValid()}
		b.timer = ip.NewTimer(func(time.Time) { s.expire(b) })
		s.byClient[key], s.byAddress[a] = b, b
	}
	if !b.taken {
		s.timers.Set(&b.timer, now.Add(offered))
	}
	return b
}

func (s *Server) expire(b *binding) {
	if b.taken {
		s.drop(b, RanOut)
		return
	}
	s.drop(b, NotTaken)
}

func (s *Server) drop(b *binding, why End) {
	s.timers.Set(&b.timer, time.Time{})
	delete(s.byClient, b.client)
	delete(s.byAddress, b.address)
	delete(s.full, b.pool)
	s.records.Emit(Freed{b.pool, b.address, why})
}

// request judges what a client asks for (RFC 2131 4.3.2): an offer, its address of
// before, or more time.
func (s *Server) request(now time.Time, m *Message, at Link, p *Pool) (*Message, Silence) {
	b, want := s.byClient[keyOf(m)], m.Requested
	if m.Client.IsValid() {
		want = m.Client
	}
	switch {
	case m.Server.IsValid() && m.Server != at.Server:
		if b != nil && !b.taken {
			s.drop(b, NotTaken)
		}
		return nil, Stranger
	case m.Server.IsValid() && b == nil: // what was offered has been given to somebody else
		return s.answer(Nak, m, at), ""
	case m.Client.IsValid() && b == nil && s.free(p, want): // "the server will trust the value in ciaddr"
		m.Requested = want
		b = s.hold(now, m, p)
	case b == nil && !p.has(want): // "on the wrong net"
		return s.answer(Nak, m, at), ""
	}
	switch {
	case b == nil && m.Client.IsValid():
		return s.answer(Nak, m, at), ""
	case b == nil:
		return nil, Stranger // RFC 2131 4.3.2: it must remain silent
	case b.address != want || b.pool != p.Name || !p.has(want):
		return s.answer(Nak, m, at), ""
	}
	return s.give(now, m, at, p, b), ""
}

// has says whether an address is of the pool.
func (p *Pool) has(a netip.Addr) bool {
	if p.Host.IsValid() {
		return a == p.Host.Addr()
	}
	return a.Is4() && p.Network.Contains(a)
}

func (s *Server) give(now time.Time, m *Message, at Link, p *Pool, b *binding) *Message {
	b.taken, b.ends = true, time.Time{}
	if p.Lease != Forever {
		b.ends = now.Add(seconds(p.Lease))
	}
	s.timers.Set(&b.timer, b.ends)
	out := s.answer(Ack, m, at)
	out.Your, out.Client, out.Lease = b.address, m.Client, p.Lease
	s.tell(out, m, p)
	s.records.Emit(Given{p.Name, b.address, m.ClientID, m.Hardware, p.Lease})
	return out
}

func (s *Server) answer(t Type, m *Message, at Link) *Message {
	out := &Message{Type: t, Reply: true, XID: m.XID, Broadcast: m.Broadcast, Relay: m.Relay, Hardware: m.Hardware}
	out.Server = at.Server
	if t == Nak && m.Relay.IsValid() {
		out.Broadcast = true // RFC 2131 4.3.2: the relay is to broadcast it
	}
	return out
}

// tell adds the options that the client wants of what the pool has. What a client's own
// pool does not say is that of the network (RFC 2131 is silent; IOS inherits).
func (s *Server) tell(out, m *Message, p *Pool) {
	own := *p
	for i := range s.set.Pools {
		if o := &s.set.Pools[i]; p.Host.IsValid() && !o.Host.IsValid() && o.Network.IsValid() && o.Network.Contains(p.Host.Addr()) {
			own.Network, own.Domain = o.Network, cmp.Or(own.Domain, o.Domain)
			own.Routers, own.DNS = orList(own.Routers, o.Routers), orList(own.DNS, o.DNS)
		}
	}
	wants := func(code byte) bool { return len(m.Wanted) == 0 || slices.Contains(m.Wanted, code) }
	if wants(codeMask) {
		out.Mask = own.Network.Bits()
		if own.Host.IsValid() {
			out.Mask = own.Host.Bits()
		}
	}
	if wants(codeRouter) {
		out.Routers = own.Routers
	}
	if wants(codeDNS) {
		out.DNS = own.DNS
	}
	if wants(codeDomain) {
		out.Domain = own.Domain
	}
	if n := out.Lease; n != 0 && n != Forever {
		out.T1, out.T2 = orShare(0, n, 1, 2), orShare(0, n, 7, 8)
	}
}

func orList(a, b []netip.Addr) []netip.Addr {
	if len(a) > 0 {
		return a
	}
	return b
}

// declined: somebody else has the address (RFC 2131 4.3.3). Who declines what it was not
// given says nothing.
func (s *Server) declined(now time.Time, m *Message, at Link) {
	b := s.byClient[keyOf(m)]
	if b == nil || b.address != m.Requested || m.Server != at.Server {
		return
	}
	s.drop(b, Declined)
	if !b.manual {
		s.conflicts[b.address] = &Conflict{b.address, now, false}
	}
}

// Clear forgets the binding of an address; invalid: all of them. False: there is none.
func (s *Server) Clear(a netip.Addr) (found bool) {
	for _, b := range s.sorted() {
		if !a.IsValid() || b.address == a {
			s.drop(b, Cleared)
			found = true
		}
	}
	return found
}

// ClearConflict has an address given again; invalid: all of them. False: it was not kept
// back.
func (s *Server) ClearConflict(a netip.Addr) bool {
	_, found := s.conflicts[a]
	delete(s.conflicts, a)
	if !a.IsValid() {
		clear(s.conflicts)
	}
	clear(s.full)
	return found
}

func (s *Server) sorted() []*binding {
	list := make([]*binding, 0, len(s.byAddress))
	for _, b := range s.byAddress {
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b *binding) int { return a.address.Compare(b.address) })
	return list
}

// Bindings are the addresses that clients have.
func (s *Server) Bindings() []Binding {
	list := []Binding{}
	for _, b := range s.sorted() {
		if b.taken {
			list = append(list, Binding{b.address, b.pool, []byte(b.client), b.ends, !b.manual})
		}
	}
	return list
}

// Conflicts are the addresses that are kept back.
func (s *Server) Conflicts() []Conflict {
	list := []Conflict{}
	for _, c := range s.conflicts {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Conflict) int { return a.Address.Compare(b.Address) })
	return list
}

// Pools are what the pools have.
func (s *Server) Pools() []PoolState {
	list := []PoolState{}
	for i := range s.set.Pools {
		p := &s.set.Pools[i]
		state := PoolState{Name: p.Name, Size: p.size()}
		if !p.Host.IsValid() {
			state.First, state.Last, state.Next = p.first(), p.last(), s.next[p.Name]
			if !state.Next.IsValid() {
				state.Next = state.First
			}
		}
		for _, b := range s.byAddress {
			if b.pool == p.Name && b.taken {
				state.Leased++
			}
		}
		list = append(list, state)
	}
	return list
}
