package router

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// manualTunnel is a lab whose tunnel has a pair that no IKE made; time stands
// still, so that IKE makes none either.
func manualTunnel(t testing.TB, s suiteUnderTest) *lab {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.install(pairOf(s, 0x1000))
	for _, n := range l.nodes {
		n.timers.Set(&n.tunnels()[0].asking, time.Time{})
	}
	l.sent = nil
	return l
}

// espFrames lists the ESP frames that a router sent.
func (l *lab) espFrames(node string) [][]byte {
	var list [][]byte
	for _, f := range l.sent {
		if f.from.node == node && binary.BigEndian.Uint16(f.data[12:]) == 0x0800 && f.data[23] == ip.ProtoESP {
			list = append(list, f.data)
		}
	}
	return list
}

func spiOf(frame []byte) ipsec.SPI { return ipsec.SPI(binary.BigEndian.Uint32(frame[34:])) }

func TestESPCarriesEverySuite(t *testing.T) {
	for _, s := range suitesUnderTest {
		l := manualTunnel(t, s)
		for _, n := range l.nodes {
			require.True(t, n.tunnels()[0].iface.Protocol)
		}
		require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1"), "!!!!!", s.name)
		require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1 size 5000 repeat 2"), "!!", s.name)
		counts := l.protocols()
		require.Equal(t, 2*5+2*2*4, counts["esp"], s.name)
		require.Zero(t, counts["icmp"], s.name)
		one, two := l.nodes["R1"].tunnels()[0], l.nodes["R2"].tunnels()[0]
		require.Equal(t, tunnelCounters{encaps: 13, decaps: 13}, one.count, s.name)
		require.Equal(t, one.count, two.count, s.name)
	}
}

func TestTunnelMTUFitsThePath(t *testing.T) {
	for _, s := range suitesUnderTest {
		l := manualTunnel(t, s)
		mtu := l.nodes["R1"].tunnels()[0].iface.MTU
		out := l.nodes["R1"].tunnels()[0].sending.out
		require.LessOrEqual(t, mtu+out.Overhead(mtu), ip.EthernetMTU)
		require.Greater(t, mtu+1+out.Overhead(mtu+1), ip.EthernetMTU)
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", mtu, true), s.name)
		require.Contains(t, l.exec("R1", fmt.Sprintf("ping 192.168.2.1 source 192.168.1.1 repeat 1 df-bit size %d", mtu+1)), "M", s.name)
	}
}

func TestPathMTUIsLearned(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, true))
	r := l.nodes["R1"]
	esp := bytes.Clone(l.espFrames("R1")[0][ip.EthernetHeader:])
	before := r.tunnels()[0].iface.MTU
	tell := func(quote []byte, mtu int) {
		message := icmp(ip.Unreachable, ip.CodeFragmentationNeeded, uint32(mtu), quote[:ip.HeaderLen+8])
		r.Receive(l.now, 0, r.frame(0, ip.ProtoICMP, "10.0.0.99", "10.0.0.1", message), 0, 0)
	}
	forged := bytes.Clone(esp)
	forged[ip.HeaderLen] ^= 1
	tell(forged, 1200)
	require.Equal(t, before, r.tunnels()[0].iface.MTU, "no SA of ours")
	tell(esp, 1200)
	require.LessOrEqual(t, r.tunnels()[0].iface.MTU, 1200-40)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 1400, false))
	for _, f := range l.espFrames("R1") {
		require.LessOrEqual(t, len(f), 1200+ip.EthernetHeader)
	}
	tell(esp, 0)
	require.Equal(t, minNarrow, r.tunnels()[0].narrow, "a floor under what anybody may say")
	l.now = l.now.Add(narrowAge)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", before, true))
}

