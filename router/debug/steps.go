package debug

import (
	"slices"

	"ikelab/ikev2"
	"ikelab/router/debug/sentence"
)

// saying is what IOS 15.1 prints at a step beside its trace.
type saying struct {
	on        ikev2.Input
	in        []ikev2.State // none: whatever the state
	initiator bool          // only there
	class     Class
	free      bool // without the SA
	text      string
}

// actionNull is a step in which IOS's machine has nothing to do.
const actionNull = "Action: Action_Null"

// sayings are the lines that tell of a step and of nothing else. Those about
// PKI, AAA, accounting and configuration in IKE_SA_INIT are constant
// here: the engine has none of these, so what else IOS prints there is not known.
var sayings = []saying{
	{on: ikev2.EvOKRecdDHPubkey, class: Trace, text: actionNull},
	{on: ikev2.EvOKRecdDHSecret, class: Trace, text: actionNull},
	{on: ikev2.EvOKRecdLoadIPsec, class: Trace, text: actionNull},
	{on: ikev2.EvRecvAuth, in: []ikev2.State{ikev2.IWaitAuth}, class: Trace, text: actionNull},
	{on: ikev2.EvOK, in: []ikev2.State{ikev2.AuthDone}, class: Trace, text: actionNull},
	{on: ikev2.EvInitCreateChild, in: []ikev2.State{ikev2.Ready}, class: Trace, text: actionNull},
	{on: ikev2.EvRecvCreateChild, class: Trace, text: actionNull},
	{on: ikev2.EvStartDelNegTmr, class: Trace, text: actionNull},
	{on: ikev2.EvRecvInfoReq, in: []ikev2.State{ikev2.Ready}, class: Trace, text: actionNull},

	{on: ikev2.EvSetPolicy, class: Fact, text: "Setting configured policies"},
	{on: ikev2.EvPKISeshOpen, class: Fact, text: "Opening a PKI session"},
	{on: ikev2.EvGetConfigMode, in: []ikev2.State{ikev2.IBldInit}, class: Fact, free: true, text: "IKEv2 initiator - no config data to send in IKE_SA_INIT exch"},
	{on: ikev2.EvGetConfigMode, in: []ikev2.State{ikev2.RBldInit}, class: Fact, free: true, text: "IKEv2 responder - no config data to send in IKE_SA_INIT exch"},
	{on: ikev2.EvGetConfigMode, in: []ikev2.State{ikev2.IBldInit, ikev2.RBldInit}, class: Internal, free: true, text: sentence.ConfigNone.Say()},
	{on: ikev2.EvRecvInit, in: []ikev2.State{ikev2.IWaitInit}, class: Fact, text: "Processing IKE_SA_INIT message"},
	{on: ikev2.EvGenSKEYID, class: Fact, text: "Generate skeyid"},
	{on: ikev2.EvSetRecConfigMode, class: Internal, free: true, text: "Received config data from toolkit:"},
	{on: ikev2.EvPKISeshClose, class: Fact, text: "Closing the PKI session"},
	{on: ikev2.EvStartAcct, initiator: true, class: Fact, text: "Accounting not required"},

	{on: ikev2.EvReXmt, class: Fact, text: sentence.Retransmits.Say()},
	{on: ikev2.EvReXmtExceed, class: Error, text: sentence.TooMany.Say()},
	{on: ikev2.EvCertFail, class: Error, text: sentence.CertFailed.Say()},
	{on: ikev2.EvAuthFail, class: Error, text: sentence.VerifyFailed.Say()},
	{on: ikev2.EvAbort, class: Fact, text: sentence.Aborts.Say()},
	{on: ikev2.EvUpdateCACStats, in: []ikev2.State{ikev2.Exit}, class: Fact, text: sentence.Deleting.Say()},
	{on: ikev2.EvRecvInfoAck, class: Fact, text: "Processing ACK to informational exchange"},
	{on: ikev2.EvSendDPD, class: Fact, text: sentence.LivenessAsked.Say()},
}

func (s *saying) fits(step *ikev2.Step) bool {
	return s.on == step.Event && (len(s.in) == 0 || slices.Contains(s.in, step.State)) && (step.Initiator || !s.initiator)
}

func stepLines(_ View, s *ikev2.Step) []Line {
	role := 'R'
	if s.Initiator {
		role = 'I'
	}
	lines := []Line{about(s.SA, Trace, sentence.Trace,
		s.SA.SPIi, s.SA.SPIr, role, s.MessageID, s.State, s.Event)}
	for i := range sayings {
		switch say := &sayings[i]; {
		case !say.fits(s):
		case say.free:
			lines = append(lines, spoken(alone, s.SA, say.class, say.text))
		default:
			lines = append(lines, spoken(ofSA, s.SA, say.class, say.text))
		}
	}
	return lines
}
