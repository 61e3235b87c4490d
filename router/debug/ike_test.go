package debug

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/router/debug/sentence"
	"ikelab/router/record"
)

var (
	sa  = ikev2.Ref{ID: 3, SPIi: 1, SPIr: 2}
	eth = netip.MustParseAddr("10.0.0.1")
)

// TestNegotiation: what IOS prints about a record, without the prefix.
func TestNegotiation(t *testing.T) {
	for _, row := range []struct {
		body record.Body
		want []string
	}{
		{ikev2.KeyLookup{SA: sa, Keyring: "K", Addr: eth}, []string{"IKEv2:% Getting preshared key by address 10.0.0.1"}},
		{ikev2.CookieChecked{}, []string{"IKEv2:Sending cookie notify"}},
		{ikev2.CookieChecked{Verdict: ikev2.CookieGood}, []string{"IKEv2:Received cookie notify"}},
		{ikev2.CookieWanted{SA: sa}, []string{"IKEv2:(SA ID = 3):Processing cookie notify"}},
		{ikev2.KeyLookup{SA: sa, LocalKey: true, RemoteKey: true}, nil},
		{ikev2.ProfileLookup{SA: sa, By: ikev2.ByIdentity, Profile: "P", Found: true}, []string{"IKEv2:(3): Choosing IKE profile P"}},
		{ikev2.ProfileLookup{SA: sa, By: ikev2.ByIdentity, Profile: "P", Found: true, Initiator: true}, nil},
		{ikev2.ProfileLookup{By: ikev2.ByName, Profile: "P"}, []string{"IKEv2:% IKEv2 profile not found"}},
		{ikev2.ProfileLookup{SA: sa, By: ikev2.ByIdentity}, []string{"IKEv2:(SA ID = 3):% IKEv2 profile not found", "IKEv2:(SA ID = 3):: Failed to locate an item in the database"}},
		{ikev2.PolicyLookup{SA: sa, Proposals: []string{"A", "B"}, Usable: true, Profile: "P"},
			[]string{"IKEv2:Adding Proposal A to toolkit policy", "IKEv2:Adding Proposal B to toolkit policy", "IKEv2:(SA ID = 3):Using IKEv2 profile 'P'"}},
		{ikev2.PolicyLookup{}, []string{"IKEv2:: Failed to locate an item in the database"}},
		{ikev2.Admission{SA: sa, Initiator: true, Step: ikev2.Activated}, []string{"IKEv2:New ikev2 sa request activated", "IKEv2:Failed to decrement count for outgoing negotiating"}},
		{ikev2.Admission{Step: ikev2.Rejected}, []string{"IKEv2:New ikev2 sa request rejected: negotiation limit reached"}},
		{ikev2.NATChecked{Source: true, Destination: false}, []string{
			"IKEv2:Process NAT discovery notify", "IKEv2:Processing nat detect src notify", "IKEv2:Remote address matched",
			"IKEv2:Processing nat detect dst notify", "IKEv2:Local address not matched", "IKEv2:Host is located NAT inside",
		}},
		{ikev2.SALife{SA: sa, CEID: 4}, []string{"IKEv2:Store mib index ikev2 4, platform 63"}},
		{ikev2.PairLoaded{SA: sa, In: 0xAB, Session: 2, Exchange: wire.IKE_AUTH, Initiator: true}, []string{
			"IKEv2:KMI message 8 consumed. No action taken.", "IKEv2:KMI message 12 consumed. No action taken.",
			"IKEv2:No data to send in mode config set.", "IKEv2:Adding ident handle 0x80000003 associated with SPI 0xAB for session 2",
		}},
		{ikev2.PairLoaded{SA: sa, Exchange: wire.CREATE_CHILD_SA, Initiator: true}, nil},
		{ikev2.InitialContact{SA: ikev2.Ref{ID: 4}, Old: sa}, []string{"IKEv2:(SA ID = 3):Process initial contact notify"}},
		{ikev2.Rekeying{SA: sa, In: 0xAB}, []string{"IKEv2:(SA ID = 3):Rekeying IPsec SA [SPI: 0xAB]"}},
		{ikev2.RequestQueued{SA: sa}, []string{"IKEv2:(SA ID = 3):Request does not fit in peer window, queuing it"}},
		{ikev2.AlreadyNegotiating{}, []string{"IKEv2:SA is already in negotiation, hence not negotiating again"}},
		{ikev2.DeleteQueued{SA: sa, Reason: ikev2.ReasonCleared}, []string{"IKEv2:(SA ID = 3):Queuing IKE SA delete request reason: unknown"}},
		{ikev2.DeleteQueued{SA: sa, Reason: ikev2.ReasonRekeyed}, nil},
		{ikev2.DeleteReceived{SA: sa, Protocol: wire.ProtoESP, SPIs: []ipsec.SPI{0xAB}, Known: 1}, []string{
			"IKEv2:(SA ID = 3):Processing DELETE INFO message for IPsec SA [SPI: 0xAB]", "IKEv2:(SA ID = 3):Process delete request from peer",
		}},
		{ikev2.ErrorHeard{SA: sa, Notify: wire.TS_UNACCEPTABLE}, []string{"IKEv2:(SA ID = 3):: Received TS unacceptable notify"}},
	} {
		require.Equal(t, strings.Join(row.want, "\n"), text(row.body, all), "%#v", row.body)
	}
}

