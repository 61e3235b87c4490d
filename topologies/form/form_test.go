package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// thing is what the tests read: a tree whose parts are of two kinds.
type thing struct {
	name   string
	at     time.Duration
	words  []string
	parts  []*thing
	number int
	side   string
}

func thingValue(t *thing) Value {
	return Named("thing", func() Value {
		return Kinds("a thing", []Kind{
			{Name: "leaf", Help: "it has no parts", Keys: func() []Key {
				return []Key{{Name: "leaf", Value: Word(&t.name, "leaf")}, {Name: "number", Value: Number(&t.number, "number", 1, 9)}, {Name: "side", Value: Choice(&t.side, "side", "left", "right")}}
			}},
			{Name: "tree", Help: "it has parts", Keys: func() []Key {
				return []Key{{Name: "tree", Value: Word(&t.name, "tree")}, {Name: "parts", Required: true, Value: List("parts", "thing", func() Value {
					p := &thing{}
					t.parts = append(t.parts, p)
					return thingValue(p)
				})}}
			}},
		}, []Key{{Name: "at", Value: Duration(&t.at, "at")}, {Name: "words", Value: Texts(&t.words, "words")}}, Word(&t.name, "a thing"))
	})
}

func read(text string) (*thing, error) {
	t := &thing{}
	r := NewReader("f", []byte(text))
	if n := r.Root(); n != nil {
		r.Read(n, thingValue(t))
	}
	return t, r.Err()
}

func TestRead(t *testing.T) {
	got, err := read("tree: a\nat: 1m\nparts:\n- leaf: b\n  number: 3\n- c\n- {tree: d, parts: [], words: [x, y]}\n")
	require.NoError(t, err)
	require.Equal(t, &thing{name: "a", at: time.Minute, parts: []*thing{{name: "b", number: 3}, {name: "c"}, {name: "d", words: []string{"x", "y"}}}}, got)
}

func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"leaf: a\nnumbr: 3":            `f:2:1: unknown key "numbr" in a thing "leaf": did you mean "number"?`,
		"leaf: a\nxyz: 3":              `f:2:1: unknown key "xyz" in a thing "leaf"; there are leaf, number, side, at, words`,
		"leef: a":                      `f:1:1: "leef" is no thing: did you mean "leaf"?`,
		"at: 1s":                       "f:1:1: a thing must be one of leaf, tree",
		"{}":                           "f:1:1: a thing must be one of leaf, tree",
		"leaf: a\ntree: b":             "f:2:1: a thing is either leaf or tree",
		"tree: b":                      `f:1:1: a thing "tree" has no parts`,
		"leaf: a\nleaf: b":             `f:2:1: "leaf" occurs twice in a thing "leaf"`,
		"leaf: a\nnumber: 10":          `f:2:9: number: "10" is not a number between 1 and 9`,
		"leaf: a\nside: up":            `f:2:7: side: "up" is none of left, right`,
		"leaf: a\nat: -1s":             `f:2:5: at: "-1s" is not a duration such as 10s`,
		"leaf: [a]":                    "f:1:7: leaf: must be a single value",
		"tree: a\nparts: b":            "f:2:8: parts must be a list",
		"[a]":                          "f:1:1: a thing must be a mapping",
		"":                             "f:1:1: the file is empty",
		"\t":                           "f:1:1: yaml: found character that cannot start any token",
		"tree: a\nparts: [{leaf: ''}]": "f:2:16: leaf: must not be empty",
	} {
		_, err := read(text)
		require.EqualError(t, err, want, text)
	}
}

// TestAliasesEnd: a few lines of aliases are no bomb.
func TestAliasesEnd(t *testing.T) {
	text := "tree: a\nparts:\n- &a0 {leaf: x}\n"
	for i := range 30 {
		at := func(n int) string { return fmt.Sprintf("b%d", n) }
		from := "a0"
		if i > 0 {
			from = at(i - 1)
		}
		text += "- &" + at(i) + " {tree: t, parts: [*" + from + ", *" + from + "]}\n"
	}
	_, err := read(text)
	require.ErrorContains(t, err, "the aliases of the file stand for more than 65536 values")
}

// TestSchemaSaysWhatTheReaderSays of the same texts.
func TestSchemaSaysWhatTheReaderSays(t *testing.T) {
	text, err := Document("thing", "a test", thingValue(&thing{}), false)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("x.json", doc))
	schema, err := c.Compile("x.json")
	require.NoError(t, err)
	for _, text := range []string{
		"a", "leaf: a", "leaf: a\nat: 3s", "tree: a\nparts: [b, {leaf: c, side: left}]", "leaf: a\nwords: b",
		"leaf: a\nnumbr: 3", "at: 1s", "leaf: a\ntree: b\nparts: []", "tree: b", "leaf: a\nnumber: 10", "leaf: a\nside: up", "leaf: a\nat: 5", "[a]", "tree: a\nparts: [{leaf: [b]}]",
	} {
		_, wrong := read(text)
		var v any
		require.NoError(t, yaml.Unmarshal([]byte(text), &v))
		plain, err := json.Marshal(v)
		require.NoError(t, err)
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(plain)))
		require.NoError(t, err)
		require.Equal(t, wrong == nil, schema.Validate(instance) == nil, "%s: %v, %v", text, wrong, schema.Validate(instance))
	}
}
