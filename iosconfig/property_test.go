package iosconfig

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// modePaths are the lines that lead into each mode.
var modePaths = map[*mode][]string{
	configMode:       nil,
	interfaceMode:    {"interface Ethernet0/0"},
	tunnelMode:       {"interface Tunnel0"},
	lineMode:         {"line vty 0 4"},
	controlPlaneMode: {"control-plane"},
	proposalMode:     {"crypto ikev2 proposal P"},
	policyMode:       {"crypto ikev2 policy P"},
	keyringMode:      {"crypto ikev2 keyring K"},
	peerMode:         {"crypto ikev2 keyring K", "peer A"},
	profileMode:      {"crypto ikev2 profile P"},
	transformMode:    {"crypto ipsec transform-set T esp-aes esp-sha-hmac"},
	ipsecProfileMode: {"crypto ipsec profile P"},
}

func editorIn(t *testing.T, m *mode) (*Config, *Editor) {
	c := New()
	ed := NewEditor(c)
	for _, line := range modePaths[m] {
		_, err := ed.Enter(line)
		require.NoError(t, err, line)
	}
	require.Equal(t, m.name, ed.Mode())
	return c, ed
}

// eachRow calls f for every row of every mode that does something.
func eachRow(t *testing.T, f func(t *testing.T, m *mode, row int, r *rand.Rand)) {
	require.Len(t, modePaths, len(allModes()))
	for _, m := range allModes() {
		for row, c := range m.table.Commands {
			if c.Set == nil || c.Syntax == "exit" || c.Syntax == "end" {
				continue
			}
			t.Run(m.name+" "+c.Syntax, func(t *testing.T) { f(t, m, row, rand.New(rand.NewPCG(uint64(row), 7))) })
		}
	}
}

// sample returns a text for an argument; never an abbreviated keyword.
func sample(k kind, r *rand.Rand) string {
	switch k.name {
	case "word":
		return fmt.Sprintf("Z%d", r.IntN(9))
	case "line":
		return []string{"Z a  b", "Zulu", "Z \"quoted\" | text?", "Zü", "Z!"}[r.IntN(5)]
	case "ip":
		return []string{"10.1.2.3", "0.0.0.0", "192.168.0.0", "10.0.0.0", "172.16.255.1"}[r.IntN(5)]
	case "mask":
		return []string{"255.255.255.0", "255.255.255.255", "0.0.0.0", "255.255.0.0"}[r.IntN(4)]
	case "hex":
		return []string{"00", "aBcdef0123"}[r.IntN(2)]
	case "interface":
		return []string{"Ethernet0/1", "Loopback5", "Tunnel77", "GigabitEthernet0/0/1", "FastEthernet1/0"}[r.IntN(5)]
	case "ethernet":
		return []string{"0/0", "1/3"}[r.IntN(2)]
	case "logical":
		return fmt.Sprint(r.IntN(100))
	}
	var lo, hi int64
	fmt.Sscanf(k.name, "%d-%d", &lo, &hi)
	return fmt.Sprint([]int64{lo, hi, lo + r.Int64N(hi-lo+1)}[r.IntN(3)])
}

// generate walks a syntax at random. places holds the tokens of the words;
// head is how many words come before the last "/".
func generate(s *syntax, r *rand.Rand) (words []string, places []int, head int) {
	next, used := s.first, map[int]bool{}
	for {
		p := next[r.IntN(len(next))]
		for tries := 0; used[p] && tries < 20; tries++ {
			p = next[r.IntN(len(next))]
		}
		if used[p] {
			return words, places, head
		}
		used[p] = s.tokens[p].keyword != ""
		text := s.tokens[p].keyword
		if text == "" {
			text = sample(s.tokens[p].kind, r)
		}
		words, places = append(words, text), append(places, p)
		if s.slash[p] {
			head = len(words)
		}
		next = s.follow[p]
		if s.end[p] && (len(next) == 0 || r.IntN(3) == 0 || len(words) > 12) {
			return words, places, head
		}
	}
}

const samplesPerRow = 12

