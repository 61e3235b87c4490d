package editor

import (
	"strings"

	"ikelab/iosconfig"
)

// Running returns the lines of `show running-config` behind its header, from
// the first "!" to "end". Defaults are hidden, and Load of the lines gives a
// configuration that equals c. With all of them the defaults are there, too, and Load
// gives the same.
func Running(c *iosconfig.Config, global *Mode[iosconfig.Config], all bool) []string {
	lines := []string{"!", "version " + c.Generation.Version()}
	at := &At[iosconfig.Config]{Line: &Line{Config: c, All: all}, It: c, mode: global}
	group := "service"
	for i := range global.table.Commands {
		row := &global.table.Commands[i]
		add := shown(at, row)
		if len(add) == 0 {
			continue
		}
		first, _, _ := strings.Cut(row.Syntax, " ")
		if first != group {
			lines, group = squeeze(lines, "!"), first
		}
		switch first {
		case "banner": // its text stays as it is
			lines = append(lines, add...)
		case "hostname":
			lines = squeeze(squeeze(lines, add...), "!", "boot-start-marker", "boot-end-marker", "!")
		default:
			lines = squeeze(lines, add...)
		}
	}
	return append(squeeze(lines, "!"), "end")
}

// squeeze appends lines, leaving one "!" where several would follow each other.
func squeeze(lines []string, more ...string) []string {
	for _, l := range more {
		if l != "!" || len(lines) == 0 || lines[len(lines)-1] != "!" {
			lines = append(lines, l)
		}
	}
	return lines
}
