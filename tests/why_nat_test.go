package tests

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/exercise"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// twoBranches is the lab with two branches behind one NAT gateway, as it should be.
func twoBranches(t *testing.T, seed uint64) (*exercise.Lab, *lab.Lab, *why.Witness, *scenario.Runner) {
	l, err := exercise.Open("same-identity", seed)
	require.NoError(t, err)
	run, err := lab.Build(l.Topology, lab.Options{Seed: seed})
	require.NoError(t, err)
	w := why.Watch(run)
	r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
	require.NoError(t, err)
	r.Begin()
	for _, c := range l.Solution {
		typeAt(t, r, c.Node, c.Lines)
	}
	run.Sim.Run(run.Sim.Now().Add(2 * time.Minute))
	return l, run, w, r
}

// typeAt types lines in configure mode.
func typeAt(t *testing.T, r *scenario.Runner, node, lines string) {
	for _, line := range strings.Split("configure terminal\n"+lines+"\nend", "\n") {
		doLine(t, r, node+": "+strings.TrimSpace(line))
	}
}

// TestWhyBehindOneNAT: of two routers behind one NAT gateway the one is told from the other, and
// what is wrong with one of them is not said of the other one.
func TestWhyBehindOneNAT(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		l, run, w, r := twoBranches(t, seed)
		hub := l.Routers()[0]
		peers := map[string]string{}
		for _, tunnel := range w.Tunnels(hub) {
			v, err := w.Explain(hub, tunnel)
			require.NoError(t, err)
			require.Equal(t, why.Well, v.State, v.In(phrase.English, 120))
			require.NotEmpty(t, v.Peer)
			back, err := w.Explain(v.Peer, v.PeerInterface)
			require.NoError(t, err)
			require.Equal(t, [2]string{hub, tunnel}, [2]string{back.Peer, back.PeerInterface})
			peers[tunnel] = v.Peer
		}
		require.Len(t, peers, 2)
		require.NotEqual(t, peers[w.Tunnels(hub)[0]], peers[w.Tunnels(hub)[1]])

		sick := peers[w.Tunnels(hub)[1]]
		typeAt(t, r, sick, "crypto ikev2 keyring HUB\npeer "+hub+"\npre-shared-key another")
		typeAt(t, r, sick, "do clear crypto session")
		run.Sim.Run(run.Sim.Now().Add(3 * time.Minute))
		for _, explain := range []func(string, string) (*why.Verdict, error){w.Explain, w.ExplainAlone} {
			for tunnel, peer := range peers {
				v, err := explain(hub, tunnel)
				require.NoError(t, err)
				text := v.In(phrase.English, 120)
				if peer == sick {
					require.NotEmpty(t, v.Claims, text)
					require.Equal(t, "auth.key", v.Claims[0].Key, text)
				} else {
					require.Empty(t, v.Claims, text)
					require.Equal(t, why.Well, v.State, text)
				}
			}
		}
	}
}

// TestWhyWithoutPower: an end that lost its power tells nobody. What is seen is said, and no cause.
func TestWhyWithoutPower(t *testing.T) {
	l, err := exercise.Open("peer-rebooted", 1)
	require.NoError(t, err)
	run, err := lab.Build(l.Topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	w := why.Watch(run)
	r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
	require.NoError(t, err)
	r.Begin()
	a, b := hostsOf(run)
	x, y := l.Routers()[0], l.Routers()[1]
	doLine(t, r, "wait 1m")
	doLine(t, r, "ping "+a.Name()+" "+hostOf(run, b))
	doLine(t, r, "stop "+y)
	doLine(t, r, "ping "+a.Name()+" "+hostOf(run, b)+" repeat=7")
	v, err := w.Explain(x, w.Tunnels(x)[0])
	require.NoError(t, err)
	require.Empty(t, v.Claims)
	text := strings.Join(strings.Fields(v.In(phrase.English, 120)), " ")
	require.Contains(t, text, "Without power: "+y+".")
	require.Regexp(t, x+` has encrypted 1[12] packets for \S+ and decrypted [45] from there`, text)
}
