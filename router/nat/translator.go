package nat

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Verdict is what became of a packet.
type Verdict uint8

// The verdicts.
const (
	Untouched  Verdict = iota // it is not for the translator
	Translated                // in place
	Dropped                   // a record says why
)

// Options are what a translator is made of.
type Options struct {
	Settings
	Timers  *ip.Timers // of the device
	Records *record.Emitter
}

// Translator is a NAT: a gateway's, with one address outside, or a router's, whose
// rules say what is translated. What they do not speak of passes as it is.
type Translator struct {
	settings Settings
	router   bool
	rules    []Rule
	timers   *ip.Timers
	records  *record.Emitter
	table
	due    ip.Timer
	counts Counts
}

// Counts are what a translator has done.
type Counts struct{ Hits, Misses, Expired, Made uint64 }

// New makes a translator without mappings.
func New(o Options) *Translator {
	t := &Translator{settings: o.Settings, timers: o.Timers, records: o.Records}
	t.due = ip.NewTimer(t.expire)
	t.open(o.Outside)
	return t
}

// open enters the static mappings of an address outside.
func (t *Translator) open(outside netip.Addr) {
	for _, s := range t.settings.Static {
		t.enter(s.mapping(outside))
	}
}

func (s *Static) mapping(outside netip.Addr) *mapping {
	if s.Outside.IsValid() {
		outside = s.Outside
	}
	return &mapping{proto: s.Protocol, inside: s.Inside, outside: netip.AddrPortFrom(outside, s.Port), static: true, fits: s.Matches}
}

// Outside is the address outside.
func (t *Translator) Outside() netip.Addr { return t.settings.Outside }

// Outward translates a packet that leaves the inside: where it comes from.
func (t *Translator) Outward(now time.Time, b []byte) Verdict {
	switch {
	case !isIPv4(b):
		return t.refuse(b, NotForNAT)
	case isError(b):
		return t.errorOutward(b)
	}
	s, ok := parse(b, false)
	m, why := t.mapped(now, &s, ok)
	switch {
	case m == nil && why == "":
		return Untouched
	case m == nil:
		return t.refuse(b, why)
	}
	t.use(m, now) // "the NAT mapping Refresh Direction MUST have a NAT Outbound refresh behavior of True" (RFC 4787 4.3)
	t.counts.Hits++
	if ok {
		m.admit(t.settings.Filtering.part(s.peer(s.dst)), now)
	}
	m.change(&s, sourceAt, m.outside)
	return Translated
}

// mapped finds or makes the mapping of a packet that leaves; nil: why there is none, or
// "" where it is to pass. ported: the packet has endpoints.
func (t *Translator) mapped(now time.Time, s *segment, ported bool) (*mapping, Refusal) {
	if have := t.inside[insideKey{proto: s.proto, inside: s.src}]; ported && have != nil && have.static {
		if !have.takes(s.b) {
			return nil, ""
		}
		return have, ""
	}
	if have := t.inside[insideKey{proto: whole, inside: netip.AddrPortFrom(ip.Source(s.b), 0)}]; have != nil && have.takes(s.b) {
		return have, ""
	}
	m := &mapping{proto: s.proto, inside: s.src, remote: t.settings.Mapping.part(s.peer(s.dst)), made: now, used: now}
	have := t.inside[m.insideKey()]
	if ported && have != nil && (!t.router || t.lets(have, s.peer(s.dst), now)) {
		return have, ""
	}
	rule, ok := t.rule(s.b)
	switch {
	case !ok:
		return nil, ""
	case !rule.Overload:
		return t.mapWhole(now, s, rule)
	case !ported:
		return nil, NotForNAT
	case have != nil && rule.has(have.outside.Addr()):
		return have, ""
	case have != nil: // the way out is another one now
		t.end(have, Rebound)
	}
	return t.mapPort(m, s, rule)
}

// rule is what says where a packet is mapped to.
func (t *Translator) rule(b []byte) (*Rule, bool) {
	if !t.router {
		return &Rule{First: t.settings.Outside, Last: t.settings.Outside, Overload: true}, true
	}
	for i := range t.rules {
		if t.rules[i].Matches(b) {
			return &t.rules[i], true
		}
	}
	return nil, false
}

// mapPort gives a mapping a port of one of a rule's addresses.
func (t *Translator) mapPort(m *mapping, s *segment, r *Rule) (*mapping, Refusal) {
	if len(t.inside) >= t.settings.Most {
		return nil, TableFull
	}
	for a := r.First; r.has(a); a = a.Next() {
		if port, ok := t.port(s.proto, netip.AddrPortFrom(a, s.src.Port()), !t.settings.NewPorts, t.settings.Reserved); ok {
			m.outside = netip.AddrPortFrom(a, port)
			t.begin(m, s.dst)
			return m, ""
		}
	}
	return nil, TableFull
}

// mapWhole gives an inside address one of a rule's for itself.
func (t *Translator) mapWhole(now time.Time, s *segment, r *Rule) (*mapping, Refusal) {
	for a := r.First; r.has(a) && len(t.inside) < t.settings.Most; a = a.Next() {
		m := &mapping{proto: whole, inside: netip.AddrPortFrom(ip.Source(s.b), 0), outside: netip.AddrPortFrom(a, 0), made: now, used: now}
		if t.outside[m.outsideKey()] == nil {
			t.begin(m, netip.AddrPortFrom(ip.Destination(s.b), 0))
			return m, ""
		}
	}
	return nil, TableFull
}

