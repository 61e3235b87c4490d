package ikev2

// A branch is where an answer leads: the state and the input raised there.
type branch struct {
	to   State
	then Input
}

// A row is one transition: in state from, on input on, do is done; its answer
// picks the branch. A nil do is IOS's Action_Null. A
// branch without an input ends the run: the exchange waits.
type row struct {
	from State
	on   Input
	do   action
	yes  branch // zero: the action never answers yes
	no   branch // zero: the action never answers no
	fail branch // zero: {from, EvFail}
}

// action is what a row does. It changes the exchange and answers.
type action func(e *Engine, x *exchange) answer

// pass is the action of a row that only moves the exchange on.
func pass(*Engine, *exchange) answer { return yes }

// What the engine has nothing of yet: its rows trace the check, as IOS does, and
// have nothing to look at.
var (
	noSession    = pass // PKI sessions: a signature is made and judged without one
	noEAP        = pass // RFC 7296 2.16
	noConfigMode = pass // RFC 7296 2.19, before IKE_AUTH
	noAAA        = pass // accounting
)

// wait is the end of a run: the exchange pauses until a message, a job or a
// deadline raises the next input.
func wait(s State) row { return row{from: s, on: EvNoEvent, do: pass, yes: branch{to: s}} }

// initiatorRows are IKE_SA_INIT and IKE_AUTH as initiator (RFC 7296 1.2).
//
//	HDR, SAi1, KEi, Ni                  -->
//	                                    <-- HDR, SAr1, KEr, Nr
//	HDR, SK {IDi, AUTH, SAi2, TSi, TSr} -->
//	                                    <-- HDR, SK {IDr, AUTH, SAr2, TSi, TSr}
var initiatorRows = []row{
	{from: Idle, on: EvInitSA, do: pass, yes: branch{IBldInit, EvGetIKEPolicy}},
	{from: IBldInit, on: EvGetIKEPolicy, do: initiatorPolicy, yes: branch{IBldInit, EvSetPolicy}},
	{from: IBldInit, on: EvSetPolicy, do: setOffer, yes: branch{IBldInit, EvChkAuth4PKI}},
	{from: IBldInit, on: EvChkAuth4PKI, do: noSession, yes: branch{IBldInit, EvGenDHKey}},
	{from: IBldInit, on: EvGenDHKey, do: genDHKey, yes: branch{IBldInit, EvNoEvent}, no: branch{IBldInit, EvBldMsg}},
	wait(IBldInit),
	{from: IBldInit, on: EvOKRecdDHPubkey, yes: branch{IBldInit, EvGetConfigMode}},
	{from: IBldInit, on: EvGetConfigMode, do: noConfigMode, yes: branch{IBldInit, EvBldMsg}},
	{from: IBldInit, on: EvBldMsg, do: sendInitRequest, yes: branch{IWaitInit, EvNoEvent}},
	wait(IWaitInit),
	// What comes is a hint until a response fits: the exchange waits on.
	{from: IWaitInit, on: EvRecvInit, do: notRedirected, yes: branch{IProcInit, EvChk4Notify}, no: branch{IProcInit, EvChkRedirect}},
	{from: IProcInit, on: EvChkRedirect, do: redirectedInit, yes: branch{Exit, EvAbort}, fail: branch{IWaitInit, EvNoEvent}},
	{from: IProcInit, on: EvChk4Notify, do: checkInitNotify, yes: branch{IProcInit, EvVerifyMsg}, no: branch{IBldInit, EvGenDHKey}, fail: branch{IWaitInit, EvNoEvent}},
	{from: IProcInit, on: EvVerifyMsg, do: verifyInitResponse, yes: branch{IProcInit, EvProcMsg}, fail: branch{IWaitInit, EvNoEvent}},
	{from: IProcInit, on: EvProcMsg, do: acceptInitResponse, yes: branch{IProcInit, EvDetectNAT}, fail: branch{IWaitInit, EvNoEvent}},
	{from: IProcInit, on: EvDetectNAT, do: detectNAT, yes: branch{IProcInit, EvChkNATT}},
	{from: IProcInit, on: EvChkNATT, do: floatPorts, yes: branch{IProcInit, EvChkConfigMode}},
	{from: IProcInit, on: EvChkConfigMode, do: noConfigMode, yes: branch{InitDone, EvGenDHSecret}},
	{from: InitDone, on: EvGenDHSecret, do: genDHSecret, yes: branch{InitDone, EvNoEvent}},
	wait(InitDone),
	{from: InitDone, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{InitDone, EvGenSKEYID}},
	{from: InitDone, on: EvGenSKEYID, do: genSKEYID, yes: branch{InitDone, EvDone}},
	{from: InitDone, on: EvDone, do: initDone, yes: branch{InitDone, EvChk4Role}, no: branch{IBldInter, EvGenDHKey}},
	{from: InitDone, on: EvChk4Role, do: isInitiator, yes: branch{IBldAuth, EvGetConfigMode}, no: branch{InitDone, EvStartTmr}},
	{from: IBldAuth, on: EvGetConfigMode, do: configRequest, yes: branch{IBldAuth, EvChkEAP}},
	{from: IBldAuth, on: EvChkEAP, do: noEAP, yes: branch{IBldAuth, EvGenAuth}},
	{from: IBldAuth, on: EvGenAuth, do: genAuth, yes: branch{IBldAuth, EvChkAuthType}, no: branch{IBldAuth, EvNoEvent}},
	wait(IBldAuth),
	// AUTH of a pre-shared key is there at once; a signature comes by a job.
	{from: IBldAuth, on: EvChkAuthType, do: ownMethod, yes: branch{IBldAuth, EvOKAuthGen}},
	{from: IBldAuth, on: EvOKAuthGen, do: pass, yes: branch{IBldAuth, EvSendAuth}},
	{from: IBldAuth, on: EvSendAuth, do: sendAuthRequest, yes: branch{IWaitAuth, EvNoEvent}},
	wait(IWaitAuth),
	{from: IWaitAuth, on: EvRecvAuth, yes: branch{IProcAuth, EvChk4Notify}},
	{from: IProcAuth, on: EvChk4Notify, do: checkAuthNotify, yes: branch{IProcAuth, EvProcMsg}},
	{from: IProcAuth, on: EvProcMsg, do: processID, yes: branch{IProcAuth, EvChkPeerCert}},
	{from: IProcAuth, on: EvChkPeerCert, do: peerCertificates, yes: branch{IProcAuth, EvGetPolicyByPeerID}},
	{from: IProcAuth, on: EvGetPolicyByPeerID, do: policyByPeerID, yes: branch{IProcAuth, EvVerifyPolicyByPeerID}},
	{from: IProcAuth, on: EvVerifyPolicyByPeerID, do: verifyPolicy, yes: branch{IProcAuth, EvChkAuthType}},
	{from: IProcAuth, on: EvChkAuthType, do: checkAuthType, yes: branch{IProcAuth, EvGetPreshrKey}, no: branch{IProcAuth, EvChkCertEnc}},
	{from: IProcAuth, on: EvChkCertEnc, do: certEncoding, yes: branch{IProcAuth, EvVerifyX509Certs}, fail: branch{IProcAuth, EvCertFail}},
	{from: IProcAuth, on: EvVerifyX509Certs, do: verifyCertificates, yes: branch{IProcAuth, EvVerifyAuth}, fail: branch{IProcAuth, EvCertFail}},
	{from: IProcAuth, on: EvGetPreshrKey, do: haveKeys, yes: branch{IProcAuth, EvVerifyAuth}},
	{from: IProcAuth, on: EvVerifyAuth, do: verifyAuth, yes: branch{IProcAuth, EvChkEAP}, fail: branch{IProcAuth, EvAuthFail}},
	{from: IProcAuth, on: EvChkEAP, do: noEAP, yes: branch{IProcAuth, EvNotifyAuthDone}},
	{from: IProcAuth, on: EvNotifyAuthDone, do: groupAuthorization, yes: branch{IProcAuth, EvChkConfigMode}},
	{from: IProcAuth, on: EvChkConfigMode, do: acceptConfig, yes: branch{IProcAuth, EvChk4IC}},
	{from: IProcAuth, on: EvChk4IC, do: initialContact, yes: branch{IProcAuth, EvChkIKEOnly}},
	{from: IProcAuth, on: EvChkIKEOnly, do: childAccepted, yes: branch{IProcAuth, EvProcSATS}, no: branch{AuthDone, EvOK}},
	{from: IProcAuth, on: EvProcSATS, do: acceptChild, yes: branch{AuthDone, EvOK}},
	{from: Ready, on: EvChkIKEOnly, do: pass, yes: branch{Ready, EvIOK}},
	{from: Ready, on: EvIOK, do: nowReady, yes: branch{Ready, EvNoEvent}},
}

