package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(slices.Concat(parts...))
	return h.Sum(nil)
}

var nonces = Nonces{I: []byte("initiator's nonce"), R: []byte("a nonce of the responder")}

// "SKEYSEED = prf(Ni | Nr, g^ir)" and "{SK_d | SK_ai | SK_ar | SK_ei | SK_er |
// SK_pi | SK_pr} = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr)" (RFC 7296, section 2.14)
func TestDerive(t *testing.T) {
	seed := Seed(ipsec.PRFSHA256.New(), nonces, []byte("g^ir"))
	require.Equal(t, mac(slices.Concat(nonces.I, nonces.R), []byte("g^ir")), seed)
	k := Derive(ipsec.PRFSHA256.New(), ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA256, seed, nonces, 1, 2)
	info := slices.Concat(nonces.I, nonces.R, []byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2})
	t1 := mac(seed, info, []byte{1})
	t2 := mac(seed, t1, info, []byte{2})
	require.Equal(t, t1, k.D(), "the first 32 octets of prf+")
	require.Equal(t, t2, k.AI(), "the next")
	require.Len(t, k.EI(), 16)
	require.Len(t, k.PR(), 32)
	require.Equal(t, mac(k.D(), []byte("new"), nonces.I, nonces.R), RekeySeed(ipsec.PRFSHA256.New(), k.D(), []byte("new"), nonces))
}

// "KEYMAT = prf+(SK_d, Ni | Nr)" (RFC 7296, section 2.17)
func TestChild(t *testing.T) {
	out, in := Child(ipsec.PRFSHA256.New(), []byte("SK_d"), ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, nil, nonces)
	first := mac([]byte("SK_d"), nonces.I, nonces.R, []byte{1})
	require.Equal(t, first[:16], out.Encr)
	require.Equal(t, first[16:32], out.Integ[:16])
	require.Len(t, in.Integ, 20)
}

// "AUTH = prf( prf(Shared Secret, "Key Pad for IKEv2"), <InitiatorSignedOctets>)"
// (RFC 7296, section 2.15)
func TestSharedKey(t *testing.T) {
	s := Signed{PRF: ipsec.PRFSHA256.New(), Message: []byte("message 1"), Nonce: nonces.R, SKp: []byte("SK_pi"), IDType: 2, ID: []byte("r1")}
	want := mac(mac([]byte("cisco"), []byte("Key Pad for IKEv2")), s.Message, s.Nonce, mac(s.SKp, []byte{2, 0, 0, 0}, s.ID))
	require.Equal(t, want, s.SharedKey([]byte("cisco")))
}

// TestJob: a job computes from what it holds, a wait nothing.
func TestJob(t *testing.T) {
	require.Equal(t, Result{}, Job{}.Run())
	a, err := ipsec.Group(19).Initiate(zero{1})
	require.NoError(t, err)
	b, err := ipsec.Group(19).Respond(zero{2}, Job{Exchange: a}.Run().Octets)
	require.NoError(t, err)
	a.Answered(Job{Exchange: b}.Run().Octets)
	one, two := Job{Exchange: a, Secret: true}.Run(), Job{Exchange: b, Secret: true}.Run()
	require.NoError(t, one.Err)
	require.Equal(t, one.Octets, two.Octets)
	a.Answered([]byte{1})
	require.Error(t, Job{Exchange: a, Secret: true}.Run().Err)
}

type zero [1]byte

func (z zero) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = z[0]
	}
	return len(b), nil
}
