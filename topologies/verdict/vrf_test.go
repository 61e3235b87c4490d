package verdict

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// vrfRouter has its outside in one table and what its tunnel carries in another.
func vrfRouter(name string, own, peer int) Config {
	return Config{File: name + ".cfg", Image: topologies.DefaultImage, Text: fmt.Sprintf(`hostname %s
vrf definition OUT
 address-family ipv4
vrf definition IN
 address-family ipv4
crypto ikev2 policy P
 match fvrf any
 proposal default
crypto ikev2 keyring K
 peer P
  address 10.%[3]d.0.1
  pre-shared-key k
crypto ikev2 profile P
 match fvrf OUT
 match identity remote address 10.%[3]d.0.1 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec profile P
 set ikev2-profile P
interface Tunnel0
 vrf forwarding IN
 ip address 172.16.0.%[2]d 255.255.255.0
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.%[3]d.0.1
 tunnel vrf OUT
 tunnel protection ipsec profile P
interface Ethernet0/0
 vrf forwarding OUT
 ip address 10.%[2]d.0.1 255.255.255.0
interface Ethernet0/1
 vrf forwarding IN
 ip address 192.168.%[2]d.1 255.255.255.0
interface Ethernet0/2
 ip address 10.%[3]d.0.1 255.255.255.0
ip route vrf OUT 0.0.0.0 0.0.0.0 10.%[2]d.0.254
ip route vrf IN 192.168.%[3]d.0 255.255.255.0 Tunnel0
ip route 192.168.%[3]d.0 255.255.255.0 10.%[3]d.0.9
end
`, name, own, peer)}
}

// TestVRFs: routers are joined by the addresses of the table in front, and packets tried in the
// table inside, whatever other tables have.
func TestVRFs(t *testing.T) {
	t.Parallel()
	a, b := vrfRouter("A", 1, 2), vrfRouter("B", 2, 1)
	r := tried(t, Options{}, a, b)
	require.True(t, r.OK(), r)
	require.Contains(t, r.String(), "carries          5 of 5 echoes from 192.168.1.1 to 192.168.2.1\n")
	require.Len(t, r.Tunnels, 1)
	for from, said := range map[string]string{
		" tunnel vrf OUT\n": "which is in VRF OUT, but looks for its peer in the global table (tunnel vrf).",
		" match fvrf OUT\n": "is for peers in the global table (match fvrf), and B comes in VRF OUT.",
	} {
		other := a
		other.Text = strings.Replace(a.Text, from, "", 1)
		r := tried(t, Options{}, other, b)
		require.False(t, r.OK(), "%s\n%s", from, r)
		require.Contains(t, strings.Join(strings.Fields(r.String()), " "), said)
	}
	other := a
	other.Text = strings.Replace(a.Text, "ip route vrf IN", "ip route vrf OUT", 1)
	require.Contains(t, tried(t, Options{}, other, b).String(), "A routes nothing to 192.168.2.0/24 of B into it", "a route in another table")
	twin := b
	twin.File, twin.Text = "C.cfg", strings.Replace(b.Text, "hostname B", "hostname C", 1)
	_, err := Join([]Config{a, b, twin}, Options{})
	require.EqualError(t, err, "Tunnel0 of A leads to 10.2.0.1, which B and C have: which of them is meant does not follow from the configurations; check it with each of them alone")
}
