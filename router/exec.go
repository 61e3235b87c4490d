package router

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// exec is one EXEC command, or the answer to one's question, being carried
// out. What it prints is collected so that it can be filtered and paged.
type exec struct {
	s   *Session
	r   *Router
	now time.Time
	out []string

	json bool // show screens as JSON
}

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

// command carries out a line of EXEC; promptLen places the caret.
func (x *exec) command(line string, promptLen int) {
	text := strings.TrimSpace(line)
	if text == "" || strings.HasPrefix(text, "!") {
		return
	}
	body, pipe := line, ""
	if i := strings.Index(line, "|"); i >= 0 && isShow(line) {
		body, pipe = line[:i], line[i+1:]
	}
	var f *filter
	if pipe != "" || len(body) < len(line) {
		var err error
		if f, err = parseFilter(pipe, len(body)+1); err != nil {
			x.refuse(err, promptLen)
			return
		}
	}
	x.json = f != nil && f.how == "json"
	m, err := x.s.table().Parse(body)
	if err == nil {
		err = m.Command.Set(x, m.Args)
	}
	if err != nil {
		x.refuseExec(err, body, promptLen)
		return
	}
	if f != nil {
		x.out = f.apply(x.out)
	}
}

// refuse prints why a line was refused.
func (x *exec) refuse(err error, promptLen int) {
	x.s.refused = true
	x.out = append(x.out, iosconfig.Refusal(err, promptLen)...)
}

// refuseExec knows that a single unknown word is taken for a host to log into.
func (x *exec) refuseExec(err error, line string, promptLen int) {
	word := strings.TrimSpace(line)
	var invalid iosconfig.ErrInvalid
	if errors.As(err, &invalid) && !strings.ContainsAny(word, " \t?") && strings.HasPrefix(line[invalid.Offset:], word) && words.Printable(word) {
		x.s.refused = true
		x.linef("Translating %q...domain server (255.255.255.255)", word)
		x.line("% Unknown command or computer name, or unable to find computer address")
		return
	}
	x.refuse(err, promptLen)
}

// isShow says whether a line's output can be filtered.
func isShow(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return len(word) >= 2 && strings.HasPrefix("show", strings.ToLower(word))
}

// ask puts a question; yes is what a script answers.
func (x *exec) ask(prompt, yes string, answer func(x *exec, text string)) {
	x.s.asked = &question{prompt: prompt, yes: yes, answer: answer}
}

// askYesNo repeats a question until it is answered by yes or no.
func (x *exec) askYesNo(prompt string, answer func(x *exec, yes bool)) {
	x.ask(prompt, "yes", func(x *exec, text string) {
		word := strings.ToLower(strings.TrimSpace(text))
		switch {
		case word != "" && strings.HasPrefix("yes", word):
			answer(x, true)
		case word != "" && strings.HasPrefix("no", word):
			answer(x, false)
		default:
			x.line("% Please answer 'yes' or 'no'.")
			x.askYesNo(prompt, answer)
		}
	})
}

// confirmed says whether a [confirm] was confirmed: by Enter or y.
func confirmed(text string) bool { return text == "" || strings.HasPrefix(strings.ToLower(text), "y") }
