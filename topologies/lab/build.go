package lab

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/router"
	"ikelab/router/record"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/authority"
	"ikelab/topologies/form"
	"ikelab/topologies/rogue"
)

// Options are what a lab needs besides its topology.
type Options struct {
	Seed uint64
	// Random is a source of true randomness, which the routers of a lab with a
	// link to a real network draw from: a seeded stream is no secret. Nil: the
	// seed's streams.
	Random io.Reader
	// Predictable lets such a lab do without.
	Predictable bool
	// Strict refuses a lab with a router whose configuration is not understood
	// whole; otherwise such a router boots with what it understands.
	Strict bool
	// Workers read configurations and compute public-key operations ahead; nil:
	// one after the other, and when they are due.
	Workers netsim.Executor
	// Keep is where a router writes what outlives the lab; nil: nowhere.
	Keep func(router string) shell.Storage
}

// Lab is a topology that runs.
type Lab struct {
	Topology *topologies.Topology
	Sim      *netsim.Sim
	Routers  []*Router // in file order
	Stations []*Station
	Rogues   []*Rogue // peers that misbehave
	Doors    []*Door  // links to the host
	Stream   *Stream
	Warnings form.Problems // of the routers' configurations

	authorities []*authority.Authority
	addresses   macPool
	segments    map[string]*netsim.Segment
	keys        *keyLog
	fabric      *record.Emitter
	capture     *Capture
}

// Router is one router of a lab with the console that people type at.
type Router struct {
	*router.Router
	Device *netsim.Device
	lab    *Lab
}

// Rogue is a peer that misbehaves.
type Rogue struct {
	*rogue.Peer
	Device *netsim.Device
}

// Door is a link whose far end is in the host. Whoever drives the lab opens that
// end, sets Out and injects what arrives.
type Door struct {
	Name string // "R1:Ethernet0/0"
	Link *topologies.Link
	Host *netsim.HostPort
	Out  func(frame []byte) // nil: frames are lost
}

var errPredictable = errors.New("lab: a lab with a link to a real network needs a source of randomness: with a seed its keys can be foretold")

