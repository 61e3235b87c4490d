package ikev2

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2/wire"
)

// Redirect (RFC 5685), the client: it says that it can be redirected, judges where it is
// sent, and goes there. What it is sent to changes nothing but the address of the gateway: "the
// client [...] MUST use the same Peer Authorization Database (PAD) and Security Policy Database
// (SPD) entries as it would have used with the original gateway" (3).

// redirectNotifies are what the first request says of redirects. "In the IKE_SA_INIT exchange
// with the new VPN gateway, the client MUST include the REDIRECTED_FROM payload" (RFC 5685 3)
func redirectNotifies(sa *ikeSA) []wire.Payload {
	switch from := sa.entry.from; {
	case from.IsValid():
		return []wire.Payload{&wire.Notify{Kind: wire.REDIRECTED_FROM, Data: wire.Redirect{Gateway: wire.Gateway{Addr: from}}.Data()}}
	case sa.redirects:
		return []wire.Payload{&wire.Notify{Kind: wire.REDIRECT_SUPPORTED}}
	}
	return nil
}

// redirectIn is where a message redirects us, who can be; false: it does not, or not in that form.
func redirectIn(rec *recording, sa *ikeSA, m *wire.Message) (wire.Redirect, bool) {
	n := m.Notify(wire.REDIRECT)
	if n == nil {
		return wire.Redirect{}, false
	}
	told := RedirectHeard{SA: sa.ref(), Peer: sa.remote, Exchange: m.Exchange}
	r, err := wire.ParseRedirect(n.Data)
	switch {
	case !sa.redirects || !sa.asked.IsZero(): // "only the original responder can redirect the original initiator" (RFC 5685 10)
		told.Verdict = RedirectUnasked
	case err != nil, len(n.SPI) != 0, m.Exchange != wire.IKE_SA_INIT && r.Nonce != nil:
		told.Verdict = RedirectMalformed
	case m.Exchange == wire.IKE_SA_INIT && !bytes.Equal(r.Nonce, sa.main.nonces.I):
		told.Verdict = RedirectNonce
	default:
		return r, true
	}
	told.Gateway = r.Gateway.String()
	rec.emit(told)
	return r, false
}

// sentAway fails for a gateway that sends us where we do not go.
func (o *outcome) sentAway(v RedirectVerdict) answer {
	if v == RedirectTooOften {
		return o.failWith(ReasonSentAway, 0, CauseRedirects)
	}
	return o.failWith(ReasonSentAway, 0, CauseNowhere)
}

// hearing is what it takes to judge a redirect.
type hearing struct {
	*database
	*recording
	cfg *Global
	now time.Time
}

// heed judges where a gateway sends entries, and has those that may go there do so when the
// call ends.
func heed(h hearing, sa *ikeSA, g wire.Gateway, in wire.ExchangeType, list []*entry) RedirectVerdict {
	to, verdict := whereTo(h.cfg, sa, g)
	wanted := slices.DeleteFunc(list, func(f *entry) bool { return !h.protects(f) || !f.cfg.Follows })
	going := slices.DeleteFunc(slices.Clone(wanted), func(f *entry) bool { return !f.again(h.now, h.cfg.MaxRedirects) })
	switch {
	case verdict != RedirectFollowed:
	case len(wanted) == 0:
		verdict = RedirectUnasked
	case len(going) == 0:
		verdict = RedirectTooOften
	}
	h.emit(RedirectHeard{SA: sa.ref(), Peer: sa.remote, Exchange: in, Gateway: g.String(), Verdict: verdict})
	if verdict == RedirectFollowed {
		for _, f := range going {
			h.moves = append(h.moves, move{f: f, to: to, sa: sa})
		}
	}
	return verdict
}

// whereTo is the address of a gateway that we are sent to, and whether we can go there.
func whereTo(c *Global, sa *ikeSA, g wire.Gateway) (netip.Addr, RedirectVerdict) {
	to, local := g.Addr, sa.local.Addr()
	if !to.IsValid() {
		to = c.Hosts[strings.ToLower(g.FQDN)]
	}
	switch {
	case !to.IsValid():
		return to, RedirectUnresolved
	case to == sa.remote.Addr(), to == local, to.Is4() != local.Is4(), !to.IsGlobalUnicast() && !to.IsLinkLocalUnicast(), to.Is4In6():
		return to, RedirectNowhere
	}
	return to, RedirectFollowed
}

// homeward has an entry that a gateway has sent elsewhere go back to the gateway that it is
// configured for, when nothing has come of it or it has lost what it had there.
func homeward(d *database, f *entry, r Reason) {
	if f.from.IsValid() && r != ReasonRedirected {
		d.moves = append(d.moves, move{f: f, to: f.home, back: true})
	}
}

// forgetRedirects tells that an entry which a gateway had sent elsewhere has its ends from the
// configuration again, or is no more.
func (r *recording) forgetRedirects(f *entry) {
	if f.from.IsValid() {
		r.emit(Redirected{Entry: f.cfg.Entry, From: f.cfg.Remote, To: f.home, Back: true})
	}
}
