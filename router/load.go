package router

import (
	"slices"
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
	recent     []interval // that had any, the oldest first
	at         int64      // number of the one that goes on
}

// interval is what operations took in one.
type interval struct {
	number int64
	took   time.Duration
}

// add counts an operation.
func (l *load) add(now, started time.Time, cost time.Duration) {
	l.move(now, started)
	l.busy, l.operations = l.busy+cost, l.operations+1
	if last := len(l.recent) - 1; last >= 0 && l.recent[last].number == l.at {
		l.recent[last].took += cost
		return
	}
	if len(l.recent) > 0 && l.recent[0].number < l.at-loadIntervals {
		l.recent = slices.Delete(l.recent, 0, 1)
	}
	l.recent = append(l.recent, interval{l.at, cost})
}

// move begins the interval of an instant.
func (l *load) move(now, started time.Time) {
	l.at = max(l.at, int64(now.Sub(started)/loadInterval))
}

// state is the load of the intervals that are over.
func (l *load) state(now, started time.Time) show.Work {
	l.move(now, started)
	w := show.Work{Busy: l.busy, Operations: l.operations}
	for _, i := range l.recent {
		ago := l.at - i.number
		if ago == 0 || ago > loadIntervals {
			continue
		}
		if ago == 1 {
			w.Latest = i.took
		}
		if ago <= int64(time.Minute/loadInterval) {
			w.Minute += i.took
		}
		w.Five += i.took
	}
	return w
}
