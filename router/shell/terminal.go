package shell

import (
	"slices"
	"strconv"
	"strings"
)

// What a terminal is like: what `terminal …` has said of it, else what the
// configuration says of its line.

const (
	defaultLength  = 24 // lines of a page
	defaultWidth   = 80
	defaultHistory = 10 // lines that a terminal remembers
	unset          = -1 // `terminal …` has said nothing
)

// settings are those of a terminal.
type settings struct {
	device        Device
	vty           int // number of the line; -1: the console
	length, width int
	history       history
}

func newSettings(d Device) settings {
	return settings{device: d, vty: -1, length: unset, width: unset, history: history{size: unset}}
}

// Resize is `terminal width` and `terminal length`: the columns of a line, 0 for
// as many as it has, and the lines of a page, 0 for no paging.
func (t *settings) Resize(columns, lines int) { t.width, t.length = columns, lines }

// Length is the lines of a page, 0 for no paging.
func (t *settings) Length() int { return t.setting(t.length, "length", defaultLength) }

// Width is the columns of the terminal, 0 for no limit.
func (t *settings) Width() int { return t.setting(t.width, "width", defaultWidth) }

func (t *settings) historySize() int {
	return t.setting(t.history.size, "history size", defaultHistory)
}

// Synchronous says whether a line that comes by itself is followed by the prompt
// and what was typed (`logging synchronous`).
func (t *settings) Synchronous() bool { return t.lineSays("logging") == "synchronous" }

// setting is a number that was set, that the line is configured with, or that
// is the default.
func (t *settings) setting(set int, name string, otherwise int) int {
	if set != unset {
		return set
	}
	if n, err := strconv.Atoi(t.lineSays(name)); err == nil {
		return n
	}
	return otherwise
}

// lineSays is what stands behind a command in the configuration of the
// terminal's line; "": nothing does.
func (t *settings) lineSays(command string) string {
	for section := range t.device.Running().Sections.All() {
		if !t.isOn(section.Head) {
			continue
		}
		for _, l := range section.Kept {
			if rest, ok := strings.CutPrefix(l, command+" "); ok {
				return rest
			}
		}
	}
	return ""
}

// isOn says whether a section such as "line vty 0 4" is about the terminal's line.
func (t *settings) isOn(head string) bool {
	f := strings.Fields(head)
	switch {
	case len(f) < 3 || f[0] != "line":
		return false
	case t.vty < 0:
		return f[1] == "con"
	case f[1] != "vty":
		return false
	}
	first, _ := strconv.Atoi(f[2])
	last := first
	if len(f) > 3 {
		last, _ = strconv.Atoi(f[3])
	}
	return first <= t.vty && t.vty <= last
}

// history is what a terminal remembers: commands of EXEC and lines of
// configuration apart, as in IOS.
type history struct {
	off         bool
	size        int
	exec, edits []string
}

// remember keeps a line that was typed.
func (t *settings) remember(line string, editing bool) {
	line = strings.TrimSpace(line)
	of := t.history.of(editing)
	if n := len(*of); t.history.off || line == "" || n > 0 && (*of)[n-1] == line {
		return
	}
	kept, size := *of, t.historySize()
	if over := len(kept) + 1 - size; over > 0 {
		kept = slices.Clone(kept[min(over, len(kept)):])
	}
	if size > 0 {
		kept = append(kept, line)
	}
	*of = kept
}

func (h *history) of(editing bool) *[]string {
	if editing {
		return &h.edits
	}
	return &h.exec
}
