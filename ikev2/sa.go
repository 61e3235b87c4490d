package ikev2

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// ikeSA is one IKE SA, half-open or ready.
type ikeSA struct {
	naming
	way
	peer  *peer
	entry *entry // what it was started for, as initiator; else the entry of its first child

	state     saState
	reason    Reason // of its end
	running   bool   // a row of one of its exchanges is being taken
	touched   bool   // its deadline is to be looked at when the call ends
	forgotten uint8  // how often in a row the peer has answered STATE_NOT_FOUND
	lineage

	children []*child
	given    *given // by or for configuration payloads; nil: nothing

	policy
	sealing
	authentication
	mixing
	facts
	clock
	traffic
	schedule
}

// naming is what tells an SA apart, and who began it.
type naming struct {
	id         int
	session    int // with the peer
	spiI, spiR uint64
	initiator  bool        // of the SA (RFC 7296 2.2)
	requested  requestHash // of a responder's SA
}

// lineage is what an SA replaces and what replaces it.
type lineage struct {
	rekeys    duel   // rekeys of it, ours and the peer's
	own       *ikeSA // made by our rekey of it
	theirs    *ikeSA // made by the peer's
	successor *ikeSA // the one that took over
	replaces  *ikeSA // what this one was made to replace, until that is settled
	follows   *ikeSA // what this one makes anew, pairs and all (RFC 7296 2.8.3)
}

// policy is what an SA was negotiated by, and came to.
type policy struct {
	profile *Profile
	home    netip.Addr // by which keys are looked up, where it is not the peer's address
	by      Matched
	choice  *choice // of the policy in use
	suite   propose.Suite
	nonces  keys.Nonces
}

// choose has an SA made of what a policy offers.
func (p *policy) choose(c *choice) { p.choice, p.by.Policy = c, c.of.Name }

// mixed says whether a PPK is in the keys.
func (p *policy) mixed() bool { return p.by.PPK != "" }

// sealing are the keys of an SA. A cipher is made of them for each message: an
// SA rests for hours between two, and a cipher in use is ten times its keys.
type sealing struct {
	hmacs     *hmacs
	keys      keys.IKE
	former    *keys.IKE // of IKE_INTERMEDIATE, while the SA is being made, and
	keyedFrom uint32    // the message id from which keys hold
	ivCounter uint64
}

// traffic are the exchanges of an SA.
type traffic struct {
	main      *exchange // initial exchanges; nil once ready
	exchanges []*exchange
	queue     []*exchange // requests of ours waiting for the window or for their turn
	requests  window.Requests
	responses window.Responses
	fragments fragmenting
	window    int // that we announce
}

// facts are what screens show of an SA.
type facts struct {
	ceid             int
	peerDeleteReason bool // the peer sent CISCO-DELETE-REASON
	peerChildless    bool // the responder takes an IKE_AUTH without a child
	wantedConfig     bool // CFG_REQUEST seen or sent
	redirects        bool // the client has said that it goes where the gateway sends it (RFC 5685)
	counted          bool // among the negotiating
}

// clock are the instants of an SA's life; zero: never.
type clock struct {
	created, established time.Time
	origin               time.Time // when the first of the SAs that replaced each other came up
	asked                time.Time // when the peer asked for that first one; zero: we did
	lifetime             time.Duration
	rekeyAt, expireAt    time.Time
	holdAt               time.Time // give up on the peer's Delete of a rekeyed SA
	rivalAt              time.Time // look for a duplicate
	lastHeard            time.Time
	busySince            time.Time // since when the peer has answered nothing but TEMPORARY_FAILURE
	dpdAt                time.Time
	detection            *DPD // as it was configured when the SA came up; nil: it has not
}

// dpd is how the peer is looked after.
func (c *clock) dpd() DPD {
	if c.detection == nil {
		return DPD{}
	}
	return *c.detection
}

// schedule is an SA's place in the engine's queue.
type schedule struct {
	due   time.Time
	slot  int    // place in the queue plus one
	after uint64 // the record that what comes due follows from; 0: none
}

func (n *naming) ref() Ref { return Ref{ID: n.id, Session: n.session, SPIi: n.spiI, SPIr: n.spiR} }

// keyedBy is the address by which the keys of a peer are looked up.
func keyedBy(sa *ikeSA) netip.Addr {
	if sa.home.IsValid() {
		return sa.home
	}
	return sa.remote.Addr()
}

// any says whether an exchange of the SA is like that.
func (t *traffic) any(match func(*exchange) bool) bool {
	return slices.ContainsFunc(t.exchanges, match)
}

// lastOfLine is the SA that has taken over from an SA, and from what that one is made to replace.
func lastOfLine(sa *ikeSA) *ikeSA {
	for sa.successor != nil || sa.replaces != nil {
		sa = cmp.Or(sa.replaces, sa.successor)
	}
	return sa
}

// kin are an SA and those that rekeys have made of it, or it of them, as long as they are there.
func kin(sa *ikeSA) []*ikeSA {
	if !sa.up() {
		return []*ikeSA{sa}
	}
	end := lastOfLine(sa)
	return slices.DeleteFunc(slices.Clone(sa.peer.sas), func(o *ikeSA) bool { return lastOfLine(o) != end })
}

// childByOut finds a child by the SPI that the peer receives on, among those of
// the SA and of the SAs that took over from it (RFC 7296 1.4: a Delete may
// come under either).
func (sa *ikeSA) childByOut(spi ipsec.SPI) *child {
	for ; sa != nil; sa = sa.successor {
		for _, c := range sa.children {
			if c.out == spi {
				return c
			}
		}
	}
	return nil
}

func (sa *ikeSA) dropChild(c *child) {
	for i, have := range sa.children {
		if have == c {
			sa.children = slices.Concat(sa.children[:i], sa.children[i+1:])
			return
		}
	}
}

// deadline is the next instant at which something of this SA is due.
func (sa *ikeSA) deadline() time.Time {
	due := earliest(earliest(sa.rekeyAt, sa.expireAt), earliest(sa.holdAt, sa.dpdAt))
	due = earliest(due, earliest(sa.rivalAt, sa.keepaliveAt))
	for _, x := range sa.exchanges {
		if x.sent() {
			due = earliest(due, x.request.Due())
		}
		due = earliest(due, x.followBy)
		if x.init != nil {
			due = earliest(due, x.init.timeoutAt)
		}
	}
	for _, c := range sa.children {
		due = earliest(due, earliest(c.rekeyAt, c.expireAt))
	}
	return due
}

// earliest is the earlier of two deadlines; zero means never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// isDue says whether a deadline has come.
func isDue(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

// opener is the cipher under which the peer's message of an id is: one that comes again may
// be older than the keys.
func opener(sa *ikeSA, id uint32) wire.Cipher {
	k := &sa.keys
	if id < sa.keyedFrom {
		k = sa.former
	}
	c, _ := k.Cipher(!sa.initiator, icv(sa)) // deriveKeys has looked
	return c
}

// keyed says whether the SA has its keys.
func (s *sealing) keyed() bool { return s.keys.Made() }

// header is the header of a message of this SA (RFC 7296 3.1).
func (n *naming) header(exchange wire.ExchangeType, id uint32, response bool) wire.Header {
	return wire.NewHeader(n.spiI, n.spiR, n.initiator, exchange, id, response)
}

func (n *naming) localSPI() uint64 {
	if n.initiator {
		return n.spiI
	}
	return n.spiR
}

func (n *naming) setLocalSPI(spi uint64) {
	if n.initiator {
		n.spiI = spi
	} else {
		n.spiR = spi
	}
}
