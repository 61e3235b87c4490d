package tunnel

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
)

var epoch = time.Date(2024, 11, 11, 19, 30, 0, 0, time.UTC)

// nobody is an IKE that makes no SAs and counts who asks.
type nobody struct{ asked []string }

func (n *nobody) Negotiation(string) crypto.Negotiation { return crypto.Idle }
func (n *nobody) Acquire(_ time.Time, entry string, _ [2]spd.Selector) {
	n.asked = append(n.asked, entry)
}
func (n *nobody) Clear(time.Time, string)                                  {}
func (*nobody) Homeless(time.Time, string)                                 {}
func (n *nobody) Traffic(time.Time, ipsec.SPI)                             {}
func (n *nobody) VolumeSoft(_ time.Time, _ ipsec.SPI)                      {}
func (n *nobody) VolumeHard(_ time.Time, _ ipsec.SPI)                      {}
func (n *nobody) Stray(time.Time, int, netip.Addr, netip.Addr, ipsec.SPI)  {}
func (*nobody) Moved(time.Time, ipsec.SPI, netip.AddrPort, netip.AddrPort) {}
func (*nobody) Outgoing(time.Time, ipsec.SPI)                              {}

// device is a stack with a port, 10.0.0.1/24, and Tunnel0, whose peer's network
// is 192.168.2.0/24.
type device struct {
	stack   *ip.Stack
	tunnels *Tunnels
	ike     nobody
	dropped []ip.Dropped
	sent    [][]byte
	said    []record.Body
	timers  *ip.Timers
}

func newDevice(t *testing.T) *device {
	d := &device{}
	e := record.New(1, "R1")
	e.Listen(func(r record.Record) {
		d.said = append(d.said, r.Body)
		if b, ok := r.Body.(ip.Dropped); ok {
			d.dropped = append(d.dropped, b)
		}
	})
	timers := ip.NewTimers(e)
	d.timers = timers
	d.stack = ip.New(ip.Options{
		Records: e, Timers: timers, Send: d.keep, Ports: []ip.Port{{Name: "eth0", Kind: "eth"}}, Carriers: []bool{true},
		Kind: func(name string) ip.Kind {
			return map[string]ip.Kind{"eth": {Port: true}, "tunnel": {Output: func(i *ip.Interface) ip.Output { return d.tunnels.Bind(i) }}}[name]
		},
		MAC: func(int) [6]byte { return [6]byte{2, 0, 0, 0, 0, 1} },
	})
	zeros := bytes.NewReader(make([]byte, 1000))
	c := crypto.New(crypto.Options{Stack: d.stack, Timers: timers, Records: e, IKE: &d.ike, IV: zeros, Pace: zeros})
	d.tunnels = New(Options{Stack: d.stack, Crypto: c, Timers: timers, Records: e})
	d.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: "eth0", Kind: "eth", Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/24")}})
	d.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: "Tunnel0", Kind: "tunnel", Addresses: []netip.Prefix{netip.MustParsePrefix("172.16.0.1/30")}})
	d.stack.SetRoutes(epoch, []ip.StaticRoute{{Prefix: netip.MustParsePrefix("192.168.2.0/24"), Interface: "Tunnel0", Distance: 1}}, nil)
	require.NotNil(t, d.tunnels.Get("Tunnel0"))
	return d
}

// settings are those of a tunnel to 10.0.0.2.
func settings(m Mode) Settings {
	s := Settings{Outer: Outer{
		Mode: m, Source: netip.MustParseAddr("10.0.0.1"), SourceInterface: "eth0", Destination: netip.MustParseAddr("10.0.0.2"), TTL: 255, Profile: "P",
	}}
	if m == VTI {
		s.Entry = crypto.Settings{Local: s.Source, Remote: s.Destination, Protected: true, Active: true, TTL: 255}
	}
	return s
}

// keep keeps the IPv4 packets that are sent.
func (d *device) keep(_ int, frame []byte) {
	if frame[12] == 8 && frame[13] == 0 {
		d.sent = append(d.sent, bytes.Clone(frame))
	}
}

func (d *device) send() {
	at := netip.MustParseAddrPort("172.16.0.1:7")
	d.stack.UDP.Send(epoch, ip.Datagram{Local: at, Remote: netip.MustParseAddrPort("192.168.2.1:7")}, 64)
}

// TestOnlyAProtectedTunnelHoldsItsRoutes: what should be encrypted takes no
// other way while the tunnel is down, and asks for SAs.
func TestOnlyAProtectedTunnelHoldsItsRoutes(t *testing.T) {
	to := netip.MustParseAddr("192.168.2.1")
	for _, m := range []Mode{GRE, IPIP} {
		d := newDevice(t)
		s := settings(m)
		s.Destination = netip.MustParseAddr("10.9.9.9") // no way there
		d.tunnels.Get("Tunnel0").Set(epoch, s)
		require.Equal(t, ip.None, d.stack.Table.Lookup(to).Kind, m.String())
		d.send()
		require.Equal(t, ip.NoRoute, d.dropped[len(d.dropped)-1].Reason)
		require.Empty(t, d.ike.asked)
	}
	d := newDevice(t)
	d.tunnels.Get("Tunnel0").Set(epoch, settings(VTI))
	require.Equal(t, ip.Link, d.stack.Table.Lookup(to).Kind)
	require.False(t, d.stack.Interfaces.Get("Tunnel0").Protocol)
	d.send()
	require.Equal(t, ip.InterfaceDown, d.dropped[len(d.dropped)-1].Reason)
	require.Equal(t, []string{"Tunnel0"}, d.ike.asked)
	require.Empty(t, d.sent)
}

func TestTunnelsAreFoundByTheirSource(t *testing.T) {
	d := newDevice(t)
	d.tunnels.Get("Tunnel0").Set(epoch, settings(VTI))
	require.Equal(t, []string{"Tunnel0"}, d.tunnels.From("eth0"))
	s := settings(VTI)
	s.SourceInterface = "eth1"
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	require.Empty(t, d.tunnels.From("eth0"))
	require.Equal(t, []string{"Tunnel0"}, d.tunnels.From("eth1"))
	require.Equal(t, State{
		Source: s.Source, SourceInterface: "eth1", Destination: s.Destination, Mode: "ipsec ipv4", TTL: 255, Protection: "P",
	}, d.tunnels.Get("Tunnel0").State())
	d.tunnels.Get("Tunnel0").Remove(epoch)
	d.stack.Interfaces.Remove(epoch, "Tunnel0")
	require.Empty(t, d.tunnels.From("eth1"))
	require.Nil(t, d.tunnels.Get("Tunnel0"))
	require.Nil(t, d.tunnels.Get("eth0"))
}
