package bench

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"ikelab/netsim"
	"ikelab/router/ip"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// forceUDP has a profile's ESP travel in UDP without any NAT.
const forceUDP = "crypto ikev2 profile P\n nat force-encap\n"

// way is what a route differs in from others.
type way struct {
	six     bool   // ESP travels over IPv6, and the packets in it are of IPv6
	profile string // more of the configuration
}

// routeConfig is a router of a route.
func routeConfig(esp string, w way, self, peer byte) string {
	config := suiteConfig("encryption aes-cbc-128\nintegrity sha1\ngroup 19", esp) + w.profile
	if w.six {
		return config + fmt.Sprintf(`ipv6 unicast-routing
crypto ikev2 keyring K
 peer SIX
  address ::/0
  pre-shared-key benchmark
crypto ikev2 profile P
 match identity remote address ::/0
interface Ethernet0/0
 ipv6 address 2001:db8:12::%d/64
interface Ethernet0/1
 ipv6 address 2001:db8:%d::1/64
interface Tunnel0
 ipv6 enable
 ip mtu 1420
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv6
 tunnel destination 2001:db8:12::%d
 tunnel protection ipsec profile P
ipv6 route 2001:db8:%d::/64 Tunnel0
`, self, self, peer, peer)
	}
	return config + fmt.Sprintf(`interface Ethernet0/0
 ip address 10.0.0.%d 255.255.255.0
interface Ethernet0/1
 ip address 192.168.%d.1 255.255.255.0
interface Tunnel0
 ip address 172.16.0.%d 255.255.255.0
 ip mtu 1420
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.%d
 tunnel protection ipsec profile P
ip route 192.168.%d.0 255.255.255.0 Tunnel0
`, self, self, self, peer, peer)
}

// route is R1 = R2 - host B.
type route struct {
	lab      *lab.Lab
	port     int // of R1, where packets come in
	frame    []byte
	received int
}

var hostMAC = [6]byte{2, 0, 0, 0, 0, 1}

// newRoute brings the tunnel up.
func newRoute(esp string, w way) (*route, error) {
	node := func(name string, self, peer byte) *topologies.Node {
		return &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name, Config: routeConfig(esp, w, self, peer), ConfigFile: name, ConfigLine: 1, ConfigColumn: 1}
	}
	t := &topologies.Topology{Name: "path", Clock: topologies.DefaultClock, Nodes: []*topologies.Node{node("R1", 1, 2), node("R2", 2, 1)}, Links: []*topologies.Link{
		{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{{Node: "R1", Interface: "Ethernet0/0"}, {Node: "R2", Interface: "Ethernet0/0"}}},
	}}
	t.Nodes[1].StartupDelay = time.Second
	l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1})
	if err != nil {
		return nil, err
	}
	p := &route{lab: l, port: slices.Index(t.Ports()["R1"], "Ethernet0/1")}
	from := l.Sim.HostPort("A", func(time.Time, []byte) {})
	var to *netsim.HostPort
	to = l.Sim.HostPort("B", func(now time.Time, frame []byte) { p.receive(to, now, frame) })
	if _, err := l.Sim.Link(l.Sim.Port("R1:Ethernet0/1"), from.Port()); err != nil {
		return nil, err
	}
	if _, err := l.Sim.Link(l.Sim.Port("R2:Ethernet0/1"), to.Port()); err != nil {
		return nil, err
	}
	l.Sim.Run(t.Clock.Add(10 * time.Second))
	if !l.Routers[0].TunnelUp("Tunnel0") {
		return nil, fmt.Errorf("bench: the tunnel of the ESP benchmark did not come up")
	}
	if p.frame = innerFrame(l.Routers[0].MAC("Ethernet0/1")); w.six {
		p.frame = innerFrame6(l.Routers[0].MAC("Ethernet0/1"))
	}
	p.push(1) // finds host B
	return p, nil
}

