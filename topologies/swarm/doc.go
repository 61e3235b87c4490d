// Package swarm finds what nobody thought of. From a seed it draws a network, what
// crosses it and what befalls it; carries that out in a lab; and looks all along
// for what must never be.
//
//	p := swarm.Draw(seed)                  // plain data, as JSON too
//	report := swarm.Run(p, swarm.Options{})
//	small := swarm.Shrink(p, fails)        // the least that still fails
//
// A run has three parts. While faults strike, packets between stations behind the
// routers, the wire and the stream of records are watched: no packet in clear, no
// inner packet twice or from nowhere, no message id, IV or sequence number of ESP
// used twice, pairs that fit together, SAs that last as long as they are to, no
// heap of them. Then the network heals, and within ten virtual minutes every tunnel
// has one IKE SA and one pair, which both ends know, and every station reaches
// every other. Last the tunnels are shut, and nothing may be left: no SA, no
// buffer, no timer, no frame.
//
// A watcher costs what the thing costs that it watches; nothing visits all there is
// but once a virtual minute.
package swarm
