package lab

import (
	"io"
	"net/netip"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/router/ip"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/station"
)

// Station is a device of a lab that is no router.
type Station struct {
	*station.Station
	Device *netsim.Device
	lab    *Lab
}

// Sender is a device that sends echoes: a router or a station.
type Sender interface {
	Name() string
	Powered() bool
	// Call does something to the device from outside the simulation.
	Call(do func(now time.Time))
	// Ping starts an echo process; stop ends it early.
	Ping(now time.Time, p shell.PingRequest) (stop func())
}

func (l *Lab) addStation(n *topologies.Node, ports []string, random io.Reader) {
	o := station.Options{Node: l.number(), Name: n.Name, Gateway: n.Gateway, Six: station.Six(n.Six), MAC: l.addresses.take(len(ports)), Random: random}
	for _, name := range ports {
		o.Ports = append(o.Ports, station.Port{Name: name, Address: n.Addresses[name]})
	}
	if n.Kind == topologies.KindNAT {
		o.NAT = &station.NAT{Outside: n.Outside, Settings: n.NAT}
	}
	s := station.New(o)
	device := l.Sim.AddNode(n.Name, s, s.PortNames())
	if n.StartupDelay > 0 {
		device.StartAt(l.Topology.Clock.Add(n.StartupDelay))
	}
	l.Stations = append(l.Stations, &Station{Station: s, Device: device, lab: l})
}

// Station finds a station by its name; nil without.
func (l *Lab) Station(name string) *Station {
	for _, s := range l.Stations {
		if strings.EqualFold(s.Name(), name) {
			return s
		}
	}
	return nil
}

// Powered says whether the device has power.
func (s *Station) Powered() bool { return s.Device.Started() }

// Powered says whether the router has power.
func (r *Router) Powered() bool { return r.Device.Started() }

// Call does something to the station from outside the simulation and has its
// deadline looked at.
func (s *Station) Call(do func(now time.Time)) {
	do(s.lab.Sim.Now())
	s.lab.Sim.Touch(s.Device)
}

// Rebind has a NAT gateway give all its mappings other ports, of another address
// if one is given; Flush has it forget them.
func (s *Station) Rebind(address netip.Addr) {
	s.Call(func(now time.Time) { s.Station.Rebind(now, address) })
}

// Flush has a NAT gateway forget all mappings.
func (s *Station) Flush() { s.Call(s.Station.Flush) }

// Knock is the first packet of a conversation.
type Knock = station.Knock

// Knock sends the first packet of a conversation.
func (s *Station) Knock(k Knock) {
	s.Call(func(now time.Time) { s.Station.Knock(now, k) })
}

// Ping sends echoes.
func (s *Station) Ping(now time.Time, ask shell.PingRequest) (stop func()) {
	p := &ip.Ping{
		Destination: ask.Destination, Source: ask.Source, Repeat: ask.Repeat, Size: ask.Size, Timeout: ask.Timeout, DF: ask.DF, Done: ask.Done,
		Report: func(now time.Time, e ip.Echo) { ask.Report(now, shell.Echo(e)) },
	}
	s.Station.Ping(now, p)
	return p.Stop
}
