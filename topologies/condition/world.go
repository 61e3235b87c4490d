package condition

import (
	"fmt"

	"ikelab/netsim"
	"ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/fault"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// World is a lab as conditions see it.
type World struct {
	lab      *lab.Lab
	serial   uint64            // records, and texts of consoles, so far
	touched  map[string]uint64 // by router: the last record that may have changed it
	wanted   map[string][]*recordProbe
	points   map[string]uint64
	consoles map[*lab.Router][]func(text string)
	encode   *lab.JSON
	wire     *fault.Wire // nil: nobody has asked for it
}

// NewWorld listens to a lab that has not started.
func NewWorld(l *lab.Lab) *World {
	return &World{lab: l, touched: map[string]uint64{}, wanted: map[string][]*recordProbe{}, points: map[string]uint64{}, consoles: map[*lab.Router][]func(text string){}}
}

// Wire is what leaves the lab's routers; to be asked for before power-on.
func (w *World) Wire() *fault.Wire {
	if w.wire == nil {
		w.wire = fault.NewWire(w.lab)
	}
	return w.wire
}

// Mark names this point of the run, for conditions that count from there.
func (w *World) Mark(name string) { w.points[name] = w.serial }

// listen has the stream followed, once somebody needs it.
func (w *World) listen() {
	if w.encode == nil {
		w.encode = lab.NewJSON()
		w.lab.Stream.Listen(w.take)
	}
}

func (w *World) take(r record.Record) {
	w.serial++
	if r.Node != "" {
		w.touched[r.Node] = w.serial
	}
	for _, p := range w.wanted[r.Body.Kind()] {
		p.take(r, w.serial)
	}
}

// Router finds a router that a condition, or a step, names.
func (w *World) Router(name string) (*lab.Router, error) {
	if name == "" && len(w.lab.Routers) == 1 {
		return w.lab.Routers[0], nil
	}
	if name == "" {
		return nil, fmt.Errorf("which router? say node")
	}
	return script.Find(w.lab, name)
}

// Sender finds a device that sends echoes: a router or a station.
func (w *World) Sender(name string) (lab.Sender, error) {
	if s := w.lab.Station(name); s != nil {
		return s, nil
	}
	return w.Router(name)
}

// NAT finds a NAT gateway.
func (w *World) NAT(name string) (*lab.Station, error) {
	if s := w.lab.Station(name); s != nil && w.lab.Topology.Node(s.Name()).Kind == topologies.KindNAT {
		return s, nil
	}
	return nil, fmt.Errorf("there is no nat %q in %s", name, w.lab.Topology.Name)
}

// Device finds a device: a router or a station.
func (w *World) Device(name string) (*netsim.Device, error) {
	if s := w.lab.Station(name); s != nil {
		return s.Device, nil
	}
	r, err := w.Router(name)
	if err != nil {
		return nil, err
	}
	return r.Device, nil
}

// screen is what a router shows; of one that is off, nothing.
func (w *World) screen(r *lab.Router, line string) (text string, refused bool) {
	if !r.Device.Started() {
		return "", false
	}
	return r.Shell().Screen(w.lab.Sim.Now(), line)
}

// Shown takes what a router's console shows.
func (w *World) Shown(r *lab.Router, text string) {
	if len(w.consoles[r]) == 0 {
		return
	}
	w.serial++
	for _, take := range w.consoles[r] {
		take(text)
	}
}
