package debug

import (
	"fmt"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/words"
)

// What the newer generation says of what a negotiation finds and decides.

// internally are the lines of 15.1's default level that the newer generation keeps for
// its internal one.
func internally[B any](lines func(View, B) []Line) func(View, B) []Line {
	return func(v View, b B) []Line {
		list := lines(v, b)
		for i := range list {
			list[i].Class = Internal
		}
		return list
	}
}

func xeKeyLookupLines(_ View, b ikev2.KeyLookup) []Line {
	if b.Keyring == "" || b.Again {
		return nil
	}
	lines := []Line{free(Fact, "%% Getting preshared key from profile keyring %s", b.Keyring)}
	if b.By != ikev2.ByNothing {
		lines = append(lines, free(Fact, "%% Matched peer block '%s'", b.Peer))
	}
	return lines
}

func xeProfileLookupLines(v View, b ikev2.ProfileLookup) []Line {
	if b.By != ikev2.ByIdentity {
		if b.Found {
			return nil
		}
		return profileLookupLines(v, b)
	}
	lines := []Line{about(b.SA, Fact, "Searching policy based on peer's identity '%s' of type '%s'",
		words.Identity(b.Identity.Kind, b.Identity.Data), words.Named(idTypeNames, b.Identity.Kind))}
	switch {
	case !b.Found:
		return append(lines, profileLookupLines(v, b)...)
	case !b.Initiator:
		lines = append(lines, free(Fact, "found matching IKEv2 profile '%s'", b.Profile))
	}
	return lines
}

func xePolicyLookupLines(_ View, b ikev2.PolicyLookup) []Line {
	lines := []Line{free(Fact, "Searching Policy with fvrf 0, local address %v", b.Local)}
	if b.Policy == iosconfig.DefaultName {
		lines = append(lines, free(Fact, "Using the Default Policy for Proposal"))
	}
	if !b.Usable {
		return append(lines, about(b.SA, Error, notInDatabase))
	}
	lines = append(lines, free(Fact, "Found Policy '%s'", b.Policy))
	for _, name := range b.Proposals {
		lines = append(lines, free(Internal, "Adding Proposal %s to toolkit policy", name))
	}
	return lines
}

func xeNATLines(_ View, b ikev2.NATSettled) []Line {
	found := "NAT not found"
	switch {
	case b.NATInside:
		found = "NAT INSIDE found"
	case b.NAT:
		found = "NAT OUTSIDE found"
	}
	return []Line{about(b.SA, Fact, "Checking NAT discovery"), about(b.SA, Fact, "%s", found)}
}

func xeExtensionLines(v View, b ikev2.ExtensionAgreed) []Line {
	if b.Notify != 0 {
		return extensionLines(v, b)
	}
	return internally(extensionLines)(v, b)
}

func xeComputingLines(_ View, b ikev2.Computing) []Line {
	what := "public"
	if b.Secret {
		what = "secret"
	}
	return []Line{about(b.SA, Fact, "[IKEv2 -> Crypto Engine] Computing DH %s key, DH Group %d", what, uint16(b.Group))}
}

// xeProvingLines: whose key, and how long it is, but never the key.
func xeProvingLines(_ View, b ikev2.Proving) []Line {
	id := words.Identity(b.Identity.Kind, b.Identity.Data)
	method := words.Named(authNames, b.Method)
	switch {
	case b.Step == ikev2.ProofData:
		return []Line{
			about(b.SA, Fact, "Use preshared key for id %s, key len %d", id, b.KeyLen),
			free(Fact, "[IKEv2 -> Crypto Engine] Generate IKEv2 authentication data"),
			free(Fact, "[Crypto Engine -> IKEv2] IKEv2 authentication data generation PASSED"),
		}
	case b.Step == ikev2.ProofKey:
		return []Line{about(b.SA, Fact, "Get peer's preshared key for %s", id)}
	case b.Peer:
		return []Line{about(b.SA, Fact, "Peer's authentication method is '%s'", method)}
	}
	return []Line{about(b.SA, Fact, "Get my authentication method"), about(b.SA, Fact, "My authentication method is '%s'", method)}
}

func xeAuthenticatedLines(_ View, b ikev2.Authenticated) []Line {
	if !b.Verified {
		return nil
	}
	return []Line{about(b.SA, Fact, "Verification of peer's authenctication data PASSED")} // as XE spells it
}

// xeAttributes are the attributes that are told; the others are for a client.
var xeAttributes = map[wire.CPAttrType]string{
	wire.APPLICATION_VERSION: "app-version", 28672: "banner", 28674: "def-domain", 28675: "split-dns", 28681: "backup-gateway", 28692: "config-url",
}

func xeConfigDataLines(_ View, b ikev2.ConfigData) []Line {
	switch {
	case !b.Asked:
		return nil
	case !b.Initiator:
		return []Line{about(b.SA, Error, ": Error constructing config reply")}
	}
	lines := []Line{free(Fact, "Config data to send:"), about(b.SA, Fact, "Config-type: Config-request ")}
	for _, a := range b.Attributes {
		name, told := xeAttributes[a.Type]
		if !told {
			continue
		}
		text := fmt.Sprintf("Attrib type: %s, length: %d", name, len(a.Value))
		if len(a.Value) > 0 {
			text += ", data: " + strings.TrimRight(string(a.Value), "\x00")
		}
		lines = append(lines, about(b.SA, Fact, "%s", text))
	}
	return append(lines, about(b.SA, Fact, "Have config mode data to send"))
}

// xeUpLines: the MIB's index is the lowest that is free, as the id of the SA is.
func xeUpLines(_ View, b ikev2.SAUp) []Line {
	id := func(i ikev2.Identity) string { return words.Identity(i.Kind, i.Data) }
	lines := []Line{
		about(b.SA, Fact, "IKEV2 SA created; inserting SA into database. SA lifetime timer (%d sec) started", words.Seconds(b.Info.Lifetime)),
		about(b.SA, Fact, "Session with IKE ID PAIR (%s, %s) is UP", id(b.Info.RemoteID), id(b.Info.LocalID)),
		free(Fact, "IKEv2 MIB tunnel started, tunnel index %d", b.SA.ID),
	}
	if b.Info.DPD.Interval > 0 {
		lines = append(lines, about(b.SA, Fact, "Initializing DPD, configured for %d seconds", words.Seconds(b.Info.DPD.Interval)))
	}
	return lines
}

func xeChildAddedLines(_ View, b ikev2.AddChild) []Line {
	return []Line{spoken(engine, b.IKE, Fact, "[IKEv2 -> IPsec] Create IPsec SA into IPsec database")}
}

func xePairLoadedLines(_ View, b ikev2.PairLoaded) []Line {
	return []Line{spoken(engine, b.SA, Fact, "[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED")}
}

func xeSALifeLines(v View, b ikev2.SALife) []Line {
	if b.CEID != 0 {
		return nil
	}
	return saLifeLines(v, b)
}

func xeInitialContactLines(_ View, b ikev2.InitialContact) []Line {
	return []Line{about(b.SA, Fact, "Processing INITIAL_CONTACT")}
}

func xeDeleteReceivedLines(v View, b ikev2.DeleteReceived) []Line {
	lines := deleteReceivedLines(v, b)
	if b.Protocol == wire.ProtoIKE {
		lines = append(lines, about(b.SA, Fact, "Check for existing active SA"), about(b.SA, Fact, "%s", deleteAll))
	}
	return lines
}
