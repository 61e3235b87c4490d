package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/crypto"
)

// WiresharkIKE is a row of Wireshark's ikev2_decryption_table: the keys of an
// IKE SA, without a line end.
type WiresharkIKE struct{ Row string }

// WiresharkESP is a row of Wireshark's esp_sa table: the keys of one direction
// of a pair of ESP SAs, without a line end.
type WiresharkESP struct{ Row string }

// The names in Wireshark's tables (packet-isakmp.c, packet-ipsec.c). A row
// with any other name is refused when Wireshark starts.

var wiresharkIKEEncr = map[ipsec.Encr]string{
	{ID: ipsec.Encr3DES}:                   "3DES [RFC2451]",
	{ID: ipsec.EncrNULL}:                   "NULL [RFC2410]",
	{ID: ipsec.EncrAESCBC, KeyBits: 128}:   "AES-CBC-128 [RFC3602]",
	{ID: ipsec.EncrAESCBC, KeyBits: 192}:   "AES-CBC-192 [RFC3602]",
	{ID: ipsec.EncrAESCBC, KeyBits: 256}:   "AES-CBC-256 [RFC3602]",
	{ID: ipsec.EncrAESGCM16, KeyBits: 128}: "AES-GCM-128 with 16 octet ICV [RFC5282]",
	{ID: ipsec.EncrAESGCM16, KeyBits: 192}: "AES-GCM-192 with 16 octet ICV [RFC5282]",
	{ID: ipsec.EncrAESGCM16, KeyBits: 256}: "AES-GCM-256 with 16 octet ICV [RFC5282]",
}

var wiresharkIKEInteg = map[ipsec.IntegID]string{
	ipsec.IntegNone: "NONE [RFC4306]", ipsec.IntegMD5: "HMAC_MD5_96 [RFC2403]", ipsec.IntegSHA1: "HMAC_SHA1_96 [RFC2404]",
	ipsec.IntegSHA256: "HMAC_SHA2_256_128 [RFC4868]", ipsec.IntegSHA384: "HMAC_SHA2_384_192 [RFC4868]",
	ipsec.IntegSHA512: "HMAC_SHA2_512_256 [RFC4868]",
}

var wiresharkESPEncr = map[ipsec.EncrID]string{
	ipsec.EncrDES: "DES-CBC [RFC2405]", ipsec.Encr3DES: "TripleDES-CBC [RFC2451]", ipsec.EncrNULL: "NULL",
	ipsec.EncrAESCBC: "AES-CBC [RFC3602]", ipsec.EncrAESGCM16: "AES-GCM with 16 octet ICV [RFC4106]",
}

var wiresharkESPInteg = map[ipsec.IntegID]string{
	ipsec.IntegNone: "NULL", ipsec.IntegMD5: "HMAC-MD5-96 [RFC2403]", ipsec.IntegSHA1: "HMAC-SHA-1-96 [RFC2404]",
	ipsec.IntegSHA256: "HMAC-SHA-256-128 [RFC4868]", ipsec.IntegSHA384: "HMAC-SHA-384-192 [RFC4868]",
	ipsec.IntegSHA512: "HMAC-SHA-512-256 [RFC4868]",
}

// wiresharkIKE is the row of an IKE SA. Wireshark 4.0 knows no single DES in
// this table; such a row would make it refuse the file, so there is none.
func wiresharkIKE(k ikev2.Keys) (WiresharkIKE, bool) {
	encr, ok := wiresharkIKEEncr[k.Encr]
	if !ok {
		return WiresharkIKE{}, false
	}
	return WiresharkIKE{Row: fmt.Sprintf("%016x,%016x,%x,%x,%q,%x,%x,%q",
		k.SA.SPIi, k.SA.SPIr, k.EncrI, k.EncrR, encr, k.AuthI, k.AuthR, wiresharkIKEInteg[k.Integ])}, true
}

// wiresharkESP is the row of one direction. Addresses, SPI and keys are quoted
// and the SPI has its 0x, or the row never matches.
func wiresharkESP(p crypto.Params) WiresharkESP {
	key := func(b []byte) string {
		if len(b) == 0 {
			return ""
		}
		return fmt.Sprintf("0x%x", b)
	}
	return WiresharkESP{Row: fmt.Sprintf("%q,%q,%q,\"0x%08x\",%q,%q,%q,%q", family(p.Src), p.Src.String(), p.Dst.String(), uint32(p.SPI),
		wiresharkESPEncr[p.Encr.ID], key(p.EncrKey), wiresharkESPInteg[p.Integ], key(p.IntegKey))}
}

func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

// observeKeys tells the observer the keys of a new IKE SA.
func (r *Router) observeKeys(now time.Time, k ikev2.Keys) {
	if r.options.Observe == nil {
		return
	}
	if row, ok := wiresharkIKE(k); ok {
		r.observe(now, row)
	}
}

// observeChild tells the observer the keys of a new pair of ESP SAs.
func (r *Router) observeChild(now time.Time, c espPair) {
	if r.options.Observe == nil {
		return
	}
	r.observe(now, wiresharkESP(c.In))
	r.observe(now, wiresharkESP(c.Out))
}
