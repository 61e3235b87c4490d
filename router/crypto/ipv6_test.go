package crypto

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

var (
	both     = []spd.Selector{spd.AnyIPv4(), spd.AnyIPv6()}
	outside6 = Encapsulation{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"), TTL: 64}
)

// packet6 is a UDP packet of IPv6 with n octets.
func packet6(n int) []byte {
	b := make([]byte, n)
	b[0], b[1], b[6], b[7] = 0x6b, 0x80, ip.ProtoUDP, 64
	binary.BigEndian.PutUint16(b[4:], uint16(n-ip.HeaderLen6))
	b[8], b[9], b[23], b[24], b[25], b[39] = 0x20, 1, 1, 0x20, 1, 2
	for i := ip.HeaderLen6; i < n; i++ {
		b[i] = byte(i)
	}
	return b
}

// TestFamilies: each family within each, with UDP in between and without.
func TestFamilies(t *testing.T) {
	for _, port := range []uint16{0, 4500} {
		for _, outer := range []Encapsulation{outside, outside6} {
			outer.SrcPort, outer.DstPort = port, port
			for _, inner := range [][]byte{packet(100), packet(101), packet6(100), packet6(1301)} {
				s, o := ends(t, params(gcm), both, both)
				require.NoError(t, s.encapsulate(outer))
				out, err := s.seal(nil, inner, 7)
				require.NoError(t, err)
				require.Len(t, out, len(inner)+s.overhead(len(inner)))
				require.Equal(t, ip.TOS(inner), ip.TOS(out), "the DS field is copied (RFC 4301 section 5.1.2.1)")
				read := gopacket.NewPacket(out, layers.LayerTypeIPv4, gopacket.NoCopy)
				if outer.Src.Is6() {
					read = gopacket.NewPacket(out, layers.LayerTypeIPv6, gopacket.NoCopy)
				}
				require.Equal(t, outer.Dst.String(), read.NetworkLayer().NetworkFlow().Dst().String())
				if udp, ok := read.Layer(layers.LayerTypeUDP).(*layers.UDP); port != 0 && outer.Src.Is6() {
					require.True(t, ok)
					have := udp.Checksum
					require.NotZero(t, have, "RFC 8200 section 8.1")
					require.NoError(t, udp.SetNetworkLayerForChecksum(read.NetworkLayer()))
					b := gopacket.NewSerializeBuffer()
					require.NoError(t, gopacket.SerializeLayers(b, gopacket.SerializeOptions{ComputeChecksums: true}, udp, gopacket.Payload(udp.Payload)))
					require.Equal(t, binary.BigEndian.Uint16(b.Bytes()[6:]), have)
				}
				sealed := bytes.Clone(out)
				got, err := taken(o, nil, append(out, 0, 0, 0)) // padding of Ethernet
				require.NoError(t, err)
				require.Equal(t, inner, got)
				require.Equal(t, sealed, out)
			}
		}
	}
}

// TestFamilyOfSelectors: what a pair was not made for it does not carry.
func TestFamilyOfSelectors(t *testing.T) {
	s, _ := ends(t, params(gcm), everything, everything)
	_, err := s.seal(nil, packet6(60), 1)
	require.ErrorIs(t, err, ErrPolicy)
	six := []spd.Selector{spd.AnyIPv6()}
	s, _ = ends(t, params(gcm), six, six)
	_, err = s.seal(nil, packet(60), 1)
	require.ErrorIs(t, err, ErrPolicy)
	s, _ = ends(t, params(gcm), both, both)
	_, err = s.seal(nil, packet6(60)[:59], 1)
	require.ErrorIs(t, err, ErrInner)
}

// TestCongestion6: marks of the outer header go to an inner one of IPv6 (RFC 6040).
func TestCongestion6(t *testing.T) {
	inner := packet6(60)
	inner[1] |= ect0 << 4
	want := bytes.Clone(inner)
	want[1] = want[1]&0xcf | ecnCE<<4
	require.True(t, decapsulateECN(inner, ecnCE))
	require.Equal(t, want, inner)
}

func BenchmarkSeal6(b *testing.B) {
	s, _ := ends(b, params(gcm), both, both)
	require.NoError(b, s.encapsulate(outside6))
	inner := packet6(1400)
	dst := make([]byte, 0, 2000)
	b.SetBytes(1400)
	for b.Loop() {
		_, _ = s.seal(dst, inner, 1)
	}
}

func BenchmarkSeal4(b *testing.B) {
	s, _ := ends(b, params(gcm), both, both)
	inner := packet(1400)
	dst := make([]byte, 0, 2000)
	b.SetBytes(1400)
	for b.Loop() {
		_, _ = s.seal(dst, inner, 1)
	}
}

// "encapsulate but do not set the Don't Fragment flag in the IPv4 header" (RFC 4213 section 3.2.2, of
// IPv6 packets of up to 1280 octets): whatever is configured, they have to get through.
func TestShortPacketsOfIPv6MayBeCutOutside(t *testing.T) {
	for octets, want := range map[int]bool{ip.MinMTU6: false, ip.MinMTU6 + 1: true} {
		s, _ := ends(t, params(gcm), both, both)
		outer := outside
		outer.DF = DFSet
		require.NoError(t, s.encapsulate(outer))
		out, err := s.seal(nil, packet6(octets), 7)
		require.NoError(t, err)
		require.Equal(t, want, out[6]&dontFragment != 0, octets)
		require.Zero(t, ip.Checksum(out[:ip.HeaderLen]))
	}
}
