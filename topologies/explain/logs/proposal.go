package logs

import (
	"slices"
	"strings"
)

// Proposal is one of an SA payload, or of the list of a message that is made.
type Proposal struct {
	Protocol   string // "IKE", "ESP"
	Transforms []Transform
}

// Transform is one of it; without its key's length, which no debug shows there.
type Transform struct {
	Type byte // 1: encryption, 2: PRF, 3: integrity, 4: group, 5: ESN; 0: not known
	Name string
}

// names lists the transforms of a type, each once.
func (p *Proposal) names(kind byte) []string {
	var list []string
	for _, t := range p.Transforms {
		if t.Type == kind && !slices.Contains(list, t.Name) {
			list = append(list, t.Name)
		}
	}
	return list
}

// String is the proposal in a line.
func (p *Proposal) String() string {
	var parts []string
	for kind := byte(0); kind <= 5; kind++ {
		if names := p.names(kind); len(names) > 0 {
			parts = append(parts, strings.Join(names, "/"))
		}
	}
	return strings.Join(parts, ", ")
}

// settle gives each transform its type where the line had none. PRFs stand before the
// integrity: the list of hashes begins anew where one comes again, or goes on with
// those that are integrity only.
func (p *Proposal) settle() {
	var hashes []*Transform
	for i := range p.Transforms {
		t := &p.Transforms[i]
		switch {
		case t.Type != 0:
		case strings.Contains(t.Name, "ESN"):
			t.Type = 5
		case strings.HasPrefix(t.Name, "DH_GROUP"), strings.Contains(t.Name, "/Group "):
			t.Type = 4
		case isHash(t.Name):
			hashes = append(hashes, t)
		default:
			t.Type = 1
		}
	}
	border := len(hashes)
	if p.Protocol == "ESP" {
		border = 0
	} else if !p.aead() {
		border = borderOf(hashes)
	}
	for i, t := range hashes {
		t.Type = 2
		if i >= border {
			t.Type = 3
		}
	}
}

func borderOf(hashes []*Transform) int {
	for i, t := range hashes {
		again := slices.ContainsFunc(hashes[:i], func(b *Transform) bool { return b.Name == t.Name })
		if again || strings.HasSuffix(t.Name, "96") {
			return i
		}
	}
	return (len(hashes) + 1) / 2
}

func (p *Proposal) aead() bool {
	return slices.ContainsFunc(p.Transforms, func(t Transform) bool {
		return t.Type == 1 && (strings.Contains(t.Name, "GCM") || strings.Contains(t.Name, "POLY1305"))
	})
}

func isHash(name string) bool {
	return strings.HasPrefix(name, "SHA") || strings.HasPrefix(name, "MD5") || strings.HasPrefix(name, "AES-XCBC") || strings.HasPrefix(name, "AES-CMAC")
}
