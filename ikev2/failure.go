package ikev2

import (
	"errors"
	"net/netip"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Why an exchange comes to nothing, and what happens then.

// Cause says what was wrong, more finely than a Reason.
type Cause uint8

// The causes.
const (
	CauseNone            Cause = iota
	CauseNoProposal            // no complete proposal of ours
	CauseMismatch              // no proposal of one side fits the other's
	CauseGroup                 // the key exchange is of a group that the other side does not want
	CauseNoGroup               // a group that we cannot do
	CauseBadPublic             // a public value outside its group
	CausePayloadMissing        // a payload that the exchange needs
	CauseMalformed             // an authentic message that cannot be understood
	CauseBadSPI                // an SPI that may not be
	CauseNoProfile             // no profile takes the peer's identity
	CauseNoMethod              // an authentication method that is not configured
	CauseNoKey                 // no key for the peer
	CauseBadAuth               // the peer's AUTH data does not verify
	CauseSelectors             // no entry has the peer's selectors
	CauseWidened               // the peer widened what we asked for
	CauseEntryTaken            // the entry has its pair already
	CauseLimit                 // a limit of ours
	CauseNotFound              // a pair that we do not have
	CauseClosing               // what the request is about is going away
	CauseBusy                  // something that it would touch is changing
	CauseDeletedEarly          // the peer deleted the pair before we saw its answer
	CauseNoResponse            // retransmissions are exhausted
	CauseNoAuthRequest         // IKE_AUTH did not come in time
	CausePeerRefused           // the peer says so: Heard
	CauseUnknownExchange       // an exchange type that we do not know
)

var causeNames = [...]string{
	"none", "no complete proposal", "proposals do not match", "group not wanted", "group unknown", "public value outside its group",
	"payload missing", "malformed", "spi reserved or taken", "no profile for the identity", "method not configured", "no key",
	"auth data does not verify", "no entry with these selectors", "selectors widened", "entry has its pair", "limit reached",
	"no such pair", "closing", "busy", "pair deleted early", "no response", "no IKE_AUTH request", "peer refused", "exchange unknown",
}

// String names the cause in records.
func (c Cause) String() string { return causeNames[c] }

// Failure is why an exchange came to nothing. Who wants to explain it finds
// here what both sides wanted.
type Failure struct {
	SA        Ref
	Peer      netip.AddrPort
	Entry     string // "": none is concerned, or not known yet
	Exchange  wire.ExchangeType
	MessageID uint32
	Initiator bool // of the exchange
	Reason    Reason
	Cause     Cause
	Sent      wire.NotifyType // what the peer is told; 0: nothing
	Heard     wire.NotifyType // what the peer has told us
	Mismatch  *propose.Mismatch
	Groups    [2]ipsec.Group    // ours and the peer's
	Identity  Identity          // of the peer, when the lookup of it failed
	Keyring   string            // where it was looked up
	Selectors [2][]spd.Selector // the peer's, for our end and for its own
	ChildOnly bool              // the IKE SA comes up without its first pair (RFC 7296 1.2)
}

// Fault is what is wrong with an exchange, as soon as it is found: what the
// exchange comes to is the Failure that follows. One that concerns the first
// pair only lets IKE_AUTH go on.
type Fault struct{ Failure }

// Hint is a failure that an unprotected message claims (RFC 7296 2.21.1).
type Hint struct{ Failure }

// Kind names the body in the stream.
func (Failure) Kind() string { return "ike.failure" }
func (Fault) Kind() string   { return "ike.fault" }
func (Hint) Kind() string    { return "ike.hint" }

// fault is a Failure on its way to the peer.
type fault struct {
	Failure
	data  []byte       // of the notify
	about *wire.Notify // notify of the peer that ours answers
}

func newFault(r Reason, n wire.NotifyType, c Cause) *fault {
	return &fault{Failure: Failure{Reason: r, Sent: n, Cause: c}}
}

// failWith records why the exchange fails and answers fail.
func (o *outcome) failWith(r Reason, n wire.NotifyType, c Cause) answer {
	o.fault = newFault(r, n, c)
	return fail
}

// heard fails for what the peer says.
func (o *outcome) heard(n *wire.Notify) answer {
	o.failWith(reasonOf(n.Kind), 0, CausePeerRefused)
	o.fault.Heard = n.Kind
	return fail
}

// mismatched fails for want of a common proposal.
func (o *outcome) mismatched(err error, n wire.NotifyType) answer {
	o.failWith(ReasonNoProposal, n, CauseMismatch)
	errors.As(err, &o.fault.Mismatch)
	return fail
}

// describe is the failure with all that is known of the exchange.
func (x *exchange) describe(f *fault) Failure {
	out := f.Failure
	out.ChildOnly = f == x.childFault
	out.SA, out.Peer, out.Exchange, out.MessageID, out.Initiator = x.sa.ref(), x.sa.remote, x.kind, x.messageID, x.initiator
	if x.entry != nil {
		out.Entry = x.entry.cfg.Entry
	}
	return out
}

// failed tells what went wrong, and keeps it for who asks later; a peer that is
// told our group begins again with it (RFC 7296 1.2), so nothing has failed yet.
func (e *Engine) failed(f Failure) {
	e.emit(f)
	if f.Sent != wire.INVALID_KE_PAYLOAD {
		e.diagnose(f)
	}
}

// cannot tells that an entry's negotiation could not even begin.
func (e *Engine) cannot(f *entry, peer netip.AddrPort, r Reason, c Cause) {
	e.failed(Failure{Peer: peer, Entry: f.cfg.Entry, Exchange: wire.IKE_SA_INIT, Initiator: true, Reason: r, Cause: c, Keyring: e.keyringOf(f)})
	e.entryDown(f, peer, r)
}

func (e *Engine) keyringOf(f *entry) string {
	if p := e.profile(f.cfg.Profile); p != nil {
		return p.Keyring
	}
	return ""
}

// initialFailed tells the peer why an SA does not come up (RFC 7296 2.21).
func initialFailed(e *Engine, x *exchange) answer {
	sa, f := x.sa, x.fault
	e.failed(x.describe(f))
	if f.Sent == 0 {
		return yes
	}
	n := ikeNotify(f.Sent, f.data)
	switch {
	case !x.initiator && !sa.keyed():
		e.refuseInit(sa, n)
	case !x.initiator && sa.responses.Serving(x.messageID):
		e.respond(x, wire.IKE_AUTH, []wire.Payload{n})
	case x.initiator && sa.keyed():
		// The responder believes that the SA is up; nobody waits for an answer.
		h := sa.header(wire.INFORMATIONAL, sa.requests.Next(), false)
		e.send(sa, e.seal(sa, h, []wire.Payload{n}))
	}
	return yes
}

// refuseInit answers without keeping state: our SPI stays zero
// (RFC 7296 2.6).
func (e *Engine) refuseInit(sa *ikeSA, n *wire.Notify) {
	h := sa.header(wire.IKE_SA_INIT, 0, true)
	h.SPIr = 0
	e.sendPlain(sa, &wire.Message{Header: h, Payloads: []wire.Payload{n}})
}

func releaseNegotiation(e *Engine, x *exchange) answer {
	if x.sa.counted {
		e.tellAdmission(x.sa, GivenUp, true)
	}
	return yes
}

func deleteAborted(e *Engine, x *exchange) answer {
	if x.purpose != forInit {
		e.failed(x.describe(x.fault))
	}
	e.drop(x.sa, saLost, x.fault.Reason)
	return yes
}

// childFailed ends a later exchange; the IKE SA lives on. As responder it
// tells the peer why.
func childFailed(e *Engine, x *exchange) answer {
	f := x.fault
	e.failed(x.describe(f))
	if !x.initiator && !x.answered() {
		e.respond(x, x.kind, f.answer())
	}
	d := x.rekeyed()
	switch {
	case d == nil && x.initiator:
		e.lost(x, f.Reason)
	case d != nil && x.initiator:
		e.clash(d, ownFails)
		e.rekeyRefused(x)
	case d != nil && x.begun:
		e.clash(d, peerFails)
	}
	return yes
}

// answer is what a refusal carries. CHILD_SA_NOT_FOUND names the SPI that was
// asked about (RFC 7296 2.25).
func (f *fault) answer() []wire.Payload {
	if f.Sent == 0 {
		return nil
	}
	if f.about != nil {
		return []wire.Payload{&wire.Notify{Protocol: f.about.Protocol, SPI: f.about.SPI, Kind: f.Sent}}
	}
	return []wire.Payload{ikeNotify(f.Sent, f.data)}
}

// rekeyRefused replaces a pair that the peer does not know any more by a new
// one: "the node that receives CHILD_SA_NOT_FOUND SHOULD silently delete the
// Child SA ... and initiate a request to create a new Child SA from scratch"
// (RFC 7296 2.25).
func (e *Engine) rekeyRefused(x *exchange) {
	if x.purpose != forChildRekey || x.fault.Heard != wire.CHILD_SA_NOT_FOUND {
		return
	}
	c := x.old
	wanted := c.state == childUp || c.reason == ReasonExpired
	x.sa.dropExchange(x)
	e.endChild(c, childPeerGoes, ReasonPeerDeleted)
	if f := c.entry; wanted && len(f.children) == 0 && e.protects(f) && !e.negotiating(f) {
		e.start(c.sa, &exchange{purpose: forChild, making: making{entry: f}}, EvInitCreateChild)
	}
}

// lost tells that a child of an entry will not come, when the entry has no other.
func (e *Engine) lost(x *exchange, r Reason) {
	if x.initiator && x.purpose == forChild && len(x.entry.children) == 0 {
		e.entryDown(x.entry, x.sa.remote, r)
	}
}

func (e *Engine) entryDown(f *entry, peer netip.AddrPort, r Reason) {
	e.emit(EntryDown{Entry: f.cfg.Entry, Peer: peer, Reason: r})
}

// errorNotify is the first notify of the error range, nil without.
func errorNotify(m *wire.Message) *wire.Notify {
	for _, n := range wire.All[*wire.Notify](m) {
		if n.Kind.IsError() {
			return n
		}
	}
	return nil
}

// reasonOf translates an error notify of the peer.
func reasonOf(k wire.NotifyType) Reason {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN, wire.INVALID_KE_PAYLOAD:
		return ReasonNoProposal
	case wire.AUTHENTICATION_FAILED:
		return ReasonAuthFailed
	case wire.TS_UNACCEPTABLE:
		return ReasonTSUnacceptable
	case wire.NO_ADDITIONAL_SAS, wire.TEMPORARY_FAILURE:
		return ReasonNoResources
	}
	return ReasonInvalid
}
