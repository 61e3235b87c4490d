package why

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
)

// elsewhere says that the tunnel leads to somebody who has no part in it, while another
// router's leads here.
func elsewhere(e *end, c Claim) (Claim, bool) {
	if !e.there() || e.alone || e.peer != nil && (e.peer.there() || e.peer.serves()) {
		return c, false
	}
	o := e.w.leadingHere(e)
	if o == nil {
		return c, false
	}
	c.Key, c.Say = "path.peer", phrase.Of("why.path.elsewhere", "node", e.name(), "address", e.remote(), "peer", o.name(), "right", o.local())
	c.Evidence = append(c.Evidence, sourceField(o))
	c.Lines = append(e.leadLines(), append(o.lines(o.head(), "", "tunnel source"), o.leadLines()...)...)
	c.Mend = []Line{e.leading(o.local())}
	return c, true
}

// leadingHere is an end whose tunnel leads to a router; nil: there is none.
func (w *Witness) leadingHere(e *end) *end {
	for _, r := range w.lab.Routers {
		if r == e.router || !r.Powered() {
			continue
		}
		for _, o := range w.newEnd(r).parts() {
			if o.protection() != nil && slices.ContainsFunc(o.remotes(), e.has) {
				return o
			}
		}
	}
	return nil
}

func sourceField(e *end) Evidence {
	_, proof := e.field("ip interface brief", "interfaces.#(interface==\""+e.sourceName()+"\").ip_address")
	return proof
}

// droppedBetween looks at all devices for IKE packets between this end and an address that
// went no further.
func droppedBetween(e *end, dst netip.Addr) (Claim, bool) {
	nodes := wireTo(e, dst)
	for _, r := range looked(e) {
		if nodes != nil && !nodes[r.Name()] {
			continue
		}
		found := lately(e.w, r.Name(), edited(e), func(d ip.Dropped) bool {
			return d.Protocol == ip.ProtoUDP && (d.To == dst && e.has(d.From) || d.From == dst && e.has(d.To))
		})
		for _, f := range found {
			if madeElsewhere(e, f) || otherTable(e, f) || otherTable(e.peer, f) {
				continue
			}
			if c, ok := e.w.dropped(f, "IKE"); ok {
				for _, o := range []*end{e, e.peer} {
					if o != nil && o.name() == f.Node && f.body.Reason == ip.NoRoute {
						elsewhereRouted(o, f.body.To, front(o), false, &c)
					}
				}
				return c, true
			}
		}
	}
	return Claim{}, false
}

// otherTable says whether an end's router has dropped a packet of another table than that of the
// tunnel's packets, where the same addresses may be.
func otherTable(e *end, f finding[ip.Dropped]) bool {
	return e != nil && e.there() && e.name() == f.Node && f.body.VRF != front(e)
}

// madeElsewhere says whether another router than those of the two ends has dropped a packet of its
// own.
func madeElsewhere(e *end, f finding[ip.Dropped]) bool {
	return f.body.Interface == "" && f.Node != e.name() && (e.peer == nil || f.Node != e.peer.name())
}

// looked are the routers that are looked at: all, or this one alone.
func looked(e *end) []*lab.Router {
	if e.alone {
		return []*lab.Router{e.router}
	}
	return e.w.lab.Routers
}

// dropped is the claim of a packet of the tunnel that a router dropped.
func (w *Witness) dropped(f finding[ip.Dropped], what string) (Claim, bool) {
	r := w.router(f.Node)
	if r == nil {
		return Claim{}, false
	}
	at := w.newEnd(r)
	c := Claim{Evidence: []Evidence{seen(f)}}
	with := []any{"node", f.Node, "interface", f.body.Interface, "what", what, "from", f.body.From, "to", f.body.To}
	switch f.body.Reason {
	case ip.Prohibited:
		c.Key, c.Say = "path.filtered", phrase.Of("why.path.filtered", with...)
		filtered(at, f.body, &c)
	case ip.NoRoute:
		if at.has(f.body.To) {
			return c, false // it was not yet, or is again
		}
		c.Key, c.Say = "path.route", phrase.Of("why.path.route", with...)
	case ip.NoPort, ip.NoProtocol:
		if at.serves() || slices.ContainsFunc(at.parts(), func(o *end) bool { return o.protection() != nil }) {
			return c, false // it listens: a packet that was changed on its way had another port
		}
		c.Key, c.Say = "path.peer", phrase.Of("why.path.closed", with...)
	case ip.TooLong:
		c.Key, c.Say = "path.mtu", phrase.Of("why.path.toolong", with...)
	case ip.Unresolved:
		c.Key, c.Say = "path.neighbour", phrase.Of("why.path.neighbour", with...)
		if f.body.To.Is6() {
			c.Say = phrase.Of("why.path.neighbour6", with...)
			w.unheard(f, at, with, &c)
		}
	case ip.Superseded:
		found := w.unheard(f, at, with, &c)
		return c, found
	default:
		return c, false
	}
	return c, true
}

