package shell

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
	"ikelab/router/words"
)

// exec is one EXEC command, or the answer to one's question, being carried
// out. What it prints is collected so that it can be filtered and paged.
type exec struct {
	s   *Session
	d   Device
	now time.Time
	out []string

	json  bool // show screens as JSON
	aside bool // say which command for the guide it is, instead of asking
}

type args = syntax.Args

// Commands are the commands of the two levels of EXEC, and those with a guide's.
type Commands struct {
	levels
	why, task levels
}

type levels struct{ user, privileged *syntax.Table[exec] }

func (x *exec) line(text string) *exec {
	x.out = append(x.out, text)
	return x
}

func (x *exec) linef(format string, a ...any) *exec { return x.line(fmt.Sprintf(format, a...)) }

// take hands out the lines printed so far.
func (x *exec) take() []string {
	out := x.out
	x.out = nil
	return out
}

// screen prints a screen: as IOS does, or behind `| json` as JSON.
func (x *exec) screen(s show.Screen) {
	if x.json {
		x.out = append(x.out, show.JSON(s)...)
		return
	}
	x.out = append(x.out, s.Lines(x.d.Generation())...)
}

// command carries out a line of EXEC; promptLen places the caret.
func (x *exec) command(line string, promptLen int) {
	line, promptLen = x.s.withoutAlias(line, promptLen)
	text := strings.TrimSpace(line)
	if text == "" || strings.HasPrefix(text, "!") {
		return
	}
	body, filters, err := cutFilters(line)
	if err != nil {
		x.refuse(err, promptLen)
		return
	}
	x.json = len(filters) > 0 && filters[0].how == "json"
	m, err := x.s.table().Parse(body)
	if err == nil {
		err = m.Command.Set(x, m.Args)
	}
	if err != nil {
		x.refuseExec(err, body, promptLen)
		return
	}
	for _, f := range filters {
		x.out = f.apply(x, x.out)
	}
}

// refuse prints why a line was refused.
func (x *exec) refuse(err error, promptLen int) {
	x.s.refused = true
	x.out = append(x.out, syntax.Refusal(err, promptLen)...)
}

// refuseExec knows that a single unknown word is taken for a host to log into,
// and that `show` alone has an answer of its own.
func (x *exec) refuseExec(err error, line string, promptLen int) {
	word := strings.TrimSpace(line)
	var invalid syntax.ErrInvalid
	switch {
	case errors.Is(err, syntax.ErrIncomplete) && isShow(word) && !strings.Contains(word, " "):
		x.s.refused = true
		x.line(`% Type "show ?" for a list of subcommands`)
	case errors.As(err, &invalid) && !strings.ContainsAny(word, " \t?") && words.Printable(word) && x.s.lineSays("transport preferred") != "none":
		x.s.refused = true
		x.translate(word)
	default:
		x.refuse(err, promptLen)
	}
}

// filtered says whether a line's output can be.
func filtered(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	word = strings.ToLower(word)
	return isShow(line) || word == "dir" || len(word) >= 3 && strings.HasPrefix("more", word)
}

// isShow says whether a line shows a screen.
func isShow(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return len(word) >= 2 && strings.HasPrefix("show", strings.ToLower(word))
}

// isPrefix says whether text abbreviates word.
func isPrefix(text, word string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return text != "" && strings.HasPrefix(word, text)
}

// ask puts a question.
func (x *exec) ask(prompt string, answer func(x *exec, text string)) {
	x.s.asked = &question{prompt: prompt, answer: answer}
}

// confirm asks a question that Enter or y says yes to.
func (x *exec) confirm(prompt string, do func(x *exec)) {
	x.ask(prompt, func(x *exec, text string) {
		if text == "" || strings.HasPrefix(strings.ToLower(text), "y") {
			do(x)
		}
	})
}

// mostPasted is how long a text may be that is pasted, in octets.
const mostPasted = 64 << 10

// paste takes lines up to one that says quit, or, where that ends them, a blank one.
func (x *exec) paste(blank bool, text string, take func(x *exec, text string)) {
	x.ask("", func(x *exec, line string) {
		switch line = strings.TrimSpace(line); {
		case strings.EqualFold(line, "quit"), blank && line == "" && text != "":
			take(x, text)
		case blank && line == "":
			x.paste(blank, text, take)
		case len(text)+len(line) > mostPasted:
			x.line("% Text too long")
		default:
			x.paste(blank, text+line+"\n", take)
		}
	})
	x.s.asked.pasted = true
}

// askYesNo repeats a question until it is answered by yes or no.
func (x *exec) askYesNo(prompt string, answer func(x *exec, yes bool)) {
	x.ask(prompt, func(x *exec, text string) {
		switch {
		case isPrefix(text, "yes"):
			answer(x, true)
		case isPrefix(text, "no"):
			answer(x, false)
		default:
			x.line("% Please answer 'yes' or 'no'.")
			x.askYesNo(prompt, answer)
		}
	})
}

// runs makes the session busy until the command says that it is over, or is
// stopped.
func (x *exec) runs(stop func(), interrupt func(x *exec)) {
	x.s.task.stop, x.s.task.interrupt = stop, interrupt
}

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
	command, filters, err := cutFilters(line[from:])
	command = line[:from+len(command)]
	told := s.table().Public(command, syntax.Form{From: from})
	switch {
	case told != command:
		return told
	case err != nil:
		return command + "| " + syntax.Removed
	}
	for _, f := range filters {
		if f.re != nil {
			return strings.TrimRight(command, " ") + " | " + f.how + " " + syntax.Removed
		}
	}
	return line
}
