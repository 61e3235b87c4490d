// Package ipsec is ESP in tunnel mode over IPv4 (RFC 4303), its security
// association database, and the transforms that ESP shares with IKEv2:
// encryption, integrity, pseudo-random functions and Diffie-Hellman groups,
// under their IANA numbers (registry "IKEv2 Transform Type Values").
//
// Pieces, from the bottom:
//
//	transform.go        what a transform is called and how long its keys are
//	prf.go              PRF and prf+ (RFC 7296 section 2.13)
//	group.go            Diffie-Hellman: Draw, Public, Shared (modp.go, ecp.go)
//	cipher.go           Cipher: header | IV | ciphertext | ICV, sealed and opened
//	selector.go         traffic selectors and their intersection (RFC 7296 2.9)
//	policy.go           an inner packet against the selectors (RFC 4301 section 5)
//	replay.go           the anti-replay window (RFC 6479)
//	esp.go              what one direction is made from, and what it counts
//	outbound.go         inner packet in, outer IPv4 packet with ESP out
//	inbound.go          the way back, with every check of RFC 4303 section 3.4
//	ecn.go              congestion marks of the outer header (RFC 6040)
//	sad.go              inbound associations by SPI
//
// The contract:
//   - Nothing here reads a clock, draws randomness of its own, starts a
//     goroutine or keeps a global that changes. Randomness is a reader that
//     the caller hands in.
//   - Seal and Open allocate nothing in steady state, that is, when the
//     buffer they are given has room.
//   - A refused packet changes no state but a counter; the replay window moves
//     only after the integrity check. Errors wrap one of the Err values.
//   - A Cipher, an Outbound, an Inbound and a PrivateKey belong to one caller
//     at a time; they hold scratch space and cached values.
//   - Lifetimes are the owner's business: the 64-bit counters say how much an
//     association has carried.
//
// MODP exponentiation uses math/big, which does not run in constant time. It
// is as fast as constant-time alternatives up to 2048 bits and twice as fast
// above; do not use this package where a peer can time it to good purpose.
package ipsec
