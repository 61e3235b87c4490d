package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// configurations are those that people bring, after their kinds: IOSv, IOL,
// CSR1000V, Catalyst 8000V and ISR; clouds' samples, spokes and hubs of DMVPN,
// crypto maps beside IKEv1, FlexVPN, certificates.
func configurations(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/configs/*.cfg")
	require.NoError(t, err)
	all := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all[name] = string(text)
	}
	require.Len(t, all, 40)
	return all
}

// TestConfigurationsLoadWhole: nothing of them is refused, and what is shown of
// them says the same.
func TestConfigurationsLoadWhole(t *testing.T) {
	for name, text := range configurations(t) {
		for _, g := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
			l := rows.Load(text, g)
			require.Empty(t, l.Refused, name)
			shown := rows.Running(l.Commit.After)
			again := rows.Load(strings.Join(shown, "\n"), g)
			require.Empty(t, again.Refused, name)
			require.Equal(t, shown, rows.Running(again.Commit.After), name)
			all := rows.Load(strings.Join(rows.RunningAll(l.Commit.After), "\n"), g)
			require.Empty(t, all.Refused, name)
			require.Equal(t, shown, rows.Running(all.Commit.After), name)
		}
	}
}

// TestConfigurationsComeUp: a static VTI of theirs comes up with a peer that was made for
// it: the line protocol is up at both ends.
func TestConfigurationsComeUp(t *testing.T) {
	up := 0
	for name := range configurations(t) {
		peer := strings.TrimSuffix(name, ".cfg") + ".peer"
		text, err := os.ReadFile(peer)
		if err != nil {
			continue
		}
		up++
		wan := "GigabitEthernet1"
		for _, port := range []string{"GigabitEthernet0/0", "Ethernet0/0"} {
			if strings.Contains(string(text), "interface "+port+"\n") {
				wan = port
			}
		}
		topology, err := topologies.Parse("lab.clab.yml", fmt.Appendf(nil, "name: brought\ntopology:\n  defaults: {kind: ios}\n  nodes:\n"+
			"    R1: {startup-config: %s}\n    R2: {startup-config: %s}\n  links:\n    - endpoints: [\"R1:%s\", \"R2:%s\"]\n", name, peer, wan, wan), os.ReadFile)
		require.NoError(t, err)
		l, err := lab.Build(topology, lab.Options{Seed: 1, Strict: true})
		require.NoError(t, err, name)
		r := l.Routers[0]
		tunnel := ""
		for i := range rows.Load(configurations(t)[name], iosconfig.IOS151).Commit.After.Interfaces.All() {
			if i.Type == iosconfig.Tunnel {
				tunnel = i.Name()
			}
		}
		l.Sim.RunUntil(func() bool { return r.TunnelUp(tunnel) && l.Routers[1].TunnelUp("Tunnel0") }, l.Sim.Now().Add(2*time.Minute))
		require.True(t, r.TunnelUp(tunnel), "%s: %s", name, tunnel)
	}
	require.GreaterOrEqual(t, up, 20)
}
