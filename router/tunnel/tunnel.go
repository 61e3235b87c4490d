package tunnel

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec/few"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
)

// Mode is what a tunnel puts its packets into.
type Mode uint8

// The modes of `tunnel mode`.
const (
	GRE  Mode = iota // RFC 2784; the default
	IPIP             // RFC 2003
	VTI              // ESP itself: a static virtual tunnel interface
)

// Protocol is the number of what a mode makes (IANA, protocol numbers).
func (m Mode) Protocol() uint8 { return [...]uint8{ip.ProtoGRE, ip.ProtoIPIP, ip.ProtoESP}[m] }

func (m Mode) String() string { return [...]string{"gre ip", "ipip", "ipsec ipv4"}[m] }

// Settings are what a configuration says of a tunnel interface.
type Settings struct {
	Outer
	Entry crypto.Settings // of the SPD entry that protects it
}

// Outer is what they are of the tunnel itself.
type Outer struct {
	Mode            Mode
	Shutdown        bool
	Keyed           bool // GRE: `tunnel key`
	Checksum        bool // GRE: of header and payload
	Key             uint32
	Name            string     // of it, as it is configured
	Source          netip.Addr // invalid: none, or its interface has none
	SourceInterface string     // whose address Source is; "": it was given itself
	Destination     netip.Addr
	VRF             int // of both, by number
	TTL             int
	TOS             int // of the outer header; -1: as inside
	Keepalive       Keepalive
	MTU             int // `ip mtu`; 0: the longest packet that goes in one piece
	Path            crypto.Discovery
	Profile         string // that protects it; "": none
}

// Keepalive is `keepalive`: without an answer to so many in a row the line
// protocol goes down.
type Keepalive struct {
	Interval time.Duration // 0: none are sent
	Retries  int
}

// Overhead is the number of octets that a mode puts before a packet, ESP left
// out.
func (s *Outer) Overhead() int {
	switch s.Mode {
	case GRE:
		return ip.HeaderLen + greHeader(s.Keyed, s.Checksum)
	case IPIP:
		return ip.HeaderLen
	}
	return 0
}

// Options are what the room is made of.
type Options struct {
	Stack   *ip.Stack
	Crypto  *crypto.Crypto
	Timers  *ip.Timers
	Records *record.Emitter
}

// Tunnels are the tunnel interfaces of a device.
type Tunnels struct {
	Options
	bySource few.Map[string, []*Tunnel] // by the name of the source interface
	byEnds   map[ends][]*Tunnel         // those that carry by themselves; the first has the packets
	packet   []byte                     // being packed
	unpacked []byte
}

// New makes the room and hangs it into the stack.
func New(o Options) *Tunnels {
	t := &Tunnels{Options: o}
	for _, proto := range []uint8{ip.ProtoGRE, ip.ProtoIPIP} {
		o.Stack.Handle(proto, t.receive)
		o.Stack.ICMP.Handle(proto, t.pathFailed)
	}
	return t
}

// Tunnel is a tunnel interface.
type Tunnel struct {
	*crypto.Entry // that protects it
	tunnels       *Tunnels
	iface         *ip.Interface
	settings      Outer
	protected     bool // what should be encrypted takes no other way
	way           *way // nil: it has never carried anything in clear
	path          path
	alive         *alive // nil: it has never sent keepalives
}

// Bind makes what carries the packets of an interface.
func (t *Tunnels) Bind(i *ip.Interface) ip.Output {
	return &Tunnel{Entry: t.Crypto.Bind(i), tunnels: t, iface: i}
}

// Get finds a tunnel interface by its name; nil: there is none.
func (t *Tunnels) Get(name string) *Tunnel {
	i := t.Stack.Interfaces.Get(name)
	if i == nil {
		return nil
	}
	tunnel, _ := i.Output().(*Tunnel)
	return tunnel
}

// From lists the names of the tunnels whose source is an interface.
func (t *Tunnels) From(source string) []string {
	var names []string
	for _, tunnel := range t.bySource.Get(source) {
		names = append(names, tunnel.iface.Name)
	}
	return names
}

// State is the tunnel as the screens see it.
func (t *Tunnel) State() State {
	s := &t.settings
	return State{
		Source: s.Source, SourceInterface: s.SourceInterface, Destination: s.Destination, Mode: cmp.Or(s.Name, s.Mode.String()), TTL: s.TTL, Protection: s.Profile,
		PathMTU: t.pathState(), Keyed: s.Keyed, Key: s.Key, Checksum: s.Checksum, Keepalive: int(s.Keepalive.Interval / time.Second), Retries: s.Keepalive.Retries,
	}
}

// Set gives a tunnel its settings.
func (t *Tunnel) Set(now time.Time, s Settings) {
	if before := t.settings.SourceInterface; before != s.SourceInterface {
		t.tunnels.leave(before, t)
		if s.SourceInterface != "" {
			t.tunnels.bySource.Put(s.SourceInterface, append(t.tunnels.bySource.Get(s.SourceInterface), t))
		}
	}
	before := Settings{t.settings, t.Entry.Settings()}
	if t.settings, t.protected = s.Outer, s.Entry.Protected; s == before {
		return
	}
	t.tunnels.unlist(t, endsOf(&before.Outer))
	if s.Mode != VTI {
		t.tunnels.enlist(t, endsOf(&s.Outer))
		t.Entry.Carry(t.decrypted)
	} else {
		t.Entry.Carry(nil)
	}
	t.Entry.Set(now, s.Entry)
	t.path = path{}
	t.find(now)
	t.keepAlive(now, before.Keepalive)
}

func (t *Tunnels) leave(source string, tunnel *Tunnel) {
	if source == "" {
		return
	}
	list := slices.DeleteFunc(t.bySource.Get(source), func(o *Tunnel) bool { return o == tunnel })
	if len(list) > 0 {
		t.bySource.Put(source, list)
	} else {
		t.bySource.Delete(source)
	}
}

// Remove ends a tunnel whose interface is about to be taken away.
func (t *Tunnel) Remove(now time.Time) {
	t.Set(now, Settings{Outer: Outer{Mode: VTI}})
	t.Entry.Remove(now)
}
