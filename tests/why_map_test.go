package tests

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// mapFaults are what is wrong with crypto maps, typed at one router of the lab with two.
var mapFaults = []struct{ what, node, lines, cause string }{
	{"all is well", "R1", "hostname R1", ""},
	{"another network in the list", "R1", "ip access-list extended VPN\nno permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255\npermit ip 192.168.1.0 0.0.0.255 192.168.22.0 0.0.0.255", "map.lists"},
	{"a list that is too narrow", "R1", "ip access-list extended VPN\nno permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255\npermit ip host 192.168.1.99 192.168.2.0 0.0.0.255", "map.lists"},
	{"a list for one protocol", "R2", "ip access-list extended VPN\nno permit ip 192.168.2.0 0.0.0.255 192.168.1.0 0.0.0.255\npermit tcp 192.168.2.0 0.0.0.255 192.168.1.0 0.0.0.255", "map.lists"},
	{"no list", "R1", "crypto map MAP 10\nno match address", "map.list"},
	{"a list that is not there", "R1", "crypto map MAP 10\nmatch address OTHER", "map.list"},
	{"a list without a permit", "R2", "no ip access-list extended VPN\nip access-list extended VPN\ndeny ip any any", "map.list"},
	{"no peer", "R1", "crypto map MAP 10\nno set peer 10.0.0.2", "map.incomplete"},
	{"no transform set", "R2", "crypto map MAP 10\nno set transform-set AES", "map.incomplete"},
	{"a peer that nobody is", "R1", "crypto map MAP 10\nno set peer 10.0.0.2\nset peer 10.0.0.9", "path.peer"},
	{"an earlier entry", "R1", "ip access-list extended ALL\npermit ip 192.168.0.0 0.0.255.255 192.168.0.0 0.0.255.255\ncrypto map MAP 5\nset peer 10.0.0.7\nset transform-set AES\nset ikev2-profile SITE\nmatch address ALL", "map.order"},
	{"an earlier entry of another customer's", "R1", "vrf definition OTHER\naddress-family ipv4\nexit-address-family\nexit\ncrypto ikev2 profile OTHER\nmatch identity remote address 10.0.0.7\nauthentication local pre-share\nauthentication remote pre-share\nkeyring local KEYS\nivrf OTHER\nexit\ncrypto map MAP 5\nset peer 10.0.0.7\nset transform-set AES\nset ikev2-profile OTHER\nmatch address VPN", ""},
	{"on another interface", "R1", "interface Ethernet0/0\nno crypto map\ninterface Ethernet0/1\ncrypto map MAP", "map.interface"},
	{"on no interface", "R2", "interface Ethernet0/0\nno crypto map", "map.interface"},
	{"another cipher", "R2", "crypto ipsec transform-set AES esp-aes esp-sha256-hmac", "child.proposal"},
	{"another key", "R2", "crypto ikev2 keyring KEYS\npeer R1\npre-shared-key other", "auth.key"},
	{"an entry of the keyring for everybody, where the right one has a narrower mask elsewhere", "R2", "crypto ikev2 keyring KEYS\nno peer R1\npeer ALL\naddress 0.0.0.0 0.0.0.0\npre-shared-key wrong\nexit\npeer RIGHT\naddress 10.0.0.99\npre-shared-key one-for-both", "auth.keyring"},
	{"another identity", "R2", "crypto ikev2 profile SITE\nidentity local fqdn r2.example", "auth.identity"},
	{"another group", "R2", "crypto ikev2 proposal P\nencryption aes-cbc-256\nintegrity sha256\ngroup 21\ncrypto ikev2 policy P\nproposal P", "ike.proposal"},
}

// TestWhyOfMapsAlone: whoever sees one of the two routers only is told no other cause.
func TestWhyOfMapsAlone(t *testing.T) {
	named := 0
	for _, f := range mapFaults {
		w, r := mapLab(t, f.node, f.lines)
		doLine(t, r, "ping H1 192.168.2.10")
		doLine(t, r, "ping H2 192.168.1.10")
		doLine(t, r, "wait 2m")
		found := false
		for _, node := range []string{"R1", "R2"} {
			v, err := w.ExplainAlone(node, w.Tunnels(node)[0])
			require.NoError(t, err)
			for _, c := range v.Claims {
				found = found || c.Key == f.cause
				if c.Key != f.cause && c.Key != "path.silent" && c.Key != "peer.refused" && !(c.Key == "auth.key" && (f.cause == "auth.keyring" || f.cause == "path.peer")) {
					t.Errorf("%s, at %s alone: %s", f.what, node, v.In(phrase.English, 120))
				}
			}
		}
		if found {
			named++
		}
	}
	t.Log(named, "of", len(mapFaults)-1)
	require.GreaterOrEqual(t, named, 12)
}

