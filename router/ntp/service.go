package ntp

import (
	"crypto/md5" // which makes a reference of an address of IPv6 (RFC 5905 7.3)
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Settings are what a configuration says. Without a server and a stratum there is no NTP.
type Settings struct {
	Servers []Server
	Master  int // stratum of a device that serves by its own oscillator; 0: none does
}

// On says whether there is NTP at all.
func (s *Settings) On() bool { return len(s.Servers) > 0 || s.Master > 0 }

// Way is what a device does for its NTP.
type Way interface {
	// From is the address that a request comes from; invalid: there is none.
	From(s *Server) netip.Addr
	// Send sends a message, from port 123.
	Send(now time.Time, vrf int, from netip.Addr, to netip.AddrPort, data []byte)
	// Own says whether a reference is an address of the device.
	Own(vrf int, reference [4]byte) bool
	// Name is the interface that has an address; "": none.
	Name(vrf int, a netip.Addr) string
	// Stepped says that the clock shows another time.
	Stepped(now time.Time)
}

// Service is the NTP of a device.
type Service struct {
	clock    *Clock
	timers   *ip.Timers
	records  *record.Emitter
	way      Way
	set      Settings
	servers  []*association
	peer     *association // that the clock follows; nil: none
	followed netip.Addr   // its address, or Oscillator
	started  time.Time
}

// New makes the NTP of a device, which does nothing before it is configured.
func New(c *Clock, t *ip.Timers, e *record.Emitter, w Way) *Service {
	return &Service{clock: c, timers: t, records: e, way: w}
}

// firstPause is how long after it is configured a server is asked first.
const firstPause = time.Second

// Configure gives it its settings. A server that stays as it is is not asked anew.
func (s *Service) Configure(now time.Time, set Settings) {
	was, on := s.set.On(), set.On()
	if !was && !on {
		return
	}
	if was != on {
		s.started = now
		s.records.Emit(Started{On: on})
	}
	old := s.servers
	s.servers, s.set = nil, set
	for _, one := range set.Servers {
		if i := slices.IndexFunc(old, func(a *association) bool { return a.Server == one }); i >= 0 {
			s.servers = append(s.servers, old[i])
			continue
		}
		a := newAssociation(s, one)
		s.servers = append(s.servers, a)
		s.timers.Set(&a.timer, now.Add(firstPause))
	}
	for _, a := range old {
		if !slices.Contains(s.servers, a) {
			s.timers.Set(&a.timer, time.Time{})
		}
	}
	s.choose(now)
}

// Receive takes a datagram for port 123. Nothing in it is kept.
func (s *Service) Receive(now time.Time, d ip.Datagram) {
	m, ok := parse(d.Data)
	switch {
	case !s.set.On():
	case !ok || m.Mode != Client && m.Mode != Reply:
		s.records.Emit(Refused{From: d.Remote.Addr(), Reason: Broken})
	case m.Mode == Client:
		s.heard(now, &d, &m)
		s.serve(now, &d, &m)
	default:
		s.heard(now, &d, &m)
		if why := s.answered(now, &d, &m); why != "" {
			s.records.Emit(Refused{From: d.Remote.Addr(), Reason: why})
		}
	}
}

// answered hands an answer to whom it is for; "": it was believed.
func (s *Service) answered(now time.Time, d *ip.Datagram, m *message) Reason {
	i := slices.IndexFunc(s.servers, func(a *association) bool { return a.Address == d.Remote.Addr() && a.VRF == d.VRF })
	if i < 0 || d.Remote.Port() != Port {
		return Strange
	}
	a := s.servers[i]
	why := a.answer(now, d.Local.Addr(), m)
	if a.mute {
		s.timers.Set(&a.timer, time.Time{})
	}
	if why == "" || a.mute {
		s.choose(now)
	}
	return why
}

// serve answers a client, whether the clock follows anything or not: the answer says so.
func (s *Service) serve(now time.Time, d *ip.Datagram, m *message) {
	shows := StampOf(s.clock.At(now))
	answer := message{
		Leap: s.leap(), Version: m.Version, Mode: Reply, Stratum: s.stratum8(), Poll: m.Poll, Precision: precision,
		Origin: m.Transmit, Receive: shows, Transmit: shows,
	}
	s.describe(now, &answer)
	s.send(now, d.VRF, d.Local.Addr(), d.Remote, &answer)
}

// describe says of a message how the clock is related to its reference.
func (s *Service) describe(now time.Time, m *message) {
	m.Reference = s.reference()
	if s.followed.IsValid() {
		m.ReferenceTime = StampOf(s.clock.At(s.compared(now)))
	}
	m.RootDelay, m.RootDispersion = s.root(now)
}

// compared is when the clock was compared last: its own oscillator always is.
func (s *Service) compared(now time.Time) time.Time {
	if s.peer == nil {
		return now
	}
	return s.peer.heard
}

// root is how far the clock may be from the reference of all.
func (s *Service) root(now time.Time) (delay, dispersion time.Duration) {
	if s.peer == nil {
		return 0, granularity
	}
	best := s.peer.best()
	return s.peer.said.RootDelay + best.delay, s.peer.said.RootDispersion + s.peer.dispersion(now) + best.offset.Abs()
}

// reference is that of this device (RFC 5905 7.3).
func (s *Service) reference() [4]byte {
	switch {
	case !s.followed.IsValid():
		return [4]byte{'I', 'N', 'I', 'T'}
	case s.stratum() == 1:
		return [4]byte{'L', 'O', 'C', 'L'}
	}
	return referenceOf(s.followed)
}

// referenceOf is what stands for a server: its address, or the beginning of the MD5 of one of IPv6.
func referenceOf(a netip.Addr) [4]byte {
	if a.Is4() {
		return a.As4()
	}
	b := a.As16()
	sum := md5.Sum(b[:])
	return [4]byte(sum[:4])
}

func (s *Service) leap() uint8 {
	if s.followed.IsValid() {
		return 0
	}
	return unsynchronized
}

// stratum8 is the stratum as messages say it: none is 0 there.
func (s *Service) stratum8() uint8 { return uint8(s.stratum() % noStratum) }

// send sends a message and tells of it.
func (s *Service) send(now time.Time, vrf int, from netip.Addr, to netip.AddrPort, m *message) {
	s.records.Emit(s.said(now, true, vrf, from, to.Addr(), m))
	s.way.Send(now, vrf, from, to, m.marshal(make([]byte, 0, headerLen)))
}

func (s *Service) heard(now time.Time, d *ip.Datagram, m *message) {
	s.records.Emit(s.said(now, false, d.VRF, d.Local.Addr(), d.Remote.Addr(), m))
}

func (s *Service) said(now time.Time, sent bool, vrf int, local, remote netip.Addr, m *message) Said {
	return Said{
		Sent: sent, Mode: m.Mode, Local: local, Remote: remote, Interface: s.way.Name(vrf, local), Leap: m.Leap, Stratum: m.Stratum,
		Reference: referenceText(m.Stratum, m.Reference), Transmit: m.Transmit.near(s.clock.At(now)),
	}
}
