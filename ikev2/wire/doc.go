// Package wire is the codec of IKEv2 messages (RFC 7296 section 3): octets to
// typed payloads and back, with and without the Encrypted payload. It knows
// layouts and the grammar of exchanges; it keeps no state and makes no policy.
//
//	m, err := wire.Parse(datagram)        // SK stays *Encrypted
//	m, err := wire.Open(datagram, cipher) // verified, decrypted, parsed
//	err = wire.Check(m)                   // the payloads its exchange needs
//	octets := m.Append(nil)               // or AppendSealed(nil, cipher, fillIV)
//
// Parsing is strict: every length must add up, nothing may be left over, and
// nothing is allocated by a length that only the sender claims. What Parse
// accepts, Append reproduces octet for octet, reserved fields aside.
package wire
