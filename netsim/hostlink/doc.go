// Package hostlink is the door between a simulation and real networks. It and
// cmd are the only places with goroutines, sockets and the wall clock; it
// knows nothing of the simulation: frames in, frames out.
//
//	link, err := hostlink.OpenUDP(local, remote)
//	link.Start(func(frame []byte) { in <- frame })   // the driver injects them
//	port := sim.HostPort("R1 udp", func(_ time.Time, f []byte) { link.Send(f) })
//	defer link.Close()
//
// UDP carries one bare Ethernet frame, without its check sequence, as the
// payload of each datagram, as GNS3 (ubridge, Dynamips), QEMU's socket
// netdev and User Mode Linux do.
package hostlink
