package debug

import (
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/debug/sentence"
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
	lines := []Line{free(Fact, sentence.KeyByKeyring, b.Keyring)}
	if b.By != ikev2.ByNothing {
		lines = append(lines, free(Fact, sentence.PeerBlock, b.Peer))
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
	lines := []Line{about(b.SA, Fact, sentence.PeerIdentity,
		words.Identity(b.Identity.Kind, b.Identity.Data), words.Named(idTypeNames, b.Identity.Kind))}
	switch {
	case !b.Found:
		return append(lines, profileLookupLines(v, b)...)
	case !b.Initiator:
		lines = append(lines, free(Fact, sentence.ProfileMatched, b.Profile))
	}
	return lines
}

func xePolicyLookupLines(_ View, b ikev2.PolicyLookup) []Line {
	lines := []Line{free(Fact, sentence.PolicyWanted, b.VRF, b.Local)}
	if b.Policy == iosconfig.DefaultName {
		lines = append(lines, free(Fact, sentence.PolicyDefault))
	}
	if !b.Usable {
		return append(lines, about(b.SA, Error, sentence.NotFound))
	}
	lines = append(lines, free(Fact, sentence.PolicyFound, b.Policy))
	for _, name := range b.Proposals {
		lines = append(lines, free(Internal, sentence.ProposalAdded, name))
	}
	return lines
}

func xeNATLines(_ View, b ikev2.NATSettled) []Line {
	found := sentence.XENATNone
	switch {
	case b.NATInside:
		found = sentence.XENATInside
	case b.NAT:
		found = sentence.XENATOutside
	}
	return []Line{about(b.SA, Fact, sentence.NATChecked), about(b.SA, Fact, found)}
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
	if b.Group.Encapsulates() {
		return []Line{about(b.SA, Fact, sentence.OtherMethod, what, words.Group(b.Group))}
	}
	return []Line{about(b.SA, Fact, sentence.DHGroup, what, uint16(b.Group))}
}

// xeProvingLines: whose key, and how long it is, but never the key.
func xeProvingLines(_ View, b ikev2.Proving) []Line {
	id := words.Identity(b.Identity.Kind, b.Identity.Data)
	method := words.Named(authNames, b.Method)
	if b.With != "" {
		method = b.With
	}
	switch {
	case b.With != "PSK" && b.Step != ikev2.ProofMethod:
		return xeSigningLines(b)
	case b.Step == ikev2.ProofData:
		return []Line{
			about(b.SA, Fact, sentence.KeyUsed, id, b.KeyLen),
			free(Fact, sentence.AuthGenerates),
			free(Fact, sentence.AuthGenerated),
		}
	case b.Step == ikev2.ProofKey:
		return []Line{about(b.SA, Fact, sentence.PeerKey, id)}
	case b.Peer:
		return []Line{about(b.SA, Fact, sentence.PeerMethod, method)}
	}
	return []Line{about(b.SA, Fact, sentence.MethodWanted), about(b.SA, Fact, sentence.MyMethod, method)}
}

// xeSigningLines: a signature is made with the certificate of a trustpoint.
func xeSigningLines(b ikev2.Proving) []Line {
	switch {
	case b.Step != ikev2.ProofData:
		return nil
	case b.Peer:
		return []Line{free(Fact, sentence.VerifiesData)}
	}
	return []Line{
		about(b.SA, Fact, sentence.Trustpoint, b.Trustpoint), about(b.SA, Fact, sentence.TrustpointHas),
		free(Fact, sentence.AuthGenerates), free(Fact, sentence.AuthGenerated), about(b.SA, Fact, sentence.Signs),
	}
}

func xeAuthenticatedLines(_ View, b ikev2.Authenticated) []Line {
	if !b.Verified {
		return nil
	}
	if b.With != "PSK" && b.With != "" {
		return []Line{free(Fact, sentence.VerifiedData)}
	}
	return []Line{about(b.SA, Fact, sentence.AuthVerified)} // as XE spells it
}

// xeAttributes are the attributes that are told; the others are for a client.
var xeAttributes = map[wire.CPAttrType]string{
	wire.INTERNAL_IP4_ADDRESS: "ipv4-addr", wire.INTERNAL_IP4_NETMASK: "ipv4-netmask", wire.INTERNAL_IP4_SUBNET: "ipv4-subnet",
	wire.APPLICATION_VERSION: "app-version", wire.UNITY_BANNER: "banner", wire.UNITY_DEF_DOMAIN: "def-domain",
	wire.UNITY_SPLITDNS_NAME: "split-dns", wire.UNITY_BACKUP_SERVERS: "backup-gateway", wire.CISCO_CONFIG_URL: "config-url",
}

func xeConfigDataLines(_ View, b ikev2.ConfigData) []Line {
	switch {
	case !b.Asked:
		return nil
	case !b.Initiator && len(b.Attributes) == 0:
		return []Line{about(b.SA, Error, sentence.XEConfigReply)}
	}
	kind := "Config-request"
	if !b.Initiator {
		kind = "Config-reply"
	}
	lines := []Line{free(Fact, sentence.ConfigToSend), about(b.SA, Fact, sentence.ConfigType, kind)}
	for _, a := range b.Attributes {
		name, told := xeAttributes[a.Type]
		if !told || a.Type == wire.INTERNAL_IP4_SUBNET && len(a.Value) == 0 { // asked for each time, and not told
			continue
		}
		line := about(b.SA, Fact, sentence.AttributeEmpty, name, len(a.Value))
		if len(a.Value) > 0 {
			line = about(b.SA, Fact, sentence.AttributeData, name, len(a.Value), attributeText(a))
		}
		lines = append(lines, line)
	}
	return append(lines, about(b.SA, Fact, sentence.ConfigHere))
}

// attributeText is the value of an attribute: addresses, or a text.
func attributeText(a wire.CPAttribute) string {
	switch {
	case a.Type == wire.INTERNAL_IP4_SUBNET && len(a.Value) == 8:
		return addrText(a.Value[:4]) + " " + addrText(a.Value[4:])
	case a.Type < wire.APPLICATION_VERSION && len(a.Value) == 4:
		return addrText(a.Value)
	}
	return strings.TrimRight(string(a.Value), "\x00")
}

func addrText(octets []byte) string {
	a, _ := netip.AddrFromSlice(octets)
	return a.String()
}

// xeUpLines: the MIB's index is the lowest that is free, as the id of the SA is.
func xeUpLines(_ View, b ikev2.SAUp) []Line {
	id := func(i ikev2.Identity) string { return words.Identity(i.Kind, i.Data) }
	lines := []Line{
		about(b.SA, Fact, sentence.Created, words.Seconds(b.Info.Lifetime)),
		about(b.SA, Fact, sentence.SessionUp, id(b.Info.RemoteID), id(b.Info.LocalID)),
		free(Fact, sentence.MIBStarted, b.SA.ID),
	}
	if b.Info.DPD.Interval > 0 {
		lines = append(lines, about(b.SA, Fact, sentence.DPDBegun, words.Seconds(b.Info.DPD.Interval)))
	}
	return lines
}

func xeChildAddedLines(_ View, b ikev2.AddChild) []Line {
	return []Line{spoken(engine, b.IKE, Fact, sentence.PairWanted.Say())}
}

func xePairLoadedLines(_ View, b ikev2.PairLoaded) []Line {
	return []Line{spoken(engine, b.SA, Fact, sentence.PairCreated.Say())}
}

func xeSALifeLines(v View, b ikev2.SALife) []Line {
	if b.CEID != 0 {
		return nil
	}
	return saLifeLines(v, b)
}

func xeInitialContactLines(_ View, b ikev2.InitialContact) []Line {
	return []Line{about(b.SA, Fact, sentence.XEContactSeen)}
}

func xeDeleteReceivedLines(v View, b ikev2.DeleteReceived) []Line {
	lines := deleteReceivedLines(v, b)
	if b.Protocol == wire.ProtoIKE {
		lines = append(lines, about(b.SA, Fact, sentence.OthersActive), about(b.SA, Fact, sentence.AllDeleted))
	}
	return lines
}
