package esp

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

func TestEverySuite(t *testing.T) {
	for _, s := range suites() {
		for _, esn := range []bool{false, true} {
			p := s.params()
			p.ESN = esn
			out, in := pair(t, p)
			for _, n := range []int{0, 1, 2, 20, 100, 1399, 1400, 1401, 9000} {
				payload := octets(7, n)
				pkt, err := out.Seal(nil, payload, 41)
				require.NoError(t, err)
				require.Len(t, pkt, n+out.Overhead(n))
				require.Zero(t, (len(pkt)-in.around)%in.align, s)
				sealed := bytes.Clone(pkt)
				got, next, err := in.Open(nil, pkt)
				require.NoError(t, err)
				require.True(t, bytes.Equal(payload, got), s)
				require.EqualValues(t, 41, next)
				require.Equal(t, sealed, pkt, "Open leaves the packet alone")
			}
			require.Equal(t, in.Counters(), out.Counters())
		}
	}
}

// TestEveryOctetIsProtected flips each octet of a packet in turn.
func TestEveryOctetIsProtected(t *testing.T) {
	for _, s := range []suite{gcm128, cbcSHA1, ctrSHA1, chacha, desSHA1, plainly} {
		out, in := pair(t, s.params())
		pkt, err := out.Seal(nil, octets(7, 60), 4)
		require.NoError(t, err)
		for i := range pkt {
			pkt[i] ^= 0x10
			_, _, err := in.Open(nil, pkt)
			require.Error(t, err, "%v octet %d", s, i)
			pkt[i] ^= 0x10
		}
		for n := range len(pkt) {
			_, _, err := in.Open(nil, pkt[:n])
			require.Error(t, err)
		}
		require.Zero(t, in.Counters().Packets)
		require.Zero(t, in.Sequence(), "a forged packet does not move the window")
		_, _, err = in.Open(nil, pkt)
		require.NoError(t, err)
		_, _, err = in.Open(nil, pkt)
		require.ErrorIs(t, err, ErrReplay)
	}
}

// TestOpenRefusals: what is not a whole packet of this association is refused
// before any cryptography, and counted under its fault.
func TestOpenRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   Fault
	}{
		"empty":         {func(b []byte) []byte { return nil }, ErrShort},
		"header only":   {func(b []byte) []byte { return b[:8] }, ErrShort},
		"no ciphertext": {func(b []byte) []byte { return b[:8+16+12] }, ErrShort},
		"half a block":  {func(b []byte) []byte { return b[:8+16+12+24] }, ErrShort},
		"other spi":     {func(b []byte) []byte { b[3]++; return b }, ErrSPI},
		"number zero":   {func(b []byte) []byte { b[7] = 0; return b }, ErrReplay},
		"changed":       {func(b []byte) []byte { b[40]++; return b }, ErrIntegrity},
	} {
		out, in := pair(t, cbcSHA1.params())
		pkt, err := out.Seal(nil, octets(7, 60), 4)
		require.NoError(t, err)
		_, _, err = in.Open(nil, c.change(pkt))
		require.ErrorIs(t, err, c.want, name)
		var r *Refused
		require.True(t, errors.As(err, &r), name)
		require.Contains(t, err.Error(), c.want.Error())
		counters := in.Counters()
		require.EqualValues(t, 1, counters.Refused, name)
		require.Zero(t, in.Sequence(), name)
	}
}

// TestTrailer: "The Padding bytes are initialized with a series of (unsigned,
// 1-byte) integer values ... the receiver SHOULD inspect the Padding field."
// (RFC 4303, section 2.4) The sequence number of such a packet is used up.
func TestTrailer(t *testing.T) {
	for name, c := range map[string]struct {
		change func(plain []byte)
		want   error
	}{
		"as it was":      {func([]byte) {}, nil},
		"wrong octet":    {func(b []byte) { b[len(b)-3] = 9 }, ErrPadding},
		"too long":       {func(b []byte) { b[len(b)-2] = 255 }, ErrPadding},
		"dummy":          {func(b []byte) { b[len(b)-1] = NoNextHeader }, ErrDummy},
		"other protocol": {func(b []byte) { b[len(b)-1] = 41 }, nil},
	} {
		out, in := pair(t, plainly.params())
		pkt, err := out.Seal(nil, octets(7, 61), 4)
		require.NoError(t, err)
		forge(out, pkt, c.change)
		_, _, err = in.Open(nil, pkt)
		require.ErrorIs(t, err, c.want, name)
		require.EqualValues(t, 1, in.Sequence(), name)
		_, _, err = in.Open(nil, pkt)
		require.ErrorIs(t, err, ErrReplay, name)
	}
}

