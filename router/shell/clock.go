package shell

import (
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ntp"
	"ikelab/router/show"
	"ikelab/router/words"
)

// stamped is a line behind the timestamp that `service timestamps` asks for.
func stamped(line string, c *ntp.Clock, now, started time.Time, t iosconfig.Timestamps) string {
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
		b := append(make([]byte, 0, 128), show.ClockMark(c)...)
		return string(append(c.At(now).AppendFormat(b, string(layout)), line...))
	case iosconfig.TimestampUptime:
		return words.Age(now.Sub(started)) + ": " + line
	}
	return line
}