// intermediateRows are IKE_INTERMEDIATE (RFC 9242), both sides: once for each additional
// key exchange. IOS's own names of these states and inputs are not known.
var intermediateRows = []row{
	{from: IBldInter, on: EvGenDHKey, do: genDHKey, yes: branch{IBldInter, EvNoEvent}},
	wait(IBldInter),
	{from: IBldInter, on: EvOKRecdDHPubkey, yes: branch{IBldInter, EvBldMsg}},
	{from: IBldInter, on: EvBldMsg, do: sendIntermediate, yes: branch{IWaitInter, EvNoEvent}},
	wait(IWaitInter),
	{from: IWaitInter, on: EvRecvInter, yes: branch{IProcInter, EvChk4Notify}},
	{from: IProcInter, on: EvChk4Notify, do: checkAdded, yes: branch{IProcInter, EvProcMsg}},
	{from: IProcInter, on: EvProcMsg, do: acceptIntermediate, yes: branch{IProcInter, EvGenDHSecret}},
	{from: IProcInter, on: EvGenDHSecret, do: genDHSecret, yes: branch{IProcInter, EvNoEvent}},
	wait(IProcInter),
	{from: IProcInter, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{IProcInter, EvGenSKEYID}},
	{from: IProcInter, on: EvGenSKEYID, do: addSKEYID, yes: branch{IBldAuth, EvGetConfigMode}, no: branch{IBldInter, EvGenDHKey}},
	{from: RWaitAuth, on: EvRecvInter, yes: branch{RBldInter, EvChkNATT}},
	{from: RBldInter, on: EvChkNATT, do: portsFloated, yes: branch{RBldInter, EvProcMsg}},
	{from: RBldInter, on: EvProcMsg, do: acceptIntermediate, yes: branch{RBldInter, EvGenDHKey}},
	{from: RBldInter, on: EvGenDHKey, do: genDHKey, yes: branch{RBldInter, EvNoEvent}},
	wait(RBldInter),
	{from: RBldInter, on: EvOKRecdDHPubkey, yes: branch{RBldInter, EvGenDHSecret}},
	{from: RBldInter, on: EvGenDHSecret, do: genDHSecret, yes: branch{RBldInter, EvNoEvent}},
	{from: RBldInter, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{RBldInter, EvBldMsg}},
	{from: RBldInter, on: EvBldMsg, do: sendIntermediateResponse, yes: branch{RBldInter, EvGenSKEYID}},
	{from: RBldInter, on: EvGenSKEYID, do: addSKEYID, yes: branch{RWaitAuth, EvNoEvent}, no: branch{RWaitAuth, EvNoEvent}},
}

