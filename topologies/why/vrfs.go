package why

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/tidwall/gjson"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/topologies/phrase"
)

// Tables that packets are looked up in: the one in front, of the tunnel's own packets, and the
// one inside, of what it carries.

// table is a table as people are told of it.
func table(vrf string) phrase.Phrase {
	if vrf == "" {
		return phrase.Of("why.vrf.global")
	}
	return phrase.Of("why.vrf.named", "vrf", vrf)
}

// fronts says that a tunnel begins in another table than the one where its peer is looked for.
func fronts(e *end) (Claim, bool) {
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.tunnel == nil {
			continue
		}
		source := o.tunnel.Tunnel.SourceInterface
		for i := range o.cfg.Interfaces.All() {
			if source == "" && o.tunnel.Tunnel.Source.IsValid() && o.cfg.AddressOf(i.Name()).Addr() == o.tunnel.Tunnel.Source {
				source = i.Name()
			}
		}
		at := o.cfg.Interface(source)
		if at == nil || at.VRF == front(o) {
			continue
		}
		_, proof := o.field("interfaces "+source, "interfaces.0.vrf")
		mend := o.typed(o.head(), "tunnel vrf "+at.VRF)
		if at.VRF == "" {
			mend.Text = "no tunnel vrf " + front(o)
		}
		return Claim{
			Key: "vrf.front", Evidence: []Evidence{proof}, Mend: []Line{mend},
			Say:   phrase.Of("why.vrf.front", "node", o.name(), "interface", o.tunnel.Name(), "source", source, "there", table(at.VRF), "here", table(front(o))),
			Lines: append(o.lines(o.head(), "", "tunnel source", "tunnel vrf"), o.lines("interface "+source, "", "vrf forwarding", "ip vrf forwarding")...),
		}, true
	}
	return Claim{}, false
}

// isFor says whether `match fvrf` is for a VRF in front.
func isFor(fvrf, vrf string) bool { return fvrf == "any" || fvrf == vrf }

// frontFor is the table where an end's peer comes, and the lines that say so: of a hub, which has
// nothing yet for its client, that of the interface to which the client leads; false: it is not known.
func frontFor(e *end) (vrf string, lines []Line, known bool) {
	if e.there() {
		return front(e), e.lines(e.head(), "", "tunnel vrf"), true
	}
	if e.peer == nil {
		return "", nil, false
	}
	for _, a := range e.peer.remotes() {
		names, _ := e.field("ip interface brief", fmt.Sprintf("interfaces.#(ip_address==%q)#.interface", a))
		if list := gjson.Parse(names).Array(); len(list) == 1 { // in several tables there may be one each
			return e.vrfOf(list[0].String()), e.lines("interface "+list[0].String(), "", "vrf forwarding", "ip vrf forwarding"), true
		}
	}
	return "", nil, false
}

// profileHere is the profile that is for the peer, in whichever table: the tunnel's, or of a hub the one
// that takes the name which its client says; nil: none is, or one for this table.
func profileHere(e *end, vrf, identity string) (found *iosconfig.Profile) {
	if e.there() {
		return e.ikeProfile()
	}
	for p := range e.cfg.IKEv2.Profiles.All() {
		switch {
		case !takes(p, identity) && !slices.ContainsFunc(p.MatchRemote, func(m iosconfig.Identity) bool { return m.Kind == "any" }):
		case isFor(p.MatchFVRF, vrf):
			return nil
		case found == nil:
			found = p
		}
	}
	return found
}

// otherFront says that the profile for the peer is for peers in another table than this one's.
func otherFront(e *end, c *Claim, identity string) bool {
	vrf, lines, known := frontFor(e)
	p := profileHere(e, vrf, identity)
	if !known || p == nil || isFor(p.MatchFVRF, vrf) {
		return false
	}
	head := "crypto ikev2 profile " + p.Name
	_, proof := e.field("crypto ikev2 profile", fmt.Sprintf("profiles.#(name==%q).fvrf", p.Name))
	c.Key, c.RFC, c.Evidence = "vrf.profile", "", append(c.Evidence, proof)
	c.Say = phrase.Of("why.vrf.profile", "node", e.name(), "peer", peerName(e), "profile", p.Name, "here", table(p.MatchFVRF), "there", table(vrf))
	c.Lines = append(e.lines(head, "", "match"), lines...)
	c.Mend = []Line{e.typed(head, "no match fvrf")}
	if vrf != "" {
		c.Mend[0].Text = "match fvrf " + vrf
	}
	return true
}

// noPolicy says that no policy of an end is for the table where its peer is, so that the default
// one counts.
func noPolicy(e *end, c *Claim) bool {
	for _, o := range []*end{e, e.peer} {
		if o == nil {
			continue
		}
		vrf, lines, known := frontFor(o)
		own := slices.DeleteFunc(o.cfg.Policies(), func(p *iosconfig.Policy) bool { return p.Name == iosconfig.DefaultName })
		if !known || len(own) == 0 || slices.ContainsFunc(own, func(p *iosconfig.Policy) bool { return isFor(p.MatchFVRF, vrf) }) {
			continue
		}
		first := own[0]
		_, proof := o.field("crypto ikev2 policy", "policies.#.match_fvrf")
		c.Key, c.RFC, c.Evidence = "vrf.policy", "", append(c.Evidence, proof)
		c.Say = phrase.Of("why.vrf.policy", "node", o.name(), "there", table(vrf))
		c.Lines = append(o.lines("crypto ikev2 policy "+first.Name, "", "match", "proposal"), lines...)
		c.Mend = []Line{o.typed("crypto ikev2 policy "+first.Name, "match fvrf any")}
		return true
	}
	return false
}

