package scenario

import (
	"go.yaml.in/yaml/v3"
)

// The forms of a log's parts in its file.
type (
	writtenLog struct {
		Version  string        `yaml:"version"`
		Lab      string        `yaml:"lab"`
		Topology string        `yaml:"topology"`
		Seed     uint64        `yaml:"seed"`
		End      string        `yaml:"end"`
		Events   uint64        `yaml:"events"`
		Steps    []writtenStep `yaml:"steps,omitempty"`
	}
	writtenStep struct {
		At     string `yaml:"at"`
		Events uint64 `yaml:"events"`
		Do     any    `yaml:"do"`
	}
	writtenLine struct {
		Type     string `yaml:"type"`
		Node     string `yaml:"node"`
		Page     bool   `yaml:"page,omitempty"`
		Password bool   `yaml:"password,omitempty"`
	}
	writtenBreak struct {
		Break string `yaml:"break"`
	}
)

// logNotice is for whoever finds the file.
const logNotice = `# What was done to a lab of ikelab from outside; "ikelab run --replay FILE" does it again.
# Lines stand here as they were typed, with the keys and secrets that are part of them: guard
# this file as you guard those. Passwords typed at a question are left out.
`

// Bytes is the log as a file, without passwords.
func (l *Log) Bytes() ([]byte, error) {
	w := writtenLog{Version: l.Version, Lab: l.Lab, Topology: l.Topology, Seed: l.Seed, End: l.End.At.String(), Events: l.End.Events}
	for _, d := range l.Steps {
		w.Steps = append(w.Steps, writtenStep{At: d.At.String(), Events: d.Events, Do: d.written()})
	}
	text, err := yaml.Marshal(w)
	return append([]byte(logNotice), text...), err
}

func (d Done) written() any {
	s := d.did()
	switch a := s.action.(type) {
	case *typed:
		w := writtenLine{Type: a.line, Node: a.node, Page: a.page, Password: a.password}
		if a.password {
			w.Type = ""
		}
		return w
	case *broken:
		return writtenBreak{a.node}
	}
	return s.Text
}
