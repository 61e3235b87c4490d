package operator

import "strings"

// Typed is a line that was entered on a terminal, secrets removed. Answers to
// questions, which may be passwords, are not recorded.
type Typed struct {
	Line   string // of the router: "console", "vty0"
	Prompt string
	Text   string `record:"line"`
}

// Kind names the body in the stream.
func (Typed) Kind() string { return "operator.typed" }

// LineEntered is a line that changed the running configuration, typed or of a
// file. Object and Name say what it changed: "keyring", "K".
type LineEntered struct {
	Line   string `record:"line"`
	Object string
	Name   string
}

// Kind names the body in the stream.
func (LineEntered) Kind() string { return "operator.line_entered" }

// Configured says that somebody left configuration mode.
type Configured struct{ From, By string }

// Kind names the body in the stream.
func (Configured) Kind() string { return "operator.configured" }

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

// removed stands for a secret, as in IOS's own reports.
const removed = "<removed>"

// Mask removes what follows a word that announces a secret.
func Mask(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if i+1 < len(words) && announces(w) && !announces(words[i+1]) {
			return strings.Join(append(words[:i+1:i+1], removed), " ")
		}
	}
	return line
}

// announces says whether a word, abbreviated perhaps, comes before a secret.
func announces(word string) bool {
	word = strings.ToLower(word)
	for _, w := range []string{"pre-shared-key", "password", "secret", "key"} {
		if len(word) >= 3 && strings.HasPrefix(w, word) && (w != "pre-shared-key" || len(word) > 4) {
			return true
		}
	}
	return false
}
