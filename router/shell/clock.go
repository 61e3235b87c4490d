package shell

import (
	"strings"
	"time"

	"ikelab/router/operator"
)

// wallClock is what terminals and the log say the time is. `clock set` sets it.
// Lifetimes and all that is due later go by the time that passes.
type wallClock struct {
	ahead time.Duration // of the clock of the lab
	set   bool
}

func (c wallClock) at(now time.Time) time.Time { return now.Add(c.ahead) }

// months are keywords, so that they can be abbreviated.
const months = "month={january|february|march|april|may|june|july|august|september|october|november|december}"

var monthHelp = strings.Repeat("Month of the year|", 12)

// setClock is `clock set`.
func setClock(x *exec, a args) error {
	if _, err := time.Parse(time.TimeOnly, a.Word("time")); err != nil {
		return a.Invalid("time")
	}
	to, err := time.Parse(time.TimeOnly+" January 2 2006", strings.Join([]string{a.Word("time"), a.Word("month"), a.Word("day"), a.Word("year")}, " "))
	if err != nil { // such as the 31st of June
		return a.Invalid("day")
	}
	c := &x.s.sh.clock
	before := c.at(x.now)
	*c = wallClock{ahead: to.Sub(x.now), set: true}
	x.s.sh.records.Begin(x.now, 0, 0)
	x.s.sh.records.Emit(operator.ClockSet{From: before, To: to, By: x.s.name()})
	return nil
}
