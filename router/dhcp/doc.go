// Package dhcp gives interfaces their addresses (RFC 2131, 2132): a client, a
// server and the message that they exchange. Pure: it owns no interface and no
// socket, and is given the device's timers.
//
//	c := dhcp.NewClient(dhcp.ClientOptions{Interface: name, Hardware: mac, Way: w, Timers: t, Records: e, Random: r})
//	c.Line(now, up); c.Receive(now, m)         // what happens to its interface, and what comes
//	c.Renew(now); c.Release(now); c.Stop(now)  // what a person does
//	lease, ok := c.Lease()                     // what its interface has; Way.Leased says when that changes
//
//	s := dhcp.NewServer(t, e)
//	s.Configure(now, dhcp.Settings{Pools: …})
//	answer, ok := s.Receive(now, m, dhcp.Link{Interface: name, Networks: …})
//
//	message.go  the form of messages;  client.go  RFC 2131's figure 5, and
//	lease.go    what a client believes of an answer, and when it asks again;
//	server.go   what is answered;      pools.go   which address it is
//
// Messages are hostile: what is broken is not parsed, what nobody asked for is
// ignored, and an address that nobody can have is not taken. A server keeps no more
// than its pools have addresses.
package dhcp