// "a receiver MUST be prepared to discard such packets, without indicating an
// error" (RFC 4303, section 2.6).
func TestDummiesAreNoErrors(t *testing.T) {
	out, in := pair(t, gcm128.params())
	pkt, err := out.Seal(nil, nil, NoNextHeader)
	require.NoError(t, err)
	_, _, err = in.Open(nil, pkt)
	require.ErrorIs(t, err, ErrDummy)
	c := in.Counters()
	require.EqualValues(t, 1, c.Dummies)
	require.Zero(t, c.Refused)
}

// TestTrafficFlowPadding: octets between payload and padding come out with the
// payload (RFC 4303 section 2.7).
func TestTrafficFlowPadding(t *testing.T) {
	out, in := pair(t, gcm128.params())
	padded := append(octets(7, 50), make([]byte, 300)...)
	pkt, err := out.Seal(nil, padded, 4)
	require.NoError(t, err)
	got, _, err := in.Open(nil, pkt)
	require.NoError(t, err)
	require.Equal(t, padded, got)
}

// TestInPlace: the payload may lie where it is to be sealed.
func TestInPlace(t *testing.T) {
	for _, s := range suites() {
		out, in := pair(t, s.params())
		buf := make([]byte, 5, 1000)
		at := append(buf[:len(buf)+out.Room()], octets(7, 333)...)[len(buf)+out.Room():]
		pkt, err := out.Seal(buf, at, 4)
		require.NoError(t, err)
		require.Same(t, &buf[0], &pkt[0])
		got, _, err := in.Open(nil, pkt[len(buf):])
		require.NoError(t, err)
		require.Equal(t, octets(7, 333), got, s)
	}
}

// "The sender MUST NOT send a packet on an SA if doing so would cause the
// sequence number to cycle." (RFC 4303, section 3.3.3)
func TestSequenceNumbersRunOut(t *testing.T) {
	for esn, last := range map[bool]uint64{false: 1<<32 - 1, true: 1<<64 - 1} {
		p := gcm128.params()
		p.ESN = esn
		out, _ := pair(t, p)
		out.seq = last - 1
		require.EqualValues(t, 1, out.Left())
		_, err := out.Seal(nil, octets(7, 40), 4)
		require.NoError(t, err)
		kept := []byte("kept")
		got, err := out.Seal(kept, octets(7, 40), 4)
		require.ErrorIs(t, err, ErrSequence)
		require.Equal(t, kept, got)
		require.Equal(t, last, out.Sequence())
	}
}

// Numbers that were used up are the same for both ends, with ESN as well.
func TestSkip(t *testing.T) {
	for _, esn := range []bool{false, true} {
		p := gcm128.params()
		p.ESN, p.Window = esn, 64
		out, in := pair(t, p)
		first, err := out.Seal(nil, octets(7, 40), 4)
		require.NoError(t, err)
		out.Skip(2)
		in.Skip(2)
		require.EqualValues(t, 2, out.Left())
		for range 2 {
			pkt, err := out.Seal(nil, octets(7, 40), 4)
			require.NoError(t, err)
			_, _, err = in.Open(nil, pkt)
			require.NoError(t, err)
		}
		_, err = out.Seal(nil, octets(7, 40), 4)
		require.ErrorIs(t, err, ErrSequence)
		_, _, err = in.Open(nil, first)
		require.Error(t, err, "long ago")
		out.Skip(1000)
		require.Zero(t, out.Left(), "never back")
	}
}

// TestLate: with ESN a number below the window is taken for one of the next 2^32 (RFC 4303 appendix A2.2), so
// that the ICV of a packet that came late does not verify; what was changed is none of these.
func TestLate(t *testing.T) {
	p := gcm128.params()
	p.ESN = true
	out, in := pair(t, p)
	first, err := out.Seal(nil, octets(7, 40), 4)
	require.NoError(t, err)
	jump(out, in, 2000)
	second, err := out.Seal(nil, octets(7, 40), 4)
	require.NoError(t, err)
	second[len(second)-1] ^= 1
	for late, pkt := range map[bool][]byte{true: first, false: second} {
		_, _, err = in.Open(nil, pkt)
		require.ErrorIs(t, err, ErrIntegrity)
		var why *Refused
		require.ErrorAs(t, err, &why)
		require.Equal(t, late, why.Late())
	}
}

