package ipsec

import (
	"io"

	"github.com/cloudflare/circl/kem"
	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem512"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
)

// ML-KEM (FIPS 203) as a key exchange (draft-ietf-ipsecme-ikev2-mlkem): the initiator
// sends an encapsulation key, the responder the ciphertext that it has made with it.
type mlkem struct{ scheme kem.Scheme }

var (
	mlkem512Group  = mlkem{mlkem512.Scheme()}
	mlkem768Group  = mlkem{mlkem768.Scheme()}
	mlkem1024Group = mlkem{mlkem1024.Scheme()}
)

func (m mlkem) publicLen(initiator bool) int {
	if initiator {
		return m.scheme.PublicKeySize()
	}
	return m.scheme.CiphertextSize()
}

// draw draws d and z of the initiator, m of the responder (FIPS 203 7.1, 7.2).
func (m mlkem) draw(rand io.Reader, initiator bool, peer []byte) (secret, error) {
	n := m.scheme.EncapsulationSeedSize()
	if initiator {
		n = m.scheme.SeedSize()
	}
	seed := make([]byte, n)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, err
	}
	if initiator {
		return &decapsulation{mlkem: m, seed: seed}, nil
	}
	return &encapsulation{mlkem: m, seed: seed, peer: peer}, nil
}

// decapsulation is the initiator's part.
type decapsulation struct {
	mlkem
	seed []byte
	key  kem.PrivateKey
}

func (d *decapsulation) public() []byte {
	defer cleanVectors()
	public, key := d.scheme.DeriveKeyPair(d.seed)
	d.key = key
	octets, _ := public.MarshalBinary() // which knows no error
	return octets
}

// shared never tells a bad ciphertext from a good one (FIPS 203 6.3): the secret that
// comes of it is one that nobody else has.
func (d *decapsulation) shared(ciphertext []byte) ([]byte, error) {
	if d.key == nil {
		d.public()
	}
	defer cleanVectors()
	return d.scheme.Decapsulate(d.key, ciphertext)
}

// encapsulation is the responder's part.
type encapsulation struct {
	mlkem
	seed, peer  []byte
	key         []byte // the shared secret; nil: not yet
	unusableKey error
}

// public is nil when the initiator's key is none: shared says why.
func (c *encapsulation) public() (ciphertext []byte) {
	defer cleanVectors()
	public, err := c.scheme.UnmarshalBinaryPublicKey(c.peer)
	if err == nil {
		ciphertext, c.key, err = c.scheme.EncapsulateDeterministically(public, c.seed)
	}
	c.unusableKey = err
	return ciphertext
}

func (c *encapsulation) shared([]byte) ([]byte, error) {
	if c.key == nil {
		c.public()
	}
	return c.key, c.unusableKey
}
