// Package ip is a device's Internet layer: interfaces, neighbours, routes,
// packets in and out, fragments, ICMP, UDP and the echo processes. It knows
// no configuration, no tunnel and no cipher: settings are its own types, and
// others hang themselves in.
//
//	s := ip.New(ip.Options{Records: e, Timers: t, Send: …, Kind: …})
//	s.Interfaces.Set(now, ip.InterfaceSettings{…})  // one, made or changed
//	s.SetRoutes(now, add, remove)                   // static routes
//	s.Interfaces.Carrier(now, port, up); s.Receive(now, port, frame)
//
// The life of a packet: stack.go takes a frame, input.go checks the packet and
// asks table.go where it goes; local.go delivers it here, output.go sends it by
// an interface: on a port neighbour.go finds the next hop's hardware address
// (arp.go asks for it), fragment.go cuts what is too long; any other kind of
// interface has an Output of its own. Every packet has room for an Ethernet
// header before it, so that no step copies it again. A Packet and its octets
// are lent: nobody keeps them after the call.
//
// Where others hang in, in the order of a packet's way: Check judges what
// comes in, once the route back to its source is known; Handle and
// UDP.Handle take what is delivered here; ICMP.Handle takes errors about what
// was sent; Kind.Output carries what leaves by an interface that is no port;
// Translator changes addresses on the way;
// Table.Follow tells when the way to an address changes.
//
// An interface is in a VRF, whose table (table.go) its packets go by; what is made here
// names the VRF by its number. 0 is the global table, Stack.Table.
//
// Costs: a lookup walks a trie of compressed paths, or hits a small cache; a
// change of one route touches the routes and followers below its prefix and
// nothing else; a neighbour costs when its timer is due. In steady state
// nothing is allocated per packet.
//
// Both families share one code: an address is compared as IPv6 has it (addr.go), the table
// has a trie for each, and who reads a packet asks it (header.go, header6.go). What IPv6
// has of its own: addresses that are detected before they are used and neighbours that
// are asked whether they are there (nd.go, arp.go), groups, addresses of one link (six.go),
// and errors in other numbers, which are those of ICMP beyond icmp6.go.
package ip
