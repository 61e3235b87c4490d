package debug

import (
	"reflect"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/cluster"
	"ikelab/router/crypto"
	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/ntp"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/router/track"
)

// Kind is a kind of record.
type Kind struct {
	Body   record.Body // its type: an empty body
	What   string      // what it says, in a line
	Secret bool        // it holds keys: for captures' key tables, never for a file unless asked for
	family family
	text   func(View, record.Body) []Line // nil: only machines read it
	newer  func(View, record.Body) []Line // of XE 17; nil: as text
}

// family is the debug that a kind's lines belong to.
type family uint8

const (
	silent family = iota
	ike
	keyEngine
	system
	internet
)

// says makes a row of the registry. A body that is a pointer is registered as
// such.
func says[B record.Body](f family, what string, text func(View, B) []Line) Kind {
	var body B
	k := Kind{Body: body, What: what, family: f}
	if text != nil {
		k.text = func(v View, b record.Body) []Line { return text(v, b.(B)) }
	}
	return k
}

// apart makes a row whose records the newer generation tells in its own words.
func apart[B record.Body](f family, what string, text, newer func(View, B) []Line) Kind {
	k := says(f, what, text)
	k.newer = func(v View, b record.Body) []Line { return newer(v, b.(B)) }
	return k
}

// quiet is a row whose records are for machines.
func quiet[B record.Body](what string) Kind { return says[B](silent, what, nil) }

// nothing is what 15.1 says of records that only the newer generation tells.
func nothing[B record.Body](View, B) []Line { return nil }

func secret(k Kind) Kind {
	k.Secret = true
	return k
}

