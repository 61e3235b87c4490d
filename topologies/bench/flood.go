package bench

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// A flood of spoofed IKE_SA_INIT requests against the hub of a star, whose
// tunnels carry echoes all the while, and then against one that asks for cookies
// and has a spoke more when it is over (RFC 7296 2.6).

const (
	floodTunnels = 1000
	floodRate    = 100_000 // requests a virtual second
	floodSeconds = 10
	floodWall    = 20.0 // seconds
	cookieWall   = 30.0 // the same, with cookies
	floodMemory  = 64.0 // MiB
)

// Addresses of the segment that the flood comes from.
var (
	floodHub  = netip.AddrFrom4([4]byte{10, 255, 0, 1})
	floodPeer = netip.AddrFrom4([4]byte{10, 255, 0, 2})
)

// siege is a flooded star.
type siege struct {
	*lab.Lab
	peer           *lab.Rogue
	tunnels        int
	sent, answered int  // echoes through the tunnels
	coming         bool // the first spoke's tunnel is not up yet
	joined         int  // spokes that came up meanwhile
}

// asksCookies is the configuration of a hub that asks for cookies, and leaves it
// to its spokes to begin.
const asksCookies = "crypto ikev2 cookie-challenge 10\ncrypto ipsec profile P\n responder-only\n"

func newSiege(h Host, tunnels int, config string) (*siege, error) {
	t := star(tunnels, group19, "esp-aes esp-sha256-hmac")
	hub := t.Node("HUB")
	hub.Config += config
	port := newEnds(tunnels).port
	hub.Config += fmt.Sprintf("interface %s\n ip address %v 255.255.255.0\nip route 0.0.0.0 0.0.0.0 %v\n", port, floodHub, floodPeer)
	t.Nodes = append(t.Nodes, &topologies.Node{Name: "FLOOD", Kind: topologies.KindRogue, Rogue: topologies.Rogue{Address: floodPeer, Peer: floodHub}})
	cable(t, topologies.Endpoint{Node: "HUB", Interface: port}, topologies.Endpoint{Node: "FLOOD", Interface: "Ethernet0/0"})
	l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	return &siege{Lab: l, tunnels: tunnels, peer: l.Rogues[0]}, bringUp(l)
}

// second lets a second pass in which every tunnel carries an echo.
func (s *siege) second() {
	start := s.Sim.Now()
	for i := range s.tunnels {
		at := start.Add(time.Duration(i) * time.Second / time.Duration(s.tunnels))
		s.Sim.At(at, func(time.Time) { s.echo(i) })
	}
	s.Sim.Run(start.Add(time.Second))
}

// echo goes from a spoke to the hub's end of its tunnel.
func (s *siege) echo(i int) {
	if s.coming && i == 0 {
		return
	}
	spoke := s.Router(fmt.Sprintf("S%d", i))
	s.sent++
	spoke.Call(func(now time.Time) {
		spoke.Ping(now, shell.PingRequest{
			Destination: netip.AddrFrom4([4]byte{172, 16, byte(i >> 7), byte(i<<1&255 + 1)}), Repeat: 1, Size: 100, Timeout: time.Second,
			Report: func(_ time.Time, e shell.Echo) {
				if e.Answered {
					s.answered++
				}
			}, Done: func(time.Time) {},
		})
	})
}

// run floods and tells the wall time, and the memory that it takes at most.
func (s *siege) run(h Host, rate, seconds int) (wall, memory float64) {
	s.second() // everybody knows the way
	before := h.Heap()
	s.peer.Flood(s.Sim.Now(), rate, time.Duration(seconds)*time.Second)
	for range seconds {
		wall += h.took(s.second)
		memory = max(memory, float64(h.Heap())-float64(before))
	}
	s.Sim.Run(s.Sim.Now().Add(2 * time.Second))
	return wall, memory / (1 << 20)
}

func benchFlood(h Host) ([]Measure, error) {
	bare, err := flooded(h, floodTunnels, "", "", floodWall)
	if err != nil {
		return nil, err
	}
	asking, err := flooded(h, floodTunnels, asksCookies, ", cookies asked for", cookieWall)
	return append(bare, asking...), err
}

func flooded(h Host, tunnels int, config, how string, most float64) ([]Measure, error) {
	s, err := newSiege(h, tunnels, config)
	if err != nil {
		return nil, err
	}
	if config != "" {
		s.newcomer()
	}
	wall, memory := s.run(h, floodRate, floodSeconds)
	if !up(s.Lab) {
		return nil, fmt.Errorf("bench: the flood has ended tunnels")
	}
	list := []Measure{
		{Name: fmt.Sprintf("%d spoofed IKE_SA_INIT at %d tunnels%s", s.peer.Flooded(), s.tunnels, how), Value: wall, Unit: "s", Target: &most},
		{Name: "  memory that they take", Value: memory, Unit: "MiB", Target: new(floodMemory)},
		{Name: "  echoes lost meanwhile", Value: float64(s.sent - s.answered), Unit: "1", Target: new(0.0)},
	}
	if config != "" {
		list = append(list, Measure{Name: "  newcomers that came up during it", Value: float64(s.joined), Unit: "1", Target: new(1.0), AtLeast: true})
	}
	return list, nil
}

// newcomer has the first spoke lose its tunnel now and begin anew in the midst
// of the flood.
func (s *siege) newcomer() {
	spoke := s.Router("S0")
	sh := spoke.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}})
	enter := func(lines ...string) {
		for _, line := range lines {
			spoke.Enter(sh, line)
		}
	}
	enter("configure terminal", "interface Tunnel0", "shutdown")
	s.coming = true
	now := s.Sim.Now()
	s.Sim.At(now.Add(comes), func(time.Time) { enter("no shutdown") })
	for after := comes; after < floodSeconds*time.Second; after += 100 * time.Millisecond {
		s.Sim.At(now.Add(after), func(time.Time) {
			if s.coming && spoke.TunnelUp("Tunnel0") {
				s.coming, s.joined = false, s.joined+1
			}
		})
	}
}

// comes is when a newcomer begins.
const comes = 4 * time.Second
