package show

import (
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

// portWords are those of the names of types.
var portWords = strings.NewReplacer("FastEth", "Fast Eth", "GigabitEth", "Gigabit Eth", "Ten", "Ten ", "Two", "Two ", "FiveG", "Five G", "TwentyFiveGigE", "Twenty Five Gigabit Ethernet", "Forty", "Forty ", "HundredGigE", "Hundred Gigabit Ethernet")

// portCounts counts the physical ports by type, in the order of the screen.
func portCounts(list []Interface) []PortCount {
	counts := []PortCount{}
	for _, kind := range iosconfig.WiredTypes {
		n := 0
		for i := range list {
			if list[i].Type == kind && list[i].Physical && !strings.Contains(list[i].Name, ".") {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, PortCount{portWords.Replace(kind), n})
		}
	}
	return counts
}

// Lines is the screen; the lines that parsers look for are the image's.
func (s Version) Lines(g iosconfig.Generation) []string {
	var p page
	if g == iosconfig.XE17 {
		p.line("Cisco IOS XE Software, Version 17.06.01")
	}
	p.add(s.Software, "Technical Support: http://www.cisco.com/techsupport", "This is not Cisco software: ikelab answers in its words.", "")
	uptime := words.LongAge(s.Now.Sub(s.Started))
	if g == iosconfig.XE17 {
		p.line("ROM: IOS-XE ROMMON").line("").linef("%s uptime is %s", s.Hostname, uptime)
		p.linef("Uptime for this control processor is %s", uptime)
	} else {
		p.line("ROM: Bootstrap program is Linux").line("").linef("%s uptime is %s", s.Hostname, uptime)
	}
	p.linef("System returned to ROM by %s", s.Reason)
	p.line(`System image file is "unix:ikelab"`)
	p.linef("Last reload reason: %s", s.Reason).line("")
	if g == iosconfig.XE17 {
		p.line("cisco C8000V (VXE) processor (revision VXE) with 65536K/3075K bytes of memory.")
		return s.hardware(&p, "Router operating mode: Autonomous").add("64K bytes of non-volatile configuration memory.", "", "Configuration register is 0x2102", "").lines
	}
	p.line("Linux Unix (simulated) processor with 65536K bytes of memory.")
	return s.hardware(&p).add("64K bytes of NVRAM.", "", "Configuration register is 0x2102", "").lines
}

// hardware are the board and its ports.
func (s Version) hardware(p *page, more ...string) *page {
	p.linef("Processor board ID %s", s.Board).add(more...)
	for _, c := range s.Ports {
		plural := "s"
		if c.Count == 1 {
			plural = ""
		}
		p.linef("%d %s interface%s", c.Count, c.Type, plural)
	}
	return p
}
