package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
)

// Update is a screen that is another one than the file says.
type Update struct {
	form.Place // of the screen in the file
	Text       string
}

// update takes the screens out of what was found, if they are to be updated.
func (r *Runner) update(found []condition.Finding) []condition.Finding {
	if !r.settings.Update {
		return found
	}
	return slices.DeleteFunc(found, func(f condition.Finding) bool {
		if f.Screen != nil {
			r.updates = append(r.updates, Update{f.Screen.Place, f.Got})
		}
		return f.Screen != nil
	})
}

// Updated is the text of a file with other screens, which must be written as
// blocks: `screen: |`.
func Updated(data []byte, updates []Update) ([]byte, error) {
	lines := strings.Split(string(data), "\n")
	list := slices.Clone(updates)
	slices.SortFunc(list, func(a, b Update) int { return cmp.Compare(b.Line, a.Line) }) // from below: places stay right
	for i, u := range list {
		if i > 0 && u.Line == list[i-1].Line {
			continue // of another run
		}
		at := u.Line - 1
		if at < 0 || at >= len(lines) || u.Column < 1 || u.Column > len(lines[at]) || lines[at][u.Column-1] != '|' {
			return nil, fmt.Errorf("%v: a screen that is to be updated must be written as a block: screen: |", u.Place)
		}
		outer := indentation(lines[at])
		if key := strings.Index(lines[at], "screen:"); key > outer {
			outer = key // behind "- ": the block is what stands further right than its key
		}
		end := at + 1
		for end < len(lines) && (strings.TrimSpace(lines[end]) == "" || indentation(lines[end]) > outer) {
			end++
		}
		for end > at+1 && strings.TrimSpace(lines[end-1]) == "" {
			end--
		}
		lines = slices.Concat(lines[:at], []string{lines[at][:u.Column-1] + "|"}, block(u.Text, outer+2), lines[end:])
	}
	return []byte(strings.Join(lines, "\n")), nil
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func block(text string, indent int) []string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	if strings.HasPrefix(lines[0], strings.Repeat(" ", indent+1)) {
		lines = append([]string{""}, lines...) // a first line that is indented would set the indentation
	}
	return lines
}
