package tests

import (
	"os"
	"slices"
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

// whyCase is a network, one of testdata/why or of the labs, in which something is wrong, and what
// why says there.
type whyCase struct {
	what    string
	edits   []string // of configurations, one after another: the router, what stands there, what is to
	steps   []string // done before anybody asks
	answers []whyAnswer
}

// whyAnswer is about one tunnel.
type whyAnswer struct {
	tunnel string   // "PE Tunnel1"
	cause  string   // the key of the first claim, "" if there must be none
	says   []string // what must stand in the text
	never  []string // what must not
}

// whyCases has why asked in each case of a network.
func whyCases(t *testing.T, network string, cases []whyCase) {
	t.Parallel()
	for _, c := range cases {
		topology := whyNetwork(t, network)
		for edit := range slices.Chunk(c.edits, 3) {
			node := topology.Node(edit[0])
			require.Contains(t, node.Config, edit[1], c.what)
			node.Config = strings.Replace(node.Config, edit[1], edit[2], 1)
		}
		run, err := lab.Build(topology, lab.Options{Seed: 1})
		require.NoError(t, err, c.what)
		w := why.Watch(run)
		r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
		require.NoError(t, err, c.what)
		r.Begin()
		run.Sim.Run(run.Sim.Now().Add(30 * time.Second))
		for _, step := range c.steps {
			doLine(t, r, step)
		}
		for _, a := range c.answers {
			a.check(t, w, c.what)
		}
	}
}

func whyNetwork(t *testing.T, name string) *topologies.Topology {
	data, err := os.ReadFile("testdata/why/" + name + ".clab.yml")
	if err != nil {
		topology, err := topologies.Embedded(name)
		require.NoError(t, err)
		return topology
	}
	topology, err := topologies.Parse(name+".clab.yml", data, nil)
	require.NoError(t, err)
	return topology
}

func (a whyAnswer) check(t *testing.T, w *why.Witness, what string) {
	node, name, _ := strings.Cut(a.tunnel, " ")
	v, err := w.Explain(node, name)
	require.NoError(t, err, what)
	text := v.In(phrase.English, 500)
	key := ""
	if len(v.Claims) > 0 {
		key = v.Claims[0].Key
	}
	if key != a.cause {
		t.Errorf("%s: %s: the cause is %q, not %q:\n%s", what, a.tunnel, key, a.cause, text)
	}
	for _, says := range a.says {
		if !strings.Contains(text, says) {
			t.Errorf("%s: %s: does not say %q:\n%s", what, a.tunnel, says, text)
		}
	}
	for _, never := range a.never {
		if strings.Contains(text, never) {
			t.Errorf("%s: %s: says %q:\n%s", what, a.tunnel, never, text)
		}
	}
}

// TestWhyOfCustomers: of two customers with the same addresses the one whose tunnel is well is
// not blamed for the fault of the other.
func TestWhyOfCustomers(t *testing.T) {
	well := whyAnswer{tunnel: "PE Tunnel1"}
	ask := []string{"ping HA 10.9.0.10", "ping HB 10.9.0.10"}
	const inside, outside = " vrf forwarding A\n ip address 172", " vrf forwarding B\n ip address 172"
	whyCases(t, "customers", []whyCase{
		{"a route into the tunnel in no VRF", []string{"PE", "ip route vrf B 10.9", "ip route 10.9"}, ask, []whyAnswer{well,
			{tunnel: "PE Tunnel2", cause: "vrf.route", says: []string{"PE: ip route vrf B 10.9.0.0 255.255.255.0 Tunnel2", "PE: no ip route 10.9.0.0 255.255.255.0 Tunnel2"}}}},
		{"a route into the tunnel in the other's VRF", []string{"PE", "ip route vrf B 10.9", "ip route vrf A 10.9"}, ask, []whyAnswer{well,
			{tunnel: "RB Tunnel1", cause: "vrf.route", says: []string{"PE: no ip route vrf A 10.9.0.0 255.255.255.0 Tunnel2"}}}},
		{"a tunnel in no VRF", []string{"PE", outside, " ip address 172"}, ask, []whyAnswer{well,
			{tunnel: "PE Tunnel2", cause: "vrf.inside", says: []string{"Ethernet0/2", "interface Tunnel2: vrf forwarding B"}}}},
		{"both tunnels in the other's VRF", []string{"PE", inside, "XXX", "PE", outside, inside, "PE", "XXX", outside}, ask, []whyAnswer{
			{tunnel: "PE Tunnel1", cause: "vrf.inside", says: []string{"Ethernet0/1", "interface Tunnel1: vrf forwarding A"}},
			{tunnel: "RB Tunnel1", cause: "vrf.inside", says: []string{"Ethernet0/2", "interface Tunnel2: vrf forwarding B"}}}},
		{"nothing is wrong", nil, ask, []whyAnswer{well, {tunnel: "PE Tunnel2"}, {tunnel: "RB Tunnel1"}}},
	})
}

// dials makes a client of the lab with a hub one whose FlexVPN client says where it leads.
func dials(client string) []string {
	return []string{"CLIENT1", " tunnel destination 198.51.100.10\n", " tunnel destination dynamic\n", "CLIENT1", "interface Tunnel0\n", client + "interface Tunnel0\n"}
}

// TestWhyOfFlexClients: a tunnel whose destination is dynamic leads where its client says.
func TestWhyOfFlexClients(t *testing.T) {
	const client = "crypto ikev2 client flexvpn HUBS\n peer 1 198.51.100.10\n client connect Tunnel0\n"
	one := func(cause string, says ...string) []whyAnswer {
		return []whyAnswer{{tunnel: "CLIENT1 Tunnel0", cause: cause, says: says}}
	}
	whyCases(t, "flexvpn-hub", []whyCase{
		{"nothing is wrong", dials(client), nil, one("")},
		{"another key", append(dials(client), "CLIENT1", "clients-secret", "wrong"), []string{"wait 1m"}, one("auth.key", "HUB: crypto ikev2 keyring")},
		{"a peer that nobody is", append(dials(strings.Replace(client, "100.10", "100.99", 1)), "CLIENT1", "  address 198.51.100.10", "  address 198.51.100.99"), []string{"wait 3m"}, one("path.peer", "crypto ikev2 client flexvpn HUBS: peer 1 198.51.100.99")},
		{"no client", dials(""), nil, one("path.peer", "crypto ikev2 client flexvpn NAME: client connect Tunnel0")},
		{"by hand", dials(strings.Replace(client, "client c", "connect manual\n client c", 1)), nil, one("path.peer", "crypto ikev2 client flexvpn connect HUBS")},
		{"the hub has no power", dials(client), []string{"stop HUB", "wait 3m"}, one("", "Without power: HUB")},
	})
}

// TestWhyOfSharedAddress: who leads to an address that gateways share by HSRP leads to the one that
// has it, and what was before that one had it is over.
func TestWhyOfSharedAddress(t *testing.T) {
	well, up := whyAnswer{tunnel: "BRANCH Tunnel0"}, "nothing says that it is not well"
	spare := whyAnswer{tunnel: "GW1 Tunnel0", says: []string{"another router has the address at which it begins (HSRP)"}}
	well.says = []string{up}
	whyCases(t, "redundant-gateway", []whyCase{
		{"the first gateway has lost its link", nil, []string{"wait 1m", "link GW1:Ethernet0/1 down", "wait 90s"}, []whyAnswer{well, spare, {tunnel: "GW2 Tunnel0", says: []string{up}}}},
		{"and has it again", nil, []string{"wait 1m", "link GW1:Ethernet0/1 down", "wait 2m", "link GW1:Ethernet0/1 up", "wait 2m"}, []whyAnswer{well, {tunnel: "GW1 Tunnel0", says: []string{up}}}},
		{"it has lost its power, and has it again", nil, []string{"wait 1m", "stop GW1", "wait 40s", "start GW1", "wait 80s"}, []whyAnswer{well}},
		{"nobody has the address", nil, []string{"wait 1m", "stop GW2", "link GW1:Ethernet0/1 down", "wait 1m"}, []whyAnswer{
			{tunnel: "BRANCH Tunnel0", cause: "path.source", says: []string{"state Init", "standby 2 ip 203.0.113.1"}}, {tunnel: "GW1 Tunnel0", cause: "path.source"}}},
		{"another key", []string{"BRANCH", "gateway-secret", "wrong"}, []string{"wait 1m"}, []whyAnswer{
			{tunnel: "BRANCH Tunnel0", cause: "auth.key", says: []string{"GW1: crypto ikev2 keyring KEYS"}}, {tunnel: "GW1 Tunnel0", cause: "auth.key"}}},
	})
}

// TestWhyOfConfusedMaps: of two customers one entry of a crypto map has what is the other's. Nobody is
// told to change what is right at the other end.
func TestWhyOfConfusedMaps(t *testing.T) {
	peers := []string{"PE", "set peer 203.0.113.11", "set peer X", "PE", "set peer 203.0.113.12", "set peer 203.0.113.11", "PE", "set peer X", "set peer 203.0.113.12"}
	lists := []string{"PE", "match address A\n", "match address X\n", "PE", "match address B\n", "match address A\n", "PE", "match address X\n", "match address B\n"}
	ask := []string{"ping HA 10.9.11.10", "ping HB 10.9.12.10", "wait 100s", "ping HB 10.9.12.10"}
	both := func(cause, says string) []whyAnswer {
		never := []string{"to type: RB: ip access-list", "to type: PE: ip access-list", "match identity remote address 203.0.113.12 255.255.255.255: "}
		return []whyAnswer{{"PE Ethernet0/0 20", cause, []string{says}, never}, {"PE Ethernet0/0", cause, nil, never}, {"RB Ethernet0/0", cause, nil, never}}
	}
	whyCases(t, "maps", []whyCase{
		{"nothing is wrong", nil, append(ask[:2:2], "why PE Ethernet0/0 20 cause=none"), both("", "nothing says that it is not well")},
		{"no profile", []string{"PE", " set ikev2-profile PB\n", ""}, ask, both("map.incomplete", "to type: PE: crypto map M 20 ipsec-isakmp: set ikev2-profile PB")},
		{"the other's profile", []string{"PE", "set ikev2-profile PB", "set ikev2-profile PA"}, ask, both("auth.identity", "to type: PE: crypto map M 20 ipsec-isakmp: set ikev2-profile PB")},
		{"the other's peer", []string{"PE", "set peer 203.0.113.12", "set peer 203.0.113.11"}, ask, append(both("path.peer", "to type: PE: crypto map M 20 ipsec-isakmp: set peer 203.0.113.12"), whyAnswer{tunnel: "PE Ethernet0/0 10"})},
		{"peers swapped", peers, ask, both("path.peer", "to type: PE: crypto map M 20 ipsec-isakmp: set peer 203.0.113.12")},
		{"lists swapped", lists, ask, both("map.lists", "to type: PE: crypto map M 20 ipsec-isakmp: match address B")},
	})
}

// TestWhyOfHubs: why a hub does not serve a client, or gives it nothing, is told from both ends.
func TestWhyOfHubs(t *testing.T) {
	ask := []string{"CLIENT1: ping 10.1.0.1 source Loopback1"}
	hub := func(what, from, to string, answers ...whyAnswer) whyCase {
		return whyCase{what, []string{"HUB", from, to}, ask, answers}
	}
	at := func(cause, says string) whyAnswer {
		return whyAnswer{tunnel: "CLIENT1 Tunnel0", cause: cause, says: []string{says}, never: []string{"Traffic Selectors", "known at HUB only"}}
	}
	nothing := func(says string) []whyAnswer {
		far := at("route.into", says)
		far.tunnel = "HUB Virtual-Access1"
		return []whyAnswer{at("route.into", says), far}
	}
	whyCases(t, "flexvpn-hub", []whyCase{
		hub("nothing is wrong", "", "", at("", "nothing says"), whyAnswer{tunnel: "HUB Virtual-Access1", says: []string{"nothing says that it is not well"}}),
		hub("no template", " virtual-template 1\n", "", at("flex.template", "to type: HUB: crypto ikev2 profile FLEX: virtual-template 1")),
		hub("another template", " virtual-template 1\n", " virtual-template 2\n", at("flex.template", "Virtual-Template2, which does not exist")),
		hub("the template is shut down", "type tunnel\n", "type tunnel\n shutdown\n", at("path.shutdown", "HUB: interface Virtual-Template1: no shutdown")),
		hub("another IPsec profile", "protection ipsec profile FLEX", "protection ipsec profile NOPE", at("flex.template", "to type: HUB: interface Virtual-Template1: tunnel protection ipsec profile FLEX")),
		hub("no pool", "ip local pool TUNNELS 172.16.0.11 172.16.0.20\n", "", at("flex.address", "the pool TUNNELS of the authorization policy CLIENTS does not exist")),
		hub("no address left", "172.16.0.11 172.16.0.20", "172.16.0.11", whyAnswer{tunnel: "CLIENT3 Tunnel0", cause: "flex.address", says: []string{"has none left"}}),
		hub("another policy", "FLEX CLIENTS", "FLEX CLIENTZ", nothing("policy CLIENTZ does not exist")...),
		hub("another list", "psk list FLEX", "psk list FLEXX", nothing("list FLEXX does not exist")...),
		hub("no aaa new-model", "aaa new-model\n", "", nothing("there is no aaa new-model")...),
		hub("for certificates", "group psk", "group cert", nothing("has no aaa authorization group psk")...),
	})
}
