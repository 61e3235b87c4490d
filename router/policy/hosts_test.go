package policy

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/router/acl"
)

// What `ip host` says is what names mean: in a keyring, and for a peer that is asked for at
// use. A name that nobody knows is no address, and what it should protect does not pass.
func TestNamesOfHosts(t *testing.T) {
	const text = `crypto ikev2 keyring KEYS
 peer A
  hostname a.example
  pre-shared-key one
 peer B
  address 10.0.0.7
  hostname b.example
  pre-shared-key two
access-list 101 permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255
crypto ipsec transform-set AES esp-aes esp-sha256-hmac
crypto map MAP 10 ipsec-isakmp
 set peer a.example dynamic
 set peer b.example dynamic default
 set transform-set AES
 match address 101
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
 crypto map MAP
`
	c := load(t, text)
	require.False(t, IKE(c, Papers{}).Keyrings[0].Peers[0].Address.IsValid())
	set, demands := MapEntry(c, c.Interface("Ethernet0/0"), c.CryptoMap("MAP")[0], acl.Lists{})
	require.False(t, set.Lines[0].Peers[0].Active)
	require.Empty(t, demands)

	c = load(t, text+"ip host A.example 10.0.0.2\nip host b.example 10.0.0.3\n")
	var at []string
	for _, p := range IKE(c, Papers{}).Keyrings[0].Peers {
		at = append(at, p.Name+" "+p.Address.String())
	}
	require.Equal(t, []string{"A 10.0.0.2/32", "B 10.0.0.7/32", "B 10.0.0.3/32"}, at)
	_, demands = MapEntry(c, c.Interface("Ethernet0/0"), c.CryptoMap("MAP")[0], acl.Lists{})
	require.Equal(t, []string{"10.0.0.3", "10.0.0.2"}, []string{demands[0].Remote.String(), demands[1].Remote.String()}, "the default one first")
	require.Equal(t, iosconfig.MapPeer{Name: "a.example"}, c.CryptoMap("MAP")[0].Peers[0])
	_, ok := c.Host("nobody")
	require.False(t, ok)
	a, ok := c.Host("10.9.9.9")
	require.True(t, ok)
	require.Equal(t, netip.MustParseAddr("10.9.9.9"), a)
}
