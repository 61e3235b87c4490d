package router

import (
	"fmt"
	"regexp"
	"strings"

	"ikelab/iosconfig"
)

// filter is what stands behind the `|` of a show command.
type filter struct {
	how     string
	exclude bool // section exclude
	re      *regexp.Regexp
}

// filterRow is one modifier of output.
type filterRow struct{ word, help string }

var filterRows = []filterRow{
	{"begin", "Begin with the line that matches"},
	{"count", "Count number of lines which match regexp"},
	{"exclude", "Exclude lines that match"},
	{"include", "Include lines that match"},
	{"section", "Filter a section of output"},
}

// filterWords are the modifiers that the last word behind a bar abbreviates.
func filterWords(text string) []string {
	word := strings.ToLower(strings.TrimLeft(text, " "))
	var words []string
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, word) {
			words = append(words, row.word)
		}
	}
	return words
}

// filterHelp is `?` behind a bar.
func filterHelp(text string) []string {
	word := strings.TrimLeft(text, " ")
	if strings.Contains(word, " ") {
		return []string{"  LINE  Regular Expression"}
	}
	var options []iosconfig.Option
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, strings.ToLower(word)) {
			options = append(options, iosconfig.Option{Word: row.word, Help: row.help})
		}
	}
	return iosconfig.Columns(options)
}

// parseFilter reads what follows the bar; offset is where that begins in the
// line.
func parseFilter(text string, offset int) (*filter, error) {
	word, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	at := offset + len(text) - len(strings.TrimLeft(text, " "))
	if word == "" {
		return nil, iosconfig.ErrIncomplete
	}
	f := &filter{}
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, strings.ToLower(word)) {
			f.how = row.word
		}
	}
	if f.how == "" {
		return nil, iosconfig.ErrInvalid{Offset: at}
	}
	pattern := strings.TrimLeft(rest, " ")
	if f.how == "section" {
		if word, rest, found := strings.Cut(pattern, " "); found && (word == "include" || word == "exclude") {
			f.exclude, pattern = word == "exclude", strings.TrimLeft(rest, " ")
		}
	}
	if pattern == "" {
		return nil, iosconfig.ErrIncomplete
	}
	re, err := regexp.Compile(iosPattern(pattern))
	if err != nil {
		return nil, iosconfig.ErrInvalid{Offset: offset + strings.Index(text, pattern)}
	}
	f.re = re
	return f, nil
}

// iosPattern translates IOS's regular expressions: "_" stands for a delimiter
// or an end of the line.
func iosPattern(p string) string {
	return strings.ReplaceAll(p, "_", `(?:^|$|[ ,{}()])`)
}

func (f *filter) apply(lines []string) []string {
	switch f.how {
	case "begin":
		for i, l := range lines {
			if f.re.MatchString(l) {
				return lines[i:]
			}
		}
		return nil
	case "count":
		return []string{fmt.Sprintf("Number of lines which match regexp = %d", len(f.matching(lines, true)))}
	case "section":
		return f.sections(lines)
	}
	return f.matching(lines, f.how == "include")
}

func (f *filter) matching(lines []string, want bool) []string {
	var kept []string
	for _, l := range lines {
		if f.re.MatchString(l) == want {
			kept = append(kept, l)
		}
	}
	return kept
}

// sections keeps each line that matches and the deeper lines below it, or with
// exclude everything else.
func (f *filter) sections(lines []string) []string {
	var kept []string
	inside, depth := false, 0
	for _, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, " "))
		if !inside || indent <= depth {
			inside, depth = f.re.MatchString(l), indent
		}
		if inside != f.exclude {
			kept = append(kept, l)
		}
	}
	return kept
}
