package script

import (
	"fmt"
	"strings"
	"time"
)

// Command is one line of a script.
type Command struct {
	Verb Verb
	Node string // whose console Line is typed at
	Line string
	Wait time.Duration
	Port string // at the link that is cut or mended
	Up   bool
}

// Verb is what a command does.
type Verb int

// The verbs.
const (
	Type Verb = iota // a line at a console
	Wait
	Link
	Help
)

// verbs are how the commands are written.
var verbs = []struct{ form, help string }{
	{"NODE: LINE", "type a line at a router's console; NODE is its name in the topology, or its host name"},
	{"NODE: LINE?", "what `?` shows there"},
	{"NODE:", "press Enter there, such as for the default answer to a question"},
	{"wait DURATION", "let virtual time pass, such as 10s or 1h30m"},
	{"link NODE:INTERFACE down|up", "cut or mend a link"},
	{"?", "this list"},
}

// Verbs lists them for people.
func Verbs() string {
	var b strings.Builder
	for _, v := range verbs {
		fmt.Fprintf(&b, "  %-29s %s\n", v.form, v.help)
	}
	return b.String()
}

// ParseCommand reads "R1: show version", "wait 10s" or "link R1:Ethernet0/0 down".
func ParseCommand(text string) (Command, error) {
	switch words := strings.Fields(text); {
	case len(words) == 0:
	case text == "?", text == "help":
		return Command{Verb: Help}, nil
	case words[0] == "wait":
		return parseWait(text, words[1:])
	case words[0] == "link":
		return parseLink(text, words[1:])
	}
	node, line, found := strings.Cut(text, ":")
	if !found || strings.TrimSpace(node) == "" {
		return Command{}, fmt.Errorf("%q is no command; there are:\n%s", text, strings.TrimSuffix(Verbs(), "\n"))
	}
	return Command{Node: strings.TrimSpace(node), Line: strings.TrimSpace(line)}, nil
}

// IsVerb says whether a text begins as a command that is no line for a router.
func IsVerb(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word == "wait" || word == "link"
}

func parseWait(text string, args []string) (Command, error) {
	d, err := time.ParseDuration(strings.Join(args, ""))
	if err != nil || d < 0 {
		return Command{}, fmt.Errorf("%q: wait needs a duration such as 10s", text)
	}
	return Command{Verb: Wait, Wait: d}, nil
}

func parseLink(text string, args []string) (Command, error) {
	if len(args) != 2 || args[1] != "up" && args[1] != "down" || !strings.Contains(args[0], ":") {
		return Command{}, fmt.Errorf("%q: link needs a port and its state, such as R1:Ethernet0/0 down", text)
	}
	return Command{Verb: Link, Port: args[0], Up: args[1] == "up"}, nil
}

// String writes the command as ParseCommand reads it, for a router without the
// router's name.
func (c Command) String() string {
	switch c.Verb {
	case Wait:
		return "wait " + c.Wait.String()
	case Link:
		if c.Up {
			return "link " + c.Port + " up"
		}
		return "link " + c.Port + " down"
	case Help:
		return "?"
	}
	return c.Line
}
