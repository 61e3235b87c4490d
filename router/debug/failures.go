package debug

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/words"
)

// What failures read like: what is wrong where it is found, and what the
// exchange comes to. The texts are the toolkit's, which IOS prints behind ": ".

const (
	wrongGroup   = ": The peer's KE payload contained the wrong DH group"
	notAuthentic = ": Failed to authenticate the IKE SA"
	noTSPolicy   = ": There was no IPSEC policy found for received TS"
)

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
		return []Line{about(f.SA, Error, "NAT is found but it is not supported.: NAT-T disabled via cli")}
	case ikev2.CauseNoCertificate:
		return []Line{about(f.SA, Error, ": No certificate to take the local identity from")}
	case ikev2.CauseSelectors:
		return []Line{about(f.SA, Error, noTSPolicy), about(f.SA, Fact, "Sending TS unacceptable notify")}
	case ikev2.CauseWidened:
		return []Line{about(f.SA, Error, noTSPolicy)}
	case ikev2.CauseNoAuthRequest:
		return []Line{about(f.SA, Error, "Failed to receive the AUTH msg before the timer expired")}
	case ikev2.CausePeerRefused:
		if f.Groups[0] == 0 { // else GroupRefused has said it
			return []Line{heardLine(f.SA, f.Heard)}
		}
	}
	if f.Sent == wire.TEMPORARY_FAILURE {
		return []Line{about(f.SA, Fact, temporary)}
	}
	return nil
}

const temporary = "Temporary failure, the exchange will be tried again"

func noKeyLine(f *ikev2.Failure) Line {
	return about(f.SA, Error, "%% Failed to get preshared key for peer %v", f.Peer.Addr())
}

// mismatchLines shows both sides' proposals, in the layout of 15.x.
func mismatchLines(f *ikev2.Failure) []Line {
	var lines []Line
	if m := f.Mismatch; m != nil {
		lines = append(policyLines(f.SA, "Received Policies: ", m.Protocol, m.Received), policyLines(f.SA, "Expected Policies: ", m.Protocol, m.Local)...)
	}
	return append(lines, verdictLines(f)...)
}

const noMatch = ": Failed to find a matching policy"

func verdictLines(f *ikev2.Failure) []Line {
	lines := []Line{about(f.SA, Error, noMatch)}
	if f.Sent == wire.NO_PROPOSAL_CHOSEN {
		lines = append(lines, about(f.SA, Fact, "Sending no proposal chosen notify"))
	}
	return lines
}

func errorHeardLines(_ View, b ikev2.ErrorHeard) []Line { return []Line{heardLine(b.SA, b.Notify)} }

// heardLine says which error the peer told.
func heardLine(sa ikev2.Ref, k wire.NotifyType) Line {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN:
		return about(sa, Error, ": Received no proposal chosen notify")
	case wire.AUTHENTICATION_FAILED:
		return about(sa, Error, notAuthentic)
	case wire.TS_UNACCEPTABLE:
		return about(sa, Error, ": Received TS unacceptable notify")
	case wire.TEMPORARY_FAILURE:
		return about(sa, Fact, temporary)
	}
	return about(sa, Error, ": Received notify %v from peer", k)
}

func groupRefusedLines(_ View, b ikev2.GroupRefused) []Line {
	format := "Sending invalid ke notification, peer sent group %d, local policy prefers group %d"
	if b.Initiator {
		format = "Processing invalid ke notification, we sent group %d, peer prefers group %d"
	}
	return []Line{about(b.SA, Error, wrongGroup), about(b.SA, Fact, format, uint16(b.Used), uint16(b.Wanted))}
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
		lines = append(lines, message("IKEV2", Errors, "NEG_ABORT", "Negotiation aborted due to ERROR: %s", text)...)
	}
	if b.SA.ID == 0 || b.ChildOnly {
		return lines
	}
	return append(lines, endLines(&b)...)
}

// endLines says what an exchange that had begun comes to.
func endLines(f *ikev2.Failure) []Line {
	var lines []Line
	switch f.Exchange {
	case wire.IKE_SA_INIT:
		lines = append(lines, about(f.SA, Fact, "Failed SA init exchange"), about(f.SA, Error, "Initial exchange failed: Initial exchange failed"))
	case wire.IKE_AUTH:
		lines = append(lines, about(f.SA, Error, ": Auth exchange failed"), about(f.SA, Error, "Initial exchange failed: Initial exchange failed"))
	case wire.CREATE_CHILD_SA:
		if f.Cause != ikev2.CauseNoResponse { // which has ended the IKE SA
			lines = append(lines, about(f.SA, Error, ": Create child exchange failed"))
		}
	}
	if f.Sent == wire.AUTHENTICATION_FAILED {
		lines = append(lines, about(f.SA, Error, notAuthentic), about(f.SA, Fact, "Sending authentication failure notify"))
	}
	return lines
}
