package debug

import (
	"fmt"

	"ikelab/ikev2"
	"ikelab/router/debug/sentence"
)

// The steps as the newer generation tells them: the trace is for the internal level,
// the default level has sentences of its own. Their texts and levels are those of XE
// 16.7.1 and of the toolkit's other debugs, tests/testdata/xe.

// xeSaying is a saying that may stand before the trace of its step: what the step
// before it has come to.
type xeSaying struct {
	saying
	before bool
	engine bool // the crypto engine speaks
}

func fact(text string, on ikev2.Input, in ...ikev2.State) xeSaying {
	return xeSaying{saying: saying{on: on, in: in, class: Fact, text: text}}
}

func (s xeSaying) alone() xeSaying { s.free = true; return s }

func (s xeSaying) came() xeSaying { s.before = true; return s }

func (s xeSaying) within(c Class) xeSaying { s.class = c; return s }

func byEngine(text string, on ikev2.Input, in ...ikev2.State) xeSaying {
	s := fact(text, on, in...)
	s.engine = true
	return s
}

const (
	keyPassed   = "[Crypto Engine -> IKEv2] DH key Computation PASSED"
	checkEAP    = "Check for EAP exchange"
	initMessage = "Processing IKE_SA_INIT message"
)

// xeSayings are in the order of the exchanges. Of a key exchange the engine answers
// before the machine says that it has asked, as on XE.
var xeSayings = []xeSaying{
	fact("Setting configured policies", ikev2.EvSetPolicy).within(Internal),
	fact("Opening a PKI session", ikev2.EvPKISeshOpen).within(Internal),
	byEngine(keyPassed, ikev2.EvOKRecdDHPubkey),
	fact("Request queued for computation of DH key", ikev2.EvOKRecdDHPubkey),
	fact("IKEv2 initiator - no config data to send in IKE_SA_INIT exch", ikev2.EvGetConfigMode, ikev2.IBldInit).alone(),
	fact("IKEv2 responder - no config data to send in IKE_SA_INIT exch", ikev2.EvGetConfigMode, ikev2.RBldInit).alone(),
	fact(initMessage, ikev2.EvChk4Notify, ikev2.IProcInit),
	fact("Verify SA init message", ikev2.EvVerifyMsg, ikev2.IProcInit, ikev2.RInit),
	fact("Insert SA", ikev2.EvInsertSA),
	fact(initMessage, ikev2.EvProcMsg, ikev2.IProcInit, ikev2.RInit),
	byEngine(keyPassed, ikev2.EvOKRecdDHSecret),
	fact("Request queued for computation of DH secret", ikev2.EvOKRecdDHSecret),
	fact("Generate skeyid", ikev2.EvGenSKEYID).within(Internal),
	byEngine("[IKEv2 -> Crypto Engine] Calculate SKEYSEED and create rekeyed IKEv2 SA", ikev2.EvGenSKEYID),
	byEngine("[Crypto Engine -> IKEv2] SKEYSEED calculation and creation of rekeyed IKEv2 SA PASSED", ikev2.EvGenSKEYID),
	fact("Completed SA init exchange", ikev2.EvChk4Role, ikev2.InitDone).came(),
	fact(fmt.Sprintf("Starting timer (%.0f sec) to wait for auth message", ikev2.AuthTimer.Seconds()), ikev2.EvStartTmr),
	fact("Stopping timer to wait for auth message", ikev2.EvRecvAuth, ikev2.RWaitAuth),
	fact(checkEAP, ikev2.EvChkEAP),
	fact("Generate my authentication data", ikev2.EvGenAuth),
	fact(checkEAP, ikev2.EvOKAuthGen, ikev2.IBldAuth),
	fact("Process auth response notify", ikev2.EvChk4Notify, ikev2.IProcAuth),
	fact("Verify peer's policy", ikev2.EvVerifyPolicyByPeerID),
	fact("Peer's policy verified", ikev2.EvChkAuthType, ikev2.IProcAuth).came(),
	fact("Peer's policy verified", ikev2.EvChkAuth4EAP, ikev2.RWaitAuth).came(),
	fact("Get peer's authentication method", ikev2.EvChkAuthType, ikev2.IProcAuth, ikev2.RVerifyAuth),
	fact("Verify peer's authentication data", ikev2.EvVerifyAuth),
	fact("Processing IKE_AUTH message", ikev2.EvProcSATS),
	fact("Closing the PKI session", ikev2.EvPKISeshClose).within(Internal),
	fact("Load IPSEC key material", ikev2.EvGenLoadIPsec, ikev2.AuthDone),
	fact("Accounting not required", ikev2.EvStartAcct).within(Internal),
	fact("Checking for duplicate IKEv2 SA", ikev2.EvCheckDupe, ikev2.AuthDone),
	fact("Processing CREATE_CHILD_SA message", ikev2.EvProcMsg, ikev2.ChildIProc, ikev2.ChildRIKE, ikev2.ChildRIPsec),
	fact(sentence.Retransmits.Say(), ikev2.EvReXmt),
	fact(sentence.TooMany.Say(), ikev2.EvReXmtExceed).within(Error),
	fact(sentence.CertFailed.Say(), ikev2.EvCertFail),
	fact(sentence.VerifyFailed.Say(), ikev2.EvAuthFail),
	fact(sentence.Aborts.Say(), ikev2.EvAbort),
	fact(sentence.Deleting.Say(), ikev2.EvUpdateCACStats, ikev2.Exit),
	fact("Processing ACK to informational exchange", ikev2.EvRecvInfoAck),
	fact(sentence.LivenessAsked.Say(), ikev2.EvSendDPD),
}

func xeStepLines(_ View, s *ikev2.Step) []Line {
	role := 'R'
	if s.Initiator {
		role = 'I'
	}
	lines := xeSaid(nil, s, true)
	lines = append(lines, about(s.SA, Trace, sentence.XETrace,
		s.SA.SPIi, s.SA.SPIr, role, s.MessageID, s.State, s.Event))
	return xeSaid(lines, s, false)
}

// xeSaid adds what stands before or behind the trace of a step.
func xeSaid(lines []Line, s *ikev2.Step, before bool) []Line {
	for i := range xeSayings {
		say := &xeSayings[i]
		if say.before != before || !say.fits(s) {
			continue
		}
		v := ofSA
		switch {
		case say.free:
			v = alone
		case say.engine:
			v = engine
		}
		lines = append(lines, spoken(v, s.SA, say.class, say.text))
	}
	return lines
}
