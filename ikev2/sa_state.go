package ikev2

// The states of an IKE SA's life; its rows are in life.go.

// saState is how far an IKE SA's life is.
type saState uint8

const (
	saNegotiating saState = iota
	saUnwanted            // to be deleted as soon as the peer has answered our IKE_AUTH
	saReady
	saClosing  // to be deleted as soon as our own rekey of it has ended
	saRekeyed  // another has taken over; whoever made that one deletes it
	saDeleting // our Delete is queued or under way
	saDead
	saStates
)

var saStateNames = [...]string{"negotiating", "unwanted", "ready", "closing", "rekeyed", "deleting", "dead"}

func (s saState) String() string { return saStateNames[s] }

// saInput is what happens to an IKE SA.
type saInput uint8

const (
	saComesUp     saInput = iota // the initial exchanges, or a rekey, have made it
	saCloses                     // we want it gone
	saClosesLate                 // we want it gone, while our IKE_AUTH or our rekey of it is on the wire
	saRekeyEnds                  // that rekey has come to an end
	saSucceeds                   // another SA takes over
	saHoldEnds                   // the peer has not deleted what it replaced
	saAnswered                   // the peer has answered our Delete
	saPeerDeletes                // the peer's Delete
	saLost                       // the peer is gone, or the negotiation has failed
	saInputs
)

var saInputNames = [...]string{
	"comes up", "closes", "closes late", "rekey ends", "succeeds", "hold ends", "answered", "peer deletes", "lost",
}

func (i saInput) String() string { return saInputNames[i] }

// up says whether an SA carries, or has carried, protected exchanges.
func (sa *ikeSA) up() bool { return sa.state > saUnwanted && sa.state != saDead }

// usable says whether new exchanges may begin under the SA.
func (sa *ikeSA) usable() bool { return sa.state == saReady && sa.main == nil }

// dying says whether an SA is to go and everything under it with it.
func (sa *ikeSA) dying() bool { return sa.state == saClosing || sa.state == saDeleting }

// SALife is one step in the life of an IKE SA.
type SALife struct {
	SA           Ref
	From, On, To string
	Reason       Reason
	CEID         int  // the how manieth SA of the router it is, when it comes up
	Deleted      bool // a Delete ends it, ours or the peer's
}

// Kind names the body in the stream.
func (SALife) Kind() string { return "ike.sa_life" }
