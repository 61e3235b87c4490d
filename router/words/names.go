package words

import (
	"fmt"
	"strconv"
	"strings"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

var encrNames = map[ipsec.EncrID]string{
	ipsec.EncrDES: "DES", ipsec.Encr3DES: "3DES", ipsec.EncrNULL: "NULL",
	ipsec.EncrAESCBC: "AES-CBC", ipsec.EncrAESCTR: "AES-CTR", ipsec.EncrAESGCM8: "AES-GCM-8", ipsec.EncrAESGCM12: "AES-GCM-12",
	ipsec.EncrAESGCM16: "AES-GCM", ipsec.EncrAESGMAC: "AES-GMAC", ipsec.EncrChaCha20Poly1305: "CHACHA20-POLY1305",
}

var prfNames = map[ipsec.PRFID]string{
	ipsec.PRFMD5: "MD5", ipsec.PRFSHA1: "SHA1", ipsec.PRFSHA256: "SHA256", ipsec.PRFSHA384: "SHA384", ipsec.PRFSHA512: "SHA512",
}

var integNames = map[ipsec.IntegID]string{
	ipsec.IntegNone: "None", ipsec.IntegMD5: "MD596", ipsec.IntegSHA1: "SHA96", ipsec.IntegSHA256: "SHA256",
	ipsec.IntegSHA384: "SHA384", ipsec.IntegSHA512: "SHA512",
}

var groupNames = map[ipsec.Group]string{
	1: "DH_GROUP_768_MODP/Group 1", 2: "DH_GROUP_1024_MODP/Group 2", 5: "DH_GROUP_1536_MODP/Group 5",
	14: "DH_GROUP_2048_MODP/Group 14", 15: "DH_GROUP_3072_MODP/Group 15", 16: "DH_GROUP_4096_MODP/Group 16",
	17: "DH_GROUP_6144_MODP/Group 17", 18: "DH_GROUP_8192_MODP/Group 18", 19: "DH_GROUP_256_ECP/Group 19", 20: "DH_GROUP_384_ECP/Group 20", 21: "DH_GROUP_521_ECP/Group 21",
	22: "DH_GROUP_1024_160_MODP/Group 22", 23: "DH_GROUP_2048_224_MODP/Group 23",
	24: "DH_GROUP_2048_256_MODP/Group 24", 31: "DH_GROUP_25519/Group 31",
}

var esnNames = map[uint16]string{0: "Don't use ESN", 1: "Use ESN"}

// notifyNames are the notifies that IOS shortens; the rest keep the RFC's name.
var notifyNames = map[wire.NotifyType]string{16394: "ESP_TFC_NO_SUPPORT", 16395: "NON_FIRST_FRAGS"}

// Unknown is how IOS prints a number that it has no name for.
func Unknown(n int) string { return "Unknown - " + strconv.Itoa(n) }

// Named looks a number up in a table of names.
func Named[K ~uint8 | ~uint16](names map[K]string, k K) string {
	if s, ok := names[k]; ok {
		return s
	}
	return Unknown(int(k))
}

// Encr is a cipher without its key size: "AES-CBC".
func Encr(id ipsec.EncrID) string { return Named(encrNames, id) }

// Integ is an integrity algorithm: "SHA96".
func Integ(id ipsec.IntegID) string { return Named(integNames, id) }

// PRF is a pseudorandom function: "SHA1".
func PRF(id ipsec.PRFID) string { return Named(prfNames, id) }

// mlkemNames are the key exchange methods that are no groups.
var mlkemNames = map[ipsec.Group]string{35: "ML-KEM-512", 36: "ML-KEM-768", 37: "ML-KEM-1024"}

// AddKE are additional key exchanges: "ML-KEM-768".
func AddKE(methods []ipsec.Group) string {
	names := make([]string, len(methods))
	for i, g := range methods {
		names[i] = Group(g)
	}
	return strings.Join(names, " ")
}

// Group is a key exchange group: "DH_GROUP_1024_MODP/Group 2", or another method: "ML-KEM-768".
func Group(g ipsec.Group) string {
	if name, ok := mlkemNames[g]; ok {
		return name
	}
	return Named(groupNames, g)
}

// EncrSized is a cipher with its key size: "AES-CBC-128", "3DES".
func EncrSized(e ipsec.Encr) string {
	if e.KeyBits == 0 {
		return Encr(e.ID)
	}
	return fmt.Sprintf("%s-%d", Encr(e.ID), e.KeyBits)
}

// Transform is the name in a proposal's dump; key sizes are not printed.
func Transform(t wire.Transform) string {
	switch t.Type {
	case wire.TypeEncr:
		return Encr(ipsec.EncrID(t.ID))
	case wire.TypePRF:
		return PRF(ipsec.PRFID(t.ID))
	case wire.TypeInteg:
		return Integ(ipsec.IntegID(t.ID))
	case wire.TypeDH:
		return Group(ipsec.Group(t.ID))
	case wire.TypeESN:
		return Named(esnNames, t.ID)
	}
	if t.Type > wire.TypeESN {
		return Group(ipsec.Group(t.ID))
	}
	return Unknown(int(t.ID))
}

// TransformSized is that name, with the size of a key that has one: "AES-CBC-256".
func TransformSized(t wire.Transform) string {
	if t.KeyBits == 0 {
		return Transform(t)
	}
	return fmt.Sprintf("%s-%d", Transform(t), t.KeyBits)
}

// Notify is the name of a notify message.
func Notify(t wire.NotifyType) string {
	if s, ok := notifyNames[t]; ok {
		return s
	}
	return t.String()
}

var espIntegNames = map[ipsec.IntegID]string{
	ipsec.IntegMD5: "esp-md5-hmac", ipsec.IntegSHA1: "esp-sha-hmac", ipsec.IntegSHA256: "esp-sha256-hmac",
	ipsec.IntegSHA384: "esp-sha384-hmac", ipsec.IntegSHA512: "esp-sha512-hmac",
}

// ESP is the transforms of an SA as screens write them: "esp-256-aes
// esp-sha-hmac".
func ESP(e ipsec.Encr, i ipsec.IntegID) string { return withHMAC(espName(e), i) }

// TypedESP is the transforms of an SA as they are typed, which is how debugs
// write them: "esp-aes 256 esp-sha-hmac".
func TypedESP(e ipsec.Encr, i ipsec.IntegID) string {
	text := espName(ipsec.Encr{ID: e.ID, KeyBits: 128})
	if e.KeyBits != 0 && e.KeyBits != 128 {
		text += fmt.Sprintf(" %d", e.KeyBits)
	}
	return withHMAC(text, i)
}

func withHMAC(text string, i ipsec.IntegID) string {
	if name, ok := espIntegNames[i]; ok {
		text += " " + name
	}
	return text
}

var espNames = map[ipsec.EncrID]string{
	ipsec.EncrDES: "esp-des", ipsec.Encr3DES: "esp-3des", ipsec.EncrNULL: "esp-null", ipsec.EncrAESCBC: "esp-aes", ipsec.EncrAESCTR: "esp-ctr",
	ipsec.EncrAESGCM8: "esp-gcm8", ipsec.EncrAESGCM12: "esp-gcm12", ipsec.EncrAESGCM16: "esp-gcm", ipsec.EncrAESGMAC: "esp-gmac",
	ipsec.EncrChaCha20Poly1305: "esp-chacha20-poly1305",
}

// espName is a cipher of ESP. AES-CBC has its key size in the middle.
func espName(e ipsec.Encr) string {
	name := Named(espNames, e.ID)
	switch {
	case e.KeyBits == 0 || e.KeyBits == 128:
		return name
	case e.ID == ipsec.EncrAESCBC:
		return fmt.Sprintf("esp-%d-aes", e.KeyBits)
	}
	return fmt.Sprintf("%s %d", name, e.KeyBits)
}
