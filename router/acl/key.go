package acl

import "encoding/binary"

// key is what lines look at in a packet. ICMP has type and code in place of the
// source port.
type key struct {
	src, dst     uint32
	proto        uint8
	tos          uint8
	flags        uint8 // of TCP
	sport, dport uint16
	ports        bool // the transport header is there
	later        bool // a fragment that is not the first
}

const (
	headerLen  = 20
	offsetMask = 0x1fff
	flagsAt    = 13 // in a TCP header

	protoICMP   = 1
	protoTCP    = 6
	protoUDP    = 17
	protoICMPv6 = 58
)

// read reads an IPv4 packet; ok is false where there is none.
func (k *key) read(pkt []byte) (ok bool) {
	if len(pkt) < headerLen || pkt[0]>>4 != 4 {
		return false
	}
	header := int(pkt[0]&15) * 4
	if header < headerLen || header > len(pkt) {
		return false
	}
	*k = key{src: binary.BigEndian.Uint32(pkt[12:]), dst: binary.BigEndian.Uint32(pkt[16:]), proto: pkt[9], tos: pkt[1]}
	k.later = binary.BigEndian.Uint16(pkt[6:])&offsetMask != 0
	if body := pkt[header:]; !k.later && len(body) >= 4 {
		k.transport(body)
	}
	return true
}

func (k *key) transport(body []byte) {
	switch k.proto {
	case protoTCP, protoUDP, protoICMP:
		k.ports = true
		k.sport, k.dport = binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
	}
	if k.proto == protoTCP && len(body) > flagsAt {
		k.flags = body[flagsAt]
	}
}

// mirror turns the packet around: as its answer would be seen.
func (k *key) mirror() {
	k.src, k.dst = k.dst, k.src
	if k.proto != protoICMP {
		k.sport, k.dport = k.dport, k.sport
	}
}
