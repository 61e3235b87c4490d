package debug

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/record"
)

// newText is what the newer image prints of a record.
func newText(b record.Body, s Switches) string {
	var lines []string
	for _, l := range Render(b, s, View{Generation: iosconfig.XE17}) {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

// TestNewerLevels: on XE the levels are apart, and errors come with each.
func TestNewerLevels(t *testing.T) {
	for _, row := range []struct {
		on   Switches
		want []Class
	}{
		{Switches{IKEv2: true}, []Class{Fact, Error, Syslog}},
		{Switches{Internal: true}, []Class{Trace, Internal, Error, Syslog}},
		{Switches{Packet: true}, []Class{Packet, Error, Syslog}},
		{Switches{Error: true}, []Class{Error, Syslog}},
	} {
		var got []Class
		for c := Trace; c <= Syslog; c++ {
			if row.on.wants(c, iosconfig.XE17) {
				got = append(got, c)
			}
		}
		require.Equal(t, row.want, got, "%+v", row.on)
	}
}

// TestNewerWords: a line names its level, the session and the SA; the crypto engine
// knows no session.
func TestNewerWords(t *testing.T) {
	sa := ikev2.Ref{ID: 3, Session: 31, SPIi: 1, SPIr: 2}
	step := func(s ikev2.State, e ikev2.Input) *ikev2.Step {
		return &ikev2.Step{SA: sa, Initiator: true, MessageID: 1, State: s, Event: e}
	}
	yes := ikev2.Identity{Kind: wire.IDFQDN, Data: []byte("r2")}
	for _, row := range []struct {
		body record.Body
		want []string
	}{
		{step(ikev2.IProcInit, ikev2.EvVerifyMsg), []string{
			"IKEv2-INTERNAL:(SESSION ID = 31,SA ID = 3):SM Trace-> SA: I_SPI=0000000000000001 R_SPI=0000000000000002 (I) MsgID = 1 CurState: I_PROC_INIT Event: EV_VERIFY_MSG",
			"IKEv2:(SESSION ID = 31,SA ID = 3):Verify SA init message",
		}},
		{step(ikev2.InitDone, ikev2.EvChk4Role), []string{
			"IKEv2:(SESSION ID = 31,SA ID = 3):Completed SA init exchange",
			"IKEv2-INTERNAL:(SESSION ID = 31,SA ID = 3):SM Trace-> SA: I_SPI=0000000000000001 R_SPI=0000000000000002 (I) MsgID = 1 CurState: INIT_DONE Event: EV_CHK4_ROLE",
		}},
		{ikev2.Computing{SA: sa, Group: 19, Secret: true}, []string{"IKEv2:(SESSION ID = 31,SA ID = 3):[IKEv2 -> Crypto Engine] Computing DH secret key, DH Group 19"}},
		{ikev2.AddChild{ChildSA: ikev2.ChildSA{IKE: sa}}, []string{"IKEv2:(SA ID = 3):[IKEv2 -> IPsec] Create IPsec SA into IPsec database"}},
		{ikev2.KeyLookup{SA: sa, Keyring: "K", By: ikev2.ByAddress, Peer: "P"}, []string{"IKEv2:% Getting preshared key from profile keyring K", "IKEv2:% Matched peer block 'P'"}},
		{ikev2.KeyLookup{SA: sa, Keyring: "K", Again: true}, nil},
		{ikev2.ProfileLookup{SA: sa, By: ikev2.ByIdentity, Identity: yes, Profile: "P", Found: true}, []string{
			"IKEv2:(SESSION ID = 31,SA ID = 3):Searching policy based on peer's identity 'r2' of type 'FQDN'", "IKEv2:found matching IKEv2 profile 'P'",
		}},
		{ikev2.ProfileLookup{SA: sa, By: ikev2.ByName, Profile: "P", Found: true}, nil},
		{ikev2.PolicyLookup{Policy: "default"}, []string{
			"IKEv2:Searching Policy with fvrf 0, local address invalid IP", "IKEv2:Using the Default Policy for Proposal", "IKEv2-ERROR:: Failed to locate an item in the database",
		}},
		{ikev2.NATSettled{SA: sa, SAPath: ikev2.SAPath{NAT: true}}, []string{
			"IKEv2:(SESSION ID = 31,SA ID = 3):Checking NAT discovery", "IKEv2:(SESSION ID = 31,SA ID = 3):NAT OUTSIDE found",
		}},
		{ikev2.ConfigData{SA: sa, Asked: true}, []string{"IKEv2-ERROR:(SESSION ID = 31,SA ID = 3):: Error constructing config reply"}},
		{ikev2.ConfigData{SA: sa, Initiator: true}, nil},
		{ikev2.Authenticated{SA: sa}, nil},
		{ikev2.InitialContact{SA: sa}, []string{"IKEv2:(SESSION ID = 31,SA ID = 3):Processing INITIAL_CONTACT"}},
		{ikev2.SALife{SA: sa, CEID: 4}, nil},
		{ikev2.ExtensionAgreed{SA: sa, Notify: wire.IKEV2_FRAGMENTATION_SUPPORTED}, []string{"IKEv2:(SESSION ID = 31,SA ID = 3):IETF Fragmentation is enabled"}},
	} {
		require.Equal(t, strings.Join(row.want, "\n"), newText(row.body, all), "%#v", row.body)
	}
	require.Empty(t, text(ikev2.Computing{SA: sa, Group: 19}, all), "15.1 has no line for it")
}

// TestNewerOffers: what both sides want runs on behind the verdict.
func TestNewerOffers(t *testing.T) {
	offer := []wire.Proposal{{Number: 1, Protocol: wire.ProtoESP, Transforms: []wire.Transform{{Type: wire.TypeEncr, ID: 12, KeyBits: 128}}}}
	f := ikev2.Failure{SA: ikev2.Ref{ID: 1, Session: 89}, Cause: ikev2.CauseMismatch, Mismatch: &propose.Mismatch{Protocol: wire.ProtoESP, Received: append(offer, offer...)}}
	require.Equal(t, "IKEv2-ERROR:(SESSION ID = 89,SA ID = 1):Received Policies: : Failed to find a matching policyESP: Proposal 1:  AES-CBC-128\n"+
		"ESP: Proposal 2:  AES-CBC-128\n"+
		"IKEv2-ERROR:(SESSION ID = 89,SA ID = 1):Expected Policies: : Failed to find a matching policy\n"+
		"IKEv2-ERROR:(SESSION ID = 89,SA ID = 1):: Failed to find a matching policy", newText(ikev2.Fault{Failure: f}, all))
	require.Equal(t, newText(ikev2.Fault{Failure: f}, all), newText(ikev2.Hint{Failure: f}, all))
}

// TestNewerMessages: a message passes in five lines; what is in it is for the packet level.
func TestNewerMessages(t *testing.T) {
	here, there := netip.MustParseAddrPort("10.0.0.1:500"), netip.MustParseAddrPort("10.0.0.2:500")
	head := wire.NewHeader(0xAB, 0, true, wire.IKE_SA_INIT, 0, false)
	m := &wire.Message{Header: head, Payloads: []wire.Payload{&wire.Nonce{Data: make([]byte, 20)}}}
	want := "\nIKEv2:Sending Packet [To 10.0.0.2:500/From 10.0.0.1:500/VRF i0:f0] \nInitiator SPI : 00000000000000AB - Responder SPI : 0000000000000000 Message id: 0\n" +
		"IKEv2 IKE_SA_INIT Exchange REQUEST \nPayload contents: \n N \n"
	require.Equal(t, "IKEv2:Generating IKE_SA_INIT message\n"+want+"\nIKEv2:Insert SA ", newText(ikev2.MessageBuilt{Message: m, From: here, To: there}, Switches{IKEv2: true}))
	require.Equal(t, want, newText(ikev2.MessageRepeated{Message: m, From: here, To: there}, Switches{IKEv2: true}))
	require.Equal(t, "IKEv2-PAK:Next payload: N, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 52\n"+
		"Payload contents:\n  N Next payload: NONE, reserved: 0x0, length: 24", newText(ikev2.MessageParsed{Message: m, From: there, To: here}, Switches{Packet: true}))
	require.Contains(t, newText(ikev2.MessageRepeated{Message: &wire.Message{}}, Switches{IKEv2: true}), "\n ENCR \n")
}
