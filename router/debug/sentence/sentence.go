package sentence

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Sentence is a form of line.
type Sentence struct {
	format string
	below  bool // it is of a dump, mostly below a line, without words of its own before it
	open   bool // anything may run on behind it
}

// all are made once, as the program starts.
var all []*Sentence

func made(s Sentence) *Sentence {
	all = append(all, &s)
	return &s
}

// spoken makes a sentence that a line consists of.
func spoken(format string) *Sentence { return made(Sentence{format: format}) }

// below makes one of those that dumps are made of.
func below(format string) *Sentence { return made(Sentence{format: format, below: true}) }

// opening makes one behind which anything may run on.
func opening(format string) *Sentence { return made(Sentence{format: format, open: true}) }

// All are the sentences that there are.
func All() []*Sentence { return slices.Clone(all) }

// Say puts values into the places.
func (s *Sentence) Say(values ...any) string {
	if len(values) == 0 && !strings.Contains(s.format, "%") {
		return s.format
	}
	for i, v := range values {
		if a, ok := v.(netip.Addr); ok && a.Is6() { // with capital letters
			values[i] = strings.ToUpper(a.String())
		}
	}
	return fmt.Sprintf(s.format, values...)
}

// Below says whether it is of a dump.
func (s *Sentence) Below() bool { return s.below }

var verbs = regexp.MustCompile(`%[-0-9.]*[a-zA-Z%]`)

// Pattern is the sentence with "{}" for its places, "..." at its end if anything may run on.
func (s *Sentence) Pattern() string {
	text := verbs.ReplaceAllStringFunc(s.format, func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		return "{}"
	})
	if s.open {
		return strings.TrimRight(text, " ") + "..."
	}
	return text
}
