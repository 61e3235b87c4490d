package router

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/ip"
)

// attempts are the instants at which a router sent the first IKE_SA_INIT
// request of a negotiation, from the start of the lab.
func (l *lab) attempts(node string) []time.Duration {
	var out []time.Duration
	seen := map[string]bool{}
	for _, f := range l.sent {
		b := f.data[ip.EthernetHeader:]
		if f.node != node || len(b) < 28+28 || b[9] != ip.ProtoUDP || b[28+18] != 34 || b[28+19]&0x20 != 0 {
			continue
		}
		if spi := string(b[28:36]); !seen[spi] {
			seen[spi] = true
			out = append(out, f.at.Sub(labEpoch))
		}
	}
	return out
}

func TestFirstAcquireIsWithinItsSecond(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1")
	at := l.nodes["R1"].machine.entries("")[0].AsksAt().Sub(labEpoch)
	require.GreaterOrEqual(t, at, 2*time.Second)
	require.Less(t, at, 2900*time.Millisecond)
	again := vtiRouters(t)
	again.start("R1")
	require.Equal(t, l.nodes["R1"].machine.entries("")[0].AsksAt(), again.nodes["R1"].machine.entries("")[0].AsksAt(), "the same seed, the same moment")
}

func TestAnsweringRouterStartsNoSAOfItsOwn(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1")
	l.run(time.Second)
	l.start("R2")
	l.run(10 * time.Second)
	require.Len(t, l.attempts("R1"), 1)
	require.Empty(t, l.attempts("R2"))
	require.True(t, l.nodes["R2"].tunnelUp())
}

func TestLatePeerGetsTheHeldRequest(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1")
	l.run(6 * time.Second)
	require.Zero(t, l.protocols()["ike"])
	l.start("R2")
	l.run(1500 * time.Millisecond)
	require.Empty(t, l.attempts("R2"))
	require.True(t, l.nodes["R2"].tunnelUp())
}

// fakeDown is the engine saying that a negotiation failed.
func fakeDown(l *lab, n *labNode, wasUp bool) time.Duration {
	n.machine.entryDown(l.now, ikev2.EntryDown{Entry: "Tunnel0", WasUp: wasUp})
	return n.machine.entries("")[0].AsksAt().Sub(l.now)
}

func TestBackOff(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1")
	r := l.nodes["R1"]
	for _, want := range []time.Duration{10, 20, 40, 80, 120, 120} {
		require.Equal(t, want*time.Second, fakeDown(l, r, false))
	}
	l.configure("R1", "crypto ikev2 keyring K", "peer all", "pre-shared-key other")
	require.Less(t, r.machine.entries("")[0].AsksAt().Sub(l.now), 3*time.Second, "a change begins anew")
	require.Equal(t, 10*time.Second, fakeDown(l, r, false))
	require.Equal(t, time.Second, fakeDown(l, r, true), "after an SA was lost")
	require.Equal(t, 10*time.Second, fakeDown(l, r, false))
}

func TestTrafficShortensAPauseOnce(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1")
	r, tunnel := l.nodes["R1"], l.nodes["R1"].machine.entries("")[0]
	require.Equal(t, 10*time.Second, fakeDown(l, r, false))
	traffic := func() {
		r.oneEcho(l.now, "192.168.1.1", "192.168.2.1")
	}
	traffic()
	require.Equal(t, ikev2.EntryNegotiating, r.machine.engine.EntryState("Tunnel0"))
	require.Equal(t, 10*time.Second, fakeDown(l, r, false), "the pause does not grow by it")
	asked := tunnel.AsksAt()
	traffic()
	require.Equal(t, asked, tunnel.AsksAt(), "once")
}

