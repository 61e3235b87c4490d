package form

import (
	"fmt"
	"strings"
)

// Page writes kinds of a thing for people, in Markdown: a chapter for each.
func Page(kinds []Kind) string {
	var b strings.Builder
	for _, k := range kinds {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n%s", k.Name, sentence(k.Help), Rows(k.Keys()))
	}
	return b.String()
}

// sentence begins with a capital.
func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Rows is a table of keys in Markdown.
func Rows(keys []Key) string {
	var b strings.Builder
	b.WriteString("\n| key | form | what |\n|---|---|---|\n")
	cell := strings.NewReplacer("|", "\\|", "<", "&lt;")
	for _, k := range keys {
		name := k.Name
		if k.Required {
			name += " (needed)"
		}
		if !k.Value.ignored {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, cell.Replace(k.Value.Form), cell.Replace(k.Help))
		}
	}
	return b.String()
}
