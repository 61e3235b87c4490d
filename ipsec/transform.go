package ipsec

import "fmt"

// EncrID numbers encryption transforms (IANA, IKEv2 transform type 1).
type EncrID uint16

// The encryption transforms that this package implements.
const (
	EncrDES              EncrID = 2
	Encr3DES             EncrID = 3
	EncrNULL             EncrID = 11
	EncrAESCBC           EncrID = 12
	EncrAESCTR           EncrID = 13 // RFC 3686, RFC 5930
	EncrAESGCM8          EncrID = 18 // RFC 4106, RFC 5282
	EncrAESGCM12         EncrID = 19
	EncrAESGCM16         EncrID = 20
	EncrAESGMAC          EncrID = 21 // authenticates only (RFC 4543); not for IKE
	EncrChaCha20Poly1305 EncrID = 28 // RFC 7634
)

// Encr is an encryption transform with its key length attribute. KeyBits is 0
// where the id fixes the length (RFC 7296 section 3.3.5).
type Encr struct {
	ID      EncrID
	KeyBits uint16
}

// encr describes one encryption transform, in octets. key is 0 where KeyBits
// says it.
type encr struct {
	name                 string
	key, salt, iv, block int
	icv                  int // of an AEAD
}

// saltLen is the part of the keying material that never crosses the wire and
// stands before the IV in a nonce (RFC 3686 section 4, RFC 4106 section 4, RFC
// 7634 section 2).
const saltLen = 4

// aeadIV is the length of an AEAD's IV, which with the salt is the nonce.
const aeadIV = 8

func (e Encr) info() encr {
	switch e.ID {
	case EncrDES:
		return encr{name: "DES-CBC", key: 8, iv: 8, block: 8}
	case Encr3DES:
		return encr{name: "3DES-CBC", key: 24, iv: 8, block: 8}
	case EncrNULL:
		return encr{name: "NULL", block: 1}
	case EncrAESCBC:
		return encr{name: "AES-CBC", iv: 16, block: 16}
	case EncrAESCTR:
		return encr{name: "AES-CTR", salt: saltLen, iv: 8, block: 1}
	case EncrAESGCM8:
		return encr{name: "AES-GCM-8", salt: saltLen, iv: 8, block: 1, icv: 8}
	case EncrAESGCM12:
		return encr{name: "AES-GCM-12", salt: saltLen, iv: 8, block: 1, icv: 12}
	case EncrAESGCM16:
		return encr{name: "AES-GCM-16", salt: saltLen, iv: 8, block: 1, icv: 16}
	case EncrAESGMAC:
		return encr{name: "AES-GMAC", salt: saltLen, iv: 8, block: 1, icv: 16}
	case EncrChaCha20Poly1305:
		return encr{name: "ChaCha20-Poly1305", key: 32, salt: saltLen, iv: 8, block: 1, icv: 16}
	}
	return encr{block: 1}
}

// sized says whether the key length attribute goes with e.
func (e Encr) sized() bool {
	switch e.ID {
	case EncrAESCBC, EncrAESCTR, EncrAESGCM8, EncrAESGCM12, EncrAESGCM16, EncrAESGMAC:
		return true
	}
	return false
}

// Known reports whether NewCipher implements e.
func (e Encr) Known() bool {
	if e.sized() {
		return e.KeyBits == 128 || e.KeyBits == 192 || e.KeyBits == 256
	}
	return e.KeyBits == 0 && e.info().name != ""
}

// KeyLen is the number of octets to take from KEYMAT, the salt included.
// It is 0 for NULL and for transforms that are not known.
func (e Encr) KeyLen() int {
	if !e.Known() {
		return 0
	}
	t := e.info()
	return t.key + int(e.KeyBits)/8 + t.salt
}

// IVLen is the number of IV octets that each packet carries.
func (e Encr) IVLen() int { return e.info().iv }

// BlockLen is the multiple, in octets, that a plaintext must have.
func (e Encr) BlockLen() int { return e.info().block }

// AEAD reports whether e protects integrity by itself, so that no integrity
// transform goes with it (RFC 7296 section 3.3).
func (e Encr) AEAD() bool { return e.info().icv > 0 }

// Counts reports whether e's IVs must never repeat under a key, so that they
// count, where those of CBC must be unpredictable, so that they are drawn
// (RFC 3686 section 3.1, RFC 5282 section 3.1, RFC 7634 section 2).
func (e Encr) Counts() bool { return e.info().salt > 0 }

func (e Encr) String() string {
	t := e.info()
	switch {
	case t.name == "":
		return fmt.Sprintf("encryption %d/%d", uint16(e.ID), e.KeyBits)
	case e.sized():
		return fmt.Sprintf("%s-%d", t.name, e.KeyBits)
	}
	return t.name
}

// IntegID numbers integrity transforms (IANA, IKEv2 transform type 3).
type IntegID uint16

// The integrity transforms that this package implements.
const (
	IntegNone   IntegID = 0
	IntegMD5    IntegID = 1
	IntegSHA1   IntegID = 2
	IntegSHA256 IntegID = 12
	IntegSHA384 IntegID = 13
	IntegSHA512 IntegID = 14
)

// integ describes one integrity transform: octets of key and of ICV.
type integ struct {
	name     string
	key, icv int
	prf      PRFID // the same HMAC, as a PRF
}

func (i IntegID) info() (integ, bool) {
	switch i {
	case IntegNone:
		return integ{name: "NONE"}, true
	case IntegMD5:
		return integ{"HMAC-MD5-96", 16, 12, PRFMD5}, true
	case IntegSHA1:
		return integ{"HMAC-SHA1-96", 20, 12, PRFSHA1}, true
	case IntegSHA256:
		return integ{"HMAC-SHA2-256-128", 32, 16, PRFSHA256}, true
	case IntegSHA384:
		return integ{"HMAC-SHA2-384-192", 48, 24, PRFSHA384}, true
	case IntegSHA512:
		return integ{"HMAC-SHA2-512-256", 64, 32, PRFSHA512}, true
	}
	return integ{}, false
}

// Known reports whether i is implemented; NONE counts.
func (i IntegID) Known() bool { _, ok := i.info(); return ok }

// KeyLen is the number of octets to take from KEYMAT.
func (i IntegID) KeyLen() int { t, _ := i.info(); return t.key }

// PRF is the PRF of which an ICV is the beginning; 0 of NONE.
func (i IntegID) PRF() PRFID { t, _ := i.info(); return t.prf }

// ICVLen is the number of octets that the integrity check value takes at the
// end of a packet.
func (i IntegID) ICVLen() int { t, _ := i.info(); return t.icv }

func (i IntegID) String() string {
	if t, ok := i.info(); ok {
		return t.name
	}
	return fmt.Sprintf("integrity %d", uint16(i))
}
