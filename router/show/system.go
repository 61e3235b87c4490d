package show

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// Clock is `show clock`; the star says that nobody set the clock.
type Clock struct {
	Now    time.Time `json:"now"`
	Set    bool      `json:"set"`
	Detail bool      `json:"-"`
}

// Lines is the time in UTC.
func (s Clock) Lines(iosconfig.Generation) []string {
	text := s.Now.Format("15:04:05.000 MST Mon Jan 2 2006")
	source := "Time source is user configuration"
	if !s.Set {
		text, source = "*"+text, "No time source"
	}
	if s.Detail {
		return []string{text, source}
	}
	return []string{text}
}

// Privilege is `show privilege`.
type Privilege struct {
	Level int `json:"level"`
}

// Lines is the level.
func (s Privilege) Lines(iosconfig.Generation) []string {
	return []string{fmt.Sprintf("Current privilege level is %d", s.Level)}
}

// RunningConfig is `show running-config [interface NAME]`.
type RunningConfig struct {
	Config   []string `json:"lines"`
	Numbered bool     `json:"-"`
	All      bool     `json:"-"` // with what holds by default
}

// RunningInterfaceOf is the section of one interface.
func RunningInterfaceOf(running []string, name string) RunningConfig {
	section := []string{"!"}
	inside := false
	for _, l := range running {
		if !strings.HasPrefix(l, " ") {
			inside = l == "interface "+name
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
	if s.All {
		p.linef("Current configuration with default configurations exposed : %d bytes", size)
	} else {
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
