package esp

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRoundTrip: what one end seals the other opens, the same octets, in every
// suite, wherever the numbers have got to.
func FuzzRoundTrip(f *testing.F) {
	f.Add(uint8(0), []byte{}, uint8(4), uint64(0), true)
	f.Add(uint8(13), []byte("any octets"), uint8(50), uint64(1<<32-1), true)
	f.Fuzz(func(t *testing.T, which uint8, payload []byte, next uint8, seq uint64, esn bool) {
		if len(payload) > 2000 || next == NoNextHeader {
			return
		}
		all := suites()
		p := all[int(which)%len(all)].params()
		p.ESN = esn
		out, in := pair(t, p)
		if esn && seq < 1<<64-4 {
			jump(out, in, seq)
		}
		want := bytes.Clone(payload)
		for range 2 {
			pkt, err := out.Seal(nil, payload, next)
			require.NoError(t, err)
			require.Len(t, pkt, len(payload)+out.Overhead(len(payload)))
			got, protocol, err := in.Open(nil, pkt)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, got))
			require.Equal(t, next, protocol)
		}
		require.Equal(t, out.Counters(), in.Counters())
	})
}

// FuzzOpen: no packet from outside is accepted or ends the program.
func FuzzOpen(f *testing.F) {
	for _, s := range []suite{gcm128, cbcSHA1, desSHA1} {
		out, _ := pair(f, s.params())
		pkt, err := out.Seal(nil, octets(7, 60), 4)
		require.NoError(f, err)
		f.Add(pkt, false)
		f.Add(pkt[:len(pkt)-1], true)
	}
	f.Fuzz(func(t *testing.T, pkt []byte, esn bool) {
		for _, s := range []suite{gcm128, cbcSHA1, desSHA1} {
			p := s.params()
			p.ESN = esn
			p.EncrKey, p.IntegKey = octets(9, len(p.EncrKey)), octets(9, len(p.IntegKey)) // keys that the seeds do not have
			in, err := NewInbound(p)
			require.NoError(t, err)
			_, _, err = in.Open(nil, pkt)
			require.Error(t, err)
			require.Zero(t, in.Sequence())
		}
	})
}

// FuzzInside: what an authentic peer puts inside is checked.
func FuzzInside(f *testing.F) {
	f.Add([]byte("payload\x01\x02\x03\x03\x04"))
	f.Add([]byte{0, 0, 255, 4})
	f.Fuzz(func(t *testing.T, plain []byte) {
		if len(plain) > 2000 {
			return
		}
		out, in := pair(t, plainly.params())
		pkt := make([]byte, headerLen+len(plain)+out.cipher.ICVLen())
		copy(pkt, []byte{0x12, 0x34, 0xab, 0xcd, 0, 0, 0, 1})
		copy(pkt[headerLen:], plain)
		out.cipher.Seal(pkt, headerLen)
		if payload, _, err := in.Open(nil, pkt); err == nil {
			require.LessOrEqual(t, len(payload)+trailerLen, len(plain))
			require.True(t, bytes.HasPrefix(plain, payload))
		}
	})
}
