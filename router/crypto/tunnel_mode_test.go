package crypto

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

const gcm = ipsec.EncrAESGCM16

func TestSealOpen(t *testing.T) {
	for _, encr := range []ipsec.EncrID{gcm, ipsec.EncrNULL, ipsec.Encr3DES} {
		s, o := ends(t, params(encr), everything, everything)
		for _, n := range []int{20, 21, 28, 100, 1400, 9000} {
			inner := packet(n)
			outer, err := s.seal(nil, inner, uint16(n))
			require.NoError(t, err)
			require.Len(t, outer, n+s.overhead(n))
			requireChecksum(t, outer)
			sealed := bytes.Clone(outer)
			got, err := taken(o, nil, outer)
			require.NoError(t, err)
			require.Equal(t, inner, got)
			require.Equal(t, sealed, outer, "Open leaves the packet alone")
		}
	}
}

// The table of RFC 4301, section 5.1.2.1: TTL constructed, DF as configured, DS Field copied
// from inner hdr.
func TestOuterHeader(t *testing.T) {
	inner := packet(100)
	inner[1], inner[6] = 0xb8|2, dontFragment
	fixChecksum(inner)
	s, _ := ends(t, params(gcm), everything, everything)
	for df, want := range map[DFBit]byte{DFCopy: dontFragment, DFSet: dontFragment, DFClear: 0} {
		e := outside
		e.DF, e.TTL = df, 33
		require.NoError(t, s.encapsulate(e))
		outer, err := s.seal(nil, inner, 7)
		require.NoError(t, err)
		requireChecksum(t, outer)
		require.Equal(t, inner[1], outer[1])
		require.Equal(t, want, outer[6]&dontFragment, "df %d", df)
		require.Equal(t, []byte{33, ip.ProtoESP}, outer[8:10])
		require.Equal(t, []byte{10, 0, 0, 1, 10, 0, 0, 2}, outer[12:20])
	}
	require.ErrorIs(t, s.encapsulate(Encapsulation{Src: netip.IPv6Loopback(), Dst: outside.Dst}), ipsec.ErrParams)
}

// TestECN: "tunnel encapsulators and decapsulators for all tunnel mode SAs created
// by IKEv2 MUST support the ECN full-functionality option for tunnels" (RFC 7296
// 2.24), which RFC 6040 section 4.2, figure 4, has made a single table of: the inner ECN field on arrival by
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
			ok := decapsulateECN(pkt, byte(outer)) // another DSCP outside changes nothing
			require.Equal(t, want != dropped, ok)
			if ok {
				require.Equal(t, 0xb8|want, pkt[1], "inner %d, outer %d", inner, outer)
				requireChecksum(t, pkt)
			}
		}
	}
}

// TestCongestionOnTheWay: a router between marks the outer header.
func TestCongestionOnTheWay(t *testing.T) {
	s, o := ends(t, params(gcm), everything, everything)
	for inner, want := range map[byte]error{ect0: nil, notECT: ErrECN} {
		pkt := packet(60)
		pkt[1] = inner
		fixChecksum(pkt)
		outer, err := s.seal(nil, pkt, 1)
		require.NoError(t, err)
		outer[1] |= ecnCE
		got, err := taken(o, nil, outer)
		require.ErrorIs(t, err, want)
		if want == nil {
			require.EqualValues(t, ecnCE, got[1])
			requireChecksum(t, got)
		}
	}
	require.EqualValues(t, 1, o.errors())
}