// kinds is the registry: every kind of record that a router emits.
var kinds = []Kind{
	apart(ike, "the runner entered an event in a state", stepLines, xeStepLines),
	apart(ike, "a datagram was taken off the queue", arrivedLines, internally(arrivedLines)),
	apart(ike, "a message is about to leave", func(_ View, b ikev2.MessageBuilt) []Line { return built(b.SA, b.Message) }, xeBuilt),
	apart(ike, "a message was opened and parsed", func(_ View, b ikev2.MessageParsed) []Line { return parsed(b.SA, b.Message) }, xeParsed),
	apart(ike, "a request leaves once more", nothing[ikev2.MessageRepeated], xeRepeatedRequest),
	says(ike, "a fragment of a message is about to leave", func(_ View, b ikev2.FragmentBuilt) []Line { return fragment(b) }),
	says(ike, "a fragment of a message was verified", func(_ View, b ikev2.FragmentArrived) []Line { return fragment(b.FragmentBuilt) }),
	apart(ike, "the keys of a peer were looked up", keyLookupLines, xeKeyLookupLines),
	apart(ike, "the profile of a peer was looked up", profileLookupLines, xeProfileLookupLines),
	apart(ike, "the proposals for a local address were looked up", policyLookupLines, xePolicyLookupLines),
	quiet[ikev2.ProposalChosen]("an offer and ours have this in common"),
	apart(ike, "a negotiation was admitted, has made an SA or has not", admissionLines, internally(admissionLines)),
	quiet[ikev2.Strayed]("an ESP packet came under an SPI that we do not have, and the peer is told"),
	says(ike, "a request came while cookies are asked for", cookieCheckedLines),
	says(ike, "the responder wants a cookie back", cookieWantedLines),
	says(ike, "a redirect came, and is followed or not", redirectHeardLines),
	says(ike, "a client is sent to another gateway", redirectSentLines),
	apart(ike, "whether it is asked where a client goes that has proved who it is", redirectCheckedLines, internally(redirectCheckedLines)),
	quiet[ikev2.Redirected]("an entry goes to another gateway, or back to the one that it is configured for"),
	apart(ike, "the hashes of NAT detection were compared", natLines, internally(natLines)),
	apart(ike, "whether a NAT is on the way of an SA is settled", nothing[ikev2.NATSettled], xeNATLines),
	says(ike, "an SA goes over to the ports of NAT traversal", floatedLines),
	quiet[ikev2.PeerMoved]("the peer of an SA has another address or port"),
	apart(ike, "both ends know an extension", extensionLines, xeExtensionLines),
	apart(ike, "the place of configuration data in IKE_AUTH", configDataLines, xeConfigDataLines),
	apart(ike, "the policy by which a peer gets what it asks for", authorizedLines, xeAuthorizedLines),
	says(ike, "an address of a pool is given to a peer, or comes back", leasedAddressLines),
	says(ike, "a pool has no address for a peer", refusedAddressLines),
	quiet[ikev2.AddressUnfit]("an address that a tunnel was given is in another interface's network"),
	quiet[ikev2.PeerChosen]("a FlexVPN client tries another of its peers"),
	says(system, "a FlexVPN client has its tunnel up, or has it no more", connectedLines),
	quiet[ikev2.MakeAccess]("an entry was made for a peer, and its interface is cloned"),
	quiet[ikev2.DropAccess]("an entry that was made for a peer goes, with its interface"),
	quiet[ikev2.Configured]("what configuration payloads have settled for an entry"),
	quiet[ikev2.Unconfigured]("what configuration payloads had settled for an entry holds no more"),
	apart(ike, "the peer says who it is", identifiedLines, internally(identifiedLines)),
	apart(ike, "a key exchange is being computed", nothing[ikev2.Computing], xeComputingLines),
	apart(ike, "the proof of who an end is goes on", nothing[ikev2.Proving], xeProvingLines),
	says(ike, "whether a post-quantum preshared key is part of the keys is settled", ppkLines),
	quiet[ikev2.CertificatesReceived]("the peer has sent certificates"),
	apart(system, "the peer's certificate was judged", judgedLines, xeJudgedLines),
	apart(ike, "the peer's AUTH data was verified", nothing[ikev2.Authenticated], xeAuthenticatedLines),
	apart(ike, "IPsec has loaded the keys of a pair", pairLoadedLines, xePairLoadedLines),
	says(ike, "a pair was to be in transport mode, and is in tunnel mode", modeDeclinedLines),
	says(ike, "another SA for the same entry was looked for", duplicateLines),
	apart(ike, "the peer has forgotten an SA", initialContactLines, xeInitialContactLines),
	apart(ike, "the id of a request was compared with the window", windowCheckedLines, internally(windowCheckedLines)),
	apart(ike, "a window has moved", windowMovedLines, internally(windowMovedLines)),
	says(ike, "a request waits for the peer's window", requestQueuedLines),
	says(ike, "SAs were asked for that are being negotiated", negotiatingLines),
	says(ike, "the responder wants another group", groupRefusedLines),
	says(ike, "a rekey of ours begins", rekeyingLines),
	says(ike, "an IKE SA is to be deleted", deleteQueuedLines),
	apart(ike, "the peer deletes", deleteReceivedLines, xeDeleteReceivedLines),
	says(ike, "the peer asks whether we live", livenessLines),
	says(ike, "the peer tells an error", errorHeardLines),
	apart(ike, "what is wrong with an exchange", faultLines, xeFaultLines),
	says(ike, "a datagram had no effect on any SA", refusedLines),
	says(ike, "a message came again", repeatedLines),
	says(system, "somebody else has an address of the router", duplicateAddressLines),
	says(system, "an access list tells of packets that met a line with `log`", accessLoggedLines),
	says(system, "an access list had more conversations to tell of than it tells apart", accessMissedLines),
	says(system, "the way to a tunnel's destination leads through the tunnel", recursiveLines),
	says(system, "an exchange came to nothing, and why", failureLines),
	apart(ike, "an unprotected message claims that an exchange fails", hintLines, xeHintLines),
	apart(ike, "a step in the life of an IKE SA", saLifeLines, xeSALifeLines),
	quiet[ikev2.ChildLife]("a step in the life of a pair"),
	quiet[ikev2.Collision]("a step of the rekeys of an IKE SA or a pair"),
	secret(quiet[ikev2.Keys]("the keys of a new IKE SA")),
	apart(ike, "an IKE SA is up", nothing[ikev2.SAUp], xeUpLines),
	quiet[ikev2.SADown]("an IKE SA that was up has ended"),
	says(system, "an entry of the SPD has its first pair", entryUpLines),
	says(system, "an entry of the SPD has no pair, and why", entryDownLines),
	secret(quiet[ikev2.Send]("the engine sends a datagram")),
	secret(apart(ike, "the engine has negotiated a pair", childAddedLines, xeChildAddedLines)),
	quiet[ikev2.CloseChild]("the peer is being told to close a pair, on which nothing more is sent where another can take over"),
	quiet[ikev2.ExpectChild]("the peer may send on a pair that it is asked for"),
	quiet[ikev2.DeleteChild]("the engine gives up a pair"),
	quiet[ikev2.MoveChild]("the peer of a pair has another address or port"),
	quiet[ikev2.Keepalive]("an octet keeps the mapping of a NAT"),
	quiet[ikev2.StartJob]("a computation that takes time begins"),

	says(system, "an interface came up or went down", linkLines),
	says(system, "an interface carries packets, or no more", lineProtocolLines),
	says(internet, "a route came into the table, or left it", routeLines),
	quiet[ip.NeighbourChanged]("a neighbour's address was learned or forgotten"),
	says(internet, "a packet went no further", droppedLines),

	quiet[nat.Mapped]("an endpoint inside has a port outside"),
	quiet[nat.Unmapped]("a mapping has ended"),
	quiet[nat.Refused]("a packet was not translated and goes no further"),

	says(internet, "a message of NTP was sent, or taken", ntpSaidLines),
	quiet[ntp.Refused]("a message of NTP has no effect on the clock"),
	says(system, "NTP begins, or ends", ntpStartedLines),
	says(system, "a server of NTP answers, or does no more", ntpReachableLines),
	says(system, "the clock follows a server of NTP, or the router's own oscillator", ntpFollowedLines),
	says(system, "the clock follows nothing any more", ntpLostLines),
	says(system, "a server of NTP has set the clock", ntpSteppedLines),
	says(internet, "a message of DHCP was sent, or taken", messageLines),
	says(system, "an interface has been given an address, or has it for longer", leasedLines),
	quiet[dhcp.Lost]("an interface has the address no more that it was given"),
	says(internet, "a server gives an address, or gives it for longer", givenLines),
	says(system, "an address that was given may be given again, or somebody else has it", freedLines),
	quiet[dhcp.Unanswered]("a server has no answer to a client"),

	says(system, "something leads a group of HSRP to another state", standbyEventLines),
	says(system, "a group of HSRP has another state at the router", standbyChangedLines),
	says(system, "a router of a group of HSRP is active or standby, or no more", standbyElectedLines),
	says(internet, "a message of HSRP was sent, or taken", standbySaidLines),
	says(system, "a message of HSRP has no effect", standbyRefusedLines),
	says(system, "the active router of a group of HSRP has another address for it", standbyDiffersLines),
	says(system, "a tracked object gives a group of HSRP another priority", standbyWeighedLines),
	quiet[cluster.Changed]("a gateway has another role in its cluster, or another master"),
	quiet[cluster.Said]("a message of a cluster was sent, or taken"),
	quiet[cluster.Refused]("a message of a cluster has no effect"),
	quiet[cluster.Member]("the master of a cluster knows a member, or has forgotten it"),
	apart(system, "a tracked object has another state", trackedLines, xeTrackedLines),
	quiet[track.Probed]("an echo of IP SLA was answered, or was not"),

	says(system, "the first interface wants IKE, or none any more", switchedLines),
	says(keyEngine, "IKE was asked for a pair", requestedLines),
	says(keyEngine, "a pair was installed", installedLines),
	says(keyEngine, "a pair was removed", removedLines),
	quiet[crypto.Sending]("packets of an entry leave by a pair from now on"),
	quiet[crypto.WentIdle]("the pairs of an entry were idle for too long"),
	says(system, "an SA has no sequence number left, and its pair ends", exhaustedLines),
	quiet[crypto.PathNarrowed]("a router on the way to the peer has a smaller MTU"),
	quiet[crypto.Held]("a packet waits for the keys of its SA"),
	says(system, "a packet was refused for its protection", refusedPacketLines),

	apart(system, "a certificate stands in the configuration now", certificateLines, xeCertificateLines),
	says(system, "a trustpoint has not got what it asked for", notEnrolledLines),
	says(system, "a trustpoint renews its certificate", renewalLines),
	says(system, "the private key of a trustpoint's certificate is not there", keyMissingLines),
	quiet[operator.LineEntered]("a line has changed the running configuration"),
	says(system, "a line of the startup configuration was not understood", startupLines),
	says(system, "a startup configuration was read of which lines were refused", readLines),
	quiet[operator.Typed]("a line was entered on a terminal"),
	says(system, "somebody left configuration mode", configuredLines),
	says(system, "somebody set the clock", clockLines),
	says(system, "counters were cleared", clearedLines),
	says(system, "a reload was confirmed", reloadLines),
	says(system, "a reload was scheduled", scheduledLines),
	says(system, "a scheduled reload was cancelled", cancelledLines),
	says(system, "the router runs anew", restartedLines),
}

