package rogue

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// Settings are what a peer is made of.
type Settings struct {
	Address, Router netip.Addr // its own, and whom it troubles
	Key             []byte     // pre-shared, of both directions
	Suite           Suite
}

// Peer is the node.
type Peer struct {
	Settings
	station
	random io.Reader
	sas    map[uint64]*SA // by its own SPI
	heard  []Heard
	bend   func(*Answer) // sees each answer before it leaves; nil: an honest peer
	deaf   bool          // it plays what it begins itself: nobody else begins an SA
	flood  flood
	wake   func() // has the deadline looked at

	offersFragments bool
}

// New makes a peer that draws all that is random from random. It is a node with
// one port; wake has its deadline looked at.
func New(s Settings, random io.Reader, wake func()) *Peer {
	return &Peer{Settings: s, station: newStation(s.Address, s.Router), random: random, wake: wake, sas: map[uint64]*SA{}}
}

// Attach, Start, Receive, Carrier, Advance, Deadline, Work and Deliver make it a
// node of the fabric.
func (p *Peer) Attach(send func(int, []byte, uint64) uint64, _ func(time.Duration, uint64)) {
	p.transmit = send
}

// Start forgets everything.
func (p *Peer) Start(time.Time) { p.sas, p.heard = map[uint64]*SA{}, nil }

// Carrier asks for the router's address.
func (p *Peer) Carrier(_ time.Time, _ int, up bool) {
	if up {
		p.arp(arpRequest, broadcast, [6]byte{}, p.router)
	}
}

// Advance goes on with a flood.
func (p *Peer) Advance(now time.Time) { p.pour(now) }

// Deadline is when a flood goes on.
func (p *Peer) Deadline() time.Time { return p.flood.next }

// Work is none: public values are computed at once.
func (p *Peer) Work(uint64) func() { return nil }

// Deliver has nothing to deliver.
func (p *Peer) Deliver(time.Time, uint64) {}

// Receive takes a frame: ARP, and IPv4 for the peer.
func (p *Peer) Receive(_ time.Time, _ int, frame []byte, _, _ uint64) {
	if len(frame) < ip.EthernetHeader {
		return
	}
	body := frame[ip.EthernetHeader:]
	switch binary.BigEndian.Uint16(frame[12:]) {
	case etherARP:
		p.receiveARP(body)
	case etherIPv4:
		p.receiveIPv4(body)
	}
}

func (p *Peer) receiveIPv4(b []byte) {
	n, ok := ip.CheckHeader(b)
	if !ok || ip.Destination(b) != p.Address {
		return
	}
	payload := b[int(b[0]&15)*4 : n]
	switch {
	case b[9] == protoESP:
		p.heard = append(p.heard, Heard{ESP: bytes.Clone(payload)})
	case b[9] == protoUDP && len(payload) > udpHeader && binary.BigEndian.Uint16(payload[2:]) == ikePort:
		p.receiveIKE(bytes.Clone(payload[udpHeader:]))
	case b[9] == protoUDP && len(payload) > udpHeader && binary.BigEndian.Uint16(payload[2:]) == nattPort:
		p.receiveFloated(bytes.Clone(payload[udpHeader:]))
	}
}

// receiveFloated takes what comes to port 4500: a message behind its marker, or ESP
// (RFC 3948 2).
func (p *Peer) receiveFloated(data []byte) {
	switch {
	case bytes.HasPrefix(data, marker):
		p.receiveIKE(data[len(marker):])
	case len(data) > 1:
		p.heard = append(p.heard, Heard{Note: "ESP in UDP"})
	}
}

// sendOctets sends a datagram from the peer's IKE port to the router's.
func (p *Peer) sendOctets(data []byte) { p.sendIPv4(protoUDP, datagram(ikePort, data)) }

// sendFloated sends one from port 4500 to port 4500.
func (p *Peer) sendFloated(parts ...[]byte) {
	p.sendIPv4(protoUDP, datagram(nattPort, bytes.Join(parts, nil)))
}

// datagram is from a port to the same one, without a checksum (RFC 768).
func datagram(port uint16, data []byte) []byte {
	b := make([]byte, 0, udpHeader+len(data))
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, uint16(udpHeader+len(data)))
	return append(append(b, 0, 0), data...)
}

// sendESP sends what should be an ESP packet.
func (p *Peer) sendESP(packet []byte) { p.sendIPv4(protoESP, packet) }
