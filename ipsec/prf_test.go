package ipsec

import (
	"bytes"
	"crypto/hmac"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// vectorFile reads "name = hex" lines.
func vectorFile(t *testing.T, path string) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	out := map[string][]byte{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if ok && !strings.HasPrefix(line, "[") && name != "COUNT" {
			out[name] = unhex(t, value)
		}
	}
	return out
}

// RFC 7296 sections 2.14, 2.17 and 2.18 with the numbers of SP 800-135.
func TestKeyDerivation(t *testing.T) {
	v := vectorFile(t, "testdata/ikev2-kdf-sha1.txt")
	prf := PRFSHA1
	nonces := append(bytes.Clone(v["Ni"]), v["Nr"]...)

	skeyseed := prf.New().Sum(nonces, v["g^ir"])
	require.Equal(t, v["SKEYSEED"], skeyseed)

	seed := bytes.Join([][]byte{nonces, v["SPIi"], v["SPIr"]}, nil)
	dkm := prf.New().Plus(len(v["DKM"]), skeyseed, seed)
	require.Equal(t, v["DKM"], dkm)

	skD := dkm[:prf.KeyLen()]
	require.Equal(t, v["DKM(Child SA)"], prf.New().Plus(len(v["DKM(Child SA)"]), skD, nonces))
	withDH := append(bytes.Clone(v["g^ir (new)"]), nonces...)
	require.Equal(t, v["DKM(Child SA D-H)"], prf.New().Plus(len(v["DKM(Child SA D-H)"]), skD, withDH))
	require.Equal(t, v["SKEYSEED(Rekey)"], prf.New().Sum(skD, v["g^ir (new)"], nonces))
}

func TestPlusLimits(t *testing.T) {
	for _, p := range []PRFID{PRFMD5, PRFSHA1, PRFSHA256, PRFSHA384, PRFSHA512} {
		long := p.New().Plus(255*p.KeyLen(), []byte("k"), []byte("seed"))
		require.Len(t, long, 255*p.KeyLen())
		for _, n := range []int{0, 1, p.KeyLen(), p.KeyLen() + 1} {
			require.Equal(t, long[:n], p.New().Plus(n, []byte("k"), []byte("seed")), "%v, %d octets", p, n)
		}
		// T1 = prf(K, S | 0x01), T255 ends with the counter 0xff.
		require.Equal(t, p.New().Sum([]byte("k"), []byte("seed"), []byte{1}), long[:p.KeyLen()])
		t254 := long[253*p.KeyLen() : 254*p.KeyLen()]
		require.Equal(t, p.New().Sum([]byte("k"), t254, []byte("seed"), []byte{255}), long[254*p.KeyLen():])
		require.Panics(t, func() { p.New().Plus(255*p.KeyLen()+1, nil, nil) })
	}
}

// hmacCase is a test case of RFC 2202 or RFC 4231: outputs by PRF.
type hmacCase struct {
	name      string
	key, data []byte
	out       map[PRFID]string
}

func hmacCases() []hmacCase {
	counting := make([]byte, 25)
	for i := range counting {
		counting[i] = byte(i + 1)
	}
	jefe, want := []byte("Jefe"), []byte("what do ya want for nothing?")
	long := []byte("Test Using Larger Than Block-Size Key - Hash Key First")
	longer := []byte("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data")
	return []hmacCase{
		{"2202 2 case 1", repeat(0x0b, 16), []byte("Hi There"), map[PRFID]string{PRFMD5: "9294727a3638bb1c13f48ef8158bfc9d"}},
		{"2202 2 case 3", repeat(0xaa, 16), repeat(0xdd, 50), map[PRFID]string{PRFMD5: "56be34521d144c88dbb8c733f0e8b3f6"}},
		{"case 1", repeat(0x0b, 20), []byte("Hi There"), map[PRFID]string{
			PRFSHA1:   "b617318655057264e28bc0b6fb378c8ef146be00",
			PRFSHA256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
			PRFSHA384: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
			PRFSHA512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"}},
		{"case 2", jefe, want, map[PRFID]string{
			PRFMD5:    "750c783e6ab0b503eaa86e310a5db738",
			PRFSHA1:   "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
			PRFSHA256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
			PRFSHA384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
			PRFSHA512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"}},
		{"case 3", repeat(0xaa, 20), repeat(0xdd, 50), map[PRFID]string{
			PRFSHA1:   "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
			PRFSHA256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
			PRFSHA384: "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
			PRFSHA512: "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"}},
		{"case 4", counting, repeat(0xcd, 50), map[PRFID]string{
			PRFMD5:  "697eaf0aca3a3aea3a75164746ffaa79",
			PRFSHA1: "4c9007f4026250c6bc8414f9bf50c86c2d7235da"}},
		{"2202 case 6", repeat(0xaa, 80), long, map[PRFID]string{
			PRFMD5:  "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
			PRFSHA1: "aa4ae5e15272d00e95705637ce8a3b55ed402112"}},
		{"2202 case 7", repeat(0xaa, 80), longer, map[PRFID]string{
			PRFMD5:  "6f630fad67cda0ee1fb1f562db3aa53e",
			PRFSHA1: "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"}},
	}
}

func TestHMACVectors(t *testing.T) {
	integs := map[PRFID]IntegID{PRFMD5: IntegMD5, PRFSHA1: IntegSHA1, PRFSHA256: IntegSHA256,
		PRFSHA384: IntegSHA384, PRFSHA512: IntegSHA512}
	for _, c := range hmacCases() {
		for prf, out := range c.out {
			t.Run(fmt.Sprintf("%s %v", c.name, prf), func(t *testing.T) {
				want := unhex(t, out)
				require.Equal(t, want, prf.New().Sum(c.key, c.data))
				// The integrity transform is the same function, truncated, and
				// gives the same again.
				i := integs[prf]
				x := Cipher{integ: i, macKey: c.key, expanded: &expanded{}, icv: i.ICVLen()}
				for range 3 {
					require.Equal(t, want[:i.ICVLen()], x.tag(c.data, nil))
				}
				require.True(t, hmac.Equal(want[:i.ICVLen()], x.tag(c.data, nil)))
			})
		}
	}
}
