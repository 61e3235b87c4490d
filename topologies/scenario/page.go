package scenario

import (
	"cmp"
	"fmt"
	"strings"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/rogue"
)

const pageHead = `# Scenarios

<!-- Made from the tables by: go test ./tests -run TestShippedPages -update -->

A scenario says what must happen in a lab. It is a file NAME.scenario.yml beside a topology; ` + "`ikelab test`" + ` runs it, and it fails at the first
step that does not go as it must:

` + "```yaml" + `
name: the tunnel comes back
steps:
  - wait: {state: settled}
    limit: 10s
  - never: {record: crypto.refused}
  - link R1:Ethernet0/0 down
  - wait 1m
  - link R1:Ethernet0/0 up
  - wait: {interface: "R1:Tunnel0", is: up}
  - {node: R1, run: ping 192.168.2.1 source Loopback0, expect: "!!!!!"}
` + "```" + `

A step is a mapping with the key of one kind of step, that kind's other keys, and perhaps a name; or one line, as ` + "`ikelab exec`" + ` takes it. Time is
virtual: it passes in ` + "`wait`" + `, and in commands that take time, such as ping. Everything comes from one seed, so a scenario goes the same way
whenever it is run with the same one.

Editors complete scenario and topology files from their JSON Schemas, docs/scenario.schema.json and docs/topology.schema.json (which
` + "`ikelab schema scenario`" + ` and ` + "`ikelab schema topology`" + ` print). Where an editor has the YAML language server, this first line of a file is enough:

` + "```yaml" + `
# yaml-language-server: $schema=https://…/docs/scenario.schema.json
` + "```" + `

# The file
`

// Page tells people what a scenario may be, in Markdown.
func Page() string {
	p := &parser{Reader: form.NewReader("", nil)}
	return pageHead + form.Rows(p.keys(&Scenario{})) + "\n# Steps\n\nEvery step may have a name.\n" + form.Page(stepKinds(&Step{})) +
		"\n# Conditions\n\nA condition is a mapping with the key of one kind of condition, and that kind's other keys.\n" + condition.Page() +
		misbehaviours()
}

// misbehaviours tells people what a misbehaving peer can play.
func misbehaviours() string {
	var b strings.Builder
	b.WriteString(roguesHead)
	for _, c := range rogue.Cases() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Name, cmp.Or(string(c.As), "nothing"), cmp.Or(strings.Join(c.Want, "; "), "silence"), c.RFC)
	}
	return b.String()
}

const roguesHead = `
# Misbehaving peers

What a node of kind rogue can play, what there is between it and the router when it begins, and what the router owes in return. Where the router begins, and where
there is an SA, the router must have a tunnel to the peer; in all other cases it must have none.

| case | begins with | the answer | because |
|---|---|---|---|
`
