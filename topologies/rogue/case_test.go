package rogue_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/rogue"
)

// A case is played against R1, which has a tunnel to the honest R2 that carries
// echoes throughout.

var (
	addressR1 = netip.AddrFrom4([4]byte{10, 0, 0, 1})
	addressR2 = netip.AddrFrom4([4]byte{10, 0, 0, 2})
	insider   = netip.AddrFrom4([4]byte{10, 0, 0, 66})
	stranger  = netip.AddrFrom4([4]byte{10, 0, 0, 77})
)

const cryptoConfig = `crypto ikev2 fragmentation
crypto ikev2 proposal P
 encryption aes-cbc-128
 integrity sha256
 group 19
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer HONEST
  address 10.0.0.0 255.255.255.192
  pre-shared-key honest
 peer OTHERS
  address 0.0.0.0 0.0.0.0
  pre-shared-key rogue
crypto ikev2 profile P
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set T esp-aes esp-sha256-hmac
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
`

// tunnelConfig is a tunnel with the network behind it.
func tunnelConfig(number int, to netip.Addr, network string) string {
	return fmt.Sprintf(`interface Tunnel%d
 ip address 172.16.%d.1 255.255.255.0
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination %v
 tunnel protection ipsec profile P
ip route %s 255.255.255.0 Tunnel%[1]d
`, number, number, to, network)
}

func addressConfig(a netip.Addr, behind string) string {
	return cryptoConfig + fmt.Sprintf("interface Ethernet0/0\n ip address %v 255.255.255.0\ninterface Loopback0\n ip address %s 255.255.255.0\n", a, behind)
}

// street is a segment with R1 and R2, and a peer that misbehaves.
func street(peer netip.Addr, suite string) *topologies.Topology {
	t := &topologies.Topology{Name: "street", Clock: topologies.DefaultClock, Nodes: []*topologies.Node{{Name: "LAN", Kind: topologies.KindBridge}}}
	for name, config := range map[string]string{
		"R1": addressConfig(addressR1, "192.168.1.1") + tunnelConfig(0, addressR2, "192.168.2.0") + tunnelConfig(1, insider, "192.168.66.0"),
		"R2": addressConfig(addressR2, "192.168.2.1") + tunnelConfig(0, addressR1, "192.168.1.0"),
	} {
		if w := strings.Fields(suite); len(w) == 3 {
			bits := strings.TrimPrefix(w[0], "aes-cbc-")
			config = strings.NewReplacer("aes-cbc-128", w[0], "integrity sha256", "integrity "+w[1], "group 19", "group "+w[2],
				"esp-aes esp-sha256-hmac", "esp-aes "+bits+" "+espIntegrity(w[1])).Replace(config)
		}
		t.Nodes = append(t.Nodes, &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name, Config: config})
	}
	t.Nodes = append(t.Nodes, &topologies.Node{Name: "ROGUE", Kind: topologies.KindRogue, Rogue: topologies.Rogue{Address: peer, Peer: addressR1, Key: "rogue", Suite: suite}})
	for _, name := range []string{"R1", "R2", "ROGUE"} {
		t.Links = append(t.Links, &topologies.Link{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{{Node: name, Interface: "Ethernet0/0"}, {Node: "LAN", Interface: name}}})
	}
	return t
}

func espIntegrity(name string) string {
	if name == "sha1" {
		return "esp-sha-hmac"
	}
	return "esp-" + name + "-hmac"
}

// play is a case that is being played.
type play struct {
	*lab.Lab
	talk           *rogue.Talk
	sent, answered int // echoes of the honest tunnel
	stopped        bool
}

func newPlay(t *testing.T, as rogue.Standing, suite string) *play {
	peer := stranger
	if as == rogue.Member || as == rogue.Asked { // to whom the router has a tunnel
		peer = insider
	}
	l, err := lab.Build(street(peer, suite), lab.Options{Seed: 1})
	require.NoError(t, err)
	p := &play{Lab: l, talk: &rogue.Talk{Peer: l.Rogues[0].Peer}}
	p.talk.Pass = p.pass
	return p
}

func (p *play) pass(d time.Duration) { p.Sim.Run(p.Sim.Now().Add(d)) }

// ping sends an echo from R2 through the honest tunnel ten times a second.
func (p *play) ping(now time.Time) {
	if p.stopped {
		return
	}
	p.sent++
	r2 := p.Router("R2")
	r2.Call(func(now time.Time) {
		r2.Ping(now, shell.PingRequest{
			Destination: netip.MustParseAddr("192.168.1.1"), Source: netip.MustParseAddr("192.168.2.1"), Repeat: 1, Size: 100, Timeout: 2 * time.Second,
			Report: func(_ time.Time, e shell.Echo) {
				if e.Answered {
					p.answered++
				}
			}, Done: func(time.Time) {},
		})
	})
	p.Sim.At(now.Add(100*time.Millisecond), p.ping)
}

