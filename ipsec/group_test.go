package ipsec

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// secretWith is what an initiator makes of a public value.
func secretWith(k *KeyExchange, peer []byte) ([]byte, error) {
	k.Answered(peer)
	return k.Secret()
}

var allGroups = []Group{1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 31}

func TestBothEndsAgree(t *testing.T) {
	for _, g := range allGroups {
		require.True(t, g.Known())
		for seed := range byte(3) {
			a, err := g.Initiate(stream(2 * seed))
			require.NoError(t, err)
			require.Len(t, a.Public(), g.PublicLen())
			b, err := g.Respond(stream(2*seed+1), a.Public())
			require.NoError(t, err)
			a.Answered(b.Public())
			ab, err := a.Secret()
			require.NoError(t, err)
			ba, err := b.Secret()
			require.NoError(t, err)
			require.Equal(t, ab, ba, g)
			require.NotEqual(t, make([]byte, len(ab)), ab)
		}
	}
	require.False(t, Group(0).Known())
	require.False(t, Group(99).Known())
}

// TestPrimes checks the moduli: the numbers are prime and have their length,
// and safe where RFC 2409 and 3526 say so.
func TestPrimes(t *testing.T) {
	for g, bits := range map[Group]int{1: 768, 2: 1024, 5: 1536, 14: 2048, 15: 3072, 16: 4096} {
		require.Equal(t, bits/8, g.PublicLen())
		// A safe prime p: p-1 = 2q. Its public values 0, 1, p-1 and p are refused.
		k, err := g.Initiate(stream(1))
		require.NoError(t, err)
		p := modulus(t, g)
		require.Equal(t, bits, p.BitLen())
		require.True(t, p.ProbablyPrime(0), g)
		q := new(big.Int).Rsh(p, 1)
		require.True(t, q.ProbablyPrime(0), g)
		for _, bad := range []*big.Int{big.NewInt(0), big.NewInt(1), new(big.Int).Sub(p, big.NewInt(1)), p} {
			_, err := secretWith(k, bad.FillBytes(make([]byte, bits/8)))
			require.ErrorIs(t, err, ErrPublic, "group %v", g)
		}
	}
}

// modulus finds p from the outside: p-1 is the largest value below p, and the
// table has it.
func modulus(t *testing.T, g Group) *big.Int {
	t.Helper()
	m, ok := groups[g].(*modp)
	require.True(t, ok)
	return m.p
}

func TestPublicValuesAreChecked(t *testing.T) {
	for _, g := range allGroups {
		k, err := g.Initiate(stream(5))
		require.NoError(t, err)
		for _, n := range []int{0, 1, g.PublicLen() - 1, g.PublicLen() + 1} {
			_, err := secretWith(k, bytes.Repeat([]byte{3}, n))
			require.ErrorIs(t, err, ErrPublic, "group %v, %d octets", g, n)
		}
		_, err = secretWith(k, make([]byte, g.PublicLen()))
		require.ErrorIs(t, err, ErrPublic, "group %v, zero", g)
		_, err = secretWith(k, repeat(0xff, g.PublicLen()))
		if g != 31 { // X25519 takes any u but those of small order
			require.ErrorIs(t, err, ErrPublic, "group %v, all ones", g)
		}
	}
}

// RFC 5903 section 8.1: group 19.
func TestECPVector(t *testing.T) {
	k, err := Group(19).Initiate(bytes.NewReader(unhex(t, "C88F01F5 10D9AC3F 70A292DA A2316DE5 44E9AAB8 AFE84049 C62A9C57 862D1433")))
	require.NoError(t, err)
	require.Equal(t, unhex(t, `DAD0B653 94221CF9 B051E1FE CA5787D0 98DFE637 FC90B9EF 945D0C37 72581180
		5271A046 1CDB8252 D61F1C45 6FA3E59A B1F45B33 ACCF5F58 389E0577 B8990BB3`), k.Public())
	secret, err := secretWith(k, unhex(t, `D12DFB52 89C8D4F8 1208B702 70398C34 2296970A 0BCCB74C 736FC755 4494BF63
		56FBF3CA 366CC23E 8157854C 13C58D6A AC23F046 ADA30F83 53E74F33 039872AB`))
	require.NoError(t, err)
	require.Equal(t, unhex(t, "D6840F6B 42F6EDAF D13116E0 E1256520 2FEF8E9E CE7DCE03 812464D0 4B9442DE"), secret)
}

// RFC 7748 section 5.2: the first iteration, with 9 as scalar and as u.
func TestX25519Vector(t *testing.T) {
	nine := append([]byte{9}, make([]byte, 31)...)
	k, err := Group(31).Initiate(bytes.NewReader(nine))
	require.NoError(t, err)
	want := unhex(t, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
	require.Equal(t, want, k.Public())
	secret, err := secretWith(k, nine)
	require.NoError(t, err)
	require.Equal(t, want, secret)
}
