package shell

import "time"

// Screen is what a show command shows in privileged EXEC, filter included. No
// terminal is open for it and nothing is recorded. refused: it is no show
// command.
func (sh *Shell) Screen(now time.Time, line string) (text string, refused bool) {
	if !isShow(line) {
		return "", true
	}
	s := &Session{sh: sh, privileged: true, settings: newSettings(sh.device)}
	x := s.exec(now)
	x.command(line, 0)
	return join(x.take()), s.refused
}
