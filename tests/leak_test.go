package tests

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/topologies"
)

// defaultRoute would carry in clear what the tunnel does not take.
func defaultRoute(node, next string) func(*topologies.Topology) {
	return func(t *topologies.Topology) { t.Node(node).Config += "ip route 0.0.0.0 0.0.0.0 " + next + "\n" }
}

// at types lines at a second console of a router while a command runs at the
// first.
func (b *bench) at(after time.Duration, node string, lines ...string) {
	r := b.Router(node)
	s := r.Shell().Open(shell.Options{Privileged: true, Out: func(string) {}})
	b.Sim.At(b.Sim.Now().Add(after), func(time.Time) {
		for _, l := range lines {
			r.Enter(s, l)
			require.False(b.t, s.Refused(), l)
		}
	})
}

// ends are ways for an SA to go while traffic flows, and whether it comes back
// by itself.
var ends = []struct {
	name, node string
	lines      []string
	back       bool
}{
	{"cleared here", "R1", []string{"clear crypto session"}, true},
	{"cleared there", "R2", []string{"clear crypto session"}, true},
	{"tunnel shut here", "R1", []string{"configure terminal", "interface Tunnel0", "shutdown", "end"}, false},
	{"tunnel shut there", "R2", []string{"configure terminal", "interface Tunnel0", "shutdown", "end"}, false},
	{"other key there", "R2", []string{
		"configure terminal", "crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote other", "end", "clear crypto session",
	}, false},
}

// TestNothingLeaksWhenTheSAGoes: the SA of a flood of pings goes, and no ping
// takes the default route instead, in either direction.
func TestNothingLeaksWhenTheSAGoes(t *testing.T) {
	for _, e := range ends {
		t.Run(e.name, func(t *testing.T) {
			b := boot(t, topologies.DefaultLab, 3, defaultRoute("R1", "10.0.0.2"), defaultRoute("R2", "10.0.0.1"))
			wire := folder{}
			_, err := b.StartCapture(wire)
			require.NoError(t, err)
			b.do("wait 10s")
			b.at(50*time.Millisecond, e.node, e.lines...)
			out := b.do("R1: ping 192.168.2.1 source Loopback0 repeat 60 timeout 1")
			require.Contains(t, out, "!!!!!", "it was up")
			require.Contains(t, out, "..", "it went down")
			b.do("R2: ping 192.168.1.1 source Loopback0 timeout 1", "wait 60s")
			if e.back {
				require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
			} else {
				require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), ".....")
			}
			for kind, n := range wire.kinds(t) {
				require.Contains(t, []string{"arp", "ike", "esp"}, kind, "%d frames leaked", n)
			}
			require.Contains(t, strings.Join(b.log("R1"), "\n"), "Tunnel0, changed state to down")
		})
	}
}
