package tests

import (
	"bufio"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/router/shell/line"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// typedRow is a row of testdata/typed.txt.
type typedRow struct {
	mode, typed, want string
	at                int
}

func typedRows(t *testing.T) (rows []typedRow) {
	f, err := os.Open("testdata/typed.txt")
	require.NoError(t, err)
	defer f.Close()
	in := bufio.NewScanner(f)
	for n := 1; in.Scan(); n++ {
		text := in.Text()
		if text == "" || text[0] == '#' {
			continue
		}
		left, want, found := strings.Cut(text, " -> ")
		mode, typed, _ := strings.Cut(left, " ")
		require.True(t, found, "line %d: %s", n, text)
		rows = append(rows, typedRow{mode, strings.TrimLeft(typed, " "), want, n})
	}
	require.NoError(t, in.Err())
	return rows
}

// modes are what is typed to get into a mode.
var modes = map[string][]string{
	"user": {"disable"}, "exec": nil, "old": nil, "xe": nil, "keys": nil, "config": {"configure terminal"}, "if": {"configure terminal", "interface Ethernet0/0"},
	"tunnel": {"configure terminal", "interface Tunnel0"}, "line": {"configure terminal", "line con 0"},
	"ikev2-profile": {"configure terminal", "crypto ikev2 profile IKEV2-SETUP"}, "ipsec-profile": {"configure terminal", "crypto ipsec profile PROF"},
}

// sitting is somebody at a router of a lab.
type sitting struct {
	r     *lab.Router
	s     *shell.Session
	shown strings.Builder
}

func sit(r *lab.Router, mode string) *sitting {
	one := &sitting{r: r}
	one.s = r.Shell().Open(shell.Options{Privileged: true, Console: true, Out: func(text string) { one.shown.WriteString(text) }, Log: func(string) {}})
	one.s.Resize(80, 0)
	for _, l := range modes[mode] {
		r.Enter(one.s, l)
	}
	one.shown.Reset()
	return one
}

// answers types lines, of which all but the first are answers, and returns all
// that was shown.
func (one *sitting) answers(b *bench, lines string) string {
	for _, l := range strings.Split(lines, " ;; ") {
		if one.s.Awaits() == shell.Key && l == "?" {
			one.r.Enter(one.s, l)
			one.shown.WriteString(one.s.Pending())
			continue
		}
		if help, ok := strings.CutSuffix(l, "?"); ok && one.s.Awaits() == shell.Command {
			one.shown.WriteString(one.s.Help(help))
			continue
		}
		one.r.Enter(one.s, strings.TrimPrefix(l, "<cr>"))
		if one.s.Busy() {
			b.Sim.RunUntil(func() bool { return !one.s.Busy() }, b.Sim.Now().Add(shellPatience))
		}
		one.shown.WriteString(one.s.Pending())
	}
	return one.shown.String()
}

const shellPatience = 5 * 60 * 1e9

// keys types octets, and returns what the terminal was sent.
func (one *sitting) keys(t *testing.T, octets string) string {
	text, err := strconv.Unquote(`"` + octets + `"`)
	require.NoError(t, err)
	l := line.New(line.Options{Prompt: one.s.Prompt(), Width: 80, Keys: one.s})
	for i := range len(text) {
		if l.Key(text[i]) == line.Enter {
			one.shown.WriteString(l.Shown())
			one.r.Enter(one.s, l.Text())
			l = line.New(line.Options{Prompt: one.s.Prompt(), Width: 80, Keys: one.s})
		}
	}
	return one.shown.String() + l.Shown() + "[" + l.Text() + "]"
}

// TestTyped: what a hand that knows IOS types, and what must be answered.
func TestTyped(t *testing.T) {
	settled := boot(t, topologies.DefaultLab, 1)
	settled.do("wait 10s")
	newer := boot(t, xeLab, 1)
	newer.do("wait 10s")
	for _, row := range typedRows(t) {
		require.Contains(t, modes, row.mode, "line %d", row.at)
		changes := len(modes[row.mode]) > 0 || strings.HasPrefix(row.typed, "reload") || strings.HasPrefix(row.typed, "configure")
		switch {
		case changes:
			b := boot(t, topologies.DefaultLab, 1)
			b.do("wait 1s")
			row.try(t, b)
		case row.mode == "xe":
			row.try(t, newer)
		case row.mode == "exec":
			row.try(t, settled)
			row.try(t, newer)
		default:
			row.try(t, settled)
		}
	}
}

// try types a row at a lab's first router.
func (row typedRow) try(t *testing.T, b *bench) {
	one := sit(b.Router("R1"), row.mode)
	got := ""
	if row.mode == "keys" {
		got = one.keys(t, row.typed)
	} else {
		got = one.answers(b, row.typed)
	}
	one.s.Close()
	if !regexp.MustCompile(`(?s)` + row.want).MatchString(got) {
		t.Errorf("testdata/typed.txt:%d: %s: %s\nwants %s\ncame:\n%s", row.at, row.mode, row.typed, row.want, got)
	}
}
