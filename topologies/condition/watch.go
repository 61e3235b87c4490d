package condition

import (
	"math"
	"time"

	"ikelab/router/record"
)

// Finding is how a condition was found.
type Finding struct {
	Holds     bool
	Want, Got string         // for people
	Record    *record.Record // that decided it; nil: none did
	Screen    *Screen        // of which Want and Got are two versions; nil: they are not
}

// probe is a condition in a lab.
type probe interface {
	// version changes when something has happened that may have changed what
	// look finds.
	version() uint64
	// begin forgets what was recorded up to serial.
	begin(serial uint64)
	look() Finding
}

// always is the version of a probe that is looked at each time.
const always = math.MaxUint64

// stale is how long a look at a screen serves while nothing is recorded.
const stale = time.Second

// Watch is a condition that is being watched.
type Watch struct {
	world  *World
	probe  probe
	seen   uint64
	at     time.Time
	looked bool
	last   Finding
}

// Look says how the condition is now.
func (w *Watch) Look() Finding {
	version, now := w.probe.version(), w.world.lab.Sim.Now()
	if w.looked && version != always && version == w.seen && now.Sub(w.at) < stale {
		return w.last
	}
	w.seen, w.at, w.looked = version, now, true
	w.last = w.probe.look()
	return w.last
}

// Begin has only what is recorded from now on count.
func (w *Watch) Begin() {
	w.probe.begin(w.world.serial)
	w.looked = false
}