func (t *Translator) begin(m *mapping, remote netip.AddrPort) {
	t.counts.Made++
	t.enter(m)
	t.watch()
	t.records.Emit(Mapped{Protocol: m.proto, Inside: m.inside, Outside: m.outside, Remote: remote})
}

// Inward translates a packet that came from the outside: where it goes. Untouched
// is one that nobody inside has to do with: an echo to the gateway, or whatever comes
// to a router.
func (t *Translator) Inward(now time.Time, b []byte) Verdict {
	switch {
	case !isIPv4(b):
		return t.refuse(b, NotForNAT)
	case isError(b):
		return t.errorInward(b)
	}
	s, ok := parse(b, false)
	var m *mapping
	if ok {
		m = t.outside[outsideKey{s.proto, s.dst}]
	}
	if m == nil {
		m = t.outside[outsideKey{whole, netip.AddrPortFrom(ip.Destination(s.b), 0)}]
	}
	switch {
	case m == nil && ok && s.dst.Addr() == t.settings.Outside && s.proto == protoICMP && s.body[0] == echoRequest:
		return Untouched
	case m == nil && !ok:
		return t.stranger(b, NotForNAT)
	case m == nil:
		return t.stranger(b, NoMapping)
	case m.proto != whole && !t.lets(m, s.peer(s.src), now):
		return t.stranger(b, Filtered)
	}
	if t.settings.InboundRefresh {
		t.use(m, now)
	}
	t.counts.Hits++
	m.change(&s, destinationAt, m.inside)
	return Translated
}

// stranger is what becomes of a packet from the outside that nobody inside has to do
// with: a router takes it for its own, or for somebody else's.
func (t *Translator) stranger(b []byte, why Refusal) Verdict {
	if t.router {
		t.counts.Misses++
		return Untouched
	}
	return t.refuse(b, why)
}

// Hairpin turns a packet around that goes from the inside to an outside endpoint
// of the inside, with the outside endpoint as its source (RFC 4787 6, REQ-9). Untouched is one for the gateway itself.
func (t *Translator) Hairpin(now time.Time, b []byte) Verdict {
	s, ok := parse(b, false)
	if !ok || t.outside[outsideKey{s.proto, s.dst}] == nil {
		return Untouched
	}
	if t.settings.NoHairpin {
		return t.refuse(b, NoHairpinned)
	}
	if v := t.Outward(now, b); v != Translated {
		return v
	}
	return t.Inward(now, b)
}

// lets says whether the filter lets a peer in (RFC 4787 5).
func (t *Translator) lets(m *mapping, peer netip.AddrPort, now time.Time) bool {
	if m.static || t.settings.Filtering == EndpointIndependent {
		return true
	}
	at, known := m.peers[t.settings.Filtering.part(peer)]
	return known && (t.settings.InboundRefresh || now.Sub(at) < t.settings.timeout(m.proto))
}

func (t *Translator) refuse(b []byte, why Refusal) Verdict {
	r := Refused{Why: why}
	if isIPv4(b) {
		r.From, r.To, r.Protocol = ip.Source(b), ip.Destination(b), b[9]
	}
	t.records.Emit(r)
	return Dropped
}

// watch sets the timer for the mapping that ends first, if it is not set.
func (t *Translator) watch() {
	var first time.Time
	for c := range t.queues {
		if m := t.queues[c].first; m != nil {
			if at := m.used.Add(t.settings.timeout(protocols[c])); first.IsZero() || at.Before(first) {
				first = at
			}
		}
	}
	if at := t.due.At(); at.IsZero() || first.IsZero() || first.Before(at) {
		t.timers.Set(&t.due, first)
	}
}

// expire ends what was not used for too long.
func (t *Translator) expire(now time.Time) {
	for c := range t.queues {
		q, timeout := &t.queues[c], t.settings.timeout(protocols[c])
		for q.first != nil && now.Sub(q.first.used) >= timeout {
			t.counts.Expired++
			t.end(q.first, Expired)
		}
	}
	t.watch()
}

func (t *Translator) end(m *mapping, why End) {
	t.forget(m)
	t.records.Emit(Unmapped{Protocol: m.proto, Inside: m.inside, Outside: m.outside, Why: why})
}

// Flush forgets all mappings, as a NAT does that restarts.
func (t *Translator) Flush() {
	for c := range t.queues {
		for t.queues[c].first != nil {
			t.end(t.queues[c].first, Flushed)
		}
	}
	t.watch()
}

// Rebind gives every mapping another port outside, of another address where that
// has changed; static ones keep their port. The filter has to be opened anew from
// the inside.
func (t *Translator) Rebind(outside netip.Addr) {
	for _, s := range t.settings.Static {
		t.forget(t.outside[s.mapping(t.settings.Outside).outsideKey()])
	}
	t.settings.Outside = outside
	t.open(outside)
	for c := range t.queues {
		var all []*mapping
		for m := t.queues[c].first; m != nil; m = m.after {
			all = append(all, m)
		}
		for _, m := range all {
			port, ok := t.port(m.proto, netip.AddrPortFrom(outside, m.inside.Port()), false, nil)
			t.end(m, Rebound)
			if ok {
				m.outside, m.peers = netip.AddrPortFrom(outside, port), nil
				t.enter(m)
				t.records.Emit(Mapped{Protocol: m.proto, Inside: m.inside, Outside: m.outside})
			}
		}
	}
	t.watch()
}
