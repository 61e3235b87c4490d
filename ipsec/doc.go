// Package ipsec is the transforms that ESP shares with IKEv2: encryption,
// integrity, pseudo-random functions and key exchange methods, under their IANA
// numbers (registry "IKEv2 Transform Type Values"), and the SPI.
//
// Pieces, from the bottom:
//
//	transform.go   what a transform is called and how long its keys are
//	prf.go         PRF and prf+ (RFC 7296 section 2.13)
//	group.go       key exchange in two roles: Initiate, Respond, Public, Secret (modp.go, ecp.go, mlkem.go with upper_amd64.s)
//	cipher.go      Cipher: header | IV | ciphertext | ICV, sealed and opened
//	aead.go        AES-GCM, ChaCha20-Poly1305; ctr.go: AES in counter mode
//
// Beside it, esp is the ESP packet and spd the policy: selectors, the SPD, the
// SAD.
//
// The contract:
//   - Nothing here reads a clock, draws randomness of its own, starts a
//     goroutine or keeps a global that changes. Randomness is a reader that
//     the caller hands in.
//   - Seal and Open allocate nothing in steady state, that is, when the buffer
//     they are given has room.
//   - Errors wrap one of the Err values.
//   - A Cipher and a KeyExchange belong to one caller at a time; they hold
//     scratch space and cached values.
//
// MODP exponentiation uses math/big, which does not run in constant time. It
// is as fast as constant-time alternatives up to 2048 bits and twice as fast
// above; do not use this package where a peer can time it to good purpose.
package ipsec
