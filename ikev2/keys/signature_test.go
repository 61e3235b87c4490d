package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

func stream(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func made(t testing.TB, name string) *PrivateKey {
	var k *PrivateKey
	var err error
	switch name {
	case "rsa":
		k, err = GenerateRSA(1024, stream(1))
	case "p256":
		k, err = GenerateEC(256, stream(2))
	case "p384":
		k, err = GenerateEC(384, stream(3))
	case "p521":
		k, err = GenerateEC(521, stream(4))
	case "ed25519":
		k, err = GenerateEd25519(stream(5))
	}
	require.NoError(t, err)
	return k
}

// TestKeysAreDrawn: the same stream gives the same key, which is read back from PKCS #8.
func TestKeysAreDrawn(t *testing.T) {
	for _, name := range []string{"rsa", "p256", "p384", "p521", "ed25519"} {
		a, b := made(t, name), made(t, name)
		require.Equal(t, a.PKCS8(), b.PKCS8(), name)
		c, err := ParsePrivateKey(a.PKCS8())
		require.NoError(t, err)
		require.Equal(t, a.Kind(), c.Kind())
		require.Equal(t, a.Public(), c.Public())
	}
	_, err := GenerateRSA(512, stream(1))
	require.ErrorIs(t, err, ErrKey)
	_, err = GenerateEC(255, stream(1))
	require.ErrorIs(t, err, ErrKey)
	_, err = ParsePrivateKey([]byte("no key"))
	require.ErrorIs(t, err, ErrKey)
}

// TestSignatures: what each kind of key makes for a peer of each kind verifies, is the same each
// time, and does not verify when anything changes.
func TestSignatures(t *testing.T) {
	octets, salt := []byte("message, nonce and prf"), make([]byte, 64)
	for _, c := range []struct {
		key       string
		announced []uint16
		pss       bool
		want      Scheme
		none      bool
	}{
		{"rsa", nil, false, Scheme{wire.AuthRSASignature, KindRSA, crypto.SHA1, false}, false},
		{"p256", nil, false, Scheme{wire.AuthECDSA256, KindECDSA, crypto.SHA256, false}, false},
		{"p384", nil, false, Scheme{wire.AuthECDSA384, KindECDSA, crypto.SHA384, false}, false},
		{"p521", nil, false, Scheme{wire.AuthECDSA521, KindECDSA, crypto.SHA512, false}, false},
		{"ed25519", nil, false, Scheme{}, true},
		{"rsa", nil, true, Scheme{}, true},
		{"rsa", []uint16{1, 2}, false, Scheme{wire.AuthDigital, KindRSA, crypto.SHA256, false}, false},
		{"rsa", []uint16{1}, false, Scheme{wire.AuthDigital, KindRSA, crypto.SHA1, false}, false},
		{"rsa", []uint16{3}, true, Scheme{wire.AuthDigital, KindRSA, crypto.SHA384, true}, false},
		{"rsa", []uint16{4, 2}, true, Scheme{wire.AuthDigital, KindRSA, crypto.SHA256, true}, false},
		{"p256", []uint16{2, 3, 4}, false, Scheme{wire.AuthDigital, KindECDSA, crypto.SHA256, false}, false},
		{"p384", []uint16{2, 3, 4}, false, Scheme{wire.AuthDigital, KindECDSA, crypto.SHA384, false}, false},
		{"p521", []uint16{2, 3, 4}, false, Scheme{wire.AuthDigital, KindECDSA, crypto.SHA512, false}, false},
		{"ed25519", []uint16{2, 5}, false, Scheme{wire.AuthDigital, KindEd25519, 0, false}, false},
		{"ed25519", []uint16{2}, false, Scheme{}, true},
		{"rsa", []uint16{99}, false, Scheme{}, true},
	} {
		t.Run(fmt.Sprint(c.key, c.announced, c.pss), func(t *testing.T) {
			k := made(t, c.key)
			s, ok := SchemeFor(k, c.announced, c.pss)
			require.Equal(t, !c.none, ok)
			if c.none {
				return
			}
			require.Equal(t, c.want, s)
			sign := &Signing{Key: k, Scheme: s, Octets: octets, Salt: salt}
			r := Job{Signing: sign}.Run()
			require.NoError(t, r.Err)
			require.Equal(t, r, Job{Signing: sign}.Run(), "the same octets each time")
			got, err := VerifySignature(k.Public(), s.Method, r.Octets, octets)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			_, err = VerifySignature(k.Public(), s.Method, r.Octets, []byte("another"))
			require.ErrorIs(t, err, ErrSignature)
			for i := range r.Octets {
				bad := append([]byte{}, r.Octets...)
				bad[i] ^= 1
				_, err = VerifySignature(k.Public(), s.Method, bad, octets)
				require.Error(t, err, "octet %d", i)
			}
			for _, other := range []string{"rsa", "p256", "p384", "p521", "ed25519"} {
				if other != c.key {
					_, err = VerifySignature(made(t, other).Public(), s.Method, r.Octets, octets)
					require.Error(t, err)
				}
			}
		})
	}
}

// TestAlgorithmIdentifiers compares with RFC 7427 appendix A and RFC 8420 appendix A.
func TestAlgorithmIdentifiers(t *testing.T) {
	for _, c := range []struct {
		s   Scheme
		der string
	}{
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA1, false}, "300d06092a864886f70d0101050500"},
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA256, false}, "300d06092a864886f70d01010b0500"},
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA384, false}, "300d06092a864886f70d01010c0500"},
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA512, false}, "300d06092a864886f70d01010d0500"},
		{Scheme{wire.AuthDigital, KindECDSA, crypto.SHA1, false}, "300906072a8648ce3d0401"},
		{Scheme{wire.AuthDigital, KindECDSA, crypto.SHA256, false}, "300a06082a8648ce3d040302"},
		{Scheme{wire.AuthDigital, KindECDSA, crypto.SHA384, false}, "300a06082a8648ce3d040303"},
		{Scheme{wire.AuthDigital, KindECDSA, crypto.SHA512, false}, "300a06082a8648ce3d040304"},
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA1, true}, "300d06092a864886f70d01010a3000"},
		{Scheme{wire.AuthDigital, KindRSA, crypto.SHA256, true}, "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"},
		{Scheme{wire.AuthDigital, KindEd25519, 0, false}, "300506032b6570"},
	} {
		require.Equal(t, c.der, hex.EncodeToString(c.s.algorithm()))
		data := append([]byte{byte(len(c.s.algorithm()))}, c.s.algorithm()...)
		s, rest, ok := readAlgorithm(append(data, 1, 2, 3))
		require.True(t, ok)
		require.Equal(t, c.s, s)
		require.Equal(t, []byte{1, 2, 3}, rest)
	}
	// What peers may send as well: A.4.2 and A.4.3 as they stand there, with the trailer field.
	for text, want := range map[string]crypto.Hash{
		"303e06092a864886f70d01010a3031a00b300906052b0e03021a0500a118301606092a864886f70d010108300906052b0e03021a0500a203020114a303020101":                 crypto.SHA1,
		"304606092a864886f70d01010a3039a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120a303020101": crypto.SHA256,
	} {
		octets, err := hex.DecodeString(text)
		require.NoError(t, err)
		s, _, ok := readAlgorithm(append([]byte{byte(len(octets))}, octets...))
		require.True(t, ok)
		require.Equal(t, Scheme{wire.AuthDigital, KindRSA, want, true}, s)
	}
}

