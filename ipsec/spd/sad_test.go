package spd

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

func TestSAD(t *testing.T) {
	var d SAD[*int]
	require.Nil(t, d.Lookup(256))
	require.Nil(t, d.Delete(256))
	for _, spi := range []ipsec.SPI{0xffffffff, 256, 4096} {
		in := new(int)
		require.NoError(t, d.Add(spi, in))
		require.ErrorIs(t, d.Add(spi, new(int)), ErrDuplicate)
		require.Same(t, in, d.Lookup(spi))
	}
	require.NotNil(t, d.Delete(4096))
	require.Nil(t, d.Lookup(4096))
	require.Equal(t, 2, d.Len())
}
