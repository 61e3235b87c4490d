package hostlink

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// Link is an open door. All but Start may be called from any goroutine.
type Link interface {
	// Start reads frames on a goroutine until Close and hands each to deliver,
	// whose property it is, and tells how the host's end is, first and
	// whenever that changes, where it is known. Called once.
	Start(deliver func(frame []byte), tell func(State))
	// Send sends a frame, which is free afterwards.
	Send(frame []byte) error
	// Carrier tells the host's end that the cable at ours is plugged or not.
	Carrier(plugged bool) error
	// Counters count frames.
	Counters() Counters
	// Close ends the link, removes what was made for it and waits until deliver
	// and tell are called no more; so they must not wait for the caller of Close.
	Close() error
}

// State is how the host's end of a door is.
type State struct {
	Up   bool
	Gone bool // and does not come back
	MTU  int  // octets of the largest packet; 0: not known
}

// Counters count frames.
type Counters struct {
	Sent, Received uint64
	Strangers      uint64 // not from the peer, or of another network; ignored
	Malformed      uint64 // not what the door carries; ignored
	Failed         uint64 // not sent: the host refused
}

// What a door refuses.
var (
	ErrTooLong    = errors.New("frame too long for a datagram")
	ErrCapability = errors.New("missing capability")
)

// counters are Counters that several goroutines count.
type counters struct{ sent, received, strangers, malformed, failed atomic.Uint64 }

// Counters returns the link's counters.
func (c *counters) Counters() Counters {
	return Counters{c.sent.Load(), c.received.Load(), c.strangers.Load(), c.malformed.Load(), c.failed.Load()}
}

// after counts what became of a frame that was to be sent.
func (c *counters) after(kind string, err error) error {
	if err != nil {
		c.failed.Add(1)
		return fmt.Errorf("hostlink: %s: %w", kind, err)
	}
	c.sent.Add(1)
	return nil
}
