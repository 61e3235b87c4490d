package crypto

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// Association is a pair of SAs as IKE has settled it.
type Association struct {
	Terms
	In, Out Keys
}

// Terms are those of both directions.
type Terms struct {
	Entry string
	Between
	UDP   bool // ESP travels in UDP between the ports (RFC 3948)
	Encr  ipsec.Encr
	Integ ipsec.IntegID
	ESN   bool
	Mode
	Local, Remote []spd.Selector // inner addresses of this end and of the other
	PFS           ipsec.Group
	AddKE         []ipsec.Group // additional key exchanges beside PFS (RFC 9370)
	Initiator     bool          // of the exchange that made it
	Expires       time.Time
	Lifetime      time.Duration
	Kilobytes     uint64 // volume after which it must go; 0: none
	// Replaces is the inbound SPI of the pair that this one rekeys, 0: none.
	// Standby then says that the peer started the rekey: keep sending on the
	// old pair until the peer uses the new one or deletes the old (RFC 7296
	// section 2.8).
	Replaces ipsec.SPI
	Standby  bool
}

// Keys are those of one direction.
type Keys struct {
	SPI               ipsec.SPI
	EncrKey, IntegKey []byte `record:"secret"`
}

// params are what one direction is made from.
func (a *Terms) params(k Keys, window int) Params {
	return Params{
		Params: esp.Params{SPI: k.SPI, Encr: a.Encr, Integ: a.Integ, EncrKey: k.EncrKey, IntegKey: k.IntegKey, ESN: a.ESN, Window: window},
		Local:  a.Local, Remote: a.Remote, Mode: a.Mode,
	}
}

// pair is an installed pair of SAs. The keys are with the ciphers.
type pair struct {
	Terms
	inSPI       ipsec.SPI // that we receive on
	outSPI      ipsec.SPI // that we send on
	entry       *Entry
	flow        *flow
	closing     bool // nothing is sent on it where another pair can take over
	in          opener
	out         sealer
	window      int
	inID, outID int // connection ids
	received    uint64
	sent        uint64
	soft, hard  uint64 // octets in one direction after which IKE is told; 0: never
	toldSoft    bool
	toldHard    bool
	hearFrom    time.Time        // when IKE is next told that the peer lives,
	tellFrom    time.Time        // and that something is sent
	routes      []ip.StaticRoute // that it has brought
}

// outbound is what tells the SAs apart that we send on.
type outbound struct {
	vrf  int
	peer netip.Addr
	spi  ipsec.SPI
}

const (
	kilobyte       = 1024
	percentOfWhole = 100
	softPercent    = 90          // of the kilobytes: the side that made the pair asks for a new one,
	softPercentR   = 95          // the other only if it did not, so that both do not at once
	sequenceLeft   = 0x1000_0000 // RFC 4303 section 3.3.3: a new SA before the numbers run out
)

// enlist enters a pair where errors about its packets look for it, and unlist takes
// it from there.
func enlist(c *Crypto, p *pair) {
	c.leaving.Put(outbound{p.VRF, p.Peer.Addr(), p.outSPI}, p)
	if p.UDP {
		way := floated{p.VRF, p.LocalEnd, p.Peer}
		if c.floated == nil {
			c.floated = map[floated][]*pair{}
		}
		c.floated[way] = append(c.floated[way], p)
	}
}

func unlist(c *Crypto, p *pair) {
	c.leaving.Delete(outbound{p.VRF, p.Peer.Addr(), p.outSPI})
	way := floated{p.VRF, p.LocalEnd, p.Peer}
	if list := slices.DeleteFunc(c.floated[way], func(q *pair) bool { return q == p }); len(list) > 0 {
		c.floated[way] = list
	} else {
		delete(c.floated, way)
	}
}

// Install puts a pair to work.
func (c *Crypto) Install(now time.Time, a Association) error {
	e := c.Entry(a.Entry)
	if e == nil {
		return fmt.Errorf("%w: no entry %q", ipsec.ErrParams, a.Entry)
	}
	p, err := e.newPair(a)
	if err != nil {
		return err
	}
	if err := c.sad.Add(a.In.SPI, p); err != nil {
		return err
	}
	enlist(c, p)
	p.outID, p.inID = c.conns+1, c.conns+2
	c.conns += 2
	p.join(now, e.pairs)
	e.pairs = append(e.pairs, p)
	if !c.records.Unheard() {
		c.records.Emit(p.installed())
	}
	if !a.Standby || c.sad.Lookup(a.Replaces) == nil {
		e.sendOn(p)
	}
	e.served()
	e.dummies.watch(now)
	settleInterface(now, e)
	p.route(now, false)
	c.admit(now, a.In.SPI)
	return nil
}

