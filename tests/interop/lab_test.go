package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// Our side of the matrix: one lab with a router for each cell. All routers share
// a segment with the peer, whose kernel is a guest, and have each a network of
// their own with a host, which is another guest and speaks TCP.

// matrixSpeed is how much faster our routers' clocks go than the guests': what
// takes minutes by a router's lifetimes passes in seconds. With a few cells there is less to do
// at once, and they may go faster still.
func matrixSpeed() string {
	if *withMatrix {
		return "4"
	}
	return "10"
}

func startLab(t *testing.T, list []cell, peer, host [2]int) *consoles {
	dir := t.TempDir()
	file := filepath.Join(dir, "matrix.clab.yml")
	require.NoError(t, os.WriteFile(file, []byte(labFile(list, peer, host)), 0o644))
	for _, c := range list {
		require.NoError(t, os.WriteFile(filepath.Join(dir, c.router()+".cfg"), []byte(c.config()), 0o644))
	}
	return startConsoles(t, kit.Ikelab(t, "run", "--speed", matrixSpeed(), file))
}

// labFile is the topology; of two ports the first is ours.
func labFile(list []cell, peer, host [2]int) string {
	var b strings.Builder
	b.WriteString("name: matrix\n" + labAuthorities + "  TAKEN: {valid-for: 400000h, issued-for: 400000h, revoked: " + routersOf(list) + "}\ntopology:\n  nodes:\n    outside: {kind: bridge}\n    inside: {kind: bridge}\n")
	for _, c := range list {
		image := ""
		if c.feature != nil && c.feature.image != "" {
			image = ", image: \"" + c.feature.image + "\""
		}
		fmt.Fprintf(&b, "    %[1]s: {kind: ios, startup-config: %[1]s.cfg%[2]s}\n", c.router(), image)
		if c.behindNAT() {
			fmt.Fprintf(&b, "    %s: {kind: nat, inside: {eth0: 10.1.%d.1/24}, outside: {eth1: %s/24}}\n", c.natName(), c.n, c.ours())
		}
	}
	b.WriteString("  links:\n")
	for name, ports := range map[string][2]int{"outside": peer, "inside": host} {
		fmt.Fprintf(&b, "    - {type: udp, endpoint: \"%s:guest\", local: \"127.0.0.1:%d\", remote: \"127.0.0.1:%d\"}\n", name, ports[0], ports[1])
	}
	for _, c := range list {
		fmt.Fprintf(&b, "    - endpoints: [\"%[1]s:Ethernet0/1\", \"inside:%[1]s\"]\n", c.router())
		if c.behindNAT() {
			fmt.Fprintf(&b, "    - endpoints: [\"%[1]s:Ethernet0/0\", \"%[2]s:eth0\"]\n    - endpoints: [\"%[2]s:eth1\", \"outside:%[1]s\"]\n", c.router(), c.natName())
			continue
		}
		fmt.Fprintf(&b, "    - endpoints: [\"%[1]s:Ethernet0/0\", \"outside:%[1]s\"]\n", c.router())
	}
	return b.String()
}
