package crypto

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// pass lets time go by at an end, and counts the ESP packets that it sends.
func (d *device) pass(span time.Duration) (sent int) {
	for end := d.now.Add(span); ; {
		at := d.timers.Next()
		if at.IsZero() || at.After(end) {
			d.now = end
			break
		}
		d.now = at
		d.timers.Run(at)
	}
	for _, f := range d.frames {
		if binary.BigEndian.Uint16(f[12:]) == 0x800 && f[23] == ip.ProtoESP {
			sent++
		}
	}
	d.frames = nil
	return sent
}

// withDummies are two ends with a pair, of which the first sends what carries nothing.
func withDummies(t *testing.T, every time.Duration) (one, two *device) {
	one, two = twoEnds(t)
	one.settings.Dummies = every
	one.entry.Set(one.now, one.settings)
	return one, two
}

// "A transmitter MUST be capable of generating dummy packets marked with this value in the
// next protocol field, and a receiver MUST be prepared to discard such packets, without
// indicating an error." (RFC 4303 section 2.6)
func TestDummies(t *testing.T) {
	one, two := withDummies(t, 200*time.Millisecond)
	require.Zero(t, one.pass(time.Minute), "there is no sa")
	install(t, one, two, 0x100)
	one.calls()
	two.calls()
	lengths := map[int]bool{}
	for range 50 {
		one.pass(190 * time.Millisecond)
		one.pass(10 * time.Millisecond)
	}
	for _, f := range one.frames {
		lengths[len(f)] = true
	}
	count := one.entry.States()[0]
	require.EqualValues(t, 50, count.DummiesSent)
	require.Zero(t, count.Encaps)
	require.Empty(t, one.calls(), "IKE need not ask whether the peer is there")
	count = two.entry.States()[0]
	require.EqualValues(t, 50, count.Dummies)
	require.Zero(t, count.Decaps+count.RecvErrors)
	require.Equal(t, []string{"traffic 0x100"}, two.calls()[:1], "they are the peer's")
	one.sayTo2(10)
	require.Equal(t, 1, two.got)
}

// None is as long as the next; all go whole.
func TestDummiesHaveLengths(t *testing.T) {
	one, two := withDummies(t, 40*time.Millisecond)
	install(t, one, two, 0x100)
	lengths := map[int]bool{}
	one.stack.Interfaces.Settle(one.now, one.entry.iface)
	for range 100 {
		one.now = one.timers.Next()
		one.timers.Run(one.now)
		if f := one.frames; len(f) > 0 && f[len(f)-1][23] == ip.ProtoESP {
			lengths[len(f[len(f)-1])] = true
			require.LessOrEqual(t, len(f[len(f)-1]), ip.EthernetMTU+ip.EthernetHeader)
		}
	}
	require.Greater(t, len(lengths), 50)
}

// Who is not told sends none, and who is told otherwise stops, as does who has no SA any
// more.
func TestDummiesEnd(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x100)
	require.Zero(t, one.pass(time.Hour), "nobody has asked for them")
	one.settings.Dummies = time.Second
	one.entry.Set(one.now, one.settings)
	require.Equal(t, 10, one.pass(10*time.Second))
	one.settings.Dummies = time.Minute
	one.entry.Set(one.now, one.settings)
	require.Equal(t, 2, one.pass(90*time.Second), "the one that was due, and another")
	one.settings.Dummies = 5 * time.Second
	one.entry.Set(one.now, one.settings)
	require.Equal(t, 1, one.pass(5*time.Second), "not a minute later")
	one.settings.Dummies = 0
	one.entry.Set(one.now, one.settings)
	require.Zero(t, one.pass(time.Hour))
	one.settings.Dummies = time.Second
	one.entry.Set(one.now, one.settings)
	require.True(t, one.crypto.Delete(one.now, 0x101))
	require.Zero(t, one.pass(time.Hour))
}

// An idle entry is idle all the same.
func TestDummiesAreNoUse(t *testing.T) {
	one, two := withDummies(t, 10*time.Second)
	one.settings.Idle = time.Minute
	one.entry.Set(one.now, one.settings)
	install(t, one, two, 0x100)
	one.calls()
	one.pass(time.Minute)
	require.Equal(t, []string{"clear Tunnel0"}, one.calls())
}

// Each flow has its own, and of a pair that is rekeyed the newer one sends them, in either
// mode.
func TestDummiesOfEachFlow(t *testing.T) {
	one, two := twoEnds(t)
	for _, d := range []*device{one, two} {
		d.settings.Several = true
		d.entry.Set(d.now, d.settings)
	}
	one.settings.Dummies = time.Second
	one.entry.Set(one.now, one.settings)
	for i, net := range []string{"10.1.0.0/16", "10.2.0.0/16"} {
		install(t, one, two, 0x100+0x10*ipsec.SPI(i), func(a *Association) {
			a.Transport = i == 1
			a.Local, a.Remote = prefixes(net), []spd.Selector{spd.AnyIPv4()}
		})
	}
	install(t, one, two, 0x200, func(a *Association) {
		a.Local, a.Remote, a.Replaces = prefixes("10.1.0.0/16"), []spd.Selector{spd.AnyIPv4()}, a.In.SPI-0x100
	})
	require.Equal(t, 2, one.pass(time.Second))
	counts := map[uint64]int{}
	for _, p := range two.entry.pairs {
		counts[p.in.association().Sequence()]++
	}
	require.Equal(t, map[uint64]int{0: 1, 1: 2}, counts, "the old pair is left alone")
}
