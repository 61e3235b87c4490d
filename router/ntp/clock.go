package ntp

import "time"

// Source is who has set a clock.
type Source uint8

// The sources.
const (
	Nobody Source = iota
	ByUser
	ByNTP
)

// String is the name in records and in JSON.
func (s Source) String() string { return [...]string{"none", "user", "ntp"}[s] }

// Clock is what a device believes the time to be. It goes as the time that passes does.
// The zero value shows the time of the lab, and nobody has set it.
type Clock struct {
	ahead  time.Duration // of the clock of the lab
	source Source
	synced bool // NTP has it in step
}

// Boot has the clock show what a device without a battery begins with; zero: the lab's time.
func (c *Clock) Boot(now, shows time.Time) {
	*c = Clock{}
	if !shows.IsZero() {
		c.ahead = shows.Sub(now)
	}
}

// At is what the clock shows at an instant.
func (c *Clock) At(now time.Time) time.Time { return now.Add(c.ahead) }

// Ahead is how far it is ahead of the clock of the lab.
func (c *Clock) Ahead() time.Duration { return c.ahead }

// Source is who set it last.
func (c *Clock) Source() Source { return c.source }

// Synchronized says whether NTP has it in step.
func (c *Clock) Synchronized() bool { return c.synced }

// Set sets the clock, and says by how much.
func (c *Clock) Set(now, to time.Time, by Source) time.Duration {
	moved := to.Sub(c.At(now))
	c.ahead, c.source = c.ahead+moved, by
	return moved
}

// lock notes that NTP has the clock in step, or has it no more.
func (c *Clock) lock(synced bool) {
	if synced && !c.synced {
		c.source = ByNTP
	}
	c.synced = synced
}
