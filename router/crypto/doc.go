// Package crypto is a device's IPsec in the data plane: tunnel mode over ESP
// (RFC 4303), with the policy of RFC 4301 enforced on what goes in and comes
// out. It asks for SAs through the IKE that it is given, and makes none.
//
//	crypto.go    the room: what it is made of and whom it asks
//	entry.go     an SPD entry at work, which carries an interface's packets
//	acquire.go   when SAs are asked for, and let go; who asks
//	pair.go      a pair of SAs: installed, sent on, replaced, deleted
//	send.go      a packet out; receive.go: a packet in, and what is refused;
//	             early.go: what comes before its SA
//	reverse.go   routes to what lies behind a peer; shared.go: settings that many entries have alike
//	mtu.go       the path MTU and what fits into it
//	sealer.go    inner packet in, outer packet out; opener.go: the way back
//	translated.go  sums of transport mode behind a NAT
//	encap.go     the outer header: DSCP, DF, TTL; ecn.go: its congestion marks
//	records.go   what is recorded; state.go: what screens see
//
// The contract:
//   - Forwarding allocates nothing in steady state. A refused packet changes no
//     state but a counter, and leaves a record.
//   - An inner packet leaves, and enters, only within the selectors of its
//     association; what should be encrypted takes no other way.
//   - An event costs what it touches: entries are found by name, pairs by SPI,
//     the way to a peer is followed, deadlines are timers. Nothing is searched.
//
// Places for what comes: an Encapsulation says what ESP travels in (UDP and
// transport mode are others), Settings.Several lets pairs with selectors of
// their own live side by side (crypto maps).
package crypto
