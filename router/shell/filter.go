package shell

import (
	"errors"
	"fmt"
	"regexp"
	resyntax "regexp/syntax"
	"strings"

	"ikelab/iosconfig/syntax"
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
	{"json", "Show the state as JSON"},
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
	var options []syntax.Option
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, strings.ToLower(word)) {
			options = append(options, syntax.Option{Word: row.word, Help: row.help})
		}
	}
	return syntax.Columns(options)
}

// cutFilter takes the filter off a show command; nil: there is none.
func cutFilter(line string) (body string, f *filter, err error) {
	i := strings.Index(line, "|")
	if i < 0 || !isShow(line) {
		return line, nil, nil
	}
	f, err = parseFilter(line[i+1:], i+1)
	return line[:i], f, err
}

// parseFilter reads what follows the bar; offset is where that begins in the
// line.
func parseFilter(text string, offset int) (*filter, error) {
	word, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	at := offset + len(text) - len(strings.TrimLeft(text, " "))
	if word == "" {
		return nil, syntax.ErrIncomplete
	}
	f := &filter{}
	for _, row := range filterRows {
		if strings.HasPrefix(row.word, strings.ToLower(word)) {
			f.how = row.word
		}
	}
	if f.how == "" {
		return nil, syntax.ErrInvalid{Offset: at}
	}
	if f.how == "json" {
		if rest := strings.TrimLeft(rest, " "); rest != "" {
			return nil, syntax.ErrInvalid{Offset: offset + strings.LastIndex(text, rest)}
		}
		return f, nil
	}
	pattern := strings.TrimLeft(rest, " ")
	if f.how == "section" {
		if word, rest, found := strings.Cut(pattern, " "); found && (word == "include" || word == "exclude") {
			f.exclude, pattern = word == "exclude", strings.TrimLeft(rest, " ")
		}
	}
	if pattern == "" {
		return nil, syntax.ErrIncomplete
	}
	re, err := regexp.Compile(iosPattern(pattern))
	if err != nil {
		return nil, syntax.Refuse("%% Failed to compile regular expression: %s", regexFault(err))
	}
	f.re = re
	return f, nil
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
// messages can be found.
func iosPattern(p string) string {
	var out strings.Builder
	inBrackets, escaped := false, false
	for _, c := range p {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '[':
			inBrackets = true
		case c == ']':
			inBrackets = false
		case c == '_' && !inBrackets:
			out.WriteString(`(?:^|$|[ ,{}()_])`)
			continue
		}
		out.WriteRune(c)
	}
	return out.String()
}

func (f *filter) apply(lines []string) []string {
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