// "Then match the packet against the inbound selectors identified by the SAD entry
// to verify that the received packet is appropriate for the SA via which it was
// received." (RFC 4301, section 5.2 step 4), and the same on the way out.
func TestSelectorsAreEnforced(t *testing.T) {
	prefix := func(s string) []spd.Selector {
		return []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix(s))}
	}
	s, o := ends(t, params(gcm), prefix("192.168.1.0/24"), prefix("192.168.2.0/24"))
	outer, err := s.seal(nil, packet(60), 1)
	require.NoError(t, err)
	_, err = taken(o, nil, outer)
	require.NoError(t, err)

	stray := packet(60)
	stray[14] = 9
	fixChecksum(stray)
	kept := []byte("kept")
	got, err := s.seal(kept, stray, 1)
	require.ErrorIs(t, err, ErrPolicy)
	require.Equal(t, kept, got)
	require.EqualValues(t, 1, s.association().Sequence(), "no number is used up")

	wide, _ := ends(t, params(gcm), everything, everything)
	for range 2 {
		outer, err = wide.seal(nil, stray, 1)
		require.NoError(t, err)
	}
	_, err = taken(o, nil, outer)
	require.ErrorIs(t, err, ErrPolicy)
	require.EqualValues(t, 1, o.errors())
}

// We say NON_FIRST_FRAGMENTS_ALSO, so a peer may cut what it sends by a pair that looks at ports (RFC
// 4301 section 7.3): fragments come in behind a first one that the selectors allow, none without it,
// none of another datagram, and none that would lie over the header that was judged.
func TestFragmentsBehindTheFirst(t *testing.T) {
	web := []spd.Selector{spd.AnyIPv4()}
	web[0].Proto, web[0].StartPort, web[0].EndPort = 17, 0x1415, 0x1415 // the ports that packet has
	s, _ := ends(t, params(gcm), everything, everything)
	_, o := ends(t, params(gcm), web, everything)
	open := func(inner []byte) error {
		outer, err := s.seal(nil, inner, 1)
		require.NoError(t, err)
		_, err = taken(o, nil, outer)
		return err
	}
	piece := func(id, offset int, more bool) []byte {
		p := packet(100)
		binary.BigEndian.PutUint16(p[4:], uint16(id))
		binary.BigEndian.PutUint16(p[6:], uint16(offset/8))
		if more {
			p[6] |= ip.FlagMF >> 8
		}
		fixChecksum(p)
		return p
	}
	require.ErrorIs(t, open(piece(7, 80, false)), ErrPolicy, "before the first")
	require.NoError(t, open(piece(7, 0, true)))
	require.NoError(t, open(piece(7, 80, true)))
	require.NoError(t, open(piece(7, 160, false)))
	require.ErrorIs(t, open(piece(8, 80, false)), ErrPolicy, "another datagram")
	require.ErrorIs(t, open(piece(7, 8, true)), ErrPolicy, "over the header")
	other := piece(9, 0, true)
	other[20] ^= 1
	require.ErrorIs(t, open(other), ErrPolicy)
	require.ErrorIs(t, open(piece(9, 80, false)), ErrPolicy, "behind a first one that was refused")
	for id := range 500 {
		require.NoError(t, open(piece(1000+id, 0, true)))
	}
	require.Len(t, o.pieces.list, maxDatagrams)
	require.ErrorIs(t, open(piece(7, 160, false)), ErrPolicy, "forgotten")
	require.NoError(t, open(piece(1499, 80, false)))
}

// TestESPIsChecked: what is no ESP packet of the association is refused.
func TestESPIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"other spi":   {func(b []byte) []byte { b[23]++; return b }, esp.ErrSPI},
		"header only": {func(b []byte) []byte { binary.BigEndian.PutUint16(b[2:], 28); return b[:28] }, esp.ErrShort},
		"changed":     {func(b []byte) []byte { b[60]++; return b }, esp.ErrIntegrity},
	} {
		s, o := ends(t, params(gcm), everything, everything)
		outer, err := s.seal(nil, packet(60), 1)
		require.NoError(t, err)
		_, err = taken(o, nil, c.change(outer))
		require.ErrorIs(t, err, c.want, name)
		require.EqualValues(t, 1, o.errors(), name)
		require.Zero(t, o.association().Sequence(), name)
	}
}

