// Package nat translates addresses and ports (RFC 3022) with the behaviour of
// RFC 4787, 5382 and 5508: pure, over packets in octets. It owns no interface and
// no route; a gateway tells it which way a packet goes.
//
//	t := nat.New(nat.Options{Settings: nat.Settings{Outside: a}, Timers: timers, Records: e})
//	switch t.Outward(now, packet) { case nat.Translated: … }   // from the inside, in place
//	switch t.Inward(now, packet) { … }                         // from the outside, to the address outside
//	t.Configure(nat.Settings{…}, []nat.Rule{…})            // from now on it is a router's
//	t.Rebind(now, nat.Settings{…}); t.Flush(now)
//
//	translator.go  the two ways; mappings.go: the table, its ports and its ends;
//	packet.go      where a packet has its endpoints, and its checksums;
//	router.go      rules, whole addresses, what screens show;
//	icmp.go        errors, which quote a packet of the other way
//
// A mapping is of an inside endpoint (and, by its behaviour, of a remote address
// or endpoint) to a port of the outside address. What may come in by it is the
// filter's business. Echoes are mapped by their identifier. Packets must be whole:
// fragments are put together before. What carries no ports (ESP) is not
// translated, but where an address is mapped whole.
//
// Tables are bounded, every choice is that of the order in which packets came,
// and a packet is changed as a whole or not at all.
package nat
