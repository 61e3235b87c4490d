package ipsec

import "fmt"

// EncrID numbers encryption transforms (IANA, IKEv2 transform type 1).
type EncrID uint16

// The encryption transforms that this package implements.
const (
	EncrDES      EncrID = 2
	Encr3DES     EncrID = 3
	EncrNULL     EncrID = 11
	EncrAESCBC   EncrID = 12
	EncrAESGCM16 EncrID = 20
)

// Encr is an encryption transform with its key length attribute. KeyBits is 0
// where the id fixes the length (RFC 7296 section 3.3.5).
type Encr struct {
	ID      EncrID
	KeyBits uint16
}

// saltLen is the part of GCM's keying material that never crosses the wire
// (RFC 4106 section 4).
const saltLen = 4

// Known reports whether NewCipher implements e.
func (e Encr) Known() bool {
	switch e.ID {
	case EncrDES, Encr3DES, EncrNULL:
		return e.KeyBits == 0
	case EncrAESCBC, EncrAESGCM16:
		return e.KeyBits == 128 || e.KeyBits == 192 || e.KeyBits == 256
	}
	return false
}

// KeyLen is the number of octets to take from KEYMAT, GCM's salt included.
// It is 0 for NULL and for transforms that are not known.
func (e Encr) KeyLen() int {
	if !e.Known() {
		return 0
	}
	switch e.ID {
	case EncrDES:
		return 8
	case Encr3DES:
		return 24
	case EncrAESGCM16:
		return int(e.KeyBits)/8 + saltLen
	}
	return int(e.KeyBits) / 8
}

// IVLen is the number of IV octets that each packet carries.
func (e Encr) IVLen() int {
	switch e.ID {
	case EncrDES, Encr3DES, EncrAESGCM16:
		return 8
	case EncrAESCBC:
		return 16
	}
	return 0
}

// BlockLen is the multiple, in octets, that a plaintext must have.
func (e Encr) BlockLen() int {
	switch e.ID {
	case EncrDES, Encr3DES:
		return 8
	case EncrAESCBC:
		return 16
	}
	return 1
}

// AEAD reports whether e protects integrity by itself, so that no integrity
// transform goes with it (RFC 7296 section 3.3).
func (e Encr) AEAD() bool { return e.ID == EncrAESGCM16 }

func (e Encr) String() string {
	switch e.ID {
	case EncrDES:
		return "DES-CBC"
	case Encr3DES:
		return "3DES-CBC"
	case EncrNULL:
		return "NULL"
	case EncrAESCBC:
		return fmt.Sprintf("AES-CBC-%d", e.KeyBits)
	case EncrAESGCM16:
		return fmt.Sprintf("AES-GCM-16-%d", e.KeyBits)
	}
	return fmt.Sprintf("encryption %d/%d", uint16(e.ID), e.KeyBits)
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
	name        string
	key, icv    int
	constructor hashFunc
}

func (i IntegID) info() (integ, bool) {
	switch i {
	case IntegNone:
		return integ{name: "NONE"}, true
	case IntegMD5:
		return integ{"HMAC-MD5-96", 16, 12, newMD5}, true
	case IntegSHA1:
		return integ{"HMAC-SHA1-96", 20, 12, newSHA1}, true
	case IntegSHA256:
		return integ{"HMAC-SHA2-256-128", 32, 16, newSHA256}, true
	case IntegSHA384:
		return integ{"HMAC-SHA2-384-192", 48, 24, newSHA384}, true
	case IntegSHA512:
		return integ{"HMAC-SHA2-512-256", 64, 32, newSHA512}, true
	}
	return integ{}, false
}

// Known reports whether i is implemented; NONE counts.
func (i IntegID) Known() bool { _, ok := i.info(); return ok }

// KeyLen is the number of octets to take from KEYMAT.
func (i IntegID) KeyLen() int { t, _ := i.info(); return t.key }

// ICVLen is the number of octets that the integrity check value takes at the
// end of a packet.
func (i IntegID) ICVLen() int { t, _ := i.info(); return t.icv }

func (i IntegID) String() string {
	if t, ok := i.info(); ok {
		return t.name
	}
	return fmt.Sprintf("integrity %d", uint16(i))
}
