package station

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

var epoch = time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC)

// host is a station with one port, and what it has sent.
func host(t *testing.T) (*Station, *[][]byte) {
	t.Helper()
	s := New(Options{
		Node: 1, Name: "H1", Ports: []Port{{"eth0", netip.MustParsePrefix("192.168.1.10/24")}}, Gateway: netip.MustParseAddr("192.168.1.1"),
		MAC: func(int) [6]byte { return [6]byte{2, 0, 0, 0, 0, 1} },
	})
	var sent [][]byte
	s.Attach(func(_ int, frame []byte, _ uint64) uint64 {
		sent = append(sent, append([]byte(nil), frame...))
		return uint64(len(sent))
	}, nil)
	return s, &sent
}

// TestHostAsksForItsRouter: what is not on its network goes to the gateway, whose
// hardware address it asks for.
func TestHostAsksForItsRouter(t *testing.T) {
	s, sent := host(t)
	require.Equal(t, []string{"eth0"}, s.PortNames())
	s.Start(epoch)
	s.Carrier(epoch, 0, true)
	*sent = nil
	ended := false
	s.Ping(epoch, &ip.Ping{
		Destination: netip.MustParseAddr("10.9.9.9"), Repeat: 1, Size: 100, Timeout: time.Second,
		Report: func(_ time.Time, e ip.Echo) { require.False(t, e.Answered) }, Done: func(time.Time) { ended = true },
	})
	require.Len(t, *sent, 1)
	require.Equal(t, []byte{192, 168, 1, 1}, (*sent)[0][38:42])
	for !ended {
		require.False(t, s.Deadline().IsZero())
		s.Advance(s.Deadline())
	}
}

// TestStationWithoutPower: nothing reaches one that has not started.
func TestStationWithoutPower(t *testing.T) {
	s, sent := host(t)
	s.Receive(epoch, 0, make([]byte, 60), 1, 0)
	s.Carrier(epoch, 0, true)
	s.Advance(epoch)
	require.True(t, s.Deadline().IsZero())
	require.Empty(t, *sent)
}

// TestHostWithoutAddress: one that asks for its address has none until it gets an answer, and
// its echoes go nowhere.
func TestHostWithoutAddress(t *testing.T) {
	s := New(Options{
		Node: 1, Name: "H1", Ports: []Port{{Name: "eth0"}}, MAC: func(int) [6]byte { return [6]byte{2, 0, 0, 0, 0, 1} }, Random: rand.NewChaCha8([32]byte{}),
	})
	sent := 0
	s.Attach(func(_ int, frame []byte, _ uint64) uint64 {
		sent++
		require.Equal(t, []byte{255, 255, 255, 255}, frame[30:34], "a DISCOVER, to everybody")
		return uint64(sent)
	}, nil)
	s.Start(epoch)
	s.Carrier(epoch, 0, true)
	ended := false
	s.Ping(epoch, &ip.Ping{
		Destination: netip.MustParseAddr("10.9.9.9"), Repeat: 2, Size: 100, Timeout: time.Second,
		Report: func(_ time.Time, e ip.Echo) { require.False(t, e.Answered) }, Done: func(time.Time) { ended = true },
	})
	for !ended {
		s.Advance(s.Deadline())
	}
	require.NotZero(t, sent)
	require.False(t, s.Address("eth0").IsValid())
}
