package router

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/ip"
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
	l.mute = true
	host := [6]byte{2, 0, 0, 0, 0, 9}
	c.r2.Receive(c.now, 1, arpFrom(host, "192.168.2.9", "192.168.2.1"), 0, 0)
	data := bytes.Repeat([]byte{7}, benchPacket-ip.HeaderLen-8)
	c.frame = l.nodes["R1"].frame(1, ip.ProtoUDP, "192.168.1.9", "192.168.2.9", udp(1000, 2000, data))
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
		require.Equal(t, c.frame[ip.EthernetHeader+12:], c.last[ip.EthernetHeader+12:], "%s: the packet as it was sent", s.name)
		require.EqualValues(t, 62, c.last[ip.EthernetHeader+8], "two routers on the way")
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

// arpFrom is a host's question for somebody's hardware address.
func arpFrom(host [6]byte, sender, target string) []byte {
	f := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, host[:]...)
	f = append(f, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1)
	f = append(append(f, host[:]...), addr(sender).AsSlice()...)
	return append(append(f, 0, 0, 0, 0, 0, 0), addr(target).AsSlice()...)
}
