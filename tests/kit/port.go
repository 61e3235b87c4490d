package kit

import (
	"net"
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
		if c, err := net.ListenUDP("udp4", &net.UDPAddr{Port: port}); err == nil {
			_ = c.Close()
			return port
		}
	}
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
