package netsim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuffersAreReused(t *testing.T) {
	var p frames
	for _, size := range []int{0, 1, 128, 129, 512, 513, 1514, 2048, 2049, 16384} {
		f := p.copyOf(make([]byte, size))
		require.Len(t, f.data, size)
		require.LessOrEqual(t, cap(f.data), 16384)
		p.release(f)
		require.Same(t, f, p.copyOf(make([]byte, size)), "%d octets", size)
		p.release(f)
	}
	huge := p.copyOf(make([]byte, 16385))
	p.release(huge)
	require.NotSame(t, huge, p.copyOf(make([]byte, 16385)), "not kept")
}

func TestReleaseCounts(t *testing.T) {
	var p frames
	f := p.copyOf([]byte("x"))
	f.refs++
	p.release(f)
	require.Equal(t, 1, p.live)
	p.release(f)
	require.Zero(t, p.live)
	require.PanicsWithValue(t, "netsim: frame released twice", func() { p.release(f) })
}

// TestFramesAreNumbered: a number is lab-wide, given at transmission whether
// anybody captures or not, and kept by every copy of the frame; the cause
// travels with it.
func TestFramesAreNumbered(t *testing.T) {
	s := New(1, epoch)
	g := s.Segment("LAN")
	var nodes []*station
	for _, name := range []string{"A", "B", "C"} {
		n := &station{name: name}
		p := s.AddNode(name, n, []string{"e0"}).Port(0)
		_, err := g.Connect(p)
		require.NoError(t, err)
		require.NoError(t, p.SetImpairments(Impairments{Duplicate: 1, Corrupt: 1}))
		nodes = append(nodes, n)
	}
	s.Run(epoch)
	require.EqualValues(t, 1, nodes[0].out(0, ether(broadcast, address(0), "one"), 77))
	require.EqualValues(t, 2, nodes[1].out(0, ether(broadcast, address(1), "two"), 0))
	s.Run(at(ms))
	require.Equal(t, []uint64{1, 1}, nodes[1].numbers)
	require.Equal(t, []uint64{77, 77}, nodes[1].causes)
	require.Equal(t, []uint64{1, 1, 2, 2}, nodes[2].numbers)
	require.Equal(t, []uint64{77, 77, 0, 0}, nodes[2].causes)
	requireConserved(t, s)
}
