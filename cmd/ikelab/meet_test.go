package main

import (
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTwoProgramsMeet over a pair of UDP sockets, at the pace of the wall
// clock, with keys that come from the operating system.
func TestTwoProgramsMeet(t *testing.T) {
	dir := t.TempDir()
	a, b := freePort(t), freePort(t)
	lab := func(name string, self, local, remote int) string {
		return write(t, dir, name+".clab.yml", fmt.Sprintf(`name: %s
topology:
  nodes:
    R1:
      kind: ios
      startup-config: |
        interface Ethernet0/0
         ip address 10.0.0.%d 255.255.255.0
  links:
    - {type: udp, endpoint: "R1:Ethernet0/0", local: "127.0.0.1:%d", remote: "127.0.0.1:%d"}
`, name, self, local, remote))
	}
	first, second := lab("a", 1, a, b), lab("b", 2, b, a)
	start := time.Now()
	var all sync.WaitGroup
	all.Go(func() {
		_, _, err := program(t, "", "exec", second, "wait 5s")
		require.NoError(t, err)
	})
	out, _, err := program(t, "", "exec", first, "wait 1s", "R1: ping 10.0.0.2")
	require.NoError(t, err)
	require.Regexp(t, `Success rate is [1-9]`, out)
	all.Wait()
	require.GreaterOrEqual(t, time.Since(start), 5*time.Second, "paced")
}

func freePort(t *testing.T) int {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	return c.LocalAddr().(*net.UDPAddr).Port
}
