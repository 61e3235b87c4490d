package interop

import (
	"crypto/sha256"
	"fmt"
	"net"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
)

// ESP alone, without IKE: what we seal others open, and what they seal we do.

// espSuite is transforms that go together.
type espSuite struct {
	encr  ipsec.Encr
	integ ipsec.IntegID
}

func (s espSuite) String() string {
	if s.encr.AEAD() {
		return s.encr.String()
	}
	return s.encr.String() + " " + s.integ.String()
}

// espSuites are all that ESP can be made of here: each encryption with each
// integrity algorithm.
func espSuites() (list []espSuite) {
	sized := []ipsec.EncrID{ipsec.EncrAESCBC, ipsec.EncrAESCTR, ipsec.EncrAESGCM8, ipsec.EncrAESGCM12, ipsec.EncrAESGCM16, ipsec.EncrAESGMAC}
	encr := []ipsec.Encr{{ID: ipsec.EncrNULL}, {ID: ipsec.EncrDES}, {ID: ipsec.Encr3DES}, {ID: ipsec.EncrChaCha20Poly1305}}
	for _, id := range sized {
		for _, bits := range []uint16{128, 192, 256} {
			encr = append(encr, ipsec.Encr{ID: id, KeyBits: bits})
		}
	}
	for _, e := range encr {
		if e.AEAD() {
			list = append(list, espSuite{e, ipsec.IntegNone})
			continue
		}
		for _, i := range []ipsec.IntegID{ipsec.IntegMD5, ipsec.IntegSHA1, ipsec.IntegSHA256, ipsec.IntegSHA384, ipsec.IntegSHA512} {
			list = append(list, espSuite{e, i})
		}
	}
	return append(list, espSuite{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegNone})
}

// espCell is a suite in a way of carrying it.
type espCell struct {
	espSuite
	number         int
	transport, udp bool
	esn            bool
}

func (c espCell) String() string {
	text := c.espSuite.String()
	for _, w := range []struct {
		on   bool
		name string
	}{{c.transport, " transport"}, {c.udp, " udp"}, {c.esn, " esn"}} {
		if w.on {
			text += w.name
		}
	}
	return text
}

// espCells are all suites in all ways; where nothing is verified there are no
// extended sequence numbers, of which the upper half is verified only.
func espCells(suites []espSuite) (list []espCell) {
	for _, s := range suites {
		for way := range 4 {
			c := espCell{espSuite: s, number: len(list) + 1, transport: way%2 == 1, udp: way >= 2}
			c.esn = c.transport && (s.encr.AEAD() || s.integ != ipsec.IntegNone)
			list = append(list, c)
		}
	}
	return list
}

// key is as long as wanted, and another one for each use.
func key(use string, octets int) []byte {
	var k []byte
	for i := 0; len(k) < octets; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", use, i))
		k = append(k, sum[:]...)
	}
	k = k[:octets]
	return k
}

// params are those of one direction.
func (c espCell) params(to string) esp.Params {
	spi := ipsec.SPI(0x10000 + c.number)
	if to == "us" {
		spi += 0x10000
	}
	return esp.Params{
		SPI: spi, Encr: c.encr, Integ: c.integ, Window: 64, ESN: c.esn,
		EncrKey: key(fmt.Sprint(to, c, " encryption"), c.encr.KeyLen()), IntegKey: key(fmt.Sprint(to, c, " integrity"), c.integ.KeyLen()),
	}
}

// ends are our and the peer's outer and inner addresses.
func (c espCell) ends() (us, them, inUs, inThem net.IP) {
	at := func(b byte) net.IP { return net.IP{10, b, byte(c.number / 200), byte(c.number%200 + 1)} }
	return at(1), at(2), at(3), at(4)
}

// serialized builds a packet with its lengths and sums.
func serialized(t testing.TB, list ...gopacket.SerializableLayer) []byte {
	t.Helper()
	b := gopacket.NewSerializeBuffer()
	require.NoError(t, gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, list...))
	return b.Bytes()
}

func ip4(from, to net.IP, protocol layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Protocol: protocol, SrcIP: from, DstIP: to}
}

// echo is a request or a reply, and its own packet where the cell is a tunnel.
func (c espCell) echo(t testing.TB, kind uint8, number uint16) (payload []byte, next uint8) {
	icmp := []gopacket.SerializableLayer{
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, 0), Id: uint16(c.number), Seq: number}, gopacket.Payload(c.String()),
	}
	if c.transport {
		return serialized(t, icmp...), uint8(layers.IPProtocolICMPv4)
	}
	_, _, us, them := c.ends()
	if kind == layers.ICMPv4TypeEchoReply {
		us, them = them, us
	}
	return serialized(t, append([]gopacket.SerializableLayer{ip4(us, them, layers.IPProtocolICMPv4)}, icmp...)...), uint8(layers.IPProtocolIPv4)
}

// outer is what carries an ESP packet from us to the peer.
func (c espCell) outer(t testing.TB, sealed []byte) []byte {
	us, them, _, _ := c.ends()
	if !c.udp {
		return serialized(t, ip4(us, them, layers.IPProtocolESP), gopacket.Payload(sealed))
	}
	udp := &layers.UDP{SrcPort: 4500, DstPort: 4500}
	ip := ip4(us, them, layers.IPProtocolUDP)
	require.NoError(t, udp.SetNetworkLayerForChecksum(ip))
	return serialized(t, ip, udp, gopacket.Payload(sealed))
}

// inside is the ESP packet in one from the peer to us; nil: there is none.
func (c espCell) inside(packet []byte) []byte {
	p := gopacket.NewPacket(packet, layers.LayerTypeIPv4, gopacket.Lazy)
	ip, ok := p.NetworkLayer().(*layers.IPv4)
	us, them, _, _ := c.ends()
	switch {
	case !ok || !ip.SrcIP.Equal(them) || !ip.DstIP.Equal(us):
		return nil
	case c.udp && ip.Protocol == layers.IPProtocolUDP && len(ip.Payload) > 8:
		return ip.Payload[8:]
	case !c.udp && ip.Protocol == layers.IPProtocolESP:
		return ip.Payload
	}
	return nil
}
