package syntax

import (
	"slices"
	"strings"
)

// Removed stands for a secret, as in IOS's own reports.
const Removed = "<removed>"

// Public is what may be told of a line: the words that the table's commands
// understand, up to a secret or a word that they do not. What nobody understands
// may be a secret: a key behind a misspelt keyword, a password typed at a prompt.
func (t *Table[T]) Public(line string, f Form) string { return t.grammar.public(line, f) }

func (g *grammar) public(line string, f Form) string {
	m := new(Memory)
	end, err := m.split(line, f.From)
	if err != nil {
		return Removed
	}
	w := g.begin(line[:end], f.Negated, m)
	for _, word := range m.fields {
		if w.done {
			break
		}
		if w.step(word) != nil || w.secret() {
			return line[:word.offset] + Removed
		}
		if w.part() {
			return line[:word.offset] + PublicText(line[word.offset:])
		}
	}
	return line
}

// PublicText is a text up to what follows a word like "key".
func PublicText(text string) string {
	if at := secretIn(text); at >= 0 {
		return text[:at] + Removed
	}
	return text
}

// secretWords stand before a secret, or before its type.
var secretWords = []string{"password", "key", "pre-shared-key", "secret", "community", "md5", "auth", "priv", "passphrase", "psk", "key-string", "authentication-key", "server-key"}

// secretIn is where a secret begins in a text; -1: there is none.
func secretIn(text string) int {
	words := strings.Fields(text)
	at := 0
	for i, word := range words {
		begin := at + strings.Index(text[at:], word)
		if password := passwordIn(word); password >= 0 {
			return begin + password
		}
		at = begin + len(word)
		if i < len(words)-1 && slices.Contains(secretWords, strings.ToLower(word)) && !namesList(words, i) {
			return at + 1
		}
	}
	return -1
}

// namesList says whether a method of authentication is followed by the name of a list, as
// in `aaa authorization group psk list NAME` and `aaa accounting psk NAME`.
func namesList(words []string, i int) bool {
	return words[i] == "psk" && (i > 0 && words[i-1] == "accounting" || words[i+1] == "list" && i+2 < len(words))
}

// passwordIn is where that of a URL begins, as in ftp://user:password@host/; -1: it has none.
func passwordIn(word string) int {
	scheme := strings.Index(word, "://")
	if scheme < 0 || !strings.Contains(word[scheme:], "@") {
		return -1
	}
	begin := scheme + len("://")
	if colon := strings.IndexByte(word[begin:], ':'); colon >= 0 {
		begin += colon + 1
	}
	return begin
}

// part says whether the last word took the rest of the line, which may hold one.
func (w *walk) part() bool {
	return slices.ContainsFunc(w.threads, func(t thread) bool { return w.g.rows[t.row].tokens[t.at].kind.part })
}

// secret says whether the last word may be one.
func (w *walk) secret() bool {
	for _, t := range w.threads {
		if w.g.rows[t.row].tokens[t.at].kind.secret {
			return true
		}
	}
	return false
}
