package tunnel

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// Mode is what a tunnel puts its packets into.
type Mode uint8

// The modes of `tunnel mode`.
const (
	GRE  Mode = iota // RFC 2784; the default
	IPIP             // RFC 2003
	VTI              // ESP itself: a static virtual tunnel interface
)

func (m Mode) String() string { return [...]string{"gre ip", "ipip", "ipsec ipv4"}[m] }

// Settings are what a configuration says of a tunnel interface.
type Settings struct {
	Mode            Mode
	Source          netip.Addr // invalid: none, or its interface has none
	SourceInterface string     // whose address Source is; "": it was given itself
	Destination     netip.Addr
	TTL             int
	Profile         string          // that protects it; "": none
	Entry           crypto.Settings // of the SPD entry that does
}

// Tunnels are the tunnel interfaces of a device.
type Tunnels struct {
	stack    *ip.Stack
	crypto   *crypto.Crypto
	bySource map[string][]*Tunnel // by the name of the source interface
}

// New makes the room.
func New(s *ip.Stack, c *crypto.Crypto) *Tunnels {
	return &Tunnels{stack: s, crypto: c, bySource: map[string][]*Tunnel{}}
}

// Tunnel is a tunnel interface.
type Tunnel struct {
	*crypto.Entry // that protects it
	tunnels       *Tunnels
	iface         *ip.Interface
	settings      Settings
}

// Bind makes what carries the packets of an interface.
func (t *Tunnels) Bind(i *ip.Interface) ip.Output {
	return &Tunnel{Entry: t.crypto.Bind(i), tunnels: t, iface: i}
}

// Get finds a tunnel interface by its name; nil: there is none.
func (t *Tunnels) Get(name string) *Tunnel {
	i := t.stack.Interfaces.Get(name)
	if i == nil {
		return nil
	}
	tunnel, _ := i.Output().(*Tunnel)
	return tunnel
}

// From lists the names of the tunnels whose source is an interface.
func (t *Tunnels) From(source string) []string {
	var names []string
	for _, tunnel := range t.bySource[source] {
		names = append(names, tunnel.iface.Name)
	}
	return names
}

// State is the tunnel as the screens see it.
func (t *Tunnel) State() State {
	s := &t.settings
	return State{
		Source: s.Source, SourceInterface: s.SourceInterface, Destination: s.Destination, Mode: s.Mode.String(), TTL: s.TTL, Protection: s.Profile,
	}
}

// Set gives a tunnel its settings.
func (t *Tunnel) Set(now time.Time, s Settings) {
	if before := t.settings.SourceInterface; before != s.SourceInterface {
		t.tunnels.leave(before, t)
		if s.SourceInterface != "" {
			t.tunnels.bySource[s.SourceInterface] = append(t.tunnels.bySource[s.SourceInterface], t)
		}
	}
	t.settings = s
	t.Entry.Set(now, s.Entry)
}

func (t *Tunnels) leave(source string, tunnel *Tunnel) {
	if source == "" {
		return
	}
	list := slices.DeleteFunc(t.bySource[source], func(o *Tunnel) bool { return o == tunnel })
	if t.bySource[source] = list; len(list) == 0 {
		delete(t.bySource, source)
	}
}

// Remove ends a tunnel whose interface is about to be taken away.
func (t *Tunnel) Remove(now time.Time) {
	t.tunnels.leave(t.settings.SourceInterface, t)
	t.Entry.Remove(now)
}

// Output carries a packet. What has no entry at work is not carried.
func (t *Tunnel) Output(now time.Time, p *ip.Packet) {
	if t.settings.Mode != VTI {
		t.tunnels.stack.DropOut(t.iface, p.Bytes(), ip.NoOutput)
		return
	}
	t.Entry.Output(now, p)
}
