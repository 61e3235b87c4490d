package router

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/netsim"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/shell"
)

// lab is a simulation with routers; frames travel for wireDelay.
type lab struct {
	t     testing.TB
	sim   *netsim.Sim
	now   time.Time // the simulation's, between two runs
	nodes map[string]*labNode
	sent  []labFrame        // every frame that was sent
	mute  bool              // keep no frames
	left  map[uint64][]byte // frames as they left, by number
}

// labNode is a router in its place, which keeps what it sends and records.
type labNode struct {
	*Router
	lab    *lab
	name   string
	device *netsim.Device
	seen   []any
}

type labFrame struct {
	node string
	at   time.Time
	data []byte
}

const wireDelay = time.Millisecond

var labEpoch = time.Date(2013, 11, 11, 19, 30, 0, 0, time.UTC)

func newLab(t testing.TB) *lab {
	return &lab{t: t, sim: netsim.New(1, labEpoch), now: labEpoch, nodes: map[string]*labNode{}, left: map[uint64][]byte{}}
}

// add makes a router that is not started.
func (l *lab) add(name string, ports []string, config string) *labNode {
	n := &labNode{lab: l, name: name}
	n.Router = New(Options{
		Name: name, Ports: ports, Epoch: labEpoch,
		Stream: func(purpose string) io.Reader {
			var seed [32]byte
			copy(seed[:], name+"/"+purpose)
			return rand.NewChaCha8(seed)
		},
	})
	n.records.Listen(func(rec record.Record) {
		if !l.mute {
			n.seen = append(n.seen, rec.Body)
		}
	})
	startup := (&StartupReader{}).Read(config, "")
	require.Empty(l.t, startup.Refused)
	n.LoadStartup(startup)
	n.device = l.sim.AddNode(name, n, ports)
	n.device.StartAt(labEpoch.AddDate(100, 0, 0))
	l.nodes[name] = n
	return n
}

// Attach keeps a copy of each frame that the router sends.
func (n *labNode) Attach(send func(int, []byte, uint64) uint64, job func(time.Duration, uint64)) {
	n.Router.Attach(func(port int, frame []byte, cause uint64) uint64 {
		l := n.lab
		if l.mute {
			return send(port, frame, cause)
		}
		kept := bytes.Clone(frame)
		l.sent = append(l.sent, labFrame{n.name, l.sim.Now(), kept})
		number := send(port, frame, cause)
		l.left[number] = kept
		return number
	}, job)
}

// Receive sees that a frame arrives as it left: nobody writes to what was sent, be it in a
// buffer that was lent.
func (n *labNode) Receive(now time.Time, port int, frame []byte, number, cause uint64) {
	if left, ok := n.lab.left[number]; ok {
		require.Equal(n.lab.t, left, frame)
	}
	n.Router.Receive(now, port, frame, number, cause)
}

// finish computes a job and delivers it, for a router that is in no simulation.
func finish(r *Router, now time.Time, id uint64) {
	if work := r.Work(id); work != nil {
		work()
	}
	r.Deliver(now, id)
}

// connect lays a cable between two ports; to a name that no router has, one to a
// segment of that name.
func (l *lab) connect(a string, portA int, b string, portB int) {
	if l.nodes[b] == nil {
		_, err := l.sim.Segment(b).Connect(l.nodes[a].device.Port(portA))
		require.NoError(l.t, err)
		return
	}
	ends := []*netsim.Port{l.nodes[a].device.Port(portA), l.nodes[b].device.Port(portB)}
	_, err := l.sim.Link(ends[0], ends[1])
	require.NoError(l.t, err)
	for _, p := range ends {
		require.NoError(l.t, p.SetImpairments(netsim.Impairments{Delay: wireDelay}))
	}
}

// start powers routers on.
func (l *lab) start(names ...string) {
	for _, name := range names {
		l.nodes[name].device.StartAt(l.now)
	}
	l.run(0)
}

// run lets time pass.
func (l *lab) run(d time.Duration) {
	for _, device := range l.sim.Devices() {
		l.sim.Touch(device)
	}
	l.now = l.now.Add(d)
	l.sim.Run(l.now)
}

