package crypto

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/router/ip"
)

// FuzzOuter: no packet from outside is accepted or ends the program.
func FuzzOuter(f *testing.F) {
	s, _ := ends(f, params(gcm), everything, everything)
	outer, err := s.seal(nil, packet(60), 1)
	require.NoError(f, err)
	f.Add(outer)
	f.Add(outer[:len(outer)-1])
	f.Fuzz(func(t *testing.T, pkt []byte) {
		p := params(gcm)
		p.EncrKey[0]++ // a key that the seeds do not have
		o, err := newOpener(Params{Params: p, Local: everything, Remote: everything, Encapsulation: outside})
		require.NoError(t, err)
		_, err = taken(&o, nil, pkt)
		require.Error(t, err)
		require.Zero(t, o.association().Sequence())
		require.True(t, o.errors() == 1 || errors.Is(err, errNoESP), err)
	})
}

// FuzzInner: what an authentic peer sends comes out as a whole packet or not
// at all.
func FuzzInner(f *testing.F) {
	f.Add(packet(60), uint8(4), uint8(0))
	f.Add([]byte{0x45, 0, 0, 20}, uint8(4), uint8(3))
	f.Fuzz(func(t *testing.T, inner []byte, next, tos uint8) {
		if len(inner) > 2000 {
			return
		}
		p := params(ipsec.EncrNULL)
		out, err := esp.NewOutbound(p, nil)
		require.NoError(t, err)
		_, o := ends(t, p, everything, everything)
		outer, err := out.Seal(make([]byte, ip.HeaderLen), inner, next)
		require.NoError(t, err)
		h, err := newHeader(outside)
		require.NoError(t, err)
		about := packet(40)
		about[1] = tos
		h.write(outer, about, 1)
		if got, err := taken(o, nil, outer); err == nil {
			n, ok := packetLen(got)
			require.True(t, ok)
			require.Len(t, got, n)
			require.LessOrEqual(t, n, len(inner))
		}
	})
}
