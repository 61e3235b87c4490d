package ipsec

import (
	"net/netip"
	"testing"

	"ikelab/ipsec/spd"

	"github.com/stretchr/testify/require"
)

func TestSealOpenEverySuite(t *testing.T) {
	for _, s := range suites() {
		t.Run(s.String(), func(t *testing.T) {
			out, in := pair(t, s.params())
			for _, n := range []int{20, 21, 28, 100, 1399, 1400, 1401, 9000} {
				inner := packet(n)
				outer, err := out.Seal(nil, inner, uint16(n))
				require.NoError(t, err)
				require.Len(t, outer, n+out.Overhead(n))
				requireChecksum(t, outer)
				sealed := append([]byte{}, outer...)
				got, err := in.Open(nil, outer)
				require.NoError(t, err)
				require.Equal(t, inner, got)
				require.Equal(t, sealed, outer, "Open leaves the packet alone")
			}
			require.Equal(t, in.Counters().Octets, out.Counters().Octets)
		})
	}
}

// TestEveryOctetIsProtected flips each octet of an ESP packet in turn.
func TestEveryOctetIsProtected(t *testing.T) {
	for _, s := range []suite{gcm128, cbcSHA1, desSHA1, {Encr{ID: EncrNULL}, IntegSHA256}} {
		out, in := pair(t, s.params())
		outer, err := out.Seal(nil, packet(60), 1)
		require.NoError(t, err)
		for i := ipHeaderLen; i < len(outer); i++ {
			outer[i] ^= 0x10
			_, err := in.Open(nil, outer)
			require.Error(t, err, "%v octet %d", s, i)
			outer[i] ^= 0x10
		}
		require.Zero(t, in.Counters().Packets)
		require.Zero(t, in.Sequence(), "a forged packet does not move the window")
		_, err = in.Open(nil, outer)
		require.NoError(t, err)
		_, err = in.Open(nil, outer)
		require.ErrorIs(t, err, ErrReplay)
		for n := range len(outer) {
			_, err := in.Open(nil, outer[:n])
			require.Error(t, err)
		}
	}
}

// TestOuterHeader: TOS and DF as IOS has them by default, and as configured.
func TestOuterHeader(t *testing.T) {
	inner := packet(100)
	inner[1], inner[6] = 0xb8|2, dontFragment
	fixChecksum(inner)
	for df, want := range map[DFBit]byte{DFCopy: dontFragment, DFSet: dontFragment, DFClear: 0} {
		p := gcm128.params()
		p.DF = df
		out, _ := pair(t, p)
		outer, err := out.Seal(nil, inner, 7)
		require.NoError(t, err)
		require.Equal(t, inner[1], outer[1])
		require.Equal(t, want, outer[6]&dontFragment, "df %d", df)
		require.Equal(t, byte(255), outer[8])
		require.Equal(t, byte(protoESP), outer[9])
	}
}

func TestPolicy(t *testing.T) {
	p := gcm128.params()
	p.Local = []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix("192.168.1.0/24"))}
	p.Remote = []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix("192.168.2.0/24"))}
	out, in := pair(t, p)
	outer, err := out.Seal(nil, packet(60), 1)
	require.NoError(t, err)
	_, err = in.Open(nil, outer)
	require.NoError(t, err)

	stray := packet(60)
	stray[14] = 9
	fixChecksum(stray)
	_, err = out.Seal(nil, stray, 1)
	require.ErrorIs(t, err, ErrPolicy)
	wide, _ := pair(t, gcm128.params())
	wide.seq = out.seq
	outer, err = wide.Seal(nil, stray, 1)
	require.NoError(t, err)
	_, err = in.Open(nil, outer)
	require.ErrorIs(t, err, ErrPolicy)
	require.EqualValues(t, 1, in.Counters().Policy)
}

