// Package netsim is the fabric of a lab: virtual time, one event queue,
// Ethernet links and segments with their faults, captures and seeds. It knows
// a device only as a Node and imports nothing of ours.
//
//	s := netsim.New(seed, epoch)
//	r1 := s.AddNode("R1", node1, []string{"Ethernet0/0"})
//	r2 := s.AddNode("R2", node2, []string{"Ethernet0/0"})
//	r2.StartAt(epoch.Add(time.Second))                  // otherwise: now
//	l, err := s.Link(r1.Port(0), r2.Port(0))            // or Segment("LAN").NewPort("1")
//	err = r1.Port(0).SetImpairments(netsim.Impairments{Delay: time.Millisecond})
//	s.Run(epoch.Add(time.Minute))                       // as fast as possible
//
// Order. Everything that happens is an event, ordered by (time, sequence):
// what was scheduled first happens first at equal instants. A device's
// Deadline is asked for after each call into it; whoever calls into a device
// from outside (a console line) calls Touch afterwards. Same seed and same
// calls, same octets on every link, whatever workers compute jobs.
//
// Pacing. t, ok := s.Next(); wait until wall(t) or for input; s.Run(t). A lab
// in which nothing is due costs nothing however far Run goes.
//
// Frames. A frame is numbered when a device or the host sends it, 1, 2, …
// through the whole lab, and keeps its number when it is flooded, duplicated
// or corrupted. send copies at once into a pooled buffer, unless the frame lies in one that
// the device has borrowed and that is the fabric's from then on; all receivers of a flooded
// frame share it, so nobody writes to a frame received, and nobody keeps it.
// In steady state nothing is allocated per frame. A frame that left a port is
// either Received by the far port or counted in Dropped of the port it left.
//
// Carrier. A port has carrier when it is linked, its link is up and the port
// itself is up; the far port and the far device (it may not have started) do
// not matter, as with IOS on Linux. Devices are told at that instant. Frames in
// flight on a link that goes down are lost. Every port is down to its device
// until the device has started and Carrier says otherwise.
//
// Impairments belong to the port that sends, act on frames that leave it, and
// each kind draws from a stream of its own, named after the port. Before them
// a port's Filter may judge each frame: drop, delay, duplicate, replace. A
// port has a bounded number of frames in flight; what is more is dropped, and
// counted by that name.
//
// Observe tells of every frame sent, dropped or altered, of links and ports
// that go down and up, and of impairments that change.
//
// Captures are pcapng: one interface per link or segment, each frame once, at
// its arrival, with its number as the packet's id; what a fault did to a frame is
// its comment.
//
// No goroutines, no wall clock, no locks: a Sim belongs to one goroutine.
// Sub-package hostlink is the door to real networks.
package netsim