// saState is what bad packets must not change.
func saState(r *labNode) any {
	type state struct {
		packets, octets, sequence, sent uint64
		pairs                           int
		sending                         ipsec.SPI
		up                              bool
	}
	t := r.tunnels()[0]
	s := state{pairs: r.sad.Len(), up: t.iface.Protocol}
	for _, p := range t.pairs {
		c := p.in.ESP().Counters()
		s.packets, s.octets, s.sequence, s.sent = c.Packets, c.Octets, p.in.ESP().Sequence(), p.out.ESP().Sequence()
		s.sending = t.sending.child.Out.SPI
	}
	return s
}

func TestBadESP(t *testing.T) {
	for name, row := range map[string]struct {
		change func(f []byte) []byte
		why    crypto.Refusal
		log    string
		count  func(d *dropState) uint64
	}{
		"replay":      {func(f []byte) []byte { return f }, crypto.Replayed, "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed", func(d *dropState) uint64 { return d.replay }},
		"integrity":   {func(f []byte) []byte { f[41] += 9; return f }, crypto.NotAuthentic, "%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id=2", func(d *dropState) uint64 { return d.integrity }},
		"invalid spi": {func(f []byte) []byte { f[34] = 0x13; return f }, crypto.InvalidSPI, "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=10.0.0.2, prot=50, spi=0x13001000(318771200), srcaddr=10.0.0.1, input interface=Ethernet0/0", func(d *dropState) uint64 { return d.invalidSPI }},
		"too short":   {func(f []byte) []byte { f[17] = 20 + 12; return f[:14+20+12] }, crypto.OtherRefusal, "", func(d *dropState) uint64 { return d.other }},
	} {
		l := manualTunnel(t, suitesUnderTest[1])
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
		r := l.nodes["R2"]
		frame := row.change(bytes.Clone(l.espFrames("R1")[0]))
		ip.SetHeaderChecksum(frame[ip.EthernetHeader:])
		before, sent := saState(r), len(l.sent)
		r.Receive(l.now, 0, frame, 0, 0)
		r.Receive(l.now, 0, frame, 0, 0)
		require.Equal(t, before, saState(r), name)
		require.Len(t, l.sent, sent, "%s: nothing answers", name)
		require.EqualValues(t, 2, row.count(&r.drops), name)
		refused := r.seen[len(r.seen)-1].(crypto.Refused)
		require.Equal(t, row.why, refused.Why, name)
		log := l.exec("R2", "show logging")
		require.Equal(t, min(1, len(row.log)), bytes.Count([]byte(log), []byte(row.log+"\n"))*min(1, len(row.log)), "%s: logged once a minute\n%s", name, log)
	}
}

