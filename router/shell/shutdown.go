package shell

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
	"ikelab/router/show"
)

// A reload that is to come: `reload in`, `reload at`, `reload cancel`.

// shutdown is a reload that is scheduled. Its zero value is none.
type shutdown struct {
	at     time.Time // of the time that passes
	wall   time.Time // that the clock is to show, with `reload at`; zero: the clock does not matter
	by     string
	reason string
}

// warnings are how long before a reload the terminals are told.
var warnings = []time.Duration{time.Hour, 30 * time.Minute, 5 * time.Minute, time.Minute}

// furthest is how far ahead a reload may be, as in IOS.
const furthest = 24 * 24 * time.Hour

// Deadline is when Advance must next be called: at a warning, or at the reload; zero:
// never.
func (sh *Shell) Deadline() time.Time {
	if sh.shutdown.at.IsZero() {
		return time.Time{}
	}
	if sh.warnedAt.IsZero() {
		return sh.shutdown.at
	}
	return sh.warnedAt
}

// Advance warns of the reload that is scheduled, or carries it out.
func (sh *Shell) Advance(now time.Time) {
	due := sh.Deadline()
	if due.IsZero() || now.Before(due) {
		return
	}
	sh.records.Begin(now, 0, 0)
	if !now.Before(sh.shutdown.at) {
		sh.reload(now, sh.shutdown.by, sh.shutdown.reason)
		return
	}
	left := sh.shutdown.at.Sub(now)
	sh.tell(fmt.Sprintf("*** --- SHUTDOWN in %02d:%02d:%02d ---", int(left.Hours()), int(left.Minutes())%60, int(left.Seconds())%60))
	sh.warnFrom(now.Add(1))
}

// warnFrom sets the next warning that is not before an instant.
func (sh *Shell) warnFrom(now time.Time) {
	sh.warnedAt = time.Time{}
	for _, before := range warnings {
		if at := sh.shutdown.at.Add(-before); !at.Before(now) && (sh.warnedAt.IsZero() || at.Before(sh.warnedAt)) {
			sh.warnedAt = at
		}
	}
}

// tell shows a line to all terminals between two of stars.
func (sh *Shell) tell(text string) {
	for s := range sh.all {
		for _, l := range []string{"", "", "***", text, "***"} {
			s.async(l)
		}
	}
}

// schedule has the router reload later, once the user has confirmed it.
func (x *exec) schedule(at, wall time.Time, reason string) {
	next := shutdown{at: at, wall: wall, by: x.s.name(), reason: reason}
	x.savedFirst(func(x *exec) {
		for _, l := range next.lines(x.now) {
			x.line(l)
		}
		x.confirm("Proceed with reload? [confirm]", func(x *exec) {
			sh := x.s.sh
			sh.shutdown = next
			sh.warnFrom(x.now)
			sh.records.Begin(x.now, 0, 0)
			sh.records.Emit(operator.ReloadScheduled{For: sh.clock.at(at), Asked: sh.clock.at(x.now), By: next.by, Reason: next.reason})
		})
	})
}

// lines say what is scheduled.
func (s shutdown) lines(now time.Time) []string {
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

// reloadReason is why, as it was typed.
func reloadReason(a args) string {
	if a.Given("reason") {
		return a.Word("reason")
	}
	return "Reload Command"
}

// reloadIn is `reload in [HH:]MM`.
func reloadIn(x *exec, a args) error {
	hours, minutes, found := strings.Cut(a.Word("delay"), ":")
	if !found {
		hours, minutes = "0", hours
	}
	h, err := strconv.ParseUint(hours, 10, 12)
	m, err2 := strconv.ParseUint(minutes, 10, 16)
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if err != nil || err2 != nil || found && m > 59 || d > furthest || d == 0 {
		return a.Invalid("delay")
	}
	x.schedule(x.now.Add(d), time.Time{}, reloadReason(a))
	return nil
}

// reloadAt is `reload at HH:MM`, of today or of a date.
func reloadAt(x *exec, a args) error {
	clock, err := time.Parse("15:4", a.Word("time"))
	if err != nil {
		return a.Invalid("time")
	}
	now := x.s.sh.clock.at(x.now)
	month, day := now.Month(), now.Day()
	if a.Given("day") {
		named, _ := time.Parse("January", a.Word("month"))
		month, day = named.Month(), a.Int("day")
	}
	wall := time.Date(now.Year(), month, day, clock.Hour(), clock.Minute(), 0, 0, time.UTC)
	switch {
	case !wall.After(now) && a.Given("day"):
		wall = wall.AddDate(1, 0, 0)
	case !wall.After(now):
		wall = wall.AddDate(0, 0, 1)
	}
	if wall.Sub(now) > furthest {
		return a.Invalid("time")
	}
	x.schedule(x.now.Add(wall.Sub(now)), wall, reloadReason(a))
	return nil
}

// clockSet has a reload that goes by the clock follow it.
func (sh *Shell) clockSet(now time.Time) {
	if s := &sh.shutdown; !s.wall.IsZero() {
		s.at = now.Add(max(0, s.wall.Sub(sh.clock.at(now))))
		sh.warnFrom(now)
	}
}

func reloadCancel(x *exec) {
	sh := x.s.sh
	if sh.shutdown.at.IsZero() {
		x.line("%No reload is scheduled.")
		return
	}
	sh.shutdown = shutdown{}
	sh.tell("*** --- SHUTDOWN ABORTED ---")
	sh.records.Begin(x.now, 0, 0)
	sh.records.Emit(operator.ReloadCancelled{At: sh.clock.at(x.now)})
}

func reloadScreen(x *exec, _ args) show.Screen {
	if s := x.s.sh.shutdown; !s.at.IsZero() {
		return show.Words{Text: s.lines(x.now)}
	}
	return show.Words{Text: []string{"No reload is scheduled."}}
}

// reloadRows are the commands about reloads that are to come.
var reloadRows = []syntax.Command[exec]{
	{Syntax: "reload in <delay:word> [<reason:line>]", Help: "|Reload after a time interval|Delay before reload (mmm or hh:mm)|Reason for reload", Set: reloadIn},
	{Syntax: "reload at <time:word> [<reason:line>]", Help: "|Reload at a specific time/date|Time to reload (hh:mm)|Reason for reload", Set: reloadAt},
	{Syntax: "reload at <time:word> <day:1-31> " + months + " [<reason:line>]", Help: "||Time to reload (hh:mm)|Day of the month|" + monthHelp + "Reason for reload", Set: reloadAt},
	{Syntax: "reload at <time:word> " + months + " <day:1-31> [<reason:line>]", Help: "||Time to reload (hh:mm)|" + monthHelp + "Day of the month|Reason for reload", Set: reloadAt},
	{Syntax: "reload cancel", Help: "|Cancel pending reload", Set: does(reloadCancel)},
	{Syntax: "show reload", Help: "|Scheduled reload information", Set: always(reloadScreen)},
}
