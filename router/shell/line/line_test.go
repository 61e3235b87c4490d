package line

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixed answers keys without a router.
type fixed struct{}

func (fixed) Help(string) string { return "help\n" }
func (fixed) History() []string  { return []string{"first", "second"} }
func (fixed) Complete(line string) (words []string) {
	for _, w := range []string{"show", "shutdown", "version"} {
		if last := line[strings.LastIndex(line, " ")+1:]; last != "" && strings.HasPrefix(w, strings.ToLower(last)) {
			words = append(words, w)
		}
	}
	return words
}

// screen is a terminal that knows no more than a typewriter: the row with the
// cursor.
type screen struct {
	text []rune
	at   int
}

func (s *screen) write(t *testing.T, out string) {
	for _, r := range out {
		switch r {
		case '\n':
			s.text, s.at = nil, 0
		case '\b':
			require.Positive(t, s.at, "to the left of the screen")
			s.at--
		default:
			require.GreaterOrEqual(t, r, ' ')
			for len(s.text) <= s.at {
				s.text = append(s.text, ' ')
			}
			s.text[s.at] = r
			s.at++
		}
	}
}

// row is what the row shows, up to the blanks that wipe out what stood there.
func (s *screen) row() string { return strings.TrimRight(string(s.text), " ") }

// shown is what stands behind the prompt.
func shown(l *Line) string {
	text := &strings.Builder{}
	write(text, l.view.text)
	return strings.TrimRight(text.String(), " ")
}

// TestEditing: keys, the line that they leave, and where the cursor stands ("|").
func TestEditing(t *testing.T) {
	for keys, want := range map[string]string{
		"abc":                                  "abc|",
		"abc\x01x":                             "x|abc",
		"abc\x02\x02x":                         "ax|bc",
		"abc\x02\x02\x06x":                     "abx|c",
		"abc\x01\x05x":                         "abcx|",
		"abc\x1b[D\x1b[Dx":                     "ax|bc",
		"abc\x1bOD\x1bODx":                     "ax|bc",
		"abc\x1b[D\x1b[Cx":                     "abcx|",
		"abc\x1b[Hx":                           "x|abc",
		"abc\x1b[1~x\x1b[4~y":                  "xabcy|",
		"abc\x1b[H\x1b[3~":                     "|bc",
		"abc\x01\x04\x04":                      "|c",
		"abc\x08\x7f":                          "a|",
		"\x08\x7fx":                            "x|",
		"one two\x17":                          "one |",
		"one two \x17x":                        "one x|",
		"one two\x1bb\x0b":                     "one |",
		"one two\x15":                          "|",
		"one two\x1bb\x18":                     "|two",
		"one two\x01\x1bf!":                    "one!| two",
		"one two\x01\x1bd":                     "| two",
		"one two\x1b\x7f":                      "one |",
		"one TWO\x01\x1bu\x1bl":                "ONE two|",
		"one tWO\x01\x1bc\x1bc":                "One Two|",
		"one\x02\x02\x1bu":                     "oNE|",
		"ab\x14":                               "ba|",
		"abc\x02\x14":                          "acb|",
		"a\x14":                                "a|",
		"one two\x17\x17\x19\x19":              "one one |",
		"one two\x17\x17\x19\x1by":             "two|",
		"one two\x17\x17\x19\x1by\x1by":        "one |",
		"a\x1by":                               "a|",
		"\x10":                                 "second|",
		"\x10\x10\x10":                         "first|",
		"mine\x10\x10\x0e\x0e\x0e":             "mine|",
		"mine\x1b[A\x1b[A\x1b[B":               "second|",
		"sh v\t":                               "sh version |",
		"sh\t":                                 "sh|",
		"sho\t\t":                              "show |",
		"SHO\t":                                "SHOw |",
		"a?b":                                  "ab|",
		"a\x16?b":                              "a?b|",
		"a\x16\x16?b":                          "a\x16b|",
		"a\x11\x01b":                           "a\x01b|",
		"a\x12\x0cb":                           "ab|",
		"a\x00\x07\x13b":                       "ab|",
		"\x1b[200~a b\x1b[201~":                "a b|",
		"\x1b[1;5Ca\x1b[15~":                   "a|",
		"ab\x1b\x1b[Dx":                        "ax|b",
		"\x1b[\x15x":                           "x|",
		"h\xc3\xa9\x02!":                       "h!|é",
		"a\xff\xc3b":                           "ab|",
		"one two\x1b[A\x01\x0b\x0e":            "one two|",
		strings.Repeat("x", 3000):              strings.Repeat("x", longest) + "|",
		strings.Repeat("x", 200) + "\x01y":     "y|" + strings.Repeat("x", 200),
		strings.Repeat("xy ", 90) + "\x17\x17": strings.Repeat("xy ", 88) + "|",
	} {
		for _, width := range []int{0, 1, 20, 80, 500} {
			l := New(Options{Prompt: "R1#", Width: width, Keys: fixed{}})
			s := &screen{}
			s.write(t, l.Shown())
			for i := range len(keys) {
				require.Equal(t, Going, l.Key(keys[i]), "%q", keys)
				s.write(t, l.Shown())
				require.Equal(t, "R1#"+shown(l), "R1#"+strings.TrimRight(strings.TrimPrefix(s.row(), "R1#"), " "), "%q, %d columns", keys, width)
				require.Equal(t, 3+l.view.at, s.at, "%q, %d columns", keys, width)
			}
			require.Equal(t, want, string(l.text[:l.at])+"|"+string(l.text[l.at:]), "%q", keys)
		}
	}
}

