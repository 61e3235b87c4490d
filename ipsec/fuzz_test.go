package ipsec

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzESPRoundTrip: what one end seals the other opens, the same octets, in
// every suite.
func FuzzESPRoundTrip(f *testing.F) {
	f.Add(uint8(0), []byte{}, uint8(0))
	f.Add(uint8(13), []byte("any octets"), uint8(0xb9))
	f.Fuzz(func(t *testing.T, which uint8, payload []byte, tos uint8) {
		if len(payload) > 2000 {
			return
		}
		all := suites()
		s := all[int(which)%len(all)]
		out, in := pair(t, s.params())
		inner := packet(ipHeaderLen + max(len(payload), 4))[:ipHeaderLen+len(payload)]
		copy(inner[ipHeaderLen:], payload)
		inner[1] = tos
		binary.BigEndian.PutUint16(inner[2:], uint16(len(inner)))
		fixChecksum(inner)
		want := bytes.Clone(inner)
		for n := range 2 {
			outer, err := out.Seal(nil, inner, uint16(n))
			require.NoError(t, err)
			require.Len(t, outer, len(inner)+out.Overhead(len(inner)))
			got, err := in.Open(nil, outer)
			require.NoError(t, err, "%v, tos %#x", s, tos)
			require.Equal(t, want, got)
		}
		require.Equal(t, out.Counters(), in.Counters())
	})
}
