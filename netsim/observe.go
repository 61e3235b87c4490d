package netsim

// Observer is told of everything that happens in the fabric, in the order in
// which it does and at the instant that the clock tells. It must not change the
// simulation.
type Observer interface {
	// FrameSent is a frame that a device or the host sent out of a port, which
	// happens all the time.
	FrameSent(p *Port, number, cause uint64, octets int)
	// Happened is anything else.
	Happened(e Event)
}

// Event is something that happened in the fabric.
type Event struct {
	What          What
	Port          *Port  // that the frame left, or whose state changed
	Link          *Link  // of LinkUp and LinkDown
	Number, Cause uint64 // of the frame; 0: none
	Octets        int    // of the frame
	Drop          Drop   // why, of FrameDropped
	Note          string // what was done to the frame, of FrameAltered, or a filter's reason
}

// What is the kind of an Event.
type What uint8

// What can happen.
const (
	FrameDropped What = iota // a frame that left a port does not arrive
	FrameAltered             // a fault struck a frame that goes on
	LinkUp
	LinkDown
	PortUp // by SetUp
	PortDown
	FaultsSet // the impairments of a port changed
)

// Observe has o told from now on; nil: nobody.
func (s *Sim) Observe(o Observer) { s.observer = o }

func (s *Sim) tell(e Event) {
	if s.observer != nil {
		s.observer.Happened(e)
	}
}

// tellFrame tells what happened to a frame at the port that it leaves.
func (p *Port) tellFrame(w What, fl *flight, d Drop, note string) {
	if p.sim.observer == nil {
		return
	}
	f := fl.frame
	p.sim.tell(Event{What: w, Port: p, Number: f.number, Cause: f.cause, Octets: len(f.data), Drop: d, Note: note})
}
