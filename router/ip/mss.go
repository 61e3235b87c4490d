package ip

import "encoding/binary"

const (
	tcpHeader = 20
	tcpSYN    = 2
	optionEnd = 0 // of TCP's options (RFC 9293 section 3.1)
	optionNop = 1
	optionMSS = 2
)

// clampMSS lowers the segment size that a SYN in transit announces to most; 0: to
// anything. One that announces none stays as it is (IOS: ip tcp adjust-mss).
func clampMSS(packet []byte, most int) {
	b := packet[int(packet[0]&15)*4:]
	later := binary.BigEndian.Uint16(packet[6:])&OffsetMask != 0
	if most == 0 || packet[9] != ProtoTCP || later || len(b) < tcpHeader || b[13]&tcpSYN == 0 {
		return
	}
	options := b[tcpHeader:max(tcpHeader, min(int(b[12]>>4)*4, len(b)))]
	for i := 0; i+1 < len(options) && options[i] != optionEnd; {
		n := int(options[i+1])
		switch {
		case options[i] == optionNop:
			n = 1
		case n < 2 || i+n > len(options):
			return
		case options[i] == optionMSS && n == 4:
			if field := options[i+2 : i+4]; int(binary.BigEndian.Uint16(field)) > most {
				rewrite(b, tcpHeader+i+2, uint16(most))
			}
			return
		}
		i += n
	}
}

// rewrite changes 16 bits of a TCP segment, at an odd place too, and its checksum with
// them (RFC 1624).
func rewrite(b []byte, at int, to uint16) {
	even := at &^ 1
	span := b[even:min(even+4, len(b))]
	sum := uint32(^binary.BigEndian.Uint16(b[16:])) + uint32(Checksum(span))
	binary.BigEndian.PutUint16(b[at:], to)
	binary.BigEndian.PutUint16(b[16:], Fold(Sum(sum, span)))
}
