package topologies

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
)

func parsed(t *testing.T, text string, configs map[string]string) *Topology {
	t.Helper()
	topology, err := Parse("dir/lab.clab.yml", []byte(text), files(configs))
	require.NoError(t, err)
	return topology
}

// TestBuildPlacesErrors: every wrong line of every configuration, with its
// place in the file that a person edits.
func TestBuildPlacesErrors(t *testing.T) {
	topology := parsed(t, `name: x
topology:
  nodes:
    R1:
      kind: ios
      startup-config: |

        interface Ethernet0/0
         ip adress 10.0.0.1 255.255.255.0
    R2: {kind: ios, startup-config: r2.cfg}
    R3: {kind: ios, startup-config: "hostname X\nbogus"}
`, map[string]string{"r2.cfg": "hostname A\nip route 1.2.3.4 0.0.0.0 nowhere\n\nfoo\n"})
	_, err := Build(topology, Options{})
	var list Problems
	require.ErrorAs(t, err, &list)
	var places []string
	for _, p := range list {
		p.Caret = ""
		places = append(places, p.Error())
	}
	const invalid = ": % Invalid input detected at '^' marker."
	require.Equal(t, "dir/lab.clab.yml:9:15"+invalid, places[0], "in a block")
	require.Equal(t, "dir/r2.cfg:2:26"+invalid, places[1])
	require.Equal(t, "dir/r2.cfg:4:1"+invalid, places[2])
	require.Len(t, places, 4)
	require.Equal(t, "foo\n^", list[2].Caret)
}

func TestCheckConfig(t *testing.T) {
	require.Empty(t, CheckConfig("r1.cfg", "hostname A\n!\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.0\nend\n"))
	got := CheckConfig("r1.cfg", "interface Loopback0\n\tip adress 1.1.1.1\n")
	require.Equal(t, "r1.cfg:2:7: % Invalid input detected at '^' marker.\n\tip adress 1.1.1.1\n\t     ^", got.Error())
}

const twoRouters = `name: x
topology:
  nodes:
    R1: {kind: ios, startup-config: r1.cfg}
    R2: {kind: ios, startup-config: r2.cfg}
    r2: {kind: ios}
    SW: {kind: bridge}
  links:
    - endpoints: ["R1:e0/0", "SW:a"]
    - endpoints: ["R2:e0/0", "SW:b"]
`

var twoConfigs = map[string]string{
	"r1.cfg": "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\ninterface gi0/1\n ip address 10.1.0.1 255.255.255.0\n",
	"r2.cfg": "interface Ethernet0/0\n ip address 10.0.0.2 255.255.255.0\n",
}

