package ipsec

import (
	"bytes"
	"crypto/ecdh"
	"fmt"
	"io"
	"slices"
)

// The orders of the NIST curves (FIPS 186-4 appendix D.1.2, RFC 5903 section
// 3), big-endian. A private value is below the order.
const (
	order256 = "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" +
		"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51"
	order384 = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
		"\xff\xff\xff\xff\xff\xff\xff\xff\xc7\x63\x4d\x81\xf4\x37\x2d\xdf" +
		"\x58\x1a\x0d\xb2\x48\xb0\xa7\x7a\xec\xec\x19\x6a\xcc\xc5\x29\x73"
	order521 = "\x01\xff" +
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfa" +
		"\x51\x86\x87\x83\xbf\x2f\x96\x6b\x7f\xcc\x01\x48\xf7\x09\xa5\xd0" +
		"\x3b\xb5\xc9\xb8\x89\x9c\x47\xae\xbb\x6f\xb7\x1e\x91\x38\x64\x09"
)

// ecp is a NIST curve with coordinates of octets octets (RFC 5903).
type ecp struct {
	curve  ecdh.Curve
	octets int
	order  string
}

func (c ecp) publicLen(bool) int { return 2 * c.octets }

// draw only compares with the order: crypto/ecdh computes the public value
// when it makes a key, and that is for Public to pay.
func (c ecp) draw(rand io.Reader, _ bool, _ []byte) (secret, error) {
	b, order := make([]byte, c.octets), []byte(c.order)
	for range drawLimit {
		if _, err := io.ReadFull(rand, b); err != nil {
			return nil, err
		}
		if order[0] == 1 { // P-521: the first octet holds one bit
			b[0] &= 1
		}
		if bytes.Compare(b, order) < 0 && !bytes.Equal(b, make([]byte, c.octets)) {
			return &ecdhSecret{curve: c.curve, octets: b, prefix: []byte{4}}, nil
		}
	}
	return nil, errDraws
}

// x25519 is group 31 (RFC 8031): any 32 octets are a private value.
type x25519 struct{}

func (x25519) publicLen(bool) int { return 32 }

func (x25519) draw(rand io.Reader, _ bool, _ []byte) (secret, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, err
	}
	return &ecdhSecret{curve: ecdh.X25519(), octets: b}, nil
}

// ecdhSecret is a private value of crypto/ecdh, made into a key at first use.
// prefix is what crypto/ecdh writes before a public value and IKE does not:
// 4 for an uncompressed point.
type ecdhSecret struct {
	curve  ecdh.Curve
	octets []byte
	prefix []byte
	key    *ecdh.PrivateKey
}

func (s *ecdhSecret) private() *ecdh.PrivateKey {
	if s.key == nil {
		key, err := s.curve.NewPrivateKey(s.octets)
		if err != nil {
			panic(fmt.Sprintf("ipsec: draw let through a private value: %v", err))
		}
		s.key = key
	}
	return s.key
}

func (s *ecdhSecret) public() []byte {
	return s.private().PublicKey().Bytes()[len(s.prefix):]
}

// shared leaves the checks to crypto/ecdh: it refuses points off the curve
// and an all-zero X25519 result.
func (s *ecdhSecret) shared(peer []byte) ([]byte, error) {
	pub, err := s.curve.NewPublicKey(slices.Concat(s.prefix, peer))
	if err != nil {
		return nil, err
	}
	return s.private().ECDH(pub)
}
