package kit

import (
	"net"
	"os"
	"sync"
	"testing"
)

// Ports are handed out once each, each process beginning elsewhere, from below those that
// the system gives to whoever asks for any.
const (
	firstPort = 20_000
	portCount = 8_000
	portShare = 64 // of a process, before it comes to another's
)

var ports = struct {
	sync.Mutex
	given int
}{given: os.Getpid() * portShare}

// FreePort is a UDP port that nobody has, at any address of this host.
func FreePort(t testing.TB) int {
	t.Helper()
	ports.Lock()
	defer ports.Unlock()
	for range portCount {
		port := firstPort + ports.given%portCount
		ports.given++
		if c, err := net.ListenUDP("udp4", &net.UDPAddr{Port: port}); err == nil {
			_ = c.Close()
			return port
		}
	}
	t.Fatal("no UDP port is free")
	return 0
}
