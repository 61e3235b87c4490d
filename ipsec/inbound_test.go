package ipsec

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestECN is RFC 6040 section 4.2, figure 4: the inner ECN field on arrival by
// inner (rows) and outer (columns) as sent; dropped is the one that must not
// be forwarded.
func TestECN(t *testing.T) {
	const dropped = 0xff
	table := [4][4]byte{ //  outer: Not-ECT, ECT(1), ECT(0), CE
		notECT: {notECT, notECT, notECT, dropped},
		ect1:   {ect1, ect1, ect1, ecnCE},
		ect0:   {ect0, ect1, ect0, ecnCE},
		ecnCE:  {ecnCE, ecnCE, ecnCE, ecnCE},
	}
	for inner, row := range table {
		for outer, want := range row {
			pkt := packet(40)
			pkt[1] = 0xb8 | byte(inner)
			fixChecksum(pkt)
			err := decapsulateECN(pkt, byte(outer)) // another DSCP outside changes nothing
			if want == dropped {
				require.ErrorIs(t, err, ErrECN)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, 0xb8|want, pkt[1], "inner %d, outer %d", inner, outer)
			requireChecksum(t, pkt)
		}
	}
}

// TestCongestionOnTheWay: a router between marks the outer header.
func TestCongestionOnTheWay(t *testing.T) {
	out, in := pair(t, cbcSHA1.params())
	for _, c := range []struct {
		inner byte
		err   error
	}{{ect0, nil}, {notECT, ErrECN}} {
		inner := packet(60)
		inner[1] = c.inner
		fixChecksum(inner)
		outer, err := out.Seal(nil, inner, 1)
		require.NoError(t, err)
		outer[1] |= ecnCE
		got, err := in.Open(nil, outer)
		require.ErrorIs(t, err, c.err)
		if c.err == nil {
			require.EqualValues(t, ecnCE, got[1])
			requireChecksum(t, got)
		}
	}
	require.EqualValues(t, 1, in.Counters().ECN)
}

// TestOuterIsChecked: what is not a whole ESP packet of this association is
// refused before any cryptography.
func TestOuterIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"empty":          {func(b []byte) []byte { return nil }, ErrOuter},
		"version":        {func(b []byte) []byte { b[0] = 0x65; return b }, ErrOuter},
		"header length":  {func(b []byte) []byte { b[0] = 0x44; return b }, ErrOuter},
		"total length":   {func(b []byte) []byte { b[2]++; return b }, ErrOuter},
		"protocol":       {func(b []byte) []byte { b[9] = 51; return b }, ErrOuter},
		"more fragments": {func(b []byte) []byte { b[6] |= 0x20; return b }, ErrOuter},
		"fragment":       {func(b []byte) []byte { b[7] = 1; return b }, ErrOuter},
		"other spi":      {func(b []byte) []byte { b[23]++; return b }, ErrOuter},
		"no ciphertext":  {func(b []byte) []byte { return shorten(b, 20+8+16+12) }, ErrShort},
		"half a block":   {func(b []byte) []byte { return shorten(b, 20+8+16+12+24) }, ErrShort},
		"header only":    {func(b []byte) []byte { return shorten(b, 20) }, ErrShort},
		"changed":        {func(b []byte) []byte { b[60]++; return b }, ErrIntegrity},
	} {
		out, in := pair(t, cbcSHA1.params())
		outer, err := out.Seal(nil, packet(60), 1)
		require.NoError(t, err)
		_, err = in.Open(nil, c.change(outer))
		require.ErrorIs(t, err, c.want, name)
		require.EqualValues(t, 1, in.Counters().Errors(), name)
		require.Zero(t, in.Sequence(), name)
	}
}

// shorten makes a shorter IPv4 packet of b.
func shorten(b []byte, n int) []byte {
	binary.BigEndian.PutUint16(b[2:], uint16(n))
	return b[:n]
}

// What follows the outer packet in its frame, and options in its header, do
// not matter.
func TestOuterIsFramed(t *testing.T) {
	out, in := pair(t, cbcSHA1.params())
	outer, err := out.Seal(nil, packet(28), 1)
	require.NoError(t, err)
	_, err = in.Open(nil, append(outer, 1, 2, 3, 4, 5, 6))
	require.NoError(t, err)

	outer, err = out.Seal(nil, packet(28), 2)
	require.NoError(t, err)
	long := append(append([]byte{}, outer[:20]...), 1, 1, 1, 1) // no-operation options
	long = append(long, outer[20:]...)
	long[0] = 0x46
	binary.BigEndian.PutUint16(long[2:], uint16(len(long)))
	got, err := in.Open(nil, long)
	require.NoError(t, err)
	require.Equal(t, packet(28), got)
}

