package tests

import (
	"strings"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

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
