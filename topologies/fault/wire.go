package fault

import (
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/netsim"
	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// Wire is what leaves a lab's routers.
type Wire struct {
	lab       *lab.Lab
	looks     []func(p *Packet)
	faults    []*Fault
	built     map[name][]string // payloads of messages
	order     []name            // in which they were built
	injecting bool              // what leaves now is ours
	pieces    pieces
	partition
}

// builtMost is how many messages are remembered.
const builtMost = 4096

// NewWire stands at the ports of a lab's routers.
func NewWire(l *lab.Lab) *Wire {
	w := &Wire{lab: l, built: map[name][]string{}, pieces: pieces{known: map[whole]bool{}}}
	l.Stream.Listen(w.listen)
	for _, r := range l.Routers {
		for _, p := range r.Device.Ports() {
			p.SetFilter(func(now time.Time, f netsim.Frame) netsim.Verdict { return w.judge(p, f) })
		}
	}
	w.standBetween()
	return w
}

// Look has f called with each packet that a router sends, before any fault. A
// packet is valid during the call.
func (w *Wire) Look(f func(p *Packet)) { w.looks = append(w.looks, f) }

// Begin has a fault act from now on.
func (w *Wire) Begin(f *Fault) { w.faults = append(w.faults, f) }

// listen keeps which payloads a message was built of.
func (w *Wire) listen(r record.Record) {
	m, ok := r.Body.(ikev2.MessageBuilt)
	if !ok {
		return
	}
	n := nameOf(r.Node, m.Message.Header)
	if _, known := w.built[n]; !known {
		w.order = append(w.order, n)
	}
	w.built[n] = payloadNames(m.Message)
	if len(w.order) > builtMost {
		delete(w.built, w.order[0])
		w.order = w.order[1:]
	}
}

// payloadNames are the kinds of a message's payloads, and of notifies also which
// they are.
func payloadNames(m *wire.Message) (list []string) {
	for _, p := range m.Payloads {
		list = append(list, p.Type().String())
		if n, ok := p.(*wire.Notify); ok {
			list = append(list, n.Kind.String())
		}
	}
	return list
}

// judge is the filter of a port.
func (w *Wire) judge(port *netsim.Port, f netsim.Frame) (v netsim.Verdict) {
	if w.injecting {
		return v
	}
	p := parse(port, f)
	w.pieces.cover(p)
	if p.IKE {
		p.payloads = w.payloadsOf(p)
	}
	for _, look := range w.looks {
		look(p)
	}
	w.leaves(p.Node, f)
	if far := port.Far(); far != nil && far.Device() != nil && len(w.apart) > 0 {
		v = w.between(p.Node, far.Device().Name())
	}
	if v.Drop {
		return v
	}
	for _, fault := range w.faults {
		if fault.strikes(p) {
			return fault.act(w, p)
		}
	}
	return v
}

// payloadsOf reads them off a message in clear; of another its sender's records
// tell.
func (w *Wire) payloadsOf(p *Packet) []string {
	if p.Header.Next == wire.TypeSK || p.Fragment > 0 {
		return w.built[nameOf(p.Node, p.Header)]
	}
	m, err := wire.Parse(p.body)
	if err != nil {
		return nil
	}
	return payloadNames(m)
}

// inject sends a frame out of a port, later, after what is sent now.
func (w *Wire) inject(port *netsim.Port, frame []byte, after time.Duration) {
	w.lab.Sim.At(w.lab.Sim.Now().Add(after), func(time.Time) {
		w.injecting = true
		defer func() { w.injecting = false }()
		netsim.Inject(port, frame)
	})
}
