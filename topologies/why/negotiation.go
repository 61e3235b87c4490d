package why

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// Why IKE comes to nothing.

// negotiation says why there is no pair.
func negotiation(e *end) (list []Claim) {
	if c, ok := twins(e); ok {
		return []Claim{c}
	}
	if c, ok := fronts(e); ok {
		return []Claim{c}
	}
	var found time.Time // the newest of what an end has found itself
	for _, f := range failures(e) {
		switch {
		case hearsay(f.body) == 0 && found.IsZero():
			found = f.At
		case hearsay(f.body) == 1 && len(list) > 0 && f.At.Before(found):
			return settled(list) // the peer has been heard of since
		}
		at := e
		if f.Node != e.name() {
			at = e.peer
		}
		c, ok := failure(at, f)
		if ok && !slices.ContainsFunc(list, func(o Claim) bool { return o.Key == c.Key }) {
			list = append(list, c)
		}
		if len(list) > 0 && hearsay(f.body) == 1 {
			break
		}
	}
	if list = settled(list); len(list) == 0 {
		list = gone(e)
	}
	return list
}

// settled leaves out what follows from something else.
func settled(list []Claim) []Claim {
	if len(list) > 1 { // one that was found is the reason of what was heard
		list = slices.DeleteFunc(list, func(c Claim) bool { return c.Key == "path.silent" || c.Key == "peer.refused" })
	}
	if slices.ContainsFunc(list, func(c Claim) bool { return c.Key == "auth.keyring" || c.Key == "auth.profile" }) {
		list = slices.DeleteFunc(list, func(c Claim) bool { return c.Key == "auth.key" }) // follows from it
	}
	return list
}

// failure is the claim of a failure at this end.
func failure(e *end, f finding[ikev2.Failure]) (Claim, bool) {
	c := Claim{Evidence: []Evidence{seen(f)}}
	switch f.body.Cause {
	case ikev2.CauseGroup:
		if f.body.Exchange == wire.IKE_SA_INIT && f.body.Sent == wire.INVALID_KE_PAYLOAD {
			return c, false // the initiator comes again, with the group that it is told
		}
		mismatch(e, &c, f.body)
	case ikev2.CauseMismatch, ikev2.CauseNoGroup, ikev2.CauseNoProposal:
		mismatch(e, &c, f.body)
	case ikev2.CauseBadAuth:
		badAuth(e, &c, f.body.SA.SPIi)
	case ikev2.CauseNoKey:
		if p, ok := elsewhere(e, c); ok {
			return p, true
		}
		noKey(e, &c, f.body)
	case ikev2.CauseBadCertificate, ikev2.CauseNoCertificate, ikev2.CauseNoAuthority, ikev2.CauseNoPeerCertificate, ikev2.CauseEncoding:
		certificate(e, &c, f.body)
	case ikev2.CauseNoPPK:
		noPPK(e, &c)
	case ikev2.CauseNoProfile:
		noProfile(e, &c, f.body)
	case ikev2.CauseNoMethod:
		otherMethod(e, &c)
	case ikev2.CauseSelectors, ikev2.CauseWidened, ikev2.CauseTwin, ikev2.CauseSinglePair:
		ok := unserved(e, &c) || unguarded(e, &c) || otherPackets(e, &c)
		return c, ok
	case ikev2.CauseNoAddress:
		noAddress(e, &c)
	case ikev2.CauseTunnelMode:
		c.Key, c.RFC, c.Say = "child.mode", "RFC 7296 section 1.3.1", phrase.Of("why.child.mode", "node", e.name(), "peer", peerName(e))
	case ikev2.CauseNATOff:
		c.Key, c.RFC, c.Say = "nat.off", "RFC 7296 section 2.23", phrase.Of("why.nat.off", "node", e.name())
	case ikev2.CauseLimit:
		c.Key, c.Say = "limit", phrase.Of("why.limit", "node", e.name())
	case ikev2.CauseRedirects, ikev2.CauseNowhere:
		sentAway(e, &c, f.body)
	case ikev2.CauseNoResponse, ikev2.CauseNoAuthRequest:
		return noAnswer(e, c, f)
	case ikev2.CausePeerRefused:
		c.Key, c.RFC = "peer.refused", "RFC 7296 section 2.21"
		c.Say = phrase.Of("why.refused", "node", e.name(), "peer", peerName(e), "notify", f.body.Heard)
	default:
		return c, false
	}
	return c, true
}

