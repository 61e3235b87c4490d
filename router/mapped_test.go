package router

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
)

// step is lines that are typed one after the other, from the top.
func step(t *testing.T, r *Router, lines string) {
	ed := newEditor(r)
	for _, line := range strings.Split(lines, "\n") {
		_, err := ed.Enter(commitEpoch, line)
		require.NoError(t, err, line)
	}
}

// TestMapsOfGroups: a line with an object group protects nothing, whatever its group comes to.
func TestMapsOfGroups(t *testing.T) {
	r := alone(t, inheriting+"object-group network OUTER\nip access-list extended L\n permit ip object-group OUTER any\n")
	before := entriesOf(r)
	require.Len(t, before["Ethernet0/1"], 1)
	for _, lines := range []string{
		"object-group network INNER\ndescription inside",
		"object-group network OUTER\ngroup-object INNER",
		"object-group network INNER\nhost 192.0.2.1",
		"object-group network OUTER\nhost 192.0.2.4",
		"object-group network INNER\nhost 192.0.2.7\nno host 192.0.2.1",
		"object-group network OUTER\nno group-object INNER",
		"ip access-list extended L\n15 permit object-group NOBODY any any",
		"object-group service NOBODY\ntcp",
	} {
		step(t, r, lines)
		requireAsBooted(t, r, lines)
		require.Equal(t, before, entriesOf(r), lines)
	}
}

// TestMapsFollowVRFs: what names a VRF follows it when it comes and when it goes: policies and profiles
// that match it, crypto maps whose profile has it, and tunnels that are in it.
func TestMapsFollowVRFs(t *testing.T) {
	r := alone(t, inheriting+`crypto ikev2 proposal X
 encryption aes-cbc-128
 integrity sha1
 group 19
crypto ikev2 policy X
 match fvrf RED
 proposal X
crypto ikev2 profile P
 ivrf RED
 match fvrf RED
interface Virtual-Template1 type tunnel
 tunnel vrf RED
interface Tunnel0
 tunnel vrf RED
`)
	before := entriesOf(r)
	for _, line := range []string{"vrf definition BLUE", "vrf definition RED", "no vrf definition BLUE", "no vrf definition RED"} {
		step(t, r, line)
		if line != "no vrf definition BLUE" { // the numbers of those behind it stay as they are
			requireAsBooted(t, r, line)
		}
		if line == "vrf definition RED" {
			require.NotEqual(t, before["Ethernet0/1"], entriesOf(r)["Ethernet0/1"])
			require.NotEqual(t, before["Tunnel0"], entriesOf(r)["Tunnel0"])
		}
	}
	require.Equal(t, before, entriesOf(r))
	require.NotContains(t, strings.Join(rows.Running(r.store.Running()), "\n"), "vrf definition")
}

// TestMapsOfInterfacesThatGo: an interface that was taken away and comes again has its crypto map anew.
func TestMapsOfInterfacesThatGo(t *testing.T) {
	r := alone(t, inheriting)
	add := "interface Ethernet0/0.5\nencapsulation dot1Q 5\nip address 10.0.5.1 255.255.255.0\ncrypto map M"
	for _, lines := range []string{add, "no interface Ethernet0/0.5", add, "interface Ethernet0/0.5\nno crypto map", "interface Ethernet0/0.5\ncrypto map M"} {
		step(t, r, lines)
		requireAsBooted(t, r, lines)
		require.Equal(t, strings.HasSuffix(lines, "\ncrypto map M"), len(entriesOf(r)["Ethernet0/0.5"]) > 0, lines)
		require.Equal(t, strings.HasSuffix(lines, "\ncrypto map M"), r.machine.crypto.Entry("Ethernet0/0.5 M 10 line 10 peer 10.0.0.2") != nil, lines)
	}
	step(t, r, "no crypto map M")
	requireAsBooted(t, r)
	require.Empty(t, slices.Collect(iosconfig.Users(r.machine.running(), iosconfig.KindAccessList.Named("L"), iosconfig.KindCryptoMap)), "nothing is left of it")
}
