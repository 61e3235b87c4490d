package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ikelab/netsim/pcapng"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// memory is a folder in memory.
type memory map[string]*bytes.Buffer

type buffer struct{ *bytes.Buffer }

func (buffer) Close() error { return nil }

func (m memory) Put(name string, data []byte) error {
	m[name] = bytes.NewBuffer(data)
	return nil
}

func (m memory) Create(name string) (io.WriteCloser, error) {
	m[name] = &bytes.Buffer{}
	return buffer{m[name]}, nil
}

// recorded is a run of the tech note's lab: four messages and ten ESP packets.
func recorded(t testing.TB) memory {
	t.Helper()
	topology, err := topologies.Embedded("psk-site-to-site")
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	files := memory{}
	c, err := l.StartCapture(files)
	require.NoError(t, err)
	l.Sim.Run(topology.Clock.Add(5 * time.Second))
	r := l.Router("R1")
	s := r.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}})
	r.Enter(s, "ping 192.168.2.1 source Loopback0")
	l.Sim.Run(l.Sim.Now().Add(time.Second))
	require.NoError(t, c.Stop())
	return files
}

// frames are the packets of a file.
func frames(t testing.TB, file []byte) (list []pcapng.Captured) {
	t.Helper()
	r, err := pcapng.NewReader(file)
	require.NoError(t, err)
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list = append(list, c)
	}
}

// packets are the IP packets of Ethernet frames.
func packets(list []pcapng.Captured) (all [][]byte) {
	for _, c := range list {
		if binary.BigEndian.Uint16(c.Data[12:]) == typeIPv4 {
			all = append(all, c.Data[14:])
		}
	}
	return all
}

// written is a pcap file.
func written(t testing.TB, link int, list ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pcapgo.NewWriter(&b)
	require.NoError(t, w.WriteFileHeader(1<<18, layers.LinkTypeEthernet))
	binary.LittleEndian.PutUint32(b.Bytes()[20:], uint32(link)) // gopacket's have an octet
	for _, p := range list {
		require.NoError(t, w.WritePacket(infoOf(p), p))
	}
	return b.Bytes()
}

// decoded is all that is found, and the counts.
func decoded(t testing.TB, file []byte, keys *Keys) (list []*Found, d *Decoder) {
	t.Helper()
	d, err := New(file, keys)
	require.NoError(t, err)
	for {
		f, err := d.Next()
		if errors.Is(err, io.EOF) {
			return list, d
		}
		require.NoError(t, err)
		list = append(list, f)
	}
}

// told is what is found without numbers, instants and addresses.
func told(list []*Found) string {
	var b strings.Builder
	for _, f := range list {
		g := *f
		g.Packet, g.At, g.From, g.To = 0, time.Time{}, netip.AddrPort{}, netip.AddrPort{}
		b.WriteString(g.Text())
	}
	return b.String()
}

func keysOf(t testing.TB, m memory) *Keys {
	t.Helper()
	k, problems := ReadKeys(m[IKETable].Bytes(), m[ESPTable].Bytes())
	require.Empty(t, problems)
	return k
}

// asIPv6 gives what an IPv4 packet carries another header.
func asIPv6(p []byte) []byte {
	head := make([]byte, 40)
	head[0], head[6], head[7] = 0x60, p[9], 64
	binary.BigEndian.PutUint16(head[4:], uint16(len(p)-20))
	copy(head[8:], []byte{0x20, 1, 0xd, 0xb8})
	copy(head[20:], p[12:16])
	copy(head[24:], []byte{0x20, 1, 0xd, 0xb8})
	copy(head[36:], p[16:20])
	return append(head, p[20:]...)
}

// inPieces divides a packet of either version.
func inPieces(p []byte, size int) (list [][]byte) {
	head := 20
	if p[0]>>4 == 6 {
		head = 40
	}
	for at := 0; at < len(p)-head; at += size {
		end := min(at+size, len(p)-head)
		more := uint16(0)
		if end < len(p)-head {
			more = 1
		}
		piece := bytes.Clone(p[:head])
		if head == 20 {
			binary.BigEndian.PutUint16(piece[6:], more<<13|uint16(at/8))
			binary.BigEndian.PutUint16(piece[2:], uint16(head+end-at))
		} else {
			binary.BigEndian.PutUint16(piece[4:], uint16(8+end-at))
			piece[6] = fragmented
			piece = append(piece, p[6], 0, 0, 0, 0, 0, 0, 7)
			binary.BigEndian.PutUint16(piece[42:], uint16(at)|more)
		}
		list = append(list, append(piece, p[head+at:head+end]...))
	}
	return list
}

// udp4 is a datagram between two addresses.
func udp4(from, to uint16, payload []byte) []byte {
	b := make([]byte, 28, 28+len(payload))
	b[0], b[8], b[9] = 0x45, 64, protocolUDP
	binary.BigEndian.PutUint16(b[2:], uint16(28+len(payload)))
	copy(b[12:], []byte{192, 0, 2, 1, 192, 0, 2, 2})
	binary.BigEndian.PutUint16(b[20:], from)
	binary.BigEndian.PutUint16(b[22:], to)
	binary.BigEndian.PutUint16(b[24:], uint16(8+len(payload)))
	return append(b, payload...)
}
