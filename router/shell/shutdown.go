package shell

import (
	"fmt"
	"strconv"
	"time"
)

// shutdown is a reload that is to come. Its zero value is none.
type shutdown struct {
	at     time.Time // of the time that passes
	wall   time.Time // that the clock is to show, with `reload at`; zero: the clock does not matter
	warnAt time.Time // when the terminals are told next; zero: never
	by     string
	reason string
}

// warnings are how long before a reload the terminals are told.
var warnings = []time.Duration{time.Hour, 30 * time.Minute, 5 * time.Minute, time.Minute}

// furthest is how far ahead a reload may be, as in IOS.
const furthest = 24 * 24 * time.Hour

// due is when something is to be done: a warning, or the reload; zero: never.
func (s *shutdown) due() time.Time {
	switch {
	case s == nil:
		return time.Time{}
	case s.warnAt.IsZero():
		return s.at
	}
	return s.warnAt
}

// warnFrom sets the next warning that is not before an instant.
func (s *shutdown) warnFrom(now time.Time) {
	s.warnAt = time.Time{}
	for _, before := range warnings {
		if at := s.at.Add(-before); !at.Before(now) && (s.warnAt.IsZero() || at.Before(s.warnAt)) {
			s.warnAt = at
		}
	}
}

// warning is what the terminals are told.
func (s *shutdown) warning(now time.Time) string {
	left := s.at.Sub(now)
	return fmt.Sprintf("*** --- SHUTDOWN in %02d:%02d:%02d ---", int(left.Hours()), int(left.Minutes())%60, int(left.Seconds())%60)
}

// lines say what is scheduled.
func (s *shutdown) lines(now time.Time) []string {
	in := spoken(s.at.Sub(now))
	first := fmt.Sprintf("Reload scheduled in %s by %s", in, s.by)
	if !s.wall.IsZero() {
		first = fmt.Sprintf("Reload scheduled for %s (in %s) by %s", s.wall.Format(longClock), in, s.by)
	}
	return []string{first, "Reload reason: " + s.reason}
}

// longClock is how dates read in messages.
const longClock = "15:04:05 MST Mon Jan 2 2006"

// spoken is how long it is: "2 hours and 5 minutes", "10 minutes", "40 seconds".
func spoken(d time.Duration) string {
	count := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return strconv.Itoa(n) + " " + unit + "s"
	}
	hours, minutes := int(d/time.Hour), int(d/time.Minute)%60
	switch {
	case hours > 0:
		return count(hours, "hour") + " and " + count(minutes, "minute")
	case minutes > 0:
		return count(minutes, "minute")
	}
	return count(int(d/time.Second), "second")
}
