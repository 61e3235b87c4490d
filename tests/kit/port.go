package kit

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
)

// UDP ports are handed out once each, from below those that the system gives to whoever asks
// for any. A process has a share of them for itself.
const (
	firstPort = 20_000
	lastPort  = 28_000
	portShare = 64
)

type share struct {
	sync.Mutex
	next, end int
	held      []net.Listener
}

var ports = share{next: firstPort, end: firstPort}

// FreePort is a UDP port that nobody has, at any address of this host, and that no other test
// is given.
func FreePort(t testing.TB) int {
	t.Helper()
	ports.Lock()
	defer ports.Unlock()
	for {
		if ports.next == ports.end {
			ports.claim(t)
		}
		port := ports.next
		ports.next++
		if !inUse(port) {
			return port
		}
	}
}

// inUse says whether somebody has a UDP port, as Linux lists them; elsewhere nobody is asked. To
// open and close one does not do: a process that is being started at that moment has it for a while.
func inUse(port int) bool {
	for _, family := range []string{"udp", "udp6"} {
		list, _ := os.ReadFile("/proc/net/" + family)
		if bytes.Contains(list, fmt.Appendf(nil, ":%04X ", port)) {
			return true
		}
	}
	return false
}

// claim takes the next share that no other process has: whoever listens at the TCP port of
// a share's first number has it, while the process lives.
func (s *share) claim(t testing.TB) {
	t.Helper()
	for first := s.end; first < lastPort; first += portShare {
		if l, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(first)); err == nil {
			s.next, s.end, s.held = first, first+portShare, append(s.held, l)
			return
		}
	}
	t.Fatal("no UDP port is free")
}
