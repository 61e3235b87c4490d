package ikev2

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/window"
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
	forNotice                     // one that tells x.notice
	forAnswer                     // whatever the peer's INFORMATIONAL asks
)

// exchange is one negotiation: a pass through the state machine. The initial
// exchanges share one; each later request, ours or the peer's, has its own.
type exchange struct {
	sa        *ikeSA
	state     State
	initiator bool // in this exchange
	purpose   purpose
	kind      wire.ExchangeType // of the message under way, and
	messageID uint32            // its id
	startWith Input             // raised when a queued exchange begins
	replied   bool              // an answer has come
	hurried   bool              // the request was sent again because its answer must be lost
	begun     bool              // the peer's rekey has begun (collision.go)
	request   *window.Request   // ours that waits for its answer
	in        *wire.Message     // message being processed
	init      *initial          // initial exchanges only
	pending
	outcome
	agreement
	making
	doomed []*child // of a Delete
	notice wire.Payload
	reason Reason
}

// pending is the job that an exchange waits for.
type pending struct {
	job  uint64 // that will resume the exchange; 0: none
	work keys.Job
	then Input // raised at delivery
	take func(x *exchange, r keys.Result)
}

// outcome is how an exchange ends.
type outcome struct {
	fault *fault // why it comes to nothing; nil: it does not
}

// making is what a CREATE_CHILD_SA, or IKE_AUTH for its child, makes.
type making struct {
	entry      *entry
	packet     [2]spd.Selector // of the packet that asks for it; zero: none does
	transport  bool            // transport mode was asked for, whatever the policy has become since
	child      *child
	more       bool        // the peer may ask for another pair (RFC 7296 2.9)
	childFault *fault      // the peer or we refuse the child, not the IKE SA
	old        *child      // being rekeyed
	next       *ikeSA      // IKE SA being made by a rekey
	supersedes []*child    // pairs of the entry that the peer has lost
	early      []ipsec.SPI // pairs that the peer deleted before we saw its answer (RFC 7296 2.25.1)
}

// initial is what only IKE_SA_INIT and IKE_AUTH need; it goes when the SA is ready.
type initial struct {
	request, response []byte // the two messages in clear, as signed by AUTH
	arrived           []byte // a response that is being judged
	cookie            []byte // that the responder wants back (RFC 7296 2.6)
	cookies           int    // how many it wanted
	hint              *fault // what an unprotected answer said (RFC 7296 2.21.1)
	ownAuth           []byte
	choice            *choice  // that the menus are of
	config            *wire.CP // our answer to the CFG_REQUEST; nil: there is none
	redirecting
	unmixed *unmixed // nil: there is no going without the PPK, or none
	intermediates
	startedAt time.Time
	timeoutAt time.Time // AUTH timer of the responder
}

// redirecting is where a client is sent in IKE_AUTH.
type redirecting struct {
	redirect *wire.Gateway // client: that it is told; nil: it stays
	from     netip.Addr    // gateway: the other one that has sent it here,
	away     netip.Addr    // and where it goes; invalid: it stays
}

// createsChild says whether an exchange is a CREATE_CHILD_SA.
func (x *exchange) createsChild() bool {
	return x.purpose == forChild || x.purpose == forChildRekey || x.purpose == forIKERekey
}

// touchesChildren says whether pairs of the SA are made or deleted in it.
func (x *exchange) touchesChildren() bool {
	return x.purpose == forChild || x.purpose == forChildRekey || x.purpose == forDeleteChild
}

// deletes says whether an exchange is a Delete of ours.
func (x *exchange) deletes() bool { return x.purpose == forDeleteChild || x.purpose == forDeleteIKE }

// sent says whether a request of ours is on the wire.
func (x *exchange) sent() bool { return x.request != nil && x.request.Message() != nil }

// begunHere says whether a request of ours has left, so that the peer may have
// done what it asks.
func (x *exchange) begunHere() bool { return x.initiator && (x.sent() || x.replied) }

// answered says whether we have answered the peer's request.
func (x *exchange) answered() bool { return !x.sa.responses.Serving(x.messageID) }

// dropExchange forgets an exchange, and what it waits for.
func (t *traffic) dropExchange(x *exchange) {
	x.job, x.request = 0, nil
	if x.initiator && x.purpose != forInit {
		t.requests.Take(x.messageID)
	}
	for i, have := range t.exchanges {
		if have == x {
			t.exchanges = slices.Concat(t.exchanges[:i], t.exchanges[i+1:]) // a new list: the old one would keep x alive
			return
		}
	}
}
