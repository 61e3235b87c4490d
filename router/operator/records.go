package operator

import "time"

// Typed is a line that was entered on a terminal, up to a secret or to what is
// not understood and may be one. Answers to questions, which may be passwords,
// and the text of banners are not recorded.
type Typed struct {
	Line   string // of the router: "console", "vty0"
	Prompt string
	Text   string
}

// Kind names the body in the stream.
func (Typed) Kind() string { return "operator.typed" }

// LineEntered is a line that changed the running configuration, typed or of a
// file. Object and Name say what it changed: "keyring", "K".
type LineEntered struct {
	Line   string // up to its secret
	Whole  string `record:"secret"` // "": as Line
	Object string
	Name   string
}

// Kind names the body in the stream.
func (LineEntered) Kind() string { return "operator.line_entered" }

// Configured says that somebody left configuration mode.
type Configured struct{ From, By string }

// Kind names the body in the stream.
func (Configured) Kind() string { return "operator.configured" }

// ClockSet is `clock set`: what the clock said, and says.
type ClockSet struct {
	From, To time.Time
	By       string
}

// Kind names the body in the stream.
func (ClockSet) Kind() string { return "operator.clock_set" }

// CountersCleared is `clear counters`.
type CountersCleared struct {
	Interface string // "": all
	By        string
}

// Kind names the body in the stream.
func (CountersCleared) Kind() string { return "operator.counters_cleared" }

// ReloadRequested is `reload`, confirmed.
type ReloadRequested struct{ By string }

// Kind names the body in the stream.
func (ReloadRequested) Kind() string { return "operator.reload_requested" }

// Restarted says that the router runs anew.
type Restarted struct{}

// Kind names the body in the stream.
func (Restarted) Kind() string { return "operator.restarted" }