// TestEnds: how a line ends, and what is shown then.
func TestEnds(t *testing.T) {
	for keys, want := range map[string]End{"a\r": Enter, "a\n": Enter, "a\x03": Break, "a\x1e": Break, "a\x1a": Finish, "a\x1d": Escape, "\x04": Gone, "a\x7f\x04": Gone} {
		l := New(Options{})
		end := Going
		for i := range len(keys) {
			require.Equal(t, Going, end)
			end = l.Key(keys[i])
		}
		require.Equal(t, want, end, "%q", keys)
	}
}

// TestScrolling: `$` stands where the line goes on.
func TestScrolling(t *testing.T) {
	l := New(Options{Prompt: "Router1#", Width: 30, Keys: fixed{}})
	s := &screen{}
	show := func(keys string) string {
		for i := range len(keys) {
			l.Key(keys[i])
		}
		s.write(t, l.Shown())
		return s.row()
	}
	require.Equal(t, "Router1#show ip interface br", show("show ip interface br"))
	require.Equal(t, "Router1#$erface brie", show("ie"))
	require.Equal(t, "Router1#fshow ip interface b$", show("\x01f"))
	l.SetWidth(80)
	require.Equal(t, "Router1#fshow ip interface brie", show("\x01"))
}

// TestShown: what a terminal is sent, octet for octet.
func TestShown(t *testing.T) {
	l := New(Options{Prompt: "R1#", Width: 80, Keys: fixed{}})
	for _, row := range []struct{ keys, want string }{
		{"", "R1#"}, {"sho", "sho"}, {"\t", "\nR1#show "}, {"?", "?\nhelp\n\nR1#show "}, {"\x7f", "\b \b"}, {"\x01", "\b\b\b\b"},
		{"x", "xshow\b\b\b\b"}, {"\x05", "show"}, {"\x12", "\nR1#xshow"}, {"\x15", "\b\b\b\b\b     \b\b\b\b\b"}, {"\r", "\n"},
	} {
		for i := range len(row.keys) {
			l.Key(row.keys[i])
		}
		require.Equal(t, row.want, l.Shown(), "%q", row.keys)
	}
	l = New(Options{Prompt: "R1#", Width: 80})
	l.Key('a')
	l.Above("log\n")
	require.Equal(t, "R1#a\nlog\nR1#a", l.Shown(), "logging synchronous")
	l.Between("log\n")
	require.Equal(t, "\nlog\n", l.Shown(), "without, nothing is drawn again")
	l.Key('b')
	require.Equal(t, "b", l.Shown())
	l = New(Options{Prompt: "Password: ", Secret: true})
	for _, b := range []byte("cisxco\x02\x02\x7f\x1a") {
		l.Key(b)
	}
	require.Equal(t, "Password: \n", l.Shown())
	require.Equal(t, "cisco", l.Text())
}

// TestTyped: octets that did not come from a keyboard are edited alike.
func TestTyped(t *testing.T) {
	for octets, want := range map[string]string{
		"show clic\x08\x08ock": "show clock", "sh\tver": "sh ver", "sho\tv\t": "show version ", "what? why?": "what? why?", "a\x16?": "a?", "bad\x15good\rnever": "good", "\tip": " ip",
	} {
		require.Equal(t, want, Typed(octets, fixed{}), "%q", octets)
	}
}

// BenchmarkKey is a character at the end of a long line.
func BenchmarkKey(b *testing.B) {
	l := New(Options{Prompt: "R1#", Width: 80, Keys: fixed{}, Text: strings.Repeat("x", 200)})
	for b.Loop() {
		l.Key('a')
		l.Key(0x7f)
		l.Shown()
	}
}