// responderRows are IKE_SA_INIT and IKE_AUTH as responder.
var responderRows = []row{
	{from: Idle, on: EvRecvInit, do: pass, yes: branch{RInit, EvVerifyMsg}},
	{from: RInit, on: EvVerifyMsg, do: verifyInitRequest, yes: branch{RInit, EvInsertSA}},
	{from: RInit, on: EvInsertSA, do: insertSA, yes: branch{RInit, EvGetIKEPolicy}},
	{from: RInit, on: EvGetIKEPolicy, do: responderPolicy, yes: branch{RInit, EvProcMsg}},
	{from: RInit, on: EvProcMsg, do: acceptInitRequest, yes: branch{RInit, EvDetectNAT}},
	{from: RInit, on: EvDetectNAT, do: detectNAT, yes: branch{RInit, EvChkConfigMode}},
	{from: RInit, on: EvChkConfigMode, do: noConfigMode, yes: branch{RBldInit, EvSetPolicy}},
	{from: RBldInit, on: EvSetPolicy, do: setChosen, yes: branch{RBldInit, EvChkAuth4PKI}},
	{from: RBldInit, on: EvChkAuth4PKI, do: noSession, yes: branch{RBldInit, EvPKISeshOpen}},
	{from: RBldInit, on: EvPKISeshOpen, do: noSession, yes: branch{RBldInit, EvGenDHKey}},
	{from: RBldInit, on: EvGenDHKey, do: genDHKey, yes: branch{RBldInit, EvNoEvent}},
	wait(RBldInit),
	{from: RBldInit, on: EvOKRecdDHPubkey, yes: branch{RBldInit, EvGenDHSecret}},
	{from: RBldInit, on: EvGenDHSecret, do: genDHSecret, yes: branch{RBldInit, EvNoEvent}},
	{from: RBldInit, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{RBldInit, EvGenSKEYID}},
	{from: RBldInit, on: EvGenSKEYID, do: responderSKEYID, yes: branch{RBldInit, EvGetConfigMode}},
	{from: RBldInit, on: EvGetConfigMode, do: noConfigMode, yes: branch{RBldInit, EvBldMsg}},
	{from: RBldInit, on: EvBldMsg, do: sendInitResponse, yes: branch{InitDone, EvDone}},
	{from: InitDone, on: EvStartTmr, do: startAuthTimer, yes: branch{RWaitAuth, EvNoEvent}},
	wait(RWaitAuth),
	{from: RWaitAuth, on: EvRecvAuth, do: pass, yes: branch{RWaitAuth, EvChkNATT}},
	{from: RWaitAuth, on: EvChkNATT, do: portsFloated, yes: branch{RWaitAuth, EvProcID}},
	{from: RWaitAuth, on: EvProcID, do: processID, yes: branch{RWaitAuth, EvChkPeerCert}},
	{from: RWaitAuth, on: EvChkPeerCert, do: peerCertificates, yes: branch{RWaitAuth, EvGetPolicyByPeerID}},
	{from: RWaitAuth, on: EvGetPolicyByPeerID, do: policyByPeerID, yes: branch{RWaitAuth, EvSetPolicy}},
	{from: RWaitAuth, on: EvSetPolicy, do: setEntry, yes: branch{RWaitAuth, EvVerifyPolicyByPeerID}},
	{from: RWaitAuth, on: EvVerifyPolicyByPeerID, do: verifyPolicy, yes: branch{RWaitAuth, EvChkAuth4EAP}},
	{from: RWaitAuth, on: EvChkAuth4EAP, do: noEAP, yes: branch{RWaitAuth, EvChkPolReqEAP}},
	{from: RWaitAuth, on: EvChkPolReqEAP, do: noEAP, yes: branch{RVerifyAuth, EvChkAuthType}},
	{from: RVerifyAuth, on: EvChkAuthType, do: checkAuthType, yes: branch{RVerifyAuth, EvGetPreshrKey}, no: branch{RVerifyAuth, EvChkCertEnc}},
	{from: RVerifyAuth, on: EvChkCertEnc, do: certEncoding, yes: branch{RVerifyAuth, EvVerifyX509Certs}, fail: branch{RVerifyAuth, EvCertFail}},
	{from: RVerifyAuth, on: EvVerifyX509Certs, do: verifyCertificates, yes: branch{RVerifyAuth, EvVerifyAuth}, fail: branch{RVerifyAuth, EvCertFail}},
	{from: RVerifyAuth, on: EvGetPreshrKey, do: haveKeys, yes: branch{RVerifyAuth, EvVerifyAuth}},
	{from: RVerifyAuth, on: EvVerifyAuth, do: verifyAuth, yes: branch{RVerifyAuth, EvChk4IC}, fail: branch{RVerifyAuth, EvAuthFail}},
	{from: RVerifyAuth, on: EvChk4IC, do: initialContact, yes: branch{RVerifyAuth, EvChkRedirect}},
	{from: RVerifyAuth, on: EvChkRedirect, do: redirectAuth, yes: branch{RVerifyAuth, EvNotifyAuthDone}},
	{from: RVerifyAuth, on: EvNotifyAuthDone, do: groupAuthorization, yes: branch{RVerifyAuth, EvChkConfigMode}},
	{from: RVerifyAuth, on: EvChkConfigMode, do: hasConfigRequest, yes: branch{RVerifyAuth, EvSetRecConfigMode}, no: branch{RVerifyAuth, EvProcSATS}},
	{from: RVerifyAuth, on: EvSetRecConfigMode, do: wantsConfig, yes: branch{RVerifyAuth, EvProcSATS}},
	{from: RVerifyAuth, on: EvProcSATS, do: chooseFirst, yes: branch{RVerifyAuth, EvGetConfigMode}},
	{from: RVerifyAuth, on: EvGetConfigMode, do: configReply, yes: branch{RBldAuth, EvMyAuthMethod}},
	// Our method and key were found with the peer's, before anything changed.
	{from: RBldAuth, on: EvMyAuthMethod, do: ownMethod, yes: branch{RBldAuth, EvGetPreshrKey}},
	{from: RBldAuth, on: EvGetPreshrKey, do: ownKey, yes: branch{RBldAuth, EvGenAuth}},
	{from: RBldAuth, on: EvGenAuth, do: genAuth, yes: branch{RBldAuth, EvChk4Sign}, no: branch{RBldAuth, EvNoEvent}},
	wait(RBldAuth),
	{from: RBldAuth, on: EvChk4Sign, do: ownMethod, yes: branch{RBldAuth, EvOKAuthGen}},
	{from: RBldAuth, on: EvOKAuthGen, do: pass, yes: branch{RBldAuth, EvSendAuth}},
	{from: RBldAuth, on: EvSendAuth, do: sendAuthResponse, yes: branch{AuthDone, EvOK}},
	{from: Ready, on: EvROK, do: nowReady, yes: branch{Ready, EvNoEvent}},
}

