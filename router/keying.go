package router

import (
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// keying is the engine as the data plane sees it.
type keying struct{ r *Router }

func (k keying) Negotiation(entry string) crypto.Negotiation {
	switch k.r.engine.EntryState(entry) {
	case ikev2.EntryIsUp:
		return crypto.Established
	case ikev2.EntryNegotiating:
		return crypto.Negotiating
	}
	return crypto.Idle
}

func (k keying) Acquire(now time.Time, entry string) {
	k.r.apply(now, k.r.engine.Acquire(now, entry))
}

func (k keying) Clear(now time.Time, entry string) {
	k.r.apply(now, k.r.engine.ClearChildren(now, entry))
}

func (k keying) Traffic(now time.Time, in ipsec.SPI) { k.r.engine.Traffic(now, in) }

func (k keying) VolumeSoft(now time.Time, in ipsec.SPI) {
	k.r.apply(now, k.r.engine.VolumeSoft(now, in))
}

func (k keying) VolumeHard(now time.Time, in ipsec.SPI) {
	k.r.apply(now, k.r.engine.VolumeHard(now, in))
}

// install puts a pair to work that the engine has negotiated; one that cannot
// be is given back.
func (r *Router) install(now time.Time, c ikev2.ChildSA) {
	a := crypto.Association{
		Entry: c.Entry, LocalEnd: c.LocalEnd.Addr(), Peer: c.Peer.Addr(), In: crypto.Keys(c.In), Out: crypto.Keys(c.Out),
		Encr: c.Encr, Integ: c.Integ, ESN: c.ESN, Local: c.Local, Remote: c.Remote, PFS: c.PFS, Initiator: c.Initiator,
		Expires: c.Expires, Lifetime: c.Lifetime, Kilobytes: c.Kilobytes, Replaces: c.Replaces, Standby: c.Standby,
	}
	if err := r.crypto.Install(now, a); err != nil {
		r.apply(now, r.engine.VolumeHard(now, c.In.SPI))
	}
}

// entryDown follows the engine. A responder has SAs for a moment when the
// initiator does not believe it: that is a failure like any other.
func (r *Router) entryDown(now time.Time, ev ikev2.EntryDown) {
	if e := r.crypto.Entry(ev.Entry); e != nil {
		e.Down(now, ev.WasUp && ev.Reason != ikev2.ReasonAuthFailed)
	}
}

// entries are the protected interfaces in their order.
func (r *Router) entries() []*crypto.Entry {
	var list []*crypto.Entry
	for _, i := range r.ip.Interfaces.All() {
		if e := r.crypto.Entry(i.Name); e != nil && e.Holds() {
			list = append(list, e)
		}
	}
	return list
}

// newCrypto makes the data plane's IPsec of a device that was just switched
// on.
func (r *Router) newCrypto() *crypto.Crypto {
	return crypto.New(crypto.Options{Stack: r.ip, Timers: r.timers, Records: r.records, IKE: keying{r}, IV: r.ivRand, Pace: r.paceRand})
}

// newTunnel makes what carries the packets of a tunnel interface.
func (r *Router) newTunnel(i *ip.Interface) ip.Output { return r.tunnels.Bind(i) }
