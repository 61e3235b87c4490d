package tests

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/exercise"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// brokenLabs are the labs with a task in which something is wrong that why names; in others
// nothing is there yet, or nothing is broken that could be named.
func brokenLabs(t *testing.T) (names []string) {
	for _, name := range exercise.Names() {
		l, err := exercise.Open(name, 1)
		require.NoError(t, err)
		if l.Cause != "" {
			names = append(names, name)
		}
	}
	require.Len(t, names, 42)
	return names
}

var labSeeds = flag.Uint64("seeds", 1, "with how many seeds why is asked about each lab with a task")

// TestWhyOfExercises: why says what the explanation of each lab with a task says, from the end
// with the fault and from the other.
func TestWhyOfExercises(t *testing.T) {
	t.Parallel()
	for _, name := range brokenLabs(t) {
		for seed := uint64(1); seed <= *labSeeds; seed++ {
			l, err := exercise.Open(name, seed)
			require.NoError(t, err)
			run, err := lab.Build(l.Topology, lab.Options{Seed: seed})
			require.NoError(t, err)
			w := why.Watch(run)
			complain(t, run, l)
			for i, node := range l.Routers() {
				named, said := false, ""
				for _, tunnel := range w.Tunnels(node) {
					v, err := w.Explain(node, tunnel)
					require.NoError(t, err)
					said += v.In(phrase.English, 120)
					if len(v.Claims) > 0 {
						named = true
						require.Equal(t, l.Cause, v.Claims[0].Key, "%s %d, at %s:\n%s", name, seed, node, said)
					}
				}
				if i < 2 && !named { // others may be there, with whom all is well
					t.Errorf("%s %d: cause %s, at %s:\n%s", name, seed, l.Cause, node, said)
				}
			}
		}
	}
}

// commonest are the misconfigurations that people ask for help with, with the threads where
// they do, the key of the cause, and the labs that show them. Those of EAP and configuration payloads wait
// for these.
var commonest = []struct{ what, sources, key, labs string }{
	{"IKE proposals have nothing in common", "libreswan #294, #2361; hwdsl2/setup-ipsec-vpn #1788", "ike.proposal", "proposals"},
	{"only the group differs", "jawj/IKEv2-setup #12; libreswan #363", "ike.proposal", "group"},
	{"a proposal is not in any policy", "libreswan #2361", "ike.proposal", "policy"},
	{"ESP proposals differ", "libreswan #1604", "child.proposal", "transforms"},
	{"a profile without a transform set takes a default", "libreswan #1604", "child.proposal", "no-transform-set"},
	{"PFS differs, which shows at the first rekey", "opnsense/core #8631; libreswan #1234, #1265, #515; strongSwan #3024", "child.pfs", "pfs"},
	{"the pre-shared key differs", "libreswan #1794", "auth.key", "key"},
	{"the keys of both directions are swapped", "libreswan #316", "auth.key", "swapped-keys"},
	{"no key for the peer", "libreswan #1794", "auth.key", "no-keyring"},
	{"the identity matches no profile", "libreswan #943; hwdsl2/setup-ipsec-vpn #538; strongSwan #2353", "auth.identity", "identity"},
	{"another profile matches first", "strongSwan #2353", "auth.profile", "other-profile"},
	{"another entry of the keyring answers", "libreswan #316", "auth.keyring", "keyring-mask"},
	{"two peers say one name, and each ends the other's SA", "opnsense/core #3300", "auth.twins", "same-identity"},
	{"the authentication method differs", "libreswan #294", "auth.method", "authentication"},
	{"the ends do not want the same packets protected", "libreswan #801, #2380, #1406; strongSwan #2477", "child.selectors", "tunnel-mode"},
	{"the access lists of crypto maps do not mirror each other", "libreswan #801, #2320; strongSwan #2477", "map.lists", "lists-not-mirrored"},
	{"an earlier entry of a crypto map takes the packets of a later one", "vyos/vyos-1x #1129; libreswan #5", "map.order", "overlapping-entries"},
	{"one end requires transport mode, the other is set to tunnel mode", "strongSwan #1143", "child.mode", "transport-mode"},
	{"packets overtake each other by more than the replay window", "libreswan #1414", "replay", "replay-window"},
	{"a lifetime by volume that fast traffic uses up before the rekey is over", "openiked/openiked-portable #72; libreswan #866; Azure/azure-cli #13157", "child.lifetime", "lifetime"},
	{"the peer lost its power, and nobody asks whether it is alive", "opnsense/core #8979; libreswan #270", "peer.restarted", "peer-rebooted"},
	{"the peer's address is wrong", "libreswan #913", "path.peer", "peer-address"},
	{"UDP port 500 is filtered", "libreswan #913", "path.filtered", "udp500"},
	{"UDP port 4500 is filtered, with a NAT on the way", "trailofbits/algo #799", "path.filtered", "udp4500"},
	{"ESP is filtered", "trailofbits/algo #799", "path.filtered", "esp-filtered"},
	{"a path MTU that nobody tells", "trailofbits/algo #216; opnsense/core #4042, #3542; Openswan #85", "path.mtu", "mtu"},
	{"the tunnel interface is shut down", "Openswan #226", "path.shutdown", "shutdown"},
	{"the tunnel's source is not up", "Openswan #226", "path.source", "source"},
	{"no route into the tunnel", "libreswan #1178; strongSwan #438", "route.into", "route"},
	{"no route back", "libreswan #1178; Openswan #226", "route.into", "return-route"},
	{"the tunnel's own packets are routed into it", "strongSwan #438", "route.recursive", "recursive"},
	{"a certificate has expired", "hwdsl2/setup-ipsec-vpn #1554", "auth.certificate", "certificate-expired"},
	{"nothing leads from a certificate to an authority that the peer trusts", "hwdsl2/setup-ipsec-vpn #1615; jawj/IKEv2-setup #123; peacey/split-vpn #126", "auth.certificate", "certificate-authority"},
	{"the router's clock is wrong, so that the peer's certificate is not valid yet", "RMerl/asuswrt-merlin.ng #751; YunoHost-Apps/vpnclient_ynh #32", "auth.clock", "clock-wrong"},
	{"the identity is not in the certificate", "libreswan #198; hwdsl2/setup-ipsec-vpn #465; strongSwan #862", "auth.certificate", "certificate-name"},
	{"the certificate fits no certificate map", "strongSwan #2353", "auth.identity", "certificate-map"},
	{"IP fragments of IKE_AUTH are dropped, which certificates make long", "trailofbits/algo #305; libreswan #311", "path.fragments", "fragments"},
	{"the tunnel's own packets are looked up in another VRF than that of its source", "Cisco, VRF-Aware IPsec (IOS XE 17), restrictions; FRRouting/frr #11883", "vrf.front", "vrf-front"},
	{"the profile is not for the VRF where the peer comes from", "Cisco, VRF-Aware IPsec (IOS XE 17), restrictions", "vrf.profile", "vrf-profile"},
	{"the tunnel interface is in another VRF than the hosts", "Cisco, VRF-Aware IPsec (IOS XE 17), restrictions", "vrf.inside", "vrf-inside"},
	{"an access list drops what the hosts send", "libreswan #1178", "route.filtered", "hosts-filtered"},
}

