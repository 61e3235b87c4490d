package house

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What goes wrong in the field, and what went wrong here, each beside what shows
// it: a scenario by its file's name, or a test as PACKAGE.NAME.

// known is one of them. Later says what it waits for; it has no witness then.
type known struct {
	what      string
	witnesses string
	later     string
}

// families are the ways in which tunnels fail that people ask for help with.
var families = []known{
	{"IKE proposals differ", "failures", ""},
	{"ESP proposals differ", "failures", ""},
	{"the first guess at a group is wrong", "guess", ""},
	{"PFS differs: the tunnel dies at its first rekey", "pfs, ikev2.TestPFS", ""},
	{"the pre-shared key differs, or those of both directions are swapped", "failures, tests.TestReasonsOnBothEnds", ""},
	{"the identity differs, no profile matches", "failures, identities", ""},
	{"the certificate's name is not the identity", "certificates", ""},
	{"a CA is missing or expired", "certificates", ""},
	{"EAP methods differ", "", "EAP"},
	{"selectors differ", "failures, ikev2.TestNarrowing", ""},
	{"UDP port 500 is blocked, or the peer's address is wrong", "blocked, elsewhere", ""},
	{"IKE_SA_INIT passes and IKE_AUTH does not: port 4500 is blocked, or it is too long", "port-4500, too-long", ""},
	{"two clients behind one NAT", "one-nat", ""},
	{"a path MTU that nobody knows", "mtu", ""},
	{"an ICV that one end cannot verify", "esp, router.TestBadESP", ""},
	{"the peer starts anew, without dead peer detection", "no-dpd, reload, spi-recovery", ""},
	{"both ends initiate or rekey at once", "both-begin, ikev2.TestCollisions, ikev2.TestBothEndsInitiate", ""},
	{"no route to the tunnel: SAs are up, one counter stays", "route", ""},
	{"an address pool or a configuration payload", "flex-pool, ikev2.TestNoAddressLeft", ""},
	{"transport mode and tunnel mode", "transport-declined", ""},
	{"a limit of SAs, cookies that are asked for", "limits, cookies, ikev2.TestLimitOfOutgoing", ""},
	{"fragments: of RFC 7383 on one end only", "fragments-agreed, fragments", ""},
	{"a NAT that rebinds, a mapping that ends", "nat-rebind, nat-timeout", ""},
	{"a CRL that nobody reaches, a certificate that is not valid yet", "certificates", ""},
	{"two customers have the same networks: VRFs, in front and inside", "vrfs, vrfs-ipv6, map-vrfs", ""},
	{"a source address that a provider's router advertises: IPv6", "advertised", ""},
	{"lifetimes and idle times differ, a clock is wrong", "lifetimes, idle, clock", ""},
}