// noAnswer says why nothing came back: from a gateway that a redirect led to, or from the peer.
func noAnswer(e *end, c Claim, f finding[ikev2.Failure]) (Claim, bool) {
	if r, sent := sentTo(e, f); sent {
		c.Key, c.RFC, c.Evidence = "redirect.silent", "RFC 5685 section 3", append(c.Evidence, seen(r))
		c.Say = phrase.Of("why.redirect.silent", "node", e.name(), "from", r.body.From, "gateway", r.body.To)
		return c, true
	}
	return silence(e, c, f.body, f.At)
}

// otherMethod: the method by which the peer authenticates is not one that the end takes.
func otherMethod(e *end, c *Claim) {
	c.Key, c.RFC, c.Say = "auth.method", "RFC 7296 section 2.15", phrase.Of("why.auth.method", "node", e.name(), "peer", peerName(e))
	for _, o := range []*end{e, e.peer} {
		if o != nil && o.ikeProfile() != nil {
			c.Lines = append(c.Lines, o.lines("crypto ikev2 profile "+o.ikeProfile().Name, "", "authentication")...)
		}
	}
}

// mismatch says which transforms have nothing in common.
func mismatch(e *end, c *Claim, f ikev2.Failure) {
	c.RFC = "RFC 7296 section 2.7"
	c.Key = "child.proposal"
	if f.Exchange == wire.IKE_SA_INIT || f.Mismatch != nil && f.Mismatch.Protocol == wire.ProtoIKE {
		c.Key = "ike.proposal"
	}
	kinds, ours, theirs := "", "", ""
	if m := f.Mismatch; m != nil {
		kinds, ours, theirs = apart(m.Local, m.Received)
	} else {
		kinds, ours, theirs = "D-H", words.Group(f.Groups[0]), words.Group(f.Groups[1])
	}
	if c.Key == "child.proposal" && exchangesOnly(kinds) && f.Exchange == wire.CREATE_CHILD_SA {
		c.Key, c.RFC = "child.pfs", "RFC 7296 section 1.3.1"
	}
	c.Say = phrase.Of(mismatchSays[c.Key], "node", e.name(), "peer", peerName(e), "kinds", kinds, "ours", ours, "theirs", theirs)
	for _, o := range []*end{e, e.peer} {
		if o != nil {
			c.Lines = append(c.Lines, offered(met(o), c.Key)...)
		}
	}
	switch {
	case c.Key == "child.pfs":
		mendPFS(e, c)
	case c.Key == "ike.proposal" && noPolicy(e, c):
	}
}

// mismatchSays are the sentences of mismatches, by the keys of their claims.
var mismatchSays = map[string]string{"ike.proposal": "why.ike.proposal", "child.proposal": "why.child.proposal", "child.pfs": "why.child.pfs"}

// offered are the lines that say what an end offers.
func offered(e *end, key string) (list []Line) {
	if key == "ike.proposal" {
		for _, p := range e.cfg.Policies() {
			for _, name := range p.Proposals {
				head := "crypto ikev2 proposal " + name
				list = append(list, e.lines(head, "", "encryption", "integrity", "prf", "group")...)
			}
		}
		if len(list) == 0 {
			list = append(list, Line{Node: e.name(), Text: "! the default policy and proposal of IKEv2"})
		}
		return list
	}
	p := e.protection()
	if p == nil {
		return nil
	}
	list = e.lines(e.protectionHead(), "", "set transform-set", "set pfs")
	for _, name := range p.TransformSets {
		for _, line := range e.text {
			if strings.HasPrefix(line, "crypto ipsec transform-set "+name+" ") {
				list = append(list, Line{Node: e.name(), Text: line})
			}
		}
	}
	if len(p.TransformSets) == 0 {
		list = append(list, Line{e.name(), e.protectionHead(), "! no transform set: IOS's default one"})
	}
	return list
}

