package fault

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
)

// cutAt makes two IP fragments of a frame, of which the first has n octets of data.
func cutAt(whole []byte, id uint16, n int) (first, later []byte) {
	head := whole[:34]
	first = append(append([]byte(nil), head...), whole[34:34+n]...)
	later = append(append([]byte(nil), head...), whole[34+n:]...)
	for i, f := range [][]byte{first, later} {
		binary.BigEndian.PutUint16(f[16:], uint16(len(f)-14))
		binary.BigEndian.PutUint16(f[18:], id)
		binary.BigEndian.PutUint16(f[20:], []uint16{0x2000, uint16(n / 8)}[i])
	}
	return first, later
}

// TestPiecesAreWhatTheWholeIs: of a packet that was cut IKE or ESP protects all, or
// nothing.
func TestPiecesAreWhatTheWholeIs(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	var clear []bool
	w.Look(func(p *Packet) { clear = append(clear, p.InClear()) })
	look := func(data ...[]byte) []bool {
		clear = nil
		for _, d := range data {
			w.judge(port, netsim.Frame{Data: d})
		}
		return clear
	}
	id := uint16(0)
	for name, want := range map[string]bool{"esp": false, "espinudp": false, "init": false, "dns": true, "icmp": true} {
		id++
		first, later := cutAt(frames[name], id, 40)
		require.Equal(t, []bool{want, want}, look(first, later), name)
	}
	_, later := cutAt(frames["espinudp"], 77, 24)
	require.Equal(t, []bool{true}, look(later), "nobody knows what it is of")
	for n := range 3 * piecesMost {
		first, _ := cutAt(frames["espinudp"], uint16(1000+n), 24)
		look(first)
	}
	require.Len(t, w.pieces.known, piecesMost)
	require.Len(t, w.pieces.order, piecesMost)
}
