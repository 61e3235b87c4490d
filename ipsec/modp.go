package ipsec

import (
	"errors"
	"io"
	"math/big"
)

// modp is a group of integers modulo a prime. In the groups with order nil p
// is a safe prime and its generator has order (p-1)/2 or p-1; groups 22 to 24
// have a small prime-order subgroup to stay in.
//
// Private exponents have bits bits: at least twice the strength of the group
// (80 bits for group 2, 112 for 14, 128 for 15, 150 for 16, 170 for 17 and 190 for 18: SP 800-57 and
// RFC 3526 section 8), which is what the discrete logarithm of a short
// exponent costs.
type modp struct {
	p, g, order *big.Int
	last        *big.Int // p-1
	octets      int
	bits        int
}

func newMODP(p, g, order string, bits int) *modp {
	m := &modp{p: fromHex(p), g: fromHex(g), bits: bits}
	m.last = new(big.Int).Sub(m.p, big.NewInt(1))
	m.octets = (m.p.BitLen() + 7) / 8
	if order != "" {
		m.order = fromHex(order)
	}
	return m
}

// fromHex reads a constant of ours.
func fromHex(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("ipsec: bad constant " + s)
	}
	return n
}

func (m *modp) publicLen(bool) int { return m.octets }

func (m *modp) draw(rand io.Reader, _ bool, _ []byte) (secret, error) {
	b := make([]byte, m.bits/8)
	for range drawLimit {
		if _, err := io.ReadFull(rand, b); err != nil {
			return nil, err
		}
		if m.order == nil {
			b[0] |= 0x80 // every exponent has full length
		}
		x := new(big.Int).SetBytes(b)
		if m.order == nil || x.Sign() > 0 && x.Cmp(m.order) < 0 {
			return &modpSecret{m, x}, nil
		}
	}
	return nil, errDraws
}

var errDraws = errors.New("reader gives only unusable octets")

type modpSecret struct {
	*modp
	x *big.Int
}

func (s *modpSecret) public() []byte {
	y := new(big.Int).Exp(s.g, s.x, s.p)
	return y.FillBytes(make([]byte, s.octets))
}

var (
	errRange    = errors.New("not between 2 and p-2")
	errSubgroup = errors.New("outside the prime-order subgroup")
)

func (s *modpSecret) shared(peer []byte) ([]byte, error) {
	y := new(big.Int).SetBytes(peer)
	if y.Cmp(big.NewInt(1)) <= 0 || y.Cmp(s.last) >= 0 {
		return nil, errRange
	}
	// RFC 6989 section 2.2: elsewhere only p-1 has small order.
	if s.order != nil && new(big.Int).Exp(y, s.order, s.p).Cmp(big.NewInt(1)) != 0 {
		return nil, errSubgroup
	}
	return y.Exp(y, s.x, s.p).FillBytes(make([]byte, s.octets)), nil
}
