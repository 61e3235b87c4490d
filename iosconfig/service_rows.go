package iosconfig

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// defaultHostname is the name of a router without configuration.
const defaultHostname = "Router"

// defaultTimestamps stand before debug and log lines of a new router.
var defaultTimestamps = Timestamps{Kind: TimestampDatetime, Msec: true}

var serviceRows = []syntax.Command[edit]{
	timestampsRow("debug", "Modify use of network based services|Timestamp debug/log messages|Timestamp debug messages",
		func(e *edit) *Timestamps { return &e.Service.DebugTimestamps }),
	timestampsRow("log", "||Timestamp log messages", func(e *edit) *Timestamps { return &e.Service.LogTimestamps }),
	kept("service password-encryption", "|Encrypt system passwords"),
	kept("service tcp-keepalives-in", "|Generate keepalives on idle incoming network connections"),
	kept("service tcp-keepalives-out", "|Generate keepalives on idle outgoing network connections"),
	keptOn("service pad", "|Enable PAD commands"),
	keptOn("service dhcp", "|Enable DHCP server and relay agent"),
	kept("service compress-config", "|Compress the nvram configuration file"),
	hostnameRow,
}

// timestampsRow is `service timestamps {debug|log} …`; without arguments it
// is uptime.
func timestampsRow(which, help string, field func(*edit) *Timestamps) syntax.Command[edit] {
	command := "service timestamps " + which
	return syntax.Command[edit]{
		Syntax: command + " / [{uptime|datetime [{msec|localtime|show-timezone|year}...]}]",
		Help: help + "|Timestamp with system uptime|Timestamp with date and time|Include milliseconds in timestamp" +
			"|Use local time zone for timestamps|Add time zone information to timestamp|Include year in timestamp",
		Set: func(e *edit, a syntax.Args) error {
			t := Timestamps{Kind: TimestampUptime}
			if a.Has("datetime") {
				t = Timestamps{Kind: TimestampDatetime, Msec: a.Has("msec"), Local: a.Has("localtime"), Timezone: a.Has("show-timezone"), Year: a.Has("year")}
			}
			*field(e) = t
			return nil
		},
		Clear:   func(e *edit, _ syntax.Args) error { *field(e) = Timestamps{}; return nil },
		Default: func(e *edit, _ syntax.Args) error { *field(e) = defaultTimestamps; return nil },
		Show: func(e *edit) []string {
			t := *field(e)
			switch t.Kind {
			case TimestampNone:
				return []string{"no " + command}
			case TimestampUptime:
				return []string{command + " uptime"}
			}
			line := command + " datetime"
			for _, o := range []struct {
				on   bool
				word string
			}{{t.Msec, "msec"}, {t.Local, "localtime"}, {t.Timezone, "show-timezone"}, {t.Year, "year"}} {
				if o.on {
					line += " " + o.word
				}
			}
			return []string{line}
		},
	}
}

var hostnameRow = syntax.Command[edit]{
	Syntax: "hostname / <name:word>",
	Help:   "Set system's network name|This system's network name",
	Set: func(e *edit, a syntax.Args) error {
		if !validHostname(a.Word("name")) {
			return syntax.Refuse("%% Hostname contains one or more illegal characters.\n")
		}
		e.Hostname = a.Word("name")
		return nil
	},
	Clear: func(e *edit, _ syntax.Args) error { e.Hostname = defaultHostname; return nil },
	Show:  func(e *edit) []string { return []string{"hostname " + e.Hostname} },
}

// maxHostname is the longest host name, in octets.
const maxHostname = 63

// validHostname follows RFC 1123 section 2.1, and allows the underscore as
// IOS does.
func validHostname(name string) bool {
	other := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	}
	return len(name) <= maxHostname && !strings.ContainsFunc(name, other) && !strings.HasPrefix(name, "-") && !strings.HasSuffix(name, "-")
}

// severities are the names of 0 to 7.
var severities = []string{"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"}

const (
	severitySyntax = "{severity={emergencies|alerts|critical|errors|warnings|notifications|informational|debugging}|<severity:0-7>}"
	severityHelp   = "|System is unusable|Immediate action needed|Critical conditions|Error conditions|Warning conditions" +
		"|Normal but significant conditions|Informational messages|Debugging messages|Logging severity level"
	debugging         = 7
	defaultBufferSize = 4096 // octets
)

// severityArg returns the given severity, or debugging.
func severityArg(a syntax.Args) int {
	w := a.Word("severity")
	if n := slices.Index(severities, w); n >= 0 {
		return n
	}
	if w == "" {
		return debugging
	}
	return a.Int("severity")
}

var loggingRows = []syntax.Command[edit]{
	{
		Syntax: "logging buffered / [<size:4096-2147483647>] [" + severitySyntax + "]",
		Help:   "Modify message logging facilities|Set buffered logging parameters|Logging buffer size" + severityHelp,
		Set: func(e *edit, a syntax.Args) error {
			e.Logging.Buffered, e.Logging.BufferedSize = severityArg(a), max(defaultBufferSize, a.Int("size"))
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			e.Logging.Buffered, e.Logging.BufferedSize = -1, defaultBufferSize
			return nil
		},
		Default: func(e *edit, _ syntax.Args) error {
			e.Logging.Buffered, e.Logging.BufferedSize = debugging, defaultBufferSize
			return nil
		},
		Show: func(e *edit) []string {
			l := e.Logging
			if l.Buffered < 0 {
				return []string{"no logging buffered"}
			}
			line := "logging buffered"
			if l.BufferedSize != defaultBufferSize {
				line += " " + strconv.Itoa(l.BufferedSize)
			}
			if l.Buffered != debugging {
				line += " " + severities[l.Buffered]
			}
			return when(line != "logging buffered", line)
		},
	},
	loggingRow("console", "|Set console logging parameters", func(e *edit) *int { return &e.Logging.Console }),
	loggingRow("monitor", "|Set terminal line (monitor) logging parameters", func(e *edit) *int { return &e.Logging.Monitor }),
	kept("logging trap / ["+severitySyntax+"]", "|Set syslog server logging level"+severityHelp),
	kept("logging rate-limit / <rate:1-10000>", "|Set messages per second limit|Messages per second"),
}

// loggingRow is `logging {console|monitor} [SEVERITY]`.
func loggingRow(where, help string, field func(*edit) *int) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax:  "logging " + where + " / [" + severitySyntax + "]",
		Help:    help + severityHelp,
		Set:     func(e *edit, a syntax.Args) error { *field(e) = severityArg(a); return nil },
		Clear:   func(e *edit, _ syntax.Args) error { *field(e) = -1; return nil },
		Default: func(e *edit, _ syntax.Args) error { *field(e) = debugging; return nil },
		Show: func(e *edit) []string {
			switch n := *field(e); n {
			case -1:
				return []string{"no logging " + where}
			case debugging:
				return nil
			default:
				return []string{"logging " + where + " " + severities[n]}
			}
		},
	}
}