func TestWrongKeyThenCorrected(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.configure("R2", "crypto ikev2 keyring K", "peer all", "pre-shared-key wrong")
	l.run(30 * time.Second)
	require.False(t, l.nodes["R1"].tunnelUp())
	require.False(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.Zero(t, l.protocols()["icmp"])
	l.configure("R2", "crypto ikev2 keyring K", "peer all", "pre-shared-key cisco")
	l.run(10 * time.Second)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
}

func TestClearedTunnelComesBack(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.run(5 * time.Second)
	require.Len(t, l.nodes["R1"].machine.engine.SAs(), 1)
	before := l.nodes["R1"].machine.engine.SAs()[0].SPIi
	l.exec("R1", "clear crypto session")
	l.run(100 * time.Millisecond)
	require.False(t, l.nodes["R2"].tunnelUp())
	l.run(45 * time.Second) // both ends begin one; the hold time leaves one
	require.Len(t, l.nodes["R1"].machine.engine.SAs(), 1)
	require.NotEqual(t, before, l.nodes["R1"].machine.engine.SAs()[0].SPIi)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	log := l.exec("R2", "show logging")
	require.Equal(t, 2, strings.Count(log, "%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to up"))
	require.Equal(t, 1, strings.Count(log, "%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to down"))
}

func TestReload(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.run(5 * time.Second)
	l.configure("R1", "hostname Changed", "interface Loopback5", "ip address 5.5.5.5 255.255.255.255")
	r := l.nodes["R1"]
	r.reload(l.now)
	require.Nil(t, r.machine.ip.Interfaces.Get("Loopback5"))
	require.Zero(t, r.machine.crypto.Pairs())
	require.Empty(t, r.machine.engine.SAs())
	l.run(10 * time.Second)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	for _, n := range l.nodes {
		require.Len(t, n.machine.engine.SAs(), 1)
		require.Equal(t, 1, n.machine.crypto.Pairs(), "initial contact has removed the old ones")
	}
}

func TestChangingOneInterfaceLeavesTheOthers(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.run(5 * time.Second)
	r := l.nodes["R1"]
	pair := r.machine.entries("")[0].States()[0].Sending
	require.NotZero(t, pair)
	l.configure("R1", "interface Loopback9", "ip address 9.9.9.9 255.255.255.255", "hostname Other", "interface Ethernet0/0", "description wire")
	require.Equal(t, pair, r.machine.entries("")[0].States()[0].Sending)
	require.Len(t, r.port(0).Neighbours(), 1)
	l.configure("R1", "interface Tunnel0", "tunnel destination 10.0.0.3")
	l.run(time.Second)
	require.Zero(t, r.machine.crypto.Pairs(), "another peer")
	require.Zero(t, l.nodes["R2"].machine.crypto.Pairs(), "the old one was told")
	l.configure("R1", "interface Tunnel0", "tunnel destination 10.0.0.2")
	l.run(10 * time.Second)
	require.True(t, r.tunnelUp())
	l.configure("R1", "no interface Tunnel0")
	l.run(time.Second)
	require.Empty(t, r.machine.entries(""))
	require.Zero(t, l.nodes["R2"].machine.crypto.Pairs())
	require.Contains(t, l.exec("R1", "show logging"), "%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is OFF")
}

func TestSourceDownTakesTheTunnelDown(t *testing.T) {
	l := vtiRouters(t)
	l.start("R1", "R2")
	l.run(5 * time.Second)
	r := l.nodes["R1"]
	r.Carrier(l.now, 0, false)
	require.False(t, r.tunnelUp())
	require.Equal(t, 1, r.machine.crypto.Pairs(), "the SAs live on")
	r.Carrier(l.now, 0, true)
	require.True(t, r.tunnelUp())
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
}

// SAs whose own address was taken from the router go at once, whoever takes it: nothing could reach them.
func TestSAsWithoutTheirAddressGo(t *testing.T) {
	text := strings.Replace(tunnelText('1', '2'), "tunnel source Ethernet0/0", "tunnel source 10.0.0.1", 1)
	l := twoRouters(t, text, tunnelText('2', '1'))
	l.start("R1", "R2")
	l.run(5 * time.Second)
	r := l.nodes["R1"]
	require.Equal(t, 1, r.machine.crypto.Pairs())
	l.configure("R1", "interface Ethernet0/0", "shutdown", "no shutdown")
	l.run(0)
	require.Equal(t, 1, r.machine.crypto.Pairs(), "an interface that is shut keeps its address")
	l.configure("R1", "interface Ethernet0/0", "ip address 10.0.0.3 255.255.255.0")
	l.run(0)
	require.Zero(t, r.machine.crypto.Pairs())
	require.Empty(t, r.machine.engine.SAs())
	l.configure("R1", "interface Ethernet0/0", "ip address 10.0.0.1 255.255.255.0")
	l.run(5 * time.Second)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
}

func TestRekeysLoseNoPacket(t *testing.T) {
	short := func(n, p byte) string {
		return strings.Replace(tunnelText(n, p), " set ikev2-profile P\n", " set ikev2-profile P\n set security-association lifetime seconds 120\n set pfs group2\n", 1) +
			"crypto ikev2 profile P\n lifetime 120\n"
	}
	l := twoRouters(t, short('1', '2'), short('2', '1'))
	l.start("R1", "R2")
	l.run(5 * time.Second)
	l.mute = true
	require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1 repeat 5"), "!!!!!")
	lost := 0
	for range 600 { // ten minutes
		if !l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false) {
			lost++
		}
		l.run(time.Second)
	}
	require.Zero(t, lost)
	for _, n := range l.nodes {
		require.Len(t, n.machine.engine.SAs(), 1)
		require.Equal(t, 1, n.machine.crypto.Pairs())
		require.NotEqual(t, ipsec.GroupNone, n.machine.entries("")[0].States()[0].Pairs[0].PFS)
	}
}

func TestKilobytesRekey(t *testing.T) {
	limited := func(n, p byte) string {
		return strings.Replace(tunnelText(n, p), " set ikev2-profile P\n", " set ikev2-profile P\n set security-association lifetime kilobytes 2560\n", 1)
	}
	l := twoRouters(t, limited('1', '2'), limited('2', '1'))
	l.start("R1", "R2")
	l.run(5 * time.Second)
	l.mute = true
	r := l.nodes["R1"]
	first := r.machine.entries("")[0].States()[0].Sending
	require.Contains(t, l.exec("R1", "ping 192.168.2.1 source 192.168.1.1 size 1400 repeat 2100"), "Success rate is 100 percent (2100/2100)")
	require.NotEqual(t, first, r.machine.entries("")[0].States()[0].Sending)
	l.run(2 * time.Minute)
	require.Equal(t, 1, r.machine.crypto.Pairs())
	require.Len(t, r.machine.engine.SAs(), 1)
	require.Positive(t, r.machine.entries("")[0].States()[0].Pairs[0].Out.Kilobytes)
}

func TestIdleSAsGoAndTrafficBringsThemBack(t *testing.T) {
	l := twoRouters(t, tunnelText('1', '2')+"crypto ipsec security-association idle-time 60\n", tunnelText('2', '1')+"crypto ipsec profile IP\n responder-only\n")
	l.start("R1", "R2")
	l.run(50 * time.Second)
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	l.run(55 * time.Second)
	require.Equal(t, 1, l.nodes["R1"].machine.crypto.Pairs(), "not idle for long enough")
	l.run(10 * time.Second)
	require.Zero(t, l.nodes["R1"].machine.crypto.Pairs())
	require.Zero(t, l.nodes["R2"].machine.crypto.Pairs())
	l.run(5 * time.Minute)
	require.Zero(t, l.nodes["R1"].machine.crypto.Pairs(), "nobody needs them")
	require.False(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
}
