package scenario

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies"
	"ikelab/topologies/form"
)

// Scenario is one case of a scenario file. It is run once: its steps hold what
// they watch.
type Scenario struct {
	File        string
	Name        string // with the row of its matrix: "suites [aes-gcm]"
	Description string
	Topology    string // a file, by the path that is written; "": Lab
	Lab         string // an embedded lab
	Seed        *uint64
	Steps       []*Step
}

// DefaultTopology is the topology of a scenario that names none: the file of
// that name beside it.
const DefaultTopology = "lab.clab.yml"

// maxCases bounds a matrix.
const maxCases = 1000

// parser reads one case of a file and what it includes.
type parser struct {
	*form.Reader
	read  func(name string) ([]byte, error)
	depth int
}

// Parse reads a scenario file: a scenario for each row of its matrix, or the
// only one. read fetches the files that it includes. The error is of type
// form.Problems.
func Parse(file string, data []byte, read func(name string) ([]byte, error)) ([]*Scenario, error) {
	rows, err := matrixOf(file, data)
	if err != nil {
		return nil, err
	}
	var list []*Scenario
	for _, row := range rows {
		p := &parser{Reader: form.NewReader(file, data), read: read}
		s := &Scenario{File: file}
		if root := p.Root(); root != nil {
			row.substitute(p.Reader, root)
			p.Read(root, form.Object("the file", p.keys(s)))
		}
		if s.Topology == "" && s.Lab == "" {
			s.Topology = DefaultTopology
		}
		s.Steps = p.expand(s.Steps)
		if err := p.Err(); err != nil {
			return nil, err
		}
		s.Name += row.label
		list = append(list, s)
	}
	return list, nil
}

// Schema is the JSON Schema of scenario files.
func Schema() ([]byte, error) {
	p := &parser{Reader: form.NewReader("", nil)}
	return form.Document("ikelab scenario", "What must happen in a lab, step by step.", form.Object("the file", p.keys(&Scenario{})), true)
}

func (p *parser) keys(s *Scenario) []form.Key {
	var m matrix
	return []form.Key{
		{Name: "name", Help: "of the scenario", Required: true, Value: form.Word(&s.Name, "name")},
		{Name: "description", Help: "what it shows", Value: form.Text(&s.Description, "description")},
		{Name: "topology", Help: "the topology's file; without: " + DefaultTopology + " beside this one", Value: form.Word(&s.Topology, "topology")},
		{Name: "lab", Help: "an embedded lab, instead of a topology", Value: form.Word(&s.Lab, "lab")},
		{Name: "seed", Help: "of all randomness; without: the topology's, or 1", Value: form.Parsed(&s.Seed, "seed", "number", topologies.ParseSeed)},
		{Name: "variables", Help: "texts that stand for ${name}", Value: m.variablesValue()},
		{Name: "matrix", Help: "lists of values of variables: the scenario is run for each combination", Value: m.listsValue()},
		{Name: "steps", Help: "in order", Required: true, Value: p.steps(&s.Steps)},
	}
}

// StepsValue is a list of steps in another file.
func StepsValue(dst *[]*Step) form.Value { return (&parser{}).steps(dst) }

// steps is a list of steps.
func (p *parser) steps(dst *[]*Step) form.Value {
	return form.List("steps", "step", func() form.Value {
		s := &Step{}
		*dst = append(*dst, s)
		return stepValue(s)
	})
}

// stepValue reads a step, which may be written on one line.
func stepValue(s *Step) form.Value {
	line := form.Parsed(new(string), "a step", "line", func(text string) (string, error) { return text, s.line(text) })
	return form.Then(form.Kinds("a step", stepKinds(s), common(s), line), func(r *form.Reader, n *yaml.Node) {
		s.Place = r.Place(n)
		if s.Text == "" {
			s.Text = s.Kind + " " + s.about(n)
		}
	})
}

// about is what a step is about, for people: what its own key says, and where.
func (s *Step) about(n *yaml.Node) (text string) {
	where := ""
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch value := title(form.Deref(n.Content[i+1])); n.Content[i].Value {
		case s.Kind:
			text = value
		case "node":
			where = " at " + value
		}
	}
	return text + where
}

const maxDepth = 8 // of files that include each other

// expand puts the steps of other files in the place of includes.
func (p *parser) expand(steps []*Step) (list []*Step) {
	for _, s := range steps {
		i, ok := s.action.(*include)
		if !ok {
			list = append(list, s)
			continue
		}
		list = append(list, p.included(s, i)...)
	}
	return list
}

func (p *parser) included(s *Step, i *include) []*Step {
	at := &yaml.Node{Line: s.Line, Column: s.Column}
	data, err := p.fetch(i.file)
	if err != nil {
		p.Fail(at, "include: %v", err)
		return nil
	}
	inner := &parser{Reader: form.NewReader(i.file, data), read: p.read, depth: p.depth + 1}
	var steps []*Step
	if root := inner.Root(); root != nil {
		(&row{values: i.variables}).substitute(inner.Reader, root)
		inner.Read(root, form.Object("the file", []form.Key{{Name: "steps", Required: true, Value: inner.steps(&steps)}}))
	}
	steps = inner.expand(steps)
	p.Problems = append(p.Problems, inner.Problems...)
	return steps
}

func (p *parser) fetch(name string) ([]byte, error) {
	switch {
	case p.read == nil:
		return nil, fmt.Errorf("cannot read %q from here", name)
	case p.depth >= maxDepth:
		return nil, fmt.Errorf("more than %d files include each other", maxDepth)
	}
	return p.read(name)
}
