package script

import (
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// Input is what is typed at a console at one instant.
type Input struct {
	Node     *lab.Router
	Line     string
	Page     bool // a key at --More--
	Password bool // an answer that nobody may keep
	Break    bool // Ctrl-C, and no line
}

// Noticer is a console's log that wants lines which come by themselves apart
// from what commands print.
type Noticer interface{ Notice(line string) }

// Enter types a line, and does not wait for what it does.
func (s *Consoles) Enter(node *lab.Router, line string) {
	c := s.consoles[node]
	c.tidy()
	c.press(s, line)
}

// Echo shows a line that Enter is about to be given, as a terminal shows it while
// it is typed.
func (s *Consoles) Echo(node *lab.Router, line string) {
	c := s.consoles[node]
	c.tidy()
	prompt := c.session.Prompt()
	if question := c.session.Pending(); question != "" {
		prompt = question
	}
	if c.session.Awaits() == shell.Password {
		line = ""
	}
	c.write(prompt + line + "\n")
}

// Page turns pages until the console takes something else.
func (s *Consoles) Page(node *lab.Router) {
	c := s.consoles[node]
	for c.session.Awaits() == shell.Key {
		c.Router.Enter(c.session, " ")
	}
}

// Break types Ctrl-C.
func (s *Consoles) Break(node *lab.Router) { s.consoles[node].interrupt(s) }

// Session is what stands at a router's console now.
func (s *Consoles) Session(node *lab.Router) *shell.Session { return s.consoles[node].session }

// Tidy makes a console ready for the next user when the last one has left, and
// says whether he has.
func (s *Consoles) Tidy(node *lab.Router) bool { return s.consoles[node].tidy() }

func (s *Consoles) hear(in Input) {
	if s.Heard != nil {
		s.Heard(in)
	}
}

func (c *console) press(s *Consoles, line string) {
	awaits := c.session.Awaits()
	s.hear(Input{Node: c.Router, Line: line, Page: awaits == shell.Key, Password: awaits == shell.Password && line != ""})
	c.Enter(c.session, line)
}

func (c *console) interrupt(s *Consoles) {
	s.hear(Input{Node: c.Router, Break: true})
	c.Interrupt(c.session)
}
