package hostlink

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// offload is what the kernel has left to the network card: a checksum that
// holds the sum of the pseudo-header only, and a packet that is to leave as
// several. It is the header of virtio (OASIS virtio 1.2, 5.1.6), as packet
// sockets give it.
type offload struct {
	flags, kind   uint8
	size          uint16 // octets of payload in each packet
	start, offset uint16 // where what is summed begins, and of the sum from there
}

const (
	offloadHeader   = 10
	needsChecksum   = 1
	kindNone        = 0
	kindTCP4        = 1
	kindTCP6        = 4
	kindUDP         = 5
	kindECN         = 0x80
	smallestSegment = 8 // octets: whoever asks for less wants many packets, not segments
)

// errOffload is a header that does not fit its frame.
var errOffload = errors.New("an offload that does not fit the frame")

func parseOffload(h []byte) offload {
	return offload{
		flags: h[0], kind: h[1] &^ kindECN, size: binary.NativeEndian.Uint16(h[4:]),
		start: binary.NativeEndian.Uint16(h[6:]), offset: binary.NativeEndian.Uint16(h[8:]),
	}
}

// do does the network card's work. A frame that is whole is handed back as it
// came; others are changed.
func (o offload) do(frame []byte) ([][]byte, error) {
	if o.kind != kindNone {
		return o.segment(frame)
	}
	if o.flags&needsChecksum == 0 {
		return [][]byte{frame}, nil
	}
	at := int(o.start) + int(o.offset)
	if at+2 > len(frame) {
		return nil, errOffload
	}
	putSum(frame[at:], sum(0, frame[o.start:]))
	return [][]byte{frame}, nil
}

// segment divides a packet of TCP or UDP.
func (o offload) segment(frame []byte) ([][]byte, error) {
	s, err := o.layers(frame)
	if err != nil {
		return nil, err
	}
	payload := frame[s.payload:]
	var list [][]byte
	for done := 0; done < len(payload) || done == 0; done += int(o.size) {
		end := min(done+int(o.size), len(payload))
		piece := append(append(make([]byte, 0, s.payload+end-done), frame[:s.payload]...), payload[done:end]...)
		s.finish(piece, done, uint16(len(list)), end == len(payload))
		list = append(list, piece)
	}
	return list, nil
}

// segments are where the headers of a packet begin.
type segments struct {
	ip, transport, payload int
	six, tcp               bool
}

// layers finds the headers of a packet that is to be divided.
func (o offload) layers(frame []byte) (segments, error) {
	s := segments{ip: minFrame, transport: int(o.start), six: o.kind == kindTCP6, tcp: o.kind != kindUDP}
	for s.ip < s.transport && s.ip+4 <= len(frame) && isTag(binary.BigEndian.Uint16(frame[s.ip-2:])) {
		s.ip += 4
	}
	least := 8 // of UDP
	if s.tcp {
		least = 20
	}
	if o.kind != kindTCP4 && o.kind != kindTCP6 && o.kind != kindUDP || o.size < smallestSegment ||
		s.transport+least > len(frame) || s.ip+20 > s.transport {
		return s, fmt.Errorf("%w: kind %d, %d octets", errOffload, o.kind, len(frame))
	}
	headers := least
	if s.tcp {
		headers = int(frame[s.transport+12]>>4) * 4
	}
	s.payload = s.transport + headers
	version := frame[s.ip] >> 4
	if o.kind == kindUDP {
		s.six = version == 6
	}
	if headers < least || s.payload > len(frame) || s.six != (version == 6) || s.six && s.ip+40 > s.transport {
		return s, fmt.Errorf("%w: version %d, headers of %d octets", errOffload, version, headers)
	}
	return s, nil
}

// isTag says whether a type is that of a VLAN tag.
func isTag(kind uint16) bool { return kind == 0x8100 || kind == 0x88a8 }

// finish makes a piece a packet of its own: the number'th, which begins done
// octets into the payload.
func (s segments) finish(p []byte, done int, number uint16, last bool) {
	ip, transport := p[s.ip:s.transport], p[s.transport:]
	if s.six {
		binary.BigEndian.PutUint16(ip[4:], uint16(len(p)-s.ip-40))
	} else {
		binary.BigEndian.PutUint16(ip[2:], uint16(len(p)-s.ip))
		binary.BigEndian.PutUint16(ip[4:], binary.BigEndian.Uint16(ip[4:])+number)
		clear(ip[10:12])
		putSum(ip[10:], sum(0, ip))
	}
	at := 6 // of the sum
	if s.tcp {
		at = 16
		const fin, psh, cwr = 0x01, 0x08, 0x80
		binary.BigEndian.PutUint32(transport[4:], binary.BigEndian.Uint32(transport[4:])+uint32(done))
		if !last {
			transport[13] &^= fin | psh
		}
		if done > 0 {
			transport[13] &^= cwr // RFC 3168 6.1.2: on the first packet after
		}
	} else {
		binary.BigEndian.PutUint16(transport[4:], uint16(len(transport)))
	}
	clear(transport[at : at+2])
	putSum(transport[at:], sum(s.pseudo(ip, len(transport)), transport))
}

// pseudo is the sum of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1).
func (s segments) pseudo(ip []byte, length int) uint32 {
	protocol := uint32(17)
	if s.tcp {
		protocol = 6
	}
	addresses := ip[12:20]
	if s.six {
		addresses = ip[8:40]
	}
	return sum(protocol+uint32(length), addresses)
}

// sum adds octets as RFC 1071 does.
func sum(begin uint32, data []byte) uint32 {
	total := uint64(begin)
	for ; len(data) >= 2; data = data[2:] {
		total += uint64(binary.BigEndian.Uint16(data))
	}
	if len(data) == 1 {
		total += uint64(data[0]) << 8
	}
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return uint32(total)
}

// putSum writes a checksum; none is written as zero, which UDP takes for absent
// (RFC 768).
func putSum(at []byte, total uint32) {
	value := ^uint16(total)
	if value == 0 {
		value = 0xffff
	}
	binary.BigEndian.PutUint16(at, value)
}
