package shell

import (
	"strings"

	"ikelab/iosconfig/syntax"
)

// public is what may be told of a line typed at a session. The pattern of a filter may be a key
// that somebody looks for.
func public(s *Session, line string) string {
	from := 0
	if s.editor != nil {
		body, do := cutDo(line)
		if s.editor.InText() || !do {
			return s.editor.Public(line)
		}
		from = len(line) - len(body)
	}
	command, f, err := cutFilter(line[from:])
	command = line[:from+len(command)]
	told := s.table().Public(command, syntax.Form{From: from})
	switch {
	case told != command:
		return told
	case err != nil:
		return command + "| " + syntax.Removed
	case f != nil && f.re != nil:
		return strings.TrimRight(command, " ") + " | " + f.how + " " + syntax.Removed
	}
	return line
}
