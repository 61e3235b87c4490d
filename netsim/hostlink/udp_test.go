package hostlink

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	loopback = netip.MustParseAddrPort("127.0.0.1:0")
	patience = 5 * time.Second
)

// open returns a link from a fresh port to remote.
func open(t *testing.T, remote netip.AddrPort) *UDP {
	u, err := OpenUDP(loopback, remote)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, u.Close()) })
	return u
}

// joined returns two links that are each other's peers.
func joined(t *testing.T) (a, b *UDP) {
	spare, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(loopback))
	require.NoError(t, err)
	free := spare.LocalAddr().(*net.UDPAddr).AddrPort()
	a = open(t, free)
	require.NoError(t, spare.Close())
	b, err = OpenUDP(free, a.Local())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return a, b
}

func start(u *UDP) chan []byte {
	in := make(chan []byte, 100)
	u.Start(func(frame []byte) { in <- frame }, func(State) {})
	return in
}

func next(t *testing.T, in chan []byte) []byte {
	select {
	case f := <-in:
		return f
	case <-time.After(patience):
		t.Fatal("no frame")
		return nil
	}
}

// TestBurst: what comes at once while nobody reads is not lost, where the kernel gives room.
func TestBurst(t *testing.T) {
	const burst = 400
	text, err := os.ReadFile("/proc/sys/net/core/rmem_max")
	if room, _ := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || room < receiveBuffer/2 {
		t.Skip("the kernel gives no socket room for a burst")
	}
	a, b := joined(t)
	for range burst {
		require.NoError(t, b.Send(make([]byte, 1514)))
	}
	in := make(chan []byte, burst)
	a.Start(func(frame []byte) { in <- frame }, func(State) {})
	for range burst {
		next(t, in)
	}
}

func TestFramesBothWays(t *testing.T) {
	a, b := joined(t)
	inA, inB := start(a), start(b)
	for _, size := range []int{1, 14, 60, 1514, 9014, MaxFrame} {
		frame := make([]byte, size)
		frame[size-1] = 7
		require.NoError(t, a.Send(frame))
		got := next(t, inB)
		require.Equal(t, frame, got, "bare: nothing added")
		require.NoError(t, b.Send(got))
		require.Equal(t, frame, next(t, inA))
	}
	require.EqualValues(t, 6, a.Counters().Sent)
	require.EqualValues(t, 6, a.Counters().Received)
}

func TestDeliveredFramesBelongToTheReceiver(t *testing.T) {
	a, b := joined(t)
	in := start(b)
	require.NoError(t, a.Send([]byte("one")))
	one := next(t, in)
	require.NoError(t, a.Send([]byte("two")))
	next(t, in)
	require.Equal(t, "one", string(one))
}

func TestStrangersAreIgnored(t *testing.T) {
	a, b := joined(t)
	in := start(b)
	stranger := open(t, b.Local())
	require.NoError(t, stranger.Send([]byte("let me in")))
	require.Eventually(t, func() bool { return b.Counters().Strangers == 1 }, patience, time.Millisecond)
	require.NoError(t, a.Send([]byte("peer")))
	require.Equal(t, "peer", string(next(t, in)))
}

func TestAPeerThatIsNotThere(t *testing.T) {
	a, b := joined(t)
	remote := b.Local()
	require.NoError(t, b.Close())
	in := start(a)
	for range 10 {
		require.NoError(t, a.Send([]byte("hello?")))
	}
	b, err := OpenUDP(remote, a.Local()) // now it comes
	require.NoError(t, err)
	defer b.Close()
	require.NoError(t, b.Send([]byte("here")))
	require.Equal(t, "here", string(next(t, in)))
}

func TestCloseEndsDelivery(t *testing.T) {
	a, b := joined(t)
	in := start(b)
	require.NoError(t, a.Send([]byte("last")))
	next(t, in)
	require.NoError(t, b.Close())
	close(in) // deliver would panic
	require.NoError(t, b.Close(), "twice is fine")
	require.Error(t, b.Send([]byte("x")))
	require.EqualValues(t, 1, b.Counters().Failed)
}

func TestRefusals(t *testing.T) {
	a := open(t, netip.MustParseAddrPort("127.0.0.1:9"))
	require.ErrorIs(t, a.Send(make([]byte, MaxFrame+1)), ErrTooLong)
	for _, row := range [][2]string{
		{"127.0.0.1:0", "127.0.0.1:0"}, {"127.0.0.1:0", "0.0.0.0:5"},
		{a.Local().String(), "127.0.0.1:9"}, {"192.0.2.1:5000", "127.0.0.1:9"},
	} {
		_, err := OpenUDP(netip.MustParseAddrPort(row[0]), netip.MustParseAddrPort(row[1]))
		require.ErrorContains(t, err, "hostlink: ", "%v", row)
	}
	_, err := OpenUDP(netip.AddrPort{}, a.Local())
	require.ErrorContains(t, err, "local address is missing")
	_, err = OpenUDP(loopback, netip.AddrPort{})
	require.ErrorContains(t, err, "remote")
}
