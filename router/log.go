package router

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// The syslog severities that this router logs with.
const (
	severityErrors        = 3
	severityWarnings      = 4
	severityNotifications = 5
	severityInformational = 6
	severityDebugging     = 7
)

var severityNames = [...]string{
	"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging",
}

const defaultLogBuffer = 4096 // octets, IOS's default

// logState is the logging buffer and the counts of `show logging`.
type logState struct {
	buffer  []string // oldest first
	octets  int
	console int // messages logged
	monitor int
	buffers int
}

// logf logs a syslog message: "*Nov 11 20:28:34.003: %LINK-3-UPDOWN: …".
func (r *Router) logf(now time.Time, facility string, severity int, mnemonic, format string, a ...any) {
	text := fmt.Sprintf("%%%s-%d-%s: %s", facility, severity, mnemonic, fmt.Sprintf(format, a...))
	r.emitLog(severity, r.stamp(now, r.running().Service.LogTimestamps)+text)
}

// debugStamp is the timestamp before a debug line.
func (r *Router) debugStamp(now time.Time) string {
	return r.stamp(now, r.running().Service.DebugTimestamps)
}

// stamp is the timestamp that `service timestamps` asks for. The star says
// that the clock is not set from an authoritative source.
func (r *Router) stamp(now time.Time, t iosconfig.Timestamps) string {
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
		return "*" + now.Format(layout) + ": "
	case iosconfig.TimestampUptime:
		return shortAge(now.Sub(r.startedAt())) + ": "
	}
	return ""
}

// emitLog hands a finished line to everything that listens at its severity:
// the buffer, the console and the terminals with `terminal monitor`.
func (r *Router) emitLog(severity int, line string) {
	level := r.running().Logging
	log := &r.shell.log
	if severity <= level.Buffered {
		log.buffers++
		log.append(line, level.BufferedSize)
	}
	if severity <= level.Console {
		log.console++
	}
	for _, s := range r.shell.sessions {
		if s.monitor && severity <= level.Monitor {
			log.monitor++
		}
		if s.options.Console && severity <= level.Console || s.monitor && severity <= level.Monitor {
			s.async(line)
		}
	}
}

// append adds a line and drops the oldest ones beyond the buffer's size.
func (l *logState) append(line string, size int) {
	if size <= 0 {
		size = defaultLogBuffer
	}
	l.buffer = append(l.buffer, line)
	l.octets += len(line) + 1
	drop := 0
	for l.octets > size && drop < len(l.buffer) {
		l.octets -= len(l.buffer[drop]) + 1
		drop++
	}
	if drop > 0 {
		l.buffer = append(l.buffer[:0], l.buffer[drop:]...)
	}
}

func (l *logState) clear() { l.buffer, l.octets = nil, 0 }

// shortAge is IOS's short form of a duration: 00:01:05, 1d02h, 2w3d, 1y04w.
func shortAge(d time.Duration) string {
	const day, week, year = 24 * time.Hour, 7 * 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d < 0:
		return "00:00:00"
	case d < day:
		return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	case d < week:
		return fmt.Sprintf("%dd%02dh", d/day, d%day/time.Hour)
	case d < year:
		return fmt.Sprintf("%dw%dd", d/week, d%week/day)
	}
	return fmt.Sprintf("%dy%02dw", d/year, d%year/week)
}

// longAge is the form of `show version`: "1 day, 16 hours, 42 minutes".
func longAge(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"year", 365 * 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		n := d / unit.size
		d %= unit.size
		if n == 0 && unit.name != "minute" {
			continue
		}
		name := unit.name
		if n != 1 {
			name += "s"
		}
		parts = append(parts, fmt.Sprintf("%d %s", n, name))
	}
	return strings.Join(parts, ", ")
}

// showLogging is `show logging`.
func (x *exec) showLogging() {
	level, log := x.r.running().Logging, &x.r.shell.log
	x.line("Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)")
	x.line("")
	x.line("No Active Message Discriminator.")
	x.line("").line("").line("")
	x.line("No Inactive Message Discriminator.")
	x.line("").line("")
	x.destination("    Console logging: ", "                     ", level.Console, log.console)
	x.destination("    Monitor logging: ", "                     ", level.Monitor, log.monitor)
	x.destination("    Buffer logging:  ", "                    ", level.Buffered, log.buffers)
	x.line("    Exception Logging: size (4096 bytes)")
	x.line("    Count and timestamp logging messages: disabled")
	x.line("    Persistent logging: disabled")
	x.line("")
	x.line("No active filter modules.")
	x.line("")
	if level.Buffered < 0 {
		return
	}
	size := level.BufferedSize
	if size <= 0 {
		size = defaultLogBuffer
	}
	x.linef("Log Buffer (%d bytes):", size)
	x.line("")
	x.out = append(x.out, log.buffer...)
}

func (x *exec) destination(head, indent string, level, count int) {
	if level < 0 {
		x.line(head + "disabled")
		return
	}
	x.linef("%slevel %s, %d messages logged, xml disabled,", head, severityNames[min(level, severityDebugging)], count)
	x.line(indent + "filtering disabled")
}
