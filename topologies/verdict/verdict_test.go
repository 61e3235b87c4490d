package verdict

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"ikelab/topologies"
)

// files reads configurations, each under the name of its file.
func files(t *testing.T, names ...string) (list []Config) {
	t.Helper()
	require.NotEmpty(t, names)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		list = append(list, Config{File: filepath.Base(name), Text: string(text), Image: topologies.DefaultImage})
	}
	return list
}

func tried(t *testing.T, o Options, configs ...Config) *Report {
	t.Helper()
	p, err := Join(configs, o)
	require.NoError(t, err)
	r, err := p.Try()
	require.NoError(t, err)
	return r
}

// TestLabs: the routers of each lab are joined anew, and work.
func TestLabs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lab, nat string
		tunnels  int
		links    []string // some of them
	}{
		{"psk-site-to-site", "", 1, []string{"r1:Ethernet0/0 - r2:Ethernet0/0"}},
		{"aes-gcm-site-to-site", "", 1, nil},
		{"xe-site-to-site", "", 1, []string{"XE-R1:GigabitEthernet1 - XE-R2:GigabitEthernet1"}},
		{"crypto-map-site-to-site", "", 1, []string{"r1:Ethernet0/1 - lan1:eth0"}},
		{"nat-site-to-site", "branch.cfg", 1, []string{"NAT:eth1 - branch:Ethernet0/0", "NAT:eth0 - net1:eth1"}},
		{"hub-and-spoke", "", 3, []string{"hub:Ethernet0/0 - net0:eth0"}},
	} {
		names, err := filepath.Glob("../labs/" + c.lab + "/*.cfg")
		require.NoError(t, err)
		r := tried(t, Options{NAT: c.nat}, files(t, names...)...)
		require.True(t, r.OK(), "%s\n%s", c.lab, r)
		require.Len(t, r.Tunnels, c.tunnels, c.lab)
		require.Subset(t, r.Links, c.links, c.lab)
		for _, tunnel := range r.Tunnels {
			require.Len(t, tunnel.Rekeys, 4, "each end makes both kinds")
		}
	}
}

// TestBrought: configurations that people bring work with the peers that were made for
// them.
func TestBrought(t *testing.T) {
	t.Parallel()
	peers, err := filepath.Glob("../../tests/testdata/configs/*.peer")
	require.NoError(t, err)
	require.NotEmpty(t, peers)
	for _, peer := range peers {
		r := tried(t, Options{}, files(t, strings.TrimSuffix(peer, ".peer")+".cfg", peer)...)
		require.True(t, r.OK(), "%s\n%s", peer, r)
	}
}

// routerWith is a router with one tunnel; more is the rest of its configuration.
func routerWith(name, profile, tunnel, more string) Config {
	return Config{File: name + ".cfg", Image: topologies.DefaultImage, Text: fmt.Sprintf(`hostname %s
crypto ikev2 keyring K
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key k
crypto ikev2 profile P
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec profile P
 set ikev2-profile P
%s
interface Tunnel0
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile P
%s
%s
end
`, name, profile, tunnel, more)}
}

// TestWays: what stands between two routers follows from their addresses.
func TestWays(t *testing.T) {
	b := routerWith("B", "", " ip address 172.16.0.2 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination 192.0.2.1",
		"interface Ethernet0/0\n ip address 198.51.100.9 255.255.255.248\nip route 0.0.0.0 0.0.0.0 198.51.100.14")
	for name, a := range map[string]Config{
		"a static address": routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination 198.51.100.9",
			"interface Ethernet0/0\n ip address 192.0.2.1 255.255.255.0\nip route 0.0.0.0 0.0.0.0 192.0.2.254"),
		"by DHCP": routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination 198.51.100.9",
			"interface Ethernet0/0\n ip address dhcp"),
		"a loopback": routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Loopback0\n tunnel destination 198.51.100.9",
			"interface Loopback0\n ip address 192.0.2.1 255.255.255.255\ninterface Ethernet0/0\n ip address 203.0.113.2 255.255.255.252\nip route 0.0.0.0 0.0.0.0 203.0.113.1"),
		"a subinterface": routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0.7\n tunnel destination 198.51.100.9",
			"interface Ethernet0/0\n no ip address\ninterface Ethernet0/0.7\n encapsulation dot1Q 7\n ip address 192.0.2.1 255.255.255.0\nip route 0.0.0.0 0.0.0.0 192.0.2.254"),
	} {
		r := tried(t, Options{}, a, b)
		require.True(t, r.OK(), "%s\n%s", name, r)
		require.Equal(t, netip.MustParseAddr("172.16.0.2"), r.Tunnels[0].Traffic.To)
	}
}

