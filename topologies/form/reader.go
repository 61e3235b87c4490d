package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// MaxFile is the most that a file may have, in octets. Whoever reads files need
// read no more than one octet beyond.
const MaxFile = 16 << 20

// ErrTooLarge is what is said of a larger one.
var ErrTooLarge = fmt.Errorf("the file is larger than %d MiB, which no lab needs", MaxFile>>20)

// maxRepeated is how many values aliases may stand for: a few lines of aliases
// of aliases stand for more than there are atoms.
const maxRepeated = 1 << 16

// byteOrderMark is what some editors put before a text in UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// WithoutMark is a text without the mark that some editors put before it.
func WithoutMark(data []byte) []byte { return bytes.TrimPrefix(data, byteOrderMark) }

// Reader walks the YAML nodes of one file and collects every problem instead
// of stopping at the first.
type Reader struct {
	File     string
	Data     []byte
	Problems Problems
	Warnings Problems
	repeated int // values that were read behind aliases
	behind   int // how many aliases lead to what is read now
}

// NewReader makes a reader of a file's text.
func NewReader(file string, data []byte) *Reader {
	return &Reader{File: file, Data: WithoutMark(data)}
}

// Err is every problem as one error, in the order of their places; nil: none.
func (r *Reader) Err() error { return r.Problems.sorted().Err() }

// Place is where something stands in a file.
type Place struct {
	File         string
	Line, Column int
}

// String is "file:line:column".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Place is where a node stands.
func (r *Reader) Place(n *yaml.Node) Place { return Place{r.File, n.Line, n.Column} }

// Fail notes a problem at a node.
func (r *Reader) Fail(n *yaml.Node, format string, args ...any) {
	r.Problems = append(r.Problems, r.problem(n, format, args...))
}

// warn notes what has no effect.
func (r *Reader) warn(n *yaml.Node, format string, args ...any) {
	r.Warnings = append(r.Warnings, r.problem(n, "warning: "+format, args...))
}

func (r *Reader) problem(n *yaml.Node, format string, args ...any) Problem {
	return Problem{File: r.File, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)}
}

// Root parses the text and returns its top-level value, nil if there is none.
func (r *Reader) Root() *yaml.Node {
	if len(r.Data) > MaxFile {
		r.Problems = append(r.Problems, Problem{File: r.File, Message: ErrTooLarge.Error()})
		return nil
	}
	var doc, more yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(r.Data))
	switch err := in.Decode(&doc); {
	case err == nil && len(doc.Content) > 0:
	case err == nil || errors.Is(err, io.EOF):
		r.Problems = append(r.Problems, Problem{File: r.File, Line: 1, Column: 1, Message: "the file is empty"})
		return nil
	default:
		r.Problems = append(r.Problems, syntaxProblem(r.File, err))
		return nil
	}
	switch err := in.Decode(&more); {
	case err == nil:
		r.Fail(&more, "a second document begins here, and a file has one")
	case !errors.Is(err, io.EOF):
		r.Problems = append(r.Problems, syntaxProblem(r.File, err))
	}
	return doc.Content[0]
}

// syntaxLine finds the line in yaml.v3's messages, which carry no column.
var syntaxLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

func syntaxProblem(file string, err error) Problem {
	p := Problem{File: file, Line: 1, Column: 1, Message: err.Error()}
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Message = "yaml: " + m[2]
	}
	return p
}

// Read reads a value, aliases followed.
func (r *Reader) Read(n *yaml.Node, v Value) {
	if n.Kind == yaml.AliasNode {
		r.behind++
		defer func() { r.behind-- }()
	}
	if r.behind > 0 {
		r.repeated++
	}
	switch {
	case r.repeated <= maxRepeated:
		v.read(r, Deref(n))
	case r.repeated == maxRepeated+1:
		r.Fail(n, "the aliases of the file stand for more than %d values", maxRepeated)
	}
}

// Deref follows an alias.
func Deref(n *yaml.Node) *yaml.Node {
	for range 8 { // an alias may name an alias, but never a chain worth following
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			return n
		}
		n = n.Alias
	}
	return n
}

// Pairs calls visit for each key and value of a mapping; null is an empty one.
func (r *Reader) Pairs(n *yaml.Node, what string, visit func(key, value *yaml.Node)) {
	n = Deref(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.Fail(n, "%s must be a mapping", what)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i], n.Content[i+1])
	}
}
