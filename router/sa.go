package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec/esp"
	"ikelab/router/crypto"
)

// saPair is an installed pair of ESP SAs.
type saPair struct {
	child       espPair
	tunnel      *tunnel
	in          *crypto.Opener
	out         *crypto.Sealer
	inID, outID int // connection ids
	since       time.Time
	received    uint64 // octets of inner packets
	sent        uint64
	soft, hard  uint64 // octets in one direction after which the engine is told; 0: never
	toldSoft    bool
	toldHard    bool
	heard       time.Time // the engine was last told that the peer lives
	inErrs      uint64
	outErrs     uint64
}

const (
	kilobyte       = 1024
	percentOfWhole = 100
	softPercent    = 90          // of the kilobytes: the side that made the pair asks for a new one,
	softPercentR   = 95          // the other only if it did not, so that both do not at once
	sequenceLeft   = 0x1000_0000 // RFC 4303 section 3.3.3: a new SA before the numbers run out
)

// espPair is a pair as the engine made it, with what ESP needs to know of it.
type espPair struct {
	ikev2.ChildSA
	In, Out crypto.Params
}

// addChild installs a pair that the engine has negotiated.
func (r *Router) addChild(now time.Time, c ikev2.ChildSA) {
	t := r.tunnelByName(c.Entry)
	if t == nil {
		return
	}
	window, df, ttl := r.espSettings(t)
	params := func(h ikev2.Half, src, dst netip.Addr) crypto.Params {
		return crypto.Params{
			Params: esp.Params{SPI: h.SPI, Encr: c.Encr, Integ: c.Integ, EncrKey: h.EncrKey, IntegKey: h.IntegKey, Window: window, ESN: c.ESN},
			Local:  c.Local, Remote: c.Remote, Encapsulation: crypto.Encapsulation{Src: src, Dst: dst, TTL: ttl, DF: df},
		}
	}
	local, peer := c.LocalEnd.Addr(), c.Peer.Addr()
	r.install(now, espPair{ChildSA: c, In: params(c.In, peer, local), Out: params(c.Out, local, peer)})
}

// install puts a pair to work.
func (r *Router) install(now time.Time, c espPair) {
	t := r.tunnelByName(c.Entry)
	if t == nil {
		return
	}
	in, err := crypto.NewOpener(c.In)
	if err != nil {
		panic("router: the engine made an inbound sa that cannot be: " + err.Error())
	}
	out, err := crypto.NewSealer(c.Out, r.ivRand)
	if err != nil {
		panic("router: the engine made an outbound sa that cannot be: " + err.Error())
	}
	pair := &saPair{child: c, tunnel: t, in: in, out: out, since: now, outID: r.lastConn + 1, inID: r.lastConn + 2}
	r.lastConn += 2
	pair.limit()
	if len(t.pairs) == 0 {
		t.since = now
	}
	if err := r.sad.Add(c.In.SPI, pair); err != nil {
		panic("router: the engine made two sas with one spi: " + err.Error())
	}
	t.pairs = append(t.pairs, pair)
	t.asleep = false
	if t.sending == nil || !c.Standby || r.sad.Lookup(c.Replaces) == nil {
		r.sendOn(pair)
	}
	r.timers.Set(&t.idling, t.idleAt())
	r.records.Emit(crypto.Installed{
		Entry: c.Entry, Local: c.LocalEnd.Addr(), Remote: c.Peer.Addr(), Pair: pair.state(), Replaces: c.Replaces,
		Lifetime: c.Lifetime, Kilobytes: c.Kilobytes,
	})
	r.ip.Settle(now, t.iface)
}

func (p *saPair) limit() {
	percent := uint64(softPercentR)
	if p.child.Initiator {
		percent = softPercent
	}
	p.hard = p.child.Kilobytes * kilobyte
	p.soft = p.hard / percentOfWhole * percent
}

// sendOn makes a pair the one that packets leave by.
func (r *Router) sendOn(p *saPair) {
	p.tunnel.sending = p
	p.tunnel.fitMTU()
}

// deleteChild removes a pair; what is left takes over.
func (r *Router) deleteChild(now time.Time, d ikev2.DeleteChild) {
	p := r.sad.Delete(d.In)
	if p == nil {
		return
	}
	t := p.tunnel
	for i, q := range t.pairs {
		if q == p {
			t.pairs = append(t.pairs[:i:i], t.pairs[i+1:]...)
			break
		}
	}
	if t.sending == p {
		t.sending = nil
		if n := len(t.pairs); n > 0 {
			r.sendOn(t.pairs[n-1])
		}
	}
	r.records.Emit(crypto.Removed{Entry: d.Entry, Local: p.child.LocalEnd.Addr(), Remote: p.child.Peer.Addr(), Pair: p.state()})
	r.ip.Settle(now, t.iface)
}

// checkVolume tells the engine that a pair's kilobytes or sequence numbers
// run out.
func (r *Router) checkVolume(now time.Time, p *saPair, octets uint64) {
	if !p.toldSoft {
		p.toldSoft = true
		r.apply(now, r.engine.VolumeSoft(now, p.child.In.SPI))
	}
	if p.hard != 0 && octets > p.hard && !p.toldHard {
		p.toldHard = true
		r.apply(now, r.engine.VolumeHard(now, p.child.In.SPI))
	}
}