// authDoneRows finish IKE_AUTH on both sides.
var authDoneRows = []row{
	{from: AuthDone, on: EvOK, yes: branch{AuthDone, EvPKISeshClose}},
	{from: AuthDone, on: EvPKISeshClose, do: noSession, yes: branch{AuthDone, EvUpdateCACStats}},
	{from: AuthDone, on: EvUpdateCACStats, do: countActive, yes: branch{AuthDone, EvInsertIKE}},
	{from: AuthDone, on: EvInsertIKE, do: insertIKE, yes: branch{AuthDone, EvGenLoadIPsec}},
	{from: AuthDone, on: EvGenLoadIPsec, do: loadIPsec, yes: branch{AuthDone, EvNoEvent}, no: branch{AuthDone, EvStartAcct}},
	wait(AuthDone),
	{from: AuthDone, on: EvOKRecdLoadIPsec, yes: branch{AuthDone, EvStartAcct}},
	{from: AuthDone, on: EvStartAcct, do: noAAA, yes: branch{AuthDone, EvCheckDupe}},
	{from: AuthDone, on: EvCheckDupe, do: checkDupe, yes: branch{AuthDone, EvChk4Role}},
	{from: AuthDone, on: EvChk4Role, do: isInitiator, yes: branch{Ready, EvChkIKEOnly}, no: branch{Ready, EvROK}},
	wait(Ready),
}

