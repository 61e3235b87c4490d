package ip

import (
	"slices"
	"time"
)

// Interfaces are the interfaces of a device: the one table of them.
type Interfaces struct {
	list   []*Interface // in the order in which they were made
	byName map[string]*Interface
	byPort []*Interface
	made   uint32
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
	if i.port != noPort {
		t.byPort[i.port] = i
	}
}

func (t *Interfaces) remove(i *Interface) {
	delete(t.byName, i.Name)
	at, _ := slices.BinarySearchFunc(t.list, i.order, func(j *Interface, order uint32) int { return int(j.order) - int(order) })
	t.list = slices.Delete(t.list, at, at+1)
}

// SetInterface makes an interface, or gives one new settings. What stays as it
// was keeps its state.
func (s *Stack) SetInterface(now time.Time, set InterfaceSettings) *Interface {
	i := s.Interfaces.Get(set.Name)
	made := i == nil
	if made {
		i = s.newInterface(set.Name, set.Kind, noPort)
	}
	before := i.Settings
	if !made && before.Equal(&set) {
		return i
	}
	moved := !slices.Equal(before.Addresses, set.Addresses)
	i.Settings = set
	if moved {
		i.setAddresses(set.Addresses)
		i.neighbours.flush(s)
	}
	i.MTU = set.MTU
	if i.MTU == 0 {
		i.MTU = EthernetMTU
	}
	wasUp := i.Protocol
	s.settleLink(now, i, before.Shutdown)
	s.Table.connect(now, i)
	if i.Protocol && (moved || !wasUp) {
		s.announceSoon(now, i)
	}
	return i
}

func (s *Stack) newInterface(name, kindName string, port int) *Interface {
	kind := s.options.Kinds[kindName]
	i := &Interface{Name: name, MTU: EthernetMTU, Physical: kind.Port, MAC: s.options.MAC(max(port, 0)), port: port}
	if port == noPort {
		i.MAC[5] ^= 0x80 // no cable will ever be there
	}
	if kind.Output != nil {
		i.output = kind.Output(i)
	}
	s.Interfaces.add(i)
	return i
}

// RemoveInterface takes an interface away, with its neighbours and routes.
func (s *Stack) RemoveInterface(now time.Time, name string) {
	i := s.Interfaces.Get(name)
	if i == nil {
		return
	}
	i.neighbours.flush(s)
	s.timers.Set(&i.announce, time.Time{})
	i.Up, i.Protocol = false, false
	i.setAddresses(nil)
	s.Interfaces.remove(i)
	s.Table.connect(now, i)
}

// Carrier says that a port's carrier changed.
func (s *Stack) Carrier(now time.Time, port int, up bool) {
	if port < 0 || port >= len(s.options.Carriers) {
		return
	}
	s.options.Carriers[port] = up
	i := s.Interfaces.port(port)
	if i == nil {
		return
	}
	if wasUp := i.Protocol; s.settleLink(now, i, i.Settings.Shutdown) {
		s.Table.connect(now, i)
		if i.Protocol && !wasUp {
			s.announceSoon(now, i)
		}
	}
}

// Settle works the line protocol out anew: what the interface's Output says
// has changed.
func (s *Stack) Settle(now time.Time, i *Interface) {
	s.settleProtocol(now, i)
	s.Table.connect(now, i)
}

// settleLink works an interface's state out. It reports whether that, or the
// line protocol, changed.
func (s *Stack) settleLink(now time.Time, i *Interface, wasShut bool) bool {
	up := !i.Settings.Shutdown
	if i.Physical {
		up = up && i.port != noPort && s.options.Carriers[i.port]
	}
	changed := up != i.Up
	if changed {
		i.Up = up
		i.Counters.Resets++
		s.records.Emit(LinkChanged{Interface: i.Name, Up: up, Shutdown: i.Settings.Shutdown, Asked: i.Settings.Shutdown || wasShut, Physical: i.Physical})
	}
	return s.settleProtocol(now, i) || changed
}

func (s *Stack) settleProtocol(now time.Time, i *Interface) bool {
	protocol := i.Up && (i.output == nil || i.output.Ready())
	if protocol == i.Protocol {
		return false
	}
	i.Protocol = protocol
	if protocol {
		i.Since = now
	} else {
		i.neighbours.flush(s)
	}
	s.records.Emit(LineProtocolChanged{Interface: i.Name, Up: protocol})
	return true
}
