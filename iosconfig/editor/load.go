package editor

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
)

// Loader reads configuration files, one after the other. What a file begins
// with as the one before it did is not read again: configurations do not
// change, so both share what those lines have made.
type Loader struct {
	lines []string // of the file before
	marks []reader // marks[i]: the reader when it had read the first i of them
}

// sharedLines is how far into a file a Loader looks for what it has read
// already: to keep all that a long file was, line by line, would cost more.
const sharedLines = 256

// NewLoader makes one for files that change a configuration.
func NewLoader(from *iosconfig.Config, global *Mode[iosconfig.Config]) *Loader {
	ed := New(iosconfig.NewStore(from), global)
	ed.file = true
	return &Loader{marks: []reader{{ed: *ed, commit: iosconfig.Commit{Before: from}}}}
}

// Load reads a file as one commit of the lines that are understood. Of a wrong
// line that begins a block the block is passed over with it, so that nothing of
// it is done elsewhere.
func (l *Loader) Load(text string) Loaded {
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") // without a byte order mark
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	known := l.known(lines)
	l.lines, l.marks = lines, slices.Grow(l.marks[:known+1], min(len(lines), sharedLines)-known)
	r := l.marks[known].copy()
	for i := known; i < len(lines); i++ {
		r.read(lines, i)
		if i < sharedLines {
			l.marks = append(l.marks, r.copy())
		}
	}
	return r.end()
}

// known is how many lines need not be read: those whose reading did not look at
// later lines that differ.
func (l *Loader) known(lines []string) int {
	n := 0
	for n < min(len(l.lines), len(lines), len(l.marks)-1) && lines[n] == l.lines[n] {
		n++
	}
	same := n
	for l.marks[n].looked > same {
		n--
	}
	return n
}
