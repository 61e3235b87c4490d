package ntp

import (
	"net/netip"
	"time"
)

// stepThreshold is how far a clock may be off that is left alone (RFC 5905 A.1.1).
const stepThreshold = 128 * time.Millisecond

// Oscillator is the address under which IOS shows its own clock.
var Oscillator = netip.AddrFrom4([4]byte{127, 127, 1, 1})

// choose has the clock follow the best server, its own oscillator where it is to serve all the
// same, or nothing.
func (s *Service) choose(now time.Time) {
	before, was := s.peer, s.followed
	s.peer, s.followed = s.elect(now), netip.Addr{}
	switch {
	case s.peer != nil:
		s.followed = s.peer.Address
	case s.set.Master > 0:
		s.followed = Oscillator
	}
	stepped := s.peer != nil && s.discipline(now)
	s.clock.lock(s.followed.IsValid())
	switch {
	case s.followed == was && s.peer == before:
	case s.followed.IsValid():
		s.records.Emit(Followed{Server: s.followed, Stratum: s.stratum()})
	default:
		s.records.Emit(Lost{Server: was})
	}
	if stepped {
		s.way.Stepped(now)
	}
}

// elect is the best of those that may be followed: of those that agree with more than half the one
// that is preferred, of the lowest stratum, with the shortest way; the one of before among equals.
func (s *Service) elect(now time.Time) (best *association) {
	var list []*association
	for _, a := range s.servers {
		if a.fits(now) && (s.set.Master == 0 || int(a.said.Stratum) < s.set.Master) { // else it is nearer to the time itself
			list = append(list, a)
		}
	}
	for _, a := range list {
		if agree(now, list, a) && (best == nil || s.better(now, a, best)) {
			best = a
		}
	}
	return best
}

// agree says whether more than half of a list agree with one of it.
func agree(now time.Time, list []*association, a *association) bool {
	n := 0
	for _, b := range list {
		if (a.best().offset - b.best().offset).Abs() <= a.distance(now)+b.distance(now) {
			n++
		}
	}
	return 2*n > len(list)
}

func (s *Service) better(now time.Time, a, b *association) bool {
	switch {
	case a.Prefer != b.Prefer:
		return a.Prefer
	case a.said.Stratum != b.said.Stratum:
		return a.said.Stratum < b.said.Stratum
	case a == s.peer || b == s.peer:
		return a == s.peer
	}
	return a.distance(now) < b.distance(now)
}

// discipline has the clock show what the server says that it follows, and says whether it showed
// another time.
func (s *Service) discipline(now time.Time) bool {
	offset := s.peer.best().offset
	if offset.Abs() <= stepThreshold {
		return false
	}
	from := s.clock.At(now)
	s.Moved(s.clock.Set(now, from.Add(offset), ByNTP))
	s.records.Emit(Stepped{From: from, To: s.clock.At(now), Server: s.peer.Address})
	return true
}

// Moved says that the clock was set, and by how much: what is known of servers is about the new time.
func (s *Service) Moved(by time.Duration) {
	for _, a := range s.servers {
		a.moved(by)
	}
}

// stratum is that of this device.
func (s *Service) stratum() int {
	switch {
	case s.peer != nil:
		return int(s.peer.said.Stratum) + 1
	case s.followed.IsValid():
		return s.set.Master
	}
	return noStratum
}
