package explain

import (
	"cmp"

	"ikelab/ikev2"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// What records say of redirects (RFC 5685).

// redirectKeys are the sentences of what comes of a redirect that is heard.
var redirectKeys = map[ikev2.RedirectVerdict]string{
	ikev2.RedirectFollowed: "tour.fact.redirect-followed", ikev2.RedirectUnasked: "tour.fact.redirect-unasked", ikev2.RedirectMalformed: "tour.fact.redirect-malformed",
	ikev2.RedirectNonce: "tour.fact.redirect-nonce", ikev2.RedirectTooOften: "tour.fact.redirect-often", ikev2.RedirectUnresolved: "tour.fact.redirect-name",
	ikev2.RedirectNowhere: "tour.fact.redirect-nowhere",
}

func redirectFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.RedirectHeard:
		return phrase.Of(redirectKeys[b.Verdict], "peer", b.Peer.Addr(), "gateway", cmp.Or(b.Gateway, "-")), true
	case ikev2.RedirectSent:
		return phrase.Of("tour.fact.redirect-sent", "peer", b.Peer.Addr(), "gateway", b.To), true
	case ikev2.Redirected:
		key := "tour.fact.redirected"
		if b.Back {
			key = "tour.fact.redirected-back"
		}
		return phrase.Phrase{Key: key, With: []any{"entry", b.Entry, "from", b.From, "gateway", b.To}}, true
	}
	return phrase.Phrase{}, false
}
