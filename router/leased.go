package router

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/policy"
	"ikelab/router/record"
)

// leased is a router's DHCP: interfaces that ask for their addresses, pools that are
// served, and what is passed on between the two.
type leased struct {
	stack   *ip.Stack
	timers  *ip.Timers
	records *record.Emitter
	random  io.Reader
	store   *iosconfig.Store
	changed func(now time.Time, name string) // an interface has another address
	clients map[string]*client
	server  *dhcp.Server
	routes  []ip.StaticRoute // that leases bring
	on      bool             // service dhcp

	base, view *iosconfig.Config // what over made of what
	sixes      map[string]bool   // interfaces that make addresses of IPv6 by themselves
}

// client is that of one interface, with what it was made for.
type client struct {
	*dhcp.Client
	asks     iosconfig.DHCPClient
	hostname string
}

func newLeased(s *ip.Stack, t *ip.Timers, e *record.Emitter, store *iosconfig.Store, random io.Reader) *leased {
	l := &leased{stack: s, timers: t, records: e, store: store, random: random, server: dhcp.NewServer(t, e)}
	s.UDP.HandleOnLink(dhcp.ClientPort, func(now time.Time, in *ip.Interface, d ip.Datagram) { l.answered(now, in, d.Data) })
	s.UDP.Handle(dhcp.ClientPort, func(now time.Time, d ip.Datagram) { l.answered(now, nil, d.Data) })
	s.UDP.HandleOnLink(dhcp.ServerPort, l.asked)
	s.UDP.Handle(dhcp.ServerPort, l.askedFromAfar)
	s.Interfaces.Changed = func(now time.Time, i *ip.Interface) {
		if c := l.clients[i.Name]; c != nil {
			c.Line(now, i.Protocol)
		}
	}
	return l
}

// over is a configuration as it is in effect: with the addresses that interfaces have
// been given.
func (l *leased) over(c *iosconfig.Config) *iosconfig.Config {
	if len(l.clients)+len(l.sixes) == 0 {
		return c
	}
	if l.base == c {
		return l.view
	}
	l.base, l.view = c, l.with(c)
	return l.view
}

// with is over for a configuration that may still change.
func (l *leased) with(c *iosconfig.Config) *iosconfig.Config {
	next := *c
	for name, client := range l.clients {
		lease, has := client.Lease()
		if i := c.Interface(name); has && i != nil && i.DHCP.On {
			with := *i
			with.Address = lease.Address
			next.Interfaces.Put(name, &with)
		}
	}
	for name := range l.sixes {
		if c, i := next.Interface(name), l.stack.Interfaces.Get(name); c != nil && i != nil {
			next.Interfaces.Put(name, withSixes(c, i))
		}
	}
	return &next
}

// stop has an interface give back what it has, if it asks no more, or in another way. It
// comes before the interface loses the address that the release is sent from.
func (l *leased) stop(now time.Time, name string, asks iosconfig.DHCPClient) {
	if c := l.clients[name]; c != nil && c.asks != asks {
		delete(l.clients, name)
		c.Stop(now)
		l.base = nil
	}
}

// ask has an interface ask for its address, if it is to and does not yet.
func (l *leased) ask(now time.Time, c *iosconfig.Interface) {
	i := l.stack.Interfaces.Get(c.Name())
	if !c.DHCP.On || l.clients[c.Name()] != nil || i == nil || !i.Physical {
		return
	}
	name := c.Name()
	made := &client{asks: c.DHCP, hostname: c.DHCP.Hostname}
	if made.hostname == "" {
		made.hostname = l.store.Running().Hostname
	}
	made.Client = dhcp.NewClient(dhcp.ClientOptions{
		Interface: name, Hardware: i.MAC, ClientID: l.identifier(i, c.DHCP.ClientID), Hostname: made.hostname,
		Way: asking{l, name}, Timers: l.timers, Records: l.records, Random: l.number,
	})
	put(&l.clients, name, made)
	l.base = nil
	made.Line(now, i.Protocol)
}

// identifier is IOS's, or the hardware address of an interface (RFC 2132 9.14).
func (l *leased) identifier(i *ip.Interface, of string) string {
	if other := l.stack.Interfaces.Get(of); other != nil {
		return "\x01" + string(other.MAC[:])
	}
	at := strings.IndexAny(i.Name, "0123456789")
	return fmt.Sprintf("\x00cisco-%v-%s%s", ip.MAC(i.MAC), i.Name[:2], i.Name[at:])
}