// protocols counts the frames that were sent since the last call: "arp", or
// the protocol of an IPv4 packet, "ike" for UDP port 500.
func (l *lab) protocols() map[string]int {
	names := map[uint8]string{ip.ProtoICMP: "icmp", ip.ProtoUDP: "udp", ip.ProtoESP: "esp"}
	counts := map[string]int{}
	for _, f := range l.sent {
		name := "arp"
		if b := f.data[ip.EthernetHeader:]; binary.BigEndian.Uint16(f.data[12:]) == 0x0800 {
			name = names[b[9]]
			if b[9] == ip.ProtoUDP && binary.BigEndian.Uint16(b[22:]) == portIKE {
				name = "ike"
			}
		}
		counts[name]++
	}
	l.sent = nil
	return counts
}

// twoRouters are R1 and R2 on one wire, 10.0.0.1 and 10.0.0.2, with a
// loopback each, 192.168.1.1 and 192.168.2.1.
func twoRouters(t testing.TB, extra1, extra2 string) *lab {
	l := newLab(t)
	for i, extra := range []string{extra1, extra2} {
		n := string(rune('1' + i))
		l.add("R"+n, []string{"Ethernet0/0"}, "interface Ethernet0/0\n ip address 10.0.0."+n+" 255.255.255.0\n"+
			"interface Loopback0\n ip address 192.168."+n+".1 255.255.255.0\n"+extra)
	}
	l.connect("R1", 0, "R2", 0)
	return l
}

const tunnelConfig = `crypto ikev2 keyring K
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key cisco
crypto ikev2 profile P
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
 set ikev2-profile P
interface Tunnel0
 ip address 172.16.0.NN 255.255.255.0
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.PP
 tunnel protection ipsec profile IP
ip route 192.168.PP.0 255.255.255.0 Tunnel0
ip route 0.0.0.0 0.0.0.0 10.0.0.PP
`

// tunnelText is the tunnel configuration of router n towards router p.
func tunnelText(n, p byte) string {
	out := make([]byte, 0, len(tunnelConfig))
	for i := 0; i < len(tunnelConfig); i++ {
		switch {
		case i+1 < len(tunnelConfig) && tunnelConfig[i] == 'N' && tunnelConfig[i+1] == 'N':
			out = append(out, n)
			i++
		case i+1 < len(tunnelConfig) && tunnelConfig[i] == 'P' && tunnelConfig[i+1] == 'P':
			out = append(out, p)
			i++
		default:
			out = append(out, tunnelConfig[i])
		}
	}
	return string(out)
}

// vtiRouters have a tunnel between them, down.
func vtiRouters(t testing.TB) *lab { return twoRouters(t, tunnelText('1', '2'), tunnelText('2', '1')) }

// suiteUnderTest is an ESP suite with its name.
type suiteUnderTest struct {
	name  string
	encr  ipsec.Encr
	integ ipsec.IntegID
}

var suitesUnderTest = []suiteUnderTest{
	{"GCM128", ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone},
	{"CBC128-SHA1", ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1},
	{"3DES-SHA1", ipsec.Encr{ID: ipsec.Encr3DES}, ipsec.IntegSHA1},
}

// pairOf is one pair of SAs as R1 and as R2 install it; SPIs spi and spi+1.
func pairOf(s suiteUnderTest, spi ipsec.SPI) (one, two crypto.Association) {
	any4 := []spd.Selector{spd.AnyIPv4()}
	keys := func(spi ipsec.SPI) crypto.Keys {
		k := crypto.Keys{SPI: spi, EncrKey: make([]byte, s.encr.KeyLen()), IntegKey: make([]byte, s.integ.KeyLen())}
		for i := range k.EncrKey {
			k.EncrKey[i] = byte(spi) + byte(i)
		}
		for i := range k.IntegKey {
			k.IntegKey[i] = byte(spi) ^ byte(i)
		}
		return k
	}
	one = crypto.Association{In: keys(spi + 1), Out: keys(spi), Terms: crypto.Terms{
		Entry: "Tunnel0", Between: crypto.Between{LocalEnd: addrPort("10.0.0.1:500"), Peer: addrPort("10.0.0.2:500")},
		Encr: s.encr, Integ: s.integ, Local: any4, Remote: any4, Initiator: true,
	}}
	two = one
	two.LocalEnd, two.Peer, two.In, two.Out, two.Initiator = one.Peer, one.LocalEnd, one.Out, one.In, false
	return one, two
}

