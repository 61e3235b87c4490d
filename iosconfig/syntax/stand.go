package syntax

// stand is the threads of all lines that begin with the same keywords, in the order of
// their rows, and which keyword leads where: many rows begin alike, and their words are
// compared once.
type stand struct {
	threads  []thread
	words    int // so far
	branches []branch
}

// branch leads over a keyword to the next stand.
type branch struct {
	token *token // one of those that have the keyword under the same name
	to    *stand
}

// Where few threads are left, or so many words were read, no branches are found: it would
// not pay.
const (
	fewThreads = 8
	standing   = 3
)

// along reads a word where it is one keyword and can be no other; false: it has read
// nothing. What is no keyword is not looked at, as keywords come before arguments.
func (w *walk) along(word field) bool {
	if w.at == nil {
		return false
	}
	b := w.at.find(word.text)
	if b == nil {
		w.at = nil
		return false
	}
	w.taken = append(w.taken, taken{b.token.takes(word), w.words})
	w.words++
	w.at, w.threads = b.to, b.to.threads
	return true
}

// find is the branch of a word; nil: there is none, or several.
func (s *stand) find(word string) *branch {
	var found *branch
	best, several := rank(0), false
	for i := range s.branches {
		b := &s.branches[i]
		r, ok := b.token.fits(word)
		if !ok || r < best {
			continue
		}
		several = r == best
		best, found = r, b
	}
	if several {
		return nil
	}
	return found
}

// split finds the branches, and theirs.
func (s *stand) split(g *grammar) {
	if len(s.threads) <= fewThreads || s.words == standing {
		return
	}
	type key struct{ keyword, name string }
	places := map[key]int{}
	for _, t := range s.threads {
		for _, p := range g.next(t) {
			tok := &g.rows[t.row].tokens[p]
			if tok.keyword == "" || t.used(tok) {
				continue
			}
			k := key{tok.keyword, tok.name}
			place, ok := places[k]
			if !ok {
				place = len(s.branches)
				places[k] = place
				s.branches = append(s.branches, branch{tok, &stand{words: s.words + 1}})
			}
			to := s.branches[place].to
			if !reached(to.threads, t.row, p) {
				next := g.over(t, p)
				next.last = to.words
				to.threads = append(to.threads, next)
			}
		}
	}
	for _, b := range s.branches {
		b.to.split(g)
	}
}
