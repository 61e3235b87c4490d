package keys

import (
	"crypto"
	"encoding/asn1"

	"ikelab/ikev2/wire"
)

// The AlgorithmIdentifiers of RFC 7427 appendix A and RFC 8420 appendix A, in DER: few, and
// compared as octets.

type algorithm struct {
	Scheme
	der []byte
}

// identifier is an AlgorithmIdentifier (RFC 5280 4.1.1.2).
type identifier struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// pssParameters are the parameters of RSASSA-PSS (RFC 4055 3.1).
type pssParameters struct {
	Hash identifier `asn1:"explicit,tag:0"`
	MGF  mgf        `asn1:"explicit,tag:1"`
	Salt int        `asn1:"explicit,tag:2"`
	// Trailer is 1, which DER leaves out, and RFC 7427 A.4 does not.
	Trailer int `asn1:"optional,explicit,tag:3"`
}

// mgf is the mask generation function with its hash.
type mgf struct {
	OID  asn1.ObjectIdentifier
	Hash identifier
}

var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1} // and the number of the signature
	oidMGF1    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidPSS     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECDSA   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidSHA1    = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA2    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2} // and 1 for SHA-256, 2 for SHA-384, 3 for SHA-512
)

// algorithms are those that are known, the form that we send of each first.
var algorithms = func() (list []algorithm) {
	null, none := asn1.NullRawValue, asn1.RawValue{}
	add := func(s Scheme, oid asn1.ObjectIdentifier, parameters asn1.RawValue) {
		list = append(list, algorithm{s, der(identifier{oid, parameters})})
	}
	hashes := []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512}
	for i, h := range hashes {
		rsa := Scheme{Method: wire.AuthDigital, Kind: KindRSA, Hash: h}
		number := []int{5, 11, 12, 13}[i]
		add(rsa, append(oidRSA[:len(oidRSA):len(oidRSA)], number), null)
		add(rsa, append(oidRSA[:len(oidRSA):len(oidRSA)], number), none)
		ec := Scheme{Method: wire.AuthDigital, Kind: KindECDSA, Hash: h}
		if h == crypto.SHA1 {
			add(ec, append(oidECDSA[:len(oidECDSA):len(oidECDSA)], 1), none)
		} else {
			add(ec, append(oidECDSA[:len(oidECDSA):len(oidECDSA)], 3, i+1), none)
		}
		pss := Scheme{Method: wire.AuthDigital, Kind: KindRSA, Hash: h, PSS: true}
		of := append(oidSHA2[:len(oidSHA2):len(oidSHA2)], i)
		if h == crypto.SHA1 {
			of = oidSHA1
			add(pss, oidPSS, asn1.RawValue{FullBytes: []byte{0x30, 0}}) // what is left out is SHA-1 (RFC 4055 3.1)
		}
		for _, trailer := range []int{0, 1} {
			for _, p := range []asn1.RawValue{null, none} {
				add(pss, oidPSS, asn1.RawValue{FullBytes: der(pssParameters{identifier{of, p}, mgf{oidMGF1, identifier{of, p}}, h.Size(), trailer})})
			}
		}
	}
	add(Scheme{Method: wire.AuthDigital, Kind: KindEd25519}, oidEd25519, none)
	return list
}()

func der(v any) []byte {
	octets, _ := asn1.Marshal(v) // of constants: TestAlgorithmIdentifiers has all of them
	return octets
}

// algorithm is the AlgorithmIdentifier of a scheme.
func (s Scheme) algorithm() []byte {
	for _, a := range algorithms {
		if a.Scheme == s {
			return a.der
		}
	}
	return nil
}