// mendPFS has the end without PFS take the other one's group.
func mendPFS(e *end, c *Claim) {
	if e.peer == nil {
		return
	}
	for _, o := range []*end{e, e.peer} {
		o = met(o)
		if p, q := o.protection(), met(o.peer).protection(); p != nil && q != nil && !samePFS(p, q) && q.PFS != 0 {
			c.Mend = []Line{o.typed(o.protectionHead(), strings.Join(append([]string{"set pfs group" + itoa(q.PFS)}, pqc(q)...), " "))}
			return
		}
	}
}

// samePFS says whether two ends agree on the key exchanges of a rekey: on the group, and on an
// additional method if either wants one (RFC 9370).
func samePFS(p, q *iosconfig.Protection) bool {
	shared := slices.ContainsFunc(p.PFSPQC, func(method string) bool { return slices.Contains(q.PFSPQC, method) })
	return p.PFS == q.PFS && (shared || len(p.PFSPQC)+len(q.PFSPQC) == 0)
}

func pqc(p *iosconfig.Protection) []string {
	if len(p.PFSPQC) == 0 {
		return nil
	}
	return append([]string{"pqc"}, p.PFSPQC...)
}

// apart names the kinds of transforms of which no proposal of one side has one of the
// other's, and what each has.
func apart(ours, theirs []wire.Proposal) (kinds, a, b string) {
	var names, left, right []string
	for _, kind := range kindsOfTransforms() {
		x, y := of(ours, kind), of(theirs, kind)
		if slices.ContainsFunc(x, func(t string) bool { return slices.Contains(y, t) }) || len(x)+len(y) == 0 {
			continue
		}
		names, left, right = append(names, kind.String()), append(left, orNone(x)), append(right, orNone(y))
	}
	if len(names) == 0 { // each kind has something in common, but no proposal all
		for _, kind := range []wire.TransformType{wire.TypeEncr, wire.TypeInteg, wire.TypeDH} {
			names, left, right = append(names, kind.String()), append(left, orNone(of(ours, kind))), append(right, orNone(of(theirs, kind)))
		}
	}
	return strings.Join(names, ", "), strings.Join(left, "; "), strings.Join(right, "; ")
}

func kindsOfTransforms() []wire.TransformType {
	list := []wire.TransformType{wire.TypeEncr, wire.TypePRF, wire.TypeInteg, wire.TypeDH, wire.TypeESN}
	for i := range wire.MaxADDKE {
		list = append(list, wire.TypeADDKE+wire.TransformType(i))
	}
	return list
}

// exchangesOnly says whether kinds are those of key exchanges: of D-H, or further ones.
func exchangesOnly(kinds string) bool {
	return !slices.ContainsFunc(strings.Split(kinds, ", "), func(k string) bool { return k != wire.TypeDH.String() && !strings.HasPrefix(k, "ADDKE") })
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ", ")
}

