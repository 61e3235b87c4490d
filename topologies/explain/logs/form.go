package logs

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ikelab/router/debug/sentence"
)

// form is a sentence with places: "Found Policy '{}'". One that ends in "..." goes on
// with anything.
type form[T any] struct {
	pieces []string // between the places
	open   bool
	take   T // what it means
}

func newForm[T any](text string, take T) *form[T] {
	text, open := strings.CutSuffix(text, "...")
	return &form[T]{strings.Split(text, "{}"), open, take}
}

// mostPlaces is how many a form has at most.
const mostPlaces = 8

// match finds what stands in the places of a text.
func (f *form[T]) match(text string, places []string) ([]string, bool) {
	rest, ok := strings.CutPrefix(text, f.pieces[0])
	if !ok {
		return nil, false
	}
	for i, piece := range f.pieces[1:] {
		last := i == len(f.pieces)-2
		at := 0
		switch {
		case last && !f.open && piece == "":
			at = len(rest)
		case last && !f.open:
			if !strings.HasSuffix(rest, piece) {
				return nil, false
			}
			at = len(rest) - len(piece)
		case last && piece == "":
			at = len(rest)
		default:
			if at = strings.Index(rest, piece); at < 0 {
				return nil, false
			}
		}
		places = append(places, rest[:at])
		rest = rest[at+len(piece):]
	}
	return places, f.open || rest == ""
}

// table finds the form of a text by its first word.
type table[T any] map[string][]*form[T]

func (t table[T]) add(text string, take T) {
	f := newForm(text, take)
	word := firstWord(f.pieces[0])
	t[word] = append(t[word], f)
}

// sorted puts the forms that say most first: some are the beginning of others.
func (t table[T]) sorted() table[T] {
	for _, forms := range t {
		slices.SortFunc(forms, func(a, b *form[T]) int {
			return cmp.Or(b.letters()-a.letters(), strings.Compare(strings.Join(a.pieces, "{}"), strings.Join(b.pieces, "{}")))
		})
	}
	return t
}

func (f *form[T]) letters() int { return len(strings.Join(f.pieces, "")) }

func (t table[T]) find(text string, places []string) (*form[T], []string) {
	for _, f := range t[firstWord(text)] {
		if got, ok := f.match(text, places); ok {
			return f, got
		}
	}
	return nil, nil
}

func firstWord(text string) string {
	if i := strings.IndexByte(text, ' '); i >= 0 {
		return text[:i]
	}
	return text
}

// tableOf makes the table of what lines say, or of what dumps are made of: the renderer's own
// sentences with what is learned from them, those of others, and what passes.
func tableOf[T any](below bool, ours map[*sentence.Sentence]T, theirs map[string]T, passing []string) table[T] {
	texts := map[string]T{}
	maps.Copy(texts, theirs)
	for s, take := range ours {
		texts[squeezed(s.Pattern())] = take
	}
	passes := func(text string) {
		if _, known := texts[squeezed(text)]; !known {
			var nothing T
			texts[squeezed(text)] = nothing
		}
	}
	for _, s := range sentence.All() {
		if s.Below() == below {
			passes(s.Pattern())
		}
	}
	for _, text := range passing {
		passes(text)
	}
	delete(texts, "")
	t := table[T]{}
	for text, take := range texts {
		t.add(text, take)
	}
	return t.sorted()
}
