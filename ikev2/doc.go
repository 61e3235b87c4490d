// Package ikev2 is IKEv2 (RFC 7296) as a pure engine: datagrams and time in,
// effects out. It does no I/O, keeps no timers and starts nothing.
//
//	fx := e.Receive(now, datagram) // or Advance, Deliver, Acquire, Clear, …
//	// do fx: events, child SAs, datagrams, jobs
//	next := e.Deadline()           // when Advance must be called
//
// An exchange runs through a table (rows.go) whose states and inputs are those
// of IOS's own trace: a row says what happens in a state on an input and where
// that leads. One runner (run.go) executes rows and emits a Step for each, so
// `debug crypto ikev2 internal` is a rendering of what the engine did. A new
// feature is a few rows and their actions.
//
// An action looks at the exchange, changes it, and answers yes, no or fail;
// what follows stands in the row. Public-key operations, and the wait for
// IPsec to load keys, are jobs: the exchange pauses in EV_NO_EVENT until the
// caller delivers the job back.
//
// What was looked up, found and decided is told in typed records (lookup.go,
// finding.go) that name the objects of the configuration which answered; what is
// wrong is told by the runner when a row fails (Fault), and once more when that
// ends the exchange (Failure). The engine writes no sentences.
//
// What lives has its states in a file (state.go for exchanges, sa_state.go,
// pair.go, duel.go) and its rows beside their actions (rows.go, life.go,
// child_life.go, collision.go). What an engine holds is objects of their own:
// database, configured, admission (counts.go), agenda (queue.go), jobs, draws,
// recording.
//
// A received message is all or nothing: it is opened, parsed and checked
// before any state is touched. Randomness comes from the one stream that New
// is given.
package ikev2
