package ntp

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// The limits of RFC 5905 7.2 and A.1.1.
const (
	maxDispersion = 16 * time.Second
	maxDistance   = 1500 * time.Millisecond
	clockDrift    = 15 * time.Microsecond // by which an oscillator may be off each second
	burstPause    = 2 * time.Second
	burstLen      = 8
	precision     = -10 // of our clock, as IOS says: a millisecond
	granularity   = time.Second >> -precision
)

// The intervals between requests unless a server is given others, as powers of two.
const (
	DefaultMinPoll = 6
	DefaultMaxPoll = 10
)

// Server is one that is to be asked.
type Server struct {
	Address netip.Addr
	VRF     int
	VRFName string
	Source  string // interface whose address requests come from; "": by the route
	Version int
	Prefer  bool
	Burst   bool
	IBurst  bool
	MinPoll int
	MaxPoll int
}

// sample is what one answer tells.
type sample struct {
	offset, delay, dispersion time.Duration
	at                        time.Time
}

// association is a server that is asked, and what it answers.
type association struct {
	Server
	s       *Service
	timer   ip.Timer
	reach   uint8 // a bit for each of the last eight intervals
	poll    int
	left    int       // requests of a burst that are to come
	asked   Timestamp // when the request left that is out, by our clock; 0: none is
	heard   time.Time // when the last answer was believed; zero: never
	said    message   // that answer
	samples []sample  // of the last eight, the newest first
	mute    bool      // it wants to be asked no more
	steady  int       // intervals in a row that were answered

	in, out, errors int
}

func newAssociation(s *Service, set Server) *association {
	a := &association{Server: set, s: s, poll: set.MinPoll}
	a.timer = ip.NewTimer(a.due)
	return a
}

// due sends the next request, of a burst or of a new interval.
func (a *association) due(now time.Time) {
	if a.left > 0 {
		a.left--
	} else {
		a.interval(now)
	}
	a.ask(now)
	next := time.Second << a.poll
	if a.left > 0 {
		next = burstPause
	}
	a.s.timers.Set(&a.timer, now.Add(next))
}

// interval begins one: what did not answer is reached ever less.
func (a *association) interval(now time.Time) {
	was := a.reach
	switch {
	case was&1 != 0:
		if a.steady++; a.steady >= 8 {
			a.poll, a.steady = min(a.poll+1, a.MaxPoll), 0
		}
	case a.out > 0:
		a.poll, a.steady = a.MinPoll, 0
	}
	a.reach <<= 1
	if was != 0 && a.reach == 0 {
		a.samples, a.asked = nil, 0
		a.s.records.Emit(Reachable{Server: a.Address})
		a.s.choose(now)
	}
	if a.reach != 0 && a.Burst || a.reach == 0 && a.IBurst {
		a.left = burstLen - 1
	}
}

// ask sends a request, if there is an address that it can come from.
func (a *association) ask(now time.Time) {
	from := a.s.way.From(&a.Server)
	if !from.IsValid() {
		a.out++
		return
	}
	a.asked = StampOf(a.s.clock.At(now))
	m := message{Leap: a.s.leap(), Version: uint8(a.Version), Mode: Client, Stratum: a.s.stratum8(), Poll: int8(a.poll), Precision: precision, Transmit: a.asked}
	a.s.describe(now, &m)
	a.out++
	a.s.send(now, a.VRF, from, netip.AddrPortFrom(a.Address, Port), &m)
}

// answer takes what claims to be one.
func (a *association) answer(now time.Time, local netip.Addr, m *message) Reason {
	if a.asked == 0 || m.Origin != a.asked {
		a.errors++
		return Unasked
	}
	a.asked = 0
	if why := a.kissed(m); why != "" {
		return why
	}
	arrived := StampOf(a.s.clock.At(now))
	if why := a.doubt(local, m); why != "" {
		a.errors++
		return why
	}
	a.in++
	one := sample{at: now}
	one.offset = (m.Receive.since(m.Origin) + m.Transmit.since(arrived)) / 2
	one.delay = max(arrived.since(m.Origin)-m.Transmit.since(m.Receive), 0)
	one.dispersion = granularity + clockDrift*time.Duration(arrived.since(m.Origin)/time.Second)
	a.samples = append([]sample{one}, a.samples[:min(len(a.samples), 7)]...)
	a.heard, a.said = now, *m
	if a.reach == 0 {
		a.s.records.Emit(Reachable{Server: a.Address, On: true})
	}
	a.reach |= 1
	return ""
}

// kissed heeds a server that does not want to be asked (RFC 5905 7.4).
func (a *association) kissed(m *message) Reason {
	if m.Stratum != 0 {
		return ""
	}
	switch string(m.Reference[:]) {
	case "RATE":
		a.poll, a.left = a.MaxPoll, 0
		return KissedRate
	case "DENY", "RSTR":
		a.mute, a.left, a.reach, a.samples = true, 0, 0, nil
		return KissedDenied
	}
	return Unsteady
}

// doubt is why an answer is not believed (RFC 5905 A.5.1.1); "": it is.
func (a *association) doubt(local netip.Addr, m *message) Reason {
	switch {
	case m.Leap == unsynchronized || m.Stratum >= noStratum:
		return Unsteady
	case m.Receive == 0 || m.Transmit == 0 || m.Transmit.since(m.Receive) < 0 || m.Transmit.since(m.ReferenceTime) < 0:
		return Contradicts
	case m.RootDelay/2+m.RootDispersion >= maxDispersion:
		return TooFar
	case m.Stratum > 1 && (m.Reference == referenceOf(local) || a.s.way.Own(a.VRF, m.Reference)):
		return Loop
	}
	return ""
}

// best is the sample with the shortest way, which is the most exact.
func (a *association) best() (b sample) {
	for i, one := range a.samples {
		if i == 0 || one.delay < b.delay {
			b = one
		}
	}
	return b
}

// dispersion is how far the samples may be off: those that are missing say nothing (RFC 5905 A.5.2).
func (a *association) dispersion(now time.Time) (sum time.Duration) {
	for i := range 8 {
		one := maxDispersion
		if i < len(a.samples) {
			one = a.samples[i].dispersion + drift(now.Sub(a.samples[i].at))
		}
		sum += one >> (i + 1)
	}
	return sum
}

// drift is by how much an oscillator may be off after a while.
func drift(d time.Duration) time.Duration { return time.Duration(int64(d/time.Millisecond) * 15) }

// distance is how far the time of the server may be from that of its reference.
func (a *association) distance(now time.Time) time.Duration {
	return (a.best().delay+a.said.RootDelay)/2 + a.said.RootDispersion + a.dispersion(now)
}

// fits says whether the clock may follow the server.
func (a *association) fits(now time.Time) bool {
	return a.reach != 0 && len(a.samples) > 0 && a.distance(now) < maxDistance
}

// moved has the samples be about a clock that shows another time.
func (a *association) moved(by time.Duration) {
	a.asked = 0
	for i := range a.samples {
		a.samples[i].offset -= by
	}
}
