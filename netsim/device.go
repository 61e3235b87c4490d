package netsim

import (
	"fmt"
	"time"
)

// Device is a Node in its place in the fabric.
type Device struct {
	sim     *Sim
	index   uint32
	started bool
	name    string
	node    Node
	ports   []*Port
	startAt int64
	due     time.Time // deadline as queued; zero: none
	waking  entryID   // its place in the queue
	wokenAt int64     // instant of the last wake, and
	woken   int       // how often since the clock last moved
	lent    lent
}

// wakeLimit is how often a device may ask to be advanced within one instant.
// More is a deadline that Advance does not move, and would never end.
const wakeLimit = 10_000

// AddNode adds a device with its ports, whose index in ports is the number
// that the node knows them by. It starts at the current instant unless StartAt
// says otherwise; devices with the same instant start in the order added.
// Names must differ: streams are named after them.
func (s *Sim) AddNode(name string, n Node, ports []string) *Device {
	if s.names[name] != nil {
		panic(fmt.Sprintf("netsim: device %q added twice", name))
	}
	d := &Device{sim: s, index: uint32(len(s.devices)), name: name, node: n, startAt: s.at, lent: lent{pool: &s.frames}}
	s.devices = append(s.devices, d)
	s.names[name] = d
	for i, p := range ports {
		d.ports = append(d.ports, s.newPort(name, p, i, d))
	}
	n.Attach(d.sender(), d.job)
	if b, ok := n.(borrower); ok {
		b.Borrow(d.lent.lending())
	}
	s.schedule(s.at, kindStart, d.index)
	return d
}

// Device returns the device of that name, or nil.
func (w *wiring) Device(name string) *Device { return w.names[name] }

// Devices returns the devices in the order added; not to be modified.
func (w *wiring) Devices() []*Device { return w.devices }

// Name is the device's name.
func (d *Device) Name() string { return d.name }

// Node is the device itself.
func (d *Device) Node() Node { return d.node }

// Port returns port i.
func (d *Device) Port(i int) *Port { return d.ports[i] }

// Ports returns the ports by their index; not to be modified.
func (d *Device) Ports() []*Port { return d.ports }

// Started says whether the device has power.
func (d *Device) Started() bool { return d.started }

// StartsAt is when the device starts, or started.
func (d *Device) StartsAt() time.Time { return d.sim.time(d.startAt) }

// StartAt moves the start of a device that has not started.
func (d *Device) StartAt(t time.Time) {
	at := d.sim.offset(t)
	if d.started || at == d.startAt {
		return // the event queued at AddNode is the one: keeps its turn
	}
	d.startAt = at
	d.sim.schedule(at, kindStart, d.index)
}

// PowerOff takes a device's power away, at once: it says nothing to anybody. Its
// links stay as they are. StartAt gives it power again.
func (d *Device) PowerOff() {
	if !d.started {
		return
	}
	d.started, d.startAt = false, d.sim.at-1 // so that it may start again at this instant
	if d.waking != 0 {
		d.sim.queue.remove(d.waking)
	}
	d.due, d.waking = time.Time{}, 0
	for _, p := range d.ports {
		p.told = false
	}
}

// start powers the device on, unless StartAt has moved that to another time.
func (d *Device) start(at int64) {
	if d.started || at != d.startAt {
		return
	}
	d.started = true
	d.sim.enter(d)
	d.node.Start(d.sim.now)
	d.sim.leave(d)
	for _, p := range d.ports {
		p.tell()
	}
}

func (d *Device) wake() {
	s := d.sim
	d.due, d.waking = time.Time{}, 0
	if d.wokenAt != s.at {
		d.wokenAt, d.woken = s.at, 0
	}
	if d.woken++; d.woken > wakeLimit {
		panic(fmt.Sprintf("netsim: %s advanced more than %d times at one instant, deadline %v",
			d.name, wakeLimit, d.node.Deadline()))
	}
	s.enter(d)
	d.node.Advance(s.now)
	s.leave(d)
}

// sender is what sends: a function, as lending is.
func (d *Device) sender() func(port int, data []byte, cause uint64) (number uint64) {
	return func(port int, data []byte, cause uint64) (number uint64) {
		return d.ports[port].originate(d.lent.frameOf(data), cause)
	}
}

// ready, receive and carrier make a Device the owner of its ports.
func (d *Device) ready() bool { return d.started }

func (d *Device) receive(p *Port, f *frame) {
	d.sim.enter(d)
	d.node.Receive(d.sim.now, p.index, f.data, f.number, f.cause)
	d.sim.leave(d)
}

func (d *Device) carrier(p *Port, up bool) {
	d.sim.enter(d)
	d.node.Carrier(d.sim.now, p.index, up)
	d.sim.leave(d)
}
