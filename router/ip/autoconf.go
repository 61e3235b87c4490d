package ip

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// Addresses that an interface makes in the networks that routers advertise, and a default
// route to who says that he is a router (RFC 4862 section 5.5, RFC 4861 section 6.3).

const (
	seekTries    = 3 // solicitations
	seekPause    = 4 * time.Second
	mostNetworks = 16 // that an interface learns
	mostRouters  = 8
	forever      = 0xffffffff
	shortest     = 2 * time.Hour // to which nobody shortens a lifetime (RFC 4862 section 5.5.3)

	advertisedDistance = 2
)

// advertised is what an advertisement says that matters to a host.
type advertised struct {
	lifetime time.Duration
	networks []network
}

// network is one in which hosts make addresses.
type network struct {
	prefix
	valid uint32 // seconds
}

// parseAdvertisement reads a router advertisement (RFC 4861 section 6.1.2).
func parseAdvertisement(b []byte) (a advertised, ok bool) {
	if len(b) < advertisementLen || b[1] != 0 {
		return a, false
	}
	a.lifetime = time.Duration(binary.BigEndian.Uint16(b[6:])) * time.Second
	ok = eachOption(b[advertisementLen:], func(o []byte) {
		if o[0] != optionPrefix || len(o) != prefixLen || o[2] != slaacBits || o[3]&flagAutonomous == 0 {
			return
		}
		valid, preferred := binary.BigEndian.Uint32(o[4:]), binary.BigEndian.Uint32(o[8:])
		at := prefix{readV6(o[16:]), slaacBits}.network()
		if preferred <= valid && !at.addr.special6() && !at.addr.is4() && at.addr != none {
			a.networks = append(a.networks, network{at, valid})
		}
	})
	return a, ok
}

// listens says whether advertisements mean something to an interface.
func listens(i *Interface) bool {
	return i.Physical && i.six.on() && (i.Settings.six().Auto || i.Settings.six().DefaultRouter)
}

// seekSoon has an interface ask for routers.
func (r routers) seekSoon(now time.Time, i *Interface) {
	if i.six.found == nil {
		i.six.found = &found{seeking: NewTimer(func(now time.Time) { r.seek(now, i) }), aging: NewTimer(func(now time.Time) { r.outdated(now, i) })}
	}
	x := i.six.found
	x.tries, x.heard = 0, false
	r.s.timers.Set(&x.seeking, now)
}

// seek asks for routers, as soon as there is an address to ask from (RFC 4861 section 6.3.7).
func (r routers) seek(now time.Time, i *Interface) {
	x := i.six.found
	switch {
	case !i.Protocol || !listens(i) || x.heard || x.tries == seekTries:
		return
	case i.six.pending(i.six.linkLocal):
		if !i.six.detection.taken(i.six.linkLocal) {
			r.s.timers.Set(&x.seeking, now.Add(detectTime))
		}
		return
	}
	x.tries++
	p := newPacket(ProtoICMPv6, i.six.linkLocal, allRouters, ndLimit, solicitationLen+optionLen)
	b := p.Payload()
	b[0], b[solicitationLen], b[solicitationLen+1] = routerSolicitation, optionSource, 1
	copy(b[solicitationLen+2:], i.MAC[:])
	nd(r).post(now, i, groupMAC(allRouters), p)
	r.s.timers.Set(&x.seeking, now.Add(seekPause))
}

// told takes an advertisement.
func (r routers) told(now time.Time, p *Packet, b []byte) {
	i, src := p.In, p.src()
	if i == nil || !i.Physical {
		return
	}
	a, ok := parseAdvertisement(b)
	switch {
	case !ok, p.ttl() != ndLimit, !src.linkLocal():
		r.s.Refuse(p, BadND)
		return
	case !listens(i) || i.six.found == nil:
		return
	}
	x := i.six.found
	x.heard = true
	before := slices.Clone(x.networks)
	if i.Settings.six().Auto {
		for _, n := range a.networks {
			x.network(now, i, n)
		}
	}
	if i.Settings.six().DefaultRouter {
		r.router(now, i, alone(src), a.lifetime)
	}
	if !slices.EqualFunc(before, x.networks, func(a, b learned) bool { return a.at == b.at }) {
		r.readdress(now, i)
	}
	r.age(i)
}