// formerFaults are those that were found in this project before it had scenarios.
var formerFaults = []known{
	{"an ESP SPI of 0 to 255 ends the process", "ikev2.TestReservedSPIs, tests/house.TestPanics", ""},
	{"a successor made under a dying IKE SA lives on", "clear, ikev2.TestClearDuringOwnRekey", ""},
	{"Deletes of pairs are lost around a rekey of the IKE SA", "ikev2.TestExplore, ikev2.TestCollisions", ""},
	{"both ends disagree who deletes a duplicate", "both-begin, ikev2.TestNothingGoesInSilence", ""},
	{"pairs without limit, a Delete too long", "ikev2.TestChildrenHaveALimit, topologies/rogue.TestCases", ""},
	{"a pair that was deleted before it was there is installed", "ikev2.TestDeletedBeforeItIsInstalled", ""},
	{"a refused rekey condemns the pair", "pfs, ikev2.TestRefusedRekeyMayComeAgain", ""},
	{"one forged notify ends an attempt", "forged-notify, ikev2.TestForgedRefusalOfInit", ""},
	{"spoofed packets keep newcomers out, a peer's cookie is no answer", "cookies, ikev2.TestFloodOfRequests, ikev2.TestCookieFromThePeer", ""},
	{"silence where an answer is due", "ikev2.TestUnknownCriticalPayloadInInit, ikev2.TestMajorVersion, ikev2.TestUnknownExchange, rogue", ""},
	{"a double rekey leaves two pairs, an expired pair backs off", "ikev2.TestSimultaneousRekeys, ikev2.TestChildNotFound", ""},
	{"a pre-shared key is used that is not configured", "unauthenticated, ikev2.TestNoKeyThatIsNotConfigured", ""},
	{"a pair of a second tunnel is installed under the first", "one-nat, ikev2.TestTwoTunnelsToOnePeer", ""},
	{"ids only grow", "ikev2.TestIDsAreUsedAgain", ""},
	{"retransmissions are counted as drops", "ikev2.TestRetransmissionsAreNotDrops", ""},
	{"the loser of two initiations goes in silence", "both-begin, ikev2.TestBothEndsInitiate, ikev2.TestPeerCameBack", ""},
	{"the second pair under an IKE SA cuts off the first", "ikev2.TestTwoNetworksUnderOneSA", ""},
	{"what a peer sends at once on a new pair is lost", "rekeys, router.TestPeerThatSendsAtOnceLosesNothing", ""},
	{"a loop with duplication exhausts memory", "loop, topologies/lab.TestLoopEnds", ""},
	{"loading takes quadratic time", "iosconfig/rows.TestLargeFiles, router/ip.TestManyRoutesAndPorts", ""},
	{"key files that others can read, keys that are kept for ever", "cmd/ikelab/internal/files.TestFilesArePrivate, topologies/lab.TestKeysAreForgotten", ""},
	{"endless files, byte order marks, banners without end, too many files", "topologies.TestFilesHaveALimit, topologies.TestByteOrderMark, iosconfig/rows.TestBanners, cmd/ikelab/internal/files.TestConsolesOpenOneFile", ""},
	{"a terminal without columns, a race under a flood", "cmd/ikelab.TestTerminalOfAnyWidth, cmd/ikelab.TestFloodWhileTyping", ""},
	{"Ctrl-D ends the lab", "cmd/ikelab.TestCtrlDDoesNothing", ""},
	{"a corrupted ARP reply stays", "corrupt, router/ip.TestCorruptedARPReplyIsNotBelieved", ""},
	{"a lab with a door to the outside uses a seed in silence", "topologies/scenario.TestSeedOrEntropy", ""},
	{"filters with an underscore, or a pattern that is none", "operator, router/shell.TestUnderscore, router/shell.TestBadPatterns", ""},
	{"? behind do, show alone, keys at --More--", "router/shell.TestHelpBehindDo, router/shell.TestShowAlone, router/shell.TestKeysAtMore", ""},
	{"write memory keeps nothing, secrets in clear, banners", "operator, reload, router/shell.TestSaving, router/shell.TestEnableSecret, router/shell.TestBannerIsText", ""},
	{"names that mean nothing, deletion of what is in use", "names, iosconfig/rows.TestDanglingNames, iosconfig/rows.TestDeleteWhatIsInUse", ""},
	{"kinds of tunnel that are accepted and dead", "gre, transport-declined, iosconfig/rows.TestWithoutEffect", ""},
	{"GigabitEthernet1 can be cabled and not configured", "xe-ports", ""},
	{"a tunnel through itself", "gre-clear", ""},
	{"debug loses the reason", "failures, tests.TestReasonsOnBothEnds, tests.TestCrossingIsNoFailure", ""},
	{"an initiator that rejects the responder's identity", "failures, ikev2.TestWrongKeyAtTheInitiator", ""},
	{"screens without lines that parsers need", "router/show.TestLinesThatParsersNeed, router/show.TestOrderOfSAs", ""},
	{"show crypto session of an unprotected tunnel, spellings of domain lookup", "xe-ports, iosconfig/rows.TestDomainSpellings, iosconfig/rows.TestServiceTimestamps", ""},
	{"clear traffic for a protected network is accepted", "router/crypto.TestClearTextFromProtectedNetwork, router.TestClearTextFromProtectedNetworkIsDropped", ""},
	{"exec: names, verbs, dialogues, pages, limits; check is mute", "topologies/scenario.TestHostNameNames, topologies/scenario.TestLinkIsAVerb, topologies/scenario.TestQuestionsWait, topologies/scenario.TestPagesTurnThemselves, topologies/scenario.TestLimitIsTold, cmd/ikelab.TestCheck, cmd/ikelab.TestVersion", ""},
	{"one console at a time, a log that holds nothing", "cmd/ikelab.TestRunWithoutTerminal, router/shell.TestLogBufferIsBounded", ""},
	{"the README and the lab prompt, as a newcomer meets them", "cmd/ikelab.TestReadmeListsEveryCommand, cmd/ikelab.TestKeysAtTheLabPrompt, cmd/ikelab.TestMessagesSpeakOfNoPackage", ""},
	{"nothing wakes an idle tunnel that another one travels in", "nested-idle, router/crypto.TestIdleTimeOfAnOuterTunnel", ""},
	{"a pair that the peer refuses keeps the others of its line waiting", "router/crypto.TestOnePairOfSeveralRefused", ""},
	{"later fragments of ESP are taken for clear text by what watches the wire", "topologies/fault.TestPiecesAreWhatTheWholeIs", ""},
	{"real configurations are refused: routing protocols, DMVPN, VRF, PKI", "tests.TestConfigurationsLoadWhole, vrfs, certificates", ""},
	{"a source of the link alone, where the next hop is known by such an address", "advertised, router/ip.TestAutoconfiguration", ""},
	{"what a crypto map unpacks for a VRF goes by the global table", "map-vrfs, router/ip.TestUnpackedIntoAVRF", ""},
	{"1280 octets of IPv6 do not get through a tunnel with less room", "ipv6-narrow, router/crypto.TestShortPacketsOfIPv6MayBeCutOutside", ""},
	{"what a FlexVPN hub clones loses the mode of its template", "flexvpn-ipv6", ""},
	{"a device or a pipe that an output is named after is replaced, a standard output that takes nothing passes for success", "cmd/ikelab/internal/files.TestDevicesAndPipesStay, cmd/ikelab.TestFullOutput", ""},
	{"an entry of a crypto map keeps the address of an interface that has gone", "router.TestMapsFollowTheirAddress", ""},
	{"a name with a comma in it passes for another, many names cost their square", "ikev2/pki.TestNamesAreComparedByTheirParts, ikev2/pki.TestManyNamesInACertificate", ""},
}

// TestKnownTroubles: each has a witness that exists, or waits for something.
func TestKnownTroubles(t *testing.T) {
	have := testNames(t)
	for _, list := range [][]known{families, formerFaults} {
		for _, k := range list {
			require.NotEqual(t, k.witnesses == "", k.later == "", k.what)
			for _, w := range strings.Split(k.witnesses, ", ") {
				require.True(t, w == "" || have[w] || have["scenario/"+w], "%s: there is no %s", k.what, w)
			}
		}
	}
	require.Len(t, families, 27)
	require.Len(t, formerFaults, 52)
}