// filtered adds the list that refused a packet.
func filtered(at *end, d ip.Dropped, c *Claim) {
	c.Lines, c.Mend = filterLines(at, d), []Line{{Node: at.name(), Text: "show access-lists"}}
}

// filterLines are those by which an interface has the list.
func filterLines(at *end, d ip.Dropped) []Line {
	if d.To.Is6() {
		return at.lines("interface "+d.Interface, "", "ipv6 traffic-filter")
	}
	return at.lines("interface "+d.Interface, "", "ip access-group")
}

// unheard says that a neighbour's answers are refused by a list, where they are.
func (w *Witness) unheard(f finding[ip.Dropped], at *end, with []any, c *Claim) bool {
	const advertisement = 72 // octets, with a hardware address
	found := lately(w, f.Node, f.At.Add(-time.Minute), func(d ip.Dropped) bool {
		return d.Reason == ip.Prohibited && d.Protocol == ip.ProtoICMPv6 && d.Length == advertisement && d.Interface == f.body.Interface && d.To == f.body.From
	})
	if len(found) > 0 {
		c.Key, c.Say, c.Evidence = "path.filtered", phrase.Of("why.path.unheard", with...), append(c.Evidence, seen(found[0]))
		filtered(at, found[0].body, c)
	}
	return len(found) > 0
}

// tooLong looks for frames that a link has dropped for their length.
func tooLong(e *end) (Claim, bool) {
	const reason = "longer than the MTU"
	found := lately(e.w, "", edited(e), func(d lab.FrameDropped) bool { return d.Reason == reason })
	if len(found) == 0 {
		return Claim{}, false
	}
	c := Claim{Key: "path.mtu", RFC: "RFC 4301 section 8.2", Say: phrase.Of("why.path.mtu", "port", found[0].body.Port), Evidence: []Evidence{seen(found[0])}}
	for _, o := range []*end{e, met(e.peer)} {
		switch {
		case o != nil && o.tunnel != nil:
			c.Lines = append(c.Lines, o.lines(o.head(), "", "ip mtu", "ip tcp adjust-mss")...)
			c.Mend = append(c.Mend, o.typed(o.head(), "ip mtu OCTETS"))
		case o != nil && o.carrier != nil:
			c.Mend = append(c.Mend, o.typed("interface "+o.port(), "ip mtu OCTETS"))
		}
	}
	return c, true
}

// badSource looks at the interface that a tunnel begins at.
func badSource(e *end, tunnel, source string) (Claim, bool) {
	protocol, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", source))
	if protocol == "up" && (e.addressOf(source).IsValid() || e.remote().Is6() && e.sixOf(source).IsValid()) {
		return Claim{}, false
	}
	if i := e.cfg.Interface(source); i != nil && !i.Shutdown {
		if c, _, refused := refusedAddress(e, i); refused {
			c.Evidence = append(c.Evidence, proof)
			return c, true
		}
	}
	c := Claim{Key: "path.source", Say: phrase.Of("why.path.source", "node", e.name(), "interface", tunnel, "source", source),
		Evidence: []Evidence{proof}, Lines: append(e.lines("interface "+tunnel, "", "tunnel source"), e.lines("interface "+source, "", "shutdown")...)}
	if i := e.cfg.Interface(source); i != nil && i.Shutdown {
		c.Mend = []Line{e.typed("interface "+source, "no shutdown")}
	}
	return c, true
}