// What follows the outer packet in its frame, and options in its header, do
// not matter.
func TestOuterIsFramed(t *testing.T) {
	s, o := ends(t, params(gcm), everything, everything)
	outer, err := s.seal(nil, packet(28), 1)
	require.NoError(t, err)
	_, err = taken(o, nil, append(outer, 1, 2, 3, 4, 5, 6))
	require.NoError(t, err)

	outer, err = s.seal(nil, packet(28), 2)
	require.NoError(t, err)
	long := append(bytes.Clone(outer[:20]), 1, 1, 1, 1) // no-operation options
	long = append(long, outer[20:]...)
	long[0] = 0x46
	binary.BigEndian.PutUint16(long[2:], uint16(len(long)))
	got, err := taken(o, nil, long)
	require.NoError(t, err)
	require.Equal(t, packet(28), got)
}

// TestInnerIsChecked: an authentic peer that sends nonsense uses its sequence
// number up, and nothing comes out.
func TestInnerIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]byte)
		next   uint8
		want   error
	}{
		"header":   {func(b []byte) { b[0] = 0x4f; binary.BigEndian.PutUint16(b[2:], 40) }, protoIPv4, ErrInner},
		"not ipv6": {func(b []byte) {}, protoIPv6, ErrInner},
		"no ip":    {func(b []byte) {}, 42, ErrNextHeader},
		"dummy":    {func(b []byte) {}, 59, esp.ErrDummy},
	} {
		out, err := esp.NewOutbound(params(gcm), nil)
		require.NoError(t, err)
		_, o := ends(t, params(gcm), everything, everything)
		inner := packet(60)
		c.change(inner)
		h, err := newHeader(outside)
		require.NoError(t, err)
		outer, err := out.Seal(make([]byte, ip.HeaderLen), inner, c.next)
		require.NoError(t, err)
		h.write(outer, packet(60), 1)
		_, err = taken(o, nil, outer)
		require.ErrorIs(t, err, c.want, name)
		require.EqualValues(t, 1, o.association().Sequence())
		_, err = taken(o, nil, outer)
		require.ErrorIs(t, err, esp.ErrReplay)
	}
}

// TestTrafficFlowPadding: octets between the inner packet and the trailer are
// not the packet's (RFC 4303 section 2.7).
func TestTrafficFlowPadding(t *testing.T) {
	s, o := ends(t, params(gcm), everything, everything)
	padded := append(packet(50), make([]byte, 90)...)
	out, err := s.esp.Seal(make([]byte, ip.HeaderLen), padded, protoIPv4)
	require.NoError(t, err)
	s.outer.write(out, padded, 1)
	got, err := taken(o, nil, out)
	require.NoError(t, err)
	require.Equal(t, packet(50), got)
}

// TestSealInPlace: the inner packet may lie where it is to be sealed.
func TestSealInPlace(t *testing.T) {
	s, o := ends(t, params(gcm), everything, everything)
	inner := packet(333)
	inner[1], inner[6] = 0xb8, dontFragment
	fixChecksum(inner)
	buf := make([]byte, 5, 1000)
	at := append(buf[:len(buf)+s.room()], inner...)[len(buf)+s.room():]
	outer, err := s.seal(buf, at, 1)
	require.NoError(t, err)
	require.EqualValues(t, 0xb8, outer[5+1])
	require.EqualValues(t, dontFragment, outer[5+6])
	got, err := taken(o, nil, outer[len(buf):])
	require.NoError(t, err)
	require.Equal(t, inner, got)
}

func TestSealRefusals(t *testing.T) {
	s, _ := ends(t, params(gcm), everything, everything)
	whole, kept := packet(65535), []byte("kept")
	for want, inner := range map[error][]byte{ErrInner: whole[:100], ErrLong: whole} {
		got, err := s.seal(kept, inner, 1)
		require.ErrorIs(t, err, want)
		require.Equal(t, kept, got)
	}
	require.Zero(t, s.association().Sequence())
	require.EqualValues(t, 2, s.errors())
}

func TestNothingIsAllocated(t *testing.T) {
	s, o := ends(t, params(gcm), everything, everything)
	inner, sealed, opened := packet(1400), make([]byte, 0, 2048), make([]byte, 0, 2048)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		outer, err := s.seal(sealed, inner, 1)
		if err != nil {
			panic(err)
		}
		if _, err := taken(o, opened, outer); err != nil {
			panic(err)
		}
	}))
}
