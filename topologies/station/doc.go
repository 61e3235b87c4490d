// Package station is the devices of a lab that are no routers: an end station,
// which answers ping and sends echoes, and a NAT gateway, which is one between an
// inside and an outside. They have the Internet layer of router/ip, no configuration
// language and no screens.
//
//	s := station.New(station.Options{Node: 3, Name: "H1", Ports: []station.Port{{"eth0", prefix}}, Gateway: router})
//	device := sim.AddNode("H1", s, s.PortNames())    // it is a node of the fabric
//	s.Ping(now, &ip.Ping{…})
//	s.Address("eth0")                                // which DHCP may have given
//	s.Rebind(now, netip.Addr{}); s.Flush(now)        // of a gateway
//
// A power cycle makes a station as it was made.
package station
