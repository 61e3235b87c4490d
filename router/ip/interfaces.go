package ip

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Interfaces are the interfaces of a device: the one table of them.
type Interfaces struct {
	s      *Stack
	list   []*Interface // in the order in which they were made
	byName map[string]*Interface
	byPort []*Interface
	made   uint32
	// Changed is told that an interface's line protocol came up or went down. Nil: nobody
	// is.
	Changed func(now time.Time, i *Interface)
	// Readdressed is told that an interface has other addresses by what routers advertise.
	// Nil: nobody is.
	Readdressed func(now time.Time, i *Interface)
	links       onLinks // nil: there is nobody
}

// onLinks is who tells hosts of this router, and hears of other routers.
type onLinks interface {
	// begins: the line is new, or another word of the settings counts.
	begins(now time.Time, i *Interface)
	// speaks: the interface has an address of its link, or something else to tell.
	speaks(now time.Time, i *Interface)
	// ends: there is no such interface any more.
	ends(now time.Time, i *Interface)
	// hears takes a message of theirs.
	hears(now time.Time, p *Packet, b []byte)
}

// speaks has hosts told of an interface.
func (t *Interfaces) speaks(now time.Time, i *Interface) {
	if t.links != nil {
		t.links.speaks(now, i)
	}
}

// begins has what was heard on an interface forgotten.
func (t *Interfaces) begins(now time.Time, i *Interface) {
	if t.links != nil {
		t.links.begins(now, i)
	}
}

// All lists the interfaces: the ports, then the others as they were made.
func (t *Interfaces) All() []*Interface { return t.list }

// Get finds an interface by its full name; nil: there is none.
func (t *Interfaces) Get(name string) *Interface { return t.byName[name] }

// port is the interface of a physical port; nil: there is none.
func (t *Interfaces) port(n int) *Interface {
	if n < 0 || n >= len(t.byPort) {
		return nil
	}
	return t.byPort[n]
}

func (t *Interfaces) add(i *Interface) {
	t.made++
	i.order = t.made
	t.list = append(t.list, i)
	t.byName[i.Name] = i
	if i.port != noPort && i.main == nil {
		t.byPort[i.port] = i
	}
}

func (t *Interfaces) remove(i *Interface) {
	delete(t.byName, i.Name)
	at, _ := slices.BinarySearchFunc(t.list, i.order, func(j *Interface, order uint32) int { return int(j.order) - int(order) })
	t.list = slices.Delete(t.list, at, at+1)
}

// Set makes an interface, or gives one new settings. What stays as it
// was keeps its state.
func (t *Interfaces) Set(now time.Time, set InterfaceSettings) *Interface {
	i := t.Get(set.Name)
	made := i == nil
	if made {
		i = t.enter(set.Name, set.Kind, noPort, t.Get(set.VLAN.Of))
	}
	before := i.Settings
	if !made && before.Equal(&set) {
		return i
	}
	moved := !slices.Equal(before.Addresses, set.Addresses) || before.VRF != set.VRF || before.SpeaksFour() != set.SpeaksFour() || before.six().moves(set.six())
	i.Settings, i.guard.judges = set, set.judges()
	if moved {
		had := i.addrs
		i.setAddresses(set.Addresses)
		i.neighbours.flush(t.s)
		nd{t.s}.set(now, i, had)
	}
	if made || set.MTU != before.MTU { // an Output knows better what fits
		i.SetMTU(cmp.Or(set.MTU, EthernetMTU))
	}
	t.settleAll(now, i, before.Shutdown, moved)
	if x, y := before.six(), set.six(); x.On != y.On || x.Auto != y.Auto || x.DefaultRouter != y.DefaultRouter || before.VRF != set.VRF {
		t.begins(now, i)
	}
	if set.six().On {
		t.speaks(now, i)
	}
	return i
}

// enter makes an interface; main is that of which it is a part, if it is one.
func (t *Interfaces) enter(name, kindName string, port int, main *Interface) *Interface {
	kind := t.s.options.Kind(kindName)
	i := &Interface{Name: name, MTU: EthernetMTU, Physical: kind.Port, MAC: t.s.options.MAC(max(port, 0)), cable: cable{port: port, main: main}, connection: connection{table: &t.s.Table}}
	switch {
	case main != nil:
		i.port, i.MAC = main.port, main.MAC
		main.parts = append(main.parts, i)
	case port == noPort:
		i.MAC[5] ^= 0x80 // no cable will ever be there
	}
	if kind.Output != nil {
		i.output = kind.Output(i)
	}
	t.add(i)
	return i
}

