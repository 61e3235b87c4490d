package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig/syntax"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/topologies/phrase"
)

// Explain says why a tunnel is as it is, from what both its ends know: a tunnel interface, or
// an interface with a crypto map, of which the number of an entry may follow ("Ethernet0/0 10");
// without it the entry counts that is worst off.
func (w *Witness) Explain(node, name string) (*Verdict, error) { return w.explain(node, name, false) }

// ExplainAlone is Explain from what this router alone knows, as its owner does who sees no other.
func (w *Witness) ExplainAlone(node, name string) (*Verdict, error) {
	return w.explain(node, name, true)
}

func (w *Witness) explain(node, name string, alone bool) (*Verdict, error) {
	r := w.router(node)
	switch {
	case r == nil:
		return nil, fmt.Errorf("there is no router %q", node)
	case !r.Powered():
		return nil, fmt.Errorf("%s is off", r.Name())
	}
	clear(w.screens)
	name, entry, _ := strings.Cut(name, " ")
	if kind, number, ok := syntax.Interface(name); ok {
		name = kind + number
	}
	name = strings.TrimSpace(name + " " + entry)
	parts := w.newEnd(r).partOf(name)
	if name == "" {
		parts = templatesOf(w.newEnd(r).device)
	}
	if len(parts) == 0 && name == "" {
		return nil, fmt.Errorf("%s has no tunnel interface with protection, and no crypto map", r.Name())
	}
	if list := templatesOf(w.newEnd(r).device); len(parts) == 0 && cloned(name) && len(list) > 0 {
		return nil, fmt.Errorf("%s has no %s now, or it has no peer; ask about %s, which says whom it serves", r.Name(), name, list[0].port())
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%s has no tunnel interface and no crypto map at %q", r.Name(), name)
	}
	var worst *Verdict
	for _, here := range parts {
		if here.alone = alone; !alone && !isTemplate(here) {
			here.findPeer()
		}
		v := here.verdict()
		if worst == nil || v.before(worst) {
			worst = v
		}
	}
	return worst, nil
}

// verdict judges an end whose peer has been looked for.
func (e *end) verdict() *Verdict {
	if isTemplate(e) {
		return templateVerdict(e)
	}
	v := &Verdict{Node: e.name(), Interface: e.port()}
	if e.entry != nil {
		v.Entry = e.entry.Key()
	}
	if e.peer != nil {
		v.Peer, v.PeerInterface = e.peer.name(), e.peer.port()
	}
	if e.entry != nil {
		judgeMap(e, v)
	} else {
		judge(e, v)
	}
	v.Forecast = ahead(e, v.Claims)
	switch off := e.w.off(); {
	case v.State != Well && v.State != Spare && len(v.Claims) == 0:
		v.Next = next(e, v.State)
	case v.State == Well && !e.alone && e.peer == nil && len(off) > 0: // nobody tells that he has no power
		v.Next = []phrase.Phrase{phrase.Of("why.next.off", "nodes", phrase.And(off...)), unanswered(e)}
	}
	return v
}

// Tunnels are what is protected at a router, by the names that Explain takes: tunnel
// interfaces, and interfaces with a crypto map.
func (w *Witness) Tunnels(node string) (list []string) {
	if r := w.router(node); r != nil && r.Powered() {
		for _, part := range w.newEnd(r).parts() {
			if protected := part.entry != nil || part.tunnel.Tunnel.Protection != ""; protected && !slices.Contains(list, part.port()) {
				list = append(list, part.port())
			}
		}
	}
	return list
}

// Flapping counts from so far back, but not what a change of configuration brings along.
const (
	lookBack = 2 * time.Hour
	settling = time.Minute
)

// judge says how the tunnel is, and why.
func judge(e *end, v *Verdict) {
	protocol, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", e.tunnel.Name()))
	since := e.w.lab.Sim.Now().Add(-lookBack)
	if at := edited(e).Add(settling); at.After(since) {
		since = at
	}
	flaps := lately(e.w, e.name(), since, func(b ikev2.EntryDown) bool { return b.Entry == e.tunnel.Name() })
	switch {
	case protocol != "up" && spare(e):
		v.State = Spare
	case protocol != "up":
		v.State = Down
		v.Claims = down(e, proof)
	case pairs(e) == 0:
		v.State = Down
		v.Claims = unpaired(e)
	case len(flaps) > 0:
		v.State = Flaps
		v.Claims = unpaired(e)
	default:
		v.State = Well
		v.Claims = lost(e)
	}
	if v.State == Well && len(v.Claims) > 0 {
		v.State = Dumb
	}
}

