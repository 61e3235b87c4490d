package bench

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// The forwarding benchmark: two routers with a tunnel over one link. Frames go
// in at one end and are counted behind the other.

var espSuites = []struct {
	name   string
	esp    string
	encr   ipsec.Encr
	integ  ipsec.IntegID
	target float64
}{
	{"AES-GCM-128", "esp-gcm", ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone, 0.67},
	{"AES-CBC-128/SHA1", "esp-aes esp-sha-hmac", ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, 0.88},
	{"ChaCha20-Poly1305", "esp-chacha20-poly1305", ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}, ipsec.IntegNone, 0.80},
	{"3DES/SHA1", "esp-3des esp-sha-hmac", ipsec.Encr{ID: ipsec.Encr3DES}, ipsec.IntegSHA1, 0.85},
}

const (
	innerLen    = 1400 // octets of an inner packet
	espPackets  = 4000
	espInFlight = 16 // packets between two looks at the queue
	espRounds   = 5
)

func benchESP(h Host) ([]Measure, error) {
	var list []Measure
	worst := 0.0
	for _, s := range espSuites {
		n := espPackets
		if s.encr.ID == ipsec.Encr3DES {
			n /= 10
		}
		p, err := newRoute(s.esp, "")
		if err != nil {
			return nil, err
		}
		bare, err := newBareESP(s.encr, s.integ)
		if err != nil {
			return nil, err
		}
		through, limit, allocs := math.Inf(1), math.Inf(1), math.Inf(1)
		for range espRounds { // in turn, so that both see the same machine
			before := h.Allocs()
			through = min(through, h.took(func() { p.push(n) }))
			allocs = min(allocs, float64(h.Allocs()-before)/float64(n))
			limit = min(limit, h.took(func() { bare.push(n) }))
		}
		if want := espRounds*n + 1; p.received != want {
			return nil, fmt.Errorf("bench: %d of %d packets arrived", p.received, want)
		}
		worst = max(worst, allocs)
		list = append(list, Measure{
			Name: "ESP " + s.name, Value: float64(n) / through, Unit: "packets/s",
			Limit: new(float64(n) / limit), Ratio: new(limit / through), Target: new(s.target),
		})
	}
	udp, err := udpBesidePlain(h)
	if err != nil {
		return nil, err
	}
	list = append(list, udp)
	// A round has a handful of its own, whatever its length: those of the
	// measuring and of deadlines that come due.
	list = append(list, Measure{Name: "allocations per packet", Value: math.Round(worst*100) / 100, Unit: "1", Target: new(0.0)})
	return list, nil
}

// forceUDP has a profile's ESP travel in UDP without any NAT.
const forceUDP = "crypto ikev2 profile P\n nat force-encap\n"

// udpBesidePlain is what the UDP header (RFC 3948) costs: two routes that differ in
// nothing else, in turn.
func udpBesidePlain(h Host) (Measure, error) {
	s := espSuites[0]
	var routes [2]*route
	for i, profile := range []string{"", forceUDP} {
		p, err := newRoute(s.esp, profile)
		if err != nil {
			return Measure{}, err
		}
		routes[i] = p
	}
	plain, udp := math.Inf(1), math.Inf(1)
	for range 2 * espRounds {
		plain = min(plain, h.took(func() { routes[0].push(espPackets) }))
		udp = min(udp, h.took(func() { routes[1].push(espPackets) }))
	}
	if want := 2*espRounds*espPackets + 1; routes[0].received != want || routes[1].received != want {
		return Measure{}, fmt.Errorf("bench: %d and, in UDP, %d of %d packets arrived", routes[0].received, routes[1].received, want)
	}
	return Measure{
		Name: "ESP " + s.name + " in UDP, beside plain", Value: espPackets / udp, Unit: "packets/s",
		Limit: new(espPackets / plain), Ratio: new(plain / udp), Target: new(0.95),
	}, nil
}

// route is R1 = R2 - host B.
type route struct {
	lab      *lab.Lab
	port     int // of R1, where packets come in
	frame    []byte
	received int
}

var hostMAC = [6]byte{2, 0, 0, 0, 0, 1}

// newRoute brings the tunnel up; profile is more of the configuration.
func newRoute(esp, profile string) (*route, error) {
	ike := "encryption aes-cbc-128\nintegrity sha1\ngroup 19"
	config := func(self, peer byte) string {
		return suiteConfig(ike, esp) + profile + fmt.Sprintf(`interface Ethernet0/0
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
	node := func(name string, self, peer byte) *topologies.Node {
		return &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name, Config: config(self, peer), ConfigFile: name, ConfigLine: 1, ConfigColumn: 1}
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
	p.frame = innerFrame(l.Routers[0].MAC("Ethernet0/1"))
	p.push(1) // resolves ARP
	return p, nil
}

// receive is host B: it answers ARP for any address and counts the rest.
func (p *route) receive(at *netsim.HostPort, now time.Time, frame []byte) {
	if len(frame) < 42 || binary.BigEndian.Uint16(frame[12:]) != 0x0806 {
		p.received++
		return
	}
	if frame[21] != 1 || [4]byte(frame[28:32]) == [4]byte(frame[38:42]) {
		return // no request, or the router announcing itself
	}
	reply := append([]byte{}, frame[:42]...)
	copy(reply[0:], frame[6:12])
	copy(reply[6:], hostMAC[:])
	reply[21] = 2
	copy(reply[22:], hostMAC[:])
	copy(reply[28:], frame[38:42])
	copy(reply[32:], frame[22:32])
	at.Inject(now, reply)
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
	ip := f[14:]
	ip[0], ip[8], ip[9] = 0x45, 64, 17
	binary.BigEndian.PutUint16(ip[2:], innerLen)
	copy(ip[12:], []byte{192, 168, 1, 2, 192, 168, 2, 2})
	var sum uint32
	for i := 0; i < 20; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(ip[i:]))
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum))
	return f
}

// bareESP is the cipher alone: what ESP does to each packet at both ends,
// without a header, a window or a route.
type bareESP struct {
	seal, open *ipsec.Cipher
	pkt, plain []byte
}

const espHeader = 8

func newBareESP(e ipsec.Encr, i ipsec.IntegID) (*bareESP, error) {
	keys := make([]byte, e.KeyLen()+i.KeyLen())
	seal, err := ipsec.NewCipher(e, i, keys[:e.KeyLen()], keys[e.KeyLen():])
	if err != nil {
		return nil, err
	}
	open, err := ipsec.NewCipher(e, i, keys[:e.KeyLen()], keys[e.KeyLen():])
	if err != nil {
		return nil, err
	}
	block := max(4, seal.BlockLen())
	body := (innerLen + 2 + block - 1) / block * block
	return &bareESP{seal: seal, open: open, pkt: make([]byte, espHeader+seal.IVLen()+body+seal.ICVLen()), plain: make([]byte, 0, body)}, nil
}

func (b *bareESP) push(n int) {
	for range n {
		b.seal.Seal(b.pkt, espHeader)
		if _, err := b.open.Open(b.plain, b.pkt, espHeader); err != nil {
			panic("bench: the bare cipher refuses its own packet: " + err.Error())
		}
	}
}