func TestRowsRoundTripAndNegate(t *testing.T) {
	eachRow(t, func(t *testing.T, m *mode, row int, r *rand.Rand) {
		done := 0
		for range samplesPerRow {
			words, _, head := generate(m.table.grammar.rows[row], r)
			line := strings.Join(words, " ")
			c, ed := editorIn(t, m)
			base := load(t, strings.Join(Running(c), "\n"))
			match, err := ed.parse(line)
			require.NoError(t, err, line)
			require.Same(t, &m.table.Commands[row], match.Command, line) // rows are disjoint
			_, err = ed.Enter(line)
			if errors.As(err, &ErrRefused{}) || errors.As(err, &ErrInvalid{}) { // values that do not go together
				require.Equal(t, base, c, line)
				continue
			}
			require.NoError(t, err, line)
			done++
			running := strings.Join(Running(c), "\n")
			require.Equal(t, c, load(t, running), "%s\n%s", line, running)

			if m.table.Commands[row].Clear == nil {
				continue
			}
			short := line
			if head > 0 && r.IntN(2) == 0 {
				short = strings.Join(words[:head], " ")
			}
			form := "no "
			if m.table.Commands[row].Default != nil {
				form = "default "
			}
			back(t, m, []string{line, form + short}, base)
			back(t, m, []string{line, "no " + line}, nil)
		}
		require.NotZero(t, done, "no sample was accepted")
	})
}

// back enters lines in a mode and compares; where IOS refuses the removal of
// the last line (a physical interface) there is nothing to compare.
func back(t *testing.T, m *mode, lines []string, want *Config) {
	c, ed := editorIn(t, m)
	for i, line := range lines {
		for range len(ed.edit.stack) - len(modePaths[m]) - 1 {
			_, err := ed.Enter("exit")
			require.NoError(t, err)
		}
		_, err := ed.Enter(line)
		if i > 0 && errors.As(err, &ErrRefused{}) {
			return
		}
		require.NoError(t, err, line)
	}
	require.Equal(t, c, load(t, strings.Join(Running(c), "\n")), "%q", lines)
	if want != nil && !strings.HasPrefix(lines[1], "default interface") { // which leaves the interface
		require.Equal(t, want, c, "%q", lines)
	}
}

func TestRowsHelpAndAbbreviations(t *testing.T) {
	eachRow(t, func(t *testing.T, m *mode, row int, r *rand.Rand) {
		s := m.table.grammar.rows[row]
		for range samplesPerRow {
			words, places, _ := generate(s, r)
			line, short := "", ""
			for i, w := range words {
				g := &m.table.grammar
				lines, err := g.help(line, 0, false)
				require.NoError(t, err, line)
				requireHelp(t, lines, s.tokens[places[i]], line)
				short += abbreviate(g, short, w, s.tokens[places[i]], r) + " "
				line += w + " "
			}
			want, err := m.table.Parse(line)
			require.NoError(t, err, line)
			got, err := m.table.Parse(short)
			require.NoError(t, err, short)
			require.Same(t, want.Command, got.Command, short)
			require.Equal(t, want.Args.String(), got.Args.String(), short)
		}
	})
}

// requireHelp wants the token among the lines of `?`, with a help text.
func requireHelp(t *testing.T, lines []string, tok token, at string) {
	t.Helper()
	if tok.kind.name == "interface" {
		require.NotEmpty(t, tok.help, at) // `?` shows the types
		return
	}
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, "  "+tok.show()+" "); ok && strings.TrimSpace(rest) != "" {
			return
		}
	}
	require.Fail(t, "no help", "%q ? does not explain %s:\n%s", at, tok.show(), strings.Join(lines, "\n"))
}

// abbreviate returns a random unique prefix, in any case, of a keyword.
func abbreviate(g *grammar, before, w string, tok token, r *rand.Rand) string {
	if tok.keyword == "" {
		return w
	}
	for n := 1 + r.IntN(len(w)); n < len(w); n++ {
		if c := g.complete(before+w[:n], 0, false); len(c) == 1 && c[0] == w {
			return strings.ToUpper(w[:n])
		}
	}
	return w
}

// Lines of all modes, in any order and form, end in a configuration that
// running-config says completely; what was refused changed nothing.
func TestRandomSessions(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := New()
		ed := NewEditor(c)
		modes := allModes()
		for range 150 {
			m := modes[r.IntN(len(modes))]
			_, err := ed.Enter("hostname R")
			require.NoError(t, err)
			for _, line := range modePaths[m] {
				if strings.HasPrefix(line, "crypto") && r.IntN(4) == 0 {
					words := strings.Fields(line)
					words[3] = defaultName // the smart defaults too
					line = strings.Join(words, " ")
				}
				_, err = ed.Enter(line)
				require.NoError(t, err, line)
			}
			row := m.table.grammar.rows[r.IntN(len(m.table.Commands))]
			words, _, _ := generate(row, r)
			line := []string{"", "", "", "no ", "default "}[r.IntN(5)] + strings.Join(words, " ")
			before := Running(c)
			_, err = ed.Enter(line)
			ed.edit.banner = "" // or the next lines would be its text
			if err != nil {
				require.Equal(t, before, Running(c), line)
			}
		}
		running := strings.Join(Running(c), "\n")
		require.Equal(t, c, load(t, running), running)
	}
}
