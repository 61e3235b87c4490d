package keys

import (
	"slices"

	"ikelab/ipsec"
)

// pad is the string that separates the pre-shared key from other uses.
var pad = []byte("Key Pad for IKEv2")

// Signed is what one end's AUTH covers (RFC 7296 2.15): its own first message,
// the other's nonce, and the MAC of its identity payload without the generic
// header.
//
//	message | nonce of the other | prf(SK_p, ID') | IntAuth
//
// IntAuth is what there was between IKE_SA_INIT and IKE_AUTH (RFC 9242 3.3.2), if anything.
type Signed struct {
	PRF     *ipsec.HMAC
	Message []byte
	Nonce   []byte
	SKp     []byte
	IDType  byte
	Beside  [3]byte // the reserved octets behind it
	ID      []byte
	IntAuth []byte
}

// begin is what stands before the identity in its payload.
func (s *Signed) begin() []byte { return []byte{s.IDType, s.Beside[0], s.Beside[1], s.Beside[2]} }

// SharedKey is AUTH with a pre-shared key:
//
//	prf(prf(shared secret, pad), signed octets)
func (s *Signed) SharedKey(key []byte) []byte {
	prf, n := s.PRF, s.PRF.Size()
	sums := prf.Append(make([]byte, 0, 3*n), key, pad)
	sums = prf.Append(sums, s.SKp, s.begin(), s.ID)
	return prf.Append(sums, sums[:n], s.Message, s.Nonce, sums[n:], s.IntAuth)[2*n:]
}

// Octets are those that a signature covers.
func (s *Signed) Octets() []byte {
	return slices.Concat(s.Message, s.Nonce, s.PRF.Sum(s.SKp, s.begin(), s.ID), s.IntAuth)
}
