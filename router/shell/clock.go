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
		layout := make([]byte, 0, 32)
		if layout = append(layout, "Jan _2"...); t.Year {
			layout = append(layout, " 2006"...)
		}
		if layout = append(layout, " 15:04:05"...); t.Msec {
			layout = append(layout, ".000"...)
		}
		if t.Timezone {
			layout = append(layout, " MST"...)
		}
		layout = append(layout, ": "...)
		return show.ClockMark(c) + c.At(now).Format(string(layout))
	case iosconfig.TimestampUptime:
		return words.Age(now.Sub(started)) + ": "
	}
	return ""
}