// Build makes a lab. Its routers have their configuration and start when the
// simulation runs. What is wrong in a file is of type Problems.
func Build(t *topologies.Topology, o Options) (*Lab, error) {
	if t.External() && o.Random == nil && !o.Predictable {
		return nil, errPredictable
	}
	l := &Lab{Topology: t, Sim: netsim.New(netsim.Seed(o.Seed), t.Clock), segments: map[string]*netsim.Segment{}}
	l.keys, l.fabric, l.Stream = newKeyLog(), record.New(0, ""), &Stream{lab: l}
	l.Sim.Observe(observer{l})
	if o.Workers != nil {
		l.Sim.SetWorkers(o.Workers)
	}
	var err error
	if l.addresses, err = newMACPool(t.Name, o.Random); err != nil {
		return nil, err
	}
	if err = l.addAuthorities(o); err != nil {
		return nil, form.Problems{{File: t.File, Message: err.Error()}}
	}
	var problems form.Problems
	ports, startups := t.Ports(), readStartups(t, o.Workers)
	for i, n := range t.Nodes {
		switch n.Kind {
		case topologies.KindBridge:
			l.segments[n.Name] = l.Sim.Segment(n.Name)
		case topologies.KindHost, topologies.KindNAT:
			l.addStation(n, ports[n.Name], o.stream(n.Name)("dhcp"))
		case topologies.KindRogue:
			problems = append(problems, l.addRogue(n, ports[n.Name], o)...)
		default:
			problems = append(problems, l.addRouter(n, startups[i], ports[n.Name], o)...)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	for _, link := range t.Links {
		if err := l.addLink(link); err != nil {
			return nil, form.Problems{{File: t.File, Message: err.Error()}}
		}
	}
	return l, nil
}

// addAuthorities makes those that sign for the routers.
func (l *Lab) addAuthorities(o Options) error {
	for _, s := range l.Topology.Authorities {
		a, err := authority.New(*s, authority.Named(l.authorities, s.Issuer), o.stream(s.Name)("authority"), l.Topology.Clock)
		if err != nil {
			return fmt.Errorf("authority %s: %w", s.Name, err)
		}
		l.authorities = append(l.authorities, a)
	}
	return nil
}

// Authority is one by its name; nil: there is none.
func (l *Lab) Authority(name string) *authority.Authority {
	return authority.Named(l.authorities, name)
}

// authority is who signs at a URL; nil: nobody.
func (l *Lab) authority(url string) router.Authority {
	if a := authority.Named(l.authorities, url); a != nil {
		return a
	}
	return nil
}

// number is that of the next device; records name it.
func (l *Lab) number() uint32 { return uint32(len(l.Routers) + len(l.Stations) + 1) }

// stream is where a device has its random octets from, by purpose.
func (o *Options) stream(node string) func(purpose string) io.Reader {
	return func(purpose string) io.Reader {
		if o.Random != nil {
			return o.Random
		}
		return netsim.Seed(o.Seed).Stream(node, purpose)
	}
}

// addRouter makes a router; the problems are those of its configuration.
func (l *Lab) addRouter(n *topologies.Node, startup router.Startup, ports []string, o Options) form.Problems {
	r := router.New(router.Options{
		Name: n.Name, Node: l.number(), Hostname: n.Hostname, Image: n.Image, Ports: ports, Epoch: l.Topology.Clock, Clock: n.Clock,
		Stream: o.stream(n.Name), MAC: l.addresses.take(len(ports)), Authority: l.authority,
	})
	r.Records().ListenTo(l.keys.listen, func() bool { return false })
	if o.Keep != nil {
		r.NVRAM().Keep(o.Keep(n.Name))
	}
	for _, f := range n.Flash {
		r.NVRAM().Add(f.Name, f.Text, f.Written)
	}
	r.LoadStartup(startup)
	var problems form.Problems
	if o.Strict {
		problems = n.ConfigProblems(startup.Refused)
	} else {
		l.Warnings = append(l.Warnings, n.ConfigRefused(startup.Refused)...)
	}
	l.Warnings = append(l.Warnings, n.ConfigWarnings(startup.Loaded.Warnings)...)
	device := l.Sim.AddNode(n.Name, r, ports)
	if n.StartupDelay > 0 {
		device.StartAt(l.Topology.Clock.Add(n.StartupDelay))
	}
	l.Routers = append(l.Routers, &Router{Router: r, Device: device, lab: l})
	return problems
}

func (l *Lab) addRogue(n *topologies.Node, ports []string, o Options) form.Problems {
	suite, err := rogue.ParseSuite(cmp.Or(n.Rogue.Suite, rogue.DefaultSuite))
	if err != nil {
		return form.Problems{{File: l.Topology.File, Message: err.Error()}}
	}
	r := &Rogue{}
	s := rogue.Settings{Address: n.Rogue.Address, Router: n.Rogue.Peer, Key: []byte(n.Rogue.Key), Suite: suite}
	r.Peer = rogue.New(s, netsim.Seed(o.Seed).Stream(n.Name, "rogue"), func() { l.Sim.Touch(r.Device) })
	r.Device = l.Sim.AddNode(n.Name, r.Peer, ports)
	if n.StartupDelay > 0 {
		r.Device.StartAt(l.Topology.Clock.Add(n.StartupDelay))
	}
	l.Rogues = append(l.Rogues, r)
	return nil
}

func (l *Lab) addLink(link *topologies.Link) error {
	a, err := l.port(link.Ends[0])
	if err != nil {
		return err
	}
	if link.Type != topologies.LinkVeth {
		return l.addDoor(link, a)
	}
	b, err := l.port(link.Ends[1])
	if err != nil {
		return err
	}
	if _, err := l.Sim.Link(a, b); err != nil {
		return fmt.Errorf("link %v - %v: %w", link.Ends[0], link.Ends[1], err)
	}
	if err := a.SetImpairments(Faults(link.Ends[0].Impairments)); err != nil {
		return fmt.Errorf("%v: %w", link.Ends[0], err)
	}
	return b.SetImpairments(Faults(link.Ends[1].Impairments))
}

func (l *Lab) addDoor(link *topologies.Link, a *netsim.Port) error {
	door := &Door{Name: link.Ends[0].String(), Link: link}
	door.Host = l.Sim.HostPort(door.Name, func(_ time.Time, frame []byte) {
		if door.Out != nil {
			door.Out(frame)
		}
	})
	l.Doors = append(l.Doors, door)
	if _, err := l.Sim.Link(a, door.Host.Port()); err != nil {
		return fmt.Errorf("link %v: %w", link.Ends[0], err)
	}
	return a.SetImpairments(Faults(link.Ends[0].Impairments))
}

// port finds, or on a bridge makes, the port of an endpoint.
func (l *Lab) port(e topologies.Endpoint) (*netsim.Port, error) {
	if s := l.segments[e.Node]; s != nil {
		return s.NewPort(e.Interface), nil
	}
	if p := l.Sim.Port(e.String()); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("there is no port %v", e)
}

// Faults are impairments as the fabric takes them.
func Faults(i topologies.Impairments) netsim.Impairments {
	return netsim.Impairments{
		Delay: i.Delay, Jitter: i.Jitter, Loss: i.Loss, Duplicate: i.Duplicate, Reorder: i.Reorder,
		Corrupt: i.Corrupt, Rate: i.Rate, MTU: i.MTU,
	}
}

// Router finds a router by its name; nil without. The case matters only where
// two names differ in nothing else.
func (l *Lab) Router(name string) *Router {
	var found *Router
	for _, r := range l.Routers {
		switch {
		case r.Name() == name:
			return r
		case strings.EqualFold(r.Name(), name):
			found = r
		}
	}
	return found
}

// Enter types a line at a session of the router, at the current instant.
func (r *Router) Enter(s *shell.Session, line string) {
	r.Call(func(now time.Time) { s.Enter(now, line) })
}

// Interrupt types Ctrl-C.
func (r *Router) Interrupt(s *shell.Session) {
	r.Call(func(now time.Time) { s.Interrupt(now) })
}

// Call does something to the router from outside the simulation and has its
// deadline looked at.
func (r *Router) Call(do func(now time.Time)) {
	do(r.lab.Sim.Now())
	r.lab.Sim.Touch(r.Device)
}

// Redirect has the router send its clients to another gateway; without an address it keeps
// them.
func (r *Router) Redirect(to netip.Addr) {
	r.Call(func(now time.Time) { router.Redirect(r.Router, now, to) })
}

// Way is the interface that packets of a VRF to an address leave by now; "": none.
func (r *Router) Way(vrf string, to netip.Addr) string { return router.Way(r.Router, vrf, to) }

// Address is the one of IPv4 that an interface has now; invalid: none.
func (r *Router) Address(name string) netip.Prefix { return router.Address(r.Router, name) }

// PortUp cuts or mends the cable at a port.
func (l *Lab) PortUp(name string, up bool) error {
	p, err := l.Port(name)
	if err == nil {
		p.Link().SetUp(up)
	}
	return err
}

// Port finds the port of a device that has a link: "R1:Ethernet0/0",
// abbreviations allowed.
func (l *Lab) Port(name string) (*netsim.Port, error) {
	node, iface, found := strings.Cut(name, ":")
	full, err := topologies.PortName(iface)
	if l.Station(node) != nil {
		full, err = iface, nil
	}
	if !found || err != nil {
		return nil, fmt.Errorf("%q is not a port such as R1:Ethernet0/0", name)
	}
	for _, d := range l.Sim.Devices() {
		if p := l.Sim.Port(d.Name() + ":" + full); strings.EqualFold(d.Name(), node) && p != nil && p.Link() != nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("there is no link at %q", name)
}
