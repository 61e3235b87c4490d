package shell

import (
	"errors"
	"fmt"
	"regexp"
	resyntax "regexp/syntax"
	"strings"

	"ikelab/iosconfig/syntax"
)

// filter is what stands behind a `|` of a show command.
type filter struct {
	how     string
	exclude bool // section exclude
	re      *regexp.Regexp
	file    string // of flash, for redirect, append and tee
	more    bool   // the file goes on
}

// filterRow is one modifier of output.
type filterRow struct{ word, help, argument string }

const patternHelp = "  LINE  Regular Expression"

var filterRows = []filterRow{
	{"append", "Append redirected output to URL (URLs supporting append operation only)", urlHelp},
	{"begin", "Begin with the line that matches", patternHelp},
	{"count", "Count number of lines which match regexp", patternHelp},
	{"exclude", "Exclude lines that match", patternHelp},
	{"include", "Include lines that match", patternHelp},
	{"json", "Show the state as JSON", "  <cr>"},
	{"redirect", "Redirect output to URL", urlHelp},
	{"section", "Filter a section of output", "  exclude  Exclude entire section(s) of output\n  include  Include entire section(s) of output\n  LINE     Regular Expression"},
	{"tee", "Copy output to URL", "  /append  Append redirected output to URL\n" + urlHelp},
}

// filtersNamed are the modifiers that a word abbreviates.
func filtersNamed(word string) (found []filterRow) {
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, strings.ToLower(word)) {
			found = append(found, row)
		}
	}
	return found
}

// filterWords are the modifiers that the last word behind a bar abbreviates.
func filterWords(text string) (words []string) {
	for _, row := range filtersNamed(strings.TrimLeft(text, " ")) {
		words = append(words, row.word)
	}
	return words
}

// filterHelp is `?` behind a bar.
func filterHelp(text string) []string {
	word, rest, argument := strings.Cut(strings.TrimLeft(text, " "), " ")
	rows := filtersNamed(word)
	switch {
	case len(rows) == 0:
		return []string{syntax.MsgUnrecognized}
	case argument && strings.TrimSpace(rest) == "":
		return strings.Split(rows[0].argument, "\n")
	case argument:
		return []string{"  LINE  <cr>"}
	}
	var options []syntax.Option
	for _, row := range rows {
		options = append(options, syntax.Option{Word: row.word, Help: row.help})
	}
	return syntax.Columns(options)
}

// cutFilters takes the filters off a command.
func cutFilters(line string) (body string, list []*filter, err error) {
	at := strings.Index(line, "|")
	if at < 0 || !filtered(line) {
		return line, nil, nil
	}
	body = line[:at]
	for at < len(line) {
		end := nextFilter(line, at+1)
		f, err := parseFilter(line[at+1:end], at+1)
		if err == nil && f.how == "json" && !isShow(line) { // a file has no keys
			err = syntax.ErrInvalid{Offset: end - len(strings.TrimLeft(line[at+1:end], " "))}
		}
		if err != nil {
			return body, nil, err
		}
		list, at = append(list, f), end
	}
	return body, list, nil
}

// nextFilter is where the bar stands with which a filter begins behind another.
// Others belong to a pattern: `include a|b`, `include a | b`.
func nextFilter(line string, from int) int {
	for i := from; i < len(line); i++ {
		if line[i] != '|' || line[i-1] != ' ' {
			continue
		}
		word, rest, _ := strings.Cut(strings.TrimLeft(line[i+1:], " "), " ")
		if len(word) > 0 && len(filtersNamed(word)) > 0 && strings.TrimSpace(rest) != "" && strings.TrimSpace(line[from:i]) != "" {
			return i
		}
	}
	return len(line)
}

