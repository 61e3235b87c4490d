package crypto

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/ip"
	"ikelab/router/record"
)

// "From a technical correctness and interoperability perspective, the responder
// MAY begin sending on an SA as soon as it sends its response to the
// CREATE_CHILD_SA request." (RFC 7296, section 2.8)

// answered are two ends of which the second has installed a pair, and the first
// computes its keys.
func answered(t *testing.T, spi ipsec.SPI) (one, two *device) {
	one, two = twoEnds(t)
	install(t, one, two, 0x1000)
	one.crypto.Expect(spi+1, 0, addr("10.0.0.1"))
	require.NoError(t, two.crypto.Install(epoch, association(2, spi)))
	return one, two
}

// sayTo1 sends a datagram of n octets the other way.
func (d *device) sayTo1(n int) { d.say("192.168.2.1", "192.168.1.1", n) }

// refusedFor lists why packets were refused.
func (d *device) refusedFor() (list []error) {
	for _, b := range d.bodies {
		if r, ok := b.(Refused); ok {
			list = append(list, r.Reason)
		}
	}
	return list
}

func TestWhatComesBeforeItsSAWaits(t *testing.T) {
	one, two := answered(t, 0x2000)
	for _, n := range []int{10, 30, 20} {
		two.sayTo1(n)
	}
	require.Zero(t, one.got)
	require.EqualValues(t, 0x2001, last[Held](t, one).SPI)
	one.calls()
	require.NoError(t, one.crypto.Install(epoch, association(1, 0x2000)))
	require.Equal(t, []int{10, 30, 20}, one.sizes, "in order")
	require.Equal(t, []string{"traffic 0x2001"}, one.calls(), "the peer lives")
	require.Zero(t, one.crypto.Drops)
	require.Equal(t, waiting{bySPI: map[ipsec.SPI]*expected{}}, one.crypto.waiting)
	two.sayTo1(40)
	require.Equal(t, 4, one.got)
}

// TestWhatWaitsIsJudged: it is received like any other packet, and what follows
// from it does not follow from the end of the negotiation.
func TestWhatWaitsIsJudged(t *testing.T) {
	one, two := answered(t, 0x2000)
	two.sayTo1(10)
	frame := two.frames[len(two.frames)-1]
	one.stack.Receive(epoch, 0, frame)
	frame[41] += 9
	var held, follows []record.ID
	one.crypto.records.Listen(func(r record.Record) {
		switch r.Body.(type) {
		case Held:
			held = append(held, r.ID)
		case Refused:
			follows = append(follows, r.Cause)
		}
	})
	one.stack.Receive(epoch, 0, frame)
	clear(frame) // it is not kept
	require.NoError(t, one.crypto.Install(epoch, association(1, 0x2000)))
	require.Equal(t, 1, one.got)
	require.Equal(t, Drops{Replay: 1, Integrity: 1}, one.crypto.Drops)
	require.Len(t, held, 1)
	require.Equal(t, held[0], follows[1])
}

func TestNobodyElseWaits(t *testing.T) {
	one, two := answered(t, 0x2000)
	require.NoError(t, two.crypto.Install(epoch, association(2, 0x3000)))
	two.sayTo1(10)
	require.EqualValues(t, 1, one.crypto.Drops.InvalidSPI, "nobody expects this one")
	one.crypto.Expect(0x3001, 0, addr("10.0.0.9"))
	two.sayTo1(10)
	require.EqualValues(t, 2, one.crypto.Drops.InvalidSPI, "at another address")
	require.Equal(t, []error{nil, nil}, one.refusedFor())
}

// espFrame is an ESP packet of n octets from end 2 to end 1.
func espFrame(spi ipsec.SPI, n int) []byte {
	p := packet(n)
	p[9] = ip.ProtoESP
	copy(p[12:], []byte{10, 0, 0, 2, 10, 0, 0, 1})
	binary.BigEndian.PutUint32(p[ip.HeaderLen:], uint32(spi))
	fixChecksum(p)
	return append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}, p...)
}

// TestFloodBeforeAnSA: what waits is bounded, in packets and in octets, for one
// SA and in all.
func TestFloodBeforeAnSA(t *testing.T) {
	const spis, each = 40, 100
	for n, all := range map[int]load{60: {256, 256 * 60}, 1400: {187, 187 * 1400}, 60000: {4, 4 * 60000}} {
		one, _ := twoEnds(t)
		w := &one.crypto.waiting
		for i := range ipsec.SPI(spis) {
			spi := 0x2001 + i
			one.crypto.Expect(spi, 0, addr("10.0.0.1"))
			for range each {
				one.stack.Receive(epoch, 0, espFrame(spi, n))
			}
			x := w.bySPI[spi]
			require.LessOrEqual(t, x.packets, maxForOne.packets)
			require.LessOrEqual(t, x.octets, maxForOne.octets)
			require.Len(t, x.held, x.packets)
		}
		require.Equal(t, all, w.load)
		require.Positive(t, w.bySPI[0x2001].packets)
		require.EqualValues(t, spis*each-all.packets, one.crypto.Drops.InvalidSPI)
		require.Equal(t, errCrowded, last[Refused](t, one).Reason)

		for i := range ipsec.SPI(spis) {
			require.False(t, one.crypto.Delete(epoch, 0x2001+i), "it was no pair yet")
		}
		require.EqualValues(t, spis*each, one.crypto.Drops.InvalidSPI, "each is counted")
		require.Equal(t, errAbandoned, last[Refused](t, one).Reason)
		require.Equal(t, waiting{bySPI: map[ipsec.SPI]*expected{}}, *w, "nothing is kept")
	}
}
