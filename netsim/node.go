package netsim

import "time"

// Node is a device. Its types are built-in ones only, so a device satisfies
// it without importing netsim. All calls come from the simulation's one
// goroutine and, Work aside, never nest.
type Node interface {
	// Attach hands the node its way out, once, when it is added. send copies
	// the frame at once and tells its number, under which captures and
	// receivers know it; cause is the node's own record that the frame follows
	// from, handed to whoever receives it. job has Work(id) computed and
	// Deliver called exactly cost later in virtual time.
	Attach(send func(port int, frame []byte, cause uint64) (number uint64), job func(cost time.Duration, id uint64))
	// Start is power on, also after a power cut, of which nobody tells the node.
	// Carrier follows for each port that has it.
	Start(now time.Time)
	// Receive is a frame's arrival; frame is valid during the call only and
	// must not be modified. number and cause are those of its transmission.
	Receive(now time.Time, port int, frame []byte, number, cause uint64)
	// Carrier says that a port's carrier changed.
	Carrier(now time.Time, port int, up bool)
	// Advance is called when Deadline has been reached.
	Advance(now time.Time)
	// Deadline is when Advance must next be called; zero means never.
	Deadline() time.Time
	// Work is the computation of a job that was started: a pure function that
	// may run on any goroutine until Deliver. Nil: there is nothing to compute.
	// It is the one call that may come from inside another, from job.
	Work(id uint64) func()
	// Deliver says that a job's cost has passed; its work has been computed.
	Deliver(now time.Time, id uint64)
}

// borrower is a Node that fills its frames where the fabric wants them, so that they are
// not copied when they are sent.
type borrower interface {
	// Borrow hands the node a function, once, behind Attach. lend gives a buffer of n octets
	// for one of the node's uses, which are 0 to 3: the same for a use until send has been given
	// a frame that begins where it begins. That frame belongs to the fabric from then on, and
	// must not be modified. One that has become too short holds what it held until the next send.
	Borrow(lend func(use, n int) []byte)
}

// Executor computes jobs ahead on goroutines of its own. Go starts compute
// and returns at once; wait returns when compute has ended, and may run it
// itself when nobody has begun to. Results are delivered at their modelled
// instants, so a run is the same with any Executor and with none.
type Executor interface {
	Go(compute func()) (wait func())
}