// Remove takes an interface away, with its neighbours and routes.
func (t *Interfaces) Remove(now time.Time, name string) {
	i := t.Get(name)
	if i == nil {
		return
	}
	i.neighbours.flush(t.s)
	t.s.timers.Set(i.announce, time.Time{})
	i.six.detection.stop(t.s.timers)
	if t.links != nil {
		t.links.ends(now, i)
	}
	i.Up, i.Protocol = false, false
	i.leave()
	i.setAddresses(nil)
	t.remove(i)
	t.s.connect(now, i)
}

// Carrier says that a port's carrier changed.
func (t *Interfaces) Carrier(now time.Time, port int, up bool) {
	if port < 0 || port >= len(t.s.options.Carriers) {
		return
	}
	t.s.options.Carriers[port] = up
	i := t.port(port)
	if i == nil {
		return
	}
	t.settleAll(now, i, i.Settings.Shutdown, false)
}

// settleAll works out what follows from an interface's settings and its carrier: its
// state, its routes, and those of its subinterfaces. moved: it has other addresses.
func (t *Interfaces) settleAll(now time.Time, i *Interface, wasShut, moved bool) {
	wasUp, wasPhysicallyUp := i.Protocol, i.Up
	t.settleLink(now, i, wasShut)
	if i.Protocol && !wasUp {
		nd{t.s}.detect(now, i, nil)
		t.begins(now, i)
	}
	t.s.connect(now, i)
	if i.Protocol != wasUp {
		i.tellRiders(now)
	}
	if i.Protocol && (moved || !wasUp) {
		arp{t.s}.announceSoon(now, i)
	}
	if i.Up == wasPhysicallyUp {
		return
	}
	for _, part := range i.parts {
		t.settleAll(now, part, part.Settings.Shutdown, false)
	}
}

// Settle works the line protocol out anew: what the interface's Output says
// has changed.
func (t *Interfaces) Settle(now time.Time, i *Interface) {
	changed := t.settleProtocol(now, i)
	t.s.connect(now, i)
	if changed {
		i.tellRiders(now)
	}
}

// settleLink works an interface's state out. It reports whether that, or the
// line protocol, changed.
func (t *Interfaces) settleLink(now time.Time, i *Interface, wasShut bool) bool {
	up := !i.Settings.Shutdown
	switch {
	case i.main != nil:
		up = up && i.main.Up
	case i.Physical:
		up = up && i.port != noPort && t.s.options.Carriers[i.port]
	}
	changed := up != i.Up
	if changed {
		i.Up = up
		i.Counters.Resets++
		t.s.records.Emit(LinkChanged{Interface: i.Name, Up: up, Shutdown: i.Settings.Shutdown, Asked: i.Settings.Shutdown || wasShut, Physical: i.Physical && i.main == nil})
	}
	return t.settleProtocol(now, i) || changed
}

func (t *Interfaces) settleProtocol(now time.Time, i *Interface) bool {
	protocol := i.Up && (i.output == nil || i.output.Ready())
	if protocol == i.Protocol {
		return false
	}
	i.Protocol = protocol
	if protocol {
		i.Since = now
	} else {
		i.neighbours.flush(t.s)
	}
	t.s.records.Emit(LineProtocolChanged{Interface: i.Name, Up: protocol})
	if t.Changed != nil {
		t.Changed(now, i)
	}
	return true
}

// Owns says whether an address is configured on an interface of a VRF, be it up or not.
func (t *Interfaces) Owns(vrf int, a netip.Addr) bool {
	return slices.ContainsFunc(t.list, func(i *Interface) bool { return i.VRF() == vrf && i.owns(addressOf(a)) })
}

// Owner is the interface of a VRF that has an address; "": none.
func (t *Interfaces) Owner(vrf int, a netip.Addr) string {
	if at := slices.IndexFunc(t.list, func(i *Interface) bool { return i.VRF() == vrf && i.owns(addressOf(a)) }); at >= 0 {
		return t.list[at].Name
	}
	return ""
}

// SourceOf is the address of an interface from which packets to dst come; invalid: it has none, or is
// down.
func (t *Interfaces) SourceOf(name string, dst netip.Addr) netip.Addr {
	i := t.byName[name]
	if i == nil || !i.Protocol {
		return netip.Addr{}
	}
	return i.source(addressOf(dst)).netip()
}

// anySix is an address of IPv6 in a table that can be reached from everywhere; none: there is none.
func (t *Interfaces) anySix(in *Table) address {
	for _, i := range t.list {
		if a := source6(i, allRouters); i.Protocol && i.table == in && a != none {
			return a
		}
	}
	return none
}
