package ip

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lone is a stack with one port, 10.0.0.1/24, whose announcement has left.
func lone(t testing.TB) *device {
	d := newDevice(t, 1)
	d.set("eth0", "eth", "10.0.0.1/24")
	d.timers.Run(epoch)
	require.Equal(t, 1, d.asked(), "an announcement")
	return d
}

// send sends a datagram to port n of an address.
func (d *device) send(now time.Time, to string, n uint16) {
	d.UDP.Send(now, Datagram{Local: addrPort("10.0.0.1:7"), Remote: addrPortOf(addr(to), n)}, 64)
}

// ports lists the destination ports of the datagrams that left.
func (d *device) ports() []int {
	var list []int
	for _, b := range d.sent() {
		list = append(list, int(b[22])<<8|int(b[23]))
	}
	return list
}

func (d *device) neighbour(a string) *Neighbour { return d.Interfaces.port(0).neighbours.get(addr(a)) }

// What waits for neighbours is bounded, for one and for all of them; the latest of
// each stays.
func TestWaitingPacketsAreBounded(t *testing.T) {
	d := lone(t)
	for n := range uint16(maxHeld + 3) {
		d.send(epoch, "10.0.0.2", n)
	}
	require.Equal(t, maxHeld, d.waiting)
	for host := range 250 {
		for n := range uint16(2) {
			d.send(epoch, fmt.Sprintf("10.0.0.%d", 3+host), n)
		}
	}
	require.LessOrEqual(t, d.waiting, maxWaiting+250)
	d.frames = nil
	d.Receive(epoch, 0, arpFrame(host1, arpReply, "10.0.0.200", "10.0.0.200"))
	require.Equal(t, []int{1}, d.ports(), "the latest")
	d.until(epoch.Add(holdTime))
	require.Zero(t, d.waiting)
}

