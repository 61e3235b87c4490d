package dhcp

import (
	"net/netip"
	"time"
)

// Nobody is offered an address that somebody has without a lease: the server pings it before
// (RFC 2131 section 2.2).

// Probe is how a server finds out whether anybody has an address, and how it answers later.
type Probe struct {
	// Ping calls done when somebody has answered at an address, or nobody has in time.
	Ping func(now time.Time, at Link, a netip.Addr, done func(now time.Time, answered bool))
	// Answer sends what the server has to say to a message of before.
	Answer func(now time.Time, m, answer *Message, at Link)
}

// waiting is a DISCOVER whose offer waits for the ping.
type waiting struct {
	m  *Message
	at Link
}

// probe has the address of a new binding pinged.
func probe(s *Server, now time.Time, m *Message, at Link, b *binding) {
	b.waits = &waiting{m, at}
	s.set.Probe.Ping(now, at, b.address, func(now time.Time, answered bool) {
		if s.byClient[b.client] == b && b.waits != nil {
			probed(s, now, b, answered)
		}
	})
}

// probed offers an address that nobody has, or looks for another one.
func probed(s *Server, now time.Time, b *binding, answered bool) {
	m, at := b.waits.m, b.waits.at
	b.waits = nil
	if answered {
		s.conflicts[b.address] = &Conflict{b.address, now, true}
		s.drop(b, Pinged)
	}
	if s.set.Probe == nil {
		return
	}
	p := s.poolFor(m, networksOf(m, at))
	if p == nil {
		s.silent(m, at, NoPool)
		return
	}
	out, why := s.discover(now, m, at, p)
	switch {
	case why == Later:
	case out == nil:
		s.silent(m, at, why)
	default:
		say(s, m, at, out)
		s.set.Probe.Answer(now, m, out, at)
	}
}
