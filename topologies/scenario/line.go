package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
)

// ParseLine reads a step that is written on one line: "R1: show version", "wait
// 10s", "link R1:Ethernet0/0 down". The words after a kind's name are its keys
// in order; any other key is written key=value. A value may be YAML in braces.
func ParseLine(text string) (*Step, error) {
	s := &Step{}
	if err := s.line(text); err != nil {
		return nil, err
	}
	return s, nil
}

// line makes s what a line says.
func (s *Step) line(text string) error {
	s.Text = strings.TrimSpace(text)
	word, rest, _ := strings.Cut(s.Text, " ")
	k := findKind(word)
	switch {
	case s.Text == "":
		return errors.New("an empty line is no step")
	case s.Text == "?" || s.Text == "help":
		s.Kind, s.action = "help", &help{Lines()}
		return nil
	case k != nil && len(k.words) > 0 && strings.TrimSpace(rest) == "?":
		s.Kind, s.action = "help", &help{k.about()}
		return nil
	case k != nil && len(k.words) > 0:
		n, err := k.node(rest)
		if err != nil {
			return fmt.Errorf("%q: %w", s.Text, err)
		}
		return s.fromLine(n)
	}
	node, typed, found := strings.Cut(s.Text, ":")
	node = strings.TrimSpace(node)
	if !found || node == "" {
		return fmt.Errorf("%q is no command%s; there are:\n%s", s.Text, form.Hint(word, lineKinds()), strings.TrimSuffix(Lines(), "\n"))
	}
	s.Kind, s.action = "run", &run{node: node, lines: []string{strings.TrimSpace(typed)}}
	return nil
}

// fromLine reads the keys of a line.
func (s *Step) fromLine(n *yaml.Node) error {
	r := form.NewReader("", nil)
	r.Read(n, form.Kinds("a step", stepKinds(s), common(s), form.Value{}))
	if len(r.Problems) > 0 {
		return fmt.Errorf("%q: %s", s.Text, r.Problems[0].Message)
	}
	return nil
}

// IsStep says whether a word begins a line that is no line for a router.
func IsStep(word string) bool {
	k := findKind(word)
	return k != nil && len(k.words) > 0
}

// lineKinds are the kinds that a line may be: few enough to be listed below.
func lineKinds() (names []string) {
	for _, k := range kinds {
		if len(k.words) > 0 {
			names = append(names, k.name)
		}
	}
	return append(names, "", "", "", "", "", "", "", "") // so many that the hint does not list them
}

// keyed is key=value.
var keyed = regexp.MustCompile(`^([a-z][a-z-]*)=(.*)$`)

// node makes a mapping of what follows the kind's name.
func (k *kind) node(text string) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	add := func(key, value string) error {
		v, err := lineValue(value)
		n.Content = append(n.Content, scalarNode(key), v)
		return err
	}
	filled := 0
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if filled == len(k.words)-1 && k.rest && !strings.HasPrefix(text, "{") {
			if err := add(k.words[filled], text); err != nil {
				return nil, err
			}
			filled++
			break
		}
		var word string
		word, text = cutWord(text)
		key := keyed.FindStringSubmatch(word)
		var err error
		switch {
		case key != nil:
			err = add(key[1], key[2])
		case filled < len(k.words):
			err = add(k.words[filled], word)
			filled++
		default:
			err = fmt.Errorf("%q is too much: %s is written like %q", word, k.name, k.example)
		}
		if err != nil {
			return nil, err
		}
	}
	if filled == 0 || k.rest && filled < len(k.words) {
		if k.words[0] != k.name || k.example != k.name {
			return nil, fmt.Errorf("%s is written like %q", k.name, k.example)
		}
		return n, add(k.name, "")
	}
	return n, nil
}

func scalarNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Line: 1, Column: 1}
}

// lineValue is a word, or YAML in braces.
func lineValue(text string) (*yaml.Node, error) {
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return scalarNode(text), nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return scalarNode(text), err
	}
	return doc.Content[0], nil
}

// cutWord cuts the first word off; brackets and quotes hold words together.
func cutWord(text string) (word, rest string) {
	depth, quote := 0, rune(0)
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '"' || c == '\''):
			quote = c
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case depth == 0 && (c == ' ' || c == '\t'):
			return text[:i], text[i:]
		}
	}
	return text, ""
}
