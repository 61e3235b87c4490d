package shell

import (
	"strings"

	"ikelab/router/operator"
)

// Configuration mode.

func configureTerminal(x *exec) {
	x.line("Enter configuration commands, one per line.  End with CNTL/Z.")
	x.s.editor = x.d.Editor()
}

// configure hands a line to the configuration editor.
func (s *Session) configure(x *exec, line string) {
	promptLen := len(s.Prompt())
	done, err := s.editor.Enter(x.now, line)
	for _, m := range done.Messages {
		x.line(m)
	}
	switch {
	case err != nil:
		x.refuse(err, promptLen)
	case done.Do != "":
		x.command(done.Do, promptLen+done.At)
	}
	if done.Left {
		s.leaveConfiguration()
	}
}

func (s *Session) leaveConfiguration() {
	s.editor = nil
	s.sh.records.Emit(operator.Configured{From: "console", By: s.name()})
}

// cutDo is the EXEC command behind `do`.
func cutDo(line string) (body string, do bool) {
	line = strings.TrimLeft(line, " \t")
	if len(line) < 3 || !strings.EqualFold(line[:2], "do") || line[2] != ' ' {
		return "", false
	}
	return line[3:], true
}
