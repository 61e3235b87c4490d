package swarm

import (
	"fmt"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/lab"
)

// Invariant is what must always be so.
type Invariant string

// The invariants.
const (
	Protected  Invariant = "no packet in clear on a protected path"
	Stopped    Invariant = "what comes in clear on a protected path goes no further"
	Apart      Invariant = "nothing of one customer comes to another"
	Twice      Invariant = "no inner packet delivered twice"
	NeverSent  Invariant = "no inner packet that nobody sent"
	Reused     Invariant = "no message id, IV or ESP sequence number twice under a key"
	Paired     Invariant = "pairs of SAs fit together"
	Bounded    Invariant = "what a router holds is bounded"
	Lasting    Invariant = "an SA lasts as long as it was to, whatever the clock says"
	Believed   Invariant = "who proves itself is believed as long as its certificate holds, and no longer"
	Given      Invariant = "a hub gives each client an address of its own, and has it back when the SA is gone"
	Told       Invariant = "routes that a peer tells are there as long as its SA"
	Calm       Invariant = "what happens in a minute is bounded"
	Converges  Invariant = "the network converges within ten minutes"
	LeavesNone Invariant = "nothing is left behind"
	Accepted   Invariant = "what is typed is understood"
	Repeatable Invariant = "equal seeds give equal traces"
	Endures    Invariant = "nothing panics"
	Ends       Invariant = "each run ends"
)

// Violation is an invariant that did not hold.
type Violation struct {
	Invariant Invariant
	After     time.Duration // of virtual time
	What      string
}

// String is a violation on one line.
func (v Violation) String() string {
	return fmt.Sprintf("after %v: %s: %s", v.After, v.Invariant, v.What)
}

// heldMost is how many IKE SAs, and pairs, a router may hold for a tunnel while
// faults strike: what is being replaced, cleared and negotiated at once.
const heldMost = 12

// held counts what routers hold, of which there may be so much for a tunnel.
func held(routers []*lab.Router, most int, violated func(Invariant, string)) {
	for _, r := range routers {
		if !r.Device.Started() {
			continue
		}
		sas, flows := r.SAs()
		pairs := 0
		for _, f := range flows {
			pairs += len(f.Pairs)
		}
		if n := most * len(flows); len(sas) > n+most || pairs > n {
			violated(Bounded, fmt.Sprintf("%s holds %d IKE SAs and %d pairs for %d tunnels", r.Name(), len(sas), pairs, len(flows)))
		}
	}
}

// balanced says whether each frame that left a port has arrived or was dropped.
func balanced(p *netsim.Port) bool {
	c, dropped := p.Counters(), uint64(0)
	for _, n := range c.Dropped {
		dropped += n
	}
	return p.Far() == nil || c.Sent+c.Duplicated == p.Far().Counters().Received+dropped
}
