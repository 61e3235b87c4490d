package shell

import (
	"errors"
	"strings"

	"ikelab/iosconfig/syntax"
)

// `?` and Tab.

// Help is what `?` behind the line prints.
func (s *Session) Help(line string) string {
	lines, err := s.helpLines(line)
	var invalid syntax.ErrInvalid
	switch {
	case errors.As(err, &invalid): // whichever word is wrong
		lines = []string{"% Unrecognized command"}
	case err != nil:
		lines = syntax.Refusal(err, len(s.Prompt()))
	}
	return join(lines)
}

func (s *Session) helpLines(line string) ([]string, error) {
	if s.editor != nil {
		body, do := cutDo(line)
		if !do {
			return s.editor.Help(line)
		}
		line = body
	}
	line, _ = s.withoutAlias(line, 0)
	if i := strings.LastIndex(line, "|"); i >= 0 && filtered(line) {
		return filterHelp(line[i+1:]), nil
	}
	return s.table().Help(line)
}

// Complete returns the words that the last word of the line may stand for; Tab
// completes it when there is just one.
func (s *Session) Complete(line string) []string {
	if s.editor != nil {
		body, do := cutDo(line)
		if !do {
			return s.editor.Complete(line)
		}
		line = body
	}
	if i := strings.LastIndex(line, "|"); i >= 0 && filtered(line) {
		return filterWords(line[i+1:])
	}
	return s.table().Complete(line)
}
