package wire

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const aNonce = "000102030405060708090a0b0c0d0e0f"

// "1 - IPv4 address of the new VPN gateway", "2 - IPv6 address of the new VPN gateway", "3 -
// FQDN of the new VPN gateway": "The IPv4 address, the IPv6 address, or the FQDN of the new VPN
// gateway MUST be encoded as described in Section 3.5 of [2]." "The size of the nonce MUST be
// between 16 and 256 bytes" (RFC 5685 9.2)
func TestRedirectData(t *testing.T) {
	name := "gw2.example.com"
	for wire, want := range map[string]Redirect{
		"0104c0000201":                                {Gateway: Gateway{Addr: netip.MustParseAddr("192.0.2.1")}},
		"0104c0000201" + aNonce:                       {Gateway: Gateway{Addr: netip.MustParseAddr("192.0.2.1")}, Nonce: octets(t, aNonce)},
		"021020010db8000000000000000000000001":        {Gateway: Gateway{Addr: netip.MustParseAddr("2001:db8::1")}},
		"030f6777322e6578616d706c652e636f6d":          {Gateway: Gateway{FQDN: name}},
		"030f6777322e6578616d706c652e636f6d" + aNonce: {Gateway: Gateway{FQDN: name}, Nonce: octets(t, aNonce)},
		"0104c0000201" + strings.Repeat("ab", 256):    {Gateway: Gateway{Addr: netip.MustParseAddr("192.0.2.1")}, Nonce: octets(t, strings.Repeat("ab", 256))},
	} {
		got, err := ParseRedirect(octets(t, wire))
		require.NoError(t, err, wire)
		require.Equal(t, want, got)
		require.Equal(t, octets(t, wire), got.Data())
	}
	for what, wire := range map[string]string{
		"nothing": "", "no length": "01", "IPv4 of three octets": "0103c00002", "IPv4 of sixteen": "011020010db8000000000000000000000001", "IPv6 of four": "0204c0000201",
		"longer than the payload": "0105c0000201", "type 0": "0004c0000201", "type 4": "0404c0000201", "no name": "0300", "a name with a terminator": "030467773200",
		"a name with a blank": "0303672077", "a nonce of 15": "0104c0000201" + aNonce[2:], "a nonce of 257": "0104c0000201" + strings.Repeat("ab", 257),
	} {
		_, err := ParseRedirect(octets(t, wire))
		require.Error(t, err, what)
	}
}

// "1 - IPv4 address of the original VPN gateway", "2 - IPv6 address of the original VPN gateway"
// (RFC 5685 9.3)
func TestRedirectedFromData(t *testing.T) {
	got, err := ParseRedirectedFrom(octets(t, "0104c0000201"))
	require.NoError(t, err)
	require.Equal(t, netip.MustParseAddr("192.0.2.1"), got)
	for _, wire := range []string{"", "030467773263", "0104c0000201" + aNonce, "0103c00002"} {
		_, err := ParseRedirectedFrom(octets(t, wire))
		require.Error(t, err, wire)
	}
}

// FuzzRedirect: what is accepted is written back as it was.
func FuzzRedirect(f *testing.F) {
	for _, s := range []string{"0104c0000201", "021020010db8000000000000000000000001" + aNonce, "0303677732", "0300", "00ff", ""} {
		f.Add(octets(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRedirect(b)
		from, fromErr := ParseRedirectedFrom(b)
		if err != nil {
			require.Error(t, fromErr)
			return
		}
		require.Equal(t, string(b), string(r.Data()))
		require.NotEmpty(t, r.String())
		require.Equal(t, fromErr == nil, from.IsValid())
	})
}
