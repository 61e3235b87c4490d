package debug

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

// What failures read like: what is wrong where it is found, and what the
// exchange comes to. The texts are the toolkit's, which IOS prints behind ": ".

func faultLines(_ View, b ikev2.Fault) []Line { return causeLines(&b.Failure) }

func hintLines(_ View, b ikev2.Hint) []Line { return causeLines(&b.Failure) }

// causeLines says what is wrong.
func causeLines(f *ikev2.Failure) []Line {
	switch f.Cause {
	case ikev2.CauseMismatch:
		return mismatchLines(f)
	case ikev2.CauseNoKey:
		return []Line{noKeyLine(f)}
	case ikev2.CauseNATOff:
		return []Line{about(f.SA, Error, sentence.NATOff)}
	case ikev2.CauseNoPPK:
		return []Line{about(f.SA, Error, sentence.PPKMissing)}
	case ikev2.CauseNoCertificate:
		return []Line{about(f.SA, Error, sentence.NoCertificate)}
	case ikev2.CauseBadCertificate:
		return []Line{about(f.SA, Error, sentence.PlatformErrors)}
	case ikev2.CauseEncoding:
		return []Line{about(f.SA, Error, sentence.WrongEncoding)}
	case ikev2.CauseNoPeerCertificate:
		return []Line{about(f.SA, Error, sentence.NoPeerCert)}
	case ikev2.CauseNoAuthority:
		return []Line{about(f.SA, Error, sentence.NoAuthority)}
	case ikev2.CauseSelectors:
		return []Line{about(f.SA, Error, sentence.NoSelectors), about(f.SA, Fact, sentence.NoSelectorsSent)}
	case ikev2.CauseWidened:
		return []Line{about(f.SA, Error, sentence.NoSelectors)}
	case ikev2.CauseNoAuthRequest:
		return []Line{about(f.SA, Error, sentence.NoAuthRequest)}
	case ikev2.CausePeerRefused:
		if f.Groups[0] == 0 { // else GroupRefused has said it
			return []Line{heardLine(f.SA, f.Heard)}
		}
	}
	if f.Sent == wire.TEMPORARY_FAILURE {
		return []Line{about(f.SA, Fact, sentence.TryAgain)}
	}
	return nil
}

func noKeyLine(f *ikev2.Failure) Line {
	return about(f.SA, Error, sentence.NoKey, f.Peer.Addr())
}

// mismatchLines shows both sides' proposals, in the layout of 15.x.
func mismatchLines(f *ikev2.Failure) []Line {
	var lines []Line
	if m := f.Mismatch; m != nil {
		lines = append(policyLines(f.SA, sentence.ListReceived, m.Protocol, m.Received), policyLines(f.SA, sentence.ListExpected, m.Protocol, m.Local)...)
	}
	return append(lines, verdictLines(f)...)
}

func verdictLines(f *ikev2.Failure) []Line {
	lines := []Line{about(f.SA, Error, sentence.NoMatch)}
	if f.Sent == wire.NO_PROPOSAL_CHOSEN {
		lines = append(lines, about(f.SA, Fact, sentence.NoMatchSent))
	}
	return lines
}

func errorHeardLines(_ View, b ikev2.ErrorHeard) []Line { return []Line{heardLine(b.SA, b.Notify)} }

// heardLine says which error the peer told.
func heardLine(sa ikev2.Ref, k wire.NotifyType) Line {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN:
		return about(sa, Error, sentence.NoMatchHeard)
	case wire.AUTHENTICATION_FAILED:
		return about(sa, Error, sentence.NotAuthentic)
	case wire.TS_UNACCEPTABLE:
		return about(sa, Error, sentence.NoSelectorsHeard)
	case wire.TEMPORARY_FAILURE:
		return about(sa, Fact, sentence.TryAgain)
	}
	return about(sa, Error, sentence.ErrorHeard, k)
}

func groupRefusedLines(_ View, b ikev2.GroupRefused) []Line {
	said := sentence.GroupSent
	if b.Initiator {
		said = sentence.GroupHeard
	}
	return []Line{about(b.SA, Error, sentence.WrongGroup), about(b.SA, Fact, said, uint16(b.Used), uint16(b.Wanted))}
}

// failureLines: a negotiation that fails leaves a message, on both ends and
// whatever is configured: nobody need have debugged. That the peer wants
// another group is no failure, as it tries again; nor is what comes later in
// the life of an SA.
func failureLines(_ View, b ikev2.Failure) []Line {
	if b.Sent == wire.INVALID_KE_PAYLOAD {
		return nil
	}
	var lines []Line
	if b.SA.ID == 0 && b.Reason == ikev2.ReasonNoKey {
		lines = append(lines, noKeyLine(&b))
	}
	if text, failed := words.Failures[b.Reason]; failed && (b.Exchange == wire.IKE_SA_INIT || b.Exchange == wire.IKE_AUTH) {
		lines = append(lines, message(sentence.Aborted, text)...)
	}
	if b.SA.ID == 0 || b.ChildOnly {
		return lines
	}
	return append(lines, endLines(&b)...)
}

// initialFailed is how the toolkit calls it, behind IKEv2's own words.
const initialFailed = "Initial exchange failed"

// endLines says what an exchange that had begun comes to.
func endLines(f *ikev2.Failure) []Line {
	var lines []Line
	switch f.Exchange {
	case wire.IKE_SA_INIT:
		lines = append(lines, about(f.SA, Fact, sentence.InitFailed), about(f.SA, Error, sentence.InitialFailed, initialFailed))
	case wire.IKE_AUTH:
		lines = append(lines, about(f.SA, Error, sentence.AuthFailed), about(f.SA, Error, sentence.InitialFailed, initialFailed))
	case wire.CREATE_CHILD_SA:
		if f.Cause != ikev2.CauseNoResponse { // which has ended the IKE SA
			lines = append(lines, about(f.SA, Error, sentence.ChildFailed))
		}
	}
	if f.Sent == wire.AUTHENTICATION_FAILED {
		lines = append(lines, about(f.SA, Error, sentence.NotAuthentic), about(f.SA, Fact, sentence.NotAuthenticSent))
	}
	return lines
}
