package shell

import (
	"maps"
	"slices"
	"strings"

	"ikelab/router/show"
)

// builtin are the aliases that every router has.
var builtin = map[string]string{
	"h": "help", "lo": "logout", "p": "ping", "r": "resume", "s": "show", "u": "undebug", "un": "undebug", "w": "where",
}

// aliases are those of EXEC: the router's own, and the configuration's.
func (t *settings) aliases() map[string]string {
	all := maps.Clone(builtin)
	for _, l := range t.device.Running().Texts.Lines("alias") {
		if f := strings.SplitN(l, " ", 4); len(f) == 4 && f[0] == "alias" && f[1] == "exec" {
			all[f[2]] = f[3]
		}
	}
	return all
}

// withoutAlias puts what an alias stands for in its place. The caret goes below
// what was typed, so the prompt counts as that much shorter.
func (t *settings) withoutAlias(line string, promptLen int) (string, int) {
	text := strings.TrimLeft(line, " \t")
	word, rest, _ := strings.Cut(text, " ")
	to, ok := t.aliases()[strings.TrimRight(word, "\t")]
	if !ok {
		return line, promptLen
	}
	long := line[:len(line)-len(text)] + to
	if rest != "" || strings.HasSuffix(text, " ") {
		long += " " + rest
	}
	return long, promptLen - (len(to) - len(word))
}

func aliasesScreen(x *exec, _ args) show.Screen {
	all := x.s.aliases()
	out := show.Aliases{Aliases: []show.Alias{}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out.Aliases = append(out.Aliases, show.Alias{Name: name, Command: all[name]})
	}
	return out
}
