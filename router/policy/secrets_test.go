package policy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// "The management interface by which the shared secret is provided MUST accept ASCII strings
// of at least 64 octets and MUST NOT add a null terminator before using them as shared
// secrets. It MUST also accept a hex encoding of the shared secret." (RFC 7296, section 2.15)
func TestSharedSecrets(t *testing.T) {
	long := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz,.-_:;", 2)
	for line, want := range map[string]string{
		"pre-shared-key " + long: long, "pre-shared-key 0 " + long[:64]: long[:64], "pre-shared-key x": "x",
		"pre-shared-key hex 00ff41": "\x00\xff\x41",
	} {
		c := load(t, "crypto ikev2 keyring K\n peer P\n  address 192.0.2.1\n  "+line+"\n")
		p := IKE(c, Papers{}).Keyrings[0].Peers[0]
		require.Equal(t, []byte(want), p.Local, line)
		require.Equal(t, []byte(want), p.Remote, line)
	}
}

// "For messages to be sent over IPv4, it is RECOMMENDED that a value of 576 bytes as a
// maximum IP datagram size be used." (RFC 7383, section 2.5.1)
func TestFragmentationDefault(t *testing.T) {
	require.Zero(t, IKE(load(t, ""), Papers{}).FragmentMTU)
	require.Equal(t, 576, IKE(load(t, "crypto ikev2 fragmentation\n"), Papers{}).FragmentMTU)
	require.Equal(t, 1000, IKE(load(t, "crypto ikev2 fragmentation mtu 1000\n"), Papers{}).FragmentMTU)
}
