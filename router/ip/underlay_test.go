package ip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mirror is an Output that sends whatever it gets to an address, in nothing.
type mirror struct {
	s    *Stack
	to   netip.Addr
	path Path
	seen *int
}

func (m *mirror) Output(now time.Time, p *Packet) {
	*m.seen++
	m.s.SendOn(now, &m.path, m.to, p.buf)
}
func (*mirror) Ready() bool      { return true }
func (*mirror) Holds() bool      { return false }
func (*mirror) Place(int) []byte { return nil }

// Whatever the tunnels think of their ways: a packet that goes from one into another
// one and back comes to an end.
func TestTunnelsNestSoDeep(t *testing.T) {
	s := newDevice(t, 1)
	seen := 0
	for n, name := range []string{"mirror0", "mirror1"} {
		to := netip.AddrFrom4([4]byte{172, 16, byte(1 - n), 2})
		s.kinds["mirror"] = Kind{Output: func(*Interface) Output { return &mirror{s: s.Stack, to: to, seen: &seen} }}
		s.set(name, "mirror", netip.AddrFrom4([4]byte{172, 16, byte(n), 1}).String()+"/24")
	}
	s.originate(epoch, newPacket(ProtoUDP, addressOf(addr("172.16.0.1")), addressOf(addr("172.16.0.2")), 64, 20))
	require.Equal(t, maxNested+1, seen)
	require.Zero(t, s.nested)
}