// byName is the registry by the names of the kinds.
var byName = func() map[string]*Kind {
	m := make(map[string]*Kind, len(kinds))
	for i := range kinds {
		m[kinds[i].Body.Kind()] = &kinds[i]
	}
	return m
}()

// passing are the rows of what merely passes: it is not recorded, and of no kind.
var passing = func() map[reflect.Type]*Kind {
	m := map[reflect.Type]*Kind{}
	for _, k := range []Kind{
		says(internet, "a packet waits for a neighbour of which nothing is known", neighbourWantedLines),
		says(internet, "an ARP packet was sent, or came and was heeded", arpLines),
		says(internet, "a packet was delivered here, forwarded or sent from here", passedLines),
		says(internet, "a packet was translated", translatedLines),
	} {
		m[reflect.TypeOf(k.Body)] = &k
	}
	return m
}()

// rowOf is the row of a record, or of what passes; nil: it has none.
func rowOf(b record.Body) *Kind {
	if kind := b.Kind(); kind != "" {
		return byName[kind]
	}
	return passing[reflect.TypeOf(b)]
}

// Kinds is the registry.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// Secret says whether records of a kind hold keys; one that is not registered
// counts as one that does.
func Secret(kind string) bool {
	k := byName[kind]
	return k == nil || k.Secret
}

