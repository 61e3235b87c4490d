package words

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

func TestAges(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"00:00:05": 5*time.Second + 900*time.Millisecond, "23:59:59": 24*time.Hour - 1, "1d02h": 26*time.Hour + time.Minute,
		"2w3d": 17 * 24 * time.Hour, "1y05w": 400 * 24 * time.Hour,
	} {
		require.Equal(t, want, Age(d))
	}
	require.Equal(t, "0 minutes", LongAge(time.Second))
	require.Equal(t, "1 day, 16 hours, 42 minutes", LongAge(40*time.Hour+42*time.Minute))
	require.Equal(t, "1 minute", LongAge(time.Minute))
}

func TestTransforms(t *testing.T) {
	for want, e := range map[string]ipsec.Encr{
		"esp-aes": {ID: ipsec.EncrAESCBC, KeyBits: 128}, "esp-256-aes": {ID: ipsec.EncrAESCBC, KeyBits: 256},
		"esp-gcm": {ID: ipsec.EncrAESGCM16, KeyBits: 128}, "esp-gcm 256": {ID: ipsec.EncrAESGCM16, KeyBits: 256},
		"esp-gmac": {ID: ipsec.EncrAESGMAC, KeyBits: 128}, "esp-gcm8 192": {ID: ipsec.EncrAESGCM8, KeyBits: 192}, "esp-ctr 256": {ID: ipsec.EncrAESCTR, KeyBits: 256},
		"esp-chacha20-poly1305": {ID: ipsec.EncrChaCha20Poly1305}, "esp-des": {ID: ipsec.EncrDES}, "esp-null": {ID: ipsec.EncrNULL},
	} {
		require.Equal(t, want, ESP(e, ipsec.IntegNone))
	}
	require.Equal(t, "esp-aes 256 esp-sha-hmac", TypedESP(ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, ipsec.IntegSHA1))
	require.Equal(t, "Unknown - 77", Encr(77))
}

// TestIdents writes ranges as address and mask.
func TestIdents(t *testing.T) {
	for _, row := range []struct {
		want       string
		proto      uint8
		from, to   uint16
		start, end string
	}{
		{AnyIdent, 0, 0, 65535, "0.0.0.0", "255.255.255.255"},
		{"192.168.20.0/255.255.255.0/256/0", 0, 0, 65535, "192.168.20.0", "192.168.20.255"},
		{"10.0.0.1/255.255.255.255/47/0", 47, 0, 65535, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.0/255.255.255.252/17/500", 17, 500, 500, "10.0.0.0", "10.0.0.3"},
		{"10.0.0.1/10.0.0.9/256/0", 0, 0, 65535, "10.0.0.1", "10.0.0.9"},
		{"128.0.0.0/128.0.0.0/256/0", 0, 0, 65535, "128.0.0.0", "255.255.255.255"},
	} {
		require.Equal(t, row.want, Ident(netip.MustParseAddr(row.start), netip.MustParseAddr(row.end), row.proto, row.from, row.to, AnyProtocol))
	}
}

func TestIdentities(t *testing.T) {
	require.Equal(t, "10.0.0.1", Identity(wire.IDIPv4Addr, []byte{10, 0, 0, 1}))
	require.Equal(t, "r1.example", Identity(wire.IDFQDN, []byte("r1.example")))
	require.Equal(t, "0x00FF", Identity(wire.IDKeyID, []byte{0, 255}))
}
