package hostlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// The header of RFC 7348 5: flags of which one is defined, reserved, the VNI,
// reserved.
const (
	vxlanHeader  = 8
	vxlanFlagVNI = 0x08
	maxVNI       = 1<<24 - 1
	minFrame     = 14 // an Ethernet header
)

// ErrVXLAN is a datagram that is no VXLAN packet.
var ErrVXLAN = errors.New("no VXLAN packet")

// decapsulate takes a VXLAN packet apart; the frame is part of data. "The I flag
// MUST be set to 1 for a valid VXLAN Network ID"; all else that is reserved is
// "ignored on receipt" (RFC 7348 5).
func decapsulate(data []byte) (vni uint32, frame []byte, err error) {
	switch {
	case len(data) < vxlanHeader:
		return 0, nil, fmt.Errorf("%w: %d octets", ErrVXLAN, len(data))
	case data[0]&vxlanFlagVNI == 0:
		return 0, nil, fmt.Errorf("%w: flags %#02x", ErrVXLAN, data[0])
	case len(data) < vxlanHeader+minFrame:
		return 0, nil, fmt.Errorf("%w: a frame of %d octets", ErrVXLAN, len(data)-vxlanHeader)
	}
	return binary.BigEndian.Uint32(data[4:]) >> 8, data[vxlanHeader:], nil
}

// encapsulate puts the header before a frame.
func encapsulate(vni uint32, frame []byte) []byte {
	data := make([]byte, vxlanHeader, vxlanHeader+len(frame))
	data[0] = vxlanFlagVNI
	binary.BigEndian.PutUint32(data[4:], vni<<8)
	return append(data, frame...)
}

// VTEPs are the tunnel endpoints of a lab: links of the same address and port
// here share a socket and are told apart by peer and VNI. The zero value is ready
// for use.
type VTEPs struct {
	mu   sync.Mutex
	open map[netip.AddrPort]*vtep
}

// network is what a packet belongs to. The source port says nothing: senders
// choose it by the inner packet (RFC 7348 5).
type network struct {
	remote netip.Addr
	vni    uint32
}

// vtep is one socket and who waits at it.
type vtep struct {
	all    *VTEPs
	local  netip.AddrPort
	conn   *net.UDPConn
	reader sync.WaitGroup

	mu    sync.Mutex
	links map[network]*VXLAN
}

// VXLAN is a link to one peer.
type VXLAN struct {
	counters
	network
	vtep    *vtep
	calls   sync.WaitGroup
	deliver func(frame []byte) // of vtep.mu
	tell    func(State)
}

// Open makes a link. The peer listens at port, and so do we; an unspecified
// local address is any.
func (v *VTEPs) Open(local, remote netip.Addr, port uint16, vni uint32) (*VXLAN, error) {
	remote = remote.Unmap()
	switch {
	case !remote.IsValid() || remote.IsUnspecified():
		return nil, fmt.Errorf("hostlink: vxlan: remote %v is no address to send to", remote)
	case port == 0 || vni > maxVNI:
		return nil, fmt.Errorf("hostlink: vxlan: no port %d, or no VNI %d", port, vni)
	case !local.IsValid() && remote.Is4():
		local = netip.IPv4Unspecified()
	case !local.IsValid():
		local = netip.IPv6Unspecified()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	t, err := v.at(netip.AddrPortFrom(local, port))
	if err != nil {
		return nil, err
	}
	x := &VXLAN{network: network{remote, vni}, vtep: t}
	if !t.join(x) {
		return nil, fmt.Errorf("hostlink: vxlan: two links for VNI %d of %v", vni, remote)
	}
	return x, nil
}

// at finds the endpoint with an address, or opens it. v.mu is held.
func (v *VTEPs) at(local netip.AddrPort) (*vtep, error) {
	if t := v.open[local]; t != nil {
		return t, nil
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(local))
	if err == nil {
		err = neverFragment(conn)
	}
	if err != nil {
		return nil, fmt.Errorf("hostlink: vxlan: %w", err)
	}
	_ = conn.SetReadBuffer(receiveBuffer)
	t := &vtep{all: v, local: local, conn: conn, links: map[network]*VXLAN{}}
	if v.open == nil {
		v.open = map[netip.AddrPort]*vtep{}
	}
	v.open[local] = t
	t.reader.Go(func() { readDatagrams(conn, t.take, t.broken) })
	return t, nil
}

func (t *vtep) join(x *VXLAN) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.links[x.network] != nil {
		return false
	}
	t.links[x.network] = x
	return true
}

// take hands a frame to the link that it belongs to. What is no VXLAN packet
// counts with each link of its sender.
func (t *vtep) take(from netip.AddrPort, data []byte) {
	vni, frame, err := decapsulate(data)
	if err != nil {
		t.count(func(x *VXLAN) { x.malformed.Add(1) }, from.Addr())
		return
	}
	x := t.link(network{from.Addr(), vni})
	if x == nil {
		t.count(func(x *VXLAN) { x.strangers.Add(1) }, netip.Addr{})
		return
	}
	defer x.calls.Done()
	x.received.Add(1)
	x.deliver(append([]byte(nil), frame...))
}

// link finds the link of a network that has started; its calls count one more.
func (t *vtep) link(n network) *VXLAN {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.links[n]
	if x == nil || x.deliver == nil {
		return nil
	}
	x.calls.Add(1)
	return x
}

// count counts with every link of a peer; an invalid address is any.
func (t *vtep) count(add func(*VXLAN), remote netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n, x := range t.links {
		if n.remote == remote || !remote.IsValid() {
			add(x)
		}
	}
}

func (t *vtep) broken() {
	t.mu.Lock()
	links := slices.Collect(maps.Values(t.links))
	t.mu.Unlock()
	for _, x := range links {
		if x := t.link(x.network); x != nil {
			x.tell(State{Gone: true})
			x.calls.Done()
		}
	}
}

// Start makes a Link of it.
func (x *VXLAN) Start(deliver func(frame []byte), tell func(State)) {
	x.vtep.mu.Lock()
	defer x.vtep.mu.Unlock()
	x.deliver, x.tell = deliver, tell
}

// Send makes a Link of it. "VTEPs MUST NOT fragment VXLAN packets" (RFC 7348
// 4.3): what is too long for the way is an error.
func (x *VXLAN) Send(frame []byte) error {
	if len(frame) > MaxFrame-vxlanHeader {
		return x.after("vxlan", fmt.Errorf("%d octets, at most %d: %w", len(frame), MaxFrame-vxlanHeader, ErrTooLong))
	}
	_, err := x.vtep.conn.WriteToUDPAddrPort(encapsulate(x.vni, frame), netip.AddrPortFrom(x.remote, x.vtep.local.Port()))
	return x.after("vxlan", refusal(err))
}

// Carrier makes a Link of it; RFC 7348 has no way to tell the peer.
func (x *VXLAN) Carrier(bool) error { return nil }

// Close makes a Link of it. The last link at a socket closes it.
func (x *VXLAN) Close() error {
	last := x.leave()
	x.calls.Wait()
	if !last {
		return nil
	}
	err := closed("vxlan", x.vtep.conn.Close())
	x.vtep.reader.Wait()
	return err
}

// leave says whether the link was the last one at its socket.
func (x *VXLAN) leave() bool {
	t := x.vtep
	t.all.mu.Lock()
	defer t.all.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.links[x.network] == x {
		delete(t.links, x.network)
	}
	if len(t.links) > 0 {
		return false
	}
	if t.all.open[t.local] == t {
		delete(t.all.open, t.local)
	}
	return true
}
