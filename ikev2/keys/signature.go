package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha1"   // the hash of RSA signatures (RFC 7296 2.15)
	_ "crypto/sha256" // and those
	_ "crypto/sha512" // of RFC 7427
	"encoding/asn1"
	"errors"
	"math/big"

	"ikelab/ikev2/wire"
)

// Signatures as authentication: RSA (RFC 7296 2.15), ECDSA (RFC 4754), and whatever an
// AlgorithmIdentifier names (RFC 7427).

// What is wrong with a signature.
var (
	ErrAlgorithm = errors.New("keys: signature algorithm unknown or not for this key")
	ErrSignature = errors.New("keys: signature does not verify")
)

// Scheme is how a signature is made, and in which method's form it stands in AUTH.
type Scheme struct {
	Method wire.AuthMethod
	Kind   Kind
	Hash   crypto.Hash // 0: the message itself is signed (Ed25519)
	PSS    bool        // RSASSA-PSS instead of RSASSA-PKCS1-v1_5
}

// The hashes of SIGNATURE_HASH_ALGORITHMS by their numbers (RFC 7427 7); 5 is Identity
// (RFC 8420 2).
var hashes = map[uint16]crypto.Hash{1: crypto.SHA1, 2: crypto.SHA256, 3: crypto.SHA384, 4: crypto.SHA512, 5: 0}

// HashNumbers are those that we announce, in order of preference.
var HashNumbers = []uint16{2, 3, 4, 5, 1}

// HashKnown says whether a number of SIGNATURE_HASH_ALGORITHMS is one that we know.
func HashKnown(n uint16) bool {
	_, ok := hashes[n]
	return ok
}

// ECDSA over a curve, with the hash that goes with it (RFC 4754 3).
var curveSchemes = map[int]Scheme{
	256: {Method: wire.AuthECDSA256, Kind: KindECDSA, Hash: crypto.SHA256},
	384: {Method: wire.AuthECDSA384, Kind: KindECDSA, Hash: crypto.SHA384},
	521: {Method: wire.AuthECDSA521, Kind: KindECDSA, Hash: crypto.SHA512},
}

// SchemeFor is how a key signs for a peer that has announced these hashes; none: it knows
// nothing of RFC 7427. false: the peer could not verify what the key makes.
func SchemeFor(k *PrivateKey, announced []uint16, pss bool) (Scheme, bool) {
	if len(announced) == 0 {
		switch k.kind {
		case KindRSA:
			return Scheme{Method: wire.AuthRSASignature, Kind: KindRSA, Hash: crypto.SHA1}, !pss
		case KindECDSA:
			s, ok := curveSchemes[Bits(k.Public())]
			return s, ok
		}
		return Scheme{}, false
	}
	for _, h := range fitting(k) {
		for _, n := range announced {
			if known, ok := hashes[n]; ok && known == h {
				return Scheme{Method: wire.AuthDigital, Kind: k.kind, Hash: h, PSS: pss && k.kind == KindRSA}, true
			}
		}
	}
	return Scheme{}, false
}

// fitting are the hashes that go with a key, the best first.
func fitting(k *PrivateKey) []crypto.Hash {
	list := []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA1}
	switch {
	case k.kind == KindEd25519:
		return []crypto.Hash{0}
	case k.kind == KindECDSA && Bits(k.Public()) == 384:
		list[0], list[1] = list[1], list[0]
	case k.kind == KindECDSA && Bits(k.Public()) == 521:
		list[0], list[2] = list[2], list[0]
	}
	return list
}

// Signing is a signature to be made: of which octets, with what.
type Signing struct {
	Key    *PrivateKey
	Scheme Scheme
	Octets []byte
	Salt   []byte // of PSS, as long as the hash
}

// run makes the data of the AUTH payload.
func (s *Signing) run() ([]byte, error) {
	digest, o := digest(s.Scheme, s.Octets)
	sig, err := s.Key.Sign(saltOf(s.Salt), digest, o)
	switch {
	case err != nil:
		return nil, err
	case s.Scheme.Method == wire.AuthDigital:
		id := s.Scheme.algorithm()
		return append(append([]byte{byte(len(id))}, id...), sig...), nil
	case s.Scheme.Kind == KindECDSA:
		return fixed(sig, (Bits(s.Key.Public())+7)/8)
	}
	return sig, nil
}

