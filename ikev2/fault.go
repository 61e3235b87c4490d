package ikev2

import (
	"errors"
	"net/netip"

	"ikelab/ikev2/pki"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Why an exchange comes to nothing; what happens then is in failure.go.

// Cause says what was wrong, more finely than a Reason.
type Cause uint8

// The causes.
const (
	CauseNone              Cause = iota
	CauseNoProposal              // no complete proposal of ours
	CauseMismatch                // no proposal of one side fits the other's
	CauseGroup                   // the key exchange is of a group that the other side does not want
	CauseNoGroup                 // a group that we cannot do
	CauseBadPublic               // a public value outside its group
	CausePayloadMissing          // a payload that the exchange needs
	CauseMalformed               // an authentic message that cannot be understood
	CauseBadSPI                  // an SPI that may not be
	CauseNoProfile               // no profile takes the peer's identity
	CauseNoMethod                // an authentication method that is not configured
	CauseNoKey                   // no key for the peer
	CauseBadAuth                 // the peer's AUTH data does not verify
	CauseSelectors               // no entry has the peer's selectors
	CauseWidened                 // the peer widened what we asked for
	CauseEntryTaken              // the entry has its pair already
	CauseLimit                   // a limit of ours
	CauseNotFound                // a pair that we do not have
	CauseClosing                 // what the request is about is going away
	CauseBusy                    // something that it would touch is changing
	CauseDeletedEarly            // the peer deleted the pair before we saw its answer
	CauseNoResponse              // retransmissions are exhausted
	CauseNoAuthRequest           // IKE_AUTH did not come in time
	CausePeerRefused             // the peer says so: Heard
	CauseUnknownExchange         // an exchange type that we do not know
	CauseTunnelMode              // one end wants transport mode only, the other does not agree
	CauseSinglePair              // we take one pair of addresses at a time
	CauseNATOff                  // a NAT is on the way, and NAT traversal is off
	CauseNoCertificate           // our identity is that of a certificate, and there is none
	CauseTwin                    // the peer narrowed to what another pair carries, without the packet that asked
	CauseNoFollowup              // IKE_FOLLOWUP_KE did not come in time
	CauseConfiguration           // a configuration payload that makes no sense
	CauseNoAddress               // a pool has none left
	CauseNoAuthority             // no authority whose certificates we believe
	CauseNoPeerCertificate       // the peer sends no certificate
	CauseEncoding                // the peer sends its certificate in a form that we cannot read
	CauseBadCertificate          // the peer's certificate is refused
	CauseRedirects               // the gateway redirects us too often
	CauseNowhere                 // the gateway redirects us to where we cannot go
	CauseNoPPK                   // the post-quantum preshared key that has to be is not at both ends
)

var causeNames = [...]string{
	"none", "no complete proposal", "proposals do not match", "group not wanted", "group unknown", "public value outside its group",
	"payload missing", "malformed", "spi reserved or taken", "no profile for the identity", "method not configured", "no key",
	"auth data does not verify", "no entry with these selectors", "selectors widened", "entry has its pair", "limit reached",
	"no such pair", "closing", "busy", "pair deleted early", "no response", "no IKE_AUTH request", "peer refused", "exchange unknown",
	"transport mode declined",
	"one pair of addresses at a time",
	"nat found, and nat traversal is off",
	"no certificate to take our identity from",
	"narrowed to what another pair carries",
	"no IKE_FOLLOWUP_KE request",
	"configuration makes no sense",
	"no address left",
	"no authority to believe", "no certificate from the peer", "certificate encoding unknown", "certificate refused",
	"redirected too often", "redirected to where nobody can go",
	"no post-quantum preshared key in common",
}

// String names the cause in records.
func (c Cause) String() string { return causeNames[c] }

// Failure is why an exchange came to nothing. Who wants to explain it finds
// here what both sides wanted.
type Failure struct {
	SA          Ref
	Peer        netip.AddrPort
	Entry       string // "": none is concerned, or not known yet
	Exchange    wire.ExchangeType
	MessageID   uint32
	Initiator   bool // of the exchange
	Reason      Reason
	Cause       Cause
	Sent        wire.NotifyType // what the peer is told; 0: nothing
	Heard       wire.NotifyType // what the peer has told us
	Mismatch    *propose.Mismatch
	Groups      [2]ipsec.Group    // ours and the peer's
	Identity    Identity          // of the peer, when the lookup of it failed
	Keyring     string            // where it was looked up
	Certificate *pki.Fault        // what is wrong with the peer's
	Selectors   [2][]spd.Selector // the peer's, for our end and for its own
	ChildOnly   bool              // the IKE SA comes up without its first pair (RFC 7296 1.2)
}

// Fault is what is wrong with an exchange, as soon as it is found: what the
// exchange comes to is the Failure that follows. One that concerns the first
// pair only lets IKE_AUTH go on.
type Fault struct{ Failure }

// Hint is a failure that an unprotected message claims (RFC 7296 2.21.1).
type Hint struct{ Failure }

// Kind names the body in the stream.
func (Failure) Kind() string { return "ike.failure" }

func (Fault) Kind() string { return "ike.fault" }

func (Hint) Kind() string { return "ike.hint" }

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

// reasonOf translates an error notify of the peer.
func reasonOf(k wire.NotifyType) Reason {
	switch k {
	case wire.NO_PROPOSAL_CHOSEN, wire.INVALID_KE_PAYLOAD:
		return ReasonNoProposal
	case wire.AUTHENTICATION_FAILED:
		return ReasonAuthFailed
	case wire.TS_UNACCEPTABLE, wire.SINGLE_PAIR_REQUIRED:
		return ReasonTSUnacceptable
	case wire.NO_ADDITIONAL_SAS, wire.TEMPORARY_FAILURE:
		return ReasonNoResources
	case wire.INTERNAL_ADDRESS_FAILURE, wire.FAILED_CP_REQUIRED:
		return ReasonNoAddress
	}
	return ReasonInvalid
}