func TestBuildWiresALab(t *testing.T) {
	l, err := Build(parsed(t, twoRouters, twoConfigs), Options{})
	require.NoError(t, err)
	s := &script{t: t}
	s.Runner, err = NewRunner(l, l.Sim, nil)
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

func TestRouterByName(t *testing.T) {
	l, err := Build(parsed(t, twoRouters, twoConfigs), Options{})
	require.NoError(t, err)
	require.Equal(t, "R1", l.Router("r1").Name())
	require.Equal(t, "R2", l.Router("R2").Name())
	require.Equal(t, "r2", l.Router("r2").Name())
	require.Nil(t, l.Router("SW"))
}

// TestSeedOrEntropy: the seed makes a run, unless a source of entropy is
// handed in.
func TestSeedOrEntropy(t *testing.T) {
	spi := func(o Options) string {
		s := newScript(t, DefaultLab, o)
		s.do("wait 10s")
		return s.do("R1: show crypto ikev2 sa detailed | include spi").Output
	}
	require.Contains(t, spi(Options{Seed: 1}), "Local spi")
	require.Equal(t, spi(Options{Seed: 1}), spi(Options{Seed: 1}))
	require.NotEqual(t, spi(Options{Seed: 1}), spi(Options{Seed: 2}))
	entropy := func(n uint64) Options {
		return Options{Seed: 1, Random: netsim.Seed(n).Stream("test", "entropy")}
	}
	require.NotEqual(t, spi(Options{Seed: 1}), spi(entropy(1)))
	require.NotEqual(t, spi(entropy(1)), spi(entropy(2)))
}

// TestLabsWork: the tunnels of every lab come up, and the LANs behind them
// reach each other.
func TestLabsWork(t *testing.T) {
	for lab, pings := range map[string][]string{
		"psk-site-to-site":     {"R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0"},
		"aes-gcm-site-to-site": {"R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0"},
		"hub-and-spoke":        {"HUB: ping 10.1.3.1 source Loopback0", "SPOKE1: ping 10.1.2.1 source Loopback0"},
	} {
		for seed := range uint64(5) {
			s := newScript(t, lab, Options{Seed: seed})
			s.do("wait 10s")
			for _, p := range pings {
				require.Contains(t, s.do(p).Output, "!!!!!", "%s, seed %d: %s", lab, seed, p)
			}
		}
	}
}

// TestR1Initiates on every seed, as the tech note has it.
func TestR1Initiates(t *testing.T) {
	for seed := range uint64(20) {
		s := newScript(t, DefaultLab, Options{Seed: seed})
		s.do("R1: debug crypto ikev2")
		s.do("R2: debug crypto ikev2")
		s.do("wait 5s")
		require.Contains(t, s.logs["R1"].String(), "(I) MsgID = 00000000 CurState: IDLE Event: EV_INIT_SA", "seed %d", seed)
		require.NotContains(t, s.logs["R2"].String(), "Event: EV_INIT_SA", "seed %d", seed)
	}
}

func TestDoor(t *testing.T) {
	topology := parsed(t, `name: x
topology:
  nodes: {R1: {kind: ios, startup-config: r1.cfg}}
  links:
    - {type: udp, endpoint: "R1:e0/0", local: "127.0.0.1:1", remote: "127.0.0.1:2"}
`, twoConfigs)
	require.True(t, topology.External())
	l, err := Build(topology, Options{})
	require.NoError(t, err)
	require.Len(t, l.Doors, 1)
	d := l.Doors[0]
	require.Equal(t, "R1:Ethernet0/0 127.0.0.1:1 127.0.0.1:2", d.Name+" "+d.Local.String()+" "+d.Remote.String())
	var out [][]byte
	d.Out = func(frame []byte) { out = append(out, append([]byte{}, frame...)) }
	l.Sim.Run(topology.Clock.Add(time.Second))
	require.NotEmpty(t, out, "the router announces its address")
	request := append([]byte{}, out[0][:42]...) // ARP: who has 10.0.0.1, says 10.0.0.9
	copy(request[6:], []byte{2, 0, 0, 0, 0, 9})
	copy(request[20:], []byte{0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1})
	out = nil
	d.Host.Inject(l.Sim.Now(), request)
	l.Sim.Run(l.Sim.Now().Add(time.Second))
	require.Len(t, out, 1)
	require.Equal(t, []byte{2, 0, 0, 0, 0, 9}, out[0][:6], "the answer goes to who asked")
}

// TestAddressesDiffer in a lab, and between labs that may be joined.
func TestAddressesDiffer(t *testing.T) {
	seen := map[[6]byte]bool{}
	build := func(name string, o Options) {
		topology := parsed(t, twoRouters, twoConfigs)
		topology.Name = name
		l, err := Build(topology, o)
		require.NoError(t, err)
		l.Sim.Run(topology.Clock)
		for _, port := range []string{"R1:Ethernet0/0", "R1:GigabitEthernet0/1", "R2:Ethernet0/0"} {
			mac := l.Router(port[:2]).MAC(port[3:])
			require.NotZero(t, mac)
			require.False(t, seen[mac], "%s of %s: %x", port, name, mac)
			require.Equal(t, byte(2), mac[0]&3, "locally administered, unicast")
			seen[mac] = true
		}
	}
	build("one", Options{})
	build("two", Options{})
	build("one", Options{Random: netsim.Seed(1).Stream("test", "entropy")})
	build("one", Options{Random: netsim.Seed(2).Stream("test", "entropy")})
}
