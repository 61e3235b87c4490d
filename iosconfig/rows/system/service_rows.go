package system

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var serviceRows = []editor.Row[iosconfig.Config]{
	timestampsRow("debug", "Modify use of network based services|Timestamp debug/log messages|Timestamp debug messages",
		func(o *iosconfig.Config) *iosconfig.Timestamps { return &o.Service.DebugTimestamps }),
	timestampsRow("log", "||Timestamp log messages", func(o *iosconfig.Config) *iosconfig.Timestamps { return &o.Service.LogTimestamps }),
	allTimestampsRow,
	encryptionRow(),
}

var hostnameRows = []editor.Row[iosconfig.Config]{hostnameRow}

// timestampsRow is `service timestamps {debug|log} …`; without arguments it
// is uptime.
func timestampsRow(which, help string, field func(*iosconfig.Config) *iosconfig.Timestamps) editor.Row[iosconfig.Config] {
	command := "service timestamps " + which
	return editor.Row[iosconfig.Config]{
		Syntax: command + " / [{uptime|datetime [{msec|localtime|show-timezone|year}...]}]",
		Help: help + "|Timestamp with system uptime|Timestamp with date and time|Include milliseconds in timestamp" +
			"|Use local time zone for timestamps|Add time zone information to timestamp|Include year in timestamp",
		Set: func(e *global, a syntax.Args) error {
			t := iosconfig.Timestamps{Kind: iosconfig.TimestampUptime}
			if a.Has("datetime") {
				t = iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime, Msec: a.Has("msec"), Local: a.Has("localtime"), Timezone: a.Has("show-timezone"), Year: a.Has("year")}
			}
			*field(e.It) = t
			return nil
		},
		Clear:   func(e *global, _ syntax.Args) error { *field(e.It) = iosconfig.Timestamps{}; return nil },
		Default: func(e *global, _ syntax.Args) error { *field(e.It) = iosconfig.DefaultTimestamps; return nil },
		Show: func(e *global) []string {
			t := *field(e.It)
			switch t.Kind {
			case iosconfig.TimestampNone:
				return []string{"no " + command + " uptime"}
			case iosconfig.TimestampUptime:
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

// allTimestampsRow is `service timestamps` alone: it turns those of debug lines
// on, and its other forms are of both.
var allTimestampsRow = editor.Row[iosconfig.Config]{
	Syntax: "service timestamps", Help: "|Timestamp debug/log messages",
	Set: func(e *global, _ syntax.Args) error {
		e.It.Service.DebugTimestamps = iosconfig.Timestamps{Kind: iosconfig.TimestampUptime}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error {
		e.It.Service.DebugTimestamps, e.It.Service.LogTimestamps = iosconfig.Timestamps{}, iosconfig.Timestamps{}
		return nil
	},
	Default: func(e *global, _ syntax.Args) error {
		e.It.Service.DebugTimestamps, e.It.Service.LogTimestamps = iosconfig.DefaultTimestamps, iosconfig.DefaultTimestamps
		return nil
	},
}

var hostnameRow = editor.Row[iosconfig.Config]{
	Syntax: "hostname / <name:word>",
	Help:   "Set system's network name|This system's network name",
	Set: func(e *global, a syntax.Args) error {
		if !validHostname(a.Word("name")) {
			return syntax.Refuse("%% Hostname contains one or more illegal characters.\n")
		}
		e.It.Hostname = a.Word("name")
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.Hostname = iosconfig.DefaultHostname; return nil },
	Show:  func(e *global) []string { return []string{"hostname " + e.It.Hostname} },
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
)

// severityArg returns the given severity, or iosconfig.Debugging.
func severityArg(a syntax.Args) int {
	w := a.Word("severity")
	if n := slices.Index(severities, w); n >= 0 {
		return n
	}
	if w == "" {
		return iosconfig.Debugging
	}
	return a.Int("severity")
}

var loggingRows = []editor.Row[iosconfig.Config]{
	{
		Syntax: "logging buffered / [<size:4096-2147483647>] [" + severitySyntax + "]",
		Help:   "Modify message logging facilities|Set buffered logging parameters|Logging buffer size" + severityHelp,
		Set: func(e *global, a syntax.Args) error {
			e.It.Logging.Buffered, e.It.Logging.BufferedSize = severityArg(a), max(iosconfig.DefaultBufferSize, a.Int("size"))
			return nil
		},
		Clear: func(e *global, _ syntax.Args) error {
			e.It.Logging.Buffered, e.It.Logging.BufferedSize = -1, iosconfig.DefaultBufferSize
			return nil
		},
		Default: func(e *global, _ syntax.Args) error {
			e.It.Logging.Buffered, e.It.Logging.BufferedSize = iosconfig.Debugging, iosconfig.DefaultBufferSize
			return nil
		},
		Show: func(e *global) []string {
			l := e.It.Logging
			if l.Buffered < 0 {
				return []string{"no logging buffered"}
			}
			line := "logging buffered"
			if l.BufferedSize != iosconfig.DefaultBufferSize {
				line += " " + strconv.Itoa(l.BufferedSize)
			}
			if l.Buffered != iosconfig.Debugging {
				line += " " + severities[l.Buffered]
			}
			return editor.When(line != "logging buffered", line)
		},
		Usual: func(e *global) []string {
			return []string{fmt.Sprintf("logging buffered %d %s", e.It.Logging.BufferedSize, severities[e.It.Logging.Buffered])}
		},
	},
	loggingRow("console", "|Set console logging parameters", func(o *iosconfig.Config) *int { return &o.Logging.Console }),
	loggingRow("monitor", "|Set terminal line (monitor) logging parameters", func(o *iosconfig.Config) *int { return &o.Logging.Monitor }),
	editor.Kept[iosconfig.Config]("logging trap / ["+severitySyntax+"]", "|Set syslog server logging level"+severityHelp),
}

// loggingRow is `logging {console|monitor} [SEVERITY]`.
func loggingRow(where, help string, field func(*iosconfig.Config) *int) editor.Row[iosconfig.Config] {
	return editor.Row[iosconfig.Config]{
		Syntax:  "logging " + where + " / [" + severitySyntax + "]",
		Help:    help + severityHelp,
		Set:     func(e *global, a syntax.Args) error { *field(e.It) = severityArg(a); return nil },
		Clear:   func(e *global, _ syntax.Args) error { *field(e.It) = -1; return nil },
		Default: func(e *global, _ syntax.Args) error { *field(e.It) = iosconfig.Debugging; return nil },
		Show: func(e *global) []string {
			switch n := *field(e.It); n {
			case -1:
				return []string{"no logging " + where}
			case iosconfig.Debugging:
				return nil
			default:
				return []string{"logging " + where + " " + severities[n]}
			}
		},
		Usual: func(*global) []string { return []string{"logging " + where + " " + severities[iosconfig.Debugging]} },
	}
}
