package iosconfig

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
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

// choice is one entry of a `?` list.
type choice struct{ word, help string }

// choices reads what a `?` list offers.
func choices(t *testing.T, lines []string, err error) (list []choice) {
	t.Helper()
	require.NoError(t, err)
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, "  "); ok { // not the title
			word, help, _ := strings.Cut(rest, " ")
			list = append(list, choice{word, strings.TrimSpace(help)})
		}
	}
	return list
}

// keyword says whether the choice is typed as it stands.
func (c choice) keyword() bool {
	return !strings.ContainsAny(c.word[:1], "<ABCDEFGHIJKLMNOPQRSTUVWXYZ") || isInterfaceType(c.word)
}

func isInterfaceType(word string) bool { return slices.Contains(syntax.InterfaceTypes(), word) }

// sample returns a text for an argument; never an abbreviated keyword.
func (c choice) sample(r *rand.Rand) string {
	switch c.word {
	case "WORD":
		return fmt.Sprintf("Z%d", r.IntN(9))
	case "LINE":
		return []string{"Z a  b", "Zulu", "Z \"quoted\" | text?", "Zü", "Z!"}[r.IntN(5)]
	case "A.B.C.D":
		return []string{"10.1.2.3", "0.0.0.0", "192.168.0.0", "10.0.0.0", "172.16.255.1",
			"255.255.255.0", "255.255.255.255", "0.0.0.0", "255.255.0.0"}[r.IntN(9)]
	case "Hex-data":
		return []string{"00", "aBcdef0123"}[r.IntN(2)]
	case "<0-255>[/<0-255>]":
		return []string{"0/0", "1/3", "1", "0/0/1", "0/1.100"}[r.IntN(5)]
	}
	var lo, hi int64
	if n, _ := fmt.Sscanf(c.word, "<%d-%d>", &lo, &hi); n < 2 {
		return c.word
	}
	return fmt.Sprint([]int64{lo, hi, lo + r.Int64N(hi-lo+1)}[r.IntN(3)])
}

// generate walks a row at random by what its `?` offers.
func generate(t *testing.T, row syntax.Command[edit], r *rand.Rand) (words []string, taken []choice) {
	t.Helper()
	table := syntax.NewTable("", []syntax.Command[edit]{row})
	for {
		lines, err := table.Help(strings.Join(append(slices.Clone(words), ""), " "))
		list := choices(t, lines, err)
		mayEnd := len(list) > 0 && list[len(list)-1].word == "<cr>"
		if mayEnd && (len(list) == 1 || r.IntN(3) == 0 || len(words) > 12) {
			return words, taken
		}
		if mayEnd {
			list = list[:len(list)-1]
		}
		c := list[r.IntN(len(list))]
		words, taken = append(words, c.sample(r)), append(taken, c)
	}
}

// shortest is how many words the `no` form of a line needs.
func shortest(row syntax.Command[edit], words []string) int {
	table := syntax.NewTable("", []syntax.Command[edit]{row})
	for n := 1; n < len(words); n++ {
		short := strings.Join(words[:n], " ")
		_, plain := table.Parse(short)
		if _, err := table.ParseForm(short, syntax.Form{Negated: true}); err == nil && plain != nil {
			return n
		}
	}
	return len(words)
}

const samplesPerRow = 12

func TestRowsRoundTripAndNegate(t *testing.T) {
	eachRow(t, func(t *testing.T, m *mode, row int, r *rand.Rand) {
		done := 0
		for range samplesPerRow {
			words, _ := generate(t, m.table.Commands[row], r)
			line := strings.Join(words, " ")
			c, ed := editorIn(t, m)
			base := load(t, strings.Join(Running(c), "\n"))
			match, err := ed.parse(line)
			require.NoError(t, err, line)
			require.Same(t, &m.table.Commands[row], match.Command, line) // rows are disjoint
			_, err = ed.Enter(line)
			if errors.As(err, &syntax.ErrRefused{}) || errors.As(err, &syntax.ErrInvalid{}) { // values that do not go together
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
			if r.IntN(2) == 0 {
				short = strings.Join(words[:shortest(m.table.Commands[row], words)], " ")
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
		if i > 0 && errors.As(err, &syntax.ErrRefused{}) {
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
		for range samplesPerRow {
			words, taken := generate(t, m.table.Commands[row], r)
			line, short := "", ""
			for i, w := range words {
				lines, err := m.table.Help(line)
				requireHelp(t, choices(t, lines, err), taken[i], line)
				short += abbreviate(m.table, short, w, taken[i], r) + " "
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

// requireHelp wants the word among what `?` offers, with a help text.
func requireHelp(t *testing.T, offered []choice, c choice, at string) {
	t.Helper()
	for _, o := range offered {
		if o.word == c.word && o.help != "" {
			return
		}
	}
	require.Fail(t, "no help", "%q ? does not explain %s:\n%v", at, c.word, offered)
}

// abbreviate returns a random unique prefix, in any case, of a keyword.
func abbreviate(table *syntax.Table[edit], before, w string, c choice, r *rand.Rand) string {
	if !c.keyword() || isInterfaceType(c.word) {
		return w
	}
	for n := 1 + r.IntN(len(w)); n < len(w); n++ {
		if c := table.Complete(before + w[:n]); len(c) == 1 && c[0] == w {
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
			words, _ := generate(t, m.table.Commands[r.IntN(len(m.table.Commands))], r)
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
