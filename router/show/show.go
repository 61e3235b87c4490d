package show

import (
	"encoding/json"
	"fmt"
	"strings"

	"ikelab/iosconfig"
)

// Screen is what one show command shows.
type Screen interface {
	// Lines is the screen as a generation of IOS writes it.
	Lines(g iosconfig.Generation) []string
}

// JSON is the screen for a machine to read, indented, line by line.
func JSON(s Screen) []string {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("show: a screen that is no JSON: " + err.Error()) // broken invariant: screens hold plain values
	}
	return strings.Split(string(text), "\n")
}

// page collects the lines of a screen.
type page struct{ lines []string }

func (p *page) line(text string) *page {
	p.lines = append(p.lines, text)
	return p
}

func (p *page) linef(format string, a ...any) *page { return p.line(fmt.Sprintf(format, a...)) }

func (p *page) add(lines ...string) *page {
	p.lines = append(p.lines, lines...)
	return p
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

func yn(b bool) string { return yesNo(b)[:1] }

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orNumber(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
