package debug

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

// about makes a printout about an SA, with a stamp of its own.
func about(sa ikev2.Ref, c Class, s *sentence.Sentence, a ...any) Line {
	return spoken(ofSA, sa, c, s.Say(a...))
}

// free makes a printout about no SA.
func free(c Class, s *sentence.Sentence, a ...any) Line {
	return spoken(alone, ikev2.Ref{}, c, s.Say(a...))
}

func arrivedLines(View, ikev2.PacketArrived) []Line {
	return []Line{
		free(Packet, sentence.GotPacket),
		free(Packet, sentence.TookPacket),
	}
}

func keyLookupLines(_ View, b ikev2.KeyLookup) []Line {
	if b.Keyring == "" {
		return nil
	}
	if b.By == ikev2.ByIdentity {
		return []Line{free(Fact, sentence.KeyByIdentity, words.Identity(b.Identity.Kind, b.Identity.Data))}
	}
	return []Line{free(Fact, sentence.KeyByAddress, b.Addr)}
}

func profileLookupLines(_ View, b ikev2.ProfileLookup) []Line {
	switch {
	case !b.Found && b.By == ikev2.ByName:
		return []Line{about(b.SA, Error, sentence.NoProfile)}
	case !b.Found:
		return []Line{about(b.SA, Error, sentence.NoProfile), about(b.SA, Error, sentence.NotFound)}
	case b.Initiator && b.By == ikev2.ByIdentity: // the one that it has chosen fits
		return nil
	}
	return []Line{spoken(numbered, b.SA, Fact, sentence.ProfileChosen.Say(b.Profile))}
}

func policyLookupLines(_ View, b ikev2.PolicyLookup) []Line {
	var lines []Line
	for _, name := range b.Proposals {
		lines = append(lines, free(Fact, sentence.ProposalAdded, name))
	}
	if !b.Usable {
		lines = append(lines, about(b.SA, Error, sentence.NotFound))
	}
	if b.Profile != "" {
		lines = append(lines, about(b.SA, Fact, sentence.ProfileUsed, b.Profile))
	}
	return lines
}

// cookieCheckedLines: no capture of IOS's own words is known.
func cookieCheckedLines(_ View, b ikev2.CookieChecked) []Line {
	var lines []Line
	if b.Verdict != ikev2.CookieMissing {
		lines = append(lines, free(Fact, sentence.CookieReceived))
	}
	if b.Verdict == ikev2.CookieStale {
		lines = append(lines, free(Error, sentence.CookieWrong))
	}
	if b.Verdict != ikev2.CookieGood {
		lines = append(lines, free(Fact, sentence.CookieSent))
	}
	return lines
}

func cookieWantedLines(_ View, b ikev2.CookieWanted) []Line {
	return []Line{about(b.SA, Fact, sentence.CookieTaken)}
}

func redirectHeardLines(_ View, b ikev2.RedirectHeard) []Line {
	lines := []Line{about(b.SA, Fact, sentence.RedirectTaken)}
	if b.Verdict != ikev2.RedirectFollowed {
		lines = append(lines, about(b.SA, Error, sentence.RedirectRefused))
	}
	return lines
}

func redirectSentLines(_ View, b ikev2.RedirectSent) []Line {
	if b.SA.ID == 0 {
		return []Line{free(Fact, sentence.RedirectSent)}
	}
	return []Line{about(b.SA, Fact, sentence.RedirectSent)}
}

func redirectCheckedLines(_ View, b ikev2.RedirectChecked) []Line {
	if b.Asks {
		return nil
	}
	return []Line{about(b.SA, Fact, sentence.NoRedirectCheck)}
}

func admissionLines(_ View, b ikev2.Admission) []Line {
	side := "incoming"
	if b.Initiator {
		side = "outgoing"
	}
	switch b.Step {
	case ikev2.Admitted:
		return []Line{free(Fact, sentence.Admitted), free(Fact, sentence.Counted, side)}
	case ikev2.Activated:
		activated, failed := free(Fact, sentence.Activated), sentence.NotUncounted
		if !b.Counted {
			return []Line{activated, free(Fact, failed, side)}
		}
		return []Line{activated, free(Fact, sentence.Uncounted, side)}
	case ikev2.GivenUp:
		return []Line{free(Fact, sentence.RequestDeleted)}
	case ikev2.Released:
		return []Line{free(Fact, sentence.Uncounted, side)}
	}
	return []Line{free(Error, sentence.RefusedAtLimit)}
}

