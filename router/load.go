package router

import (
	"time"

	"ikelab/router/show"
)

const (
	loadInterval  = 5 * time.Second // between two samples, as in IOS
	loadIntervals = 60              // that are kept: five minutes
)

// load is what public-key operations took: since the start, and by intervals of
// five seconds. An operation counts where it begins.
type load struct {
	busy       time.Duration
	operations uint64
	recent     [loadIntervals + 1]time.Duration // by the number of the interval, the one that goes on included
	at         int64                            // its number
}

// add counts an operation.
func (l *load) add(now, started time.Time, cost time.Duration) {
	l.move(now, started)
	l.busy, l.operations = l.busy+cost, l.operations+1
	l.recent[l.at%int64(len(l.recent))] += cost
}

// move begins the interval of an instant.
func (l *load) move(now, started time.Time) {
	to := int64(now.Sub(started) / loadInterval)
	for range min(to-l.at, int64(len(l.recent))) {
		l.at++
		l.recent[l.at%int64(len(l.recent))] = 0
	}
	l.at = max(l.at, to)
}

// state is the load of the intervals that are over.
func (l *load) state(now, started time.Time) show.Work {
	l.move(now, started)
	w := show.Work{Busy: l.busy, Operations: l.operations}
	for i := int64(1); i <= min(l.at, loadIntervals); i++ {
		took := l.recent[(l.at-i)%int64(len(l.recent))]
		if i == 1 {
			w.Latest = took
		}
		if i <= int64(time.Minute/loadInterval) {
			w.Minute += took
		}
		w.Five += took
	}
	return w
}
