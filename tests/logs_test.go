package tests

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	stream "ikelab/router/record"
	"ikelab/router/words"
	"ikelab/topologies"
	"ikelab/topologies/explain/logs"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// What routers here print, the reader of logs understands, and it rebuilds from the
// text what the records say.

// debugAll turns all of IKEv2's debug and IPsec's on, wherever the lab has a router.
func debugAll(b *bench) {
	for _, n := range b.Topology.Nodes {
		if b.logs[n.Name] == nil {
			continue
		}
		for _, what := range []string{"", " packet", " internal", " error"} {
			b.do(n.Name + ": debug crypto ikev2" + what)
		}
		b.do(n.Name + ": debug crypto ipsec")
	}
}

// told is what the records of a router say of its IKE SAs.
type told struct {
	up     map[string][]ikev2.SAUp
	failed map[string][]ikev2.Failure
}

func listens(b *bench) *told {
	l := &told{map[string][]ikev2.SAUp{}, map[string][]ikev2.Failure{}}
	b.Stream.Listen(func(r stream.Record) {
		switch body := r.Body.(type) {
		case ikev2.SAUp:
			l.up[r.Node] = append(l.up[r.Node], body)
		case ikev2.Failure:
			l.failed[r.Node] = append(l.failed[r.Node], body)
		}
	})
	return l
}

// readBack reads the console of each router and compares.
func readBack(t *testing.T, b *bench, l *told) {
	t.Helper()
	ups := 0
	for node, console := range b.logs {
		require.NotContains(t, console.String(), "%!", node) // a place got what does not belong there
		log := logs.Read(console.Bytes())
		for _, u := range log.Unread {
			require.NotContains(t, []string{"log.unread.ike", "log.unread.message", "log.unread.debug", "log.unread.platform"}, u.Kind,
				"%s: %d lines, the first: %s", node, u.Lines, strings.Split(console.String(), "\n")[u.First-1])
		}
		for _, up := range l.up[node] {
			ups++
			sameAsRecord(t, node, log, up)
		}
		for _, f := range l.failed[node] {
			sameFailure(t, node, log, f)
		}
	}
	require.True(t, ups > 0 || len(l.failed) > 0, "nothing happened")
}

func sideOf(log *logs.Log, ref ikev2.Ref) *logs.Side {
	var found *logs.Side
	for _, s := range log.Sides {
		if s.SPIi == fmt.Sprintf("%016X", ref.SPIi) {
			found = s
			if s.SPIr == fmt.Sprintf("%016X", ref.SPIr) {
				return s
			}
		}
	}
	return found
}

func sameAsRecord(t *testing.T, node string, log *logs.Log, up ikev2.SAUp) {
	t.Helper()
	s := sideOf(log, up.SA)
	if up.Rekeys != 0 && s == nil {
		return // it may have had no message of its own
	}
	require.NotNil(t, s, "%s: SA %016X", node, up.SA.SPIi)
	if up.Rekeys != 0 {
		return
	}
	role := logs.Responder
	if up.Info.Initiator {
		role = logs.Initiator
	}
	require.Equal(t, role, s.Role, node)
	require.Equal(t, fmt.Sprintf("%016X", up.SA.SPIr), s.SPIr, node)
	require.Contains(t, []logs.Result{logs.Up, logs.Ended}, s.Result, node)
	require.NotNil(t, s.Offers.Suite, node)
	want := []string{words.Encr(up.Info.Encr.ID)}
	require.Equal(t, want, transforms(s.Offers.Suite, 1), node)
	require.Equal(t, []string{words.PRF(up.Info.PRF)}, transforms(s.Offers.Suite, 2), node)
	if integ := transforms(s.Offers.Suite, 3); len(integ) > 0 {
		require.Equal(t, []string{words.Integ(up.Info.Integ)}, integ, node)
	}
	require.Equal(t, []string{words.Group(up.Info.Group)}, transforms(s.Offers.Suite, 4), node)
	require.Equal(t, strconv.Itoa(int(up.Info.Group)), s.Offers.Group, node)
	for _, id := range []struct {
		have logs.Identity
		want ikev2.Identity
	}{{s.LocalID, up.Info.LocalID}, {s.PeerID, up.Info.RemoteID}} {
		require.NotEmpty(t, id.have.Kind, node)
		if id.have.Text != "" {
			require.Equal(t, words.Identity(id.want.Kind, id.want.Data), id.have.Text, node)
		}
	}
	if s.Peer != "" && strings.Contains(s.Peer, ":") {
		require.Contains(t, s.Peer, up.Info.Remote.Addr().String(), node)
	}
	require.Equal(t, up.Info.Auth[1], strings.TrimRight(s.Auth.Peers, "-0123456789"), node) // 15.1 says the size of the curve, too
}

// transforms are the names of a proposal's transforms of a type.
func transforms(p *logs.Proposal, kind byte) (list []string) {
	for _, t := range p.Transforms {
		if t.Type == kind {
			list = append(list, t.Name)
		}
	}
	return list
}

// faultKinds are the faults that each reason of a failure may be named as, by whoever finds it
// and by whoever is told.
var faultKinds = map[ikev2.Reason][]string{
	ikev2.ReasonNoProposal:     {"log.fault.proposals", "log.fault.proposals_refused", "log.fault.transforms", "log.fault.transforms_refused"},
	ikev2.ReasonAuthFailed:     {"log.fault.key", "log.fault.refused", "log.fault.authentic"},
	ikev2.ReasonTSUnacceptable: {"log.fault.selectors", "log.fault.selectors_refused"},
	ikev2.ReasonTimeout:        {"log.fault.silent_init", "log.fault.silent_auth", "log.fault.silent", "log.fault.dpd", "log.fault.noauth"},
	ikev2.ReasonNoKey:          {"log.fault.nokey", "log.fault.refused", "log.fault.key"},
	ikev2.ReasonNoProfile:      {"log.fault.profile", "log.fault.refused"},
}

