package show

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Version is `show version`. It says what this router is: a simulation.
type Version struct {
	Software string      `json:"software"`
	Hostname string      `json:"hostname"`
	Now      time.Time   `json:"now"`
	Started  time.Time   `json:"started"`
	Reason   string      `json:"restart_reason"`
	Board    string      `json:"processor_board_id"`
	Ports    []PortCount `json:"ports"`
}

// PortCount is how many ports of a type there are.
type PortCount struct {
	Type  string `json:"type"` // "Gigabit Ethernet"
	Count int    `json:"count"`
}

// portCounts counts the physical ports by type, in the order of the screen.
func portCounts(list []Interface) []PortCount {
	counts := []PortCount{}
	for _, kind := range []iosconfig.InterfaceType{iosconfig.Ethernet, iosconfig.FastEthernet, iosconfig.GigabitEthernet} {
		n := 0
		for i := range list {
			if list[i].Type == string(kind) && list[i].Physical && !strings.Contains(list[i].Name, ".") {
				n++
			}
		}
		if n > 0 {
			words := strings.Replace(strings.Replace(string(kind), "FastEth", "Fast Eth", 1), "GigabitEth", "Gigabit Eth", 1)
			counts = append(counts, PortCount{words, n})
		}
	}
	return counts
}

// Lines is the screen; the lines that parsers look for are IOS's.
func (s Version) Lines(iosconfig.Generation) []string {
	var p page
	p.add(s.Software, "Technical Support: http://www.cisco.com/techsupport", "This is not Cisco software: ikelab answers in its words.", "")
	p.line("ROM: Bootstrap program is Linux").line("")
	p.linef("%s uptime is %s", s.Hostname, words.LongAge(s.Now.Sub(s.Started)))
	p.linef("System returned to ROM by %s", s.Reason)
	p.line(`System image file is "unix:ikelab"`)
	p.linef("Last reload reason: %s", s.Reason).line("")
	p.line("Linux Unix (simulated) processor with 65536K bytes of memory.")
	p.linef("Processor board ID %s", s.Board)
	for _, c := range s.Ports {
		plural := "s"
		if c.Count == 1 {
			plural = ""
		}
		p.linef("%d %s interface%s", c.Count, c.Type, plural)
	}
	return p.add("64K bytes of NVRAM.", "", "Configuration register is 0x2102", "").lines
}

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
	p.linef("Current configuration : %d bytes", size)
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