func TestNothingLeavesInClear(t *testing.T) {
	l := vtiRouters(t) // with a default route past the tunnel
	l.start("R1")
	require.False(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.False(t, l.echo("R1", "172.16.0.1", "172.16.0.2", 100, false))
	l.run(5 * time.Minute)
	counts := l.protocols()
	require.Zero(t, counts["icmp"])
	require.NotZero(t, counts["arp"])
	require.NotZero(t, l.nodes["R1"].tunnels()[0].count.dropsDown)

	l = manualTunnel(t, suitesUnderTest[0])
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	l.nodes["R1"].deleteChild(l.now, ikev2.DeleteChild{Entry: "Tunnel0", In: 0x1001})
	require.False(t, l.nodes["R1"].tunnels()[0].iface.Protocol)
	l.protocols()
	l.nodes["R1"].oneEcho(l.now, "192.168.1.1", "192.168.2.1")
	l.configure("R1", "interface Tunnel0", "shutdown")
	l.nodes["R1"].oneEcho(l.now, "192.168.1.1", "192.168.2.1")
	l.configure("R1", "interface Tunnel0", "no shutdown", "no tunnel protection ipsec profile IP")
	l.nodes["R1"].oneEcho(l.now, "192.168.1.1", "192.168.2.1")
	require.Zero(t, l.protocols()["icmp"])
	require.NotContains(t, l.exec("R1", "show ip route"), "Tunnel0", "the screen shows what can be used")
}

func TestClearTextFromProtectedNetworkIsDropped(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	r := l.nodes["R2"]
	r.Receive(l.now, 0, r.frame(0, ip.ProtoICMP, "192.168.1.1", "192.168.2.1", icmp(8, 0, 0, make([]byte, 32))), 0, 0)
	require.Empty(t, l.sent)
	require.EqualValues(t, 1, r.drops.notIPsec)
	require.Contains(t, l.exec("R2", "show logging"),
		"%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /192.168.2.1, src_addr= 192.168.1.1, prot= 1")
}

func TestStandbyPair(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	one, two := pairOf(suitesUnderTest[0], 0x2000)
	one.Replaces, two.Replaces = 0x1001, 0x1000
	two.Standby = true
	r1, r2 := l.nodes["R1"], l.nodes["R2"]

	r2.install(l.now, two) // R1 began the rekey: its response is on the way
	require.EqualValues(t, 0x1001, r2.tunnels()[0].sending.child.Out.SPI)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.True(t, l.echo("R2", "192.168.2.1", "192.168.1.1", 100, false))
	require.EqualValues(t, 0x1001, r2.tunnels()[0].sending.child.Out.SPI, "the peer has not used the new one")

	r1.install(l.now, one)
	l.sent = nil
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.EqualValues(t, 0x2000, spiOf(l.espFrames("R1")[0]))
	require.EqualValues(t, 0x2001, spiOf(l.espFrames("R2")[0]), "the answer already uses the new pair")

	require.Len(t, r1.tunnels()[0].pairs, 2, "the old pair receives until it is deleted")
	r1.deleteChild(l.now, ikev2.DeleteChild{Entry: "Tunnel0", In: 0x1001})
	r2.deleteChild(l.now, ikev2.DeleteChild{Entry: "Tunnel0", In: 0x1000})
	require.True(t, l.echo("R2", "192.168.2.1", "192.168.1.1", 100, false))
	require.True(t, r1.tunnels()[0].iface.Protocol)
}

func TestStandbyPairTakesOverWhenTheOldIsDeleted(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	_, two := pairOf(suitesUnderTest[0], 0x2000)
	two.Replaces, two.Standby = 0x1000, true
	r2 := l.nodes["R2"]
	r2.install(l.now, two)
	r2.deleteChild(l.now, ikev2.DeleteChild{Entry: "Tunnel0", In: 0x1000})
	require.EqualValues(t, 0x2001, r2.tunnels()[0].sending.child.Out.SPI)
	require.True(t, r2.tunnels()[0].iface.Protocol)
}

func TestVolumeLimitTellsTheEngineOnce(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	p := l.nodes["R1"].tunnels()[0].sending
	p.child.Kilobytes = 2
	p.limit()
	require.EqualValues(t, 2048/100*90, p.soft)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 1400, false))
	require.False(t, p.toldSoft)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 600, false))
	require.True(t, p.toldSoft)
	require.False(t, p.toldHard)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 600, false))
	require.True(t, p.toldHard)
}

func TestESPFragmentsAreReassembled(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	l.configure("R1", "interface Tunnel0", "ip mtu 1500", "interface Ethernet0/0", "ip mtu 1000")
	r1 := l.nodes["R1"]
	r1.timers.Set(&r1.tunnels()[0].asking, time.Time{})
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 1400, false))
	require.Len(t, l.espFrames("R1"), 2, "the outer packet was cut")
	require.EqualValues(t, 1, l.nodes["R2"].tunnels()[0].count.decaps)
}

func TestTunnelTTL(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	l.configure("R1", "interface Tunnel0", "tunnel ttl 7")
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	frames := l.espFrames("R1")
	require.EqualValues(t, 255, frames[0][ip.EthernetHeader+8])
	require.EqualValues(t, 7, frames[1][ip.EthernetHeader+8])
}
