package verdict

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// flexLab are the hub of the lab and a client, with some text in place of another.
func flexLab(t *testing.T, replaced ...string) []Config {
	t.Helper()
	list := files(t, "../labs/flexvpn-hub/hub.cfg", "../labs/flexvpn-hub/client1.cfg")
	for n := 0; n < len(replaced); n += 2 {
		found := false
		for i := range list {
			found = found || strings.Contains(list[i].Text, replaced[n])
			list[i].Text = strings.ReplaceAll(list[i].Text, replaced[n], replaced[n+1])
		}
		require.True(t, found, replaced[n])
	}
	return list
}

// TestClones: a hub clones an interface for each client, which no line of it leads back to, and what the tunnels
// carry follows from what the ends tell each other.
func TestClones(t *testing.T) {
	t.Parallel()
	r := tried(t, Options{}, files(t, "../labs/flexvpn-hub/hub.cfg", "../labs/flexvpn-hub/client1.cfg", "../labs/flexvpn-hub/client2.cfg", "../labs/flexvpn-hub/client3.cfg")...)
	require.True(t, r.OK(), r.String())
	require.Empty(t, r.Loose)
	require.Len(t, r.Tunnels, 3)
	for n, tunnel := range r.Tunnels {
		require.Equal(t, "Virtual-Template1", tunnel.Ends[1].Interface)
		require.Equal(t, [2]string{"10.1.0.1", "10.1." + string(rune('1'+n)) + ".1"}, [2]string{tunnel.Traffic.To.String(), tunnel.Traffic.From.String()})
		require.Len(t, tunnel.Rekeys, 4, "each end makes both kinds")
		require.Empty(t, tunnel.OneWay)
	}
}

// TestClonesTold: what is wrong between a client and its hub is said of the client's end.
func TestClonesTold(t *testing.T) {
	t.Parallel()
	says := func(said string, replaced ...string) {
		t.Helper()
		r := tried(t, Options{}, flexLab(t, replaced...)...)
		require.False(t, r.OK(), r.String())
		require.Contains(t, r.String(), said)
		require.NotContains(t, r.String(), "nothing says that it is not well")
	}
	says("comes up         no", "address 198.51.100.0 255.255.255.0\n  pre-shared-key clients-secret", "address 198.51.100.0 255.255.255.0\n  pre-shared-key another")
	says("carries          nothing: no route leads into it at both ends", " route set interface\n route set access-list NETWORKS\n", "", " route set access-list LAN\n", "", " route set interface\n", "")
	says("nothing there leads back", " tunnel protection ipsec profile FLEX\n!\nip local pool", "!\nip local pool")
	says("HUB makes the other end when a client comes, from one of several templates",
		"crypto ipsec transform-set AES esp-gcm 256\n", "crypto ikev2 profile OTHER\n match identity remote fqdn domain other.example\n authentication remote pre-share\n authentication local pre-share\n keyring local KEYS\n virtual-template 2\n!\ncrypto ipsec transform-set AES esp-gcm 256\n",
		"ip local pool", "interface Virtual-Template2 type tunnel\n ip unnumbered Loopback0\n tunnel source GigabitEthernet1\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile FLEX\n!\nip local pool")
}

// TestClonesOneWay: a network that one end is not told of is not answered.
func TestClonesOneWay(t *testing.T) {
	t.Parallel()
	r := tried(t, Options{}, flexLab(t, " route set access-list LAN\n", "")...)
	require.True(t, r.OK(), r.String())
	require.Equal(t, []OneWay{{"CLIENT1", netip.MustParsePrefix("10.1.1.0/24"), "HUB"}}, r.Tunnels[0].OneWay)
	require.True(t, r.Tunnels[0].Traffic.From.Is4() && !r.Tunnels[0].OneWay[0].Network.Contains(r.Tunnels[0].Traffic.From), "its own address is answered")
}

// TestClientsOfFlexVPN: a client leads to its first peer, wherever that stands; its NAT gateway changes nothing.
func TestClientsOfFlexVPN(t *testing.T) {
	t.Parallel()
	r := tried(t, Options{}, flexLab(t, " tunnel destination 198.51.100.10\n", " tunnel destination dynamic\n",
		"ip access-list standard LAN\n", "crypto ikev2 client flexvpn CLIENT\n peer 1 198.51.100.10\n client connect Tunnel0\n!\nip access-list standard LAN\n")...)
	require.True(t, r.OK(), r.String())
	require.Len(t, r.Tunnels, 1)

	r = tried(t, Options{NAT: "client1.cfg"}, flexLab(t, " ip address 198.51.100.11 255.255.255.0\n", " ip address 192.168.0.2 255.255.255.0\n!\nip route 0.0.0.0 0.0.0.0 192.168.0.1\n",
		"address 198.51.100.0 255.255.255.0", "address 0.0.0.0 0.0.0.0")...)
	require.True(t, r.OK(), r.String())
}
