package router

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// dialing is which peer a FlexVPN client has its tunnel go to.
type dialing struct {
	peers   map[string]netip.Addr // by tunnel
	started map[string]bool       // clients of `connect manual` that somebody has started
	turns   map[string]*ip.Timer  // by tunnel: when the next peer has its turn
	sent    map[string]sentTo     // by tunnel: where a gateway has sent it
}

// sentTo is another gateway than the one that a tunnel has by the configuration, or by its client.
type sentTo struct{ home, to netip.Addr }

// destination is where a tunnel goes that has an address by the configuration, or by its client.
func (d *dialing) destination(tunnel string, to netip.Addr) netip.Addr {
	if s, ok := d.sent[tunnel]; ok && s.home == to {
		return s.to
	}
	return to
}

// send has a tunnel follow IKE to another gateway, or back.
func (d *dialing) send(ev *ikev2.Redirected) {
	s, sent := d.sent[ev.Entry]
	if !sent {
		s.home = ev.From
	}
	if s.to = ev.To; ev.Back || s.to == s.home {
		delete(d.sent, ev.Entry)
		return
	}
	put(&d.sent, ev.Entry, s)
}

// holds says whether what depends on a tracked object may be.
type holds func(number int, down bool) bool

func (h holds) peer(p iosconfig.FlexPeer) bool { return h(p.Track, p.Down) }

// peer is the one that a client has its tunnel go to: the one that it has while it may keep it,
// else the first that is possible. With `peer reactivate` one before it whose object has just
// changed so that it is possible takes its place.
func (d *dialing) peer(f *iosconfig.FlexClient, h holds, object int) (netip.Addr, bool) {
	has := slices.IndexFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Address == d.peers[f.Tunnel] && h.peer(p) })
	first := slices.IndexFunc(f.Peers, func(p iosconfig.FlexPeer) bool {
		return h.peer(p) && (has < 0 || f.Back && object != 0 && p.Track == object)
	})
	if first >= 0 && (has < 0 || first < has) {
		has = first
	}
	if has < 0 {
		return netip.Addr{}, false
	}
	return f.Peers[has].Address, true
}

// choose gives each client's tunnel a peer, when object has changed, or the configuration (0).
// These are the tunnels for which that is another one than before.
func (d *dialing) choose(c *iosconfig.Config, h holds, object int) (changed []string) {
	var wanted map[string]netip.Addr
	for f := range c.IKEv2.Clients.All() {
		if f.Tunnel == "" || f.Manual && !d.started[f.Name] || !h(f.Track, f.Down) {
			continue
		}
		if to, possible := d.peer(f, h, object); possible {
			put(&wanted, f.Tunnel, to)
		}
	}
	for _, peers := range []map[string]netip.Addr{d.peers, wanted} {
		for tunnel := range peers {
			if d.peers[tunnel] != wanted[tunnel] && !slices.Contains(changed, tunnel) {
				changed = append(changed, tunnel)
			}
		}
	}
	d.peers = wanted
	slices.Sort(changed)
	return changed
}

// clientOf is the client that a tunnel is of; nil: none's.
func clientOf(c *iosconfig.Config, tunnel string) *iosconfig.FlexClient {
	for f := range c.IKEv2.Clients.All() {
		if f.Tunnel == tunnel {
			return f
		}
	}
	return nil
}

// next gives a tunnel the possible peer behind the one that it has; false: there is no other.
func (d *dialing) next(c *iosconfig.Config, h holds, tunnel string) bool {
	f := clientOf(c, tunnel)
	has, dials := d.peers[tunnel]
	if f == nil || !dials {
		return false
	}
	i := slices.IndexFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Address == has })
	for n := range f.Peers {
		if p := f.Peers[(i+1+n)%len(f.Peers)]; h.peer(p) && p.Address != has {
			d.peers[tunnel] = p.Address
			return true
		}
	}
	return false
}

// fails says whether what ended an entry's SAs, or its attempt, is the peer's matter: then
// another one has its turn.
func fails(r ikev2.Reason) bool {
	switch r {
	case ikev2.ReasonCleared, ikev2.ReasonConfigChanged, ikev2.ReasonRekeyed, ikev2.ReasonReauthenticated, ikev2.ReasonDuplicate, ikev2.ReasonInitialContact, ikev2.ReasonExpired, ikev2.ReasonRedirected, ikev2.ReasonHomeless:
		return false
	}
	return true
}

// turn is the timer of a tunnel.
func (d *dialing) turn(tunnel string, fire func(now time.Time)) *ip.Timer {
	if d.turns[tunnel] == nil {
		t := ip.NewTimer(fire)
		put(&d.turns, tunnel, &t)
	}
	return d.turns[tunnel]
}
