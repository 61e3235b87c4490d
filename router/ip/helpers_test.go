package ip

import (
	"net/netip"
	"testing"
	"time"

	"ikelab/router/record"
)

var epoch = time.Date(2024, 11, 11, 19, 30, 0, 0, time.UTC)

// device is a stack whose frames stay in a list.
type device struct {
	*Stack
	timers  *Timers
	kinds   map[string]Kind
	frames  [][]byte
	records []record.Body
}

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

// newDevice makes a stack with n ports, eth0, eth1, …, that have carrier.
func newDevice(t testing.TB, n int) *device {
	d := &device{kinds: map[string]Kind{"eth": {Port: true}, "lo": {}}}
	e := record.New(1, "R1")
	d.timers = NewTimers(e)
	e.Listen(func(r record.Record) { d.records = append(d.records, r.Body) })
	o := Options{
		Records: e, Timers: d.timers, Carriers: make([]bool, n),
		Send: func(_ int, f []byte) { d.frames = append(d.frames, append([]byte(nil), f...)) },
		Kind: func(name string) Kind { return d.kinds[name] },
		MAC:  func(port int) [6]byte { return [6]byte{2, 0, 0, 0, 0, byte(port)} },
	}
	for i := range n {
		o.Carriers[i] = true
		o.Ports = append(o.Ports, Port{portName(i), "eth"})
	}
	d.Stack = New(o)
	return d
}

func portName(i int) string { return "eth" + string(rune('0'+i)) }

// set gives an interface addresses, "10.0.0.1/24".
func (d *device) set(name, kind string, addresses ...string) *Interface {
	s := InterfaceSettings{Name: name, Kind: kind}
	for _, a := range addresses {
		s.Addresses = append(s.Addresses, netip.MustParsePrefix(a))
	}
	return d.Interfaces.Set(epoch, s)
}

// route adds a static route: a next hop, an interface or both.
func staticOf(prefix, hop, name string, distance int) StaticRoute {
	r := StaticRoute{Prefix: netip.MustParsePrefix(prefix), Interface: name, Distance: distance}
	if hop != "" {
		r.NextHop = addr(hop)
	}
	return r
}

func (d *device) add(list ...StaticRoute)    { d.SetRoutes(epoch, list, nil) }
func (d *device) remove(list ...StaticRoute) { d.SetRoutes(epoch, nil, list) }

// way is the kind of an entry with its interface and next hop.
func (d *device) way(a string) string {
	e := d.Table.Lookup(addr(a))
	text := [...]string{"none", "local", "broadcast", "link", "via", "null", "martian"}[e.Kind]
	if e.Out != nil {
		text += " " + e.Out.Name
	}
	if e.Kind == Via {
		text += " " + e.hop.netip().String()
	}
	return text
}

func addrPort(text string) netip.AddrPort                 { return netip.MustParseAddrPort(text) }
func addrPortOf(a netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a, port) }
