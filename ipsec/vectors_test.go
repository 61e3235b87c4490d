package ipsec

import (
	"bytes"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// RFC 3602 section 4, cases 1 and 2.
func TestAESCBCVectors(t *testing.T) {
	for _, c := range []struct{ key, iv, plain, cipher string }{
		{"06a9214036b8a15b512e03d534120006", "3dafba429d9eb430b422da802c9fac41",
			"53696e676c6520626c6f636b206d7367", "e353779c1079aeb82708942dbe77181a"},
		{"c286696d887c9aa0611bbb3e2025a45a", "562e17996d093d28ddb3ba695a2e6f58",
			"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
			"d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"},
	} {
		x, err := NewCipher(Encr{EncrAESCBC, 128}, IntegNone, unhex(t, c.key), nil)
		require.NoError(t, err)
		requireSealed(t, &x, nil, c.iv, c.plain, c.cipher)
	}
}

// requireSealed wants x to turn plain into sealed and back.
func requireSealed(t *testing.T, x *Cipher, header []byte, iv, plain, sealed string) {
	t.Helper()
	pkt := bytes.Join([][]byte{header, unhex(t, iv), unhex(t, plain), make([]byte, x.ICVLen())}, nil)
	x.Seal(pkt, len(header))
	require.Equal(t, unhex(t, sealed), pkt[len(header)+x.IVLen():])
	got, err := x.Open(nil, pkt, len(header))
	require.NoError(t, err)
	require.Equal(t, unhex(t, plain), got)
}

// FIPS 81 table C1 (DES), and the first block of NIST SP 800-67 appendix B.1 (3DES with
// three keys), which a vector of zero makes one of CBC.
func TestDESVectors(t *testing.T) {
	for name, c := range map[string]struct {
		encr                   Encr
		key, iv, plain, cipher string
	}{
		"DES": {Encr{ID: EncrDES}, "0123456789abcdef", "1234567890abcdef",
			"4e6f77206973207468652074696d6520666f7220616c6c20", "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
		"3DES, one key": {Encr{ID: Encr3DES}, "0123456789abcdef0123456789abcdef0123456789abcdef", "1234567890abcdef",
			"4e6f77206973207468652074696d6520666f7220616c6c20", "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
		"3DES": {Encr{ID: Encr3DES}, "0123456789abcdef23456789abcdef01456789abcdef0123", "0000000000000000", "5468652071756663", "a826fd8ce53b855f"},
	} {
		x, err := NewCipher(c.encr, IntegSHA1, unhex(t, c.key), make([]byte, IntegSHA1.KeyLen()))
		require.NoError(t, err, name)
		iv, plain := unhex(t, c.iv), unhex(t, c.plain)
		pkt := append(append(append([]byte(nil), iv...), plain...), make([]byte, x.ICVLen())...)
		x.Seal(pkt, 0)
		require.Equal(t, unhex(t, c.cipher), pkt[len(iv):len(iv)+len(plain)], name)
		got, err := x.Open(nil, pkt, 0)
		require.NoError(t, err, name)
		require.Equal(t, plain, got, name)
	}
}

// draft-mcgrew-gcm-test-01, cases 1 (extended sequence number) and 2: RFC 4106's layout.
func TestGCMVectors(t *testing.T) {
	for _, c := range []struct{ key, header, iv, plain, sealed string }{
		{"4C80CDEFBB5D10DA906AC73C3613A634 2E443B68", "00004321 87654321 00000000", "4956ED7E3B244CFE",
			`45000048 699A0000 80114DB7 C0A80102 C0A80101 0A9BF156 38D30100 00010000 00000000 045F7369 70045F75
			6470 0373 69700963 79626572 63697479 02646B00 00210001 01020201`,
			`FECF537E 729D5B07 DC30DF52 8DD22B76 8D1B9873 6696A6FD 348509FA 13CEAC34 CFA2436F 14A3F3CF 65925BF1
			F4A13C5D 15B21E18 84F5FF62 47AEABB7 86B93BCE 61BC17D7 68FD9732 45901814 8F6CBE72 2FD04796 562DFDB4`},
		{"FEFFE992 8665731C 6D6A8F94 67308308 CAFEBABE", "0000A5F8 0000000A", "FACEDBADDECAF888",
			`4500003E 698F0000 80114DCC C0A80102 C0A80101 0A980035 002A2343 B2D00100 00010000 00000000 03736970
			09637962 65726369 74790264 6B000001 00010001`,
			`DEB22CD9 B07C72C1 6E3A65BE EB8DF304 A5A5897D 33AE530F 1BA76D5D 114D2A5C 3DE81827 C10E9A4F 51330D0E
			EC416642 CFBB85A5 B47E48A4 EC3B9BA9 5D918BD1 83B70D3A A8BC6EE4 C309E9D8 5A41AD4A`},
	} {
		x, err := NewCipher(Encr{EncrAESGCM16, 128}, IntegNone, unhex(t, c.key), nil)
		require.NoError(t, err)
		header := unhex(t, c.header)
		requireSealed(t, &x, header, c.iv, c.plain, c.sealed)
		if len(header) == 12 { // the same with the upper half of the number not sent
			pkt := bytes.Join([][]byte{header[:4], header[8:], unhex(t, c.iv), unhex(t, c.plain), make([]byte, x.ICVLen())}, nil)
			x.SealWith(pkt, 8, header[4:8])
			require.Equal(t, unhex(t, c.sealed), pkt[8+x.IVLen():])
			got, err := x.OpenWith(nil, pkt, 8, header[4:8])
			require.NoError(t, err)
			require.Equal(t, unhex(t, c.plain), got)
		}
	}
}

// wycheCase is a line of testdata/wycheproof.txt.
type wycheCase struct {
	kind, name string
	valid      bool
	flags      string
	v          [][]byte
}

func wycheproof(t *testing.T) []wycheCase {
	t.Helper()
	text, err := os.ReadFile("testdata/wycheproof.txt")
	require.NoError(t, err)
	var out []wycheCase
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		c := wycheCase{kind: f[0], name: strings.Join(f[:3], " "), valid: f[2] != "invalid"}
		values := f[3:]
		if c.kind == "31" {
			c.flags, values = f[6], f[3:6]
		}
		for _, s := range values {
			c.v = append(c.v, unhex(t, strings.Trim(s, "-")))
		}
		out = append(out, c)
	}
	return out
}

func TestWycheproof(t *testing.T) {
	check := map[string]func(*testing.T, wycheCase){
		"gcm": wycheAEAD, "chacha20": wycheAEAD, "gmac": wycheGMAC, "sha1": wycheHMAC, "sha256": wycheHMAC, "sha384": wycheHMAC, "sha512": wycheHMAC,
		"19": wycheDH, "20": wycheDH, "21": wycheDH, "31": wycheDH,
	}
	count := map[string]int{}
	for _, c := range wycheproof(t) {
		count[c.kind]++
		t.Run(c.name, func(t *testing.T) { check[c.kind](t, c) })
	}
	require.Len(t, count, len(check))
}

func wycheAEAD(t *testing.T, c wycheCase) {
	key, nonce, header, plain := c.v[0], c.v[1], c.v[2], c.v[3]
	e := Encr{EncrAESGCM16, uint16(8 * len(key))}
	if c.kind == "chacha20" {
		e = Encr{ID: EncrChaCha20Poly1305}
	}
	x, err := NewCipher(e, IntegNone, append(key, nonce[:saltLen]...), nil)
	require.NoError(t, err)
	pkt := bytes.Join([][]byte{header, nonce[saltLen:], c.v[4], c.v[5]}, nil)
	got, err := x.Open(nil, pkt, len(header))
	if !c.valid {
		require.ErrorIs(t, err, ErrIntegrity)
		return
	}
	require.NoError(t, err)
	require.True(t, bytes.Equal(plain, got))
	again := bytes.Join([][]byte{header, nonce[saltLen:], plain, make([]byte, x.ICVLen())}, nil)
	x.Seal(again, len(header))
	require.Equal(t, pkt, again)
}

func wycheGMAC(t *testing.T, c wycheCase) {
	key, nonce, message, tag := c.v[0], c.v[1], c.v[2], c.v[3]
	got := newAEAD(Encr{EncrAESGMAC, uint16(8 * len(key))}, key).Seal(nil, nonce, nil, message)
	require.Equal(t, c.valid, bytes.Equal(tag, got))
}

func wycheHMAC(t *testing.T, c wycheCase) {
	prf := map[string]PRFID{"sha1": PRFSHA1, "sha256": PRFSHA256, "sha384": PRFSHA384, "sha512": PRFSHA512}[c.kind]
	tag := c.v[2]
	require.Equal(t, c.valid, bytes.Equal(tag, prf.New().Sum(c.v[0], c.v[1])[:len(tag)]))
}

func wycheDH(t *testing.T, c wycheCase) {
	g := map[string]Group{"19": 19, "20": 20, "21": 21, "31": 31}[c.kind]
	k, err := g.Initiate(bytes.NewReader(c.v[0]))
	require.NoError(t, err)
	shared, err := secretWith(k, c.v[1])
	if !c.valid || strings.Contains(c.flags, "ZeroSharedSecret") { // RFC 7748 section 6.1
		require.ErrorIs(t, err, ErrPublic)
		return
	}
	require.NoError(t, err)
	require.Equal(t, c.v[2], shared)
}

// TestPrimesFromPi computes the moduli as RFC 2409 section 6 and RFC 3526 give
// them: 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) pi) + c).
func TestPrimesFromPi(t *testing.T) {
	const guard = 64
	pi := piTimes(8192 + guard)
	for g, c := range map[Group]int64{1: 149686, 2: 129093, 5: 741804, 14: 124476, 15: 1690314, 16: 240904, 17: 929484, 18: 4743158} {
		n := uint(8 * g.PublicLen())
		power := func(bits uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), bits) }
		p := new(big.Int).Rsh(pi, 8192+guard-(n-130))
		p.Add(p, big.NewInt(c)).Lsh(p, 64)
		p.Add(p, power(n)).Sub(p, power(n-64)).Sub(p, big.NewInt(1))
		require.Zero(t, p.Cmp(modulus(t, g)), g)
	}
}