func natLines(_ View, b ikev2.NATChecked) []Line {
	matched := func(ok bool, same, other *sentence.Sentence) Line {
		if ok {
			return about(b.SA, Fact, same)
		}
		return about(b.SA, Fact, other)
	}
	found := sentence.NATNone
	switch {
	case !b.Destination:
		found = sentence.NATInside
	case !b.Source:
		found = sentence.NATOutside
	}
	return []Line{
		about(b.SA, Fact, sentence.NATNotify),
		about(b.SA, Fact, sentence.NATSource), matched(b.Source, sentence.RemoteMatched, sentence.RemoteDiffers),
		about(b.SA, Fact, sentence.NATDestination), matched(b.Destination, sentence.LocalMatched, sentence.LocalDiffers),
		about(b.SA, Fact, found),
	}
}

func floatedLines(_ View, b ikev2.PortsFloated) []Line {
	init, resp := b.Local.Port(), b.Remote.Port()
	if !b.Initiator {
		init, resp = resp, init
	}
	return []Line{about(b.SA, Fact, sentence.NATPorts, init, resp)}
}

func configDataLines(_ View, b ikev2.ConfigData) []Line {
	switch {
	case b.Initiator && b.Asked:
		return []Line{free(Internal, sentence.ConfigSent)}
	case b.Initiator:
		return nil
	case b.Asked && len(b.Attributes) > 0:
		return []Line{free(Internal, sentence.ConfigSent)}
	case b.Asked:
		return []Line{free(Fact, sentence.ConfigReply), free(Internal, sentence.ConfigNone)}
	}
	return []Line{free(Internal, sentence.ConfigNone)}
}

// authorizedLines: the local list answers at once.
func authorizedLines(v View, b ikev2.GroupAuthorized) []Line {
	if b.Policy == "" {
		return []Line{free(Fact, sentence.NoGroup), free(Fact, sentence.NoUser)}
	}
	return append(xeAuthorizedLines(v, b), free(Fact, sentence.NoUser))
}

func xeAuthorizedLines(_ View, b ikev2.GroupAuthorized) []Line {
	if b.Policy == "" {
		return nil
	}
	return []Line{free(Fact, sentence.GroupAsked, b.List, b.Policy), about(b.SA, Fact, sentence.AAAAsked), about(b.SA, Fact, sentence.AAAAnswered)}
}

func leasedAddressLines(_ View, b ikev2.AddressLeased) []Line {
	if b.Back {
		return []Line{free(Fact, sentence.AddressBack, b.Address, b.Pool)}
	}
	return []Line{free(Fact, sentence.AddressGiven, b.Address, b.Pool)}
}

func refusedAddressLines(_ View, b ikev2.AddressRefused) []Line {
	return []Line{free(Error, sentence.AddressNone, b.Pool)}
}

func identifiedLines(_ View, b ikev2.PeerIdentified) []Line {
	if b.Initiator {
		return nil
	}
	return []Line{about(b.SA, Fact, sentence.IdentityValid)}
}

func extensionLines(_ View, b ikev2.ExtensionAgreed) []Line {
	switch b.Notify {
	case wire.IKEV2_FRAGMENTATION_SUPPORTED:
		return []Line{about(b.SA, Fact, sentence.FragmentsKnown)}
	case wire.CHILDLESS_IKEV2_SUPPORTED:
		return []Line{about(b.SA, Fact, sentence.ChildlessKnown)}
	case wire.USE_PPK:
		return []Line{about(b.SA, Fact, sentence.PPKKnown)}
	case wire.INTERMEDIATE_EXCHANGE_SUPPORTED:
		return []Line{about(b.SA, Fact, sentence.AddKEKnown)}
	}
	return []Line{about(b.SA, Fact, sentence.ReasonsKnown)}
}

// ppkLines are ours: what IOS prints of a PPK is not known.
func ppkLines(_ View, b ikev2.PPKSettled) []Line {
	switch {
	case b.Used:
		return []Line{about(b.SA, Fact, sentence.PPKUsed, b.ID)}
	case b.Asked != "" && b.Asked != b.ID:
		return []Line{about(b.SA, Fact, sentence.PPKUnknown, b.Asked)}
	}
	return []Line{about(b.SA, Fact, sentence.PPKUnused, b.ID)}
}
