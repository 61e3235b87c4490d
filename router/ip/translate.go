package ip

import "time"

// Translator changes addresses and ports of packets on their way (NAT). Who
// says false has dropped the packet and recorded why.
type Translator interface {
	// Arrives sees a packet that came in, before it is known where it goes.
	Arrives(now time.Time, p *Packet) bool
	// Leaves sees one that is about to leave by an interface.
	Leaves(now time.Time, p *Packet, out *Interface) bool
}

// Translate has packets translated.
func (s *Stack) Translate(t Translator) { s.translator = t }

// arrives has a packet translated that came in: a whole one, and the translator's
// to modify. Nil: it goes no further, or waits for its other fragments.
func (s *Stack) arrives(now time.Time, p *Packet) *Packet {
	if s.translator == nil {
		return p
	}
	if p.Fragment()&FragmentMask != 0 {
		if p = s.frags.take(now, p); p == nil {
			return nil
		}
	}
	s.take(p, nil)
	if !s.translator.Arrives(now, p) {
		return nil
	}
	return p
}

// leaves has a packet translated that is about to leave. Of one that is too long
// its sender is told first: afterwards it has another one.
func (s *Stack) leaves(now time.Time, p *Packet, e *Entry) bool {
	if s.translator == nil || e.Out == nil {
		return true
	}
	if p.In != nil && p.Len() > e.Out.MTU && p.Fragment()&FlagDF != 0 {
		s.TooLong(now, e.Out, p, e.Out.MTU)
		return false
	}
	return s.translator.Leaves(now, p, e.Out)
}