// honest is R1's state of the honest peer, in what must not change.
func (p *play) honest() (state string) {
	sas, flows := p.Router("R1").SAs()
	for _, sa := range sas {
		if sa.Remote.Addr() != addressR2 {
			continue
		}
		state += fmt.Sprintln(sa.ID, sa.SPIi, sa.SPIr, sa.Status, sa.Established, sa.LocalNextID, sa.RemoteNextID, sa.Children)
		p.talk.Others = rogue.Others{Address: addressR2, SPIi: sa.SPIi, SPIr: sa.SPIr}
	}
	for _, f := range flows {
		if f.Remote == addressR2 {
			for _, pair := range f.Pairs {
				state += fmt.Sprintln(pair.In.SPI, pair.Out.SPI, f.UpSince)
				p.talk.Others.Pair = [2]ipsec.SPI{pair.In.SPI, pair.Out.SPI}
			}
		}
	}
	return state
}

// checkOwn requires that the peer's own SA has ended or not, as the case says,
// and that nothing half-open is left.
func (p *play) checkOwn(t *testing.T, c *rogue.Case) {
	lives := false
	sas, _ := p.Router("R1").SAs()
	for _, sa := range sas {
		require.True(t, sa.Initiator || string(sa.Status) == "READY", "an SA is half-open")
		lives = lives || p.talk.SA != nil && sa.SPIi == p.talk.SA.SPIi
	}
	require.Equal(t, c.Lives(), lives, "the peer's own SA")
}

// weight is what a case cost.
type weight struct {
	octets uint64
	wall   time.Duration
}

// weigh plays the case and counts what is allocated meanwhile.
func (p *play) weigh(c *rogue.Case) (heard []string, w weight) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	heard = c.Play(p.talk)
	w.wall = time.Since(start)
	runtime.ReadMemStats(&after)
	w.octets = after.TotalAlloc - before.TotalAlloc
	return heard, w
}

// What a packet may cost R1, the peer and the echoes meanwhile included.
const (
	octetsEach = 1 << 20
	wallEach   = 200 * time.Millisecond
)

func TestCases(t *testing.T) {
	for _, c := range rogue.Cases() {
		t.Run(c.Name, func(t *testing.T) { playCase(t, &c, "") })
	}
}

// TestSuites: the cases hold whatever the two speak with.
func TestSuites(t *testing.T) {
	for _, suite := range []string{"aes-cbc-192 sha1 21", "aes-cbc-256 sha512 20"} {
		for _, name := range []string{"an honest initiator", "an honest responder", "a public value that is none", "a public value that is too short", "a choice that was not offered", "wrong lengths in CREATE_CHILD_SA"} {
			t.Run(suite+": "+name, func(t *testing.T) {
				c, err := rogue.Find(name)
				require.NoError(t, err)
				playCase(t, c, suite)
			})
		}
	}
	for _, wrong := range []string{"", "des sha1 19", "aes-cbc-128 md5 19", "aes-cbc-128 sha1 14", "aes-cbc-128 sha1 19 20"} {
		_, err := rogue.ParseSuite(wrong)
		require.Error(t, err, wrong)
	}
	_, err := rogue.Find("nothing at all")
	require.Error(t, err)
}

func playCase(t *testing.T, c *rogue.Case, suite string) {
	require.NotEmpty(t, c.RFC)
	p := newPlay(t, c.As, suite)
	if c.As == rogue.Asked { // the honest tunnel is up before it comes
		p.Rogues[0].Device.StartAt(p.Topology.Clock.Add(4 * time.Second))
	}
	p.pass(500 * time.Millisecond)
	c.Begin(p.talk)
	p.pass(3500 * time.Millisecond)
	before := p.honest()
	require.NotEmpty(t, before)
	p.ping(p.Sim.Now())
	heard, cost := p.weigh(c)
	packets := max(1, p.talk.Packets())
	require.Equal(t, c.Want, heard, c.RFC)
	require.Less(t, cost.octets/uint64(packets), uint64(octetsEach), "memory a packet")
	require.Less(t, cost.wall/time.Duration(packets), wallEach, "time a packet")
	p.pass(40 * time.Second) // half-open SAs go
	p.stopped = true
	p.pass(3 * time.Second)
	require.Equal(t, before, p.honest(), "the honest peer's SAs")
	p.checkOwn(t, c)
	require.Equal(t, p.sent, p.answered, "echoes of the honest tunnel")
	t.Logf("%d packets, %d octets allocated and %v each", packets, cost.octets/uint64(packets), cost.wall/time.Duration(packets))
}
