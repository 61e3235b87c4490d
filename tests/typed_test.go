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
	lab               string // "": the default one
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
		rows = append(rows, typedRow{mode, strings.TrimLeft(typed, " "), want, n, ""})
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

func sit(r *lab.Router, mode string, newer bool) *sitting {
	one := &sitting{r: r}
	one.s = r.Shell().Open(shell.Options{Privileged: true, Console: true, Out: func(text string) { one.shown.WriteString(text) }, Log: func(string) {}})
	one.s.Resize(80, 0)
	for _, l := range modes[mode] {
		if newer {
			l = newerNames.Replace(l)
		}
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
		mode, old := strings.CutPrefix(row.mode, "old-")
		row.mode = mode
		require.Contains(t, modes, row.mode, "line %d", row.at)
		old = old || row.mode == "old"
		changes := len(modes[row.mode]) > 0 || strings.HasPrefix(row.typed, "reload") || strings.HasPrefix(row.typed, "configure")
		for _, name := range []string{topologies.DefaultLab, xeLab} {
			b := map[string]*bench{topologies.DefaultLab: settled, xeLab: newer}[name]
			if name == xeLab && old || name != xeLab && row.mode == "xe" {
				continue
			}
			if changes {
				b = boot(t, name, 1)
				b.do("wait 1s")
			}
			if name == xeLab {
				row = row.renamed()
			}
			row.try(t, b)
		}
	}
}

// newerNames are what the newer lab calls what the rows speak of.
var newerNames = strings.NewReplacer("Ethernet0/0", "GigabitEthernet1", "Et0/0", "Gi1", "Router1", "XE-R1", "IKEV2-SETUP", "SITES", "router1-", "xe-r1-", "Fri Nov 11 2011", "Thu May 2 2024")

// renamed is a row for the newer lab.
func (row typedRow) renamed() typedRow {
	if row.mode != "xe" {
		row.typed, row.want, row.lab = newerNames.Replace(row.typed), newerNames.Replace(row.want), xeLab
	}
	return row
}

// try types a row at a lab's first router.
func (row typedRow) try(t *testing.T, b *bench) {
	one := sit(b.Router("R1"), row.mode, row.lab == xeLab)
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
