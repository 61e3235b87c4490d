package shell

import (
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ntp"
	"ikelab/router/show"
	"ikelab/router/words"
)

// stamp is the timestamp that `service timestamps` asks for.
func stamp(c *ntp.Clock, now, started time.Time, t iosconfig.Timestamps) string {
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
		return show.ClockMark(c) + c.At(now).Format(layout) + ": "
	case iosconfig.TimestampUptime:
		return words.Age(now.Sub(started)) + ": "
	}
	return ""
}
