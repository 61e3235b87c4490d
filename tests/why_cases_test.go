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

// whyCase is a network of testdata/why in which something is wrong, and what why says there.
type whyCase struct {
	what    string
	edits   []string // of the topology, text by text: what stands there, and what is to
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
	data, err := os.ReadFile("testdata/why/" + network + ".clab.yml")
	require.NoError(t, err)
	for _, c := range cases {
		text := string(data)
		for pair := range slices.Chunk(c.edits, 2) {
			require.Contains(t, text, pair[0], c.what)
			text = strings.Replace(text, pair[0], pair[1], 1)
		}
		topology, err := topologies.Parse(network+".clab.yml", []byte(text), nil)
		require.NoError(t, err, c.what)
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
	const inside, outside = "         vrf forwarding A\n         ip address 172", "         vrf forwarding B\n         ip address 172"
	whyCases(t, "customers", []whyCase{
		{"a route into the tunnel in no VRF", []string{"ip route vrf B 10.9", "ip route 10.9"}, ask, []whyAnswer{well,
			{tunnel: "PE Tunnel2", cause: "vrf.route", says: []string{"PE: ip route vrf B 10.9.0.0 255.255.255.0 Tunnel2", "PE: no ip route 10.9.0.0 255.255.255.0 Tunnel2"}}}},
		{"a route into the tunnel in the other's VRF", []string{"ip route vrf B 10.9", "ip route vrf A 10.9"}, ask, []whyAnswer{well,
			{tunnel: "RB Tunnel1", cause: "vrf.route", says: []string{"PE: no ip route vrf A 10.9.0.0 255.255.255.0 Tunnel2"}}}},
		{"a tunnel in no VRF", []string{outside, "         ip address 172"}, ask, []whyAnswer{well,
			{tunnel: "PE Tunnel2", cause: "vrf.inside", says: []string{"Ethernet0/2", "interface Tunnel2: vrf forwarding B"}}}},
		{"both tunnels in the other's VRF", []string{inside, "XXX", outside, inside, "XXX", outside}, ask, []whyAnswer{
			{tunnel: "PE Tunnel1", cause: "vrf.inside", says: []string{"Ethernet0/1", "interface Tunnel1: vrf forwarding A"}},
			{tunnel: "RB Tunnel1", cause: "vrf.inside", says: []string{"Ethernet0/2", "interface Tunnel2: vrf forwarding B"}}}},
		{"nothing is wrong", nil, ask, []whyAnswer{well, {tunnel: "PE Tunnel2"}, {tunnel: "RB Tunnel1"}}},
	})
}
