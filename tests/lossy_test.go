package tests

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
)

// impair gives every link of a lab the same impairments.
func impair(i topologies.Impairments) func(*topologies.Topology) {
	return func(t *topologies.Topology) {
		for _, l := range t.Links {
			for e := range l.Ends {
				l.Ends[e].Impairments = i
			}
		}
	}
}

// TestLossyHour: an hour of rekeys of both kinds over a link that loses,
// doubles and reorders leaves one IKE SA and one pair at each end, and
// both ends mean the same. In the last three seeds the ends began IKE SAs at
// different times that came up beside each other, or a new pair each after the
// old one had expired while a rekey went unanswered.
func TestLossyHour(t *testing.T) {
	bad := topologies.Impairments{
		Delay: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.1, Duplicate: 0.1, Reorder: 0.1,
	}
	for _, seed := range []uint64{0, 1, 2, 3, 4, 5, 6, 7, 539, 954, 959} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			b := boot(t, topologies.DefaultLab, seed, impair(bad), shortChildren("R1"), shortChildren("R2"))
			b.do("wait 1h")
			for _, name := range []string{"R1:Ethernet0/0", "R2:Ethernet0/0"} {
				require.NoError(t, b.Sim.Port(name).SetImpairments(netsim.Impairments{}))
			}
			b.do("wait 5m") // whose Delete went unanswered gives up
			b.settle("R1", "R2")
			require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0 repeat 50"), "(50/50)")
		})
	}
}

// shortChildren gives a node's child SAs a lifetime of two minutes.
func shortChildren(node string) func(*topologies.Topology) {
	return edit(node, " set transform-set TS", " set transform-set TS\n set security-association lifetime seconds 120")
}

// settle waits until no rekey is under way, then requires one IKE SA and one
// pair of child SAs at both ends of a tunnel, with the same SPIs.
func (b *bench) settle(nodes ...string) {
	b.t.Helper()
	var ike, esp [2]string
	for range 60 {
		for i, n := range nodes {
			ike[i] = b.do(n + ": show crypto ikev2 sa detailed | include spi:")
			esp[i] = b.do(n + ": show crypto ipsec sa | include spi: 0x")
		}
		if strings.Count(ike[0]+ike[1], "Local spi") == 2 && strings.Count(esp[0]+esp[1], "spi: ") == 4+2 {
			break
		}
		b.do("wait 1s")
	}
	for i := range nodes {
		require.Equal(b.t, 1, strings.Count(ike[i], "Local spi"), "%s: %s", nodes[i], ike[i])
		require.Equal(b.t, 3, strings.Count(esp[i], "spi: 0x"), "%s: %s", nodes[i], esp[i])
	}
	a, z := strings.Fields(ike[0]), strings.Fields(ike[1])
	require.Equal(b.t, []string{a[2], a[5]}, []string{z[5], z[2]})
}