// TestWhyOfMapRekeys: PFS at one end of a crypto map is forecast, and named once the rekey has failed.
func TestWhyOfMapRekeys(t *testing.T) {
	w, r := mapLab(t, "R2", "crypto map MAP 10\nset pfs group14")
	doLine(t, r, "ping H1 192.168.2.10")
	doLine(t, r, "ping H1 192.168.2.10")
	v, err := w.Explain("R1", "Ethernet0/0 10")
	require.NoError(t, err)
	require.Len(t, v.Forecast, 1, v.In(phrase.English, 120))
	require.Equal(t, "child.pfs", v.Forecast[0].Key)
	doLine(t, r, "traffic H1 192.168.2.10 rate=1 for=70m")
	for _, node := range []string{"R1", "R2"} {
		v, err = w.Explain(node, "Ethernet0/0 10")
		require.NoError(t, err)
		require.NotEmpty(t, v.Claims, v.In(phrase.English, 120))
		require.Equal(t, "child.pfs", v.Claims[0].Key, v.In(phrase.English, 120))
	}
}

// TestWhyOfMaps: why names what is wrong with a crypto map, from both ends.
func TestWhyOfMaps(t *testing.T) {
	t.Parallel()
	for _, f := range mapFaults {
		w, r := mapLab(t, f.node, f.lines)
		doLine(t, r, "ping H1 192.168.2.10")
		doLine(t, r, "ping H2 192.168.1.10")
		doLine(t, r, "wait 2m")
		doLine(t, r, "ping H1 192.168.2.10")
		for _, node := range []string{"R1", "R2"} {
			for _, name := range w.Tunnels(node) {
				v, err := w.Explain(node, name)
				require.NoError(t, err)
				text := v.In(phrase.English, 120)
				if f.cause == "" && len(v.Claims) > 0 || f.cause != "" && (len(v.Claims) == 0 || v.Claims[0].Key != f.cause || v.State.OK()) {
					t.Errorf("%s, at %s: %v %s", f.what, node, v.State, text)
				}
			}
			require.NotEmpty(t, w.Tunnels(node), f.what)
		}
	}
}

// mapLab is the lab with two crypto maps, changed at one router before anything is sent.
func mapLab(t *testing.T, node, lines string) (*why.Witness, *scenario.Runner) {
	topology, err := topologies.Embedded("crypto-map-site-to-site")
	require.NoError(t, err)
	run, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	w := why.Watch(run)
	r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
	require.NoError(t, err)
	r.Begin()
	run.Sim.Run(run.Sim.Now().Add(10 * time.Second))
	for _, line := range strings.Split("configure terminal\n"+lines+"\nend", "\n") {
		doLine(t, r, node+": "+line)
	}
	return w, r
}

// TestWhyOfTransportMode: one end of a crypto map between the routers themselves wants transport
// mode and nothing else, the other one tunnel mode.
func TestWhyOfTransportMode(t *testing.T) {
	w, r := mapLab(t, "R1", "ip access-list extended VPN\npermit icmp host 10.0.0.1 host 10.0.0.2\nexit\ncrypto ipsec transform-set AES esp-aes 256 esp-sha256-hmac\nmode transport require")
	for _, line := range strings.Split("configure terminal\nip access-list extended VPN\npermit icmp host 10.0.0.2 host 10.0.0.1\nend\nping 10.0.0.1", "\n") {
		doLine(t, r, "R2: "+line)
	}
	doLine(t, r, "R1: ping 10.0.0.2")
	for _, node := range []string{"R1", "R2"} {
		v, err := w.Explain(node, "Ethernet0/0")
		require.NoError(t, err)
		require.NotEmpty(t, v.Claims)
		require.Equal(t, "child.mode", v.Claims[0].Key, v.In(phrase.English, 120))
	}
}