// TestARPHoldsPackets: "The link layer SHOULD save (rather than discard)
// at least one (the latest) packet of each set of packets destined to the same
// unresolved IP address, and transmit the saved packet when the address has
// been resolved." (RFC 1122 section 2.3.2.2)
func TestARPHoldsPackets(t *testing.T) {
	d := lone(t)
	for n := range uint16(3) {
		d.send(epoch, "10.0.0.2", n)
	}
	d.until(epoch.Add(9 * time.Second))
	require.Equal(t, 1+4, d.asked(), "one at once and four, a second apart, after the latest packet")
	require.False(t, d.neighbour("10.0.0.2").Resolved)
	d.Receive(epoch, 0, arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.2"))
	require.Equal(t, []int{0, 1, 2}, d.ports(), "in their order")
	require.True(t, d.neighbour("10.0.0.2").Resolved)
	require.Zero(t, d.Interfaces.port(0).Counters.OutDrops)
}

// TestARPAnswerToSeveralPackets: that another packet waits, too, before the answer
// comes takes nothing from the question.
func TestARPAnswerToSeveralPackets(t *testing.T) {
	d := lone(t)
	for n := range uint16(2) {
		d.send(epoch, "10.0.0.2", n)
	}
	d.Receive(epoch, 0, arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.1"))
	require.Equal(t, []int{0, 1}, d.ports())
	require.True(t, d.neighbour("10.0.0.2").Resolved)
}

func TestARPForgetsUnresolved(t *testing.T) {
	d := lone(t)
	d.send(epoch, "10.0.0.2", 1)
	d.until(epoch.Add(holdTime - time.Second))
	require.NotNil(t, d.neighbour("10.0.0.2"))
	d.until(epoch.Add(holdTime))
	require.Nil(t, d.neighbour("10.0.0.2"))
	require.True(t, d.timers.Next().IsZero(), "nothing is left to do")
	require.Equal(t, Unresolved, d.dropped())
}

func TestARPRefreshesThenAges(t *testing.T) {
	d := lone(t)
	d.Receive(epoch, 0, arpFrame(host1, arpRequest, "10.0.0.2", "10.0.0.1"))
	require.Equal(t, 1, d.asked(), "the answer")
	d.until(epoch.Add(neighbourAge - neighbourRefresh - time.Second))
	require.Zero(t, d.asked())
	now := epoch.Add(neighbourAge - neighbourRefresh)
	d.until(now)
	require.Equal(t, host1, [6]byte(d.frames[0][:6]), "a refresh is not a broadcast")
	d.Receive(now, 0, arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.1"))
	require.Equal(t, now, d.neighbour("10.0.0.2").Learned)
	d.until(now.Add(neighbourAge + time.Second))
	require.Nil(t, d.neighbour("10.0.0.2"), "nobody answers any more")
	require.Equal(t, NeighbourChanged{"eth0", addr("10.0.0.2"), host1, false}, d.last())
}

func TestARPIgnoresNonsense(t *testing.T) {
	frame := func(change func(b []byte)) []byte {
		f := arpFrame([6]byte{2, 0, 0, 0, 0, 9}, arpRequest, "10.0.0.9", "10.0.0.1")
		f = append(f, make([]byte, 18)...)
		if change != nil {
			change(f[EthernetHeader:])
		}
		return f
	}
	for name, row := range map[string]struct {
		frame            []byte
		learned, answers bool
	}{
		"request":             {frame(nil), true, true},
		"probe":               {frame(func(b []byte) { copy(b[14:], []byte{0, 0, 0, 0}) }), false, true},
		"for somebody else":   {frame(func(b []byte) { b[27] = 77 }), false, false},
		"another network":     {frame(func(b []byte) { b[15] = 1 }), false, true},
		"hardware type":       {frame(func(b []byte) { b[1] = 6 }), false, false},
		"address length":      {frame(func(b []byte) { b[5] = 16 }), false, false},
		"operation":           {frame(func(b []byte) { b[7] = 8 }), false, false},
		"group sender":        {frame(func(b []byte) { b[8] = 3 }), false, false},
		"our own address":     {frame(func(b []byte) { b[17] = 1 }), false, false},
		"broadcast address":   {frame(func(b []byte) { b[17] = 255 }), false, true},
		"cut":                 {frame(nil)[:40], false, false},
		"answer we asked not": {frame(func(b []byte) { b[7] = 2; b[27] = 5 }), false, false},
		"not the sender":      {frame(func(b []byte) { b[9] = 0xee }), false, false},
	} {
		d := lone(t)
		d.Receive(epoch, 0, row.frame)
		require.Equal(t, row.learned, len(d.Interfaces.port(0).Neighbours()) == 1, name)
		require.Equal(t, row.answers, d.asked() == 1, name)
	}
}

// TestCorruptedARPReplyIsNotBelieved: the one that comes next is.
func TestCorruptedARPReplyIsNotBelieved(t *testing.T) {
	for bit := range 6 * 8 {
		d := lone(t)
		d.send(epoch, "10.0.0.2", 1)
		bad := arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.1")
		bad[EthernetHeader+8+bit/8] ^= 1 << (bit % 8)
		d.Receive(epoch, 0, bad)
		require.False(t, d.neighbour("10.0.0.2").Resolved)
		require.Equal(t, BadARP, d.dropped())
		d.frames = nil
		d.until(epoch.Add(askPause))
		require.Equal(t, 1, d.asked(), "asked again")
		d.Receive(epoch, 0, arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.1"))
		require.Equal(t, []int{1}, d.ports())
	}
}

// TestAnswersThatNobodyAskedFor change nothing; announcements and questions do.
func TestAnswersThatNobodyAskedFor(t *testing.T) {
	d := lone(t)
	d.Receive(epoch, 0, arpFrame(host1, arpReply, "10.0.0.2", "10.0.0.1"))
	require.Nil(t, d.neighbour("10.0.0.2"))
	d.Receive(epoch, 0, arpFrame(host1, arpRequest, "10.0.0.2", "10.0.0.1"))
	require.Equal(t, host1, d.neighbour("10.0.0.2").MAC)
	d.Receive(epoch, 0, arpFrame(host3, arpReply, "10.0.0.2", "10.0.0.1"))
	require.Equal(t, host1, d.neighbour("10.0.0.2").MAC)
	d.Receive(epoch, 0, arpFrame(host3, arpReply, "10.0.0.2", "10.0.0.2"))
	require.Equal(t, host3, d.neighbour("10.0.0.2").MAC, "a gratuitous announcement")
	d.Receive(epoch, 0, arpFrame(host1, arpRequest, "10.0.0.2", "10.0.0.7"))
	require.Equal(t, host1, d.neighbour("10.0.0.2").MAC, "who asks somebody else says where it is, too")
}

// TestARPBeyondTheSubnet: a route through a port without a next hop asks for
// the destination itself, and takes the answer.
func TestARPBeyondTheSubnet(t *testing.T) {
	d := lone(t)
	d.add(staticOf("192.168.2.0/24", "", "eth0", 1))
	d.send(epoch, "192.168.2.1", 5)
	require.Equal(t, 1, d.asked())
	d.Receive(epoch, 0, arpFrame(host1, arpReply, "192.168.2.1", "10.0.0.1"))
	require.Equal(t, []int{5}, d.ports())
}

// TestTenThousandNeighbours is an ordinary day.
func TestTenThousandNeighbours(t *testing.T) {
	d := newDevice(t, 1)
	i := d.set("eth0", "eth", "10.0.0.1/16")
	for n := range 10000 {
		a := v4Address(uint32(addressOf(addr("10.0.1.0")).lo) + uint32(n)).netip()
		d.UDP.Send(epoch, Datagram{Local: addrPort("10.0.0.1:7"), Remote: addrPortOf(a, 9)}, 64)
		d.Receive(epoch, 0, arpFrame([6]byte{2, 0, 0, 1, byte(n >> 8), byte(n)}, arpReply, a.String(), "10.0.0.1"))
	}
	require.Len(t, i.Neighbours(), 10000)
	require.Zero(t, i.Counters.OutDrops)
	require.Len(t, d.ports(), 10000)
}

// TestUnaskedNeighboursAreBounded: who floods the table leaves room for those
// that we ask.
func TestUnaskedNeighboursAreBounded(t *testing.T) {
	d := newDevice(t, 1)
	i := d.set("eth0", "eth", "10.0.0.1/8")
	for n := range maxUnasked + 100 {
		a := v4Address(uint32(addressOf(addr("10.1.0.0")).lo) + uint32(n)).netip()
		d.Receive(epoch, 0, arpFrame([6]byte{2, 1, 0, byte(n >> 16), byte(n >> 8), byte(n)}, arpRequest, a.String(), "10.0.0.1"))
	}
	require.Equal(t, maxUnasked, i.neighbours.known().Len())
	d.frames = nil
	d.send(epoch, "10.200.0.1", 1)
	require.Equal(t, 1, d.asked())
}
