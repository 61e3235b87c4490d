// Package fault knows what the frames of a lab carry as they leave routers, and
// does to them what a network or an attacker does: drop, delay, duplicate,
// corrupt, cut short, replay, put out of order, hold, forge.
//
//	w := fault.NewWire(l)                   // before the lab's power-on
//	w.Look(func(p *fault.Packet) { … })     // every frame that a router sends
//	f := &fault.Fault{What: fault.Drop, Match: m, Nth: 2}
//	w.Begin(f)
//	f.Fired()
//
// Routers send what they would send without faults: a fault is a verdict of
// netsim's filter at the port, and is recorded. Of an IKE message the payloads
// are known, although they are encrypted: the records of its sender tell.
// Whoever does not ask for a Wire pays nothing for it.
package fault
