package decode

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
)

var (
	errShort   = errors.New("shorter than its headers say")
	errVersion = errors.New("neither IPv4 nor IPv6")
)

// datagram is what an IP packet carries, put together.
type datagram struct {
	from, to netip.Addr
	protocol uint8
	data     []byte
	cut      bool // the capture does not have all of it
}

// part is a fragment of a datagram.
type part struct {
	datagram
	id     uint32
	offset int
	more   bool
}

func (p *part) whole() bool { return p.offset == 0 && !p.more }

// parseIP reads the header of either version. What is behind the packet, such as
// the padding of a frame, is dropped.
func parseIP(b []byte) (part, error) {
	if len(b) == 0 {
		return part{}, errShort
	}
	switch b[0] >> 4 {
	case 4:
		return parseIPv4(b)
	case 6:
		return parseIPv6(b)
	}
	return part{}, errVersion
}

func parseIPv4(b []byte) (p part, err error) {
	if len(b) < 20 {
		return p, errShort
	}
	head, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 { // left to the network card
		total = len(b)
	}
	if head < 20 || head > len(b) || total < head {
		return p, errShort
	}
	flags := binary.BigEndian.Uint16(b[6:])
	p.id, p.offset, p.more = uint32(binary.BigEndian.Uint16(b[4:])), int(flags&0x1fff)*8, flags&0x2000 != 0
	p.from, p.to = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	p.protocol, p.cut = b[9], total > len(b)
	p.data = b[head:min(total, len(b))]
	return p, nil
}

// Extension headers (RFC 8200 4.1).
const (
	hopByHop, routing, fragmented, destination = 0, 43, 44, 60
)

func parseIPv6(b []byte) (p part, err error) {
	if len(b) < 40 {
		return p, errShort
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	p.from, p.to = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	p.protocol, p.cut = b[6], length > len(b)-40
	p.data = b[40:min(40+length, len(b))]
	for {
		switch p.protocol {
		case hopByHop, routing, destination, fragmented:
		default:
			return p, nil
		}
		size := 8
		if len(p.data) < size {
			return p, errShort
		}
		if p.protocol == fragmented {
			bits := binary.BigEndian.Uint16(p.data[2:])
			p.offset, p.more, p.id = int(bits&^7), bits&1 != 0, binary.BigEndian.Uint32(p.data[4:])
		} else {
			size += int(p.data[1]) * 8
		}
		if len(p.data) < size {
			return p, errShort
		}
		last := p.protocol == fragmented
		p.protocol, p.data = p.data[0], p.data[size:]
		if last && p.offset > 0 {
			return p, nil // what follows is the middle of something
		}
	}
}

// What waits for its other fragments.
const (
	mostWaiting  = 256
	mostParts    = 128
	mostDatagram = 1 << 16
)

// fragments puts datagrams together.
type fragments struct {
	waiting map[fragmentKey][]part
	order   []fragmentKey
}

type fragmentKey struct {
	from, to netip.Addr
	id       uint32
	protocol uint8
}

// take returns the datagram when its last fragment has come.
func (f *fragments) take(p part) (datagram, bool) {
	if p.whole() {
		return p.datagram, true
	}
	key := fragmentKey{p.from, p.to, p.id, 0}
	if p.from.Is4() { // of IPv6 only the first fragment knows what it carries
		key.protocol = p.protocol
	}
	parts, known := f.waiting[key]
	if !known {
		f.begin(key)
	}
	if len(parts) == mostParts || p.offset+len(p.data) > mostDatagram {
		return datagram{}, false
	}
	parts = append(parts, p)
	f.waiting[key] = parts
	whole, ok := joined(parts)
	if ok {
		delete(f.waiting, key)
		f.order = slices.DeleteFunc(f.order, func(k fragmentKey) bool { return k == key })
	}
	return whole, ok
}

func (f *fragments) begin(key fragmentKey) {
	if f.waiting == nil {
		f.waiting = map[fragmentKey][]part{}
	}
	if len(f.order) == mostWaiting {
		delete(f.waiting, f.order[0])
		f.order = f.order[1:]
	}
	f.order = append(f.order, key)
}

// joined is the whole of parts that leave no gap; of octets that came twice the
// first ones count.
func joined(parts []part) (whole datagram, ok bool) {
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b part) int { return a.offset - b.offset })
	for _, p := range sorted {
		if p.offset > len(whole.data) {
			return datagram{}, false
		}
		if p.offset == 0 && whole.data == nil {
			whole = p.datagram
			whole.data = slices.Clone(p.data)
		} else if known := len(whole.data) - p.offset; known < len(p.data) {
			whole.data = append(whole.data, p.data[known:]...)
		}
		whole.cut = whole.cut || p.cut
		if !p.more && p.offset+len(p.data) == len(whole.data) {
			return whole, true
		}
	}
	return datagram{}, false
}
