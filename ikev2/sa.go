package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// ikeSA is one IKE SA, half-open or ready.
type ikeSA struct {
	id            int
	spiI, spiR    uint64
	initiator     bool // of the SA (RFC 7296 2.2)
	local, remote netip.AddrPort
	peer          *peer
	entry         *entry // what it was started for, as initiator; else the entry of its first child
	profile       *Profile
	proposals     []*Proposal // candidates of the policy in use
	suite         suite
	skD           []byte
	skPI, skPR    []byte
	sealer        *ipsec.Cipher
	opener        *ipsec.Cipher
	ivCounter     uint64
	nonceI        []byte
	nonceR        []byte

	localID, remoteID Identity
	localKey, peerKey []byte

	main      *exchange // initial exchanges; nil once ready
	exchanges []*exchange
	queue     []*exchange // requests of ours waiting for the window or for their turn
	children  []*child

	nextSend   uint32 // id of our next request
	peerWindow uint32
	window     int    // that we announced
	nextRecv   uint32 // lowest id of the peer's that we did not answer
	answers    []cachedAnswer
	serving    []uint32 // ids of requests being processed

	created, established time.Time
	lifetime             time.Duration
	rekeyAt, expireAt    time.Time
	deleteAt             time.Time // give up on the peer's Delete of a rekeyed SA
	lastHeard            time.Time
	dpdAt                time.Time
	dpd                  DPD

	ready     bool
	deleting  bool
	dead      bool
	rekeyed   *ikeSA    // successor
	ownRekey  *exchange // our rekey of the SA that ended, and
	peerRekey *exchange // the peer's
	reason    Reason

	ceid, session    int
	peerDeleteReason bool // the peer sent CISCO-DELETE-REASON
	nat              bool
	counted          bool   // among the negotiating
	endWith          Reason // delete when the initial exchanges have ended
	wantedConfig     bool   // CFG_REQUEST seen or sent

	due     time.Time // key in the engine's queue
	slot    int       // place in the queue plus one
	running bool      // a row of one of its exchanges is being taken
	touched bool      // deadline to be looked at when the call ends
}

// cachedAnswer is a response kept for a retransmitted request (RFC 7296 2.1).
type cachedAnswer struct {
	id   uint32
	data []byte
}

func (sa *ikeSA) ref() Ref { return Ref{ID: sa.id, SPIi: sa.spiI, SPIr: sa.spiR} }

// own finds an exchange of ours that is under way.
func (sa *ikeSA) own(match func(*exchange) bool) *exchange {
	for _, x := range sa.exchanges {
		if x.initiator && match(x) {
			return x
		}
	}
	return nil
}

// childByOut finds a child by the SPI that the peer receives on.
func (sa *ikeSA) childByOut(spi ipsec.SPI) *child {
	for _, c := range sa.children {
		if c.out == spi {
			return c
		}
	}
	return nil
}

func (sa *ikeSA) dropChild(c *child) {
	for i, have := range sa.children {
		if have == c {
			sa.children = append(sa.children[:i:i], sa.children[i+1:]...)
			return
		}
	}
}

func (sa *ikeSA) dropExchange(x *exchange) {
	for i, have := range sa.exchanges {
		if have == x {
			sa.exchanges = append(sa.exchanges[:i:i], sa.exchanges[i+1:]...)
			return
		}
	}
}

// deadline is the next instant at which something of this SA is due.
func (sa *ikeSA) deadline() time.Time {
	due := earliest(sa.rekeyAt, sa.expireAt)
	due = earliest(due, earliest(sa.deleteAt, sa.dpdAt))
	for _, x := range sa.exchanges {
		due = earliest(due, x.retransmitAt)
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

// header is the header of a message of this SA (RFC 7296 3.1).
func (sa *ikeSA) header(exchange wire.ExchangeType, id uint32, response bool) wire.Header {
	h := wire.Header{SPIi: sa.spiI, SPIr: sa.spiR, Version: 0x20, Exchange: exchange, MessageID: id}
	if sa.initiator {
		h.Flags |= wire.FlagInitiator
	}
	if response {
		h.Flags |= wire.FlagResponse
	}
	return h
}
