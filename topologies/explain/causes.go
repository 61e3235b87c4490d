package explain

import (
	"errors"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
	"ikelab/router/record"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// Why something comes to nothing, ends, or has no effect.

// causes are the sentences of what was wrong.
var causes = map[ikev2.Cause]string{
	ikev2.CauseNoProposal: "tour.cause.no-proposal", ikev2.CauseMismatch: "tour.cause.mismatch", ikev2.CauseGroup: "tour.cause.group",
	ikev2.CauseNoProfile: "tour.cause.no-profile", ikev2.CauseNoMethod: "tour.cause.no-method", ikev2.CauseNoKey: "tour.cause.no-key",
	ikev2.CauseBadAuth: "tour.cause.bad-auth", ikev2.CauseSelectors: "tour.cause.selectors", ikev2.CauseNoResponse: "tour.cause.no-response",
	ikev2.CauseNoAuthRequest: "tour.cause.no-auth-request", ikev2.CausePeerRefused: "tour.cause.peer-refused", ikev2.CauseNotFound: "tour.cause.not-found",
	ikev2.CauseLimit: "tour.cause.limit", ikev2.CauseTunnelMode: "tour.cause.tunnel-mode", ikev2.CauseNoGroup: "tour.cause.no-group",
	ikev2.CauseBadPublic: "tour.cause.bad-public", ikev2.CausePayloadMissing: "tour.cause.payload-missing", ikev2.CauseMalformed: "tour.cause.malformed",
	ikev2.CauseBadSPI: "tour.cause.bad-spi", ikev2.CauseWidened: "tour.cause.widened", ikev2.CauseEntryTaken: "tour.cause.entry-taken",
	ikev2.CauseClosing: "tour.cause.closing", ikev2.CauseBusy: "tour.cause.busy", ikev2.CauseDeletedEarly: "tour.cause.deleted-early",
	ikev2.CauseUnknownExchange: "tour.cause.unknown-exchange", ikev2.CauseSinglePair: "tour.cause.single-pair", ikev2.CauseNATOff: "tour.cause.nat-off",
	ikev2.CauseNoCertificate: "tour.cause.no-certificate", ikev2.CauseTwin: "tour.cause.twin", ikev2.CauseNoPPK: "tour.cause.no-ppk",
	ikev2.CauseNoAddress: "tour.cause.no-address", ikev2.CauseConfiguration: "tour.cause.configuration",
	ikev2.CauseNoAuthority: "tour.cause.no-authority", ikev2.CauseNoPeerCertificate: "tour.cause.no-peer-certificate", ikev2.CauseEncoding: "tour.cause.encoding",
	ikev2.CauseBadCertificate: "tour.cause.bad-certificate",
	ikev2.CauseNoFollowup:     "tour.cause.no-followup",
	ikev2.CauseRedirects:      "tour.cause.redirects", ikev2.CauseNowhere: "tour.cause.nowhere",
}

// certificateKeys are the sentences of what is wrong with a certificate.
var certificateKeys = map[pki.Problem]string{
	pki.Malformed: "tour.certificate.malformed", pki.Untrusted: "tour.certificate.untrusted", pki.Broken: "tour.certificate.broken", pki.NotYetValid: "tour.certificate.early", pki.Expired: "tour.certificate.expired", pki.WrongUsage: "tour.certificate.usage",
	pki.WrongKey: "tour.certificate.key", pki.Revoked: "tour.certificate.revoked", pki.NoRevocation: "tour.certificate.no-revocation", pki.WrongName: "tour.certificate.name",
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
	if c := f.Certificate; c != nil {
		list = append(list, phrase.Of(certificateKeys[c.Problem], "subject", c.Subject, "issuer", c.Issuer, "from", c.From.UTC().Format(time.DateTime), "to", c.To.UTC().Format(time.DateTime)))
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

// fails says whether a record is that something comes to nothing. A group that was guessed
// wrong costs a round trip only.
func fails(b record.Body) bool {
	switch b := b.(type) {
	case ikev2.Failure:
		return !guessed(b)
	case ikev2.Fault:
		return !guessed(b.Failure)
	case ikev2.Authenticated:
		return !b.Verified
	}
	return false
}

func guessed(f ikev2.Failure) bool {
	return f.Sent == wire.INVALID_KE_PAYLOAD || f.Heard == wire.INVALID_KE_PAYLOAD
}

// reasons are the sentences of why something ends.
var reasons = map[ikev2.Reason]string{
	ikev2.ReasonCleared: "tour.reason.cleared", ikev2.ReasonPeerDeleted: "tour.reason.peer-deleted", ikev2.ReasonRekeyed: "tour.reason.rekeyed",
	ikev2.ReasonExpired: "tour.reason.expired", ikev2.ReasonTimeout: "tour.reason.timeout", ikev2.ReasonNoProposal: "tour.reason.no-proposal",
	ikev2.ReasonAuthFailed: "tour.reason.auth-failed", ikev2.ReasonTSUnacceptable: "tour.reason.ts", ikev2.ReasonInvalid: "tour.reason.invalid",
	ikev2.ReasonDuplicate: "tour.reason.duplicate", ikev2.ReasonInitialContact: "tour.reason.initial-contact",
	ikev2.ReasonConfigChanged: "tour.reason.config", ikev2.ReasonNoKey: "tour.reason.no-key", ikev2.ReasonNoProfile: "tour.reason.no-profile",
	ikev2.ReasonNoPolicy: "tour.reason.no-policy", ikev2.ReasonNoResources: "tour.reason.limit", ikev2.ReasonReauthenticated: "tour.reason.anew", ikev2.ReasonNoAddress: "tour.reason.no-address",
	ikev2.ReasonRedirected: "tour.reason.redirected", ikev2.ReasonSentAway: "tour.reason.sent-away", ikev2.ReasonHomeless: "tour.reason.homeless",
}

func reason(r ikev2.Reason) phrase.Phrase {
	if key, known := reasons[r]; known {
		return phrase.Of(key)
	}
	return phrase.Of("tour.reason.none")
}

// refusals are the sentences of why a message has no effect.
var refusals = []struct {
	err error
	key string
}{
	{ikev2.ErrUnknownSPI, "tour.refused.spi"}, {ikev2.ErrAddress, "tour.refused.address"}, {ikev2.ErrUnexpected, "tour.refused.unexpected"},
	{ikev2.ErrMessageID, "tour.refused.id"}, {ikev2.ErrLimit, "tour.refused.limit"}, {ikev2.ErrBadHeader, "tour.refused.header"},
	{ikev2.ErrStaleReply, "tour.refused.stale"}, {ikev2.ErrSelfDatagram, "tour.refused.self"}, {ikev2.ErrBadFragment, "tour.refused.fragment"},
}

func refused(err error) phrase.Phrase {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return phrase.Of(r.key)
		}
	}
	return phrase.Of("tour.refused.other", "reason", err)
}
