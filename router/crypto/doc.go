// Package crypto is the data plane's side of IPsec: tunnel mode over ESP (RFC
// 4303), with the policy of RFC 4301 enforced on what goes in and comes out.
//
//	encap.go    the outer IPv4 header: DSCP, ECN, DF, TTL
//	ecn.go      congestion marks of the outer header (RFC 6040)
//	sealer.go   inner packet in, outer packet out
//	opener.go   the way back, with the checks of RFC 4301 section 5.2
//	fault.go    why a packet is refused, beside the faults of package esp
//
// The contract:
//   - Seal and Open allocate nothing in steady state, that is, when the buffer
//     they are given has room.
//   - A refused packet changes no state but a counter.
//   - An inner packet leaves, and enters, only within the selectors of its
//     association.
package crypto
