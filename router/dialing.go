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
}

func newDialing() dialing {
	return dialing{peers: map[string]netip.Addr{}, started: map[string]bool{}, turns: map[string]*ip.Timer{}}
}

// choose gives each client's tunnel a peer: the one that it has while it may keep it, else the
// first. These are the tunnels for which that is another one than before.
func (d *dialing) choose(c *iosconfig.Config) (changed []string) {
	wanted := map[string]netip.Addr{}
	for f := range c.IKEv2.Clients.All() {
		if f.Tunnel == "" || len(f.Peers) == 0 || f.Manual && !d.started[f.Name] {
			continue
		}
		has := d.peers[f.Tunnel]
		if !slices.ContainsFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Address == has }) {
			has = f.Peers[0].Address
		}
		wanted[f.Tunnel] = has
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

// next gives a tunnel the peer behind the one that it has; false: there is no other.
func (d *dialing) next(c *iosconfig.Config, tunnel string) bool {
	f := clientOf(c, tunnel)
	if f == nil || len(f.Peers) < 2 {
		return false
	}
	has := d.peers[tunnel]
	i := slices.IndexFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Address == has })
	d.peers[tunnel] = f.Peers[(i+1)%len(f.Peers)].Address
	return true
}

// fails says whether what ended an entry's SAs, or its attempt, is the peer's matter: then
// another one has its turn.
func fails(r ikev2.Reason) bool {
	switch r {
	case ikev2.ReasonCleared, ikev2.ReasonConfigChanged, ikev2.ReasonRekeyed, ikev2.ReasonReauthenticated, ikev2.ReasonDuplicate, ikev2.ReasonInitialContact, ikev2.ReasonExpired:
		return false
	}
	return true
}

// turn is the timer of a tunnel.
func (d *dialing) turn(tunnel string, fire func(now time.Time)) *ip.Timer {
	if d.turns[tunnel] == nil {
		t := ip.NewTimer(fire)
		d.turns[tunnel] = &t
	}
	return d.turns[tunnel]
}