// TestTrailer: padding that is not 1, 2, 3 … and a next header that is not
// IPv4 are refused although the integrity value is right.
func TestTrailer(t *testing.T) {
	forge := func(change func(trailer []byte)) error {
		out, in := pair(t, suite{Encr{ID: EncrNULL}, IntegSHA1}.params())
		outer, err := out.Seal(nil, packet(61), 1)
		require.NoError(t, err)
		esp := outer[ipHeaderLen:]
		change(esp[:len(esp)-out.cipher.ICVLen()])
		out.cipher.Seal(esp, espHeaderLen)
		_, err = in.Open(nil, outer)
		return err
	}
	require.NoError(t, forge(func([]byte) {}))
	require.ErrorIs(t, forge(func(b []byte) { b[len(b)-1] = 41 }), ErrNextHeader)
	require.ErrorIs(t, forge(func(b []byte) { b[len(b)-3] = 9 }), ErrPadding)
	require.ErrorIs(t, forge(func(b []byte) { b[len(b)-2] = 255 }), ErrPadding)
	require.ErrorIs(t, forge(func(b []byte) { b[len(b)-1] = protoNone }), ErrDummy)
}

func TestSequenceNumbersRunOut(t *testing.T) {
	out, _ := pair(t, gcm128.params())
	out.seq = 1<<32 - 2
	_, err := out.Seal(nil, packet(40), 1)
	require.NoError(t, err)
	_, err = out.Seal(nil, packet(40), 1)
	require.ErrorIs(t, err, ErrSequence)
}

// TestWindow compares the ring with a set, for every size that IOS offers.
func TestWindow(t *testing.T) {
	for _, size := range []int{64, 128, 256, 512, 1024} {
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

func TestNothingIsAllocated(t *testing.T) {
	for _, s := range suites() {
		out, in := pair(t, s.params())
		inner, sealed, opened := packet(1400), make([]byte, 0, 2048), make([]byte, 0, 2048)
		n := testing.AllocsPerRun(10, func() {
			outer, err := out.Seal(sealed, inner, 1)
			if err != nil {
				panic(err)
			}
			if _, err := in.Open(opened, outer); err != nil {
				panic(err)
			}
		})
		require.Zero(t, n, s)
	}
}

// FuzzESPOpen: no packet from outside is accepted or ends the program.
func FuzzESPOpen(f *testing.F) {
	for _, s := range []suite{gcm128, cbcSHA1, desSHA1} {
		out, err := NewOutbound(s.params(), stream(3))
		require.NoError(f, err)
		outer, err := out.Seal(nil, packet(60), 1)
		require.NoError(f, err)
		f.Add(outer[:len(outer)-1])
	}
	f.Fuzz(func(t *testing.T, pkt []byte) {
		for _, s := range []suite{gcm128, cbcSHA1, desSHA1} {
			p := s.params()
			p.EncrKey = octets(9, len(p.EncrKey)) // keys that the seeds do not have
			in, err := NewInbound(p)
			require.NoError(t, err)
			_, err = in.Open(nil, pkt)
			require.Error(t, err)
			require.Zero(t, in.Sequence())
		}
	})
}

// FuzzESPInside: what an authentic peer puts inside is checked.
func FuzzESPInside(f *testing.F) {
	f.Add(packet(60))
	f.Add([]byte{0x45, 0, 0, 20})
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 2000 {
			return
		}
		s := suite{Encr{ID: EncrNULL}, IntegSHA1}
		out, in := pair(t, s.params())
		esp := make([]byte, espHeaderLen+len(body)+out.cipher.ICVLen())
		copy(esp, []byte{0x12, 0x34, 0xab, 0xcd, 0, 0, 0, 1})
		copy(esp[espHeaderLen:], body)
		out.cipher.Seal(esp, espHeaderLen)
		outer := make([]byte, ipHeaderLen, ipHeaderLen+len(esp))
		out.header(append(outer, esp...)[:ipHeaderLen+len(esp)], packet(40), 1)
		outer = append(outer, esp...)
		if inner, err := in.Open(nil, outer); err == nil {
			n, err := innerLen(inner)
			require.NoError(t, err)
			require.LessOrEqual(t, n, len(body))
		}
	})
}

func TestParamsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Params){
		"reserved spi": func(p *Params) { p.SPI = 255 },
		"window":       func(p *Params) { p.Window = 65536 },
		"short key":    func(p *Params) { p.EncrKey = p.EncrKey[1:] },
		"no cipher":    func(p *Params) { p.Encr.ID = 99 },
		"bits":         func(p *Params) { p.Encr.KeyBits = 100 },
	} {
		p := cbcSHA1.params()
		change(&p)
		_, err := NewOutbound(p, stream(1))
		_, err2 := NewInbound(p)
		require.True(t, err != nil || err2 != nil, name)
	}
}
