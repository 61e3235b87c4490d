package router

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// manualTunnel is a lab whose tunnel has a pair that no IKE made; time stands
// still, so that IKE makes none either.
func manualTunnel(t testing.TB, s suiteUnderTest) *lab {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.install(pairOf(s, 0x1000))
	l.sent = nil
	return l
}

// espFrames lists the ESP frames that a router sent.
func (l *lab) espFrames(node string) [][]byte {
	var list [][]byte
	for _, f := range l.sent {
		if f.node == node && binary.BigEndian.Uint16(f.data[12:]) == 0x0800 && f.data[23] == ip.ProtoESP {
			list = append(list, f.data)
		}
	}
	return list
}

func TestESPCarriesEverySuite(t *testing.T) {
	for _, s := range suitesUnderTest {
		l := manualTunnel(t, s)
		for _, n := range l.nodes {
			require.True(t, n.tunnelUp())
		}
		require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1"), "!!!!!", s.name)
		require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1 size 5000 repeat 2"), "!!", s.name)
		counts := l.protocols()
		require.Equal(t, 2*5+2*2*4, counts["esp"], s.name)
		require.Zero(t, counts["icmp"], s.name)
		for _, n := range l.nodes {
			require.Equal(t, crypto.Count{Encaps: 13, Decaps: 13}, n.machine.entries("")[0].Counters(), s.name)
		}
	}
}

func TestTunnelMTUFitsThePath(t *testing.T) {
	for _, s := range suitesUnderTest {
		l := manualTunnel(t, s)
		mtu := l.nodes["R1"].tunnelMTU()
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", mtu, true), s.name)
		require.Contains(t, l.exec("R1", fmt.Sprintf("ping 192.168.2.1 source 192.168.1.1 repeat 1 df-bit size %d", mtu+1)), "M", s.name)
	}
}

// saState is what bad packets must not change.
func saState(r *labNode) any {
	s := r.machine.entries("")[0].States()[0]
	s.RecvErrors, s.Refusals = 0, crypto.Refusals{}
	return s
}

func TestBadESP(t *testing.T) {
	for name, row := range map[string]struct {
		change func(f []byte) []byte
		why    crypto.Refusal
		log    string
	}{
		"replay":      {func(f []byte) []byte { return f }, crypto.Replayed, "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed"},
		"integrity":   {func(f []byte) []byte { f[41] += 9; return f }, crypto.NotAuthentic, "%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id=2"},
		"invalid spi": {func(f []byte) []byte { f[34] = 0x13; return f }, crypto.InvalidSPI, "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=10.0.0.2, prot=50, spi=0x13001000(318771200), srcaddr=10.0.0.1, input interface=Ethernet0/0"},
		"too short":   {func(f []byte) []byte { f[17] = 20 + 12; return f[:14+20+12] }, crypto.OtherRefusal, ""},
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
	require.NotZero(t, l.nodes["R1"].machine.entries("")[0].Counters().Down)

	l = manualTunnel(t, suitesUnderTest[0])
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	l.nodes["R1"].machine.crypto.Delete(l.now, 0x1001)
	require.False(t, l.nodes["R1"].tunnelUp())
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
	require.EqualValues(t, 1, r.machine.crypto.Drops.NotIPsec)
	require.Contains(t, l.exec("R2", "show logging"),
		"%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /192.168.2.1, src_addr= 192.168.1.1, prot= 1")
}

func TestESPFragmentsAreReassembled(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	l.configure("R1", "crypto ipsec fragmentation after-encryption", "interface Tunnel0", "ip mtu 1500", "interface Ethernet0/0", "ip mtu 1000")
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 1400, false))
	require.Len(t, l.espFrames("R1"), 2, "the outer packet was cut")
	require.EqualValues(t, 1, l.nodes["R2"].machine.entries("")[0].Counters().Decaps)
}

// What is too long is cut before it is encrypted, so that the peer need not put ESP
// packets together; crypto ipsec fragmentation after-encryption has it the other way
// round (RFC 4303 section 3.3.4: fragmentation is performed after ESP processing). An
// interface goes before what is global.
func TestFragmentationBeforeAndAfterEncryption(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	decaps := func(lines ...string) (pairs uint64, frames int) {
		l.configure("R1", lines...)
		before := l.nodes["R2"].machine.entries("")[0].Counters().Decaps
		l.sent = nil
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 2000, false))
		return l.nodes["R2"].machine.entries("")[0].Counters().Decaps - before, len(l.espFrames("R1"))
	}
	for _, row := range []struct {
		lines []string
		pairs uint64
	}{
		{[]string{"crypto ipsec fragmentation before-encryption"}, 2},
		{[]string{"crypto ipsec fragmentation after-encryption"}, 1},
		{[]string{"interface Tunnel0", "crypto ipsec fragmentation before-encryption"}, 2},
		{[]string{"interface Tunnel0", "no crypto ipsec fragmentation"}, 1},
		{[]string{"no crypto ipsec fragmentation"}, 2},
		{[]string{"interface Tunnel0", "crypto ipsec fragmentation after-encryption"}, 1},
	} {
		pairs, frames := decaps(row.lines...)
		require.Equal(t, row.pairs, pairs, "%v", row.lines)
		require.Equal(t, 2, frames, "%v", row.lines)
	}
	require.Contains(t, l.exec("R1", "show running-config interface Tunnel0"), "crypto ipsec fragmentation after-encryption")
}

// The DF bit of ESP packets: that of what they carry, or what crypto ipsec df-bit says
// (RFC 4301 section 8.1), of the interface before what is global.
func TestDFBit(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	for _, row := range []struct {
		lines       []string
		inner, want bool
	}{
		{[]string{"crypto ipsec df-bit copy"}, true, true},
		{[]string{"crypto ipsec df-bit copy"}, false, false},
		{[]string{"crypto ipsec df-bit clear"}, true, false},
		{[]string{"crypto ipsec df-bit set"}, false, true},
		{[]string{"interface Tunnel0", "crypto ipsec df-bit clear"}, true, false},
		{[]string{"interface Tunnel0", "no crypto ipsec df-bit"}, false, true},
		{[]string{"no crypto ipsec df-bit"}, false, false},
	} {
		l.configure("R1", row.lines...)
		l.sent = nil
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, row.inner))
		require.Equal(t, row.want, l.espFrames("R1")[0][ip.EthernetHeader+6]&0x40 != 0, "%v", row.lines)
	}
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
