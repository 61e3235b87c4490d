// Package esp is the ESP packet (RFC 4303): one payload sealed or opened. It
// knows no IP header and no selector; what a payload is, and whom it may come
// from, is the business of package router/crypto.
//
//	esp.go        what one direction is made from, and what it counts
//	fault.go      why a packet is refused
//	outbound.go   payload in, ESP packet out
//	inbound.go    the way back, with every check of RFC 4303 section 3.4
//	window.go     the anti-replay window (RFC 6479) and 64-bit numbers
//
// The contract:
//   - Seal and Open allocate nothing in steady state, that is, when the buffer
//     they are given has room. A refusal allocates its error.
//   - A refused packet changes no state but a counter; the window moves only
//     after the integrity check (RFC 4303 section 3.4.3).
//   - Sequence numbers have 64 bits inside. Without ESN the upper half stays
//     zero, and Seal refuses to begin it.
//   - An Outbound and an Inbound belong to one caller at a time.
//   - Nothing here reads a clock. Lifetimes are the owner's business: the
//     counters say how much an association has carried.
package esp