// TestWhyPage: the page lists each with the lab that shows it, and each cause that labs have.
func TestWhyPage(t *testing.T) {
	causes := map[string]bool{}
	page := "# Why tunnels fail\n\n<!-- Made by: go test ./tests -run TestWhyPage -update -->\n\n" +
		"What `why` names, beside where people ask for help with it and the lab with a task that shows it. Tests hold that the cause is named from both ends in each of these labs on three seeds, from one end " +
		"alone in at least 15, and not any more once it is mended. Misconfigurations of EAP and configuration payloads wait for these.\n\n" +
		"| misconfiguration | cause | lab | threads |\n|---|---|---|---|\n"
	for _, m := range commonest {
		l, err := exercise.Open(m.labs, 1)
		require.NoError(t, err)
		require.Equal(t, l.Cause, m.key)
		causes[m.key] = true
		page += fmt.Sprintf("| %s | `%s` | [%s](labs/%s.md) | %s |\n", m.what, m.key, m.labs, m.labs, m.sources)
	}
	for _, name := range brokenLabs(t) {
		l, err := exercise.Open(name, 1)
		require.NoError(t, err)
		require.True(t, causes[l.Cause], name)
	}
	const path = "../docs/why.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(page), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, page, string(text), "go test ./tests -run TestWhyPage -update")
}

// TestWhyAlone: whoever sees one router only, of the two, is told the cause as well in most of
// the labs; and never another one.
func TestWhyAlone(t *testing.T) {
	t.Parallel()
	named := []string{}
	for _, name := range brokenLabs(t) {
		l, err := exercise.Open(name, 1)
		require.NoError(t, err)
		run, err := lab.Build(l.Topology, lab.Options{Seed: 1})
		require.NoError(t, err)
		w := why.Watch(run)
		complain(t, run, l)
		found := false
		for _, node := range l.Routers() {
			v, err := w.ExplainAlone(node, w.Tunnels(node)[0])
			require.NoError(t, err)
			for _, c := range v.Claims {
				found = found || c.Key == l.Cause
				if c.Key != l.Cause && c.Key != "path.silent" && (c.Key != "spi" || l.Cause != "peer.restarted") && c.Key != "peer.refused" && !(c.Key == "auth.certificate" && (l.Cause == "auth.method" || l.Cause == "auth.clock")) && !(c.Key == "auth.key" && (l.Cause == "auth.keyring" || l.Cause == "auth.profile" || l.Cause == "path.peer")) {
					t.Errorf("%s: cause %s, at %s alone: %s", name, l.Cause, node, c.Key)
				}
			}
		}
		if found {
			named = append(named, name)
		}
	}
	require.GreaterOrEqual(t, len(named), 15)
}

