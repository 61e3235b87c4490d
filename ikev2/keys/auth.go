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
	PRF     ipsec.PRFID
	Message []byte
	Nonce   []byte
	SKp     []byte
	IDType  byte
	Beside  [3]byte // the reserved octets behind it
	ID      []byte
	IntAuth []byte
}

// mac is prf(SK_p, ID').
func (s *Signed) mac(prf *ipsec.HMAC) []byte {
	return prf.Append(nil, s.SKp, []byte{s.IDType, s.Beside[0], s.Beside[1], s.Beside[2]}, s.ID)
}

// SharedKey is AUTH with a pre-shared key:
//
//	prf(prf(shared secret, pad), signed octets)
func (s *Signed) SharedKey(key []byte) []byte {
	prf := s.PRF.New()
	return prf.Append(nil, prf.Append(nil, key, pad), s.Message, s.Nonce, s.mac(prf), s.IntAuth)
}

// Octets are those that a signature covers.
func (s *Signed) Octets() []byte {
	return slices.Concat(s.Message, s.Nonce, s.mac(s.PRF.New()), s.IntAuth)
}
