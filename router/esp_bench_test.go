package router

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

const benchPacket = 1400 // octets of the inner packet

// crossing is R1 and R2 with a tunnel and a LAN on a second port each, and a
// packet for R2's LAN that arrives at R1's. Frames go over without a queue.
type crossing struct {
	r1, r2    *Router
	frame     []byte
	now       time.Time
	delivered int
	last      []byte
}

func newCrossing(t testing.TB, s suiteUnderTest) *crossing {
	l := newLab(t)
	l.mute = true
	for i, text := range []string{tunnelText('1', '2'), tunnelText('2', '1')} {
		n := string(rune('1' + i))
		l.add("R"+n, []string{"Ethernet0/0", "Ethernet0/1"}, "interface Ethernet0/0\n ip address 10.0.0."+n+" 255.255.255.0\n"+
			"interface Ethernet0/1\n ip address 192.168."+n+".1 255.255.255.0\n"+text)
	}
	l.connect("R1", 0, "R2", 0)
	l.connect("R1", 1, "LAN1", 0)
	l.connect("R2", 1, "LAN2", 0)
	l.start("R1", "R2")
	one, two := pairOf(s, 0x1000)
	one.In.Window, two.In.Window = 64, 64
	l.install(one, two)
	c := &crossing{r1: l.nodes["R1"].Router, r2: l.nodes["R2"].Router, now: l.now}
	c.r1.Attach(func(port int, frame []byte, _ uint64) uint64 {
		if port == 0 {
			c.r2.Receive(c.now, 0, frame, 0, 0)
		}
		return 0
	}, nil)
	c.r2.Attach(func(port int, frame []byte, _ uint64) uint64 {
		if port == 0 {
			c.r1.Receive(c.now, 0, frame, 0, 0)
		} else {
			c.delivered++
			c.last = frame
		}
		return 0
	}, nil)
	c.r1.options.Observe, c.r2.options.Observe = nil, nil
	host := c.r2.ifaces[1]
	host.arp = map[ip4]*arpEntry{}
	e := &arpEntry{addr: ip4Of(addr("192.168.2.9")), mac: [6]byte{2, 0, 0, 0, 0, 9}}
	host.arp[e.addr] = e
	c.r2.learn(c.now, host, e, e.mac)
	p := datagram(addrPort("192.168.1.9:1000"), addrPort("192.168.2.9:2000"), 64, bytes.Repeat([]byte{7}, benchPacket-ipHeader-udpHeader))
	setHeaderChecksum(p.ip())
	copy(p.buf, c.r1.ifaces[1].mac[:])
	binary.BigEndian.PutUint16(p.buf[12:], ethertype4)
	c.frame = p.buf
	c.cross() // ARP
	c.delivered = 0
	return c
}

func (c *crossing) cross() { c.r1.Receive(c.now, 1, c.frame, 0, 0) }

func TestForwardESPAllocatesNothing(t *testing.T) {
	for _, s := range suitesUnderTest {
		c := newCrossing(t, s)
		c.cross()
		require.Equal(t, 1, c.delivered, s.name)
		require.Equal(t, c.frame[ethernetHeader+12:], c.last[ethernetHeader+12:], "%s: the packet as it was sent", s.name)
		require.EqualValues(t, 62, c.last[ethernetHeader+8], "two routers on the way")
		require.Zero(t, testing.AllocsPerRun(100, c.cross), s.name)
		require.Equal(t, 102, c.delivered)
	}
}

// BenchmarkForwardESP is a packet through two routers: LAN, ESP, LAN.
func BenchmarkForwardESP(b *testing.B) {
	for _, s := range suitesUnderTest {
		b.Run(s.name, func(b *testing.B) {
			c := newCrossing(b, s)
			b.ReportAllocs()
			for b.Loop() {
				c.cross()
			}
			b.StopTimer()
			require.Equal(b, b.N, c.delivered)
		})
	}
}

// BenchmarkBareCipher is what BenchmarkForwardESP cannot be faster than: one
// seal and one open of the same packet.
func BenchmarkBareCipher(b *testing.B) {
	for _, s := range suitesUnderTest {
		b.Run(s.name, func(b *testing.B) {
			one, _ := pairOf(s, 0x1000)
			c, err := ipsec.NewCipher(s.encr, s.integ, one.Out.EncrKey, one.Out.IntegKey)
			require.NoError(b, err)
			body := benchPacket + 2
			body += (max(4, c.BlockLen()) - body%max(4, c.BlockLen())) % max(4, c.BlockLen())
			pkt, dst := make([]byte, 8+c.IVLen()+body+c.ICVLen()), make([]byte, 0, 2048)
			b.ReportAllocs()
			for b.Loop() {
				c.Seal(pkt, 8)
				if dst, err = c.Open(dst, pkt, 8); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
