package syntax

import (
	"fmt"
	"slices"
	"strings"
)

// token is one place of a syntax: a keyword or an argument.
type token struct {
	keyword string // "": an argument
	kind    *kind
	name    string // what Args calls it; "" for a plain keyword
	help    string
	number  bool   // completes the interface type before it
	typ     bool   // such a type: which one is meant, its number says
	whole   bool   // a keyword that nothing abbreviates: 3 is not 31
	once    uint64 // the bit of a keyword in a group that goes on, which takes none twice; 0: of any other
}

// syntax is a compiled Syntax: an automaton whose states are the tokens
// (Glushkov's construction), so that a line is matched by walking the follow
// sets.
type syntax struct {
	tokens []token
	first  []int
	follow [][]int
	end    []bool // the command may end after this token
	slash  []bool // … in its `no` form: a "/" follows
}

// fragment is a part of a syntax under construction.
type fragment struct {
	first, last []int
	nullable    bool
}

// compiler reads one Syntax.
type compiler struct {
	syntax
	words []string // what is left to read
	help  []string // what is left of Help
	once  int      // keywords of groups that go on
}

// marks stand apart from the words beside them.
var marks = strings.NewReplacer("[", " [ ", "]", " ] ", "{", " { ", "}", " } ", "|", " | ", "...", " ... ")

// compile reads Syntax and Help of a row.
func compile(text, help string) (*syntax, error) {
	c := &compiler{words: strings.Fields(marks.Replace(text)), help: strings.Split(help, "|")}
	f, err := c.alternatives("")
	switch {
	case err != nil:
	case len(c.words) > 0:
		err = fmt.Errorf("unexpected %q", c.words[0])
	case c.once > 64:
		err = fmt.Errorf("%d keywords in groups that go on", c.once)
	case f.nullable:
		err = fmt.Errorf("may be empty")
	case len(c.help) > 1 || len(c.help) == 1 && c.help[0] != "":
		err = fmt.Errorf("help for more tokens than there are: %q", c.help)
	}
	if err != nil {
		return nil, fmt.Errorf("syntax: syntax %q: %w", text, err)
	}
	c.first = f.first
	for _, p := range f.last {
		c.end[p] = true
	}
	return &c.syntax, nil
}

// alternatives reads a | b | c; name is what their keywords are called.
func (c *compiler) alternatives(name string) (fragment, error) {
	all, err := c.sequence(name)
	for err == nil && len(c.words) > 0 && c.words[0] == "|" {
		c.words = c.words[1:]
		var f fragment
		f, err = c.sequence(name)
		all.first = append(all.first, f.first...)
		all.last = append(all.last, f.last...)
		all.nullable = all.nullable || f.nullable
	}
	return all, err
}

// sequence reads elements one after the other.
func (c *compiler) sequence(name string) (fragment, error) {
	all := fragment{nullable: true}
	for len(c.words) > 0 && !slices.Contains([]string{"|", "]", "}"}, c.words[0]) {
		if c.words[0] == "/" {
			c.words = c.words[1:]
			for _, p := range all.last {
				c.slash[p] = true
			}
			continue
		}
		begins := len(c.tokens)
		f, err := c.element(name)
		if err != nil {
			return all, err
		}
		if len(c.words) > 0 && c.words[0] == "..." {
			c.words = c.words[1:]
			c.connect(f.last, f.first)
			c.number(begins)
		}
		all = c.concat(all, f)
	}
	return all, nil
}

// number gives the keywords from a token on their bits.
func (c *compiler) number(from int) {
	for i := range c.tokens[from:] {
		if t := &c.tokens[from+i]; t.keyword != "" && t.once == 0 {
			t.once = 1 << c.once
			c.once++
		}
	}
}

func (c *compiler) concat(a, b fragment) fragment {
	c.connect(a.last, b.first)
	first := a.first
	if a.nullable {
		first = slices.Concat(a.first, b.first)
	}
	if b.nullable {
		b.last = slices.Concat(a.last, b.last)
	}
	return fragment{first: first, last: b.last, nullable: a.nullable && b.nullable}
}

func (c *compiler) connect(from, to []int) {
	for _, p := range from {
		if c.follow[p] == nil { // mostly so, and then several places share the list
			c.follow[p] = slices.Clip(to)
			continue
		}
		c.follow[p] = slices.Concat(c.follow[p], to)
	}
}

// element reads a keyword, an argument, [ … ], { … } or name={ … }.
func (c *compiler) element(name string) (fragment, error) {
	word := c.words[0]
	c.words = c.words[1:]
	switch {
	case word == "[":
		f, err := c.group(name, "]")
		f.nullable = true
		return f, err
	case word == "{":
		return c.group(name, "}")
	case strings.HasSuffix(word, "=") && len(c.words) > 0 && c.words[0] == "{":
		c.words = c.words[1:]
		return c.group(strings.TrimSuffix(word, "="), "}")
	case strings.HasPrefix(word, "<"):
		return c.argument(word)
	}
	return c.add(token{keyword: word, kind: &noKind, name: name, help: c.nextHelp()}), nil
}

func (c *compiler) group(name, closing string) (fragment, error) {
	f, err := c.alternatives(name)
	if err == nil && (len(c.words) == 0 || c.words[0] != closing) {
		err = fmt.Errorf("no %q", closing)
	}
	if err != nil {
		return f, err
	}
	c.words = c.words[1:]
	return f, nil
}

// argument reads <name:type>. An interface is one word (e0/0) or two
// (Ethernet 0/0), of which the first is a keyword for `?` and Tab.
func (c *compiler) argument(word string) (fragment, error) {
	name, typ, ok := strings.Cut(strings.Trim(word, "<>"), ":")
	if !ok || !strings.HasSuffix(word, ">") {
		return fragment{}, fmt.Errorf("argument %q is not <name:type>", word)
	}
	k, err := kindOf(typ)
	if err != nil {
		return fragment{}, err
	}
	help := c.nextHelp()
	f := c.add(token{kind: k, name: name, help: help})
	if typ != "interface" {
		return f, nil
	}
	for _, t := range interfaceTypes {
		number, _ := kindOf(t.numbers)
		two := c.concat(c.add(token{keyword: t.name, kind: &noKind, name: name, help: t.help, typ: true}),
			c.add(token{kind: number, name: name, help: t.name + " interface number", number: true}))
		f.first = append(f.first, two.first...)
		f.last = append(f.last, two.last...)
	}
	return f, nil
}

func (c *compiler) add(t token) fragment {
	p := len(c.tokens)
	t.whole = isDigits(t.keyword)
	c.tokens = append(c.tokens, t)
	c.follow = append(c.follow, nil)
	c.end = append(c.end, false)
	c.slash = append(c.slash, false)
	return fragment{first: []int{p}, last: []int{p}}
}

func (c *compiler) nextHelp() string {
	if len(c.help) == 0 {
		return ""
	}
	help := c.help[0]
	c.help = c.help[1:]
	return help
}