// childInitiatorRows are CREATE_CHILD_SA as initiator (RFC 7296 1.3).
//
//	HDR, SK {[N(REKEY_SA)], SA, Ni, [KEi], [TSi, TSr]} -->
//	                     <-- HDR, SK {SA, Nr, [KEr], [TSi, TSr]}
var childInitiatorRows = []row{
	{from: Ready, on: EvInitCreateChild, yes: branch{ChildIInit, EvInitCreateChild}},
	{from: ChildIInit, on: EvInitCreateChild, do: rekeysIKE, yes: branch{ChildIIKE, EvRekeyIKESA}, no: branch{ChildIIPsec, EvInitCreateChild}},
	{from: ChildIIKE, on: EvRekeyIKESA, do: beginNext, yes: branch{ChildIIKE, EvGetIKEPolicy}},
	{from: ChildIIKE, on: EvGetIKEPolicy, do: rekeyPolicy, yes: branch{ChildIIKE, EvSetPolicy}},
	{from: ChildIIKE, on: EvSetPolicy, do: setOffer, yes: branch{ChildIBldMsg, EvGenDHKey}},
	{from: ChildIIPsec, on: EvInitCreateChild, do: newChildSPI, yes: branch{ChildIIPsec, EvChk4PFS}},
	{from: ChildIIPsec, on: EvChk4PFS, do: wantsPFS, yes: branch{ChildIBldMsg, EvGenDHKey}, no: branch{ChildIBldMsg, EvBldMsg}},
	{from: ChildIBldMsg, on: EvGenDHKey, do: genDHKey, yes: branch{ChildIBldMsg, EvNoEvent}},
	wait(ChildIBldMsg),
	{from: ChildIBldMsg, on: EvOKRecdDHPubkey, yes: branch{ChildIBldMsg, EvBldMsg}},
	{from: ChildIBldMsg, on: EvBldMsg, do: sendChildRequest, yes: branch{ChildIWait, EvNoEvent}},
	wait(ChildIWait),
	{from: ChildIWait, on: EvRecvCreateChild, yes: branch{ChildIProc, EvChk4Notify}},
	{from: ChildIProc, on: EvChk4Notify, do: checkChildNotify, yes: branch{ChildIProc, EvVerifyMsg}, no: branch{ChildIBldMsg, EvGenDHKey}},
	{from: ChildIProc, on: EvVerifyMsg, do: verifyChildResponse, yes: branch{ChildIProc, EvProcMsg}},
	{from: ChildIProc, on: EvProcMsg, do: acceptChildResponse, yes: branch{ChildIProc, EvChk4PFS}},
	{from: ChildIProc, on: EvChk4PFS, do: hasKE, yes: branch{ChildIProc, EvGenDHSecret}, no: branch{ChildIProc, EvChkIKERekey}},
	{from: ChildIProc, on: EvGenDHSecret, do: genDHSecret, yes: branch{ChildIProc, EvNoEvent}},
	wait(ChildIProc),
	{from: ChildIProc, on: EvOKRecdDHSecret, do: secretOrMore, yes: branch{ChildIProc, EvChkIKERekey}, no: branch{ChildIFollow, EvCheckDupe}},
	{from: ChildIProc, on: EvChkIKERekey, do: rekeysIKE, yes: branch{ChildIProc, EvGenSKEYID}, no: branch{ChildIProc, EvGenLoadIPsec}},
	{from: ChildIProc, on: EvGenSKEYID, do: rekeySKEYID, yes: branch{ChildIDone, EvActivateNewSA}},
	{from: ChildIProc, on: EvGenLoadIPsec, do: loadIPsec, yes: branch{ChildIProc, EvNoEvent}},
	{from: ChildIProc, on: EvOKRecdLoadIPsec, yes: branch{ChildIDone, EvOK}},
	{from: ChildIDone, on: EvActivateNewSA, do: activateNewSA, yes: branch{ChildIDone, EvUpdateCACStats}},
	{from: ChildIDone, on: EvUpdateCACStats, do: countActive, yes: branch{ChildIDone, EvCheckDupe}},
	{from: ChildIDone, on: EvCheckDupe, do: settleRekey, yes: branch{ChildIDone, EvOK}},
	{from: ChildIDone, on: EvOK, do: childDone, yes: branch{Exit, EvChkPending}},
}