func TestSealRefusals(t *testing.T) {
	out, _ := pair(t, gcm128.params())
	kept := []byte("kept")
	got, err := out.Seal(kept, make([]byte, 65535), 4)
	require.ErrorIs(t, err, ErrLong)
	require.Equal(t, kept, got)
	require.Zero(t, out.Sequence())

	_, err = NewOutbound(cbcSHA1.params(), nil)
	require.ErrorIs(t, err, ipsec.ErrParams, "cbc draws its ivs")
	dry, err := NewOutbound(cbcSHA1.params(), dryReader{})
	require.NoError(t, err)
	_, err = dry.Seal(nil, octets(7, 40), 4)
	require.ErrorIs(t, err, errDry)
	require.Zero(t, dry.Sequence())
}

// dryReader has no octets to give.
type dryReader struct{}

var errDry = errors.New("dry")

func (dryReader) Read([]byte) (int, error) { return 0, errDry }

func TestParamsAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Params)
		want   error
	}{
		"reserved spi": {func(p *Params) { p.SPI = 255 }, ipsec.ErrParams},
		"spi zero":     {func(p *Params) { p.SPI = 0 }, ipsec.ErrParams},
		"wide window":  {func(p *Params) { p.Window = MaxWindow + 1 }, ipsec.ErrParams},
		"no window":    {func(p *Params) { p.Window = -1 }, ipsec.ErrParams},
		"short key":    {func(p *Params) { p.EncrKey = p.EncrKey[1:] }, ipsec.ErrKey},
		"no cipher":    {func(p *Params) { p.Encr.ID = 99 }, ipsec.ErrTransform},
		"bits":         {func(p *Params) { p.Encr.KeyBits = 100 }, ipsec.ErrTransform},
	} {
		p := cbcSHA1.params()
		c.change(&p)
		_, err := NewOutbound(p, stream(1))
		require.ErrorIs(t, err, c.want, name)
		_, err = NewInbound(p)
		require.ErrorIs(t, err, c.want, name)
	}
}

func TestFaultsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for f := range faults + 1 {
		require.False(t, seen[f.Error()], f.Error())
		seen[f.Error()] = true
	}
}

func TestNothingIsAllocated(t *testing.T) {
	for _, s := range suites() {
		p := s.params()
		p.ESN = true
		out, in := pair(t, p)
		payload, sealed, opened := octets(7, 1400), make([]byte, 0, 2048), make([]byte, 0, 2048)
		cross := func() {
			pkt, err := out.Seal(sealed, payload, 4)
			if err != nil {
				panic(err)
			}
			if _, _, err := in.Open(opened, pkt); err != nil {
				panic(err)
			}
		}
		cross()
		require.Zero(t, testing.AllocsPerRun(10, cross), s)
	}
}

// RFC 3602 section 4, case 7: a ping in tunnel mode.
func TestPacketVector(t *testing.T) {
	in, err := NewInbound(Params{SPI: 0x8765, Encr: aes(ipsec.EncrAESCBC, 128), EncrKey: unhex(t, "0123456789abcdef0123456789abcdef")})
	require.NoError(t, err)
	inner, next, err := in.Open(nil, unhex(t, `
		00008765 00000002 f4e76524 4f6407ad f13dc138 0f673f37 773b5241 a4c44922 5e4f3ce5 ed611b0c 237ca96c
		f74a9301 3c1b0ea1 a0cf70f8 e4ecaec7 8ac53aad 7a0f022b 859243c6 47752e94 a859352b 8a4d4d2d ecd136e5
		c177f132 ad3fbfb2 201ac990 4c74ee0a 109e0ca1 e4dfe9d5 a100b842 f1c22f0d`))
	require.NoError(t, err)
	require.Equal(t, unhex(t, `
		45000054 09040000 4001f988 c0a87b03 c0a87bc8 08009f76 a90a0100 b49c083d 02a20400 08090a0b 0c0d0e0f
		10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627 28292a2b 2c2d2e2f 30313233 34353637`), inner)
	require.EqualValues(t, 4, next)
	require.EqualValues(t, 2, in.Sequence())
}
