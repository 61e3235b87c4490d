package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// smallPairs gives the pairs of a node a lifetime of so few kilobytes that a
// flood uses up many, each with a DH exchange of its own.
func smallPairs(node string) func(*topologies.Topology) {
	return edit(node, " set transform-set TS",
		" set transform-set TS\n set pfs group2\n set security-association lifetime kilobytes 2560")
}

// quickESP has a node use AES, for floods that are not about the cipher: 3DES
// takes most of their time, and ten times that under the race detector.
func quickESP(node string) func(*topologies.Topology) {
	return edit(node, "esp-3des esp-sha-hmac", "esp-aes esp-sha-hmac")
}

// TestFloodAcrossVolumeRekeys: a flood from either end uses up pair after pair,
// and loses no packet while their successors are made.
func TestFloodAcrossVolumeRekeys(t *testing.T) {
	const packets, size = 8000, 1400
	for from, peer := range map[string]string{"R1": "192.168.2.1", "R2": "192.168.1.1"} {
		t.Run(from, func(t *testing.T) {
			b := boot(t, topologies.DefaultLab, 6, smallPairs("R1"), smallPairs("R2"), quickESP("R1"), quickESP("R2"))
			b.do("wait 10s", from+": debug crypto ipsec")
			out := b.do(fmt.Sprintf("%s: ping %s source Loopback0 repeat %d size %d", from, peer, packets, size))
			require.Contains(t, out, fmt.Sprintf("Success rate is 100 percent (%d/%d)", packets, packets))
			log := strings.Join(b.log(from), "\n")
			pairs := strings.Count(log, "IPSEC(create_sa): sa created") / 2
			require.GreaterOrEqual(t, pairs, packets*size/(2560<<10), "used-up pairs have successors")
			require.NotContains(t, log, "Tunnel0, changed state to down")
			b.settle("R1", "R2")
			require.Contains(t, b.do("R1: show crypto ipsec sa"), "PFS (Y/N): Y, DH group: group2")
		})
	}
}
