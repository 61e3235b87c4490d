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
