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

// Translator is a NAT with one address outside.
type Translator struct {
	settings Settings
	timers   *ip.Timers
	records  *record.Emitter
	table
	due ip.Timer
}

// New makes a translator without mappings.
func New(o Options) *Translator {
	t := &Translator{settings: o.Settings, timers: o.Timers, records: o.Records, table: newTable()}
	t.due = ip.NewTimer(t.expire)
	t.open(o.Outside)
	return t
}

// open enters the static mappings of an address outside.
func (t *Translator) open(outside netip.Addr) {
	for _, s := range t.settings.Static {
		t.enter(&mapping{proto: s.Protocol, inside: s.Inside, outside: netip.AddrPortFrom(outside, s.Port), static: true})
	}
}

// Outside is the address outside.
func (t *Translator) Outside() netip.Addr { return t.settings.Outside }

// Outward translates a packet that leaves the inside: where it comes from.
func (t *Translator) Outward(now time.Time, b []byte) Verdict {
	if isError(b) {
		return t.errorOutward(b)
	}
	s, ok := parse(b, false)
	if !ok {
		return t.refuse(b, NotForNAT)
	}
	m := t.mapped(now, &s)
	if m == nil {
		return t.refuse(b, TableFull)
	}
	t.use(m, now) // "the NAT mapping Refresh Direction MUST have a NAT Outbound refresh behavior of True" (RFC 4787 4.3)
	m.admit(t.settings.Filtering.part(s.peer(s.dst)), now)
	s.setSource(m.outside)
	return Translated
}

// mapped finds or makes the mapping of a packet that leaves; nil: there is no
// room.
func (t *Translator) mapped(now time.Time, s *segment) *mapping {
	if have := t.inside[insideKey{proto: s.proto, inside: s.src}]; have != nil && have.static {
		return have
	}
	m := &mapping{proto: s.proto, inside: s.src, remote: t.settings.Mapping.part(s.peer(s.dst))}
	if have := t.inside[m.insideKey()]; have != nil {
		return have
	}
	if len(t.inside) >= t.settings.Most {
		return nil
	}
	port, ok := t.port(s.proto, t.settings.Outside, s.src.Port(), !t.settings.NewPorts)
	if !ok {
		return nil
	}
	m.outside, m.used = netip.AddrPortFrom(t.settings.Outside, port), now
	t.enter(m)
	t.watch()
	t.records.Emit(Mapped{Protocol: s.proto, Inside: s.src, Outside: m.outside, Remote: s.dst})
	return m
}

// Inward translates a packet that came from the outside: where it goes. Untouched
// is one that nobody inside has to do with, an echo to the gateway.
func (t *Translator) Inward(now time.Time, b []byte) Verdict {
	if isError(b) {
		return t.errorInward(b)
	}
	s, ok := parse(b, false)
	if !ok {
		return t.refuse(b, NotForNAT)
	}
	m := t.outside[outsideKey{s.proto, s.dst}]
	switch {
	case m == nil && s.dst.Addr() == t.settings.Outside && s.proto == protoICMP && s.body[0] == echoRequest:
		return Untouched
	case m == nil:
		return t.refuse(b, NoMapping)
	case !t.lets(m, s.peer(s.src), now):
		return t.refuse(b, Filtered)
	}
	if t.settings.InboundRefresh {
		t.use(m, now)
	}
	s.setDestination(m.inside)
	return Translated
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
	if len(b) >= ip.HeaderLen {
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
		t.forget(t.outside[outsideKey{s.Protocol, netip.AddrPortFrom(t.settings.Outside, s.Port)}])
	}
	t.settings.Outside = outside
	t.open(outside)
	for c := range t.queues {
		var all []*mapping
		for m := t.queues[c].first; m != nil; m = m.after {
			all = append(all, m)
		}
		for _, m := range all {
			port, ok := t.port(m.proto, outside, m.inside.Port(), false)
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
