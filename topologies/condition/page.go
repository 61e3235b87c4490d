package condition

import "ikelab/topologies/form"

// Page tells people what conditions there are, in Markdown.
func Page() string {
	return form.Page(kindsOf(&Condition{})) + "\n# Checks\n\nWhat may be said of a text that a router shows. A single text, or a list of them, stands for `text`.\n" +
		form.Rows((&Checks{}).keys())
}
