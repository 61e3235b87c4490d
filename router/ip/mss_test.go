package ip

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// segment is a TCP segment from host 1 to host 3 with options; its checksum is right.
func segment(flags byte, options ...byte) *Packet {
	p := newPacket(ProtoTCP, addressOf(addr("1.1.1.1")), addressOf(addr("3.3.3.3")), 64, tcpHeader+len(options))
	b := p.Payload()
	b[12], b[13] = byte((tcpHeader+len(options))/4)<<4, flags
	copy(b[tcpHeader:], options)
	binary.BigEndian.PutUint16(b[16:], tcpSum(p.Bytes()))
	return p
}

// tcpSum is the checksum of a segment over its pseudo header (RFC 9293 section 3.1); 0
// when it carries the right one.
func tcpSum(packet []byte) uint16 {
	b := packet[HeaderLen:]
	return Fold(Sum(Sum(uint32(ProtoTCP)+uint32(len(b)), packet[12:20]), b))
}

// ip tcp adjust-mss lowers what a SYN in transit says, whichever way it takes, and
// leaves all else as it is.
func TestAdjustMSS(t *testing.T) {
	mss := func(n uint16) []byte { return []byte{optionMSS, 4, byte(n >> 8), byte(n)} }
	odd := append([]byte{optionNop}, append(mss(1460), optionNop, optionEnd, 0)...)
	for name, row := range map[string]struct {
		flags   byte
		options []byte
		want    []byte
	}{
		"a SYN":                    {2, mss(1460), mss(1300)},
		"its answer":               {18, mss(9000), mss(1300)},
		"a smaller one":            {2, mss(536), mss(536)},
		"at an odd place":          {2, odd, append([]byte{optionNop}, append(mss(1300), optionNop, optionEnd, 0)...)},
		"no SYN":                   {16, mss(1460), mss(1460)},
		"none said":                {2, nil, nil},
		"behind the end":           {2, append([]byte{optionEnd, 0, 0, 0}, mss(1460)...), append([]byte{optionEnd, 0, 0, 0}, mss(1460)...)},
		"an option without an end": {2, []byte{8, 40, optionMSS, 4}, []byte{8, 40, optionMSS, 4}},
		"an option of nothing":     {2, []byte{8, 0, optionMSS, 4}, []byte{8, 0, optionMSS, 4}},
	} {
		for _, at := range []string{"eth0", "eth1"} {
			d := middle(t)
			s := d.Interfaces.Get(at).Settings
			s.MSS = 1300
			d.Interfaces.Set(epoch, s)
			d.Receive(epoch, 0, d.frameTo(0, segment(row.flags, row.options...)))
			list := d.sent()
			require.Len(t, list, 1, name)
			require.Equal(t, row.want, append([]byte(nil), list[0][HeaderLen+tcpHeader:]...), "%s at %s", name, at)
			require.Zero(t, tcpSum(list[0]), name)
		}
	}
}