func sameFailure(t *testing.T, node string, log *logs.Log, f ikev2.Failure) {
	t.Helper()
	kinds, known := faultKinds[f.Reason]
	if !known || f.SA.ID == 0 || f.Sent == wire.INVALID_KE_PAYLOAD || f.Heard == wire.INVALID_KE_PAYLOAD {
		return
	}
	s := sideOf(log, f.SA)
	require.NotNil(t, s, "%s: %v", node, f)
	var named []string
	for _, have := range log.Faults {
		if have.Side == s {
			named = append(named, have.Kind)
		}
	}
	require.True(t, slices.ContainsFunc(named, func(k string) bool { return slices.Contains(kinds, k) }), "%s: %v %v: %v", node, f.Reason, f.Cause, named)
}

// TestLogsOfLabs: every embedded lab, in the words of both generations, with a
// rekey, a clear and a shut.
func TestLogsOfLabs(t *testing.T) {
	for _, name := range topologies.LabNames() {
		for _, image := range topologies.Images {
			t.Run(name+"/"+image, func(t *testing.T) {
				t.Parallel()
				b := boot(t, name, 3, func(topo *topologies.Topology) { topo.SetImage(image) })
				l := listens(b)
				debugAll(b)
				first := ""
				for _, n := range b.Topology.Nodes {
					if b.logs[n.Name] != nil {
						first = n.Name
						break
					}
				}
				if name == "crypto-map-site-to-site" { // nothing begins by itself there
					b.do("wait 2s", "R1: ping 172.16.2.1 source Loopback0")
				}
				b.do("wait 20s", first+": clear crypto session", "wait 20s")
				b.configure(first, "interface "+cmp.Or(map[string]string{xeLab: "GigabitEthernet1", "post-quantum-site-to-site": "GigabitEthernet1", "certificates-site-to-site": "GigabitEthernet1", "flexvpn-hub": "GigabitEthernet1"}[name], "Ethernet0/0"), "shutdown")
				b.do("wait 20s")
				readBack(t, b, l)
			})
		}
	}
}

// TestLogsOfFailures: the ways in which two routers do not come together are named at both ends.
func TestLogsOfFailures(t *testing.T) {
	for _, f := range failures {
		for _, image := range topologies.Images {
			t.Run(f.name+"/"+image, func(t *testing.T) {
				t.Parallel()
				b := boot(t, topologies.DefaultLab, 9, f.edit, func(topo *topologies.Topology) { topo.SetImage(image) })
				l := listens(b)
				debugAll(b)
				b.do("wait 150s")
				require.NotEmpty(t, l.failed)
				readBack(t, b, l)
			})
		}
	}
}

// TestLogsOfRekeys: rekeys of both kinds, from both ends.
func TestLogsOfRekeys(t *testing.T) {
	for _, image := range topologies.Images {
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			b := boot(t, topologies.DefaultLab, 4, func(topo *topologies.Topology) { topo.SetImage(image) },
				edit("R1", "crypto ipsec profile phse2-prof", "crypto ipsec profile phse2-prof\n set security-association lifetime seconds 120"),
				edit("R2", "crypto ikev2 profile IKEV2-SETUP", "crypto ikev2 profile IKEV2-SETUP\n lifetime 180"))
			l := listens(b)
			debugAll(b)
			b.do("wait 10m")
			readBack(t, b, l)
		})
	}
}

// loggedScenarios are those that are run with all debug on, for what else happens to tunnels.
var loggedScenarios = []string{
	"both-begin", "childless", "clear", "cookies", "fragmentation", "guess", "identities", "lossy", "map-edits", "nat-off", "pfs", "port-4500",
	"reauthentication", "responder-only",
}

func TestLogsOfScenarios(t *testing.T) {
	for _, name := range loggedScenarios {
		path := "scenarios/" + name + topologies.ScenarioSuffix
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		rows, err := scenario.Parse(path, data, beside(path))
		require.NoError(t, err)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topology, err := topologyOf(path, rows[0])
			require.NoError(t, err)
			built, err := lab.Build(topology, lab.Options{Seed: 1})
			require.NoError(t, err)
			b := bootLab(t, built)
			l := listens(b)
			debugAll(b)
			for _, step := range rows[0].Steps {
				require.NoError(t, b.runner.Prepare(step))
				_, _ = b.runner.Do(step) // debug may change what a screen shows
			}
			readBack(t, b, l)
		})
	}
}

// TestLogsOfADeadPeer: who asks in vain whether the peer lives is told so.
func TestLogsOfADeadPeer(t *testing.T) {
	for _, image := range topologies.Images {
		b := boot(t, "aes-gcm-site-to-site", 2, func(topo *topologies.Topology) { topo.SetImage(image) })
		l := listens(b)
		debugAll(b)
		b.configure("R1", "crypto ikev2 profile SITE", "no dpd", "crypto ikev2 dpd 10 2 periodic")
		b.do("wait 20s")
		b.configure("R2", "interface Ethernet0/0", "shutdown")
		b.do("wait 3m")
		readBack(t, b, l)
		require.NotEmpty(t, l.up["R1"])
		log := logs.Read(b.logs["R1"].Bytes())
		require.True(t, slices.ContainsFunc(log.Faults, func(f logs.Fault) bool { return f.Kind == "log.fault.dpd" }), image)
	}
}
