package ip

import (
	"net/netip"
	"slices"
	"time"
)

// SixSettings are what a configuration says of an interface's IPv6.
type SixSettings struct {
	On        bool           // it speaks IPv6, be it with no other address than that of the link
	Addresses []netip.Prefix // the first is the one that packets get
	EUI64     []netip.Prefix // networks in which its address is made of the hardware address
	LinkLocal netip.Addr     // invalid: made of the hardware address
	Lender    string         // whose address it uses where it has none of its own; "": nobody's

	RA            Advertising
	Auto          bool // it makes addresses in the networks that routers advertise
	DefaultRouter bool // its default route leads to one of them

	Filters        [2]Filter // as those of InterfaceSettings
	NoUnreachables bool
}

func (s *SixSettings) equal(o *SixSettings) bool {
	return s.On == o.On && s.RA == o.RA && s.Filters == o.Filters && s.NoUnreachables == o.NoUnreachables && s.Auto == o.Auto && s.DefaultRouter == o.DefaultRouter && s.LinkLocal == o.LinkLocal && s.Lender == o.Lender && slices.Equal(s.Addresses, o.Addresses) && slices.Equal(s.EUI64, o.EUI64)
}

// SixStack is what a stack has for IPv6 alone.
type SixStack struct {
	totals6  *Totals
	Limited6 uint64 // errors that did not leave, as too many did
	Forward6 bool   // it sends packets on: `ipv6 unicast-routing`
	paths    paths
}

// Totals6 are those of IPv6, made with the first packet.
func (s *SixStack) Totals6() *Totals {
	if s.totals6 == nil {
		s.totals6 = &Totals{}
	}
	return s.totals6
}

// six is what an interface has of IPv6 beside its addresses.
type six struct {
	linkLocal address     // none: it does not speak IPv6
	detection *detection  // nil: nobody was ever asked
	adverts   *advertiser // nil: hosts were never told of it
	found     *found      // nil: it has never listened
}

// moves says whether other settings give an interface other addresses.
func (s *SixSettings) moves(o *SixSettings) bool {
	return s.On != o.On || s.Auto != o.Auto || s.LinkLocal != o.LinkLocal || !slices.Equal(s.Addresses, o.Addresses) || !slices.Equal(s.EUI64, o.EUI64)
}

// networks are those that routers have said.
func (x *six) networks() []learned {
	if x.found == nil {
		return nil
	}
	return x.found.networks
}

func (x *six) on() bool { return x.linkLocal != none }

// pending says whether an address may not be used: it is somebody else's, or not known not
// to be. Without its own address of the link an interface has none.
func (x *six) pending(a address) bool {
	d := x.detection
	return !a.is4() && (d.doubts(a) || d.taken(a) || d.taken(x.linkLocal))
}

// detection is that of duplicate addresses (RFC 4862 section 5.4). Where there is none it
// finds none.
type detection struct {
	tentative []address // that somebody else may have
	duplicate []address // that somebody has
	asked     bool      // whether anybody has
	due       Timer
}

func (d *detection) doubts(a address) bool { return d != nil && slices.Contains(d.tentative, a) }
func (d *detection) taken(a address) bool  { return d != nil && slices.Contains(d.duplicate, a) }

// stop forgets what was found.
func (d *detection) stop(timers *Timers) {
	if d != nil {
		d.tentative, d.duplicate = nil, nil
		timers.Set(&d.due, time.Time{})
	}
}

// keep forgets what was found of other addresses.
func (d *detection) keep(these func(address) bool) {
	if d != nil {
		other := func(a address) bool { return !these(a) }
		d.tentative, d.duplicate = slices.DeleteFunc(d.tentative, other), slices.DeleteFunc(d.duplicate, other)
	}
}

// paths are the lengths of packets that were learned to fit the way to an address
// (RFC 8201).
type paths struct{ byAddr map[pathTo]pathMTU }

type pathTo struct {
	vrf int
	to  address
}

type pathMTU struct {
	mtu   int
	until time.Time
}

const (
	pathAge  = 10 * time.Minute
	maxPaths = 256
)

func (m *paths) mtu(now time.Time, to pathTo) int {
	if x, ok := m.byAddr[to]; ok && now.Before(x.until) {
		return x.mtu
	}
	return MaxLen
}

func (m *paths) learn(now time.Time, to pathTo, mtu int) {
	if mtu < MinMTU6 || mtu >= m.mtu(now, to) { // section 4: a lower one changes nothing
		return
	}
	if m.byAddr == nil || len(m.byAddr) >= maxPaths {
		m.byAddr = map[pathTo]pathMTU{}
	}
	m.byAddr[to] = pathMTU{mtu, now.Add(pathAge)}
}

// Advertising is what a configuration says of an interface's advertisements.
type Advertising struct {
	Quiet    bool          // none leave but those that were asked for
	Silent   bool          // not even these
	Interval time.Duration // 0: the usual one
	Lifetime time.Duration // for which it may be a default router
}

// advertiser is the part of an interface that tells hosts of its router.
type advertiser struct {
	timer Timer
	sent  int // since the interface came up
	last  time.Time
}

// found is what an interface has learned of its link.
type found struct {
	seeking  Timer
	aging    Timer
	tries    int
	heard    bool
	networks []learned
	routers  []learned
	way      learnedWay // the default route to the first of them
}

// learned is a network, with our address there, or a router.
type learned struct {
	at    prefix
	until time.Time // zero: for ever
}

// learnedWay is a default route that somebody advertised: to whom, in which VRF.
type learnedWay struct {
	to  address // none: there is none
	vrf int
}
