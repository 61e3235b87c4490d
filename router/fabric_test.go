package router

import (
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
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/shell"
)

// lab connects routers directly: frames arrive in the order sent, after a
// delay of wireDelay, and jobs are done at once when they are due.
type lab struct {
	t      testing.TB
	now    time.Time
	nodes  map[string]*labNode
	cable  map[labEnd]labEnd
	queue  []labEvent // by time, then order
	order  int
	frames uint64     // sent so far
	sent   []labFrame // every frame that was sent
	mute   bool       // keep no frames
}

type labNode struct {
	*Router
	seen []any
	off  bool // not started
}

type labEnd struct {
	node string
	port int
}

type labEvent struct {
	at    time.Time
	order int
	do    func(now time.Time)
}

type labFrame struct {
	from labEnd
	at   time.Time
	data []byte
}

const wireDelay = time.Millisecond

var labEpoch = time.Date(2013, 11, 11, 19, 30, 0, 0, time.UTC)

func newLab(t testing.TB) *lab {
	return &lab{t: t, now: labEpoch, nodes: map[string]*labNode{}, cable: map[labEnd]labEnd{}}
}

// add makes a router that is not started.
func (l *lab) add(name string, ports []string, config string) *labNode {
	n := &labNode{off: true}
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
	require.Empty(l.t, n.LoadStartup(config))
	n.Attach(func(port int, frame []byte, _ uint64) uint64 { return l.send(labEnd{name, port}, frame) },
		func(cost time.Duration, id uint64) {
			l.at(l.now.Add(cost), func(now time.Time) { finish(n.Router, now, id) })
		})
	l.nodes[name] = n
	return n
}

// finish computes a job and delivers it.
func finish(r *Router, now time.Time, id uint64) {
	if work := r.Work(id); work != nil {
		work()
	}
	r.Deliver(now, id)
}

func (l *lab) at(t time.Time, do func(time.Time)) {
	l.order++
	l.queue = append(l.queue, labEvent{t, l.order, do})
}

func (l *lab) connect(a string, portA int, b string, portB int) {
	l.cable[labEnd{a, portA}] = labEnd{b, portB}
	l.cable[labEnd{b, portB}] = labEnd{a, portA}
}

func (l *lab) send(from labEnd, frame []byte) (number uint64) {
	l.frames++
	number = l.frames
	data := append([]byte(nil), frame...)
	if !l.mute {
		l.sent = append(l.sent, labFrame{from, l.now, data})
	}
	to, ok := l.cable[from]
	if !ok {
		return number
	}
	l.at(l.now.Add(wireDelay), func(now time.Time) {
		if n := l.nodes[to.node]; !n.off {
			n.Receive(now, to.port, data, number, 0)
		}
	})
	return number
}

// start powers a router on.
func (l *lab) start(names ...string) {
	for _, name := range names {
		n := l.nodes[name]
		n.off = false
		n.Start(l.now)
		for end := range l.cable {
			if end.node == name {
				n.Carrier(l.now, end.port, true)
			}
		}
	}
}

// run lets time pass.
func (l *lab) run(d time.Duration) {
	until := l.now.Add(d)
	for {
		next := -1
		for i, e := range l.queue {
			if next < 0 || e.at.Before(l.queue[next].at) || e.at.Equal(l.queue[next].at) && e.order < l.queue[next].order {
				next = i
			}
		}
		due, node := l.deadline()
		switch {
		case next >= 0 && !l.queue[next].at.After(until) && (node == nil || !due.Before(l.queue[next].at)):
			e := l.queue[next]
			l.queue = append(l.queue[:next], l.queue[next+1:]...)
			l.now = e.at
			e.do(e.at)
		case node != nil && !due.After(until):
			if due.After(l.now) {
				l.now = due
			}
			node.Advance(l.now)
			require.False(l.t, !node.Deadline().IsZero() && node.Deadline().Before(due), "the deadline moved back")
		default:
			l.now = until
			return
		}
	}
}

func (l *lab) deadline() (time.Time, *labNode) {
	var due time.Time
	var node *labNode
	for _, name := range []string{"R1", "R2", "R3"} {
		n := l.nodes[name]
		if n == nil || n.off {
			continue
		}
		if d := n.Deadline(); !d.IsZero() && (due.IsZero() || d.Before(due)) {
			due, node = d, n
		}
	}
	return due, node
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
	one = crypto.Association{Entry: "Tunnel0", LocalEnd: addr("10.0.0.1"), Peer: addr("10.0.0.2"), In: keys(spi + 1), Out: keys(spi),
		Encr: s.encr, Integ: s.integ, Local: any4, Remote: any4, Initiator: true}
	two = one
	two.LocalEnd, two.Peer, two.In, two.Out, two.Initiator = one.Peer, one.LocalEnd, one.Out, one.In, false
	return one, two
}

// install puts a pair into both routers.
func (l *lab) install(one, two crypto.Association) {
	require.NoError(l.t, l.nodes["R1"].crypto.Install(l.now, one))
	require.NoError(l.t, l.nodes["R2"].crypto.Install(l.now, two))
}

func (n *labNode) tunnelUp() bool { return n.TunnelUp("Tunnel0") }
func (n *labNode) tunnelMTU() int { return n.ip.Interfaces.Get("Tunnel0").MTU }

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
	s := l.nodes[name].Shell().Open(shell.Options{Script: true, Privileged: true, Out: func(text string) { out.WriteString(text) }})
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
	s := l.nodes[name].Shell().Open(shell.Options{Script: true, Privileged: true, Out: func(string) {}})
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
func (n *labNode) port(i int) *ip.Interface { return n.ip.Interfaces.Get(n.options.Ports[i]) }

// oneEcho sends an echo and does not wait for the answer.
func (n *labNode) oneEcho(now time.Time, src, dst string) {
	n.ip.Echoes.Ping(now, &ip.Ping{
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
