package keys

import (
	"bytes"
	"encoding/binary"
	"slices"

	"ikelab/ipsec"
)

// Nonces are Ni and Nr.
type Nonces struct{ I, R []byte }

// Lowest is the one that counts in a collision (RFC 7296 2.8.1).
func (n Nonces) Lowest() []byte {
	if slices.Compare(n.I, n.R) < 0 {
		return n.I
	}
	return n.R
}

// Seed is SKEYSEED of the first exchange (RFC 7296 2.14):
//
//	SKEYSEED = prf(Ni | Nr, g^ir)
func Seed(prf *ipsec.HMAC, n Nonces, secret []byte) []byte {
	return prf.Sum(slices.Concat(n.I, n.R), secret)
}

// RekeySeed is SKEYSEED of an SA that replaces another, with the PRF and SK_d
// of the old one (RFC 7296 2.18):
//
//	SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr | SK(1) | ... | SK(n))
//
// where SK(1) to SK(n) are the secrets of additional key exchanges (RFC 9370 2.2.4).
func RekeySeed(prf *ipsec.HMAC, skD, secret []byte, n Nonces, more ...[]byte) []byte {
	return prf.Sum(skD, slices.Concat([][]byte{secret, n.I, n.R}, more)...)
}

// AddedSeed is SKEYSEED behind an additional key exchange, with the SK_d before it (RFC 9370
// 2.2.2):
//
//	SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr)
func AddedSeed(prf *ipsec.HMAC, skD, secret []byte, n Nonces) []byte {
	return RekeySeed(prf, skD, secret, n)
}

// IKE are the seven keys of an IKE SA, one behind the other as prf+ has made them (RFC 7296 2.14):
//
//	{SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr}
type IKE struct {
	octets []byte
	prf    uint8 // how long SK_d, SK_pi and SK_pr are
	integ  ipsec.IntegID
	encr   ipsec.Encr
}

// D is SK_d, of which other keys come.
func (k *IKE) D() []byte { return k.octets[:k.prf:k.prf] }

// AI and AR are SK_ai and SK_ar, of the integrity of what the initiator and the responder send.
func (k *IKE) AI() []byte { return k.cut(int(k.prf), k.integ.KeyLen()) }
func (k *IKE) AR() []byte { return k.cut(int(k.prf)+k.integ.KeyLen(), k.integ.KeyLen()) }

// EI and ER are SK_ei and SK_er, of its encryption.
func (k *IKE) EI() []byte { return k.cut(int(k.prf)+2*k.integ.KeyLen(), k.encr.KeyLen()) }
func (k *IKE) ER() []byte {
	return k.cut(int(k.prf)+2*k.integ.KeyLen()+k.encr.KeyLen(), k.encr.KeyLen())
}

// PI and PR are SK_pi and SK_pr, of which AUTH comes.
func (k *IKE) PI() []byte { return k.cut(len(k.octets)-2*int(k.prf), int(k.prf)) }
func (k *IKE) PR() []byte { return k.cut(len(k.octets)-int(k.prf), int(k.prf)) }

func (k *IKE) cut(at, n int) []byte { return k.octets[at : at+n : at+n] }

// Made says whether there are any.
func (k *IKE) Made() bool { return k.octets != nil }

// Cipher seals and opens a message of one end, the initiator's or the
// responder's.
func (k *IKE) Cipher(initiator bool, room *ipsec.HMAC) (*ipsec.Cipher, error) {
	if initiator {
		return ipsec.NewMessageCipher(k.encr, k.integ, k.EI(), k.AI(), room)
	}
	return ipsec.NewMessageCipher(k.encr, k.integ, k.ER(), k.AR(), room)
}

// Derive makes them: prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr).
func Derive(prf *ipsec.HMAC, encr ipsec.Encr, integ ipsec.IntegID, seed []byte, n Nonces, spiI, spiR uint64) IKE {
	var spis [16]byte
	binary.BigEndian.PutUint64(spis[:], spiI)
	binary.BigEndian.PutUint64(spis[8:], spiR)
	octets := prf.Plus(3*prf.Size()+2*integ.KeyLen()+2*encr.KeyLen(), seed, n.I, n.R, spis[:])
	return IKE{octets: octets, prf: uint8(prf.Size()), encr: encr, integ: integ}
}

// Mixed are the keys with a post-quantum preshared key in those that other keys and AUTH
// come of (RFC 8784 3):
//
//	SK_d = prf+ (PPK, SK_d'), SK_pi = prf+ (PPK, SK_pi'), SK_pr = prf+ (PPK, SK_pr')
func (k IKE) Mixed(prf *ipsec.HMAC, ppk []byte) IKE {
	k.octets = bytes.Clone(k.octets)
	for _, key := range [][]byte{k.D(), k.PI(), k.PR()} {
		copy(key, prf.Plus(len(key), ppk, key))
	}
	return k
}

// Pair are the keys of one direction of a child SA.
type Pair struct{ Encr, Integ []byte }

// Child are a child's keys (RFC 7296 2.17): the initiator's direction first,
// in each the encryption key before the integrity key. secret is nil without a
// key exchange of its own, more are those of additional ones (RFC 9370 2.2.4).
//
//	KEYMAT = prf+(SK_d, [g^ir (new)] | Ni | Nr | SK(1) | ... | SK(n))
func Child(prf *ipsec.HMAC, skD []byte, encr ipsec.Encr, integ ipsec.IntegID, secret []byte, n Nonces, more ...[]byte) (toResponder, toInitiator Pair) {
	c, a := encr.KeyLen(), integ.KeyLen()
	cut := cutter(prf.Plus(2*(c+a), skD, secret, n.I, n.R, slices.Concat(more...)))
	toResponder = Pair{cut.next(c), cut.next(a)}
	toInitiator = Pair{cut.next(c), cut.next(a)}
	return toResponder, toInitiator
}

// cutter takes keys off the front of key material.
type cutter []byte

func (c *cutter) next(n int) []byte {
	key := (*c)[:n:n]
	*c = (*c)[n:]
	return key
}
