package debug

import (
	"fmt"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/words"
)

// about makes a printout about an SA, with a stamp of its own.
func about(sa ikev2.Ref, c Class, format string, a ...any) Line {
	return spoken(ofSA, sa, c, fmt.Sprintf(format, a...))
}

// free makes a printout about no SA.
func free(c Class, format string, a ...any) Line {
	return spoken(alone, ikev2.Ref{}, c, fmt.Sprintf(format, a...))
}

func arrivedLines(View, ikev2.PacketArrived) []Line {
	return []Line{
		free(Packet, "Got a packet from dispatcher"),
		free(Packet, "Processing an item off the pak queue"),
	}
}

func keyLookupLines(_ View, b ikev2.KeyLookup) []Line {
	if b.Keyring == "" {
		return nil
	}
	if b.By == ikev2.ByIdentity {
		return []Line{free(Fact, "%% Getting preshared key by identity %s", words.Identity(b.Identity.Kind, b.Identity.Data))}
	}
	return []Line{free(Fact, "%% Getting preshared key by address %v", b.Addr)}
}

func profileLookupLines(_ View, b ikev2.ProfileLookup) []Line {
	switch {
	case !b.Found && b.By == ikev2.ByName:
		return []Line{about(b.SA, Error, "%% IKEv2 profile not found")}
	case !b.Found:
		return []Line{about(b.SA, Error, "%% IKEv2 profile not found"), about(b.SA, Error, notInDatabase)}
	case b.Initiator && b.By == ikev2.ByIdentity: // the one that it has chosen fits
		return nil
	}
	return []Line{free(Fact, "(%d): Choosing IKE profile %s", b.SA.ID, b.Profile)}
}

const notInDatabase = ": Failed to locate an item in the database"

func policyLookupLines(_ View, b ikev2.PolicyLookup) []Line {
	var lines []Line
	for _, name := range b.Proposals {
		lines = append(lines, free(Fact, "Adding Proposal %s to toolkit policy", name))
	}
	if !b.Usable {
		lines = append(lines, about(b.SA, Error, notInDatabase))
	}
	if b.Profile != "" {
		lines = append(lines, about(b.SA, Fact, "Using IKEv2 profile '%s'", b.Profile))
	}
	return lines
}

// cookieCheckedLines: no capture of IOS's own words is known.
func cookieCheckedLines(_ View, b ikev2.CookieChecked) []Line {
	var lines []Line
	if b.Verdict != ikev2.CookieMissing {
		lines = append(lines, free(Fact, "Received cookie notify"))
	}
	if b.Verdict == ikev2.CookieStale {
		lines = append(lines, free(Error, ": Cookie verification failed"))
	}
	if b.Verdict != ikev2.CookieGood {
		lines = append(lines, free(Fact, "Sending cookie notify"))
	}
	return lines
}

func cookieWantedLines(_ View, b ikev2.CookieWanted) []Line {
	return []Line{about(b.SA, Fact, "Processing cookie notify")}
}

func admissionLines(_ View, b ikev2.Admission) []Line {
	side := "incoming"
	if b.Initiator {
		side = "outgoing"
	}
	switch b.Step {
	case ikev2.Admitted:
		return []Line{free(Fact, "New ikev2 sa request admitted"), free(Fact, "Incrementing %s negotiating sa count by one", side)}
	case ikev2.Activated:
		activated, failed := free(Fact, "New ikev2 sa request activated"), "Failed to decrement count for %s negotiating"
		if !b.Counted {
			return []Line{activated, free(Fact, failed, side)}
		}
		return []Line{activated, free(Fact, "Decrement count for %s negotiating", side)}
	case ikev2.GivenUp:
		return []Line{free(Fact, "Negotiating SA request deleted")}
	case ikev2.Released:
		return []Line{free(Fact, "Decrement count for %s negotiating", side)}
	}
	return []Line{free(Error, "New ikev2 sa request rejected: negotiation limit reached")}
}

func natLines(_ View, b ikev2.NATChecked) []Line {
	matched := func(who string, ok bool) Line {
		if ok {
			return about(b.SA, Fact, "%s address matched", who)
		}
		return about(b.SA, Fact, "%s address not matched", who)
	}
	found := "No NAT found"
	switch {
	case !b.Destination:
		found = "Host is located NAT inside"
	case !b.Source:
		found = "Host is located NAT outside"
	}
	return []Line{
		about(b.SA, Fact, "Process NAT discovery notify"),
		about(b.SA, Fact, "Processing nat detect src notify"), matched("Remote", b.Source),
		about(b.SA, Fact, "Processing nat detect dst notify"), matched("Local", b.Destination),
		about(b.SA, Fact, "%s", found),
	}
}

func floatedLines(_ View, b ikev2.PortsFloated) []Line {
	init, resp := b.Local.Port(), b.Remote.Port()
	if !b.Initiator {
		init, resp = resp, init
	}
	return []Line{about(b.SA, Fact, "NAT detected float to init port %d, resp port %d", init, resp)}
}

func configDataLines(_ View, b ikev2.ConfigData) []Line {
	switch {
	case b.Initiator && b.Asked:
		return []Line{free(Internal, "Sending config data to toolkit")}
	case b.Initiator:
		return nil
	case b.Asked:
		return []Line{free(Fact, "Error constructing config reply"), free(Internal, noConfig)}
	}
	return []Line{free(Internal, noConfig)}
}

func identifiedLines(_ View, b ikev2.PeerIdentified) []Line {
	if b.Initiator {
		return nil
	}
	return []Line{about(b.SA, Fact, "Received valid parameteres in process id")}
}

func extensionLines(_ View, b ikev2.ExtensionAgreed) []Line {
	switch b.Notify {
	case wire.IKEV2_FRAGMENTATION_SUPPORTED:
		return []Line{about(b.SA, Fact, "IETF Fragmentation is enabled")}
	case wire.CHILDLESS_IKEV2_SUPPORTED:
		return []Line{about(b.SA, Fact, "Childless exchange is enabled")}
	}
	return []Line{about(b.SA, Fact, "Cisco DeleteReason Notify is enabled")}
}
