// Package hostlink is the door between a simulation and real networks. It and
// cmd are the only places with goroutines, sockets and the wall clock; it
// knows nothing of the simulation: frames in, frames out.
//
//	door, err := hostlink.OpenTap("tap0", 0)
//	port := sim.HostPort("R1 tap0", func(_ time.Time, f []byte) { door.Send(f) })
//	door.Start(func(frame []byte) { in <- frame }, func(s State) { … }) // the driver injects them
//	defer door.Close()
//
// There are four kinds. UDP carries one bare Ethernet frame, without its check
// sequence, as the payload of each datagram, as GNS3 (ubridge, Dynamips), QEMU's
// socket netdev and User Mode Linux do. VXLAN puts the header of RFC 7348 before
// it, as containerlab and Linux do; links with the same address and port here
// share a socket (VTEPs). Tap is an interface of the kernel that exists as long
// as the door is open; Packet an interface that is there already. The last two
// need Linux, and a capability (ErrCapability).
//
// What the host's end of a door does is told as a State: an interface that goes
// down, comes up, changes its MTU or is no more. What we do at ours is passed on
// by Carrier, as far as the host's end can show it.
//
// The kernel leaves checksums and segments of its own packets to the network
// card. Nobody is there to do so behind a Packet door, so offload.go does.
package hostlink
