package shell

import (
	"strings"

	"ikelab/iosconfig/syntax"
)

// Guide answers what no router knows: why a tunnel is down, and what the task of a lab is. Whoever
// runs the lab gives it to a shell; without one the commands are as unknown as they are to IOS.
type Guide interface {
	Task() bool                // the lab has one
	Answer(line string) string // of a whole command, such as "why Tunnel0 10" or "lab hint"
}

// SetGuide has sessions know the commands that a guide answers; nil: none any more.
func (sh *Shell) SetGuide(g Guide) { sh.guide = g }

// whyRows and taskRows are those commands.
var (
	whyRows = []syntax.Command[exec]{{
		Syntax: "why [<name:interface> [<entry:1-65535>]]", Set: asks("why", "name", "entry"),
		Help: "Say why a tunnel is down, comes and goes, or carries nothing|Tunnel interface, or one with a crypto map|Entry of the crypto map",
	}}
	taskRows = []syntax.Command[exec]{
		labRow("task", "What is wanted"),
		labRow("hint", "The next hint, for a point"),
		labRow("check", "What holds by now, in points"),
		labRow("reset", "Begin again"),
		labRow("solution", "Give up"),
	}
)

func labRow(word, help string) syntax.Command[exec] {
	return syntax.Command[exec]{Syntax: "lab " + word, Help: "The task of this lab|" + help, Set: asks("lab " + word)}
}

// asks hands a command to the guide, or keeps it for who asks the guide itself.
func asks(words string, names ...string) func(*exec, args) error {
	return func(x *exec, a args) error {
		line := words
		for _, name := range names {
			if a.Given(name) {
				line += " " + a.Word(name)
			}
		}
		if x.aside {
			x.line(line)
			return nil
		}
		text := strings.TrimSuffix(x.s.sh.guide.Answer(line), "\n")
		x.out = append(x.out, strings.Split(text, "\n")...)
		return nil
	}
}

// Aside is the whole command that a line of EXEC means, if it is one for the guide: who answers
// it himself need not enter it, and the router never hears of it.
func (s *Session) Aside(line string) (whole string, ok bool) {
	if s.sh.guide == nil || s.editor != nil || s.Awaits() != Command {
		return "", false
	}
	line, _ = s.withoutAlias(line, 0)
	m, err := s.table().Parse(line)
	if err != nil {
		return "", false
	}
	if word, _, _ := strings.Cut(m.Command.Syntax, " "); word != "why" && word != "lab" {
		return "", false
	}
	x := &exec{s: s, aside: true}
	if m.Command.Set(x, m.Args) != nil {
		return "", false
	}
	return x.out[0], true
}
