package phrase

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lang is a language.
type Lang uint8

// The languages.
const (
	English Lang = iota
	Japanese
)

// Langs are the languages by the names that users give them (ISO 639-1).
var Langs = []string{English: "en", Japanese: "ja"}

// ParseLang finds a language by its name.
func ParseLang(name string) (Lang, error) {
	for l, n := range Langs {
		if n == name {
			return Lang(l), nil
		}
	}
	return 0, fmt.Errorf("there is no language %q; there are %s", name, strings.Join(Langs, ", "))
}

// Phrase is a sentence of the catalogue with what stands in its places.
type Phrase struct {
	Key  string
	With []any // name, value, name, value ...
}

// Of makes one: a key, and the names of its places with their values in pairs.
func Of(key string, with ...any) Phrase { return Phrase{key, with} }

// And lists what is meant together.
func And(items ...any) Phrase {
	if len(items) == 0 {
		return Phrase{}
	}
	all := Phrase{With: items[:1]}
	for i, item := range items[1:] {
		key := "list.comma"
		if i == len(items)-2 {
			key = "list.and"
		}
		all = Of(key, "before", all, "last", item)
	}
	return all
}

// In says it. A key that the catalogue lacks is said as it is.
func (p Phrase) In(l Lang) string {
	if p.Key == "" && len(p.With) == 1 { // a list of one
		return said(p.With[0], l)
	}
	forms, ok := catalogue[p.Key]
	if !ok {
		return p.Key
	}
	var b strings.Builder
	text := forms.in(l)
	for at := strings.IndexByte(text, '{'); at >= 0; at = strings.IndexByte(text, '{') {
		name, rest, _ := strings.Cut(text[at+1:], "}")
		if v, ok := p.with(name); ok {
			b.WriteString(text[:at] + said(v, l))
			text = rest
		} else {
			b.WriteString(text[:at+1])
			text = text[at+1:]
		}
	}
	b.WriteString(text)
	return b.String()
}

// with is what stands for a name.
func (p Phrase) with(name string) (v any, ok bool) {
	for i := 0; i+1 < len(p.With); i += 2 {
		if p.With[i] == name {
			return p.With[i+1], true
		}
	}
	return nil, false
}

func said(v any, l Lang) string {
	if p, ok := v.(Phrase); ok {
		return p.In(l)
	}
	return fmt.Sprint(v)
}

// forms are a sentence in all languages.
type forms struct {
	En string `yaml:"en"`
	Ja string `yaml:"ja"`
}

func (f forms) in(l Lang) string {
	if l == Japanese {
		return f.Ja
	}
	return f.En
}

//go:embed *.yml
var files embed.FS

// catalogue is what the files say. They are part of the program: one that cannot be
// read is a fault of the build.
var catalogue = read()

func read() map[string]forms {
	all := map[string]forms{}
	names, _ := fs.Glob(files, "*.yml")
	for _, name := range names {
		data, _ := files.ReadFile(name)
		part := map[string]forms{}
		if err := yaml.Unmarshal(data, &part); err != nil {
			panic(fmt.Sprintf("phrase: %s: %v", name, err))
		}
		for key, f := range part {
			all[key] = f
		}
	}
	return all
}