// TestBehindNAT: the gateway's address is of no network of the peer, and ways lead there and back;
// who names the address of the router behind it is told.
func TestBehindNAT(t *testing.T) {
	a := routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination 198.51.100.9",
		"interface Ethernet0/0\n ip address 10.9.0.2 255.255.255.252\nip route 0.0.0.0 0.0.0.0 10.9.0.1")
	to := func(address string) Config {
		return routerWith("B", "", " ip address 172.16.0.2 255.255.255.0\n tunnel source Ethernet0/0\n tunnel destination "+address,
			"interface Ethernet0/0\n ip address 198.51.100.9 255.255.255.248\nip route 0.0.0.0 0.0.0.0 198.51.100.14")
	}
	r := tried(t, Options{NAT: "A"}, a, to("192.0.2.77"))
	require.True(t, r.OK(), r)
	_, err := Join([]Config{a, to("10.9.0.2")}, Options{NAT: "A"})
	require.EqualError(t, err, "B leads to 10.9.0.2, an address of A itself: behind a NAT gateway nobody reaches that. It must lead to the gateway's address, which no router has")

	r = tried(t, Options{}, to("192.0.2.1"), routerWith("A", "", " ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel mode gre ip\n tunnel destination 198.51.100.9",
		"interface Ethernet0/0\n ip address 192.0.2.1 255.255.255.0\nip route 0.0.0.0 0.0.0.0 192.0.2.254"))
	require.False(t, r.OK(), r)
	require.NotEmpty(t, r.Tunnels[0].Why, r)
	require.Contains(t, []string{"tunnel.mode", "child.selectors"}, gjson.GetBytes(r.Tunnels[0].Why[0], "claims.0.key").String(), r)
}

// TestFaults: what does not work is said, and where.
func TestFaults(t *testing.T) {
	t.Parallel()
	labs := files(t, "../labs/psk-site-to-site/r1.cfg", "../labs/psk-site-to-site/r2.cfg")
	edited := func(old, new string) []Config {
		require.Contains(t, labs[1].Text, old)
		b := labs[1]
		b.Text = strings.ReplaceAll(b.Text, old, new)
		return []Config{labs[0], b}
	}
	r := tried(t, Options{}, edited("pre-shared-key remote cisco", "pre-shared-key remote other")...)
	require.False(t, r.OK())
	require.False(t, r.Tunnels[0].Up)
	require.Contains(t, r.String(), "comes up         no, not within 2m0s")
	require.Equal(t, "auth.key", gjson.GetBytes(r.Tunnels[0].Why[0], "claims.0.key").String())

	r = tried(t, Options{}, edited("set transform-set TS", "set transform-set TS\n set pfs group14")...)
	require.False(t, r.OK(), "%s", r)
	require.True(t, r.Tunnels[0].Up, "the first pair has no key exchange of its own (RFC 7296 1.2)")
	for _, k := range r.Tunnels[0].Rekeys { // who wants PFS takes no pair without, and who does not takes one with it
		require.Equal(t, k.Kind != kinds[ofChild] || k.By != "r1", k.Works, "%+v", k)
	}
	require.Equal(t, "child.pfs", gjson.GetBytes(r.Tunnels[0].Why[0], "claims.0.key").String())

	r = tried(t, Options{}, edited("tunnel destination 10.0.0.1", "tunnel destination 10.0.0.9")...)
	require.False(t, r.OK())
	require.Empty(t, r.Tunnels)
	require.Contains(t, r.String(), "r2 Tunnel0 leads to 10.0.0.9, which no router here has")
	require.Contains(t, r.String(), "r1 Tunnel0 leads to 10.0.0.2, which is r2, and nothing there leads back to 10.0.0.1")

	r = tried(t, Options{}, edited("interface Tunnel0\n", "interface Tunnel0\n shutdown\n")...)
	require.False(t, r.OK())
	require.Contains(t, r.String(), "r1 Tunnel0 leads to 10.0.0.2, which is r2, and Tunnel0 there, which leads back, is shut down\n")

	r = tried(t, Options{}, edited(" tunnel protection ipsec profile phse2-prof\n", "")...)
	require.Contains(t, r.String(), "Tunnel0 there, which leads back, has no protection (tunnel protection ipsec profile)\n")

	r = tried(t, Options{}, edited("ip route 192.168.1.1 255.255.255.255 Tunnel0", "")...)
	require.True(t, r.Tunnels[0].Up)
	require.Equal(t, netip.MustParseAddr("172.16.0.101"), r.Tunnels[0].Traffic.From, "192.168.1.1 is not led back")
}

// TestNothingToTry: routers without tunnels are no fault.
func TestNothingToTry(t *testing.T) {
	plain := Config{File: "a.cfg", Text: "hostname A\ninterface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n", Image: topologies.DefaultImage}
	require.Nil(t, tried(t, Options{}, plain, plain))
	_, err := Join([]Config{plain, plain}, Options{NAT: "x"})
	require.EqualError(t, err, `there is no router "x" to stand behind a NAT`)
	_, err = Join([]Config{plain, plain}, Options{NAT: "A"})
	require.EqualError(t, err, "A has no interface that leads outside, to stand behind a NAT")
}

