// Package record is the form of everything that happens in a lab: one stream
// of typed records, which `debug`, syslog, captures' key tables, JSON lines,
// tests and later explanations render. It imports nothing of ours.
//
// A Record has a header and a Body. Bodies are structs of the room where the
// thing happens: ikev2.Step, ip.Dropped, crypto.PairInstalled. They hold no
// text that only one screen prints, and no keys but for those whose Kind is
// listed as secret by the registry of package router/debug.
//
// An Emitter belongs to one device. It numbers the records, stamps them, and
// knows what the next record follows from:
//
//	e.Begin(now, cause, frame)   // the device was called: why, and by which frame
//	e.Emit(body)                 // follows from the record before it in this call
//	id := e.Last()               // kept by state that goes on later (a job, a packet in a queue)
//	e.Resume(id)                 // ... and taken up again when it does
//
// What is recorded depends on nothing that is switched on or off. Where nobody
// listens a record costs its number: what happens too often to be made for
// nobody asks Details first and counts with Skip.
//
// What merely passes, a packet on its way or an ARP packet, is no record: the frame
// that carries it is one. It has no number, nothing follows from it, and it is made
// for those who watch and while they do (Watch, Watched, Pass).
package record
