package shell

import (
	"regexp"
	"strings"
)

// morePrompt waits for a key between two pages.
const morePrompt = " --More-- "

// moreHelp is what `?` shows at --More--.
const moreHelp = "Press RETURN for another line, SPACE for another page, anything else to quit\n"

// pager keeps what does not fit on a page.
type pager struct {
	more []string // lines that wait behind --More--
	find string   // "/", "+" or "-": the next line typed is a pattern; "": none
}

func (p *pager) waits() bool { return len(p.more) > 0 }

// prompt is what the next key answers.
func (p *pager) prompt() string {
	if p.find != "" {
		return p.find
	}
	return morePrompt
}

func (p *pager) drop() { p.more, p.find = nil, "" }

// show is the first page of lines; the rest waits. length 0: all is one page.
func (p *pager) show(lines []string, length int) string {
	if length > 0 && len(lines) >= length {
		p.more = append(p.more, lines[length-1:]...)
		lines = lines[:length-1]
	}
	return join(lines)
}

// key takes the keys that were pressed at --More--, or the pattern that was
// asked for, and is what is shown then. Enter is one more line, the blank one
// more page; "/" skips to the line that matches a pattern, "+" keeps the lines
// that do and "-" those that do not; "?" says so; any other key ends the
// output. Keys are never a command, whatever was typed after them.
func (p *pager) key(keys string, length int) string {
	if p.find != "" {
		how := p.find
		p.find = ""
		return p.filter(how, keys, length)
	}
	lines := p.more
	switch {
	case keys == "":
		p.more = lines[1:]
		return join(lines[:1])
	case keys[0] == ' ':
		p.more = nil
		return p.show(lines, length)
	case keys == "?":
		return moreHelp
	case keys == "/" || keys == "+" || keys == "-":
		p.find = keys
		return ""
	case strings.ContainsRune("/+-", rune(keys[0])):
		return p.filter(keys[:1], keys[1:], length)
	}
	p.drop()
	return ""
}

// filter goes on with what a pattern leaves of the waiting lines.
func (p *pager) filter(how, pattern string, length int) string {
	re, err := regexp.Compile(iosPattern(pattern))
	if pattern == "" || err != nil {
		return "" // as if nothing had been typed
	}
	f := &filter{how: map[string]string{"/": "begin", "+": "include", "-": "exclude"}[how], re: re}
	lines := f.pick(p.more)
	p.more = nil
	return "filtering...\n" + p.show(lines, length)
}