// TestManySpokes: routers that no tunnel joins make their rekeys in one run.
func TestManySpokes(t *testing.T) {
	names, err := filepath.Glob("../labs/hub-and-spoke/*.cfg")
	require.NoError(t, err)
	p, err := Join(files(t, names...), Options{})
	require.NoError(t, err)
	groups := p.apart(p.pairs())
	require.Len(t, groups, 2)
	require.Len(t, groups[1], 3)
}

// TestTransit: a router without tunnels that was brought with those at its sides stands between them, and
// what it does with their packets counts.
func TestTransit(t *testing.T) {
	end := func(i int) Config {
		return routerWith(fmt.Sprintf("R%d", i), "", fmt.Sprintf(" ip address 172.16.0.%d 255.255.255.252\n tunnel source Ethernet0/0\n tunnel destination 10.0.%d.2", i, 3-i),
			fmt.Sprintf("interface Ethernet0/0\n ip address 10.0.%d.2 255.255.255.252\nip route 0.0.0.0 0.0.0.0 10.0.%d.1", i, i))
	}
	between := func(list string) Config {
		return Config{File: "p.cfg", Image: topologies.DefaultImage, Text: "hostname P\nip access-list extended L\n" + list + " permit ip any any\n" +
			"interface Ethernet0/0\n ip address 10.0.1.1 255.255.255.252\n ip access-group L in\ninterface Ethernet0/1\n ip address 10.0.2.1 255.255.255.252\nend\n"}
	}
	r := tried(t, Options{}, end(1), end(2), between(""))
	require.True(t, r.OK(), r)
	require.ElementsMatch(t, []string{"R1:Ethernet0/0 - P:Ethernet0/0", "R2:Ethernet0/0 - P:Ethernet0/1"}, r.Links)
	r = tried(t, Options{}, between(" deny udp any any eq isakmp\n"), end(1), end(2))
	require.False(t, r.OK(), r)
	require.Equal(t, "path.filtered", gjson.GetBytes(r.Tunnels[0].Why[0], "claims.0.key").String(), r)

	far := between("")
	far.Text = strings.ReplaceAll(far.Text, "10.0.2.1", "10.0.9.1")
	r = tried(t, Options{}, end(1), end(2), far)
	require.True(t, r.OK(), r)
	require.Contains(t, r.Links, "R1:Ethernet0/0 - INTERNET:Ethernet0/0", "it leads from one of them to nowhere")
}

// TestLastLine: of several tunnels, too, the last line does not say that all is well where a route back is missing.
func TestLastLine(t *testing.T) {
	works, oneWay, dead := Tunnel{Works: true}, Tunnel{Works: true, OneWay: []OneWay{{}}}, Tunnel{}
	for says, tunnels := range map[string][]Tunnel{
		"The tunnel works.": {works},
		"The tunnel works, but a route back is missing.":    {oneWay},
		"All 2 tunnels work.":                               {works, works},
		"All 2 tunnels work, but a route back is missing.":  {works, oneWay},
		"1 of 2 tunnels work, but a route back is missing.": {dead, oneWay},
		"0 of 1 tunnels work.":                              {dead},
	} {
		require.Equal(t, says, (&Report{Tunnels: tunnels}).verdict())
	}
}

// TestOneWay: an end that sends the packets of its network into the tunnel is told that the
// other one routes nothing back, and only then.
func TestOneWay(t *testing.T) {
	end := func(i int, routes string) Config {
		return routerWith(fmt.Sprintf("R%d", i), "", fmt.Sprintf(" ip address 172.16.0.%d 255.255.255.252\n tunnel source Ethernet0/0\n tunnel destination 10.0.0.%d", i, 3-i),
			fmt.Sprintf("interface Ethernet0/0\n ip address 10.0.0.%d 255.255.255.0\ninterface Ethernet0/1\n ip address 192.168.%d.1 255.255.255.0\n%s", i, i, routes))
	}
	const toOne, toTwo = "ip route 192.168.1.0 255.255.255.0 Tunnel0", "ip route 192.168.2.0 255.255.255.0 Tunnel0"
	for _, row := range []struct {
		one, two string
		missing  []OneWay
	}{
		{toTwo, toOne, nil},
		{"", "", nil}, // the networks are not for the tunnel
		{toTwo, "", []OneWay{{"R1", netip.MustParsePrefix("192.168.1.0/24"), "R2"}}},
		{"", toOne, []OneWay{{"R2", netip.MustParsePrefix("192.168.2.0/24"), "R1"}}},
	} {
		r := tried(t, Options{}, end(1, row.one), end(2, row.two))
		require.Len(t, r.Tunnels, 1)
		require.Equal(t, row.missing, r.Tunnels[0].OneWay)
		require.Equal(t, row.missing != nil, strings.HasSuffix(r.String(), "but a route back is missing.\n"), r.String())
	}
}
