package editor

import (
	"strings"
	"unicode/utf8"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// passage is a text that is being read until its delimiter comes.
type passage struct {
	line      string // the command
	delimiter string
	alone     bool // the delimiter is a line by itself, and part of the text
	text      []string
	set       func(l *Line, text string) // puts the text into the line's configuration
}

// ends says whether a line ends the text.
func (p *passage) ends(line string) bool {
	if p.alone {
		return strings.TrimSpace(line) == p.delimiter
	}
	return strings.Contains(line, p.delimiter)
}

// BannerRow is `banner WHICH cTEXTc`: the text's first character (^C counts as
// one) ends it, on the same line or a later one.
func BannerRow(which, help string, field func(*iosconfig.Banners) *string) Row[iosconfig.Config] {
	head := "banner " + which
	set := func(l *Line, text string) {
		if banner := field(&l.Config.Banners); *banner != text {
			*banner = text
			l.Changed(iosconfig.KindGlobal, head)
		}
	}
	return Row[iosconfig.Config]{
		NoEffect: true, Syntax: head + " / <text:line>", Help: help + "|c banner-text c, where 'c' is a delimiting character",
		Set: func(e *At[iosconfig.Config], a syntax.Args) error {
			delimiter, rest := cutDelimiter(a.Word("text"))
			if text, _, ended := strings.Cut(rest, delimiter); ended {
				*field(&e.It.Banners) = text
				return nil
			}
			e.Say("Enter TEXT message.  End with the character '" + delimiter + "'.")
			e.passage = &passage{delimiter: delimiter, text: []string{rest}, set: set}
			return nil
		},
		Clear: func(e *At[iosconfig.Config], _ syntax.Args) error { *field(&e.It.Banners) = ""; return nil },
		Show: func(e *At[iosconfig.Config]) []string {
			text := *field(&e.It.Banners)
			if text == "" {
				return nil
			}
			d := freeDelimiter(text)
			return strings.Split(head+" "+d+text+d, "\n")
		},
	}
}

// cutDelimiter takes the delimiter off a banner's text.
func cutDelimiter(text string) (delimiter, rest string) {
	_, size := utf8.DecodeRuneInString(text)
	if strings.HasPrefix(text, "^C") {
		size = len("^C")
	}
	return text[:size], text[size:]
}

// freeDelimiter is ^C, as IOS prints it, or what the text does not hold.
func freeDelimiter(text string) string {
	for d := '#'; strings.Contains(text, "^C"); d++ {
		if !strings.ContainsRune(text, d) && d != '^' {
			return string(d)
		}
	}
	return "^C"
}

// readText takes a line of a text.
func (ed *Editor) readText(line string) Result {
	p := ed.passage
	text, _, _ := strings.Cut(line, p.delimiter)
	if p.alone {
		text = strings.TrimSpace(line)
	}
	p.text = append(p.text, text)
	if !p.ends(line) {
		return Result{}
	}
	ed.passage = nil
	next := *ed.store.Running()
	l := &Line{Config: &next}
	p.set(l, strings.Join(p.text, "\n"))
	return Result{Commit: ed.commit(l, entered{text: p.line, public: p.line})}
}
