package crypto

import (
	"encoding/binary"

	"ikelab/router/ip"
)

// The two low bits of TOS (RFC 3168 section 5).
const (
	ecnMask = 3
	notECT  = 0
	ect1    = 1
	ect0    = 2
	ecnCE   = 3
)

// decapsulateECN gives inner the ECN field that follows from its own and the
// outer one (RFC 6040 section 4.2, figure 4), and mends its checksum. A
// congestion mark that the inner packet cannot carry gives false: the packet
// must be dropped.
func decapsulateECN(inner []byte, outerTOS byte) bool {
	in, out := ip.TOS(inner)&ecnMask, outerTOS&ecnMask
	next := in
	switch {
	case out == ecnCE && in == notECT:
		return false
	case out == ecnCE:
		next = ecnCE
	case out == ect1 && in == ect0: // a lesser mark (RFC 6660)
		next = ect1
	}
	if next != in {
		setTOS(inner, ip.TOS(inner)&^ecnMask|next)
	}
	return true
}

// setTOS changes TOS and the header checksum with it (RFC 1624 equation 3).
func setTOS(pkt []byte, tos byte) {
	if ip.IsIPv6(pkt) {
		pkt[0], pkt[1] = 6<<4|tos>>4, tos<<4|pkt[1]&15
		return
	}
	old := binary.BigEndian.Uint16(pkt)
	pkt[1] = tos
	sum := uint32(^binary.BigEndian.Uint16(pkt[10:])) + uint32(^old) + uint32(binary.BigEndian.Uint16(pkt))
	binary.BigEndian.PutUint16(pkt[10:], ip.Fold(sum))
}