// parseFilter reads what follows a bar; offset is where that begins in the
// line.
func parseFilter(text string, offset int) (*filter, error) {
	word, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	at := offset + len(text) - len(strings.TrimLeft(text, " "))
	rows := filtersNamed(word)
	switch {
	case word == "":
		return nil, syntax.ErrIncomplete
	case len(rows) == 0 && len(word) > 1 && strings.HasPrefix("format", strings.ToLower(word)):
		return nil, syntax.Refuse("%% Invalid input detected: | format is not simulated")
	case len(rows) == 0:
		return nil, syntax.ErrInvalid{Offset: at}
	}
	f := &filter{how: rows[0].word}
	rest = strings.Trim(rest, " ")
	switch {
	case f.how == "json" && rest != "":
		return nil, syntax.ErrInvalid{Offset: offset + strings.LastIndex(text, rest)}
	case f.how == "json":
		return f, nil
	case rest == "":
		return nil, syntax.ErrIncomplete
	case rows[0].argument != patternHelp && f.how != "section":
		return f, f.into(rest)
	}
	return f, f.compile(rest)
}

// into reads where the output goes.
func (f *filter) into(url string) (err error) {
	if rest, found := strings.CutPrefix(url, "/append "); found && f.how == "tee" {
		url, f.more = strings.TrimLeft(rest, " "), true
	}
	f.more = f.more || f.how == "append"
	f.file, err = flashName(url)
	return err
}

// compile reads a pattern.
func (f *filter) compile(pattern string) (err error) {
	if f.how == "section" {
		if word, rest, found := strings.Cut(pattern, " "); found && (word == "include" || word == "exclude") {
			f.exclude, pattern = word == "exclude", strings.TrimLeft(rest, " ")
		}
	}
	if f.re, err = regexp.Compile(iosPattern(pattern)); err != nil {
		return syntax.Refuse("%% Failed to compile regular expression: %s", regexFault(err))
	}
	return nil
}

// regexFault says what is wrong with a pattern, as IOS's own parser of regular
// expressions does: without a caret.
func regexFault(err error) string {
	var fault *resyntax.Error
	if !errors.As(err, &fault) {
		return "junk on end"
	}
	switch fault.Code {
	case resyntax.ErrMissingParen, resyntax.ErrUnexpectedParen:
		return "unmatched ()"
	case resyntax.ErrMissingBracket, resyntax.ErrInvalidCharRange:
		return "unmatched []"
	case resyntax.ErrMissingRepeatArgument, resyntax.ErrInvalidRepeatOp:
		return "?+* follows nothing"
	case resyntax.ErrTrailingBackslash:
		return "trailing \\"
	}
	return "junk on end"
}

// iosPattern translates IOS's regular expressions: "_" outside brackets stands
// for a delimiter or an end of the line, and for itself, so that the names of
// messages can be found. Braces count nothing, and a backslash takes away what a
// character means and gives it no other meaning.
func iosPattern(p string) string {
	var out strings.Builder
	inBrackets, escaped := false, false
	for i, c := range p {
		switch {
		case escaped:
			escaped = false
			out.WriteString(regexp.QuoteMeta(string(c)))
			continue
		case c == '\\' && i < len(p)-1:
			escaped = true
			continue
		case inBrackets && c == '[':
			out.WriteRune('\\')
		case c == '[':
			inBrackets = true
		case c == ']':
			inBrackets = false
		case inBrackets:
		case c == '_':
			out.WriteString(`(?:^|$|[ ,{}()_])`)
			continue
		case c == '{', c == '}':
			out.WriteRune('\\')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// apply is what the filter leaves of lines. What it writes, it writes to flash.
func (f *filter) apply(x *exec, lines []string) []string {
	if f.file == "" {
		return f.pick(lines)
	}
	if err := x.d.Flash().write(f.file, join(lines), f.more, x.s.sh.shows(x.now)); err != nil {
		return append(lines[:0:0], "%Error writing flash:/"+f.file+" ("+reason(err)+")")
	}
	if f.how == "tee" {
		return lines
	}
	return nil
}

// pick is what the filter leaves of lines.
func (f *filter) pick(lines []string) []string {
	switch f.how {
	case "json":
		return lines
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
