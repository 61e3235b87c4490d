package crypto

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

// Where the sum of a transport protocol stands, behind the header of IP.
const (
	tcpSum = 16
	udpSum = 6
)

// readdress corrects the sum of TCP or UDP in a packet whose addresses a NAT has changed:
// "If the protocol header after the ESP header is a TCP/UDP header and the peer's real
// source and destination IP address have been received …, incrementally recompute the
// TCP/UDP checksum" (RFC 3948 section 3.1.2). head is the length of the header of IP, real are
// the addresses as Mode has them.
func readdress(inner []byte, head int, real *[2]netip.Addr) {
	at := head + udpSum
	switch inner[9] {
	case ip.ProtoTCP:
		at = head + tcpSum
	case ip.ProtoUDP:
	default:
		return
	}
	if len(inner) < at+2 {
		return
	}
	field := binary.BigEndian.Uint16(inner[at:])
	if inner[9] == ip.ProtoUDP && field == 0 { // there is none (RFC 768)
		return
	}
	from, to := real[1].As4(), real[0].As4() // of what the peer has sent
	sum := ip.Sum(uint32(^field), inner[12:20])
	for _, b := range [][4]byte{from, to} {
		sum = ip.Sum(sum, []byte{^b[0], ^b[1], ^b[2], ^b[3]}) // subtracts
	}
	if field = ip.Fold(sum); field == 0 && inner[9] == ip.ProtoUDP {
		field = 0xffff
	}
	binary.BigEndian.PutUint16(inner[at:], field)
}