// idle says that the pairs went since nothing was carried.
func idle(e *end) []Claim {
	for _, o := range []*end{e, e.peer} {
		if o == nil || !o.there() {
			continue
		}
		found := lately(e.w, o.name(), edited(e), func(b crypto.WentIdle) bool { return o.owns(b.Entry) })
		if len(found) > 0 {
			return []Claim{{Key: "idle", Say: phrase.Of("why.idle", "node", o.name(), "after", found[0].body.After), Evidence: []Evidence{seen(found[0])},
				Lines: idleLines(o)}}
		}
	}
	gone := lately(e.w, e.name(), edited(e), func(b ikev2.SADown) bool {
		return isOurs(e, b.SA.SPIi, b.Info.Remote.Addr()) && b.Reason == ikev2.ReasonTimeout
	})
	if len(gone) > 0 {
		return []Claim{{Key: "path.dead", RFC: "RFC 7296 section 2.4", Say: phrase.Of("why.path.dead", "node", e.name(), "peer", peerName(e)), Evidence: []Evidence{seen(gone[0])}}}
	}
	return nil
}

func idleLines(e *end) []Line {
	if e.protection() != nil {
		return e.lines(e.protectionHead(), "", "set security-association idle-time")
	}
	return nil
}

// wayward makes a claim of where an end leads instead.
func wayward(e *end, c *Claim) {
	right := e.peer.local()
	c.Key, c.RFC = "path.peer", ""
	c.Say = phrase.Of("why.path.elsewhere", "node", e.name(), "address", e.remote(), "peer", e.peer.name(), "right", right)
	c.Lines = append(e.leadLines(), e.peer.leadLines()...)
	c.Mend = []Line{e.leading(right)}
	if e.entry != nil { // which takes the one beside the other
		c.Mend = []Line{e.typed(e.head(), "no set peer "+e.remote().String()), e.leading(right)}
	}
}

// wentOn says whether the initiator of an IKE SA has sent the message after its first one.
func wentOn(e *end, spi uint64) bool {
	unanswered := lately(e.w, e.name(), time.Time{}, func(f ikev2.Failure) bool { return f.SA.SPIi == spi && f.Exchange != wire.IKE_SA_INIT })
	sent := lately(e.w, e.name(), time.Time{}, func(b ikev2.MessageBuilt) bool {
		return b.SA.SPIi == spi && b.Message.Header.Exchange != wire.IKE_SA_INIT
	})
	return len(unanswered)+len(sent) > 0
}

// silence says why nobody answers.
func silence(e *end, c Claim, f ikev2.Failure, at time.Time) (Claim, bool) {
	c.RFC = "RFC 7296 section 2.1"
	dst := f.Peer.Addr()
	if d, ok := inPieces(e, dst, f, at); ok {
		return d, true
	}
	if d, ok := droppedBetween(e, dst); ok {
		return d, true
	}
	if f.Cause == ikev2.CauseNoAuthRequest {
		if !e.alone && e.peer != nil && !wentOn(e.peer, f.SA.SPIi) {
			return c, false // its initiator had lost interest
		}
		c.Key, c.Say = "path.silent", phrase.Of("why.path.half", "node", e.name(), "peer", dst)
		return c, true
	}
	if e.peer == nil && len(e.w.off()) > 0 {
		return c, false // the address may be that of a router without power
	}
	if p, ok := elsewhere(e, c); ok {
		return p, true
	}
	if e.alone {
		c.Key, c.Say = "path.silent", phrase.Of("why.path.silent", "node", e.name(), "peer", dst, "exchange", f.Exchange)
		return c, true
	}
	if e.peer == nil {
		c.Key, c.Say = "path.peer", phrase.Of("why.path.nobody", "node", e.name(), "address", dst)
		if e.there() {
			c.Lines = e.leadLines()
		}
		return c, true
	}
	if !e.peer.there() && !e.peer.serves() {
		c.Key, c.Say = "path.peer", phrase.Of("why.path.noway", "node", e.peer.name(), "peer", e.name())
		return c, true
	}
	c.Key, c.Say = "path.silent", phrase.Of("why.path.silent", "node", e.name(), "peer", e.peer.name(), "exchange", f.Exchange)
	return c, true
}
