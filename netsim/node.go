package netsim

import "time"

// Node is a device. Its types are built-in ones only, so a device satisfies
// it without importing netsim. All calls come from the simulation's one
// goroutine and never nest.
type Node interface {
	// Attach hands the node its way out, once, when it is added. send copies
	// the frame at once. job runs the pure function compute, perhaps on
	// another goroutine, and calls done exactly cost later in virtual time.
	Attach(send func(port int, frame []byte), job func(cost time.Duration, compute func(), done func(now time.Time)))
	// Start is power on. Carrier follows for each port that has it.
	Start(now time.Time)
	// Receive is a frame's arrival; frame is valid during the call only and
	// must not be modified.
	Receive(now time.Time, port int, frame []byte)
	// Carrier says that a port's carrier changed.
	Carrier(now time.Time, port int, up bool)
	// Advance is called when Deadline has been reached.
	Advance(now time.Time)
	// Deadline is when Advance must next be called; zero means never.
	Deadline() time.Time
}

// Executor computes jobs ahead on goroutines of its own. Go starts compute
// and returns at once; wait returns when compute has ended, and may run it
// itself when nobody has begun to. Results are delivered at their modelled
// instants, so a run is the same with any Executor and with none.
type Executor interface {
	Go(compute func()) (wait func())
}