// A peer may sign by method 1 with another hash than SHA-1: "implementations ... SHOULD use SHA-1 as the
// default hash function" (RFC 7296 3.8), and some do not.
func TestOtherHashesOfMethod1(t *testing.T) {
	k, octets := made(t, "rsa"), []byte("octets")
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		made := Scheme{Method: wire.AuthRSASignature, Kind: KindRSA, Hash: h}
		r := Job{Signing: &Signing{Key: k, Scheme: made, Octets: octets}}.Run()
		s, err := VerifySignature(k.Public(), wire.AuthRSASignature, r.Octets, octets)
		require.NoError(t, err)
		require.Equal(t, made, s)
		_, err = VerifySignature(k.Public(), wire.AuthRSASignature, r.Octets, []byte("others"))
		require.ErrorIs(t, err, ErrSignature)
	}
}

// "For hash truncation, the method specified in ANSI X9.62:2005 [X9.62] MUST be used." (RFC 7427 3) The
// leftmost bits of a hash that is longer than the curve's order are signed.
func TestHashesAreTruncated(t *testing.T) {
	k, octets := made(t, "p256"), []byte("octets")
	s, ok := SchemeFor(k, []uint16{4}, false)
	require.True(t, ok)
	require.Equal(t, Scheme{wire.AuthDigital, KindECDSA, crypto.SHA512, false}, s)
	r := Job{Signing: &Signing{Key: k, Scheme: s, Octets: octets}}.Run()
	sum := sha512.Sum512(octets)
	sig := r.Octets[1+len(s.algorithm()):]
	require.True(t, ecdsa.VerifyASN1(k.Public().(*ecdsa.PublicKey), sum[:32], sig))
	require.False(t, ecdsa.VerifyASN1(k.Public().(*ecdsa.PublicKey), sum[32:], sig))
	_, err := VerifySignature(k.Public(), wire.AuthDigital, r.Octets, octets)
	require.NoError(t, err)
}

// FuzzVerifySignature: whatever stands in AUTH is judged without a panic, and nothing but what
// the key has signed verifies.
func FuzzVerifySignature(f *testing.F) {
	var all []*PrivateKey
	octets := []byte("octets")
	good := map[string]bool{}
	for _, name := range []string{"rsa", "p256", "p521", "ed25519"} {
		k := made(f, name)
		all = append(all, k)
		for _, announced := range [][]uint16{nil, HashNumbers} {
			if s, ok := SchemeFor(k, announced, false); ok {
				r := Job{Signing: &Signing{Key: k, Scheme: s, Octets: octets}}.Run()
				good[string(r.Octets)] = true
				f.Add(byte(s.Method), r.Octets)
			}
		}
	}
	f.Fuzz(func(t *testing.T, method byte, data []byte) {
		for _, k := range all {
			if _, err := VerifySignature(k.Public(), wire.AuthMethod(method), data, octets); err == nil && k.Kind() != KindECDSA && k.Kind() != KindRSA {
				require.True(t, good[string(data)])
			}
		}
	})
}
