package tests

import (
	"encoding/binary"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
)

// stranger taps the lab's link by way of a bridge: it sees every frame and can
// send its own.
func stranger(t *testing.T) (b *bench, seen *[][]byte, inject func([]byte)) {
	t.Helper()
	frames := &[][]byte{}
	var host *netsim.HostPort
	b = boot(t, topologies.DefaultLab, 4, func(topo *topologies.Topology) {
		topo.Nodes = append(topo.Nodes, &topologies.Node{Name: "LAN", Kind: topologies.KindBridge})
		topo.Links = []*topologies.Link{
			{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{{Node: "R1", Interface: "Ethernet0/0"}, {Node: "LAN", Interface: "1"}}},
			{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{{Node: "R2", Interface: "Ethernet0/0"}, {Node: "LAN", Interface: "2"}}},
		}
	})
	host = b.Sim.HostPort("stranger", func(_ time.Time, frame []byte) {
		*frames = append(*frames, append([]byte{}, frame...))
	})
	_, err := b.Sim.Segments()[0].Connect(host.Port())
	require.NoError(t, err)
	return b, frames, func(frame []byte) { host.Inject(b.Sim.Now(), frame) }
}

var strangerMAC = [6]byte{2, 0, 0, 0, 0, 9}

// packet makes a frame to R1 that claims to come from R2.
func packet(r1 [6]byte, protocol byte, payload []byte) []byte {
	f := make([]byte, 34, 34+len(payload))
	copy(f, r1[:])
	copy(f[6:], strangerMAC[:])
	f[12], f[14], f[22], f[23] = 8, 0x45, 64, protocol
	binary.BigEndian.PutUint16(f[16:], uint16(20+len(payload)))
	copy(f[26:], []byte{10, 0, 0, 2, 10, 0, 0, 1})
	var sum uint32
	for i := 14; i < 34; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(f[i:]))
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	binary.BigEndian.PutUint16(f[24:], ^uint16(sum))
	return append(f, payload...)
}

func datagram(port uint16, data []byte) []byte {
	u := make([]byte, 8, 8+len(data))
	binary.BigEndian.PutUint16(u, port)
	binary.BigEndian.PutUint16(u[2:], port)
	binary.BigEndian.PutUint16(u[4:], uint16(8+len(data)))
	return append(u, data...)
}

// hostile makes a frame to R1, or one that was for R2, that nobody should act on.
func hostile(random *rand.Rand, real [][]byte, r1 [6]byte) []byte {
	noise := func(n int) []byte {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		return data
	}
	f := append([]byte{}, real[random.IntN(len(real))]...)
	switch random.IntN(8) {
	case 0: // truncated anywhere
		f = f[:random.IntN(len(f))]
	case 1: // corrupted behind the IP header, and not for a checksum to find
		f[34+random.IntN(len(f)-34)] ^= 1 << random.IntN(8)
		if f[23] == 17 {
			f[40], f[41] = 0, 0
		}
	case 2: // an old message again
	case 3:
		f = packet(r1, 17, datagram(500, noise(random.IntN(600))))
	case 4:
		f = packet(r1, 17, datagram(4500, noise(random.IntN(600))))
	case 5:
		f = packet(r1, 50, noise(random.IntN(300)))
	case 6:
		f = append(r1[:], noise(random.IntN(200))...)
	case 7: // anything that says it is IPv4, ARP, IPv6 or a VLAN
		f = append(r1[:], noise(8+random.IntN(120))...)
		copy(f[12:], [][]byte{{8, 0}, {8, 6}, {0x86, 0xdd}, {0x81, 0}}[random.IntN(4)])
	}
	if len(f) >= 12 {
		copy(f[6:], strangerMAC[:]) // or the bridge would send R1's and R2's frames here
	}
	return f
}

// TestHostileFramesChangeNothing: truncated, corrupted and random datagrams
// into IKE and ESP, and frames of any kind, leave the SAs as they are. They are
// counted, and the console says what they were.
func TestHostileFramesChangeNothing(t *testing.T) {
	b, _, inject := stranger(t)
	wire := folder{}
	c, err := b.StartCapture(wire)
	require.NoError(t, err)
	b.do("wait 10s", "R1: ping 192.168.2.1 source Loopback0")
	require.NoError(t, c.Stop())
	var real [][]byte
	for _, p := range wire.frames(t) {
		if kind := kindOf(p); kind == "ike" || kind == "esp" {
			real = append(real, p.Data())
		}
	}
	require.Len(t, real, 4+10)
	state := func() (all string) {
		for _, node := range []string{"R1", "R2"} {
			all += b.do(node+": show crypto ikev2 sa detailed | include spi|window|req msg|Status Desc") +
				b.do(node+": show crypto ipsec sa | include spi|decaps|encaps|PFS")
		}
		return all
	}
	before := state()
	b.do("R1: debug crypto ikev2", "R1: debug crypto ikev2 error")
	quiet := len(b.log("R1"))

	random := rand.New(rand.NewPCG(1, 2))
	r1 := b.Router("R1").MAC("Ethernet0/0")
	for range 3000 {
		inject(hostile(random, real, r1))
		b.do("wait 1ms")
	}
	b.do("wait 30s") // half-open SAs of replayed requests go
	require.Equal(t, before, state())

	log := strings.Join(b.log("R1")[quiet:], "\n")
	for _, said := range []string{
		"Couldn't find matching SA", "%CRYPTO-4-RECVD_PKT_INV_SPI", "%CRYPTO-4-PKT_REPLAY_ERR", "%CRYPTO-4-RECVD_PKT_MAC_ERR",
	} {
		require.Contains(t, log, said)
	}
	for command, counter := range map[string]string{
		"show crypto ikev2 stats":     `dropped at dispatch: (\d+)`,
		"show crypto ipsec sa":        `#recv errors (\d+)`,
		"show interfaces Ethernet0/0": `(\d+) input errors`,
	} {
		out := b.do("R1: " + command)
		found := regexp.MustCompile(counter).FindStringSubmatch(out)
		require.NotNil(t, found, out)
		require.Greater(t, len(found[1]), 1, "R1: %s counts at least ten: %s", command, found[0])
	}
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
}
