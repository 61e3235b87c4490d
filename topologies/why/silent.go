package why

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/topologies/phrase"
)

// Why a tunnel that is up carries nothing.

// silent looks for packets that the tunnel should have carried, or whose protection failed.
func silent(e *end) (list []Claim) {
	add := func(c Claim, ok bool) {
		if ok {
			list = append(list, c)
		}
	}
	for _, o := range []*end{e, e.peer} {
		if o == nil {
			continue
		}
		for _, look := range []func(*end) (Claim, bool){bareClone, withoutAddress} {
			if c, ok := look(o); ok { // whatever else is seen follows from it
				return []Claim{c}
			}
		}
		add(unaddressed(o))
		add(refused(o))
		add(inner(o))
	}
	add(modes(e))
	add(esp(e))
	if e.peer != nil {
		add(tooLong(e))
	}
	return list
}

// refused looks at what this end refused for its protection.
func refused(e *end) (Claim, bool) {
	there := behindPeer(e)
	found := lately(e.w, e.name(), edited(e), func(r crypto.Refused) bool {
		switch r.Why {
		case crypto.NotIPsec:
			return there(r.From)
		case crypto.InvalidSPI, crypto.Replayed, crypto.NotAuthentic:
			return isPeer(e, r.From) && carriedTo(e, r)
		}
		return r.Interface == e.port() && (e.entry == nil || r.Why != crypto.OtherRefusal) // which may be of a former pair
	})
	if len(found) == 0 {
		return Claim{}, false
	}
	f := found[0]
	changed := func(f finding[crypto.Refused]) bool { return class(f.body) == crypto.NotAuthentic }
	if i := slices.IndexFunc(found, changed); class(f.body) == crypto.Replayed && i >= 0 {
		f = found[i] // of a packet that was changed on its way the number too may be another
	}
	c := Claim{Evidence: []Evidence{seen(f)}, RFC: "RFC 4303 section 3.4"}
	with := []any{"node", e.name(), "peer", peerName(e), "from", f.body.From, "to", f.body.To, "count", len(found)}
	switch class(f.body) {
	case crypto.NotIPsec:
		c.Key, c.RFC = "route.into", "RFC 4301 section 5.2"
		c.Say = phrase.Of("why.route.clear", with...)
		switch {
		case e.peer != nil && e.peer.entry != nil && mayProtect(e.peer.cfg.Access.Get(e.peer.entry.Match), f.body):
			return Claim{}, false // somebody else has sent it on
		case e.peer != nil && e.peer.entry != nil:
			notMatched(e.peer, &c, with)
		case e.peer != nil && e.peer.tunnel != nil:
			c.Evidence = append(c.Evidence, routeField(e.peer, f.body.To))
			c.Mend = []Line{{Node: e.peer.name(), Text: iosconfig.Route{VRF: insideOf(e.peer), Prefix: netip.PrefixFrom(f.body.To, f.body.To.BitLen()), Interface: e.peer.tunnel.Name()}.String()}}
		}
	case crypto.InvalidSPI:
		c.Key, c.Say = "spi", phrase.Of("why.spi", with...)
		stale(e, f.body, &c)
	case crypto.Replayed:
		c.Key, c.Say = "replay", phrase.Of("why.replay", with...)
		c.Mend = []Line{{Node: e.name(), Text: "crypto ipsec security-association replay window-size 1024"}}
	case crypto.OtherRefusal:
		selectors(e, &c)
	default:
		c.Key, c.Say = "integrity", phrase.Of("why.integrity", with...)
	}
	return c, true
}

// class is why a packet was refused; of one that came late by extended sequence numbers its router knows only
// that the ICV does not verify.
func class(r crypto.Refused) crypto.Refusal {
	if r.Late {
		return crypto.Replayed
	}
	return r.Why
}

// networks are those behind a router: its own but those that tunnels begin at, whose packets
// are the tunnels' own. Where some are in the table that the tunnel is for, no others are.
func networks(e *end) (list []netip.Prefix) {
	begins, others := map[string]bool{}, map[string]bool{front(e): insideOf(e) != front(e)}
	for i := range e.cfg.Interfaces.All() {
		begins[i.Tunnel.SourceInterface] = true
		begins[i.Tunnel.Source.String()] = true
		if i.Type == iosconfig.Tunnel && i.VRF != insideOf(e) {
			others[i.VRF] = true
		}
	}
	var elsewhere []netip.Prefix
	inside := false
	for i := range e.cfg.Interfaces.All() {
		p := e.cfg.AddressOf(i.Name())
		switch {
		case !p.IsValid() || begins[i.Name()] || begins[p.Addr().String()] || i.CryptoMap != "" || p.Contains(e.local()):
		case i.VRF == insideOf(e):
			inside = inside || i != e.tunnel
			list = append(list, p)
		case !others[i.VRF]:
			elsewhere = append(elsewhere, p)
		}
	}
	if !inside {
		list = append(list, elsewhere...)
	}
	return list
}

// behindPeer says which addresses are of networks behind the peer.
func behindPeer(e *end) func(netip.Addr) bool {
	if e.peer == nil {
		return func(a netip.Addr) bool { return routes(e, a) }
	}
	return within(networks(e.peer))
}

