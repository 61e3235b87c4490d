package rogue

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// A case is played against R1, which has a tunnel to the honest R2 that carries
// echoes throughout.

var (
	addressR1 = netip.AddrFrom4([4]byte{10, 0, 0, 1})
	addressR2 = netip.AddrFrom4([4]byte{10, 0, 0, 2})
	insider   = netip.AddrFrom4([4]byte{10, 0, 0, 66})
	stranger  = netip.AddrFrom4([4]byte{10, 0, 0, 77})
)

const cryptoConfig = `crypto ikev2 proposal P
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

// street is a segment with R1 and R2.
func street() *topologies.Topology {
	t := &topologies.Topology{Name: "street", Clock: topologies.DefaultClock, Nodes: []*topologies.Node{{Name: "LAN", Kind: topologies.KindBridge}}}
	for name, config := range map[string]string{
		"R1": addressConfig(addressR1, "192.168.1.1") + tunnelConfig(0, addressR2, "192.168.2.0") + tunnelConfig(1, insider, "192.168.66.0"),
		"R2": addressConfig(addressR2, "192.168.2.1") + tunnelConfig(0, addressR1, "192.168.1.0"),
	} {
		t.Nodes = append(t.Nodes, &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name, Config: config})
		t.Links = append(t.Links, &topologies.Link{Type: topologies.LinkVeth, Ends: []topologies.Endpoint{{Node: name, Interface: "Ethernet0/0"}, {Node: "LAN", Interface: name}}})
	}
	return t
}

// play is a case that is being played.
type play struct {
	*lab.Lab
	talk           *Talk
	sent, answered int // echoes of the honest tunnel
	stopped        bool
}

func newPlay(t *testing.T, known bool) *play {
	topo := street()
	l, err := lab.Build(topo, lab.Options{Seed: 1})
	require.NoError(t, err)
	s := Settings{Name: "ROGUE", Address: stranger, Router: addressR1, Key: []byte("rogue")}
	if known {
		s.Address = insider
	}
	peer, err := Join(l, "LAN", s)
	require.NoError(t, err)
	p := &play{Lab: l, talk: &Talk{Peer: peer}}
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
		p.talk.Others = Others{Address: addressR2, SPIi: sa.SPIi, SPIr: sa.SPIr}
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
func (p *play) checkOwn(t *testing.T, c *Case) {
	lives := false
	sas, _ := p.Router("R1").SAs()
	for _, sa := range sas {
		require.True(t, sa.Initiator || string(sa.Status) == "READY", "an SA is half-open")
		lives = lives || p.talk.SA != nil && sa.SPIi == p.talk.SA.SPIi
	}
	require.Equal(t, (c.As == Member || c.As == HalfOpen) && !c.Ends, lives, "the peer's own SA")
}

// weight is what a case cost.
type weight struct {
	octets uint64
	wall   time.Duration
}

// weigh plays the case and counts what is allocated meanwhile.
func (p *play) weigh(c *Case) (heard []string, w weight) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	heard = c.play(p.talk)
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
	for _, c := range cases() {
		t.Run(c.Name, func(t *testing.T) { playCase(t, &c) })
	}
}

func playCase(t *testing.T, c *Case) {
	require.NotEmpty(t, c.RFC)
	p := newPlay(t, c.As.known())
	if c.As == Asked { // the honest tunnel is up before it comes
		p.Sim.Device("ROGUE").StartAt(p.Topology.Clock.Add(4 * time.Second))
	}
	p.pass(500 * time.Millisecond)
	c.begin(p.talk)
	p.pass(3500 * time.Millisecond)
	before := p.honest()
	require.NotEmpty(t, before)
	p.ping(p.Sim.Now())
	heard, cost := p.weigh(c)
	packets := max(1, p.talk.sent)
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
