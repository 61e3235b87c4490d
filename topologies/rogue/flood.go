package rogue

import (
	"encoding/binary"
	"time"

	"ikelab/router/ip"
)

// flood is a stream of IKE_SA_INIT requests from addresses that are not the
// peer's, each a good request of its own.
type flood struct {
	frame []byte // one of them
	each  int    // how many a tick
	count uint32 // so far
	next  time.Time
	until time.Time
}

// tick is how often a flood sends.
const tick = time.Millisecond

// Where the fields that differ stand in a frame.
const (
	sourceAt = ip.EthernetHeader + 12
	spiAt    = ip.EthernetHeader + ip.HeaderLen + udpHeader
)

// Flood sends so many spoofed requests a second for a while. Their senders are
// 11.0.0.0 and those that follow.
func (p *Peer) Flood(now time.Time, rate int, lasts time.Duration) {
	f := p.ethernet(p.routerMAC, etherIPv4, mtu)
	p.flood = flood{
		frame: append(f, ipv4(p.Address, p.Router, protoUDP, 0, datagram(ikePort, p.newSA().initRequest().Append(nil)))...),
		each:  rate / int(time.Second/tick), next: now.Add(tick), until: now.Add(lasts),
	}
	p.wake()
}

// pour sends what is due.
func (p *Peer) pour(now time.Time) {
	for range p.flood.each {
		p.flood.count++
		b := p.flood.frame
		binary.BigEndian.PutUint32(b[sourceAt:], 11<<24+p.flood.count&0xffffff)
		binary.BigEndian.PutUint64(b[spiAt:], 1<<63|uint64(p.flood.count))
		ip.SetHeaderChecksum(b[ip.EthernetHeader : ip.EthernetHeader+ip.HeaderLen])
		p.transmit(0, b, 0)
	}
	if p.flood.next = now.Add(tick); p.flood.next.After(p.flood.until) {
		p.flood.next = time.Time{}
	}
}

// Flooded is how many requests a flood has sent.
func (p *Peer) Flooded() int { return int(p.flood.count) }
