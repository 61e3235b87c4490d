package hostlink

import (
	"encoding/binary"
	"net"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"
)

// packetOf builds a frame with correct sums.
func packetOf(t testing.TB, six, tcp bool, tags int, payload []byte) []byte {
	eth := &layers.Ethernet{SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}, EthernetType: layers.EthernetTypeDot1Q}
	var list []gopacket.SerializableLayer
	kind := layers.EthernetTypeIPv4
	protocol := layers.IPProtocolUDP
	if tcp {
		protocol = layers.IPProtocolTCP
	}
	var network gopacket.NetworkLayer
	var ip gopacket.SerializableLayer
	if six {
		kind = layers.EthernetTypeIPv6
		l := &layers.IPv6{Version: 6, NextHeader: protocol, HopLimit: 9, SrcIP: net.ParseIP("2001:db8::1"), DstIP: net.ParseIP("2001:db8::2")}
		network, ip = l, l
	} else {
		l := &layers.IPv4{Version: 4, Protocol: protocol, TTL: 9, Id: 0xffff, SrcIP: net.IP{10, 0, 0, 1}, DstIP: net.IP{10, 0, 0, 2}}
		network, ip = l, l
	}
	list = append(list, eth)
	for i := range tags {
		tag := &layers.Dot1Q{VLANIdentifier: 5, Type: layers.EthernetTypeDot1Q}
		if i == tags-1 {
			tag.Type = kind
		}
		list = append(list, tag)
	}
	if tags == 0 {
		eth.EthernetType = kind
	}
	list = append(list, ip)
	if tcp {
		l := &layers.TCP{SrcPort: 1, DstPort: 2, Seq: 0xfffffff0, FIN: true, PSH: true, CWR: true, ACK: true, Options: []layers.TCPOption{{OptionType: layers.TCPOptionKindNop}}}
		require.NoError(t, l.SetNetworkLayerForChecksum(network))
		list = append(list, l)
	} else {
		l := &layers.UDP{SrcPort: 500, DstPort: 500}
		require.NoError(t, l.SetNetworkLayerForChecksum(network))
		list = append(list, l)
	}
	buf := gopacket.NewSerializeBuffer()
	require.NoError(t, gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, append(list, gopacket.Payload(payload))...))
	return buf.Bytes()
}

func numbered(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

// TestChecksumIsCompleted: the kernel leaves the sum of the pseudo-header in the
// field of a packet that is for the network card to finish.
func TestChecksumIsCompleted(t *testing.T) {
	for _, six := range []bool{false, true} {
		for _, n := range []int{40, 41, 999} {
			want := packetOf(t, six, false, 0, numbered(n))
			start := 34
			if six {
				start = 54
			}
			frame := append([]byte(nil), want...)
			s := layersOf(six, start)
			binary.BigEndian.PutUint16(frame[start+6:], uint16(s.pseudo(frame[14:start], len(frame)-start)))
			got, err := offload{flags: needsChecksum, start: uint16(start), offset: 6}.do(frame)
			require.NoError(t, err)
			require.Equal(t, [][]byte{want}, got)
		}
	}
}

func layersOf(six bool, start int) segments {
	return segments{ip: 14, transport: start, six: six}
}

// TestSegments: each is a packet of its own, and together they are what was
// to be sent.
func TestSegments(t *testing.T) {
	for _, six := range []bool{false, true} {
		for _, tcp := range []bool{false, true} {
			for tags := range 3 {
				payload := numbered(3101)
				frame := packetOf(t, six, tcp, tags, payload)
				o := offload{kind: kindUDP, size: 1000, start: uint16(34 + 4*tags), flags: needsChecksum}
				if six {
					o.start += 20
				}
				if tcp {
					o.kind = kindTCP4
				}
				if tcp && six {
					o.kind = kindTCP6
				}
				got, err := o.do(frame)
				require.NoError(t, err)
				require.Len(t, got, 4)
				checkSegments(t, got, payload, six, tcp)
			}
		}
	}
}

func checkSegments(t *testing.T, list [][]byte, payload []byte, six, tcp bool) {
	var all []byte
	for i, piece := range list {
		p := gopacket.NewPacket(piece, layers.LayerTypeEthernet, gopacket.Default)
		require.Nil(t, p.ErrorLayer())
		last := i == len(list)-1
		if l, ok := p.TransportLayer().(*layers.TCP); tcp {
			require.True(t, ok)
			require.Equal(t, uint32(0xfffffff0)+uint32(1000*i), l.Seq)
			require.Equal(t, []bool{last, last, i == 0, true}, []bool{l.FIN, l.PSH, l.CWR, l.ACK})
		}
		if l, ok := p.NetworkLayer().(*layers.IPv4); ok {
			require.Equal(t, uint16(0xffff+i), l.Id)
		}
		rebuilt := gopacket.NewSerializeBuffer()
		for _, l := range p.Layers() {
			switch l := l.(type) {
			case *layers.TCP:
				require.NoError(t, l.SetNetworkLayerForChecksum(p.NetworkLayer()))
			case *layers.UDP:
				require.NoError(t, l.SetNetworkLayerForChecksum(p.NetworkLayer()))
			}
		}
		require.NoError(t, gopacket.SerializePacket(rebuilt, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, p))
		require.Equal(t, rebuilt.Bytes(), piece, "lengths and sums")
		all = append(all, p.ApplicationLayer().Payload()...)
	}
	require.Equal(t, payload, all)
}

// FuzzOffload: whatever a header says of whatever frame.
func FuzzOffload(f *testing.F) {
	f.Add(uint8(1), uint8(0), uint16(0), uint16(34), uint16(6), packetOf(f, false, false, 0, numbered(9)))
	f.Add(uint8(1), uint8(1), uint16(8), uint16(34), uint16(16), packetOf(f, false, true, 0, numbered(99)))
	f.Add(uint8(1), uint8(4), uint16(8), uint16(54), uint16(16), packetOf(f, true, true, 0, numbered(99)))
	f.Add(uint8(1), uint8(5), uint16(8), uint16(58), uint16(6), packetOf(f, true, false, 1, numbered(99)))
	short := packetOf(f, true, true, 0, numbered(99))
	short[54+12] = 0x20 // a TCP header of eight octets
	f.Add(uint8(1), uint8(4), uint16(8), uint16(54), uint16(16), short)
	f.Fuzz(func(t *testing.T, flags, kind uint8, size, start, offset uint16, frame []byte) {
		list, err := offload{flags, kind, size, start, offset}.do(frame)
		if err != nil {
			require.Nil(t, list)
		}
		for _, piece := range list {
			require.LessOrEqual(t, len(piece), len(frame))
		}
	})
}