// TestInnerIsChecked: an authentic peer that sends nonsense uses its sequence
// number up, and nothing comes out.
func TestInnerIsChecked(t *testing.T) {
	for name, change := range map[string]func([]byte){
		"version":      func(b []byte) { b[0] = 0x65 },
		"header":       func(b []byte) { b[0] = 0x4f; binary.BigEndian.PutUint16(b[2:], 40) },
		"total length": func(b []byte) { b[2] = 0xff },
	} {
		out, in := pair(t, gcm128.params())
		outer, err := out.Seal(nil, packet(60), 1)
		require.NoError(t, err)
		plain, err := in.cipher.Open(nil, outer[ipHeaderLen:], espHeaderLen)
		require.NoError(t, err)
		change(plain)
		copy(outer[out.Room():], plain)
		out.cipher.Seal(outer[ipHeaderLen:], espHeaderLen)
		_, err = in.Open(nil, outer)
		require.ErrorIs(t, err, ErrInner, name)
		require.EqualValues(t, 1, in.Sequence())
		_, err = in.Open(nil, outer)
		require.ErrorIs(t, err, ErrReplay)
		require.Equal(t, Counters{Inner: 1, Replay: 1}, in.Counters())
	}
}

// TestTrafficFlowPadding: octets between the inner packet and the trailer are
// not the packet's (RFC 4303 section 2.7).
func TestTrafficFlowPadding(t *testing.T) {
	s := suite{Encr{ID: EncrNULL}, IntegSHA256}
	out, in := pair(t, s.params())
	outer, err := out.Seal(nil, packet(90), 1)
	require.NoError(t, err)
	binary.BigEndian.PutUint16(outer[out.Room()+2:], 50)
	out.cipher.Seal(outer[ipHeaderLen:], espHeaderLen)
	got, err := in.Open(nil, outer)
	require.NoError(t, err)
	require.Len(t, got, 50)
}

// Without a window every authentic packet is accepted, again and in any order.
func TestNoReplayCheck(t *testing.T) {
	p := gcm128.params()
	p.Window = 0
	out, in := pair(t, p)
	first, err := out.Seal(nil, packet(40), 1)
	require.NoError(t, err)
	second, err := out.Seal(nil, packet(40), 1)
	require.NoError(t, err)
	for _, pkt := range [][]byte{second, first, first} {
		_, err := in.Open(nil, pkt)
		require.NoError(t, err)
	}
	require.EqualValues(t, 2, in.Sequence())
}

// TestSealInPlace: the inner packet may lie where it is to be sealed.
func TestSealInPlace(t *testing.T) {
	for _, s := range suites() {
		out, in := pair(t, s.params())
		inner := packet(333)
		buf := make([]byte, 5, 1000)
		at := append(buf[:len(buf)+out.Room()], inner...)[len(buf)+out.Room():]
		outer, err := out.Seal(buf, at, 1)
		require.NoError(t, err)
		got, err := in.Open(nil, outer[len(buf):])
		require.NoError(t, err)
		require.Equal(t, inner, got, s)
	}
}

func TestSealRefusals(t *testing.T) {
	out, _ := pair(t, gcm128.params())
	whole := packet(65535)
	kept := []byte("kept")
	for want, inner := range map[error][]byte{ErrInner: whole[:100], ErrShort: whole} {
		got, err := out.Seal(kept, inner, 1)
		require.ErrorIs(t, err, want)
		require.Equal(t, kept, got)
	}
	require.Zero(t, out.Sequence())
	require.EqualValues(t, 2, out.Counters().Errors())

	p := cbcSHA1.params()
	_, err := NewOutbound(p, nil)
	require.ErrorIs(t, err, ErrParams, "cbc draws its ivs")
	dry, err := NewOutbound(p, &dryReader{})
	require.NoError(t, err)
	_, err = dry.Seal(nil, packet(40), 1)
	require.ErrorIs(t, err, errDry)
	require.Zero(t, dry.Sequence())
}

// dryReader has no octets to give.
type dryReader struct{}

var errDry = errors.New("dry")

func (*dryReader) Read([]byte) (int, error) { return 0, errDry }

func TestSAD(t *testing.T) {
	var d SAD[*Inbound]
	require.Nil(t, d.Lookup(256))
	require.Nil(t, d.Delete(256))
	for _, spi := range []SPI{0xffffffff, 256, 4096} {
		in := &Inbound{}
		require.NoError(t, d.Add(spi, in))
		require.ErrorIs(t, d.Add(spi, &Inbound{}), ErrDuplicate)
		require.Same(t, in, d.Lookup(spi))
	}
	require.NotNil(t, d.Delete(4096))
	require.Nil(t, d.Lookup(4096))
	require.Equal(t, 2, d.Len())
}
