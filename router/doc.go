// Package router is one device: interfaces, ARP, IPv4, ICMP, routes and
// static virtual tunnel interfaces; it hosts the IKEv2 engine and the ESP
// associations, and it is the shell that configures and shows all that.
//
// A Router is single-threaded and does no I/O. It satisfies netsim's Node:
//
//	r := router.New(router.Options{Name: "R1", Ports: []string{"Ethernet0/0"}, Stream: …})
//	errs := r.LoadStartup(reader.Read(text, image)) // the startup configuration
//	r.Attach(send, job)             // its way out, and its way to do jobs
//	r.Borrow(lend)                  // where frames are made that send then need not copy; or not
//	r.Start(now)                    // power on
//	r.Carrier(now, 0, true)         // a cable
//	r.Receive(now, 0, frame, n, c)  // the frame stays the caller's; its number and cause
//	r.Work(id)(), r.Deliver(now, id) // a job that was started, and its end
//	r.Advance(now), r.Deadline()    // time
//	s := r.Shell().Open(shell.Options{…})    // a terminal
//
// The life of a packet is package ip's: receive.go hands it the frame. Tunnel
// interfaces are its outputs: tunnel.go has their life, esp.go seals packets
// into them and opens those that come out. The life of an SA: tunnel.go asks
// for it, ike.go hosts the engine that negotiates it, sa.go installs, follows
// and removes it. apply.go puts a configuration into effect; policy.go and
// flow.go translate it for the engine. Each call begins a scope of the
// device's records; jobs and timers take up the record that they follow from.
//
// What this router does differently from IOS, on purpose: routes through a
// protected tunnel stay in the table while the tunnel is down and drop what
// they match, so that nothing leaves in clear by a less specific route; the
// latest packet to a neighbour that ARP has not resolved is held, not dropped.
package router