// number is a random one.
func (l *leased) number() uint32 {
	var b [4]byte
	_, _ = io.ReadFull(l.random, b[:]) // a stream of random octets has no end
	return binary.BigEndian.Uint32(b[:])
}

// asking is the way of an interface's client.
type asking struct {
	l    *leased
	name string
}

// Send sends what the client says.
func (a asking) Send(now time.Time, m *dhcp.Message, from, to netip.Addr) {
	dhcp.SendBy(now, a.l.stack, a.l.stack.Interfaces.Get(a.name), m, from, to)
}

// everybody is the address of all on a link.
var everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// Leased has the interface get its address, and the routes by it follow.
func (a asking) Leased(now time.Time) {
	a.l.base = nil
	a.l.changed(now, a.name)
	a.l.reroute(now)
}

// Fits says whether no other interface is in a network.
func (a asking) Fits(p netip.Prefix) bool {
	return a.l.over(a.l.store.Running()).Interfaces.Overlap(a.name, vrfOf(a.l, a.name), p) == ""
}

// vrfOf is the VRF of an interface.
func vrfOf(l *leased, name string) string {
	if i := l.store.Running().Interface(name); i != nil {
		return i.VRF
	}
	return ""
}

// answered hands a server's message to whoever may have asked.
func (l *leased) answered(now time.Time, in *ip.Interface, data []byte) {
	m, ok := dhcp.Parse(data)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(l.clients)) {
		if in == nil || in.Name == name {
			l.clients[name].Receive(now, m)
		}
	}
}

// reroute brings the routes that leases bring in line: the default route, and those of
// `ip route … dhcp`.
func (l *leased) reroute(now time.Time) {
	var list []ip.StaticRoute
	for _, name := range slices.Sorted(maps.Keys(l.clients)) {
		lease, has := l.clients[name].Lease()
		if !has || len(lease.Routers) == 0 {
			continue
		}
		vrf := iosconfig.VRFNumber(l.store.Running(), vrfOf(l, name))
		add := func(p netip.Prefix, distance int) {
			if r := (ip.StaticRoute{VRF: vrf, HopVRF: vrf, Prefix: p, NextHop: lease.Routers[0], Distance: distance}); !slices.Contains(list, r) {
				list = append(list, r)
			}
		}
		add(netip.PrefixFrom(netip.IPv4Unspecified(), 0), leasedDistance)
		for _, line := range l.store.Running().Kept {
			if p, distance, ok := leasedRoute(line); ok {
				add(p, distance)
			}
		}
	}
	l.stack.SetRoutes(now, without(list, l.routes), without(l.routes, list))
	l.routes = list
}

// without are the elements of a list that another does not have.
func without(list, other []ip.StaticRoute) []ip.StaticRoute {
	return slices.DeleteFunc(slices.Clone(list), func(r ip.StaticRoute) bool { return slices.Contains(other, r) })
}

// leasedDistance is that of routes to whom a DHCP server names.
const leasedDistance = 254

// leasedRoute reads `ip route PREFIX MASK dhcp [DISTANCE]`.
func leasedRoute(line string) (p netip.Prefix, distance int, ok bool) {
	w := strings.Fields(line)
	if len(w) < 5 || w[0] != "ip" || w[1] != "route" || w[4] != "dhcp" {
		return p, 0, false
	}
	to, _ := netip.ParseAddr(w[2])
	mask, _ := netip.ParseAddr(w[3])
	p, ok = iosconfig.ParseNet(to, mask)
	distance = leasedDistance
	if len(w) > 5 {
		distance, _ = strconv.Atoi(w[5]) // the row has checked the range
	}
	return p.Masked(), distance, ok
}

// serve puts into effect what the configuration says of pools.
func (l *leased) serve() {
	set := policy.DHCP(l.store.Running())
	set.Own = func(a netip.Addr) bool { return l.stack.Interfaces.Owns(0, a) }
	if ping := l.store.Running().DHCP.Ping; ping.Count() > 0 {
		set.Probe = &dhcp.Probe{Ping: l.ping, Answer: func(now time.Time, m, answer *dhcp.Message, at dhcp.Link) {
			l.answer(now, l.stack.Interfaces.Get(at.Interface), m, answer)
		}}
	}
	l.on = !l.store.Running().DHCP.Off
	l.server.Configure(set)
}