// install puts a pair into both routers.
func (l *lab) install(one, two crypto.Association) {
	require.NoError(l.t, l.nodes["R1"].machine.crypto.Install(l.now, one))
	require.NoError(l.t, l.nodes["R2"].machine.crypto.Install(l.now, two))
}

func (n *labNode) tunnelUp() bool { return n.TunnelUp("Tunnel0") }
func (n *labNode) tunnelMTU() int { return n.machine.ip.Interfaces.Get("Tunnel0").MTU }

// echo pings once and reports whether the answer came.
func (l *lab) echo(from, src, dst string, size int, df bool) bool {
	line := fmt.Sprintf("ping %s source %s repeat 1 size %d", dst, src, size)
	if df {
		line += " df-bit"
	}
	return strings.Contains(l.exec(from, line), "(1/1)")
}

// exec types a command into a terminal of a router and gives what it printed
// by the time it was done.
func (l *lab) exec(name, line string) string {
	var out strings.Builder
	s := l.nodes[name].Shell().Open(shell.Options{Privileged: true, Out: func(text string) { out.WriteString(text) }})
	s.Resize(80, 0)
	defer s.Close()
	s.Enter(l.now, line)
	for range 1000 {
		if !s.Busy() {
			break
		}
		l.run(100 * time.Millisecond)
	}
	require.False(l.t, s.Busy(), line)
	require.False(l.t, s.Refused(), line+": "+out.String())
	return out.String()
}

// configure types lines in configuration mode.
func (l *lab) configure(name string, lines ...string) {
	s := l.nodes[name].Shell().Open(shell.Options{Privileged: true, Out: func(string) {}})
	defer s.Close()
	s.Enter(l.now, "configure terminal")
	for _, line := range lines {
		s.Enter(l.now, line)
		require.False(l.t, s.Refused(), line)
	}
	s.Enter(l.now, "end")
}

func addr(text string) netip.Addr         { return netip.MustParseAddr(text) }
func addrPort(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }

// port is the interface of a physical port.
func (n *labNode) port(i int) *ip.Interface { return n.machine.ip.Interfaces.Get(n.options.Ports[i]) }

// oneEcho sends an echo and does not wait for the answer.
func (n *labNode) oneEcho(now time.Time, src, dst string) {
	n.machine.ip.Echoes.Ping(now, &ip.Ping{
		Source: addr(src), Destination: addr(dst), Repeat: 1, Size: 100, Timeout: time.Hour,
		Report: func(time.Time, ip.Echo) {}, Done: func(time.Time) {},
	})
}

// frame is a frame for a port with an IPv4 packet around a payload.
func (n *labNode) frame(port int, proto uint8, src, dst string, payload []byte) []byte {
	f := make([]byte, ip.EthernetHeader+ip.HeaderLen, ip.EthernetHeader+ip.HeaderLen+len(payload))
	f = append(f, payload...)
	mac := n.port(port).MAC
	copy(f, mac[:])
	f[12], f[13] = 8, 0
	b := f[ip.EthernetHeader:]
	b[0], b[8], b[9] = 0x45, 64, proto
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	from, to := addr(src).As4(), addr(dst).As4()
	copy(b[12:], from[:])
	copy(b[16:], to[:])
	ip.SetHeaderChecksum(b)
	return f
}

// udp is a UDP datagram without a checksum.
func udp(from, to uint16, data []byte) []byte {
	b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, from), to)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(data)))
	return append(append(b, 0, 0), data...)
}

// icmp is an ICMP message with its checksum.
func icmp(kind, code uint8, word uint32, data []byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind, code, 0, 0}, word)
	b = append(b, data...)
	binary.BigEndian.PutUint16(b[2:], ip.Checksum(b))
	return b
}