// network enters a network, or lengthens its time; it is shortened to two hours at most,
// as anybody may say so.
func (x *found) network(now time.Time, i *Interface, n network) {
	until := time.Time{}
	if n.valid != forever {
		until = now.Add(time.Duration(n.valid) * time.Second)
	}
	own := prefix{address{n.addr.hi, interfaceID(i.MAC)}, slaacBits}
	at := slices.IndexFunc(x.networks, func(l learned) bool { return l.at == own })
	switch {
	case at < 0 && n.valid != 0 && len(x.networks) < mostNetworks && !i.owns(own.addr):
		x.networks = append(x.networks, learned{own, until})
	case at < 0:
	case until.IsZero(), until.After(now.Add(shortest)), !x.networks[at].until.IsZero() && until.After(x.networks[at].until):
		x.networks[at].until = until
	case x.networks[at].until.IsZero() || x.networks[at].until.After(now.Add(shortest)):
		x.networks[at].until = now.Add(shortest)
	}
}

// router enters a router, or takes one out that is none any more.
func (r routers) router(now time.Time, i *Interface, who prefix, lifetime time.Duration) {
	list := slices.Clone(i.six.found.routers)
	at := slices.IndexFunc(list, func(l learned) bool { return l.at == who })
	switch {
	case lifetime == 0 && at >= 0:
		list = slices.Delete(list, at, at+1)
	case lifetime == 0:
	case at >= 0:
		list[at].until = now.Add(lifetime)
	case len(list) < mostRouters:
		list = append(list, learned{who, now.Add(lifetime)})
	}
	r.lead(now, i, list)
}

// lead has the default route lead to the first of these.
func (r routers) lead(now time.Time, i *Interface, list []learned) {
	x, before := i.six.found, i.six.found.way
	x.routers, x.way = list, learnedWay{}
	if len(list) > 0 {
		x.way = learnedWay{list[0].at.addr, i.table.vrf}
	}
	if before != x.way {
		r.s.SetRoutes(now, x.way.routes(i), before.routes(i))
	}
}

func (w learnedWay) routes(i *Interface) []StaticRoute {
	if w.to == none {
		return nil
	}
	return []StaticRoute{{VRF: w.vrf, HopVRF: w.vrf, Prefix: everySix, NextHop: w.to.netip(), Interface: i.Name, Distance: advertisedDistance, advertised: true}}
}

var everySix = netip.PrefixFrom(netip.IPv6Unspecified(), 0)

// age sets the timer to what ends first.
func (r routers) age(i *Interface) {
	x, first := i.six.found, time.Time{}
	for _, l := range slices.Concat(x.networks, x.routers) {
		if !l.until.IsZero() && (first.IsZero() || l.until.Before(first)) {
			first = l.until
		}
	}
	r.s.timers.Set(&x.aging, first)
}

// outdated forgets what has not been heard of for too long.
func (r routers) outdated(now time.Time, i *Interface) {
	x, over := i.six.found, func(l learned) bool { return !l.until.IsZero() && !l.until.After(now) }
	networks := len(x.networks)
	x.networks = slices.DeleteFunc(x.networks, over)
	r.lead(now, i, slices.DeleteFunc(slices.Clone(x.routers), over))
	if len(x.networks) != networks {
		r.readdress(now, i)
	}
	r.age(i)
}

// readdress gives an interface the addresses that it has now.
func (r routers) readdress(now time.Time, i *Interface) {
	had := i.addrs
	i.setAddresses(i.Settings.Addresses)
	nd(r).set(now, i, had)
	r.s.connect(now, i)
	if tell := r.s.Interfaces.Readdressed; tell != nil {
		tell(now, i)
	}
}

// begins begins anew: the line is new, or another word counts.
func (r routers) begins(now time.Time, i *Interface) {
	if x := i.six.found; x != nil {
		r.ends(now, i)
		if len(x.networks) > 0 {
			x.networks = nil
			r.readdress(now, i)
		}
	}
	if i.Protocol && listens(i) {
		r.seekSoon(now, i)
	}
}

// ends stops what an interface says to hosts and hears of routers.
func (r routers) ends(now time.Time, i *Interface) {
	if i.six.adverts != nil {
		r.s.timers.Set(&i.six.adverts.timer, time.Time{})
	}
	if x := i.six.found; x != nil {
		r.s.timers.Set(&x.seeking, time.Time{})
		r.s.timers.Set(&x.aging, time.Time{})
		r.lead(now, i, nil)
	}
}

// Learned are the addresses of IPv6 that an interface has made by itself, be it that its
// configuration says how, or that a router has said where.
func Learned(i *Interface) (eui64, auto []netip.Prefix) {
	for _, p := range i.Settings.six().EUI64 {
		if a, ok := prefixOf(p); ok {
			a.addr.lo = interfaceID(i.MAC)
			eui64 = append(eui64, a.netip())
		}
	}
	for _, l := range i.six.networks() {
		auto = append(auto, l.at.netip())
	}
	return eui64, auto
}