// ping finds out whether anybody has an address.
func (l *leased) ping(now time.Time, at dhcp.Link, a netip.Addr, done func(now time.Time, answered bool)) {
	set, answered := l.store.Running().DHCP.Ping, false
	p := &ip.Ping{
		Destination: a, Source: at.Server, Repeat: set.Count(), Size: probeSize, Timeout: set.Wait(),
		Report: func(_ time.Time, e ip.Echo) { answered = answered || e.Answered },
		Done:   func(now time.Time) { done(now, answered) },
	}
	if i := l.stack.Interfaces.Get(at.Interface); i != nil {
		p.VRF = i.Settings.VRF
	}
	l.stack.Echoes.Ping(now, p)
}

// probeSize is that of the packet that asks whether anybody has an address.
const probeSize = 60

// asked takes what a client says to all on a link: it is passed on, or answered here.
func (l *leased) asked(now time.Time, in *ip.Interface, d ip.Datagram) {
	m, ok := dhcp.Parse(d.Data)
	if !ok || m.Reply || !l.on {
		return
	}
	at := dhcp.Link{Interface: in.Name, Networks: in.Settings.Addresses}
	if len(at.Networks) == 0 {
		return
	}
	at.Server = at.Networks[0].Addr()
	if c := l.store.Running().Interface(in.Name); c != nil && len(c.Helpers) > 0 {
		l.passOn(now, m, in, c.Helpers)
	}
	if in.VRF() != 0 {
		return // no pool is for a VRF
	}
	if answer, ok := l.server.Receive(now, m, at); ok {
		l.answer(now, in, m, answer)
	}
}

// maxHops is how many relays a message may go through (RFC 1542 4.1.1).
const maxHops = 16

// passOn sends a client's message to the servers of `ip helper-address`.
func (l *leased) passOn(now time.Time, m *dhcp.Message, in *ip.Interface, to []netip.Addr) {
	from := in.Settings.Addresses[0].Addr()
	next := *m
	if next.Hops++; next.Hops > maxHops {
		return
	}
	if !next.Relay.IsValid() {
		next.Relay = from
	}
	for _, server := range to {
		l.stack.UDP.Send(now, ip.Datagram{
			VRF: in.VRF(), Local: netip.AddrPortFrom(from, dhcp.ServerPort), Remote: netip.AddrPortFrom(server, dhcp.ServerPort), Data: next.Append(nil),
		}, ip.DefaultTTL)
	}
}

// askedFromAfar takes what is sent to the router itself: by a client that renews, by a
// relay, and for a client to whom the router is one.
func (l *leased) askedFromAfar(now time.Time, d ip.Datagram) {
	m, ok := dhcp.Parse(d.Data)
	switch {
	case !ok || !l.on:
	case m.Reply:
		for _, i := range l.stack.Interfaces.All() {
			if a := i.Settings.Addresses; len(a) > 0 && a[0].Addr() == m.Relay && i.Physical && i.VRF() == d.VRF {
				l.onLink(now, i, m, d.Local.Addr())
			}
		}
	case d.VRF == 0:
		if answer, ok := l.server.Receive(now, m, dhcp.Link{Server: d.Local.Addr()}); ok {
			l.answer(now, nil, m, answer)
		}
	}
}

// answer sends a server's answer to where the client can take it (RFC 2131 4.1).
func (l *leased) answer(now time.Time, in *ip.Interface, m, answer *dhcp.Message) {
	to := netip.AddrPortFrom(m.Client, dhcp.ClientPort)
	switch {
	case m.Relay.IsValid():
		to = netip.AddrPortFrom(m.Relay, dhcp.ServerPort)
	case !m.Client.IsValid() || answer.Type == dhcp.Nak:
		if in != nil {
			l.onLink(now, in, answer, answer.Server)
		}
		return
	}
	l.stack.UDP.Send(now, ip.Datagram{Local: netip.AddrPortFrom(answer.Server, dhcp.ServerPort), Remote: to, Data: answer.Append(nil)}, ip.DefaultTTL)
}

// onLink sends a client that has no address yet its answer.
func (l *leased) onLink(now time.Time, i *ip.Interface, m *dhcp.Message, from netip.Addr) {
	to, mac := m.Your, m.Hardware
	if m.Broadcast || !to.IsValid() {
		to, mac = everybody, ip.BroadcastMAC
	}
	l.stack.UDP.SendOnLink(now, i, mac, ip.Datagram{
		Local: netip.AddrPortFrom(from, dhcp.ServerPort), Remote: netip.AddrPortFrom(to, dhcp.ClientPort), Data: m.Append(nil),
	})
}
