package ikev2

// State is a state of an exchange, with the name that IOS prints.
type State uint8

// The states. The initial exchanges run from Idle to Ready; every later
// exchange starts in Ready and ends in Exit.
const (
	Idle State = iota
	IBldInit
	IWaitInit
	IProcInit
	InitDone
	IBldInter
	IWaitInter
	IProcInter
	IBldAuth
	IWaitAuth
	IProcAuth
	RInit
	RBldInit
	RBldInter
	RWaitAuth
	RVerifyAuth
	RBldAuth
	AuthDone
	Ready
	ChildIInit
	ChildIIKE
	ChildIIPsec
	ChildIBldMsg
	ChildIWait
	ChildIProc
	ChildIFollow
	ChildIFWait
	ChildIFProc
	ChildIDone
	ChildRInit
	ChildRIKE
	ChildRIPsec
	ChildRBldMsg
	ChildRWait
	ChildRFollow
	ChildRDone
	InfoIBldInfo
	InfoIWait
	InfoR
	Exit
	stateCount
)

var stateNames = [stateCount]string{
	"IDLE", "I_BLD_INIT", "I_WAIT_INIT", "I_PROC_INIT", "INIT_DONE",
	"I_BLD_INTERMEDIATE", "I_WAIT_INTERMEDIATE", "I_PROC_INTERMEDIATE", "I_BLD_AUTH", "I_WAIT_AUTH", "I_PROC_AUTH",
	"R_INIT", "R_BLD_INIT", "R_BLD_INTERMEDIATE", "R_WAIT_AUTH", "R_VERIFY_AUTH", "R_BLD_AUTH", "AUTH_DONE", "READY",
	"CHILD_I_INIT", "CHILD_I_IKE", "CHILD_I_IPSEC", "CHILD_I_BLD_MSG", "CHILD_I_WAIT", "CHILD_I_PROC",
	"CHILD_I_BLD_FOLLOWUP", "CHILD_I_WAIT_FOLLOWUP", "CHILD_I_PROC_FOLLOWUP", "CHILD_I_DONE",
	"CHILD_R_INIT", "CHILD_R_IKE", "CHILD_R_IPSEC", "CHILD_R_BLD_MSG",
	"CHILD_R_WAIT_FOLLOWUP", "CHILD_R_BLD_FOLLOWUP", "CHILD_R_DONE",
	"INFO_I_BLD_INFO", "INFO_I_WAIT", "INFO_R", "EXIT",
}

// String returns the IOS name.
func (s State) String() string { return stateNames[s] }

// Input is what happens to an exchange in a state, with the name that IOS
// prints; zero is no input.
type Input uint8

// The inputs.
const (
	EvNone Input = iota
	EvNoEvent
	EvInitSA
	EvRecvInit
	EvGetIKEPolicy
	EvSetPolicy
	EvChkAuth4PKI
	EvPKISeshOpen
	EvGenDHKey
	EvOKRecdDHPubkey
	EvGenDHSecret
	EvOKRecdDHSecret
	EvGetConfigMode
	EvBldMsg
	EvChk4Notify
	EvVerifyMsg
	EvInsertSA
	EvProcMsg
	EvDetectNAT
	EvChkNATT
	EvChkConfigMode
	EvGenSKEYID
	EvDone
	EvChk4Role
	EvStartTmr
	EvChkEAP
	EvGenAuth
	EvChkAuthType
	EvOKAuthGen
	EvSendAuth
	EvRecvAuth
	EvRecvInter
	EvProcID
	EvChkPeerCert
	EvGetPolicyByPeerID
	EvVerifyPolicyByPeerID
	EvGetPreshrKey
	EvChkCertEnc
	EvVerifyX509Certs
	EvCertFail
	EvVerifyAuth
	EvNotifyAuthDone
	EvChk4IC
	EvChkIKEOnly
	EvProcSATS
	EvOK
	EvPKISeshClose
	EvUpdateCACStats
	EvInsertIKE
	EvGenLoadIPsec
	EvOKRecdLoadIPsec
	EvStartAcct
	EvCheckDupe
	EvIOK
	EvROK
	EvChkAuth4EAP
	EvChkPolReqEAP
	EvChkRedirect
	EvSetRecConfigMode
	EvMyAuthMethod
	EvChk4Sign
	EvInitCreateChild
	EvRecvCreateChild
	EvRecvFollowup
	EvChkCCType
	EvRekeyIKESA
	EvChk4PFS
	EvChkIKERekey
	EvActivateNewSA
	EvStartDelNegTmr
	EvChkPending
	EvDelete
	EvSendDel
	EvSendDPD
	EvSendInfo
	EvRecvInfoReq
	EvRecvInfoAck
	EvReXmt
	EvReXmtExceed
	EvTimeout
	EvFail
	EvAuthFail
	EvAbort
	EvChkPendingAbort
	inputCount
)

