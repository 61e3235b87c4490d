package shell

import (
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// wallClock is what terminals and the log say the time is. `clock set` sets it.
// Lifetimes and all that is due later go by the time that passes.
type wallClock struct {
	ahead time.Duration // of the clock of the lab
	set   bool
}

func (c wallClock) at(now time.Time) time.Time { return now.Add(c.ahead) }

// star says that the clock is not set from an authoritative source.
func (c wallClock) star() string {
	if c.set {
		return ""
	}
	return "*"
}

// stamp is the timestamp that `service timestamps` asks for.
func (c wallClock) stamp(now, started time.Time, t iosconfig.Timestamps) string {
	switch t.Kind {
	case iosconfig.TimestampDatetime:
		layout := "Jan _2 15:04:05"
		if t.Year {
			layout = "Jan _2 2006 15:04:05"
		}
		if t.Msec {
			layout += ".000"
		}
		if t.Timezone {
			layout += " MST"
		}
		return c.star() + c.at(now).Format(layout) + ": "
	case iosconfig.TimestampUptime:
		return words.Age(now.Sub(started)) + ": "
	}
	return ""
}