// TestWhyOfHealthyLabs: of a lab in which all is well nothing is said.
func TestWhyOfHealthyLabs(t *testing.T) {
	for _, name := range topologies.LabNames() {
		topology, err := topologies.Embedded(name)
		require.NoError(t, err)
		run, err := lab.Build(topology, lab.Options{Seed: 1})
		require.NoError(t, err)
		w := why.Watch(run)
		run.Sim.Run(run.Sim.Now().Add(2 * time.Hour))
		for _, r := range run.Routers {
			for _, tunnel := range w.Tunnels(r.Name()) {
				v, err := w.Explain(r.Name(), tunnel)
				require.NoError(t, err)
				require.Empty(t, v.Claims, "%s: %s", name, v.In(phrase.English, 120))
				require.True(t, v.State.OK(), v.State)
				require.Empty(t, v.Forecast)
			}
		}
	}
}

// TestWhyOfMendedLabs: once a lab with a task is mended nothing is said of it any more.
func TestWhyOfMendedLabs(t *testing.T) {
	t.Parallel()
	for _, name := range brokenLabs(t) {
		l, err := exercise.Open(name, 2)
		require.NoError(t, err)
		run, err := lab.Build(l.Topology, lab.Options{Seed: 2})
		require.NoError(t, err)
		w := why.Watch(run)
		r := complain(t, run, l)
		for _, c := range l.Solution {
			steps := strings.Split("configure terminal\n"+c.Lines+"\nend", "\n")
			for _, line := range steps {
				s, err := scenario.ParseLine(c.Node + ": " + strings.TrimSpace(line))
				require.NoError(t, err)
				_, err = r.Do(s)
				require.NoError(t, err, line)
			}
		}
		if l.Cause == "peer.restarted" { // what is up keeps what it began with
			doLine(t, r, l.Solution[0].Node+": clear crypto session")
		}
		run.Sim.Run(run.Sim.Now().Add(5 * time.Minute))
		a, b := hostsOf(run)
		doLine(t, r, "ping "+a.Name()+" "+hostOf(run, b)+" repeat=10")
		for _, node := range l.Routers() {
			v, err := w.Explain(node, w.Tunnels(node)[0])
			require.NoError(t, err)
			if len(v.Claims)+len(v.Forecast) > 0 || !v.State.OK() {
				t.Errorf("%s, mended: %s", name, v.In(phrase.English, 120))
			}
		}
	}
}

func doLine(t *testing.T, r *scenario.Runner, line string) {
	s, err := scenario.ParseLine(line)
	require.NoError(t, err)
	_, err = r.Do(s)
	require.NoError(t, err)
}

// complain lets hosts of both sites send to each other, as users do who complain.
func complain(t *testing.T, run *lab.Lab, l *exercise.Lab) *scenario.Runner {
	r, err := scenario.NewRunner(run, scenario.Settings{})
	require.NoError(t, err)
	r.Begin()
	a, b := hostsOf(run)
	for _, line := range []string{"wait 40s", "ping " + a.Name() + " " + hostOf(run, b), "ping " + b.Name() + " " + hostOf(run, a), "ping " + a.Name() + " " + hostOf(run, b) + " size=1400", "ping " + b.Name() + " " + hostOf(run, a) + " size=1400", "wait 100s", "ping " + a.Name() + " " + hostOf(run, b)} {
		doLine(t, r, line)
	}
	for _, s := range l.Symptom {
		_, err := r.Do(s)
		require.NoError(t, err)
	}
	return r
}

// hostsOf are the first two hosts; a NAT gateway is none.
func hostsOf(run *lab.Lab) (a, b *lab.Station) {
	list := slices.DeleteFunc(slices.Clone(run.Stations), func(s *lab.Station) bool {
		return run.Topology.Node(s.Name()).Kind != topologies.KindHost
	})
	return list[0], list[1]
}

// hostOf is the address of a host.
func hostOf(run *lab.Lab, s *lab.Station) string {
	for _, p := range run.Topology.Node(s.Name()).Addresses {
		return p.Addr().String()
	}
	return ""
}
