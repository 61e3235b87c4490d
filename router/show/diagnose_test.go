package show

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// failed is a source with failures and nothing else.
type failed struct {
	Source
	config *iosconfig.Config
	list   []ikev2.Diagnosis
	counts []ikev2.FailureCount
}

func (f failed) Running() *iosconfig.Config { return f.config }
func (f failed) Diagnoses() ([]ikev2.Diagnosis, []ikev2.FailureCount) {
	return f.list, f.counts
}

// TestDiagnosesSayWhatBothWanted: equal errors are one entry, however many failures are
// kept, and of each failure both sides' offers, what was looked up and where, and the
// selectors can be read.
func TestDiagnosesSayWhatBothWanted(t *testing.T) {
	proposal := func(bits uint16) []wire.Proposal {
		return []wire.Proposal{{Number: 1, Transforms: []wire.Transform{{Type: wire.TypeEncr, ID: uint16(ipsec.EncrAESCBC), KeyBits: bits}, {Type: wire.TypeInteg, ID: uint16(ipsec.IntegSHA256)}}}}
	}
	failure := func(f ikev2.Failure) ikev2.Diagnosis {
		f.Peer, f.Exchange = netip.MustParseAddrPort("10.0.0.2:500"), wire.IKE_SA_INIT
		return ikev2.Diagnosis{Failure: f}
	}
	s := failed{config: iosconfig.New(iosconfig.IOS151), list: []ikev2.Diagnosis{
		failure(ikev2.Failure{Reason: ikev2.ReasonNoProposal, Cause: ikev2.CauseMismatch, Mismatch: &propose.Mismatch{Local: proposal(128), Received: proposal(256)}}),
		failure(ikev2.Failure{Reason: ikev2.ReasonNoProfile, Cause: ikev2.CauseNoProfile, Identity: ikev2.Identity{Kind: wire.IDFQDN, Data: []byte("r2.example")}}),
		failure(ikev2.Failure{Reason: ikev2.ReasonNoKey, Cause: ikev2.CauseNoKey, Keyring: "RING"}),
		failure(ikev2.Failure{Reason: ikev2.ReasonTSUnacceptable, Cause: ikev2.CauseSelectors, Selectors: [2][]spd.Selector{{spd.AnyIPv4()}, nil}}),
		failure(ikev2.Failure{Reason: ikev2.ReasonAuthFailed, Cause: ikev2.CauseBadCertificate, Certificate: &pki.Fault{Subject: "cn=R2", Problem: pki.Expired}}),
		failure(ikev2.Failure{Reason: ikev2.ReasonNoProposal, Cause: ikev2.CauseGroup, Groups: [2]ipsec.Group{19, 14}}),
	}, counts: []ikev2.FailureCount{
		{Reason: ikev2.ReasonNoProposal, Count: 30}, {Reason: ikev2.ReasonNoProfile, Count: 2}, {Reason: ikev2.ReasonNoKey, Count: 3},
		{Reason: ikev2.ReasonTSUnacceptable, Count: 1}, {Reason: ikev2.ReasonAuthFailed, Count: 1},
	}}
	require.Equal(t, []string{
		"Exit Path Table - status: enable, current entry 4, deleted 0, max allow 50", "", "Error(30): Failed to find a matching policy", "",
		"Error(5): Failed to locate an item in the database", "", "Error(1): There was no IPSEC policy found for received TS", "", "Error(1): Failed to authenticate the IKE SA",
	}, DiagnosesOf(s).Lines(iosconfig.IOS151))
	text := strings.Join(JSON(DiagnosesOf(s)), "")
	for _, part := range []string{
		`"cause": "proposals do not match"`, `"our_proposals": [        {          "transforms": [            "AES-CBC-128",            "SHA256"`, `"AES-CBC-256"`,
		`"peer_identity": "r2.example"`, `"keyring": "RING"`, `"local_selectors": [`, `"end": "255.255.255.255"`, `"subject": "cn=R2"`, `"problem": "`, `"our_group": 19,      "peer_group": 14`,
	} {
		require.Contains(t, text, part)
	}

	s.config.IKEv2.DiagnoseErrors = 3
	require.Equal(t, "Exit Path Table - status: enable, current entry 3, deleted 1, max allow 3", DiagnosesOf(s).Lines(iosconfig.IOS151)[0])
	require.Len(t, DiagnosesOf(s).Entries, 3)
	s.config.IKEv2.DiagnoseErrors = 0
	require.Equal(t, []string{"Exit Path Table - status: disable, current entry 0, deleted 0, max allow 50"}, DiagnosesOf(s).Lines(iosconfig.IOS151))
}
