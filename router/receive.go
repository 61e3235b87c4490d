package router

import (
	"encoding/binary"
	"time"
)

const (
	ethernetHeader = 14   // octets; every packet's buffer has so much room before the packet
	scratchLen     = 2048 // octets of the two scratch buffers; longer packets get memory of their own
)

// Receive takes a frame from a port. The frame is not modified and not kept.
func (r *Router) Receive(now time.Time, port int, frame []byte, _, _ uint64) {
	i := r.ifaceByPort(port)
	if !r.on || i == nil || !i.protocol {
		return
	}
	i.count.lastIn = now
	i.count.inPackets++
	i.count.inOctets += uint64(len(frame))
	if len(frame) < ethernetHeader {
		i.count.inErrors++
		return
	}
	to := [6]byte(frame[:6])
	group := to[0]&1 != 0
	if group {
		i.count.inBroadcasts++
	}
	if to != i.mac && !group {
		return // for somebody else on the segment
	}
	switch binary.BigEndian.Uint16(frame[12:]) {
	case ethertype4:
		r.receiveIP(now, &packet{in: i, buf: frame, group: group})
	case ethertypeA:
		r.receiveARP(now, i, frame[ethernetHeader:])
	default:
		i.count.inUnknown++
	}
}

// putOnWire sends a whole frame.
func (r *Router) putOnWire(now time.Time, i *iface, frame []byte) {
	i.count.lastOut = now
	i.count.outPackets++
	i.count.outOctets += uint64(len(frame))
	r.send(i.port, frame, 0)
}

// sendFrame fills in the Ethernet header before an IPv4 packet and sends both.
func (r *Router) sendFrame(now time.Time, i *iface, to [6]byte, buf []byte) {
	copy(buf, to[:])
	copy(buf[6:], i.mac[:])
	binary.BigEndian.PutUint16(buf[12:], ethertype4)
	r.putOnWire(now, i, buf)
}

// scratch gives a buffer for n octets after the room for an Ethernet header.
// What is common fits the one that is kept.
func scratch(kept *[]byte, n int) []byte {
	if ethernetHeader+n > scratchLen {
		return make([]byte, ethernetHeader+n)
	}
	if *kept == nil {
		*kept = make([]byte, scratchLen)
	}
	return (*kept)[:ethernetHeader+n]
}