func within(list []netip.Prefix) func(netip.Addr) bool {
	return func(a netip.Addr) bool {
		return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// routes says whether an address is routed into the tunnel: who looks at this end alone
// takes it for one behind the peer.
func routes(e *end, a netip.Addr) bool {
	if e.entry != nil {
		return e.protects(a)
	}
	for r := range e.cfg.Routes.All() {
		if e.tunnel != nil && r.VRF == insideOf(e) && r.Interface == e.tunnel.Name() && r.Prefix.Contains(a) {
			return true
		}
	}
	return false
}

// routeField is the way that a router has for an address.
func routeField(e *end, to netip.Addr) Evidence {
	screen := routeScreen(insideOf(e), to)
	_, proof := e.field(screen, "routes.0.interface")
	if proof.Value == "" {
		_, proof = e.field(screen, "routes.#")
	}
	return proof
}

// inner looks at packets between the networks of both ends that this end dropped.
func inner(e *end) (Claim, bool) {
	here, there := within(networks(e)), behindPeer(e)
	found := lately(e.w, e.name(), edited(e), func(d ip.Dropped) bool {
		return (here(d.From) && there(d.To) || there(d.From) && here(d.To)) && !another(e, d)
	})
	for _, f := range found {
		if c, ok := insideApart(e, f); ok {
			return c, true
		}
	}
	for _, f := range found {
		c := Claim{Evidence: []Evidence{seen(f)}}
		with := []any{"node", e.name(), "interface", f.body.Interface, "from", f.body.From, "to", f.body.To}
		switch f.body.Reason {
		case ip.Prohibited:
			c.Key, c.Say = "route.filtered", phrase.Of("why.route.filtered", with...)
			filtered(e, f.body, &c)
		case ip.NoRoute, ip.NoOutput:
			vrf := insideOf(e)
			if f.body.Interface != "" {
				vrf = e.vrfOf(f.body.Interface)
			}
			if unplugged(e, vrf, f.body.To, with, &c) {
				return c, true
			}
			if way, _ := e.wayTo(vrf, f.body.To); here(f.body.To) || way != "" && (way == e.port() || cloned(way)) {
				continue // a host of this end that is not there; or there is a route again
			}
			if elsewhereRouted(e, f.body.To, vrf, true, &c) || ungranted(e, &c) {
				return c, true
			}
			c.Key, c.Say = "route.into", phrase.Of("why.route.none", with...)
			c.Evidence = append(c.Evidence, routeField(e, f.body.To))
			for r := range e.cfg.Routes.In(vrf) {
				if r.Prefix.Contains(f.body.To) {
					c.Lines = append(c.Lines, Line{Node: e.name(), Text: r.String()})
				}
			}
		default:
			continue
		}
		return c, true
	}
	return returnsApart(e)
}

// unplugged says that the interface is not up where an address would be a neighbour's, if one has its network.
func unplugged(e *end, vrf string, to netip.Addr, with []any, c *Claim) bool {
	for i := range e.cfg.Interfaces.All() {
		if p := e.cfg.AddressOf(i.Name()); i.VRF != vrf || !p.IsValid() || !p.Contains(to) {
			continue
		}
		protocol, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", i.Name()))
		if protocol == "up" {
			continue
		}
		c.Key, c.Say = "route.into", phrase.Of("why.route.unplugged", append(with, "network", i.Name())...)
		c.Evidence = append(c.Evidence, proof)
		c.Lines = e.lines("interface "+i.Name(), "", "ip address", "shutdown")
		if i.Shutdown {
			c.Mend = []Line{e.typed("interface "+i.Name(), "no shutdown")}
		}
		return true
	}
	return false
}

// esp looks for ESP between both ends that went no further.
func esp(e *end) (Claim, bool) {
	for _, r := range looked(e) {
		found := lately(e.w, r.Name(), edited(e), func(d ip.Dropped) bool {
			esp := d.Protocol == ip.ProtoESP || d.Protocol == ip.ProtoUDP && d.Reason == ip.Prohibited && !d.Fragment // IKE_AUTH may be cut
			return esp && (e.has(d.From) && isPeer(e, d.To) || isPeer(e, d.From) && e.has(d.To))
		})
		for _, f := range found {
			if c, ok := e.w.dropped(f, "ESP"); ok {
				return c, true
			}
		}
	}
	return Claim{}, false
}

// modes says that both tunnels wrap packets in other ways: what one sends is nothing to the
// other, though the SA is there.
func modes(e *end) (Claim, bool) {
	if e.peer == nil || e.tunnel == nil || e.peer.tunnel == nil {
		return Claim{}, false
	}
	ours, first := e.field("interfaces "+e.port(), "interfaces.0.tunnel.mode")
	theirs, second := e.peer.field("interfaces "+e.peer.port(), "interfaces.0.tunnel.mode")
	if ours == theirs || ours == "" || theirs == "" {
		return Claim{}, false
	}
	return Claim{
		Key: "tunnel.mode", Evidence: []Evidence{first, second}, Lines: append(e.wanted(), e.peer.wanted()...),
		Say:  phrase.Of("why.tunnel.mode", "node", e.name(), "peer", e.peer.name(), "ours", ours, "theirs", theirs),
		Mend: []Line{e.typed(e.head(), "tunnel mode "+theirs)},
	}, true
}

// notMatched says that packets of this end went in clear since no line of the list has them.
func notMatched(e *end, c *Claim, with []any) {
	c.Key, c.Say = "map.lists", phrase.Of("why.map.nomatch", append(with, "list", e.entry.Match, "map", e.entry.Key())...)
	c.Lines = e.wanted()
	mirror(e, c)
}
