package ikev2

import (
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// purpose is what an exchange is for.
type purpose uint8

const (
	forInit        purpose = iota // IKE_SA_INIT and IKE_AUTH
	forChild                      // a new child SA
	forChildRekey                 // replaces x.old
	forIKERekey                   // replaces the IKE SA
	forDeleteChild                // deletes x.doomed
	forDeleteIKE                  // deletes the IKE SA
	forLiveness                   // an empty INFORMATIONAL
	forAnswer                     // whatever the peer's INFORMATIONAL asks
)

// exchange is one negotiation: a pass through the state machine. The initial
// exchanges share one; each later request, ours or the peer's, has its own.
type exchange struct {
	sa        *ikeSA
	state     State
	initiator bool // in this exchange
	purpose   purpose
	messageID uint32
	job       uint64 // that will resume this exchange; 0: none
	fault     *fault

	in *wire.Message // message being processed

	// Request that we sent, for retransmission (RFC 7296 2.1).
	request      []byte
	retransmits  int
	replied      bool // the answer has come
	retransmitAt time.Time

	// Diffie-Hellman and nonces.
	group          ipsec.Group
	private        *ipsec.PrivateKey
	public         []byte
	peerPublic     []byte
	secret         []byte
	secretErr      error
	nonceI, nonceR []byte
	badKE          int           // INVALID_KE_PAYLOAD retries
	chosen         suite         // as responder, and
	answerTo       wire.Proposal // the proposal it was chosen from

	// Initial exchanges.
	init *initial

	// CREATE_CHILD_SA.
	child      *child // being made
	childFault *fault // the peer or we refuse the child, not the IKE SA
	old        *child // being rekeyed
	doomed     []*child
	next       *ikeSA // IKE SA being made by a rekey
	entry      *entry
	menus      []menu // what we offer or accept
	startWith  Input  // raised when a queued exchange begins
	reason     Reason // of a delete
}

// initial is what only IKE_SA_INIT and IKE_AUTH need; it goes when the SA is ready.
type initial struct {
	request, response []byte // the two messages in clear, as signed by AUTH
	ownAuth           []byte
	startedAt         time.Time
	timeoutAt         time.Time // AUTH timer of the responder
}

// fault is why an exchange failed, and what to tell the peer.
type fault struct {
	reason Reason
	notify wire.NotifyType // 0: nothing is told
	data   []byte
	text   string          // detail for errors and tests
	peer   wire.NotifyType // what the peer told us, 0: nothing
	about  *wire.Notify    // notify of the peer that ours answers
}

func (f *fault) Error() string { return "ikev2: " + f.text }

// failWith records the fault and answers fail.
func (x *exchange) failWith(r Reason, n wire.NotifyType, text string) answer {
	x.fault = &fault{reason: r, notify: n, text: text}
	return fail
}

// child is a pair of ESP SAs made under an IKE SA.
type child struct {
	sa        *ikeSA
	entry     *entry
	in, out   ipsec.SPI
	suite     suite
	pfs       ipsec.Group
	local     []spd.Selector
	remote    []spd.Selector
	initiator bool // of the exchange that made it
	minNonce  []byte
	made      time.Time
	rekeyAt   time.Time
	expireAt  time.Time
	rekeying  *exchange // our rekey of it that is under way
	ownRekey  *child    // made by our rekey of it
	peerRekey *child    // made by the peer's
	replaced  bool      // a successor is up
	deleting  bool
	redundant bool // lost a rekey collision: its creator deletes it
}
