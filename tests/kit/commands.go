package kit

import (
	"slices"
	"strings"
	"unicode"
)

// arguments are what stands for an argument where `?` shows what it must be.
var arguments = map[string]string{"A.B.C.D": "10.0.0.2", "WORD": "KEYRNG", "<0-255>/<0-255>": "0/0"}

// mostWords of a command are tried.
const mostWords = 8

// Commands are the complete commands that `?` leads to behind the first word,
// with one argument in each place.
func Commands(first string, help func(line string) string) (list []string) {
	places := []string{first + " "}
	for len(places) > 0 {
		place := places[0]
		places = places[1:]
		for line := range strings.Lines(help(place)) {
			f := strings.Fields(line)
			switch {
			case len(f) == 0 || strings.HasSuffix(strings.TrimSpace(line), ":") || f[0] == "|" || f[0][0] == '%':
			case f[0] == "<cr>":
				list = append(list, strings.TrimSpace(place))
			case len(strings.Fields(place)) < mostWords && !otherInterface(f[0]):
				places = append(places, place+argument(f[0])+" ")
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// argument is a word, or an example of what it stands for.
func argument(word string) string {
	if example, ok := arguments[word]; ok {
		return example
	}
	if low, _, ok := strings.Cut(strings.Trim(word, "<>"), "-"); ok && word[0] == '<' {
		return low
	}
	return word
}

// otherInterface says whether a word is a type of interface, of which a few are
// enough.
func otherInterface(word string) bool {
	return unicode.IsUpper(rune(word[0])) && arguments[word] == "" && word != "Ethernet" && word != "Tunnel"
}