// of are the transforms of a kind that proposals have, by name.
func of(list []wire.Proposal, kind wire.TransformType) (names []string) {
	for _, p := range list {
		for _, t := range p.Transforms {
			name := words.TransformSized(t)
			if t.Type == kind && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// noProfile says that no profile takes the peer's identity.
func noProfile(e *end, c *Claim, f ikev2.Failure) {
	identity := words.Identity(f.Identity.Kind, f.Identity.Data)
	if otherFront(e, c, identity) {
		return
	}
	c.Key, c.RFC = "auth.identity", "RFC 7296 section 3.5"
	c.Say = phrase.Of("why.auth.identity", "node", e.name(), "peer", peerName(e), "identity", identity)
	if e.protection() != nil && otherProfile(e, c, identity) {
		return
	}
	for p := range e.cfg.IKEv2.Profiles.All() {
		c.Lines = append(c.Lines, e.lines("crypto ikev2 profile "+p.Name, "", "match")...)
	}
	if e.peer != nil && e.peer.ikeProfile() != nil {
		c.Lines = append(c.Lines, e.peer.lines("crypto ikev2 profile "+e.peer.ikeProfile().Name, "", "identity local")...)
	}
	if p, is := e.ikeProfile(), typedIdentity(f.Identity); p != nil && !noMap(e, c) && is != nil {
		c.Mend = []Line{e.typed("crypto ikev2 profile "+p.Name, "match identity remote "+is.String())}
	}
}

// typedIdentity is an identity as a profile matches it alone; nil: no line says it.
func typedIdentity(id ikev2.Identity) *iosconfig.Identity {
	text := words.Identity(id.Kind, id.Data)
	switch id.Kind {
	case wire.IDIPv4Addr, wire.IDIPv6Addr:
		if a, err := netip.ParseAddr(text); err == nil {
			return &iosconfig.Identity{Kind: "address", Value: text, Mask: netip.PrefixFrom(a, a.BitLen())}
		}
	case wire.IDFQDN:
		return &iosconfig.Identity{Kind: "fqdn", Value: text}
	case wire.IDRFC822:
		return &iosconfig.Identity{Kind: "email", Value: text}
	case wire.IDKeyID:
		return &iosconfig.Identity{Kind: "key-id", Value: text}
	}
	return nil
}

// otherPackets is selectors, but where the ends of crypto maps want the same, so that it was about
// another entry with that peer.
func otherPackets(e *end, c *Claim) bool {
	selectors(e, c)
	return c.Key != "map.lists" || e.peer == nil || e.peer.entry == nil || !mirrored(e, e.peer)
}

// selectors says that the ends do not want the same packets.
func selectors(e *end, c *Claim) {
	c.Key, c.RFC = "child.selectors", "RFC 7296 section 2.9"
	c.Say = phrase.Of("why.child.selectors", "node", e.name(), "peer", peerName(e))
	for _, o := range []*end{e, e.peer} {
		if o != nil && o.there() {
			c.Lines = append(c.Lines, o.wanted()...)
		}
	}
	if e.entry != nil {
		c.Key = "map.lists"
		c.Say = phrase.Of("why.map.lists", "node", e.name(), "peer", peerName(e))
		mirror(e, c)
	}
	if e.peer == nil {
		return
	}
	for _, o := range []*end{e, e.peer} { // a tunnel that leads elsewhere
		switch {
		case !o.there() && !o.serves():
			c.Key, c.RFC, c.Mend = "path.peer", "", nil
			c.Say = phrase.Of("why.path.noway", "node", o.name(), "peer", o.peer.name())
		case o.entry != nil && !o.leads(o.peer) && o.peer.local().IsValid():
			wayward(o, c)
		}
	}
}

// wanted are the lines that say which packets an end wants protected.
func (e *end) wanted() []Line {
	if e.entry != nil {
		return append(e.lines(e.head(), "", "set peer", "match address"), e.listLines()...)
	}
	mode := e.lines(e.head(), "", "tunnel mode")
	if len(mode) == 0 {
		mode = []Line{{e.name(), e.head(), "! tunnel mode gre ip, the default"}}
	}
	return append(e.lines(e.head(), "", "tunnel source", "tunnel destination"), mode...)
}

// sentAway: the gateway redirects a client that does not follow.
func sentAway(e *end, c *Claim, f ikev2.Failure) {
	with := []any{"node", e.name(), "gateway", f.Peer.Addr()}
	c.Key, c.RFC, c.Say = "redirect.nowhere", "RFC 5685 section 3", phrase.Of("why.redirect.nowhere", with...)
	if f.Cause == ikev2.CauseRedirects {
		c.Key, c.RFC, c.Say = "redirect.often", "RFC 5685 section 7", phrase.Of("why.redirect.often", with...)
	}
}

// sentTo is the redirect that led to the gateway with which an exchange has failed.
func sentTo(e *end, f finding[ikev2.Failure]) (r finding[ikev2.Redirected], sent bool) {
	list := lately(e.w, e.name(), f.At.Add(-ikev2.RedirectPeriod), func(b ikev2.Redirected) bool {
		return !b.Back && b.Entry == f.body.Entry && b.To == f.body.Peer.Addr()
	})
	if len(list) == 0 {
		return r, false
	}
	return list[0], true
}
