package ip

import (
	"cmp"
	"encoding/binary"
	"time"
)

// Routers that advertise themselves (RFC 4861 section 6.2).

const (
	solicitationLen  = 8 // octets of the messages without options
	advertisementLen = 16
	optionPrefix     = 3
	optionMTU        = 5
	prefixLen        = 32 // octets of the option of a network
	flagOnLink       = 0x80
	flagAutonomous   = 0x40

	validLifetime     = 30 * 24 * time.Hour // of a network that is advertised, and
	preferredLifetime = 7 * 24 * time.Hour
	slaacBits         = 64 // of a network in which hosts make addresses (RFC 2464 section 4)

	firstAdvertisements = 3 // that leave faster (section 6.2.4)
	firstInterval       = 16 * time.Second
	usualInterval       = 200 * time.Second
	answerPause         = 3 * time.Second // between two to everybody (section 10)
)

// routers tell hosts of a router, and hear of others for it.
type routers struct{ s *Stack }

// ListenToRouters has a stack tell hosts of itself where it is a router, and heed others
// where its settings say so.
func ListenToRouters(s *Stack) { s.Interfaces.links = routers{s} }

// hears takes a message of routers, or to them.
func (r routers) hears(now time.Time, p *Packet, b []byte) {
	if b[0] == routerSolicitation {
		r.asked(now, p, b)
	} else {
		r.told(now, p, b)
	}
}

// advertises says whether hosts are told by an interface.
func advertises(i *Interface) bool {
	return i.table.s.Forward6 && i.Physical && i.Protocol && i.six.on() && !i.six.pending(i.six.linkLocal)
}

// RouteSix has a stack send packets of IPv6 on, or no longer: then hosts are told at once.
func RouteSix(now time.Time, s *Stack, on bool) {
	if s.Forward6 == on {
		return
	}
	for _, i := range s.Interfaces.All() {
		if !on && advertises(i) && !i.Settings.six().RA.Silent {
			routers{s}.tell(now, i, 0)
		}
	}
	s.Forward6 = on
	for _, i := range s.Interfaces.All() {
		routers{s}.speaks(now, i)
	}
}

// speaks begins to tell hosts, if they are to be told.
func (r routers) speaks(now time.Time, i *Interface) {
	if advertises(i) && !i.Settings.six().RA.Quiet {
		x := r.advertiser(i)
		x.sent = 0
		r.s.timers.Set(&x.timer, now)
	} else if i.six.adverts != nil {
		r.s.timers.Set(&i.six.adverts.timer, time.Time{})
	}
}

func (r routers) advertiser(i *Interface) *advertiser {
	if i.six.adverts == nil {
		i.six.adverts = &advertiser{timer: NewTimer(func(now time.Time) { r.advertise(now, i) })}
	}
	return i.six.adverts
}

// advertise tells all hosts, and does so again later.
func (r routers) advertise(now time.Time, i *Interface) {
	set, x := &i.Settings.six().RA, i.six.adverts
	if !advertises(i) || set.Silent {
		return
	}
	r.tell(now, i, set.Lifetime)
	x.sent, x.last = x.sent+1, now
	if set.Quiet {
		return
	}
	pause := cmp.Or(set.Interval, usualInterval)
	if x.sent < firstAdvertisements {
		pause = min(pause, firstInterval)
	}
	r.s.timers.Set(&x.timer, now.Add(pause))
}

// asked answers a solicitation, to all, and not more often than every three seconds.
func (r routers) asked(now time.Time, p *Packet, b []byte) {
	i, src := p.In, p.src()
	mac, ok := parseSolicitation(b)
	switch {
	case i == nil || !i.Physical:
		return
	case !ok, p.ttl() != ndLimit, src == none && mac != nil:
		r.s.Refuse(p, BadND)
		return
	case !advertises(i) || i.Settings.six().RA.Silent:
		return
	}
	x := r.advertiser(i)
	at := x.last.Add(answerPause)
	if at.Before(now) {
		at = now
	}
	r.s.timers.Set(&x.timer, at)
}

// tell sends an advertisement to all hosts of a link.
func (r routers) tell(now time.Time, i *Interface, lifetime time.Duration) {
	var networks []prefix
	for _, a := range i.addrs {
		if !a.addr.is4() && !a.host() {
			networks = append(networks, a.network())
		}
	}
	p := newPacket(ProtoICMPv6, i.six.linkLocal, allNodes, ndLimit, advertisementLen+2*optionLen+len(networks)*prefixLen)
	b := p.Payload()
	b[0], b[4] = routerAdvertisement, hopLimit
	binary.BigEndian.PutUint16(b[6:], uint16(lifetime/time.Second))
	o := b[advertisementLen:]
	o[0], o[1] = optionSource, 1
	copy(o[2:], i.MAC[:])
	o = o[optionLen:]
	o[0], o[1] = optionMTU, 1
	binary.BigEndian.PutUint32(o[4:], uint32(max(i.MTU, MinMTU6)))
	o = o[optionLen:]
	for _, n := range networks {
		o[0], o[1], o[2], o[3] = optionPrefix, prefixLen/8, byte(n.bits), flagOnLink|flagAutonomous
		binary.BigEndian.PutUint32(o[4:], uint32(validLifetime/time.Second))
		binary.BigEndian.PutUint32(o[8:], uint32(preferredLifetime/time.Second))
		writeV6(o[16:], n.addr)
		o = o[prefixLen:]
	}
	nd(r).post(now, i, groupMAC(allNodes), p)
}

// parseSolicitation reads a router solicitation (section 6.1.1): the hardware address of
// who asks, if it is there.
func parseSolicitation(b []byte) (mac []byte, ok bool) {
	if len(b) < solicitationLen || b[1] != 0 {
		return nil, false
	}
	ok = eachOption(b[solicitationLen:], func(o []byte) {
		if o[0] == optionSource && len(o) == optionLen {
			mac = o[2:]
		}
	})
	return mac, ok
}

// eachOption calls f with the options of a message; false: they are not well formed.
func eachOption(b []byte, f func(o []byte)) bool {
	for len(b) > 0 {
		if len(b) < 2 || b[1] == 0 || int(b[1])*8 > len(b) {
			return false
		}
		n := int(b[1]) * 8
		f(b[:n])
		b = b[n:]
	}
	return true
}
