package crypto

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// Settings are what a configuration says of an SPD entry.
type Settings struct {
	Local, Remote netip.Addr // ends of the tunnel; invalid: not known
	Doors
	Protected     bool // what should be encrypted takes no other way
	Active        bool // has all that it needs, and is not shut down
	Several       bool // pairs with selectors of their own live side by side; a tunnel interface has one
	OnDemand      bool // only traffic asks for SAs
	ResponderOnly bool
	FragmentAfter bool // what is too long is cut when it is encrypted, where that may be
	DF            DFBit
	TTL           uint8
	Header        int    // octets that the interface puts before its packets: those of GRE, and of IP before it
	Map           string // the crypto map that it belongs to; "": a tunnel interface is its own
	Sequence      int
	Window        int // anti-replay window of pairs made from now on
	Path          Discovery
	Idle          time.Duration // without packets after which the SAs go; 0: never
	Filling
	Demand  Shared[Demand]
	Reverse Shared[Reverse] // routes that pairs bring
}

// Doors are the VRFs of an entry, by number.
type Doors struct {
	VRF    int // of both ends
	Inside int // of what a crypto map's entry protects; a tunnel interface is in one itself
}

// Filling is what hides how much is carried.
type Filling struct {
	Dummies time.Duration // between two packets that carry nothing; 0: there are none
	Pad     int           // octets to which packets are padded where the peer takes it; 0: they are not
}

// Demand is what is asked for when SAs are: the first transform set, and the
// rest of what a request says. A tunnel interface asks for everything, both
// ways.
type Demand struct {
	Encr          ipsec.Encr
	Integ         ipsec.IntegID
	Lifetime      time.Duration
	Kilobytes     uint64
	Local, Remote spd.Selector
	Transport     bool // the mode
}

// Entry is an SPD entry at work. It carries the packets of its interface: it
// is an ip.Output. One that is not active carries nothing.
type Entry struct {
	c        *Crypto
	name     string
	iface    *ip.Interface
	deliver  func(now time.Time, buf []byte) // takes what was decrypted; nil: it enters by the interface
	settings Settings
	way      ip.Underlay
	underlay bool // this end is up and the other can be reached
	path     ip.Path

	pairs   []*pair // oldest first
	sending []*pair // those that packets leave by, newest first; none: the entry is down
	whole   flow    // what it protects, but for the parts that pairs have of their own

	narrow      int // path MTU learned; 0: none
	narrowUntil time.Time
	acquisition
	dummies dummies

	failed func()    // an attempt of an entry of a crypto map has come to nothing; nil: a tunnel interface's
	room   int       // the longest inner packet whose ESP packet fits; 0: not known yet
	used   time.Time // last packet, either way
}

// Bind makes the entry of a tunnel interface, without settings.
func (c *Crypto) Bind(i *ip.Interface) *Entry { return c.newEntry(i.Name, i, nil) }

func (c *Crypto) newEntry(name string, i *ip.Interface, failed func()) *Entry {
	e := &Entry{c: c, name: name, iface: i, failed: failed}
	e.acquisition.init(e)
	e.dummies.e = e
	own := i
	if !alone(e) {
		own = nil
	}
	e.way.Init(c.stack, own, e)
	c.entries.Put(name, e)
	return e
}

// Carry has deliver take what comes by the entry's pairs: packets of a tunnel
// protocol, for a start, behind room for an Ethernet header.
func (e *Entry) Carry(deliver func(now time.Time, buf []byte)) { e.deliver = deliver }

// alone says whether an entry has its interface for itself.
func alone(e *Entry) bool { return e.failed == nil }

// Set gives an entry its settings. The same ones again cost nothing.
func (e *Entry) Set(now time.Time, s Settings) {
	before := e.settings
	if s == before {
		e.Refit()
		return
	}
	e.settings = s
	moved := s.Local != before.Local || s.Remote != before.Remote || s.VRF != before.VRF
	if moved {
		e.path, e.narrow = ip.Path{VRF: s.VRF}, 0
		if e.place.peer.IsValid() {
			e.c.askers.add(e)
		}
	}
	if moved || s.Active != before.Active {
		local, remote := endsOf(&s)
		e.way.Follow(s.VRF, local, remote)
	}
	for _, p := range e.pairs {
		_ = p.out.encapsulate(p.encapsulation()) // its addresses were good before
		if s.Reverse != before.Reverse {
			p.route(now, false)
		}
	}
	if !s.Active {
		e.rest()
	}
	e.watchIdle()
	e.settle(now)
	e.dummies.watch(now)
}

// Name is the name of the entry: of its interface.
func (e *Entry) Name() string { return e.name }

// Settings are what the entry was given.
func (e *Entry) Settings() Settings { return e.settings }

// Remove ends an entry whose interface was taken away. Its pairs go when IKE
// says so; what comes by them until then stays in its VRF.
func (e *Entry) Remove(now time.Time) {
	e.Set(now, Settings{Doors: Doors{Inside: e.settings.Inside}})
	e.c.timers.Set(e.idling, time.Time{})
	e.c.timers.Set(e.leaving, time.Time{})
	e.c.entries.Delete(e.name)
}

// Ready says whether the entry carries packets.
func (e *Entry) Ready() bool { return e.settings.Active && e.underlay && len(e.sending) > 0 }

// Holds says whether routes by the interface stay while it is down.
func (e *Entry) Holds() bool { return e.settings.Protected }

// Place is where Seal wants the inner packet.
func (e *Entry) Place(n int) []byte {
	if len(e.sending) == 0 {
		return nil
	}
	out := &e.sending[0].out
	room := out.room()
	return ip.Buffer(e.c.stack, ip.Sealed, out.most(n))[room : room+ip.EthernetHeader+n]
}

// RouteChanged follows a change of the way to either end.
func (e *Entry) RouteChanged(now time.Time) { e.settle(now) }

// settle works out whether the entry's own packets can leave, and with that
// the line protocol.
func (e *Entry) settle(now time.Time) {
	before := e.underlay
	e.underlay = e.way.Look(now)
	switch {
	case e.underlay && !before:
		e.Retry(now)
	case len(e.pairs) > 0 && e.way.Homeless():
		e.leave(now)
	}
	e.Refit()
	settleInterface(now, e)
}

// settleInterface works the line protocol of an entry's own interface out anew.
func settleInterface(now time.Time, e *Entry) {
	if alone(e) {
		e.c.stack.Interfaces.Settle(now, e.iface)
	}
}

// endsOf are the ends of a tunnel that is active.
func endsOf(s *Settings) (local, remote netip.Addr) {
	if s.Active {
		local, remote = s.Local, s.Remote
	}
	return local, remote
}

// Under is the interface by which ESP packets leave; nil: there is no way.
func (e *Entry) Under() *ip.Interface { return e.way.Out() }

func (e *Entry) requested() Requested {
	d := e.settings.Demand.Value()
	return Requested{
		Entry: e.name, Local: e.settings.Local, Remote: e.settings.Remote, LocalIdent: selectorOf(d.Local), RemoteIdent: selectorOf(d.Remote),
		Encr: d.Encr, Integ: d.Integ, Lifetime: d.Lifetime, Kilobytes: d.Kilobytes, Transport: d.Transport,
	}
}