// childResponderRows are CREATE_CHILD_SA as responder.
var childResponderRows = []row{
	{from: Ready, on: EvRecvCreateChild, yes: branch{ChildRInit, EvRecvCreateChild}},
	{from: ChildRInit, on: EvRecvCreateChild, yes: branch{ChildRInit, EvVerifyMsg}},
	{from: ChildRInit, on: EvVerifyMsg, do: mayCreateChild, yes: branch{ChildRInit, EvChkCCType}},
	{from: ChildRInit, on: EvChkCCType, do: rekeysIKE, yes: branch{ChildRIKE, EvRekeyIKESA}, no: branch{ChildRIPsec, EvProcMsg}},
	{from: ChildRIKE, on: EvRekeyIKESA, do: beginNext, yes: branch{ChildRIKE, EvGetIKEPolicy}},
	{from: ChildRIKE, on: EvGetIKEPolicy, do: rekeyPolicy, yes: branch{ChildRIKE, EvProcMsg}},
	{from: ChildRIKE, on: EvProcMsg, do: acceptRekeyRequest, yes: branch{ChildRIKE, EvSetPolicy}},
	{from: ChildRIKE, on: EvSetPolicy, do: setChosen, yes: branch{ChildRBldMsg, EvGenDHKey}},
	{from: ChildRIPsec, on: EvProcMsg, do: chooseChild, yes: branch{ChildRIPsec, EvChk4PFS}},
	{from: ChildRIPsec, on: EvChk4PFS, do: hasKE, yes: branch{ChildRBldMsg, EvGenDHKey}, no: branch{ChildRBldMsg, EvBldMsg}},
	{from: ChildRBldMsg, on: EvGenDHKey, do: genDHKey, yes: branch{ChildRBldMsg, EvNoEvent}},
	wait(ChildRBldMsg),
	{from: ChildRBldMsg, on: EvOKRecdDHPubkey, yes: branch{ChildRBldMsg, EvGenDHSecret}},
	{from: ChildRBldMsg, on: EvGenDHSecret, do: genDHSecret, yes: branch{ChildRBldMsg, EvNoEvent}},
	{from: ChildRBldMsg, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{ChildRBldMsg, EvBldMsg}},
	{from: ChildRBldMsg, on: EvBldMsg, do: sendChildResponse, yes: branch{ChildRBldMsg, EvChkIKERekey}, no: branch{ChildRWait, EvNoEvent}},
	{from: ChildRBldMsg, on: EvChkIKERekey, do: rekeysIKE, yes: branch{ChildRBldMsg, EvGenSKEYID}, no: branch{ChildRBldMsg, EvGenLoadIPsec}},
	{from: ChildRBldMsg, on: EvGenSKEYID, do: rekeySKEYID, yes: branch{ChildRDone, EvActivateNewSA}},
	{from: ChildRBldMsg, on: EvGenLoadIPsec, do: loadIPsec, yes: branch{ChildRBldMsg, EvNoEvent}},
	{from: ChildRBldMsg, on: EvOKRecdLoadIPsec, yes: branch{ChildRDone, EvOK}},
	{from: ChildRDone, on: EvActivateNewSA, do: activateNewSA, yes: branch{ChildRDone, EvUpdateCACStats}},
	{from: ChildRDone, on: EvUpdateCACStats, do: countActive, yes: branch{ChildRDone, EvCheckDupe}},
	{from: ChildRDone, on: EvCheckDupe, do: settleRekey, yes: branch{ChildRDone, EvOK}},
	{from: ChildRDone, on: EvOK, do: childDone, yes: branch{ChildRDone, EvStartDelNegTmr}},
	// IOS keeps the context for some seconds more; here window keeps the response.
	{from: ChildRDone, on: EvStartDelNegTmr, do: pass, yes: branch{Exit, EvChkPending}},
}

