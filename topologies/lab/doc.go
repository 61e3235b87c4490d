// Package lab builds a running simulation of a topology; routers and the
// fabric meet nowhere else.
//
//	l, err := lab.Build(topology, lab.Options{Seed: 1}) // wired up, switched off
//	l.Sim.Run(topology.Clock.Add(time.Minute))
//	c, err := l.StartCapture(folder)                    // with Wireshark's key tables
//
// A Lab is used from one goroutine. Its time is Lab.Sim.Now; everything that
// makes time pass goes through Lab.Sim. It opens no file: a capture is handed
// a Folder, a lab with a link to a real network a source of entropy.
package lab
