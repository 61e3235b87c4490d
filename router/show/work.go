package show

import "time"

// Work is what public-key operations took of a router: since its start, in the last
// whole five seconds, and in the minute and the five minutes that end with them.
type Work struct {
	Busy                 time.Duration
	Operations           uint64
	Latest, Minute, Five time.Duration
}
