package condition

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
)

// Comparison is how a value must be: "READY", "!= 0", ">= 2", "~ ^UP".
type Comparison struct {
	op, value string
	re        *regexp.Regexp
}

// operators are what a comparison may begin with; the longer first.
var operators = []string{">=", "<=", "!=", ">", "<", "=", "~"}

// comparing says in messages what there is.
const comparing = "value, which may begin with =, !=, <, <=, >, >= or ~ (regular expression)"

// ParseComparison reads one.
func ParseComparison(s string) (c Comparison, err error) {
	c.op, c.value = "=", s
	for _, op := range operators {
		if rest, found := strings.CutPrefix(s, op); found {
			c.op, c.value = op, strings.TrimSpace(rest)
			break
		}
	}
	switch c.op {
	case "~":
		c.re, err = compile(c.value)
	case "<", "<=", ">", ">=":
		if _, wrong := strconv.ParseFloat(c.value, 64); wrong != nil {
			err = fmt.Errorf("%s needs a number, not %q", c.op, c.value)
		}
	}
	return c, err
}

// String is the comparison as it is written.
func (c Comparison) String() string {
	if c.op == "=" {
		return c.value
	}
	return c.op + " " + c.value
}

// Holds compares a value, as it is written in JSON without quotes. Numbers are
// compared as such.
func (c Comparison) Holds(have string) bool {
	if c.op == "~" {
		return c.re.MatchString(have)
	}
	a, errA := strconv.ParseFloat(have, 64)
	b, errB := strconv.ParseFloat(c.value, 64)
	numbers := errA == nil && errB == nil
	equal := have == c.value || numbers && a == b
	switch c.op {
	case "=":
		return equal
	case "!=":
		return !equal
	case "<":
		return numbers && a < b
	case "<=":
		return numbers && a <= b
	case ">":
		return numbers && a > b
	}
	return numbers && a >= b
}

// field is a value in JSON, by gjson's path, and how it must be.
type field struct {
	path string
	Comparison
}

// fieldsValue reads a mapping of paths. look may refuse a path.
func fieldsValue(dst *[]field, look func(path string) error) form.Value {
	return form.Map("fields", func(r *form.Reader, key *yaml.Node) form.Value {
		if look != nil {
			if err := look(key.Value); err != nil {
				r.Fail(key, "%v", err)
			}
		}
		*dst = append(*dst, field{path: key.Value})
		return form.Parsed(&(*dst)[len(*dst)-1].Comparison, key.Value, comparing, ParseComparison)
	})
}

// holds looks a field up; what is left out is zero, empty or false.
func (f field) holds(json, prefix string) (have string, ok bool) {
	v := gjson.Get(json, prefix+f.path)
	if have = v.String(); v.Exists() {
		return have, f.Holds(have)
	}
	if f.op == "!=" {
		return "", f.Holds("") && f.Holds("0") && f.Holds("false")
	}
	return "", f.Holds("") || f.Holds("0") || f.Holds("false")
}

func (f field) String() string { return f.path + ": " + f.Comparison.String() }

// compile makes lines what ^ and $ stand at.
func compile(pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression: %v", pattern, err)
	}
	return re, nil
}
