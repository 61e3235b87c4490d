// Package wire is the codec of IKEv2 messages (RFC 7296 section 3): octets to
// typed payloads and back, with and without the Encrypted payload. It knows
// layouts and the grammar of exchanges; it keeps no state and makes no policy.
//
//	m, err := wire.Parse(datagram)        // SK stays *Encrypted
//	m, err := wire.Open(datagram, cipher) // verified, decrypted, parsed
//	err = wire.Check(m)                   // the payloads its exchange needs
//	octets := m.Append(nil)               // or AppendSealed(nil, cipher, fillIV)
//
// Parsing is strict: every length must add up, nothing may be left over, a
// message has at most 64 payloads, and nothing is allocated by a length that
// only the sender claims. What Parse accepts, Append writes in as many octets,
// the same ones but for reserved fields; and it means what it says: SPIs,
// addresses and the data of notifies have the size that their reader expects.
//
// Errors, to be told apart with errors.Is and errors.As: ErrSyntax (with the
// place: "SA: proposal 1: transform 2: …"), ErrVersion, ErrUnsupportedCritical,
// ErrIntegrity, ErrGrammar (from Check). Those that Open finds after the
// integrity check are ErrAuthentic, too. A panic means that a caller built a
// payload too long for its length field.
package wire