// digest is what is signed of some octets, and how.
func digest(s Scheme, octets []byte) ([]byte, crypto.SignerOpts) {
	if s.Hash == 0 {
		return octets, crypto.Hash(0)
	}
	h := s.Hash.New()
	h.Write(octets)
	if s.PSS {
		return h.Sum(nil), &rsa.PSSOptions{SaltLength: s.Hash.Size(), Hash: s.Hash}
	}
	return h.Sum(nil), s.Hash
}

// point is an ECDSA signature in ASN.1 (RFC 3279 2.2.3).
type point struct{ R, S *big.Int }

// fixed is an ECDSA signature as the methods 9 to 11 have it: r and s, each as long as the
// order of the curve (RFC 4754 7).
func fixed(sig []byte, size int) ([]byte, error) {
	var p point
	if _, err := asn1.Unmarshal(sig, &p); err != nil {
		return nil, err
	}
	out := make([]byte, 2*size)
	p.R.FillBytes(out[:size])
	p.S.FillBytes(out[size:])
	return out, nil
}

// VerifySignature checks the data of an AUTH payload against the octets that it covers and
// says how it was made. The scheme is known as soon as the data can be read, whether it
// verifies or not.
func VerifySignature(public crypto.PublicKey, method wire.AuthMethod, data, octets []byte) (Scheme, error) {
	kind, ok := KindOf(public)
	if !ok {
		return Scheme{}, ErrAlgorithm
	}
	s := Scheme{Method: method, Kind: kind, Hash: crypto.SHA1}
	switch method {
	case wire.AuthRSASignature:
	case wire.AuthECDSA256, wire.AuthECDSA384, wire.AuthECDSA521:
		s = curveSchemes[Bits(public)]
		if data, ok = inASN1(data, (Bits(public)+7)/8); !ok && s.Method == method {
			return s, ErrSignature
		}
	case wire.AuthDigital:
		if s, data, ok = readAlgorithm(data); !ok {
			return s, ErrAlgorithm
		}
	}
	if s.Method != method || s.Kind != kind {
		return s, ErrAlgorithm
	}
	return s.verified(public, data, octets)
}

// verified checks the signature itself.
func (s Scheme) verified(public crypto.PublicKey, sig, octets []byte) (Scheme, error) {
	sum, _ := digest(s, octets)
	switch p := public.(type) {
	case *rsa.PublicKey:
		if s.PSS {
			return s, asSignature(rsa.VerifyPSS(p, s.Hash, sum, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto}) == nil)
		}
		if rsa.VerifyPKCS1v15(p, s.Hash, sum, sig) == nil {
			return s, nil
		}
		if s.Method == wire.AuthRSASignature {
			return s.otherHash(p, sig, octets)
		}
	case *ecdsa.PublicKey:
		return s, asSignature(ecdsa.VerifyASN1(p, sum, sig))
	case ed25519.PublicKey:
		return s, asSignature(ed25519.Verify(p, sum, sig))
	}
	return s, ErrSignature
}

// otherHash is for a peer that signs by method 1 with another hash than SHA-1: "implementations
// ... SHOULD use SHA-1 as the default hash function" (RFC 7296 3.8), and some do not.
func (s Scheme) otherHash(p *rsa.PublicKey, sig, octets []byte) (Scheme, error) {
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		other := s
		other.Hash = h
		if sum, _ := digest(other, octets); rsa.VerifyPKCS1v15(p, h, sum, sig) == nil {
			return other, nil
		}
	}
	return s, ErrSignature
}

func asSignature(ok bool) error {
	if !ok {
		return ErrSignature
	}
	return nil
}

// inASN1 turns r and s of RFC 4754 into what crypto/ecdsa reads.
func inASN1(data []byte, size int) ([]byte, bool) {
	if len(data) != 2*size {
		return nil, false
	}
	der, err := asn1.Marshal(point{new(big.Int).SetBytes(data[:size]), new(big.Int).SetBytes(data[size:])})
	return der, err == nil
}

// readAlgorithm splits what method 14 has: the length of an AlgorithmIdentifier in one octet,
// the AlgorithmIdentifier, the signature (RFC 7427 3).
func readAlgorithm(data []byte) (s Scheme, signature []byte, ok bool) {
	if len(data) < 1 || len(data) < 1+int(data[0]) {
		return s, nil, false
	}
	id, sig := data[1:1+int(data[0])], data[1+int(data[0]):]
	for _, a := range algorithms {
		if bytes.Equal(a.der, id) {
			return a.Scheme, sig, true
		}
	}
	return s, nil, false
}