// next is what to look at where nothing is known.
func next(e *end, s State) []phrase.Phrase {
	if s == Unasked {
		return []phrase.Phrase{phrase.Of("why.next.send", "node", e.name(), "list", e.entry.Match)}
	}
	list := []phrase.Phrase{phrase.Of("why.next.wait"), phrase.Of("why.next.debug", "node", e.name())}
	if e.peer == nil && len(e.several) > 1 {
		return append(list, phrase.Of("why.next.several", "address", e.remote(), "nodes", phrase.And(e.several...)))
	}
	if e.alone {
		return append(list, phrase.Of("why.next.other", "address", e.remote()))
	}
	if f := clientOf(e); f != nil && e.peer == nil { // which may wait for what it watches
		list = append(list, phrase.Of("why.next.client", "node", e.name(), "client", f.Name))
	}
	if off := e.w.off(); e.peer == nil && len(off) > 0 {
		return append(list, phrase.Of("why.next.off", "nodes", phrase.And(off...)))
	}
	if e.peer == nil {
		return append(list, phrase.Of("why.next.peer", "address", e.remote()))
	}
	return append(list, phrase.Of("why.next.debug", "node", e.peer.name()))
}

// unanswered says what to compare where it is not known whether anybody is there.
func unanswered(e *end) phrase.Phrase {
	count := func(what string) string {
		value, _ := e.field("crypto ipsec sa", flowsOf(e)+"|0."+what)
		return value
	}
	return phrase.Of("why.next.count", "node", e.name(), "address", e.remote(), "sent", count("encaps"), "received", count("decaps"))
}

// down says why the line protocol of the tunnel is down.
func down(e *end, proof Evidence) []Claim {
	t := &e.tunnel.Tunnel
	switch {
	case e.tunnel.Shutdown:
		return []Claim{shutDown(e, proof)}
	case e.peer != nil && e.peer.tunnel != nil && e.peer.tunnel.Shutdown:
		return []Claim{shutDown(e.peer, proof)}
	case t.Dynamic:
		if c, ok := undialled(e, proof); ok {
			return []Claim{c}
		}
	case !t.Destination.IsValid():
		return []Claim{{Key: "path.peer", Say: phrase.Of("why.path.nowhere", "node", e.name(), "interface", e.tunnel.Name()), Evidence: []Evidence{proof}}}
	}
	if c, ok := contrary(e, proof); ok {
		return []Claim{c}
	}
	if source := t.SourceInterface; source != "" {
		if c, bad := badSource(e, e.tunnel.Name(), source); bad {
			return []Claim{c}
		}
	}
	for _, o := range []*end{e, e.peer} {
		if o != nil && o.tunnel != nil {
			if c, ok := recursive(o); ok {
				return []Claim{c}
			}
		}
	}
	for _, o := range []*end{e, e.peer} {
		if o != nil && o.tunnel != nil {
			if c, ok := unshared(o); ok {
				return []Claim{c}
			}
		}
	}
	if e.peer != nil && e.peer.tunnel != nil && e.peer.tunnel.Tunnel.SourceInterface != "" {
		if c, bad := badSource(e.peer, e.peer.tunnel.Name(), e.peer.tunnel.Tunnel.SourceInterface); bad {
			return []Claim{c}
		}
	}
	return unpaired(e)
}

// unpaired says why there is no pair, or not for long.
func unpaired(e *end) []Claim {
	if c, ok := exchanged(e); ok {
		return []Claim{c}
	}
	return negotiation(e)
}

// recursive says whether the tunnel's own packets would go into it.
func recursive(e *end) (Claim, bool) {
	dst := e.remote()
	if !dst.IsValid() {
		return Claim{}, false
	}
	way, proof := e.field(routeScreen(front(e), dst), "routes.0.interface")
	found := lately(e.w, e.name(), edited(e), func(b ip.Recursive) bool { return b.Interface == e.tunnel.Name() })
	clear := lately(e.w, e.name(), edited(e), func(r crypto.Refused) bool { return r.Why == crypto.NotIPsec && r.From == dst })
	if way != e.tunnel.Name() && len(found) == 0 && len(clear) == 0 {
		return Claim{}, false
	}
	c := Claim{Key: "route.recursive", Say: phrase.Of("why.route.recursive", "node", e.name(), "interface", e.tunnel.Name(), "destination", dst), Evidence: []Evidence{proof}}
	for _, f := range found[:min(1, len(found))] {
		c.Evidence = append(c.Evidence, seen(f))
	}
	for _, f := range clear[:min(1, len(clear))] { // IKE itself should have come by the tunnel
		c.Evidence = append(c.Evidence, seen(f))
	}
	for r := range e.cfg.Routes.All() {
		if r.VRF == front(e) && r.Interface == e.tunnel.Name() && r.Prefix.Contains(dst) {
			c.Lines = append(c.Lines, Line{Node: e.name(), Text: r.String()})
			c.Mend = append(c.Mend, Line{Node: e.name(), Text: "no " + r.String()})
		}
	}
	return c, true
}
