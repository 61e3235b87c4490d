package router

import (
	"fmt"
	"net/netip"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/record"
)

// WiresharkSA names an IKE SA, by both its SPIs, or a pair, by the one that its
// device receives on, among those of a device.
type WiresharkSA struct{ spiI, spiR uint64 }

func ikeName(r ikev2.Ref) WiresharkSA { return WiresharkSA{r.SPIi, r.SPIr} }

func espName(in ipsec.SPI) WiresharkSA { return WiresharkSA{spiR: uint64(in)} } // an initiator's SPI is not zero

// KeyChange is what a record says of keys.
type KeyChange uint8

// What it may say.
const (
	NoKeys KeyChange = iota
	KeysBegin
	KeysEnd
)

// WiresharkKeys is what a record says of the keys of an SA or pair.
func WiresharkKeys(b record.Body) (sa WiresharkSA, what KeyChange) {
	switch b := b.(type) {
	case ikev2.Keys:
		return ikeName(b.SA), KeysBegin
	case ikev2.SADown:
		return ikeName(b.SA), KeysEnd
	case ikev2.AddChild:
		return espName(b.In.SPI), KeysBegin
	case ikev2.DeleteChild:
		return espName(b.In), KeysEnd
	}
	return WiresharkSA{}, NoKeys
}

// WiresharkSecrets are the keys that a record tells of: all that rows are made from.
type WiresharkSecrets struct {
	ike *ikev2.Keys
	esp *pairSecrets
}

// pairSecrets are those of a pair.
type pairSecrets struct {
	in, out     ikev2.Half
	local, peer netip.Addr // invalid: a NAT gives them other addresses on the way
	encr        ipsec.Encr
	integ       ipsec.IntegID
	esn         bool
}

// WiresharkSecretsOf are those of a record by which keys begin.
func WiresharkSecretsOf(b record.Body) (s WiresharkSecrets) {
	switch b := b.(type) {
	case ikev2.Keys:
		s.ike = &b
	case ikev2.AddChild:
		s.esp = &pairSecrets{in: b.In, out: b.Out, encr: b.Encr, integ: b.Integ, esn: b.ESN}
		if !b.UDP {
			s.esp.local, s.esp.peer = b.LocalEnd.Addr(), b.Peer.Addr()
		}
	}
	return s
}

// WiresharkRows are the rows of ikev2_decryption_table and esp_sa, without line
// ends. Both ends of an SA tell the same.
func WiresharkRows(s WiresharkSecrets) (ike, esp []string) {
	if s.ike != nil {
		if row, ok := wiresharkIKE(*s.ike); ok {
			ike = []string{row}
		}
	}
	if p := s.esp; p != nil {
		if _, ok := wiresharkESPEncr[p.encr.ID]; ok {
			esp = []string{wiresharkESP(p, p.in, p.peer, p.local), wiresharkESP(p, p.out, p.local, p.peer)}
		}
	}
	return ike, esp
}

// The names in Wireshark's tables (packet-isakmp.c, packet-ipsec.c). A row
// with any other name is refused when Wireshark starts.

var wiresharkIKEEncr = map[ipsec.Encr]string{
	{ID: ipsec.Encr3DES}:                   "3DES [RFC2451]",
	{ID: ipsec.EncrNULL}:                   "NULL [RFC2410]",
	{ID: ipsec.EncrAESCBC, KeyBits: 128}:   "AES-CBC-128 [RFC3602]",
	{ID: ipsec.EncrAESCBC, KeyBits: 192}:   "AES-CBC-192 [RFC3602]",
	{ID: ipsec.EncrAESCBC, KeyBits: 256}:   "AES-CBC-256 [RFC3602]",
	{ID: ipsec.EncrAESCTR, KeyBits: 128}:   "AES-CTR-128 [RFC5930]",
	{ID: ipsec.EncrAESCTR, KeyBits: 192}:   "AES-CTR-192 [RFC5930]",
	{ID: ipsec.EncrAESCTR, KeyBits: 256}:   "AES-CTR-256 [RFC5930]",
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
	ipsec.EncrAESCBC: "AES-CBC [RFC3602]", ipsec.EncrAESCTR: "AES-CTR [RFC3686]", ipsec.EncrAESGCM8: "AES-GCM with 8 octet ICV [RFC4106]",
	ipsec.EncrAESGCM12: "AES-GCM with 12 octet ICV [RFC4106]", ipsec.EncrAESGCM16: "AES-GCM with 16 octet ICV [RFC4106]",
}

var wiresharkESPInteg = map[ipsec.IntegID]string{
	ipsec.IntegNone: "NULL", ipsec.IntegMD5: "HMAC-MD5-96 [RFC2403]", ipsec.IntegSHA1: "HMAC-SHA-1-96 [RFC2404]",
	ipsec.IntegSHA256: "HMAC-SHA-256-128 [RFC4868]", ipsec.IntegSHA384: "HMAC-SHA-384-192 [RFC4868]",
	ipsec.IntegSHA512: "HMAC-SHA-512-256 [RFC4868]",
}

// wiresharkIKE is the row of an IKE SA. Wireshark 4.0 knows neither single DES nor
// ChaCha20-Poly1305 in this table; such a row would make it refuse the file, so there is none.
func wiresharkIKE(k ikev2.Keys) (row string, ok bool) {
	encr, ok := wiresharkIKEEncr[k.Encr]
	if !ok {
		return "", false
	}
	return fmt.Sprintf("%016x,%016x,%x,%x,%q,%x,%x,%q",
		k.SA.SPIi, k.SA.SPIr, k.EncrI, k.EncrR, encr, k.AuthI, k.AuthR, wiresharkIKEInteg[k.Integ]), true
}

// wiresharkESP is the row of one direction. Addresses, SPI and keys are quoted
// and the SPI has its 0x, or the row never matches. For ChaCha20-Poly1305 and
// GMAC Wireshark 4.0 has no name. Only the rows of extended sequence numbers say
// how long they are, which 4.0 skips: it decrypts, and calls the ICV wrong.
func wiresharkESP(p *pairSecrets, h ikev2.Half, src, dst netip.Addr) string {
	key := func(b []byte) string {
		if len(b) == 0 {
			return ""
		}
		return fmt.Sprintf("0x%x", b)
	}
	address := func(a netip.Addr) string {
		if !a.IsValid() {
			return "*"
		}
		return a.String()
	}
	row := fmt.Sprintf("%q,%q,%q,\"0x%08x\",%q,%q,%q,%q", family(src), address(src), address(dst), uint32(h.SPI),
		wiresharkESPEncr[p.encr.ID], key(h.EncrKey), wiresharkESPInteg[p.integ], key(h.IntegKey))
	if p.esn {
		row += `,"64-bit","0"`
	}
	return row
}

func family(a netip.Addr) string {
	if a.Is4() || !a.IsValid() {
		return "IPv4"
	}
	return "IPv6"
}
