package shell

import (
	"strings"

	"ikelab/iosconfig/syntax"
)

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
func (sh *Shell) Aside(s *Session, line string) (whole string, ok bool) {
	if sh.guide == nil || s.editor != nil || s.Awaits() != Command {
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