// TestStepsSpeak: a step's own lines come behind its trace.
func TestStepsSpeak(t *testing.T) {
	tail := func(s ikev2.Step) []string {
		s.SA = sa
		return strings.Split(text(&s, all), "\n")[1:]
	}
	require.Equal(t, []string{"IKEv2:(SA ID = 3):Action: Action_Null"}, tail(ikev2.Step{State: ikev2.Ready, Event: ikev2.EvRecvInfoReq}))
	require.Empty(t, tail(ikev2.Step{State: ikev2.InfoR, Event: ikev2.EvRecvInfoReq}))
	require.Empty(t, tail(ikev2.Step{State: ikev2.AuthDone, Event: ikev2.EvStartAcct}))
	require.Equal(t, []string{"IKEv2:(SA ID = 3):Accounting not required"}, tail(ikev2.Step{State: ikev2.AuthDone, Event: ikev2.EvStartAcct, Initiator: true}))
	require.Equal(t, []string{"IKEv2:IKEv2 responder - no config data to send in IKE_SA_INIT exch", "IKEv2:" + sentence.ConfigNone.Say()},
		tail(ikev2.Step{State: ikev2.RBldInit, Event: ikev2.EvGetConfigMode}))
}

// TestInforming: what an INFORMATIONAL is for comes before its dump.
func TestInforming(t *testing.T) {
	first := func(m *wire.Message) string {
		m.Exchange = wire.INFORMATIONAL
		return strings.Split(text(ikev2.MessageBuilt{SA: sa, Message: m}, all), "\n")[0]
	}
	require.Equal(t, "IKEv2:(SA ID = 3):Sending DELETE INFO message for IKEv2 SA [ISPI: 0x0000000000000001 RSPI: 0x0000000000000002]",
		first(&wire.Message{Payloads: []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}}}))
	require.Equal(t, "IKEv2:(SA ID = 3):Sending DELETE INFO message for IPsec SA [SPI: 0xABCDEF]",
		first(&wire.Message{Payloads: []wire.Payload{&wire.Delete{Protocol: wire.ProtoESP, SPIs: [][]byte{{0, 0xAB, 0xCD, 0xEF}}}}}))
	answer := wire.Header{Flags: wire.FlagResponse}
	require.Equal(t, "IKEv2:(SA ID = 3):Sending ACK to informational exchange", first(&wire.Message{Header: answer}))
	require.Contains(t, first(&wire.Message{Header: answer, Payloads: []wire.Payload{&wire.Notify{Kind: wire.INVALID_SYNTAX}}}), "Construct Notify")
}

