package crypto

import (
	"io"
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/few"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
	"ikelab/router/record"
)

// IKE is who makes and deletes SAs. It answers by Install, Delete and an
// entry's Down.
type IKE interface {
	// Negotiation is how far the SAs of an entry are.
	Negotiation(entry string) Negotiation
	// Acquire asks for SAs of an entry. packet are the selectors of the packet that
	// asks, this end's and the other's; zero: none does.
	Acquire(now time.Time, entry string, packet [2]spd.Selector)
	// Clear asks for the end of an entry's SAs.
	Clear(now time.Time, entry string)
	// Homeless says that an entry's own address is on this device no more.
	Homeless(now time.Time, entry string)
	// Traffic says that the peer lives: a packet came by the pair.
	Traffic(now time.Time, in ipsec.SPI)
	// Moved says that the newest packet of a pair came from elsewhere.
	Moved(now time.Time, in ipsec.SPI, local, peer netip.AddrPort)
	// Outgoing says that a packet leaves by the pair.
	Outgoing(now time.Time, in ipsec.SPI)
	// VolumeSoft and VolumeHard say that a pair has carried almost, or more
	// than, what it may.
	VolumeSoft(now time.Time, in ipsec.SPI)
	VolumeHard(now time.Time, in ipsec.SPI)
	// Stray says that a packet came under an SPI that we do not have.
	Stray(now time.Time, vrf int, local, remote netip.Addr, spi ipsec.SPI)
}

// Negotiation is how far SAs are.
type Negotiation uint8

// What IKE says of an entry.
const (
	Idle        Negotiation = iota // nobody makes any
	Negotiating                    // this end or the peer does
	Established
)

// Options are what the room is made of.
type Options struct {
	Stack   *ip.Stack
	Timers  *ip.Timers
	Records *record.Emitter
	IKE     IKE
	IV      io.Reader // where initialization vectors are drawn from
	Pace    io.Reader // where pauses are
}

// Crypto is a device's IPsec.
type Crypto struct {
	Drops Drops

	stack    *ip.Stack
	timers   *ip.Timers
	records  *record.Emitter
	ike      IKE
	iv       io.Reader
	pace     io.Reader
	entries  few.Map[string, *Entry] // the SPD, by name
	askers   askers
	sad      spd.SAD[*pair]           // by the SPI that we receive on
	leaving  few.Map[outbound, *pair] // by the SPI that we send on, and where
	floated  map[floated][]*pair      // those that travel in UDP, by the addresses and ports
	waiting  waiting                  // packets that came before their SA
	injected injected                 // routes to what lies behind peers
	conns    int                      // connection id of the last SA
}

// New makes the room and hangs it into the stack.
func New(o Options) *Crypto {
	c := &Crypto{
		stack: o.Stack, timers: o.Timers, records: o.Records, ike: o.IKE, iv: o.IV, pace: o.Pace,
		injected: injected{stack: o.Stack},
	}
	c.stack.Handle(ip.ProtoESP, c.receive)
	c.stack.UDP.Carried, c.stack.UDP.CarriedPort = c.receiveUDP, portNATT
	c.stack.ICMP.Handle(ip.ProtoESP, c.pathFailed)
	c.stack.UDP.Failed = c.floatedFailed
	c.stack.Check(c.checkClear)
	return c
}

// portNATT is where ESP comes in UDP (RFC 3948).
const portNATT = 4500

// Entry finds an entry by its name; nil: there is none.
func (c *Crypto) Entry(name string) *Entry { return c.entries.Get(name) }

// Pairs is the number of pairs that are installed.
func (c *Crypto) Pairs() int { return c.sad.Len() }

// Age uses the sequence numbers of all SAs up, as packets would, until so many are
// left.
func (c *Crypto) Age(left uint64) {
	for _, e := range c.entries.All() {
		for _, p := range e.pairs {
			p.in.association().Skip(left)
			p.out.association().Skip(left)
		}
	}
}

// Waiting is how many packets wait for their SAs.
func (c *Crypto) Waiting() int { return c.waiting.packets }
