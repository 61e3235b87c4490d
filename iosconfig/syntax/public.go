package syntax

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
	}
	return line
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
