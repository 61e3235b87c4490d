package lab

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/form"
)

func parsed(t *testing.T, text string, configs map[string]string) *topologies.Topology {
	t.Helper()
	topology, err := topologies.Parse("dir/lab.clab.yml", []byte(text), func(name string) ([]byte, error) { return []byte(configs[name]), nil })
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
	_, err := Build(topology, Options{Strict: true})
	var list form.Problems
	require.ErrorAs(t, err, &list)
	var places []string
	for _, p := range list {
		p.Caret = ""
		places = append(places, p.Error())
	}
	const invalid = ": % Invalid input detected at '^' marker."
	require.Equal(t, "dir/lab.clab.yml:9:15"+invalid, places[0], "in a block")
	require.Equal(t, "dir/r2.cfg:2:27"+invalid, places[1])
	require.Equal(t, "dir/r2.cfg:4:2"+invalid, places[2])
	require.Len(t, places, 4)
	require.Equal(t, "foo\n ^", list[2].Caret)
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

func TestRouterByName(t *testing.T) {
	l, err := Build(parsed(t, twoRouters, twoConfigs), Options{})
	require.NoError(t, err)
	require.Equal(t, "R1", l.Router("r1").Name())
	require.Equal(t, "R2", l.Router("R2").Name())
	require.Equal(t, "r2", l.Router("r2").Name())
	require.Nil(t, l.Router("SW"))
}

func TestDoor(t *testing.T) {
	topology := parsed(t, `name: x
topology:
  nodes: {R1: {kind: ios, startup-config: r1.cfg}}
  links:
    - {type: udp, endpoint: "R1:e0/0", local: "127.0.0.1:1", remote: "127.0.0.1:2"}
`, twoConfigs)
	require.True(t, topology.External())
	_, err := Build(topology, Options{Seed: 1})
	require.ErrorIs(t, err, errPredictable, "nobody asked for keys that can be foretold")
	l, err := Build(topology, Options{Predictable: true})
	require.NoError(t, err)
	require.Len(t, l.Doors, 1)
	d := l.Doors[0]
	require.Equal(t, "R1:Ethernet0/0 127.0.0.1:1 127.0.0.1:2", d.Name+" "+d.Link.Local.String()+" "+d.Link.Remote.String())
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

// FuzzBuild: whatever loads can be built or is refused.
func FuzzBuild(f *testing.F) {
	f.Add([]byte(twoRouters))
	f.Add([]byte("name: x\ntopology:\n  nodes:\n    R1:\n      kind: ios\n      startup-config: |\n        interface e0/0\n         ip address 1.1.1.1 255.0.0.0\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		topology, err := topologies.Parse("f", data, func(string) ([]byte, error) { return []byte("!"), nil })
		if err != nil || len(topology.Nodes) > 50 || len(topology.Links) > 50 {
			return
		}
		if l, err := Build(topology, Options{Seed: 1, Predictable: true}); err == nil {
			l.Sim.Run(topology.Clock)
		}
	})
}