// piTimes is pi * 2^bits, with an error in the last few bits (Machin:
// pi = 16 arctan 1/5 - 4 arctan 1/239).
func piTimes(bits uint) *big.Int {
	arctan := func(x int64) *big.Int {
		sum, power, sign := new(big.Int), new(big.Int).Lsh(big.NewInt(1), bits), int64(1)
		power.Quo(power, big.NewInt(x))
		for n := int64(1); power.Sign() != 0; n += 2 {
			sum.Add(sum, new(big.Int).Quo(power, big.NewInt(sign*n)))
			power.Quo(power, big.NewInt(x*x))
			sign = -sign
		}
		return sum
	}
	a, b := arctan(5), arctan(239)
	return a.Sub(a.Lsh(a, 4), b.Lsh(b, 2))
}

// TestSubgroups: the generators have the small prime order (RFC 5114 section 2),
// and a public value outside that subgroup is refused (RFC 6989 section 2.2).
func TestSubgroups(t *testing.T) {
	for g, bits := range map[Group][]int{22: {1024, 160}, 23: {2048, 224}, 24: {2048, 256}} {
		m := groups[g].(*modp)
		require.True(t, m.p.ProbablyPrime(0) && m.order.ProbablyPrime(8))
		require.Equal(t, bits, []int{m.p.BitLen(), m.order.BitLen()})
		require.Zero(t, new(big.Int).Mod(m.last, m.order).Sign())
		require.Zero(t, new(big.Int).Exp(m.g, m.order, m.p).Cmp(big.NewInt(1)))
		k, err := g.Initiate(stream(1))
		require.NoError(t, err)
		_, err = secretWith(k, big.NewInt(2).FillBytes(make([]byte, g.PublicLen())))
		require.ErrorIs(t, err, errSubgroup)
		require.ErrorIs(t, err, ErrPublic)
	}
}
