package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// TestSeedOrEntropy: the seed makes a run, unless a source of entropy is
// handed in.
func TestSeedOrEntropy(t *testing.T) {
	spi := func(o lab.Options) string {
		s := newScript(t, topologies.DefaultLab, o)
		s.do("wait 10s")
		return s.do("R1: show crypto ikev2 sa detailed | include spi").Output
	}
	require.Contains(t, spi(lab.Options{Seed: 1}), "Local spi")
	require.Equal(t, spi(lab.Options{Seed: 1}), spi(lab.Options{Seed: 1}))
	require.NotEqual(t, spi(lab.Options{Seed: 1}), spi(lab.Options{Seed: 2}))
	entropy := func(n uint64) lab.Options {
		return lab.Options{Seed: 1, Random: netsim.Seed(n).Stream("test", "entropy")}
	}
	require.NotEqual(t, spi(lab.Options{Seed: 1}), spi(entropy(1)))
	require.NotEqual(t, spi(entropy(1)), spi(entropy(2)))
}

// TestLabsWork: the tunnels of every lab come up, and the LANs behind them
// reach each other.
func TestLabsWork(t *testing.T) {
	for name, pings := range map[string][]string{
		"psk-site-to-site":     {"R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0"},
		"aes-gcm-site-to-site": {"R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0"},
		"xe-site-to-site":      {"R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0"},
		"hub-and-spoke":        {"HUB: ping 10.1.3.1 source Loopback0", "SPOKE1: ping 10.1.2.1 source Loopback0"},
	} {
		for seed := range uint64(5) {
			s := newScript(t, name, lab.Options{Seed: seed})
			s.do("wait 10s")
			for _, p := range pings {
				require.Contains(t, s.do(p).Output, "!!!!!", "%s, seed %d: %s", name, seed, p)
			}
		}
	}
}

// TestR1Initiates on every seed, as the tech note has it.
func TestR1Initiates(t *testing.T) {
	for seed := range uint64(20) {
		s := newScript(t, topologies.DefaultLab, lab.Options{Seed: seed})
		s.do("R1: debug crypto ikev2")
		s.do("R2: debug crypto ikev2")
		s.do("wait 5s")
		require.Contains(t, s.logs["R1"].String(), "(I) MsgID = 00000000 CurState: IDLE Event: EV_INIT_SA", "seed %d", seed)
		require.NotContains(t, s.logs["R2"].String(), "Event: EV_INIT_SA", "seed %d", seed)
	}
}

func TestBuildWiresALab(t *testing.T) {
	topology, err := topologies.Parse("lab.clab.yml", []byte(`name: x
topology:
  nodes:
    R1:
      kind: ios
      startup-config: |
        interface Ethernet0/0
         ip address 10.0.0.1 255.255.255.0
        interface gi0/1
         ip address 10.1.0.1 255.255.255.0
    R2: {kind: ios, startup-config: "interface Ethernet0/0\n ip address 10.0.0.2 255.255.255.0\n"}
    SW: {kind: bridge}
  links:
    - endpoints: ["R1:e0/0", "SW:a"]
    - endpoints: ["R2:e0/0", "SW:b"]
`), nil)
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{})
	require.NoError(t, err)
	s := &bench{t: t}
	s.Runner, err = NewRunner(l, Settings{Lenient: true})
	require.NoError(t, err)
	s.Begin()
	require.Contains(t, s.do("R1: ping 10.0.0.2").Output, "!!!!!")
	require.Regexp(t, `GigabitEthernet0/1 +10.1.0.1 .* down`, s.do("R1: show ip interface brief").Output, "a port without a cable")

	require.NoError(t, l.PortUp("r1:e0/0", false))
	require.Regexp(t, `Ethernet0/0 +10.0.0.1 .* down +down`, s.do("R1: show ip interface brief").Output)
	require.NotContains(t, s.do("R1: ping 10.0.0.2 repeat 1").Output, "!")
	require.NoError(t, l.PortUp("R1:Ethernet0/0", true))
	s.do("wait 1s")
	require.Contains(t, s.do("R1: ping 10.0.0.2").Output, "!!!!!")
	for _, name := range []string{"", "R1", "R1:", "R1:gi0/1", "R9:e0/0", "R1:e0/1", "SW:a"} {
		require.Error(t, l.PortUp(name, false), name)
	}
}
