package station

import (
	"encoding/binary"
	"io"
	"net/netip"
	"time"

	"ikelab/router/dhcp"
	"ikelab/router/ip"
)

// lessee is the port of an end station that asks for its address, and for where its default
// route leads.
type lessee struct {
	*dhcp.Client
	stack  *ip.Stack
	port   string
	routes []ip.StaticRoute // that the lease brings
}

// lease has a port ask as soon as it has a line.
func (s *Station) lease(m *machine, port string) {
	l := &lessee{stack: m.stack, port: port}
	i := m.stack.Interfaces.Get(port)
	l.Client = dhcp.NewClient(dhcp.ClientOptions{
		Interface: port, Hardware: i.MAC, ClientID: "\x01" + string(i.MAC[:]), Hostname: s.options.Name,
		Way: l, Timers: m.timers, Records: s.records, Random: s.number,
	})
	answered := func(now time.Time, data []byte) {
		if msg, ok := dhcp.Parse(data); ok {
			l.Receive(now, msg)
		}
	}
	m.stack.UDP.HandleOnLink(dhcp.ClientPort, func(now time.Time, _ *ip.Interface, d ip.Datagram) { answered(now, d.Data) })
	m.stack.UDP.Handle(dhcp.ClientPort, func(now time.Time, d ip.Datagram) { answered(now, d.Data) })
	m.stack.Interfaces.Changed = func(now time.Time, i *ip.Interface) { l.Line(now, i.Protocol) }
}

// number is a random one.
func (s *Station) number() uint32 {
	var b [4]byte
	_, _ = io.ReadFull(s.options.Random, b[:]) // a stream of random octets has no end
	return binary.BigEndian.Uint32(b[:])
}

// Send sends what the client says.
func (l *lessee) Send(now time.Time, m *dhcp.Message, from, to netip.Addr) {
	dhcp.SendBy(now, l.stack, l.stack.Interfaces.Get(l.port), m, from, to)
}

// Leased gives the port its address, or takes it away, and the default route with it.
func (l *lessee) Leased(now time.Time) {
	lease, has := l.Lease()
	set, before := ip.InterfaceSettings{Name: l.port, Kind: ethernet, Asks: true, Six: l.stack.Interfaces.Get(l.port).Settings.Six}, l.routes
	l.routes = nil
	if has {
		set.Addresses = []netip.Prefix{lease.Address}
	}
	if has && len(lease.Routers) > 0 {
		l.routes = []ip.StaticRoute{{Prefix: everywhere, NextHop: lease.Routers[0], Distance: 1}}
	}
	l.stack.Interfaces.Set(now, set)
	l.stack.SetRoutes(now, l.routes, before)
}

// Fits is true: the station has no other port.
func (l *lessee) Fits(netip.Prefix) bool { return true }
