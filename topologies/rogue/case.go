package rogue

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Case is one misbehaviour and what is owed in return.
type Case struct {
	Name string
	RFC  string // the sentence that says so
	As   Standing
	Bend func(*Answer) // of a peer that was Asked
	Do   func(*Talk)
	// Fragments has the peer offer IKE fragmentation (RFC 7383).
	Fragments bool
	// Want is all that the router sends because of it, each thing once; nothing
	// is silence.
	Want []string
	// Ends says that the peer's own SA is ended by it; all others stay.
	Ends bool
}

// Standing is what there is between router and peer when a case begins.
type Standing string

// What there may be.
const (
	Stranger Standing = "" // nothing
	HalfOpen Standing = "half an SA"
	Member   Standing = "an SA"
	Asked    Standing = "the router begins"
)

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

// Begin brings about the standing that the case wants, and nothing else: what
// there was is deleted first. Of a peer that is Asked the router must be made to
// begin then.
func (c *Case) Begin(t *Talk) {
	t.leave()
	t.forget()
	t.offersFragments = c.Fragments
	if t.bend, t.deaf = c.Bend, c.As != Asked; !t.deaf {
		return
	}
	t.SA = t.newSA()
	if c.As != Stranger {
		t.establish(t.SA, c.As == Member)
	}
}

// leave deletes the SAs that there are. What the router still has to say of them
// is answered, and no part of a case.
func (t *Talk) leave() {
	for _, spi := range slices.Sorted(maps.Keys(t.sas)) {
		sa := t.sas[spi]
		if sa.past = true; sa.Up {
			t.send(sa, sa.inform(&wire.Delete{Protocol: wire.ProtoIKE}))
		}
	}
	if len(t.sas) > 0 {
		t.Pass(Round)
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

// Play plays the case and lists what was heard, each thing once. The peer then
// is an honest one again.
func (c *Case) Play(t *Talk) []string {
	defer func() { t.bend, t.deaf = nil, false }()
	if c.As == HalfOpen && !t.SA.keyed || c.As == Member && (!t.SA.Up || t.SA.Pair == nil) {
		return []string{"no more than " + cmp.Or(strings.Join(once(t.heard), ", "), "silence") + " until there is " + string(c.As)}
	}
	if c.As != Asked {
		t.forget()
	}
	if c.Do != nil {
		c.Do(t)
	}
	t.Pass(Round)
	return once(t.heard)
}

// once lists what was heard, each thing once.
func once(heard []Heard) (list []string) {
	for _, h := range heard {
		if s := h.String(); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// Lives says whether the peer's own SA must be there after the case.
func (c *Case) Lives() bool { return (c.As == Member || c.As == HalfOpen) && !c.Ends }

// Packets is how many packets the peer has sent since it began to play.
func (t *Talk) Packets() int { return t.sent }
