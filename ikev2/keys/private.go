package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
)

// Kind is what a signature key is.
type Kind uint8

// The kinds.
const (
	KindRSA Kind = iota
	KindECDSA
	KindEd25519
)

var kindNames = [...]string{"RSA", "ECDSA", "Ed25519"}

// String names the kind as IOS does in `Auth sign: RSA`.
func (k Kind) String() string { return kindNames[k] }

// Sizes of RSA keys in bits: what crypto/rsa takes at least, and what one is ready to
// compute with.
const (
	LeastRSA = 1024
	MostRSA  = 4096
)

// ErrKey says that a key is none that is used here.
var ErrKey = errors.New("keys: not a key for signatures")

// PrivateKey makes signatures. Whatever it makes depends on the key and on what is signed
// only, but for the salt of RSASSA-PSS, which is given.
type PrivateKey struct {
	kind   Kind
	signer crypto.Signer
}

// Kind says what the key is.
func (k *PrivateKey) Kind() Kind { return k.kind }

// Public is the key that verifies.
func (k *PrivateKey) Public() crypto.PublicKey { return k.signer.Public() }

// Sign signs a digest, or with Ed25519 a message. ECDSA draws its number from the key and the
// digest (RFC 6979), so no source of randomness is used but for PSS.
func (k *PrivateKey) Sign(salt io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if _, pss := o.(*rsa.PSSOptions); !pss {
		salt = nil
	}
	return k.signer.Sign(salt, digest, o)
}

// Bits is the size of a public key: of its modulus or of its curve; 0: it is none that is
// used here.
func Bits(public crypto.PublicKey) int {
	switch p := public.(type) {
	case *rsa.PublicKey:
		return p.N.BitLen()
	case *ecdsa.PublicKey:
		return p.Curve.Params().BitSize
	case ed25519.PublicKey:
		return 8 * len(p)
	}
	return 0
}

// KindOf is the kind of a public key; false: it is none that is used here.
func KindOf(public crypto.PublicKey) (Kind, bool) {
	switch p := public.(type) {
	case *rsa.PublicKey:
		n := p.N.BitLen()
		return KindRSA, LeastRSA <= n && n <= 2*MostRSA
	case *ecdsa.PublicKey:
		return KindECDSA, curves[p.Curve.Params().BitSize] == p.Curve
	case ed25519.PublicKey:
		return KindEd25519, true
	}
	return 0, false
}

var curves = map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 521: elliptic.P521()}

// GenerateEC draws a key of one of the curves P-256, P-384 and P-521 by its size in bits. An
// octet string that is no scalar is drawn again, so that the same stream gives the same key.
func GenerateEC(bits int, random io.Reader) (*PrivateKey, error) {
	curve := curves[bits]
	if curve == nil {
		return nil, fmt.Errorf("%w: a curve of %d bits", ErrKey, bits)
	}
	octets := make([]byte, (bits+7)/8)
	for {
		if _, err := io.ReadFull(random, octets); err != nil {
			return nil, err
		}
		octets[0] >>= uint(8*len(octets) - bits)
		if key, err := ecdsa.ParseRawPrivateKey(curve, octets); err == nil {
			return &PrivateKey{KindECDSA, key}, nil
		}
	}
}

// GenerateEd25519 draws a key (RFC 8032).
func GenerateEd25519(random io.Reader) (*PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, err
	}
	return &PrivateKey{KindEd25519, ed25519.NewKeyFromSeed(seed)}, nil
}

// GenerateRSA draws a key of so many bits. crypto/rsa takes no source of randomness any more,
// and the same stream shall give the same key.
func GenerateRSA(bits int, random io.Reader) (*PrivateKey, error) {
	if bits < LeastRSA || bits > MostRSA || bits%2 != 0 {
		return nil, fmt.Errorf("%w: RSA of %d bits", ErrKey, bits)
	}
	for {
		p, err := prime(bits/2, random)
		if err != nil {
			return nil, err
		}
		q, err := prime(bits/2, random)
		if err != nil {
			return nil, err
		}
		if key := rsaOf(p, q); key != nil {
			return &PrivateKey{KindRSA, key}, nil
		}
	}
}

const publicExponent = 65537

// rsaOf is the key of two primes; nil: they make none.
func rsaOf(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{Primes: []*big.Int{p, q}}
	key.N, key.E = new(big.Int).Mul(p, q), publicExponent
	if key.D = new(big.Int).ModInverse(big.NewInt(publicExponent), phi); key.D == nil || p.Cmp(q) == 0 {
		return nil
	}
	key.Precompute()
	if key.Validate() != nil {
		return nil
	}
	return key
}

// prime draws a prime of so many bits whose two highest are set, so that the product of two
// has twice as many. Candidates follow each other by twos from a drawn odd number.
func prime(bits int, random io.Reader) (*big.Int, error) {
	octets := make([]byte, bits/8)
	for {
		if _, err := io.ReadFull(random, octets); err != nil {
			return nil, err
		}
		octets[0] |= 0xc0
		octets[len(octets)-1] |= 1
		n := new(big.Int).SetBytes(octets)
		rest := new(big.Int)
		steps := make([]uint64, len(smallPrimes))
		for i, p := range smallPrimes {
			steps[i] = rest.Mod(n, new(big.Int).SetUint64(p)).Uint64()
		}
		for delta := uint64(0); delta < 1<<16; delta += 2 {
			if sieved(steps, delta) {
				continue
			}
			// Baillie-PSW and one round of Miller-Rabin: of a number drawn at random that is
			// more than enough.
			if c := new(big.Int).Add(n, new(big.Int).SetUint64(delta)); c.BitLen() == bits && c.ProbablyPrime(1) {
				return c, nil
			}
		}
	}
}

// sieved says whether a small prime divides the candidate.
func sieved(steps []uint64, delta uint64) bool {
	for i, p := range smallPrimes {
		if (steps[i]+delta)%p == 0 {
			return true
		}
	}
	return false
}

// smallPrimes are the odd primes below 2,000.
var smallPrimes = func() (list []uint64) {
	for n := uint64(3); n < 2000; n += 2 {
		if !sievedBy(list, n) {
			list = append(list, n)
		}
	}
	return list
}()

func sievedBy(primes []uint64, n uint64) bool {
	for _, p := range primes {
		if n%p == 0 {
			return true
		}
	}
	return false
}

// PKCS8 is the key in the form of RFC 5208, DER.
func (k *PrivateKey) PKCS8() []byte {
	der, _ := x509.MarshalPKCS8PrivateKey(k.signer) // which knows all kinds that are made here
	return der
}

// ParsePrivateKey reads a key in DER: of PKCS #8, PKCS #1 or SEC 1.
func ParsePrivateKey(der []byte) (*PrivateKey, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return NewPrivateKey(key)
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return NewPrivateKey(key)
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return NewPrivateKey(key)
	}
	return nil, ErrKey
}

// NewPrivateKey takes a key of the standard library.
func NewPrivateKey(key any) (*PrivateKey, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, ErrKey
	}
	kind, ok := KindOf(signer.Public())
	if !ok {
		return nil, ErrKey
	}
	return &PrivateKey{kind, signer}, nil
}

// saltOf gives PSS its salt.
func saltOf(salt []byte) io.Reader { return bytes.NewReader(salt) }
