package shell

import (
	"strings"

	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
)

// `configure replace`: what makes the running configuration that of a file is found by
// comparing both, entered, and found again until nothing is left.

// replacePasses is how often that is done at most, as in IOS.
const replacePasses = 5

const replaceWarning = `This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: `

// replaceConfig is `configure replace URL [list] [force]`.
func replaceConfig(x *exec, a args) error {
	from := a.Word("url")
	if from == "nvram:startup-config" {
		from = startup
	}
	text, err := x.original(from)
	if err != nil {
		return err
	}
	loaded := rows.Load(text, x.d.Generation())
	for _, e := range loaded.Refused {
		x.line(e.Text).line(e.Msg)
	}
	if len(loaded.Refused) > 0 {
		return syntax.Refuse("%%Error: the file has lines that are refused, and nothing has been changed")
	}
	want := sectionsOf(rows.Running(loaded.Commit.After))
	if a.Has("force") {
		replaceWith(x, want, a.Has("list"))
		return nil
	}
	lines := strings.Split(replaceWarning, "\n")
	x.out = append(x.out, lines[:len(lines)-1]...)
	x.ask(lines[len(lines)-1], func(x *exec, text string) {
		if isPrefix(text, "yes") {
			replaceWith(x, want, a.Has("list"))
		}
	})
	return nil
}

func replaceWith(x *exec, want []section, list bool) {
	x.s.sh.records.Begin(x.now, 0, 0)
	pass := 0
	for ; pass < replacePasses; pass++ {
		edits := difference(sectionsOf(rows.Running(x.d.Running())), want, isPort(x))
		if len(edits) == 0 {
			break
		}
		if list {
			x.linef("!Pass %d", pass+1).line("!List of Rollback Commands:")
			x.out = append(append(x.out, edits...), "end")
		}
		enterAll(x, edits)
	}
	x.s.sh.records.Emit(operator.Configured{From: "replace", By: x.s.name()})
	left := difference(sectionsOf(rows.Running(x.d.Running())), want, isPort(x))
	if len(left) == 0 {
		x.linef("Total number of passes: %d", pass).line("Rollback Done")
		return
	}
	x.line("The rollback configlet from the last pass is listed below:").line("********")
	x.out = append(append(append(x.out, "!List of Rollback Commands:"), left...), "end", "********")
	x.linef("Rollback aborted after %d passes", pass)
	x.s.refused = true
}

// enterAll enters lines as if they were typed. A head that is refused takes along what
// stands below it.
func enterAll(x *exec, edits []string) {
	e := x.d.Editor()
	e.FromFile()
	for i := 0; i < len(edits); i++ {
		line := edits[i]
		if strings.TrimSpace(line) == leave { // it is within the section that it ends
			line = " " + line
		}
		if _, err := e.Enter(x.now, line); err == nil {
			continue
		}
		deep := indentation(edits[i])
		for i+1 < len(edits) && indentation(edits[i+1]) > deep {
			i++
		}
		if i+1 < len(edits) && edits[i+1] == strings.Repeat(" ", deep)+leave {
			i++
		}
	}
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// isPort tells which interfaces are there whatever is configured.
func isPort(x *exec) func(name string) bool {
	ports := map[string]bool{}
	for _, v := range x.d.Interfaces("") {
		ports[v.Name] = v.Physical
	}
	return func(name string) bool { return ports[name] }
}

// section is a line of running-config with what stands below it.
type section struct {
	line  string
	below []section
}

// sectionsOf reads lines by their indentation. A banner is one line.
func sectionsOf(lines []string) (list []section) {
	for len(lines) > 0 {
		line := lines[0]
		lines = lines[1:]
		if _, text, ok := strings.Cut(line, "^C"); ok && strings.HasPrefix(line, "banner ") {
			for len(lines) > 0 && !strings.HasSuffix(text, "^C") {
				text = lines[0]
				line, lines = line+"\n"+text, lines[1:]
			}
		}
		n := 0
		for n < len(lines) && strings.HasPrefix(lines[n], " ") {
			n++
		}
		below := make([]string, n)
		for i, l := range lines[:n] {
			below[i] = l[1:]
		}
		lines = lines[n:]
		if name := numbered(line); name != "" { // its lines have an order, as what stands below a name
			if n := len(list); n == 0 || list[n-1].line != name {
				list = append(list, section{line: name})
			}
			of := &list[len(list)-1]
			of.below = append(of.below, section{line: line})
			continue
		}
		if word := strings.TrimSpace(line); word != "" && word[0] != '!' && word != "end" && word != leave && !strings.HasPrefix(word, "exit-") && !strings.HasPrefix(word, "version ") {
			list = append(list, section{line, sectionsOf(below)})
		}
	}
	return list
}

// numbered is the name of the access list that a line is one of: "access-list 101".
func numbered(line string) string {
	f := strings.Fields(line)
	if len(f) < 3 || f[0] != "access-list" {
		return ""
	}
	return f[0] + " " + f[1]
}