func (e *Entry) newPair(a Association) (*pair, error) {
	s := &e.settings
	p := &pair{Terms: a.Terms, inSPI: a.In.SPI, outSPI: a.Out.SPI, entry: e, window: s.Window}
	if a.Integ == ipsec.IntegNone && !a.Encr.AEAD() {
		p.window = 0 // nobody vouches for the numbers (RFC 4303 section 3.4.3)
	}
	in, out := a.params(a.In, p.window), a.params(a.Out, 0)
	out.Encapsulation = p.encapsulation()
	var err error
	if p.in, err = newOpener(in); err != nil {
		return nil, err
	}
	if p.out, err = newSealer(out, e.c.iv); err != nil {
		return nil, err
	}
	percent := uint64(softPercentR)
	if a.Initiator {
		percent = softPercent
	}
	p.hard = a.Kilobytes * kilobyte
	p.soft = p.hard / percentOfWhole * percent
	return p, nil
}

// join finds the flow that a new pair is of.
func (p *pair) join(now time.Time, others []*pair) {
	d := p.entry.settings.Demand.Value()
	alike := func(q *pair) bool { return slices.Equal(p.Local, q.Local) && slices.Equal(p.Remote, q.Remote) }
	i := slices.IndexFunc(others, alike)
	switch {
	case !p.entry.settings.Several || slices.Contains(p.Local, d.Local) && slices.Contains(p.Remote, d.Remote):
		p.flow = &p.entry.whole
	case i >= 0:
		p.flow = others[i].flow
	default:
		p.flow = &flow{}
	}
	if !slices.ContainsFunc(others, func(q *pair) bool { return q.flow == p.flow }) {
		p.flow.since = now
	}
}

// encapsulation is what the pair's packets travel in.
func (p *pair) encapsulation() Encapsulation {
	s := &p.entry.settings
	e := Encapsulation{Src: p.LocalEnd.Addr(), Dst: p.Peer.Addr(), TTL: s.TTL, DF: s.DF}
	if p.UDP {
		e.SrcPort, e.DstPort = p.LocalEnd.Port(), p.Peer.Port()
	}
	return e
}

// Move leads a pair to where its peer is now.
func (c *Crypto) Move(now time.Time, in ipsec.SPI, localEnd, peer netip.AddrPort) {
	p := c.sad.Lookup(in)
	if p == nil {
		return
	}
	unlist(c, p)
	p.LocalEnd, p.Peer = localEnd, peer
	enlist(c, p)
	_ = p.out.encapsulate(p.encapsulation()) // IPv4 as before
	p.entry.path = ip.Path{VRF: p.VRF}
	p.route(now, false)
}

// route brings the routes of a pair in line with what its entry says; one that goes
// has none.
func (p *pair) route(now time.Time, going bool) {
	var list []ip.StaticRoute
	if !going {
		r := p.entry.settings.Reverse.Value()
		list = r.Routes(p.Peer.Addr(), p.Remote)
	}
	p.entry.c.injected.swap(now, list, p.routes)
	p.routes = list
}

// sendOn makes a pair one that packets leave by: in the place of the one that
// it replaces, or of all where the entry has only one.
func (e *Entry) sendOn(p *pair) {
	if i := slices.IndexFunc(e.sending, func(q *pair) bool { return p.Replaces != 0 && q.inSPI == p.Replaces }); i >= 0 && e.settings.Several {
		e.sending[i] = p
	} else if e.settings.Several {
		e.sending = slices.Insert(e.sending, 0, p)
	} else {
		e.sending = append(e.sending[:0], p)
	}
	e.Refit()
	if !e.c.records.Unheard() {
		e.c.records.Emit(Sending{Entry: e.name, In: p.inSPI, Out: p.outSPI})
	}
}

// Close has another pair take over from one that the peer is told to close: what is
// sealed under it from now on would be lost.
func (c *Crypto) Close(in ipsec.SPI) {
	p := c.sad.Lookup(in)
	if p == nil {
		return
	}
	p.closing = true
	e := p.entry
	at := slices.Index(e.sending, p)
	heir := e.heir(p)
	switch {
	case at < 0:
	case heir != nil && !heir.closing && !slices.Contains(e.sending, heir):
		e.sendOn(heir)
	case e.settings.Several: // the last that a packet leaves by
		e.sending = append(slices.Delete(e.sending, at, at+1), p)
	}
}