var inputNames = [inputCount]string{
	"", "EV_NO_EVENT", "EV_INIT_SA", "EV_RECV_INIT", "EV_GET_IKE_POLICY", "EV_SET_POLICY", "EV_CHK_AUTH4PKI",
	"EV_PKI_SESH_OPEN", "EV_GEN_DH_KEY", "EV_OK_REC'D_DH_PUBKEY_RESP", "EV_GEN_DH_SECRET", "EV_OK_REC'D_DH_SECRET_RESP",
	"EV_GET_CONFIG_MODE", "EV_BLD_MSG", "EV_CHK4_NOTIFY", "EV_VERIFY_MSG", "EV_INSERT_SA", "EV_PROC_MSG", "EV_DETECT_NAT",
	"EV_CHK_NAT_T", "EV_CHK_CONFIG_MODE", "EV_GEN_SKEYID", "EV_DONE", "EV_CHK4_ROLE", "EV_START_TMR", "EV_CHK_EAP",
	"EV_GEN_AUTH", "EV_CHK_AUTH_TYPE", "EV_OK_AUTH_GEN", "EV_SEND_AUTH", "EV_RECV_AUTH", "EV_RECV_INTERMEDIATE", "EV_PROC_ID",
	"EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL", "EV_GET_POLICY_BY_PEERID", "EV_VERIFY_POLICY_BY_PEERID",
	"EV_GET_PRESHR_KEY", "EV_CHK_CERT_ENC", "EV_VERIFY_X509_CERTS", "EV_CERT_FAIL", "EV_VERIFY_AUTH", "EV_NOTIFY_AUTH_DONE", "EV_CHK4_IC", "EV_CHK_IKE_ONLY", "EV_PROC_SA_TS", "EV_OK",
	"EV_PKI_SESH_CLOSE", "EV_UPDATE_CAC_STATS", "EV_INSERT_IKE", "EV_GEN_LOAD_IPSEC", "EV_OK_REC'D_LOAD_IPSEC",
	"EV_START_ACCT", "EV_CHECK_DUPE", "EV_I_OK", "EV_R_OK", "EV_CHK_AUTH4EAP", "EV_CHK_POLREQEAP", "EV_CHK_REDIRECT",
	"EV_SET_REC_CONFIG_MODE", "EV_MY_AUTH_METHOD", "EV_CHK4_SIGN", "EV_INIT_CREATE_CHILD", "EV_RECV_CREATE_CHILD", "EV_RECV_FOLLOWUP_KE",
	"EV_CHK_CC_TYPE", "EV_REKEY_IKESA", "EV_CHK4_PFS", "EV_CHK_IKE_REKEY", "EV_ACTIVATE_NEW_SA", "EV_START_DEL_NEG_TMR",
	"EV_CHK_PENDING", "EV_DELETE", "EV_SEND_DEL", "EV_SEND_DPD", "EV_SEND_INFO", "EV_RECV_INFO_REQ", "EV_RECV_INFO_ACK", "EV_RE_XMT",
	"EV_RE_XMT_EXCEED", "EV_TIMEOUT", "EV_FAIL", "EV_AUTH_FAIL", "EV_ABORT", "EV_CHK_PENDING_ABORT",
}

// String returns the IOS name.
func (i Input) String() string { return inputNames[i] }

// answer is what the action of a row comes to.
type answer uint8

const (
	yes answer = iota
	no
	fail // x.fault says why
)
