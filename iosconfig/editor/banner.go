package editor

import (
	"strings"
	"unicode/utf8"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// banner is a text that is being read until its delimiter comes.
type banner struct {
	line      string // the command
	head      string // its words: "banner motd"
	delimiter string
	text      []string
	set       func(c *iosconfig.Config, text string)
}

// BannerRow is `banner WHICH cTEXTc`: the text's first character (^C counts as
// one) ends it, on the same line or a later one.
func BannerRow(which, help string, field func(*iosconfig.Banners) *string) Row[iosconfig.Config] {
	head := "banner " + which
	set := func(c *iosconfig.Config, text string) { *field(&c.Banners) = text }
	return Row[iosconfig.Config]{
		NoEffect: true, Syntax: head + " / <text:line>", Help: help + "|c banner-text c, where 'c' is a delimiting character",
		Set: func(e *At[iosconfig.Config], a syntax.Args) error {
			delimiter, rest := cutDelimiter(a.Word("text"))
			if text, _, ended := strings.Cut(rest, delimiter); ended {
				set(e.It, text)
				return nil
			}
			e.Say("Enter TEXT message.  End with the character '" + delimiter + "'.")
			e.banner = &banner{head: head, delimiter: delimiter, text: []string{rest}, set: set}
			return nil
		},
		Clear: func(e *At[iosconfig.Config], _ syntax.Args) error { set(e.It, ""); return nil },
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

// readBanner takes a line of a banner's text.
func (ed *Editor) readBanner(line string) Result {
	b := ed.banner
	text, _, ended := strings.Cut(line, b.delimiter)
	b.text = append(b.text, text)
	if !ended {
		return Result{}
	}
	ed.banner = nil
	next := *ed.store.Running()
	b.set(&next, strings.Join(b.text, "\n"))
	l := &Line{Config: &next}
	if next.Banners != ed.store.Running().Banners {
		l.Changed(iosconfig.KindGlobal, b.head)
	}
	return Result{Commit: ed.commit(l, entered{text: b.line, public: b.line})}
}
