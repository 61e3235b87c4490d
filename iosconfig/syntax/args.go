package syntax

import (
	"net/netip"
	"strconv"
	"strings"
)

// Args are the words of a parsed line. A getter returns the zero value for an
// argument that was not given.
type Args struct {
	No      bool // the line began with `no`
	Default bool // the line began with `default`
	words   []argument
	head    int // the words that name the command: those before "/"
}

// argument is one word of the line: a keyword in full, or an argument's text.
type argument struct {
	name    string // of the argument or of the {…} it was chosen from
	text    string
	offset  int
	keyword bool
	secret  bool
	part    bool // what follows a word like "key" is one
}

// Has says whether the keyword was given.
func (a Args) Has(keyword string) bool {
	for _, w := range a.words {
		if w.keyword && w.text == keyword {
			return true
		}
	}
	return false
}

// Given says whether the argument was given.
func (a Args) Given(name string) bool { return a.Offset(name) >= 0 }

// Word returns an argument's text; the keyword in full for name={…}, the full
// name for an interface.
func (a Args) Word(name string) string {
	for _, w := range a.words {
		if w.name == name {
			return w.text
		}
	}
	return ""
}

// List returns all values of a repeated argument.
func (a Args) List(name string) []string {
	var list []string
	for _, w := range a.words {
		if w.name == name {
			list = append(list, w.text)
		}
	}
	return list
}

// Int returns a number.
func (a Args) Int(name string) int { return int(a.Int64(name)) }

// Int64 returns a number.
func (a Args) Int64(name string) int64 {
	n, _ := strconv.ParseInt(a.Word(name), 10, 64) // the parser has checked the range
	return n
}

// Addr returns an address of either family.
func (a Args) Addr(name string) netip.Addr {
	word := a.Word(name)
	if addr, ok := Address(word); ok {
		return addr
	}
	addr, _ := netip.ParseAddr(word) // the parser has checked it
	return addr
}

// Prefix returns an address of IPv6 with the length of its network.
func (a Args) Prefix(name string) netip.Prefix {
	p, _ := netip.ParsePrefix(a.Word(name))
	return p
}

// Offset returns where an argument begins in the line, -1 when it is absent.
func (a Args) Offset(name string) int {
	for _, w := range a.words {
		if w.name == name {
			return w.offset
		}
	}
	return -1
}

// Invalid is the error that puts the caret under an argument.
func (a Args) Invalid(name string) error { return ErrInvalid{Offset: max(0, a.Offset(name))} }

// Public is the line that the arguments were read from, without its secret and
// what follows that.
func (a Args) Public(line string) string {
	for _, w := range a.words {
		if w.secret {
			return line[:w.offset] + Removed
		}
		if at := secretIn(w.text); w.part && at >= 0 {
			return line[:w.offset+at] + Removed
		}
	}
	return line
}

// Exact says whether no keyword was abbreviated in the line that the arguments
// were read from.
func (a Args) Exact(line string) bool {
	for _, w := range a.words {
		if w.keyword && !hasPrefixFold(line[w.offset:], w.text) {
			return false
		}
	}
	return true
}

// Head returns the part of the command before "/", keywords in full.
func (a Args) Head() string { return Args{words: a.words[:a.head]}.String() }

// String returns the command with its keywords in full.
func (a Args) String() string {
	words := make([]string, len(a.words))
	for i, w := range a.words {
		words[i] = w.text
	}
	return strings.Join(words, " ")
}
