package shell

import (
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
	"ikelab/router/show"
)

// A reload that is to come: `reload in`, `reload at`, `reload cancel`.

// schedule has the router reload later, once the user has confirmed it.
func schedule(x *exec, at, wall time.Time, reason string) {
	next := shutdown{at: at, wall: wall, by: x.s.name(), reason: reason}
	savedFirst(x, func(x *exec) {
		for _, l := range next.lines(x.now) {
			x.line(l)
		}
		x.confirm("Proceed with reload? [confirm]", func(x *exec) {
			sh := x.s.sh
			next.warnFrom(x.now)
			sh.shutdown = &next
			sh.records.Begin(x.now, 0, 0)
			sh.records.Emit(operator.ReloadScheduled{For: sh.shows(at), Asked: sh.shows(x.now), By: next.by, Reason: next.reason})
		})
	})
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
	schedule(x, x.now.Add(d), time.Time{}, reloadReason(a))
	return nil
}

// reloadAt is `reload at HH:MM`, of today or of a date.
func reloadAt(x *exec, a args) error {
	clock, err := time.Parse("15:4", a.Word("time"))
	if err != nil {
		return a.Invalid("time")
	}
	now := x.s.sh.shows(x.now)
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
	schedule(x, x.now.Add(wall.Sub(now)), wall, reloadReason(a))
	return nil
}

func reloadCancel(x *exec) {
	sh := x.s.sh
	if sh.shutdown == nil {
		x.line("%No reload is scheduled.")
		return
	}
	sh.shutdown = nil
	sh.tell("*** --- SHUTDOWN ABORTED ---")
	sh.records.Begin(x.now, 0, 0)
	sh.records.Emit(operator.ReloadCancelled{At: sh.shows(x.now)})
}

func reloadScreen(x *exec, _ args) show.Screen {
	if s := x.s.sh.shutdown; s != nil {
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
