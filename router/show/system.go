package show

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ntp"
)

// Clock is `show clock`.
type Clock struct {
	Now    time.Time `json:"now"`
	Set    bool      `json:"set"`    // somebody has set it
	Source string    `json:"source"` // none, user or ntp
	Mark   string    `json:"mark"`
	Detail bool      `json:"-"`
}

// ClockMark says of a time that nobody has set the clock ("*"), or that NTP did and has lost it (".").
func ClockMark(c *ntp.Clock) string {
	switch {
	case c.Source() == ntp.Nobody:
		return "*"
	case c.Source() == ntp.ByNTP && !c.Synchronized():
		return "."
	}
	return ""
}

// ClockOf is that of a router.
func ClockOf(s Source, now time.Time, detail bool) Clock {
	c := s.Clock()
	return Clock{Now: c.At(now), Set: c.Source() != ntp.Nobody, Source: c.Source().String(), Mark: ClockMark(c), Detail: detail}
}

// Lines is the time in UTC.
func (s Clock) Lines(iosconfig.Generation) []string {
	text := s.Mark + s.Now.Format("15:04:05.000 MST Mon Jan 2 2006")
	if !s.Detail {
		return []string{text}
	}
	source := map[string]string{ntp.ByUser.String(): "Time source is user configuration", ntp.ByNTP.String(): "Time source is NTP"}[s.Source]
	if source == "" {
		source = "No time source"
	}
	return []string{text, source}
}

// Privilege is `show privilege`.
type Privilege struct {
	Level int `json:"level"`
}

// Lines is the level.
func (s Privilege) Lines(iosconfig.Generation) []string {
	return []string{fmt.Sprintf("Current privilege level is %d", s.Level)}
}

// RunningConfig is `show running-config [interface NAME]`, and `show derived-config …`.
type RunningConfig struct {
	Config   []string `json:"lines"`
	Numbered bool     `json:"-"`
	All      bool     `json:"-"` // with what holds by default
	Derived  bool     `json:"-"` // with what was cloned
}

// RunningInterfaceOf is the section of one interface.
func RunningInterfaceOf(running []string, name string) RunningConfig {
	section := []string{"!"}
	inside := false
	for _, l := range running {
		if !strings.HasPrefix(l, " ") {
			inside = strings.HasPrefix(l+" ", "interface "+name+" ")
		}
		if inside {
			section = append(section, l)
		}
	}
	return RunningConfig{Config: append(section, "end")}
}

// Lines puts IOS's heading before the configuration.
func (s RunningConfig) Lines(iosconfig.Generation) []string {
	var p page
	size := 0
	for _, l := range s.Config {
		size += len(l) + 1
	}
	p.line("Building configuration...").line("")
	switch {
	case s.All:
		p.linef("Current configuration with default configurations exposed : %d bytes", size)
	case s.Derived:
		p.linef("Derived configuration : %d bytes", size)
	default:
		p.linef("Current configuration : %d bytes", size)
	}
	for i, l := range s.Config {
		if s.Numbered {
			l = fmt.Sprintf("%6d : %s", i+1, l)
		}
		p.line(l)
	}
	return p.line("").lines
}

// StartupConfig is `show startup-config`.
type StartupConfig struct {
	Text string `json:"text"` // "": there is none
}

// Lines puts IOS's heading before the configuration.
func (s StartupConfig) Lines(iosconfig.Generation) []string {
	var p page
	if s.Text == "" {
		return p.line("startup-config is not present").lines
	}
	p.linef("Using %d out of 65536 bytes", len(s.Text))
	return p.add(strings.Split(strings.TrimRight(s.Text, "\n"), "\n")...).line("").lines
}