// elsewhereRouted says that a route which packets need stands in another table than theirs; into
// says whether it is one into the tunnel.
func elsewhereRouted(e *end, to netip.Addr, vrf string, into bool, c *Claim) bool {
	routes, proof := e.field(routeScreen(vrf, to), "routes.#")
	if !into && routes != "" && routes != "0" {
		return false // it is there again
	}
	for r := range e.cfg.Routes.All() {
		if r.VRF == vrf || !r.Prefix.Contains(to) || into != (r.Interface == e.port()) {
			continue
		}
		here := r
		here.VRF = vrf
		c.Key, c.Say = "vrf.route", phrase.Of("why.vrf.route", "node", e.name(), "to", to, "here", table(vrf), "there", table(r.VRF))
		c.Evidence = append(c.Evidence, proof)
		c.Lines, c.Mend = []Line{{Node: e.name(), Text: r.String()}}, []Line{{Node: e.name(), Text: here.String()}}
		if into && r.VRF != insideOf(e) { // it leads there what is not the tunnel's
			c.Mend = append(c.Mend, Line{Node: e.name(), Text: "no " + r.String()})
		}
		return true
	}
	return false
}

// another says that a packet which this end dropped is none of the tunnel's: it was looked up in
// the table of another tunnel, or in one that has nothing to do with the tunnel while its own
// has hosts with these addresses.
func another(e *end, d ip.Dropped) bool {
	vrf := e.vrfOf(d.Interface)
	if d.Interface == "" || d.Interface == e.port() || vrf == insideOf(e) {
		return false
	}
	return otherIn(e, vrf) || slices.ContainsFunc(e.hostsOf(d.From, d.To), func(i *iosconfig.Interface) bool { return i.VRF == insideOf(e) })
}

// otherIn says whether another tunnel of the router carries what is looked up in a table.
func otherIn(e *end, vrf string) bool {
	return slices.ContainsFunc(e.parts(), func(o *end) bool {
		return o.protection() != nil && (!e.there() || o.head() != e.head()) && insideOf(o) == vrf
	})
}

// hostsOf are the interfaces with the networks of addresses; a tunnel has no hosts.
func (d *device) hostsOf(list ...netip.Addr) (found []*iosconfig.Interface) {
	for i := range d.cfg.Interfaces.All() {
		p := d.cfg.AddressOf(i.Name())
		if i.Type != iosconfig.Tunnel && p.IsValid() && slices.ContainsFunc(list, p.Contains) {
			found = append(found, i)
		}
	}
	return found
}

// insideApart says that the tunnel and the network of its hosts are in two tables, as a packet has
// shown that this end dropped.
func insideApart(e *end, f finding[ip.Dropped]) (Claim, bool) {
	if e.tunnel == nil || f.body.Reason != ip.NoRoute {
		return Claim{}, false
	}
	hosts := e.hostsOf(f.body.From, f.body.To)
	if slices.ContainsFunc(hosts, func(i *iosconfig.Interface) bool { return i.VRF == e.tunnel.VRF }) { // others may have the same addresses
		return Claim{}, false
	}
	if len(hosts) > 1 {
		hosts = slices.DeleteFunc(hosts, func(i *iosconfig.Interface) bool { return otherIn(e, i.VRF) })
	}
	if len(hosts) == 0 {
		return Claim{}, false
	}
	c := apartFrom(e, hosts[0])
	c.Evidence = append([]Evidence{seen(f)}, c.Evidence...)
	return c, true
}

// apartFrom is the claim that the tunnel is in another table than an interface with its hosts.
func apartFrom(e *end, i *iosconfig.Interface) Claim {
	_, mine := e.field("interfaces "+e.tunnel.Name(), "interfaces.0.vrf")
	_, proof := e.field("interfaces "+i.Name(), "interfaces.0.vrf")
	c := Claim{
		Key: "vrf.inside", Evidence: []Evidence{mine, proof}, Mend: []Line{e.typed(e.head(), "vrf forwarding "+i.VRF)},
		Say:   phrase.Of("why.vrf.inside", "node", e.name(), "interface", e.tunnel.Name(), "lan", i.Name(), "here", table(e.tunnel.VRF), "there", table(i.VRF)),
		Lines: append(e.lines(e.head(), "", "vrf forwarding", "ip vrf forwarding"), e.lines("interface "+i.Name(), "", "vrf forwarding", "ip vrf forwarding")...),
	}
	if i.VRF == "" {
		c.Mend[0].Text = "no vrf forwarding " + e.tunnel.VRF
	}
	c.Mend = append(c.Mend, e.lines(e.head(), "", "ip address")...) // which goes with the VRF
	return c
}

// returnsApart says that hosts in one table are routed into the tunnel, and that what comes back
// by it is routed in its own table to another interface than theirs, which loses nothing that
// anybody would note.
func returnsApart(e *end) (Claim, bool) {
	if sent, _ := e.field("crypto ipsec sa", flowsOf(e)+"|0.encaps"); e.tunnel == nil || sent == "" || sent == "0" {
		return Claim{}, false
	}
	for r := range e.cfg.Routes.All() {
		if r.Interface != e.tunnel.Name() || r.VRF == e.tunnel.VRF || r.VRF == front(e) {
			continue
		}
		for i := range e.cfg.Interfaces.All() {
			p := e.cfg.AddressOf(i.Name())
			if i.VRF != r.VRF || i.Type == iosconfig.Tunnel || !p.IsValid() {
				continue
			}
			if way, proof := e.wayTo(e.tunnel.VRF, p.Masked().Addr()); way != "" && way != i.Name() && e.vrfOf(way) != i.VRF {
				c := apartFrom(e, i)
				c.Lines, c.Evidence = append(c.Lines, Line{Node: e.name(), Text: r.String()}), append(c.Evidence, proof)
				return c, true
			}
		}
	}
	return Claim{}, false
}
