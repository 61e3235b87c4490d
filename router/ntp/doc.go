// Package ntp is the time of a device: what its clock shows, and NTP, which sets it (RFC
// 5905): client and server, and the message that they exchange. Pure: it owns no socket
// and is given the device's timers; the time that passes is the lab's.
//
//	c := &ntp.Clock{}
//	c.Boot(now, shows); c.Set(now, to, ntp.ByUser); c.At(now)
//
//	s := ntp.New(c, timers, records, way)
//	s.Configure(now, ntp.Settings{Servers: …})  // nothing in them: no packet, no timer
//	s.Receive(now, d)                           // at UDP port 123
//	s.Moved(by)                                 // somebody else has set the clock
//	s.State(now)
//
//	clock.go        the clock;            message.go  the form of messages;
//	association.go  a server that is asked, and what is believed of its answers;
//	select.go       which one the clock follows;
//	service.go      who asks this device, and what it is told.
//
// The clock is stepped where it is more than 128 ms off, and left alone where it is not: no
// frequency is disciplined, as clocks of a lab do not drift. A message is believed if it
// answers the request that is out, from a server that is synchronised itself, whose way to a
// reference is short and does not lead here. Where servers contradict each other, those
// are followed that more than half agree with, or none.
package ntp
