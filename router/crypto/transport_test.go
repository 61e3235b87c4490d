package crypto

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// transportEnds are both ends of an association in transport mode.
func transportEnds(t *testing.T, encr ipsec.EncrID, selector []spd.Selector) (*sealer, *opener) {
	p := Params{Params: params(encr), Local: selector, Remote: selector, Mode: Mode{Transport: true}, Encapsulation: outside}
	s, err := newSealer(p, random())
	require.NoError(t, err)
	o, err := newOpener(p)
	require.NoError(t, err)
	return &s, &o
}

// "In transport mode, ESP is inserted after the IP header and before a next
// layer protocol" (RFC 4303, section 3.1.1): the packet comes out as it was.
func TestTransportMode(t *testing.T) {
	for _, encr := range []ipsec.EncrID{gcm, ipsec.EncrNULL} {
		s, o := transportEnds(t, encr, everything)
		for _, n := range []int{20, 21, 28, 100, 1400} {
			inner := packet(n)
			pkt, err := s.seal(nil, inner, 7)
			require.NoError(t, err)
			require.Len(t, pkt, n+s.overhead(n))
			size, ok := ip.CheckHeader(pkt)
			require.True(t, ok)
			require.Equal(t, len(pkt), size)
			require.EqualValues(t, ip.ProtoESP, pkt[9])
			require.Equal(t, inner[12:20], pkt[12:20])
			before := bytes.Clone(pkt)
			got, err := taken(o, make([]byte, 0, 2000), pkt)
			require.NoError(t, err)
			require.Equal(t, inner, got)
			require.Equal(t, before, pkt)
		}
	}
}

// The packet may lie where it is sealed.
func TestTransportInPlace(t *testing.T) {
	s, o := transportEnds(t, gcm, everything)
	buf := make([]byte, 0, 2000)
	inner := append(buf[:s.room()], packet(300)...)[s.room():]
	pkt, err := s.seal(buf, inner, 7)
	require.NoError(t, err)
	require.Same(t, &buf[:1][0], &pkt[0])
	got, err := taken(o, nil, pkt)
	require.NoError(t, err)
	require.Equal(t, packet(300), got)
}

// "the transport mode ... is applied only to whole IP datagrams (not to IP
// fragments)" (RFC 4303, section 3.3.4), and selectors are those of the packet.
func TestTransportRefusals(t *testing.T) {
	hosts := []spd.Selector{{Proto: 47, EndPort: 65535, Start: everything[0].Start, End: everything[0].End}}
	s, _ := transportEnds(t, gcm, hosts)
	_, err := s.seal(nil, packet(60), 7)
	require.ErrorIs(t, err, ErrPolicy)
	s, o := transportEnds(t, gcm, everything)
	part := packet(60)
	binary.BigEndian.PutUint16(part[6:], ip.FlagMF)
	_, err = s.seal(nil, part, 7)
	require.ErrorIs(t, err, ErrInner)
	_, narrow := transportEnds(t, gcm, hosts)
	pkt, err := s.seal(nil, packet(60), 7)
	require.NoError(t, err)
	_, err = taken(narrow, nil, pkt)
	require.ErrorIs(t, err, ErrPolicy)
	pkt[40]++
	_, err = taken(o, nil, pkt)
	require.Error(t, err)
}

// transport sums a TCP or UDP segment with its addresses: 0 is right.
func transportSum(pkt []byte) uint16 {
	body := pkt[ip.HeaderLen:]
	return ip.Fold(ip.Sum(ip.Sum(uint32(pkt[9])+uint32(len(body)), pkt[12:20]), body))
}

// "incrementally recompute the TCP/UDP checksum: Subtract the IP source address in the
// received packet from the checksum. Add the real IP source address received via IKE to
// the checksum" (RFC 3948, section 3.1.2): what a NAT has changed on the way comes out with
// a sum that is right for the addresses that it has now.
func TestTransportModeBehindNAT(t *testing.T) {
	natted, real := addr("203.0.113.9"), addr("192.168.1.1")
	p := Params{Params: params(gcm), Local: everything, Remote: everything, Mode: Mode{Transport: true}, Encapsulation: outside}
	p.SrcPort, p.DstPort = 4500, 4500
	s, err := newSealer(p, random())
	require.NoError(t, err)
	p.Real = [2]netip.Addr{addr("192.168.2.1"), real}
	o, err := newOpener(p)
	require.NoError(t, err)
	for _, c := range []struct {
		proto uint8
		at, n int
		none  bool // a sum of zero: there is none
	}{{ip.ProtoTCP, 16, 61, false}, {ip.ProtoUDP, 6, 60, false}, {ip.ProtoUDP, 6, 60, true}, {47, 0, 60, true}, {ip.ProtoUDP, 6, 26, true}, {ip.ProtoTCP, 16, 37, true}} {
		inner := packet(c.n)
		inner[9] = c.proto
		if sum := inner[ip.HeaderLen+c.at:]; len(sum) > 1 && c.at > 0 {
			binary.BigEndian.PutUint16(sum, 0)
			if !c.none {
				binary.BigEndian.PutUint16(sum, transportSum(inner))
			}
		}
		fixChecksum(inner)
		pkt, err := s.seal(nil, inner, 7)
		require.NoError(t, err)
		require.Len(t, pkt, c.n+s.overhead(c.n))
		require.EqualValues(t, ip.ProtoUDP, pkt[9])
		require.EqualValues(t, len(pkt)-ip.HeaderLen, binary.BigEndian.Uint16(pkt[24:]))
		require.Equal(t, []byte{0x11, 0x94, 0x11, 0x94}, pkt[20:24])
		copy(pkt[12:], natted.AsSlice())
		fixChecksum(pkt)
		got, err := taken(&o, nil, pkt)
		require.NoError(t, err)
		require.Equal(t, natted, ip.Source(got))
		requireChecksum(t, got)
		if c.none {
			require.Equal(t, inner[ip.HeaderLen:], got[ip.HeaderLen:], "nothing to correct")
			continue
		}
		require.Zero(t, transportSum(got))
		require.NotEqual(t, inner[ip.HeaderLen:], got[ip.HeaderLen:])
	}
	require.Nil(t, espOf(ip.ProtoUDP, packet(60)[ip.HeaderLen:]), "udp of another length")
}
