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
		at, b := c.At(now), append(make([]byte, 0, 32), show.ClockMark(c)...)
		if b = at.AppendFormat(b, "Jan _2"); t.Year {
			b = at.AppendFormat(b, " 2006")
		}
		if b = at.AppendFormat(b, " 15:04:05"); t.Msec {
			b = at.AppendFormat(b, ".000")
		}
		if t.Timezone {
			b = at.AppendFormat(b, " MST")
		}
		return string(append(b, ": "...))
	case iosconfig.TimestampUptime:
		return words.Age(now.Sub(started)) + ": "
	}
	return ""
}