// followupRows are IKE_FOLLOWUP_KE (RFC 9370 2.2.4), both sides: once for each additional
// key exchange of a CREATE_CHILD_SA. IOS's own names are not known.
var followupRows = []row{
	{from: ChildIFollow, on: EvCheckDupe, do: goesOn, yes: branch{ChildIFollow, EvGenDHKey}, no: branch{Exit, EvChkPending}},
	{from: ChildIFollow, on: EvGenDHKey, do: genDHKey, yes: branch{ChildIFollow, EvNoEvent}},
	wait(ChildIFollow),
	{from: ChildIFollow, on: EvOKRecdDHPubkey, yes: branch{ChildIFollow, EvBldMsg}},
	{from: ChildIFollow, on: EvBldMsg, do: sendFollowup, yes: branch{ChildIFWait, EvNoEvent}, no: branch{ChildIFollow, EvNoEvent}},
	wait(ChildIFWait),
	{from: ChildIFWait, on: EvRecvFollowup, yes: branch{ChildIFProc, EvChk4Notify}},
	{from: ChildIFProc, on: EvChk4Notify, do: checkAdded, yes: branch{ChildIFProc, EvProcMsg}},
	{from: ChildIFProc, on: EvProcMsg, do: acceptFollowup, yes: branch{ChildIProc, EvGenDHSecret}},
	wait(ChildRWait),
	{from: ChildRWait, on: EvRecvFollowup, yes: branch{ChildRFollow, EvProcMsg}},
	{from: ChildRFollow, on: EvProcMsg, do: takeFollowup, yes: branch{ChildRFollow, EvGenDHKey}},
	{from: ChildRFollow, on: EvGenDHKey, do: genDHKey, yes: branch{ChildRFollow, EvNoEvent}},
	wait(ChildRFollow),
	{from: ChildRFollow, on: EvOKRecdDHPubkey, yes: branch{ChildRFollow, EvGenDHSecret}},
	{from: ChildRFollow, on: EvGenDHSecret, do: genDHSecret, yes: branch{ChildRFollow, EvNoEvent}},
	{from: ChildRFollow, on: EvOKRecdDHSecret, do: secretArrived, yes: branch{ChildRFollow, EvBldMsg}},
	{from: ChildRFollow, on: EvBldMsg, do: sendFollowupResponse, yes: branch{ChildRBldMsg, EvChkIKERekey}, no: branch{ChildRWait, EvNoEvent}},
	{from: ChildRWait, on: EvTimeout, do: followupMissed},
	{from: Ready, on: EvRecvFollowup, do: strayFollowup},
}