// Wanted says whether the switches may want lines of a record: cheap, as most
// records are not.
func Wanted(b record.Body, s Switches) bool {
	switch b.(type) { // those that a negotiation is full of
	case ikev2.Send, ikev2.StartJob, ikev2.Keys:
		return false
	case *ikev2.Step, ikev2.PacketArrived, ikev2.MessageBuilt, ikev2.MessageParsed:
		if !s.anyIKE() {
			return false
		}
	}
	k := rowOf(b)
	return k != nil && k.text != nil && s.wantsFamily(k.family)
}

func (s Switches) wantsFamily(f family) bool {
	switch f {
	case ike:
		return s.anyIKE()
	case keyEngine:
		return s.IPsec
	case internet:
		return s.topics != 0
	}
	return true
}

// Render is the lines of a record that the switches want, in order.
func Render(b record.Body, s Switches, v View) []Line {
	if !Wanted(b, s) {
		return nil
	}
	k := rowOf(b)
	text := k.text
	if v.Generation == iosconfig.XE17 && k.newer != nil {
		text = k.newer
	}
	lines := text(v, b)
	kept := lines[:0]
	for _, l := range lines {
		if s.wants(l.Class, v.Generation) {
			l.Text = l.prefix(v.Generation) + l.Text
			kept = append(kept, l)
		}
	}
	return kept
}