// Delete removes the pair with an inbound SPI; what is left takes over. It
// reports whether there was one, and not just one to come.
func (c *Crypto) Delete(now time.Time, in ipsec.SPI) bool {
	c.abandon(in)
	p := c.sad.Delete(in)
	if p == nil {
		return false
	}
	e := p.entry
	unlist(c, p)
	same := func(q *pair) bool { return q == p }
	e.pairs = slices.DeleteFunc(e.pairs, same)
	was := len(e.sending)
	e.sending = slices.DeleteFunc(e.sending, same)
	if !c.records.Unheard() {
		c.records.Emit(p.removed())
	}
	if len(e.sending) < was {
		if heir := e.heir(p); heir != nil {
			e.sendOn(heir)
		}
	}
	e.watchIdle()
	e.dummies.watch(now)
	settleInterface(now, e)
	p.route(now, true)
	return true
}

// heir is the pair that takes over from one that is gone: the newest that
// stands by for it, or of an entry that has only one. One that is to go itself is
// the last choice.
func (e *Entry) heir(gone *pair) (last *pair) {
	for _, p := range slices.Backward(e.pairs) {
		switch {
		case p == gone || p.Replaces != gone.inSPI && e.settings.Several:
		case !p.closing:
			return p
		case last == nil:
			last = p
		}
	}
	return last
}

// leave sends a packet that n octets were sealed into.
func (p *pair) leave(now time.Time, buf []byte, n int) {
	e := p.entry
	p.sent += uint64(n)
	if !e.c.stack.SendOn(now, &e.path, p.Peer.Addr(), buf) {
		p.flow.SendErrors++
	}
	if p.soft != 0 && p.sent > p.soft || p.out.association().Left() < sequenceLeft {
		p.checkVolume(now, p.sent)
	}
}

// sendDummy sends a packet of random length and content.
func (p *pair) sendDummy(now time.Time) {
	e := p.entry
	n := max(p.out.pad, shortDummy+int(e.c.draw(time.Duration(max(innerMTU(e)-shortDummy, 1)))))
	inner := make([]byte, n)
	if _, err := e.c.pace.Read(inner); err != nil {
		return
	}
	buf := ip.Buffer(e.c.stack, ip.Sealed, p.out.most(n))
	buf, err := p.out.sealDummy(buf[:ip.EthernetHeader], inner, e.c.stack.NextID())
	if err != nil {
		p.spent(now, err)
		return
	}
	p.flow.DummiesSent++
	p.leave(now, buf, n)
}

// spent ends a pair whose sequence numbers are used up: "The sender MUST NOT send a
// packet on an SA if doing so would cause the sequence number to cycle." (RFC 4303
// section 3.3.3)
func (p *pair) spent(now time.Time, err error) {
	if errors.Is(err, esp.ErrSequence) && !p.toldHard {
		p.toldHard = true
		p.entry.c.records.Emit(Exhausted{Entry: p.Entry, Remote: p.Peer.Addr(), SPI: p.outSPI, ConnID: p.outID})
		p.entry.c.ike.VolumeHard(now, p.inSPI)
	}
}

// checkVolume tells IKE that a pair's kilobytes or sequence numbers run out.
func (p *pair) checkVolume(now time.Time, octets uint64) {
	if !p.toldSoft {
		p.toldSoft = true
		p.entry.c.ike.VolumeSoft(now, p.inSPI)
	}
	if p.hard != 0 && octets > p.hard && !p.toldHard {
		p.toldHard = true
		p.entry.c.ike.VolumeHard(now, p.inSPI)
	}
}

func (p *pair) state() Pair {
	s := Pair{
		In: p.direction(p.inSPI, p.inID, p.received), Out: p.direction(p.outSPI, p.outID, p.sent),
		Local: SelectorsOf(p.Local), Remote: SelectorsOf(p.Remote), PFS: p.PFS, AddKE: p.AddKE, UDP: p.UDP, Expires: p.Expires, Ours: p.Initiator,
	}
	if p.UDP {
		s.PeerPort = p.Peer.Port()
	}
	return s
}

func (p *pair) direction(spi ipsec.SPI, id int, used uint64) SAState {
	return SAState{SPI: spi, ConnID: id, Encr: p.Encr, Integ: p.Integ, ESN: p.ESN, Transport: p.Transport, Window: p.window, Kilobytes: left(p.hard, used)}
}

// left is what remains of a limit, in kilobytes.
func left(limit, used uint64) uint64 {
	if used > limit {
		return 0
	}
	return (limit - used) / kilobyte
}

func (p *pair) installed() Installed {
	return Installed{Entry: p.Entry, Local: p.LocalEnd.Addr(), Remote: p.Peer.Addr(), Pair: p.state(), Replaces: p.Replaces, Lifetime: p.Lifetime, Kilobytes: p.Kilobytes}
}

func (p *pair) removed() Removed {
	return Removed{Entry: p.Entry, Local: p.LocalEnd.Addr(), Remote: p.Peer.Addr(), Pair: p.state()}
}