// infoRows are INFORMATIONAL (RFC 7296 1.4): deletes and liveness, both roles.
var infoRows = []row{
	{from: Ready, on: EvDelete, do: pass, yes: branch{InfoIBldInfo, EvSendDel}},
	{from: InfoIBldInfo, on: EvSendDel, do: sendDelete, yes: branch{InfoIWait, EvNoEvent}},
	{from: Ready, on: EvSendDPD, do: sendDPD, yes: branch{InfoIWait, EvNoEvent}},
	{from: Ready, on: EvSendInfo, do: sendNotice, yes: branch{InfoIWait, EvNoEvent}},
	wait(InfoIWait),
	{from: InfoIWait, on: EvRecvInfoAck, do: processInfoAck, yes: branch{Exit, EvChkPending}},
	{from: Ready, on: EvRecvInfoReq, yes: branch{InfoR, EvRecvInfoReq}},
	{from: InfoR, on: EvRecvInfoReq, do: answerInfo, yes: branch{Exit, EvChkPending}},
	{from: Exit, on: EvChkPending, do: checkPending, yes: branch{Exit, EvNoEvent}},
	{from: Exit, on: EvNoEvent, do: finish, yes: branch{to: Exit}},
}

// failureRows are what every state can come to. IOS ends an initial exchange
// in EXIT with EV_ABORT; a later one leaves the IKE SA alone.
func failureRows() []row {
	var rows []row
	for _, s := range []State{
		IBldInit, IProcInit, InitDone, IBldInter, IProcInter, IBldAuth, IProcAuth, RInit, RBldInit, RBldInter, RWaitAuth, RVerifyAuth, RBldAuth, AuthDone,
	} {
		rows = append(rows, row{from: s, on: EvFail, do: initialFailed, yes: branch{Exit, EvAbort}})
	}
	for _, s := range []State{IProcAuth, RVerifyAuth} {
		rows = append(rows,
			row{from: s, on: EvCertFail, do: pass, yes: branch{s, EvAuthFail}},
			row{from: s, on: EvAuthFail, do: pass, yes: branch{s, EvFail}})
	}
	for _, s := range []State{
		ChildIInit, ChildIIKE, ChildIIPsec, ChildIBldMsg, ChildIProc, ChildIFollow, ChildIFWait, ChildIFProc, ChildIDone,
		ChildRInit, ChildRIKE, ChildRIPsec, ChildRBldMsg, ChildRWait, ChildRFollow, ChildRDone, InfoIBldInfo, InfoR, Ready, ChildIWait, InfoIWait,
	} {
		rows = append(rows, row{from: s, on: EvFail, do: childFailed, yes: branch{Exit, EvChkPending}})
	}
	for _, s := range []State{IWaitInit, IWaitInter, IWaitAuth} {
		rows = append(rows,
			row{from: s, on: EvReXmt, do: retransmit, yes: branch{s, EvNoEvent}},
			row{from: s, on: EvReXmtExceed, do: retransmitExceeded, yes: branch{s, EvFail}},
			row{from: s, on: EvFail, do: initialFailed, yes: branch{Exit, EvAbort}})
	}
	for _, s := range []State{ChildIWait, ChildIFWait, InfoIWait} {
		rows = append(rows,
			row{from: s, on: EvReXmt, do: retransmit, yes: branch{s, EvNoEvent}},
			row{from: s, on: EvReXmtExceed, do: retransmitExceeded, yes: branch{Exit, EvAbort}})
	}
	return append(rows,
		row{from: RWaitAuth, on: EvTimeout, do: authTimeout},
		row{from: Exit, on: EvAbort, do: pass, yes: branch{Exit, EvChkPendingAbort}},
		row{from: Exit, on: EvChkPendingAbort, do: releaseNegotiation, yes: branch{Exit, EvUpdateCACStats}},
		row{from: Exit, on: EvUpdateCACStats, do: deleteAborted, yes: branch{to: Exit}},
	)
}

// allRows is the whole machine, in reading order.
func allRows() []row {
	var rows []row
	for _, part := range [][]row{
		initiatorRows, intermediateRows, responderRows, authDoneRows, childInitiatorRows, childResponderRows, followupRows, infoRows, failureRows(),
	} {
		rows = append(rows, part...)
	}
	return rows
}

// machine indexes the rows by state and input. Building it panics when two
// rows claim the same place: rows are disjoint.
type machine [stateCount][inputCount]*row

func newMachine() *machine {
	m := new(machine)
	for _, r := range allRows() {
		if m[r.from][r.on] != nil {
			panic("ikev2: two rows for " + r.from.String() + " " + r.on.String())
		}
		if r.fail == (branch{}) {
			r.fail = branch{r.from, EvFail}
		}
		m[r.from][r.on] = &r
	}
	return m
}
