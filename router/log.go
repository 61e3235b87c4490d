package router

import (
	"fmt"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/show"
	"ikelab/router/words"
)

// The syslog severities that this router logs with.
const (
	severityErrors        = 3
	severityWarnings      = 4
	severityNotifications = 5
	severityInformational = 6
	severityDebugging     = 7
)

const defaultLogBuffer = 4096 // octets, IOS's default

// logState is the logging buffer and the counts of `show logging`.
type logState struct {
	buffer  []string // oldest first
	octets  int
	console int // messages logged
	monitor int
	buffers int
	trap    int // of a severity that would go to a server
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
		return words.Age(now.Sub(r.startedAt())) + ": "
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
	if severity <= severityInformational {
		log.trap++
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

func loggingScreen(x *exec, _ args) show.Screen {
	level, log := x.r.running().Logging, &x.r.shell.log
	s := show.Logging{
		Console: show.LogTarget{Level: level.Console, Messages: log.console}, Monitor: show.LogTarget{Level: level.Monitor, Messages: log.monitor},
		Buffer: show.LogTarget{Level: level.Buffered, Messages: log.buffers}, Trap: show.LogTarget{Level: severityInformational, Messages: log.trap},
		Size: level.BufferedSize, Buffered: append([]string{}, log.buffer...),
	}
	if s.Size <= 0 {
		s.Size = defaultLogBuffer
	}
	return s
}
