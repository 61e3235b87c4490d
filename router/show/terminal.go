package show

import (
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Terminal is `show terminal`.
type Terminal struct {
	Line      int       `json:"line"`
	Type      string    `json:"type"`
	Length    int       `json:"length"` // lines; 0: no paging
	Width     int       `json:"width"`  // columns; 0: no limit
	Monitor   bool      `json:"monitor"`
	History   int       `json:"history_size"`
	NoHistory bool      `json:"history_disabled"`
	Now       time.Time `json:"now"`
	Opened    time.Time `json:"opened"`

	Idle       int      `json:"exec_timeout_seconds"` // when who does not type is sent away; 0: never
	Transports []string `json:"input_transports"`
}

// Lines is the screen. A terminal of a lab has no modem, and of the timeouts that of EXEC.
func (s Terminal) Lines(iosconfig.Generation) []string {
	var p page
	idle := " never  "
	if s.Idle > 0 {
		idle = words.Age(time.Duration(s.Idle) * time.Second)
	}
	more := "Automore On"
	if s.Length == 0 {
		more = "No Automore"
	}
	if s.Monitor {
		more += ", Monitor"
	}
	p.linef("Line %d, Location: \"\", Type: %q", s.Line, s.Type)
	p.linef("Length: %d lines, Width: %d columns", s.Length, s.Width)
	p.line("Baud rate (TX/RX) is 9600/9600, no parity, 2 stopbits, 8 databits")
	p.linef("Status: PSI Enabled, Ready, Active, %s", more)
	p.add("Capabilities: none", "Modem state: Ready",
		"Special Chars: Escape  Hold  Stop  Start  Disconnect  Activation",
		"                ^^x    none   -     -       none         ",
		"Timeouts:      Idle EXEC    Idle Session   Modem Answer  Session   Dispatch",
		"               "+idle+"        never                        none     not set",
		"                            Idle Session Disconnect Warning",
		"                              never ",
		"                            Login-sequence User Response",
		"                             00:00:30",
		"                            Autoselect Initial Wait",
		"                              not set ",
		"Modem type is unknown.", "Session limit is not set.")
	p.linef("Time since activation: %s", words.Age(s.Now.Sub(s.Opened)))
	p.line("Editing is enabled.")
	p.linef("History is %s, history size is %d.", enabled(!s.NoHistory), s.History)
	return p.add("DNS resolution in show commands is enabled", "Full user help is disabled",
		"Allowed input transports are "+orElse(strings.Join(s.Transports, " "), "none")+".", "Allowed output transports are none.", "Preferred transport is none.",
		"No output characters are padded", "No special data dispatching characters").lines
}

// History is `show history`.
type History struct {
	Commands []string `json:"commands"`
}

// Lines is the commands, oldest first.
func (s History) Lines(iosconfig.Generation) []string {
	var p page
	for _, c := range s.Commands {
		p.line("  " + c)
	}
	return p.lines
}

// Aliases is `show aliases`.
type Aliases struct {
	Aliases []Alias `json:"aliases"`
}

// Alias is a word that stands for a command of EXEC.
type Alias struct {
	Name    string `json:"name"`
	Command string `json:"command"`
}

// Lines is the table.
func (s Aliases) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Exec mode aliases:")
	for _, a := range s.Aliases {
		p.linef("  %-21s %s", a.Name, a.Command)
	}
	return p.line("").lines
}

// Logging is `show logging`.
type Logging struct {
	Console  LogTarget `json:"console"`
	Monitor  LogTarget `json:"monitor"`
	Buffer   LogTarget `json:"buffer"`
	Trap     LogTarget `json:"trap"`
	Size     int       `json:"buffer_octets"`
	Buffered []string  `json:"lines"`
}

// LogTarget is one of the places that messages go to.
type LogTarget struct {
	Level    int `json:"level"` // severity; -1: disabled
	Messages int `json:"messages"`
}

// Lines is the head of the screen and the buffer.
func (s Logging) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)")
	p.add("", "No Active Message Discriminator.", "", "", "", "No Inactive Message Discriminator.", "", "")
	p.target("    Console logging: ", "                     ", s.Console)
	p.target("    Monitor logging: ", "                     ", s.Monitor)
	p.target("    Buffer logging:  ", "                    ", s.Buffer)
	p.add("    Exception Logging: size (4096 bytes)", "    Count and timestamp logging messages: disabled",
		"    Persistent logging: disabled", "", "No active filter modules.", "")
	p.linef("    Trap logging: level %s, %d message lines logged", severity(s.Trap.Level), s.Trap.Messages)
	p.add("        Logging Source-Interface:       VRF Name:", "")
	if s.Buffer.Level < 0 {
		return p.lines
	}
	return p.linef("Log Buffer (%d bytes):", s.Size).line("").add(s.Buffered...).lines
}

func severity(level int) string { return words.Severities[max(0, min(level, len(words.Severities)-1))] }

func (p *page) target(head, indent string, t LogTarget) {
	if t.Level < 0 {
		p.line(head + "disabled")
		return
	}
	p.linef("%slevel %s, %d messages logged, xml disabled,", head, severity(t.Level), t.Messages)
	p.line(indent + "filtering disabled")
}