// receive is host B: it says that any address is its own, to ARP and to neighbour
// discovery, and counts the rest.
func (p *route) receive(at *netsim.HostPort, now time.Time, frame []byte) {
	switch {
	case len(frame) >= 42 && binary.BigEndian.Uint16(frame[12:]) == 0x0806:
		if frame[21] == 1 && [4]byte(frame[28:32]) != [4]byte(frame[38:42]) { // a request, and not the router announcing itself
			at.Inject(now, arpReply(frame))
		}
	case len(frame) >= 54 && binary.BigEndian.Uint16(frame[12:]) == 0x86dd && frame[20] == 58:
		if len(frame) >= 78 && frame[54] == 135 && [16]byte(frame[22:38]) != [16]byte{} { // a solicitation, and not the router asking for its own address
			at.Inject(now, advertisement(frame))
		}
	default:
		p.received++
	}
}

// arpReply answers a request.
func arpReply(frame []byte) []byte {
	reply := append([]byte{}, frame[:42]...)
	copy(reply[0:], frame[6:12])
	copy(reply[6:], hostMAC[:])
	reply[21] = 2
	copy(reply[22:], hostMAC[:])
	copy(reply[28:], frame[38:42])
	copy(reply[32:], frame[22:32])
	return reply
}

// advertisement answers a solicitation (RFC 4861 section 4.4).
func advertisement(frame []byte) []byte {
	reply := frame6(58, 32, [16]byte(frame[62:78]), [16]byte(frame[22:38]), [6]byte(frame[6:12]))
	reply[21] = 255
	m := reply[54:]
	m[0], m[4] = 136, 0x60 // solicited, override
	copy(m[8:], frame[62:78])
	m[24], m[25] = 2, 1
	copy(m[26:], hostMAC[:])
	binary.BigEndian.PutUint16(m[2:], ip.Checksum(append(reply[22:54:54], append([]byte{0, 32, 0, 58}, m...)...)))
	return reply
}

// frame6 is a frame of a host with room for n octets of a protocol over IPv6.
func frame6(proto byte, n int, from, to [16]byte, router [6]byte) []byte {
	f := make([]byte, 14+40+n)
	copy(f[0:], router[:])
	copy(f[6:], hostMAC[:])
	f[12], f[13] = 0x86, 0xdd
	ip := f[14:]
	ip[0], ip[6], ip[7] = 6<<4, proto, 64
	binary.BigEndian.PutUint16(ip[4:], uint16(n))
	copy(ip[8:], from[:])
	copy(ip[24:], to[:])
	return f
}

// innerFrame6 is innerFrame in IPv6, of the same length.
func innerFrame6(router [6]byte) []byte {
	host := func(site byte) [16]byte { return [16]byte{0x20, 1, 0xd, 0xb8, 0, site, 15: 2} }
	return frame6(17, innerLen-40, host(1), host(2), router)
}

// push gives n packets to R1 and lets them arrive behind R2.
func (p *route) push(n int) {
	r1 := p.lab.Routers[0]
	for sent := 0; sent < n; {
		for range min(espInFlight, n-sent) {
			r1.Call(func(now time.Time) { r1.Receive(now, p.port, p.frame, 0, 0) })
			sent++
		}
		p.lab.Sim.Run(p.lab.Sim.Now().Add(time.Microsecond))
	}
}

// innerFrame is a UDP packet from host A to host B, to the router's MAC.
func innerFrame(router [6]byte) []byte {
	f := make([]byte, 14+innerLen)
	copy(f[0:], router[:])
	copy(f[6:], hostMAC[:])
	f[12], f[13] = 0x08, 0x00
	b := f[14:]
	b[0], b[8], b[9] = 0x45, 64, 17
	binary.BigEndian.PutUint16(b[2:], innerLen)
	copy(b[12:], []byte{192, 168, 1, 2, 192, 168, 2, 2})
	ip.SetHeaderChecksum(b)
	return f
}
