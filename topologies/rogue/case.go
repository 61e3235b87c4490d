package rogue

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec"
)

// Case is one misbehaviour and what is owed in return.
type Case struct {
	Name string
	RFC  string // the sentence that says so
	As   Standing
	Bend func(*Answer) // of a peer that was Asked
	Do   func(*Talk)
	// Want is all that the router sends because of it, each thing once; nothing
	// is silence.
	Want []string
	// Ends says that the peer's own SA is ended by it; all others stay.
	Ends bool
}

// Standing is what there is between router and peer when a case begins.
type Standing uint8

// What there may be.
const (
	Stranger Standing = iota // nothing
	HalfOpen                 // IKE_SA_INIT is over
	Member                   // an IKE SA and a pair, which the peer asked for
	Asked                    // the router begins
)

// known says whether the router must have a tunnel to the peer.
func (s Standing) known() bool { return s == Member || s == Asked }

// Talk is a case being played.
type Talk struct {
	*Peer
	SA     *SA
	Others Others
	Pass   func(time.Duration) // lets virtual time pass
}

// Others are the SAs of an honest peer.
type Others struct {
	Address    netip.Addr
	SPIi, SPIr uint64
	Pair       [2]ipsec.SPI // in and out, as the router has them
}

// Round is long enough for any answer to have come.
const Round = 100 * time.Millisecond

// begin brings about the standing that the case wants.
func (c *Case) begin(t *Talk) {
	if c.As == Asked {
		t.Bend = c.Bend
		return
	}
	t.SA = t.newSA()
	if c.As >= HalfOpen {
		t.establish(t.SA, c.As == Member)
	}
}

// establish completes IKE_SA_INIT, and IKE_AUTH where that is wanted.
func (t *Talk) establish(sa *SA, whole bool) {
	t.send(sa, sa.initRequest())
	t.Pass(Round)
	if whole {
		t.send(sa, sa.authRequest())
		t.Pass(Round)
	}
}

// play plays the case and lists what was heard, each thing once.
func (c *Case) play(t *Talk) []string {
	if c.As != Asked {
		t.forget()
	}
	if c.Do != nil {
		c.Do(t)
	}
	t.Pass(Round)
	var list []string
	for _, h := range t.heard {
		if s := h.String(); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
