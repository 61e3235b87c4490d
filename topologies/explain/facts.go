package explain

import (
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/record"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// What records say to people: a sentence or two for each kind that decides something.

// facts are the sentences of a record; none: it tells nothing that others do not.
func facts(b record.Body) []phrase.Phrase {
	switch b := b.(type) {
	case ikev2.Failure:
		return failure(b)
	case ikev2.Fault:
		return failure(b.Failure)
	case ikev2.Hint:
		return append(failure(b.Failure), phrase.Of("tour.fact.hint"))
	}
	for _, f := range []func(record.Body) (phrase.Phrase, bool){lookupFact, proofFact, agreedFact, saFact, rekeyFact, pairFact, wayFact, configurationFact, redirectFact, refusalFact} {
		if p, ok := f(b); ok {
			return []phrase.Phrase{p}
		}
	}
	return nil
}

func lookupFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.KeyLookup:
		return keyFact(b), true
	case ikev2.ProfileLookup:
		switch {
		case b.Found && b.By == ikev2.ByName:
			return phrase.Of("tour.fact.profile-name", "profile", b.Profile, "entry", b.Entry), true
		case b.Found:
			return phrase.Of("tour.fact.profile-identity", "profile", b.Profile, "identity", identity(b.Identity)), true
		}
		return phrase.Of("tour.fact.profile-none", "identity", identity(b.Identity)), true
	case ikev2.PolicyLookup:
		switch {
		case b.Usable:
			return phrase.Of("tour.fact.policy", "policy", b.Policy, "local", b.Local, "proposals", named(b.Proposals)), true
		}
		return phrase.Of("tour.fact.policy-none", "local", b.Local), true
	case ikev2.ProposalChosen:
		key := "tour.fact.chosen"
		if b.Protocol == wire.ProtoESP {
			key = "tour.fact.chosen-esp"
		}
		return phrase.Phrase{Key: key, With: []any{"suite", suite(b), "proposal", b.Proposal, "number", b.Number}}, true
	case ikev2.GroupRefused:
		return phrase.Of("tour.fact.group", "used", words.Group(b.Used), "wanted", words.Group(b.Wanted)), true
	}
	return phrase.Phrase{}, false
}

// named lists names.
func named(list []string) phrase.Phrase {
	var items []any
	for _, n := range list {
		items = append(items, n)
	}
	return phrase.And(items...)
}

func keyFact(b ikev2.KeyLookup) phrase.Phrase {
	what := any(b.Addr)
	if b.By == ikev2.ByIdentity || !b.Addr.IsValid() {
		what = identity(b.Identity)
	}
	where := b.Keyring
	if where == "" {
		where = b.Profile
	}
	switch {
	case b.By == ikev2.ByNothing:
		return phrase.Of("tour.fact.key-none", "keyring", where, "what", what)
	case b.Peer == "":
		return phrase.Of("tour.fact.key-profile", "keyring", where)
	}
	return phrase.Of("tour.fact.key", "keyring", where, "peer", b.Peer, "what", what)
}

func proofFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.PeerIdentified:
		return phrase.Of("tour.fact.identified", "identity", identity(b.Identity)), true
	case ikev2.Authenticated:
		if b.Verified {
			return phrase.Of("tour.fact.authenticated", "identity", identity(b.Identity)), true
		}
		return phrase.Of("tour.fact.not-authenticated", "identity", identity(b.Identity)), true
	case ikev2.Computing:
		if b.Group.Encapsulates() {
			return phrase.Of("tour.fact.kem", "group", words.Group(b.Group)), true
		}
		if b.Secret {
			return phrase.Of("tour.fact.secret", "group", words.Group(b.Group)), true
		}
		return phrase.Of("tour.fact.public", "group", words.Group(b.Group)), true
	case ikev2.Keys:
		return phrase.Of("tour.fact.keys", "encr", words.EncrSized(b.Encr)), true
	}
	return phrase.Phrase{}, false
}

// agreedFact is what both ends can do, or want, beyond the suite.
func agreedFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.ExtensionAgreed:
		if b.Notify != 0 {
			return phrase.Of("tour.fact.extension", "notify", b.Notify.String()), true
		}
	case ikev2.PPKSettled:
		switch {
		case b.Used:
			return phrase.Of("tour.fact.ppk", "id", b.ID), true
		case b.Required:
			return phrase.Of("tour.fact.ppk-missing"), true
		case b.ID != "" || b.Asked != "":
			return phrase.Of("tour.fact.ppk-without"), true
		}
	case ikev2.CertificatesReceived:
		return phrase.Of("tour.fact.certificates", "list", strings.Join(b.Subjects, "; ")), true
	case ikev2.CertificateJudged:
		if b.Fault == nil {
			return phrase.Of("tour.fact.certificate-good", "subject", b.Subject, "trustpoint", b.Trustpoint), true
		}
	case ikev2.DuplicateChecked:
		if b.Other.SPIi != 0 {
			return phrase.Of("tour.fact.duplicate", "spi", spiOf(b.Other.SPIi)), true
		}
	case ikev2.CookieChecked:
		switch b.Verdict {
		case ikev2.CookieGood:
			return phrase.Of("tour.fact.cookie-good"), true
		case ikev2.CookieStale:
			return phrase.Of("tour.fact.cookie-stale", "n", b.HalfOpen), true
		}
		return phrase.Of("tour.fact.cookie-missing", "n", b.HalfOpen), true
	case ikev2.FragmentBuilt:
		return phrase.Of("tour.fact.fragments", "n", b.Total), b.Number == 1
	case ikev2.FragmentArrived:
		return phrase.Of("tour.fact.fragment", "i", b.Number, "n", b.Total), true
	case ikev2.RequestQueued:
		return phrase.Of("tour.fact.queued", "exchange", b.Exchange.String(), "window", b.Window), true
	}
	return phrase.Phrase{}, false
}
