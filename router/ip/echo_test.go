package ip

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// errorAbout is an ICMP error for middle's first port that quotes a packet.
func (d *device) errorAbout(kind, code byte, quoted []byte) []byte {
	p := newPacket(ProtoICMP, addressOf(addr("10.0.12.1")), addressOf(addr("10.0.12.2")), 64, icmpHeader+len(quoted))
	b := p.Payload()
	b[0], b[1] = kind, code
	copy(b[icmpHeader:], quoted)
	binary.BigEndian.PutUint16(b[2:], Checksum(b))
	return d.frameTo(0, p)
}

// answerTo is the reply to an echo.
func (d *device) answerTo(echo []byte) []byte {
	p := echoTo("1.1.1.1", "10.0.12.2", len(echo)-HeaderLen-icmpHeader)
	b := p.Payload()
	copy(b, echo[HeaderLen:])
	b[0], b[2], b[3] = echoReply, 0, 0
	binary.BigEndian.PutUint16(b[2:], Checksum(b))
	return d.frameTo(0, p)
}

// TestPing: each way an echo can end.
func TestPing(t *testing.T) {
	d := middle(t)
	var got []Echo
	done := false
	p := &Ping{
		Destination: addr("1.1.1.1"), Source: addr("10.0.12.2"), Repeat: 4, Size: 100, Timeout: time.Second,
		Report: func(_ time.Time, e Echo) { got = append(got, e) }, Done: func(time.Time) { done = true },
	}
	d.Echoes.Ping(epoch, p)
	now := epoch.Add(4 * time.Millisecond)
	first := d.sent()[0]
	require.Len(t, first, 100)
	d.Receive(now, 0, d.answerTo(first))
	second := d.sent()[0]
	d.Receive(now, 0, d.answerTo(first)) // late: counts for nothing
	other := bytes.Clone(second)
	other[HeaderLen+4]++
	d.Receive(now, 0, d.errorAbout(Unreachable, 1, other)) // somebody else's
	require.Empty(t, d.sent())
	d.Receive(now, 0, d.errorAbout(Unreachable, 1, second[:HeaderLen+8]))
	d.Receive(now, 0, d.errorAbout(TimeExceeded, 0, d.sent()[0]))
	require.False(t, done)
	d.until(now.Add(time.Second))
	require.True(t, done)
	require.Equal(t, []Echo{{Answered: true, RTT: 4 * time.Millisecond}, {Failed: true, Type: Unreachable, Code: 1}, {Failed: true, Type: TimeExceeded}, {}}, got)
	require.Equal(t, 4, p.Sent)
	require.Empty(t, d.Echoes.pings)
}

func TestQuotesAreChecked(t *testing.T) {
	d := middle(t)
	told := 0
	d.ICMP.Handle(99, func(time.Time, Failure) { told++ })
	quote := newPacket(99, v4Address(1), v4Address(2), 64, 8).Bytes()
	d.Receive(epoch, 0, d.errorAbout(Unreachable, 0, quote))
	require.Equal(t, 1, told)
	for _, bad := range [][]byte{quote[:27], append([]byte{0x65}, quote[1:]...), append([]byte{0x4f}, quote[1:]...), {}} {
		d.Receive(epoch, 0, d.errorAbout(Unreachable, 0, bad))
	}
	require.Equal(t, 1, told)
}

// TestTrace walks a hop and ends at the unreachable port.
func TestTrace(t *testing.T) {
	const lost = 3 * time.Second
	d := middle(t)
	var got []Probe
	done := false
	d.Echoes.Trace(epoch, &Trace{
		Destination: addr("1.1.1.1"), Source: addr("10.0.12.2"), Timeout: lost, Probes: 3, First: 1, Last: 30, Port: 33434,
		Report: func(_ time.Time, p Probe) { got = append(got, p) }, Done: func(time.Time) { done = true },
	})
	now := epoch.Add(2 * time.Millisecond)
	for range 2 {
		d.Receive(now, 0, d.errorAbout(TimeExceeded, 0, d.sent()[0]))
	}
	d.until(now.Add(lost))
	d.frames = d.frames[1:] // the one that was lost
	for range 3 {
		require.False(t, done)
		probe := d.sent()[0]
		require.EqualValues(t, 2, probe[8], "time to live")
		d.Receive(now.Add(lost), 0, d.errorAbout(Unreachable, CodePort, probe))
	}
	require.True(t, done)
	require.Len(t, got, 6)
	require.Equal(t, Probe{Hop: 1, Number: 1, From: addr("10.0.12.1"), Type: TimeExceeded, RTT: 0}, got[1])
	require.False(t, got[2].From.IsValid())
	require.Equal(t, Probe{Hop: 2, Number: 2, From: addr("10.0.12.1"), Type: Unreachable, Code: CodePort, Last: true}, got[5])
}

// TestEchoToOurselvesTakesTime, or nobody could interrupt a long ping.
func TestEchoToOurselvesTakesTime(t *testing.T) {
	d := middle(t)
	n := 0
	p := &Ping{
		Destination: addr("10.0.12.2"), Source: addr("10.0.12.2"), Repeat: 1 << 30, Size: 100,
		Report: func(_ time.Time, e Echo) {
			require.True(t, e.Answered)
			n++
		},
	}
	d.Echoes.Ping(epoch, p)
	d.until(epoch.Add(100 * time.Millisecond))
	require.Equal(t, 101, n)
	p.Stop()
	require.Empty(t, d.Echoes.pings)
}

// TestSweepAndPattern: echoes grow, their data are the pattern, and with Validate a
// reply with other data is none.
func TestSweepAndPattern(t *testing.T) {
	d := middle(t)
	var sizes []int
	answered := 0
	d.Echoes.Ping(epoch, &Ping{
		Destination: addr("10.0.12.2"), Source: addr("10.0.12.2"), Repeat: 4, Size: 36, Sweep: Sweep{To: 44, By: 4}, Validate: true, Pattern: []byte{0, 0},
		Report: func(_ time.Time, e Echo) {
			sizes = append(sizes, d.Echoes.pings[0].size())
			if e.Answered {
				answered++
			}
		},
		Done: func(time.Time) {},
	})
	p := d.Echoes.pings[0]
	require.True(t, p.sent(make([]byte, 8)))
	require.False(t, p.sent([]byte{0, 0, 0, 0, 0, 0, 0, 1}))
	require.False(t, p.sent(make([]byte, 7)))
	d.until(epoch.Add(100 * time.Millisecond))
	require.Equal(t, []int{36, 40, 44, 36}, sizes)
	require.Equal(t, 4, answered)
}
