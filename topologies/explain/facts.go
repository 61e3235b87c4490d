package explain

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
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
	for _, f := range []func(record.Body) (phrase.Phrase, bool){lookupFact, proofFact, saFact, pairFact, wayFact} {
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
		if b.Secret {
			return phrase.Of("tour.fact.secret", "group", words.Group(b.Group)), true
		}
		return phrase.Of("tour.fact.public", "group", words.Group(b.Group)), true
	case ikev2.Keys:
		return phrase.Of("tour.fact.keys", "encr", words.EncrSized(b.Encr)), true
	}
	return phrase.Phrase{}, false
}

func saFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.SAUp:
		key := "tour.fact.sa-up"
		if b.Rekeys != 0 {
			key = "tour.fact.sa-rekeyed"
		}
		return phrase.Phrase{Key: key, With: []any{"spi_i", spiOf(b.Info.SPIi), "spi_r", spiOf(b.Info.SPIr), "seconds", int(b.Info.Lifetime.Seconds())}}, true
	case ikev2.SADown:
		return phrase.Of("tour.fact.sa-down", "spi_i", spiOf(b.Info.SPIi), "reason", b.Reason.String()), true
	case ikev2.EntryDown:
		return phrase.Of("tour.fact.entry-down", "entry", b.Entry, "reason", b.Reason.String()), true
	case ikev2.Rekeying:
		switch {
		case b.Anew:
			return phrase.Of("tour.fact.reauthenticating"), true
		case b.In == 0:
			return phrase.Of("tour.fact.rekeying-ike"), true
		}
		return phrase.Of("tour.fact.rekeying-child", "entry", b.Entry, "spi", words.SPI(b.In)), true
	case ikev2.DeleteReceived:
		if b.Protocol == wire.ProtoIKE {
			return phrase.Of("tour.fact.delete-ike"), true
		}
		return phrase.Of("tour.fact.delete-child", "known", b.Known), true
	case ikev2.LivenessAsked:
		return phrase.Of("tour.fact.liveness"), true
	case ikev2.ErrorHeard:
		return phrase.Of("tour.fact.error-heard", "notify", b.Notify.String()), true
	case ikev2.MessageRepeated:
		return phrase.Of("tour.fact.repeated", "exchange", b.Message.Exchange.String()), true
	case ikev2.InitialContact:
		return phrase.Of("tour.fact.initial-contact"), true
	case ikev2.Collision:
		return phrase.Phrase{}, false
	}
	return phrase.Phrase{}, false
}

func pairFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case crypto.Requested:
		return phrase.Of("tour.fact.requested", "entry", b.Entry, "remote", b.Remote), true
	case ikev2.AddChild:
		with := []any{"in", words.SPI(b.In.SPI), "out", words.SPI(b.Out.SPI), "transforms", words.TypedESP(b.Encr, b.Integ),
			"local", spans(b.Local), "remote", spans(b.Remote)}
		if b.PFS != ipsec.GroupNone {
			return phrase.Phrase{Key: "tour.fact.pair-pfs", With: append(with, "group", words.Group(b.PFS))}, true
		}
		return phrase.Phrase{Key: "tour.fact.pair", With: with}, true
	case crypto.Removed:
		return phrase.Of("tour.fact.removed", "entry", b.Entry, "in", words.SPI(b.Pair.In.SPI), "out", words.SPI(b.Pair.Out.SPI)), true
	case ikev2.ModeDeclined:
		return phrase.Of("tour.fact.mode"), true
	case ip.LineProtocolChanged:
		if b.Up {
			return phrase.Of("tour.fact.line-up", "interface", b.Interface), true
		}
		return phrase.Of("tour.fact.line-down", "interface", b.Interface), true
	}
	return phrase.Phrase{}, false
}

func wayFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.NATChecked:
		switch {
		case b.Source && b.Destination:
			return phrase.Of("tour.fact.nat-none"), true
		case b.Source:
			return phrase.Of("tour.fact.nat-before-us"), true
		case b.Destination:
			return phrase.Of("tour.fact.nat-before-peer"), true
		}
		return phrase.Of("tour.fact.nat-both"), true
	case ikev2.PortsFloated:
		return phrase.Of("tour.fact.floated", "local", b.Local, "remote", b.Remote), true
	case ikev2.PeerMoved:
		return phrase.Of("tour.fact.moved", "remote", b.Remote), true
	case ikev2.CookieWanted:
		return phrase.Of("tour.fact.cookie"), true
	case ikev2.Refused:
		return phrase.Of("tour.fact.refused", "reason", b.Reason), true
	}
	return phrase.Phrase{}, false
}

// causes are the sentences of what was wrong.
var causes = map[ikev2.Cause]string{
	ikev2.CauseNoProposal: "tour.cause.no-proposal", ikev2.CauseMismatch: "tour.cause.mismatch", ikev2.CauseGroup: "tour.cause.group",
	ikev2.CauseNoProfile: "tour.cause.no-profile", ikev2.CauseNoMethod: "tour.cause.no-method", ikev2.CauseNoKey: "tour.cause.no-key",
	ikev2.CauseBadAuth: "tour.cause.bad-auth", ikev2.CauseSelectors: "tour.cause.selectors", ikev2.CauseNoResponse: "tour.cause.no-response",
	ikev2.CauseNoAuthRequest: "tour.cause.no-auth-request", ikev2.CausePeerRefused: "tour.cause.peer-refused", ikev2.CauseNotFound: "tour.cause.not-found",
	ikev2.CauseLimit: "tour.cause.limit", ikev2.CauseTunnelMode: "tour.cause.tunnel-mode",
}

// failure says why an exchange comes to nothing, with what both sides wanted.
func failure(f ikev2.Failure) []phrase.Phrase {
	key, known := causes[f.Cause]
	if !known {
		key = "tour.cause.other"
	}
	list := []phrase.Phrase{{Key: key, With: []any{
		"exchange", f.Exchange.String(), "peer", f.Peer.Addr(), "identity", identity(f.Identity), "keyring", f.Keyring,
		"heard", f.Heard.String(), "cause", f.Cause.String(), "ours", words.Group(f.Groups[0]), "theirs", words.Group(f.Groups[1]),
		"local", spans(f.Selectors[0]), "remote", spans(f.Selectors[1]),
	}}}
	if f.Cause == ikev2.CauseNoKey && f.Keyring == "" {
		list[0].Key = "tour.cause.no-key-anywhere"
	}
	if m := f.Mismatch; m != nil {
		list = append(list, phrase.Of("tour.cause.offered", "list", proposals(m.Received)), phrase.Of("tour.cause.held", "list", proposals(m.Local)))
	}
	if f.Sent != 0 {
		list = append(list, phrase.Of("tour.cause.sent", "notify", f.Sent.String()))
	}
	if f.ChildOnly {
		list = append(list, phrase.Of("tour.cause.child-only"))
	}
	return list
}

// fails says whether a record is that something comes to nothing.
func fails(b record.Body) bool {
	switch b := b.(type) {
	case ikev2.Failure:
		return true
	case ikev2.Fault:
		return true
	case ikev2.Authenticated:
		return !b.Verified
	}
	return false
}
