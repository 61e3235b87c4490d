package esp

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

// TestWindow compares the ring with a set.
func TestWindow(t *testing.T) {
	for _, size := range []int{1, 32, 64, 100, 128, 256, 512, 1024, MaxWindow} {
		w := newWindow(size)
		seen, top := map[uint64]bool{}, uint64(0)
		next := stream(byte(size / 64))
		var b [2]byte
		for range 20000 {
			_, _ = next.Read(b[:])
			seq := uint64(max(0, int(top)+int(b[0])-200+int(b[1])%3*size/2))
			want := seq > top || seq != 0 && seq+uint64(size) > top && !seen[seq]
			require.Equal(t, want, w.check(seq), "size %d, top %d, seq %d", size, top, seq)
			if want {
				w.update(seq)
				seen[seq], top = true, max(top, seq)
			}
		}
	}
}

// Without a window every authentic packet is accepted, again and in any order.
func TestNoReplayCheck(t *testing.T) {
	p := gcm128.params()
	p.Window = 0
	out, in := pair(t, p)
	first, err := out.Seal(nil, octets(7, 40), 4)
	require.NoError(t, err)
	second, err := out.Seal(nil, octets(7, 40), 4)
	require.NoError(t, err)
	for _, pkt := range [][]byte{second, first, first} {
		_, _, err := in.Open(nil, pkt)
		require.NoError(t, err)
	}
	require.EqualValues(t, 2, in.Sequence())
}

// TestUpperHalf follows RFC 4303, appendix A2.2, literally: with the window's
// top Tl and Th, width W and a received Seql,
//
//	Under case A (Tl >= W - 1): if Seql >= Tl - W + 1, Seqh = Th, else Th + 1.
//	Under case B (Tl < W - 1):  if Seql >= Tl - W + 1, Seqh = Th - 1, else Th.
func TestUpperHalf(t *testing.T) {
	const cycle = 1 << 32
	appendix := func(top, w uint64, low uint32) *big.Int {
		tl, th := uint32(top), int64(top>>32)
		bottom := tl - uint32(w) + 1 // modulo 2^32
		switch {
		case uint64(tl) >= w-1 && low < bottom:
			th++
		case uint64(tl) < w-1 && low >= bottom:
			th--
		}
		n := new(big.Int).Lsh(big.NewInt(th), 32)
		return n.Add(n, big.NewInt(int64(low)))
	}
	for _, size := range []int{64, 1024, MaxWindow} {
		w := newWindow(size)
		for _, top := range []uint64{0, 1, 62, 63, 64, 1000, cycle - 1, cycle, cycle + 1, cycle + 62, cycle + 63, cycle + 64, 5*cycle + 9, 1<<63 + 7} {
			for _, d := range []int64{-2 * MaxWindow, -1025, -1024, -1023, -65, -64, -63, -1, 0, 1, 64, 1 << 20, 1 << 31} {
				w.top = top
				low := uint32(top + uint64(d))
				seq, ok := w.extend(low)
				want := appendix(top, uint64(size), low)
				require.Equal(t, want.Sign() >= 0, ok, "top %d, low %d", top, low)
				if ok {
					require.Equal(t, want.Uint64(), seq, "top %d, low %d", top, low)
				}
			}
		}
	}
}

// TestExtendedNumbers: packets cross the end of a cycle in any order, each is
// accepted once, and the receiver never sees more than the lower half.
func TestExtendedNumbers(t *testing.T) {
	for _, s := range []suite{gcm128, cbcSHA1, plainly} {
		p := s.params()
		p.ESN = true
		out, in := pair(t, p)
		jump(out, in, 3<<32-3)
		var sent [][]byte
		for range 6 {
			pkt, err := out.Seal(nil, octets(7, 30), 4)
			require.NoError(t, err)
			sent = append(sent, pkt)
		}
		require.Equal(t, []byte{0, 0, 0, 0}, sent[2][4:8])
		for _, i := range []int{0, 4, 2, 1, 5, 3} {
			_, _, err := in.Open(nil, sent[i])
			require.NoError(t, err, "%v packet %d", s, i)
		}
		require.EqualValues(t, 3<<32+3, in.Sequence())
		for i := range sent {
			_, _, err := in.Open(nil, sent[i])
			require.ErrorIs(t, err, ErrReplay, i)
		}
	}
}

// "The high-order 32 bits are maintained as part of the sequence number counter by
// both transmitter and receiver and are included in the computation of the ICV"
// (RFC 4303, section 2.2.1): a packet of another cycle is not taken for one of this.
func TestUpperHalfIsAuthenticated(t *testing.T) {
	for _, s := range suites() {
		p := s.params()
		p.ESN = true
		out, in := pair(t, p)
		out.seq = 1 << 32
		pkt, err := out.Seal(nil, octets(7, 30), 4)
		require.NoError(t, err)
		_, _, err = in.Open(nil, pkt)
		require.ErrorIs(t, err, ErrIntegrity, s)
		require.Zero(t, in.Sequence())
	}
}

// Without a window the nearest number is meant.
func TestExtendedNumbersWithoutWindow(t *testing.T) {
	p := gcm128.params()
	p.ESN, p.Window = true, 0
	out, in := pair(t, p)
	jump(out, in, 2<<32-2)
	for range 4 {
		pkt, err := out.Seal(nil, octets(7, 30), 4)
		require.NoError(t, err)
		_, _, err = in.Open(nil, pkt)
		require.NoError(t, err)
	}
	require.EqualValues(t, 2<<32+2, in.Sequence())
}

// A number before the first cycle cannot be.
func TestNumbersBeforeTheFirst(t *testing.T) {
	p := suite{aes(ipsec.EncrAESGCM16, 128), ipsec.IntegNone}.params()
	p.ESN = true
	out, in := pair(t, p)
	out.seq = 1<<32 - 2
	pkt, err := out.Seal(nil, octets(7, 30), 4)
	require.NoError(t, err)
	_, _, err = in.Open(nil, pkt)
	require.ErrorIs(t, err, ErrReplay)
}

// The window stands at the end of the numbers as anywhere else: nothing wraps.
func TestWindowAtTheEnd(t *testing.T) {
	w := newWindow(64)
	w.skip(1<<64 - 1)
	require.True(t, w.check(1<<64-2))
	w.update(1<<64 - 2)
	require.False(t, w.check(1<<64-2), "seen")
	require.True(t, w.check(1<<64-64))
	require.False(t, w.check(1<<64-65), "older than the window")
	require.False(t, w.check(1), "the next cycle")
	w.skip(7)
	require.Equal(t, uint64(1<<64-1), w.top, "never back")
}