// TestReasons: the error level says why, on both ends.
func TestReasons(t *testing.T) {
	errors := Switches{Error: true}
	failure := func(f ikev2.Failure) ikev2.Failure {
		f.SA, f.Peer = sa, netip.AddrPortFrom(eth, 500)
		return f
	}
	for _, row := range []struct {
		body record.Body
		want string
	}{
		{ikev2.Failure{SA: sa, Exchange: wire.CREATE_CHILD_SA}, ": Create child exchange failed"},
		{&ikev2.Step{SA: sa, State: ikev2.RVerifyAuth, Event: ikev2.EvAuthFail}, "Verification of peer's authentication data FAILED"},
		{ikev2.GroupRefused{SA: sa, Initiator: true}, ": The peer's KE payload contained the wrong DH group"},
		{ikev2.GroupRefused{SA: sa}, ": The peer's KE payload contained the wrong DH group"},
		{ikev2.Fault{Failure: failure(ikev2.Failure{Cause: ikev2.CausePeerRefused, Heard: wire.AUTHENTICATION_FAILED})}, ": Failed to authenticate the IKE SA"},
		{ikev2.Fault{Failure: failure(ikev2.Failure{Cause: ikev2.CauseNoKey})}, "% Failed to get preshared key for peer 10.0.0.1"},
		{ikev2.Fault{Failure: failure(ikev2.Failure{Cause: ikev2.CauseSelectors})}, ": There was no IPSEC policy found for received TS"},
		{ikev2.Hint{Failure: failure(ikev2.Failure{Cause: ikev2.CausePeerRefused, Heard: wire.NO_PROPOSAL_CHOSEN})}, ": Received no proposal chosen notify"},
		{ikev2.Fault{Failure: failure(ikev2.Failure{Cause: ikev2.CauseNoAuthRequest})}, "Failed to receive the AUTH msg before the timer expired"},
	} {
		require.Equal(t, "IKEv2:(SA ID = 3):"+row.want, text(row.body, errors))
	}
	require.Empty(t, text(&ikev2.Step{SA: sa, State: ikev2.IWaitInit, Event: ikev2.EvRecvInit}, errors))
	require.Equal(t, "IKEv2:Couldn't find matching SA", text(ikev2.Refused{Reason: ikev2.ErrUnknownSPI}, errors))
	require.Equal(t, "IKEv2:(SA ID = 3):: The peer's KE payload contained the wrong DH group\n"+
		"IKEv2:(SA ID = 3):Processing invalid ke notification, we sent group 5, peer prefers group 14",
		text(ikev2.GroupRefused{SA: sa, Initiator: true, Used: 5, Wanted: 14}, all))
}

// TestEndOfAnExchange: the message of syslog, then what debug says.
func TestEndOfAnExchange(t *testing.T) {
	failed := ikev2.Failure{SA: sa, Exchange: wire.IKE_AUTH, Reason: ikev2.ReasonAuthFailed, Sent: wire.AUTHENTICATION_FAILED}
	require.Equal(t, []string{
		"%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to authenticate the IKE SA",
		"IKEv2:(SA ID = 3):: Auth exchange failed", "IKEv2:(SA ID = 3):Initial exchange failed: Initial exchange failed",
		"IKEv2:(SA ID = 3):: Failed to authenticate the IKE SA", "IKEv2:(SA ID = 3):Sending authentication failure notify",
	}, strings.Split(text(failed, all), "\n"))
	failed.ChildOnly = true
	require.Equal(t, "%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to authenticate the IKE SA", text(failed, all), "the SA is up")
	require.Equal(t, "IKEv2:% Failed to get preshared key for peer 10.0.0.1\n%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to locate an item in the database",
		text(ikev2.Failure{Peer: netip.AddrPortFrom(eth, 500), Exchange: wire.IKE_SA_INIT, Reason: ikev2.ReasonNoKey}, all), "it did not begin")
	require.Empty(t, text(ikev2.Failure{SA: sa, Exchange: wire.IKE_SA_INIT, Reason: ikev2.ReasonNoProposal, Sent: wire.INVALID_KE_PAYLOAD}, all), "the peer tries again")
}

// TestBothOffers: a negotiation that finds nothing shows both sides' offers.
func TestBothOffers(t *testing.T) {
	aes := func(bits uint16) []wire.Proposal {
		return []wire.Proposal{{Number: 1, Protocol: wire.ProtoIKE, Transforms: []wire.Transform{
			{Type: wire.TypeEncr, ID: 12, KeyBits: bits}, {Type: wire.TypeDH, ID: 20},
		}}}
	}
	f := ikev2.Failure{SA: sa, Cause: ikev2.CauseMismatch, Sent: wire.NO_PROPOSAL_CHOSEN, Mismatch: &propose.Mismatch{Protocol: wire.ProtoIKE, Received: aes(128), Local: aes(256)}}
	require.Equal(t, "IKEv2:(SA ID = 3):Received Policies: \nProposal 1:  AES-CBC-128 DH_GROUP_384_ECP/Group 20\n"+
		"IKEv2:(SA ID = 3):Expected Policies: \nProposal 1:  AES-CBC-256 DH_GROUP_384_ECP/Group 20\n"+
		"IKEv2:(SA ID = 3):: Failed to find a matching policy\nIKEv2:(SA ID = 3):Sending no proposal chosen notify",
		text(ikev2.Fault{Failure: f}, all))
}
