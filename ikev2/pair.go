package ikev2

import (
	"time"

	"ikelab/ikev2/propose"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// child is a pair of ESP SAs made under an IKE SA.
type child struct {
	sa        *ikeSA
	entry     *entry
	in, out   ipsec.SPI
	suite     propose.Suite
	mode      Mode
	pfs       ipsec.Group
	local     []spd.Selector
	remote    []spd.Selector
	initiator bool // of the exchange that made it
	minNonce  []byte

	state  childState
	reason Reason // of its end
	rekeys duel   // rekeys of it, ours and the peer's
	own    *child // made by our rekey of it
	theirs *child // made by the peer's

	made     time.Time
	rekeyAt  time.Time
	expireAt time.Time
}

// childState is how far a pair's life is.
type childState uint8

const (
	childMade     childState = iota // its SPI is ours, IPsec does not know it yet
	childExpected                   // the peer is asked for it and may send on it as soon as it agrees
	childUp                         // installed
	childReplaced                   // a successor is up; whoever made that one deletes it
	childClosing                    // to be deleted as soon as our own rekey of it has ended
	childDeleting                   // our Delete is queued or under way; it still carries what is under way
	childGone
	childStates
)

var childStateNames = [...]string{"made", "expected", "up", "replaced", "closing", "deleting", "gone"}

func (s childState) String() string { return childStateNames[s] }

// childInput is what happens to a pair.
type childInput uint8

const (
	childAsks       childInput = iota // the peer is asked for it
	childFails                        // its exchange has come to nothing
	childInstalls                     // its keys are known
	childSucceeds                     // a successor has taken over
	childCloses                       // we want it gone
	childClosesLate                   // we want it gone, while our rekey of it is on the wire
	childRekeyEnds                    // that rekey has come to an end
	childAnswered                     // the peer has answered our Delete
	childPeerGoes                     // the peer's Delete
	childSAGoes                       // its IKE SA goes, or its hard lifetime is over
	childReturns                      // the peer has not taken the successor that it asked for
	childInputs
)

var childInputNames = [...]string{"asked for", "fails", "installs", "succeeds", "closes", "closes late", "rekey ends", "answered", "peer deletes", "ends", "returns"}

func (i childInput) String() string { return childInputNames[i] }

// holds says whether a pair is still installed.
func (c *child) holds() bool { return c.state > childExpected && c.state != childGone }

// ChildLife is one step in the life of a pair.
type ChildLife struct {
	SA           Ref
	Entry        string
	In, Out      ipsec.SPI
	From, On, To string
	Reason       Reason
}

// Kind names the body in the stream.
func (ChildLife) Kind() string { return "ike.child_life" }
