package station

import (
	"io"
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Port is a port with its address; of an end station's one it may be invalid: it asks for one
// by DHCP.
type Port struct {
	Name    string
	Address netip.Prefix
}

// Options are what a station is made of.
type Options struct {
	Node    uint32 // number of the device in its lab
	Name    string
	Ports   []Port
	Gateway netip.Addr // where the default route leads; invalid: there is none
	Six     Six
	NAT     *NAT // nil: an end station
	MAC     func(port int) [6]byte
	Random  io.Reader // of who asks for an address
}

// Six is IPv6 of an end station; zero: it does not speak it.
type Six struct {
	On      bool
	Only    bool         // it does not speak IPv4
	Address netip.Prefix // invalid: it makes its own in the networks that routers advertise
	Gateway netip.Addr   // invalid: a router that advertises itself
}

// Station is the device.
type Station struct {
	options  Options
	records  *record.Emitter
	send     func(port int, frame []byte, cause uint64) (number uint64)
	carriers []bool
	machine  *machine // nil: it has no power
}

// machine is what runs between power on and power off.
type machine struct {
	timers  *ip.Timers
	stack   *ip.Stack
	gateway *gateway // nil: an end station
}

// ethernet is the kind of all ports.
const ethernet = "Ethernet"

// New makes a station that is switched off.
func New(o Options) *Station {
	return &Station{options: o, records: record.New(o.Node, o.Name), carriers: make([]bool, len(o.Ports))}
}

// PortNames are the names of the ports by their numbers.
func (s *Station) PortNames() (names []string) {
	for _, p := range s.options.Ports {
		names = append(names, p.Name)
	}
	return names
}

// Name is the name of the device in its lab.
func (s *Station) Name() string { return s.options.Name }

// Records is the station's part of the lab's stream.
func (s *Station) Records() *record.Emitter { return s.records }

// Attach gives the station its way out.
func (s *Station) Attach(send func(port int, frame []byte, cause uint64) (number uint64), _ func(cost time.Duration, id uint64)) {
	s.send = send
}

// Start is power on, also after a power cut.
func (s *Station) Start(now time.Time) {
	s.records.Begin(now, 0, 0)
	m := &machine{timers: ip.NewTimers(s.records)}
	var ports []ip.Port
	for i, p := range s.options.Ports {
		ports = append(ports, ip.Port{Name: p.Name, Kind: ethernet})
		s.carriers[i] = false // who has carrier is told anew
	}
	m.stack = ip.New(ip.Options{
		Records: s.records, Timers: m.timers, Kind: func(name string) ip.Kind { return ip.Kind{Port: name == ethernet} }, Ports: ports, Carriers: s.carriers, MAC: s.options.MAC,
		Send: func(port int, frame []byte) { s.send(port, frame, uint64(s.records.Last())) },
	})
	ip.ListenToRouters(m.stack)
	for _, p := range s.options.Ports {
		set := ip.InterfaceSettings{Name: p.Name, Kind: ethernet, Addresses: []netip.Prefix{p.Address}}
		if !p.Address.IsValid() {
			set.Addresses = nil
			if set.Asks = !s.options.Six.Only; set.Asks {
				s.lease(m, p.Name)
			}
		}
		set.Six = s.six()
		m.stack.Interfaces.Set(now, set)
	}
	if s.options.Gateway.IsValid() {
		m.stack.SetRoutes(now, []ip.StaticRoute{{Prefix: everywhere, NextHop: s.options.Gateway, Distance: 1}}, nil)
	}
	if x := &s.options.Six; x.Gateway.IsValid() {
		r := ip.StaticRoute{Prefix: everywhere6, NextHop: x.Gateway, Distance: 1}
		if x.Gateway.IsLinkLocalUnicast() {
			r.Interface = s.options.Ports[0].Name
		}
		m.stack.SetRoutes(now, []ip.StaticRoute{r}, nil)
	}
	if s.options.NAT != nil {
		m.gateway = newGateway(s.options.NAT, m.stack, m.timers, s.records)
	}
	s.machine = m
}

// everywhere and everywhere6 are the prefixes of default routes.
var everywhere, everywhere6 = netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)

// six are the settings of IPv6 of an end station.
func (s *Station) six() *ip.SixSettings {
	x := &s.options.Six
	set := &ip.SixSettings{On: x.On, Auto: x.On && !x.Address.IsValid(), DefaultRouter: x.On && !x.Gateway.IsValid()}
	if x.Address.IsValid() {
		set.Addresses = []netip.Prefix{x.Address}
	}
	return set
}

// Receive takes a frame.
func (s *Station) Receive(now time.Time, port int, frame []byte, number, cause uint64) {
	if s.machine != nil {
		s.records.Begin(now, record.ID(cause), number)
		s.machine.stack.Receive(now, port, frame)
	}
}

// Carrier says that a port's carrier changed.
func (s *Station) Carrier(now time.Time, port int, up bool) {
	if s.machine != nil {
		s.records.Begin(now, 0, 0)
		s.machine.stack.Interfaces.Carrier(now, port, up)
	}
}

// Advance does what has become due.
func (s *Station) Advance(now time.Time) {
	if s.machine != nil {
		s.machine.timers.Run(now)
	}
}

// Deadline is when Advance must next be called; zero: never.
func (s *Station) Deadline() time.Time {
	if s.machine == nil {
		return time.Time{}
	}
	return s.machine.timers.Next()
}

// Work is none: a station computes nothing that takes time.
func (s *Station) Work(uint64) func() { return nil }

// Deliver has nothing to deliver.
func (s *Station) Deliver(time.Time, uint64) {}

// Address is that of a port; invalid: none yet, or no longer.
func (s *Station) Address(port string) (p netip.Prefix) {
	for _, o := range s.options.Ports {
		if o.Name == port {
			p = o.Address
		}
	}
	if s.machine == nil {
		return p
	}
	if list := s.machine.stack.Interfaces.Get(port).Settings.Addresses; len(list) > 0 {
		p = list[0]
	}
	return p
}

// Heard is how many echoes came to the station since it got power, if an address is its own.
func (s *Station) Heard(a netip.Addr) (echoes uint64, own bool) {
	if s.machine == nil || !s.machine.stack.Interfaces.Owns(0, a) {
		return 0, false
	}
	return s.machine.stack.Totals.ICMP.In[echo] + s.machine.stack.Totals6().ICMP.In[echo6], true
}

// What asks for an answer, as types of ICMP and of ICMPv6.
const (
	echo  = 8
	echo6 = 128
)

// Ping starts an echo process, of a station that has power. Without a source
// it is the address of the port that the echoes leave by.
func (s *Station) Ping(now time.Time, p *ip.Ping) {
	s.records.Begin(now, 0, 0)
	if !p.Source.IsValid() {
		p.Source, _ = s.machine.stack.Table.SourceFor(p.Destination)
	}
	s.machine.stack.Echoes.Ping(now, p)
}
