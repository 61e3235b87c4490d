package fault

import (
	"time"

	"ikelab/netsim"
)

// partition keeps some routers from all others. Their links stay up: nobody
// notices but by silence.
type partition struct {
	apart map[string]bool    // routers that are kept from the others
	owner map[[6]byte]string // of hardware addresses
}

// standBetween has the ports of segments judge what they hand to a router.
func (w *Wire) standBetween() {
	w.owner = map[[6]byte]string{}
	for _, r := range w.lab.Routers {
		for _, p := range r.Device.Ports() {
			w.owner[r.MAC(p.Name()[len(r.Name())+1:])] = r.Name()
			if far := p.Far(); far != nil && far.Device() == nil {
				far.SetFilter(func(_ time.Time, f netsim.Frame) netsim.Verdict { return w.handed(r.Name(), f) })
			}
		}
	}
}

// Part keeps these routers from the others, and nobody from nobody without
// names.
func (w *Wire) Part(nodes ...string) {
	w.apart = map[string]bool{}
	for _, n := range nodes {
		w.apart[n] = true
	}
}

// leaves notes whose a hardware address is by which a router sends: that of an HSRP group is
// who is active's.
func (p *partition) leaves(node string, f netsim.Frame) {
	if len(p.apart) > 0 && len(f.Data) >= ethernetLen {
		p.owner[[6]byte(f.Data[sourceAt:])] = node
	}
}

const sourceAt = 6 // of the hardware address that sends

// handed judges a frame that a segment hands to a router.
func (w *Wire) handed(to string, f netsim.Frame) (v netsim.Verdict) {
	if len(w.apart) == 0 || len(f.Data) < ethernetLen {
		return v
	}
	if from, known := w.owner[[6]byte(f.Data[sourceAt:])]; known {
		return w.between(from, to)
	}
	return v
}

func (w *Wire) between(from, to string) (v netsim.Verdict) {
	if w.apart[from] != w.apart[to] {
		v.Drop, v.Why = true, "partition"
	}
	return v
}
