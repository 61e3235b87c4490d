package shell

import (
	"strings"

	"ikelab/iosconfig/syntax"
)

// `?` and Tab.

// Help is what `?` behind the line prints.
func (s *Session) Help(line string) string {
	lines, err := s.helpLines(line)
	if err != nil {
		lines = syntax.Refusal(err, len(s.Prompt()))
	}
	return join(lines)
}

func (s *Session) helpLines(line string) ([]string, error) {
	if s.editor != nil {
		body, at, do := cutDo(line)
		if !do {
			return s.editor.Help(line)
		}
		lines, err := s.execHelp(body)
		return lines, shift(err, at)
	}
	return s.execHelp(line)
}

// execHelp is help on an EXEC command. Words that lead nowhere are not
// recognized, whichever of them is wrong.
func (s *Session) execHelp(line string) ([]string, error) {
	if i := strings.Index(line, "|"); i >= 0 && isShow(line) {
		return filterHelp(line[i+1:]), nil
	}
	lines, err := s.table().Help(line)
	if _, invalid := err.(syntax.ErrInvalid); invalid {
		return []string{"% Unrecognized command"}, nil
	}
	return lines, err
}

// Complete returns the words that the last word of the line may stand for; Tab
// completes it when there is just one.
func (s *Session) Complete(line string) []string {
	if s.editor != nil {
		body, _, do := cutDo(line)
		if !do {
			return s.editor.Complete(line)
		}
		line = body
	}
	if i := strings.Index(line, "|"); i >= 0 && isShow(line) {
		return filterWords(line[i+1:])
	}
	return s.table().Complete(line)
}

// cutDo is the EXEC command behind `do`, and where it begins.
func cutDo(line string) (body string, at int, do bool) {
	trimmed := strings.TrimLeft(line, " \t")
	if len(trimmed) < 3 || !strings.EqualFold(trimmed[:2], "do") || trimmed[2] != ' ' {
		return "", 0, false
	}
	at = len(line) - len(trimmed) + 3
	return line[at:], at, true
}

// shift moves where an error points to.
func shift(err error, by int) error {
	if invalid, ok := err.(syntax.ErrInvalid); ok {
		invalid.Offset += by
		return invalid
	}
	return err
}
