package ikev2

// The states of the rekeys of one SA; their rows are in collision.go.

// duelState is how far the rekeys of one SA are, ours and the peer's. At most
// one of each is under way.
type duelState uint8

const (
	noRekey   duelState = iota
	ownRuns             // ours is under way
	peerRuns            // the peer's is being served
	bothRun             // both
	peerAlone           // the peer's, ours has stopped
	ownWaits            // ours has made an SA, the peer's is still being served
	peerWaits           // the peer's has made an SA, ours is still under way
	settled             // one SA has taken over
	duelStates
)

var duelStateNames = [...]string{"no rekey", "own runs", "peer runs", "both run", "peer alone", "own waits", "peer waits", "settled"}

func (s duelState) String() string { return duelStateNames[s] }

// duelInput is what happens to them.
type duelInput uint8

const (
	ownBegins  duelInput = iota // our request leaves
	peerBegins                  // the peer's request comes
	ownMakes                    // our exchange has made an SA
	peerMakes                   // we have answered the peer's
	ownFails
	ownStops // ours will lose, and goes on no further
	peerFails
	peerUses // the peer goes on with what its rekey made, or deletes the old SA
	duelInputs
)

var duelInputNames = [...]string{"own begins", "peer begins", "own makes", "peer makes", "own fails", "own stops", "peer fails", "peer uses"}

func (i duelInput) String() string { return duelInputNames[i] }

// duel is the state of the rekeys of an SA.
type duel struct{ state duelState }

// Collision is one step of the rekeys of an IKE SA, or of the pair that we
// receive on under In.
type Collision struct {
	SA           Ref
	In           uint32
	From, On, To string
}

// Kind names the body in the stream.
func (Collision) Kind() string { return "ike.rekey" }
