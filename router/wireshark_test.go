package router

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ipsec"
)

// TestWiresharkRows compares rows with the forms that tshark 4.0 accepts.
func TestWiresharkRows(t *testing.T) {
	ike, ok := wiresharkIKE(ikev2.Keys{
		SA: ikev2.Ref{SPIi: 1, SPIr: 0xAFD098F4147869DA}, Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1,
		EncrI: []byte{1, 2}, EncrR: []byte{3, 4}, AuthI: []byte{5}, AuthR: []byte{6},
	})
	require.True(t, ok)
	require.Equal(t, `0000000000000001,afd098f4147869da,0102,0304,"AES-CBC-128 [RFC3602]",05,06,"HMAC_SHA1_96 [RFC2404]"`, ike)
	gcm, _ := wiresharkIKE(ikev2.Keys{Encr: ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}, EncrI: []byte{1}, EncrR: []byte{2}})
	require.Equal(t, `0000000000000000,0000000000000000,01,02,"AES-GCM-256 with 16 octet ICV [RFC5282]",,,"NONE [RFC4306]"`, gcm)
	_, ok = wiresharkIKE(ikev2.Keys{Encr: ipsec.Encr{ID: ipsec.EncrDES}})
	require.False(t, ok, "Wireshark has no name for DES there")
	_, ok = wiresharkIKE(ikev2.Keys{Encr: ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}})
	require.False(t, ok)
	added := ikev2.AddChild{ChildSA: ikev2.ChildSA{Encr: ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}}}
	_, rows := WiresharkRows(WiresharkSecretsOf(added))
	require.Empty(t, rows, "nor for that anywhere")
	c := &pairSecrets{encr: ipsec.Encr{ID: ipsec.Encr3DES}, integ: ipsec.IntegSHA1}
	h := ikev2.Half{SPI: 0x1234, EncrKey: []byte{0xab}, IntegKey: []byte{0xcd}}
	row := func() string {
		return wiresharkESP(c, h, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2"))
	}
	require.Equal(t, `"IPv4","10.0.0.1","10.0.0.2","0x00001234","TripleDES-CBC [RFC2451]","0xab","HMAC-SHA-1-96 [RFC2404]","0xcd"`, row())
	c.encr, c.integ, h.IntegKey = ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone, nil
	require.Regexp(t, `"AES-GCM with 16 octet ICV \[RFC4106\]","0xab","NULL",""$`, row())
	c.esn = true
	require.Regexp(t, `"NULL","","64-bit","0"$`, row())
}
