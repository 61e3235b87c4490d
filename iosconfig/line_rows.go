package iosconfig

import (
	"cmp"
	"slices"

	"ikelab/iosconfig/syntax"
)

func (s *Section) head() string { return s.Head }

// lineRows are sections that are accepted without effect: terminals and the
// control plane.
var lineRows = []syntax.Command[edit]{
	sectionRow("control-plane", "Configure control plane services", "control-plane", controlPlaneMode),
	sectionRow("line con <first:0-0>", "Configure a terminal line|Primary terminal line|Line number", "line con", lineMode),
	sectionRow("line aux <first:0-0>", "|Auxiliary line|Line number", "line aux", lineMode),
	sectionRow("line vty <first:0-1180> [<last:1-1180>]", "|Virtual terminal|First Line number|Last Line number", "line vty", lineMode),
}

// compareSections is running-config's order.
func compareSections(a, b *Section) int { return cmp.Compare(a.order(), b.order()) }

func (s *Section) order() int {
	return slices.IndexFunc([]string{"control-plane", "line con", "line aux", "line vty"}, func(head string) bool {
		return begins(s.Head, head)
	})
}

func sectionRow(command, help, head string, of *mode) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command, Help: help, NoEffect: true,
		Set: func(e *edit, a syntax.Args) error {
			if a.Given("last") && a.Int("last") <= a.Int("first") {
				return a.Invalid("last")
			}
			s := find(e.Sections, a.String(), (*Section).head)
			if e.changed = s == nil; e.changed {
				s = &Section{Head: a.String()}
				e.Sections = append(e.Sections, s)
				slices.SortStableFunc(e.Sections, compareSections)
			}
			e.enter(of, target{section: s})
			return nil
		},
		Clear: func(e *edit, a syntax.Args) error {
			e.Sections = remove(e.Sections, a.String(), (*Section).head)
			return nil
		},
		Show: func(e *edit) []string {
			var lines []string
			for _, s := range e.Sections {
				if begins(s.Head, head) {
					lines = append(lines, e.sectionLines(s.Head, of, target{section: s})...)
				}
			}
			return lines
		},
	}
}

var controlPlaneMode = newMode("config-cp", "Control Plane configuration commands:")

var lineMode = newMode("config-line", "Line configuration commands:", []syntax.Command[edit]{
	kept("exec-timeout / <minutes:0-35791> [<seconds:0-2147483>]", "Set the EXEC timeout|Timeout in minutes|Timeout in seconds"),
	kept("privilege level / <level:0-15>", "Change privilege level for line|Assign default privilege level for line|Default privilege level for line"),
	kept("password / <password:line>", "Set a password|Password, after its type"),
	kept("logging synchronous", "Modify message logging facilities|Synchronized message output"),
	kept("login / [{local|authentication <list:word>}]", "Enable password checking|Local password checking|Authentication parameters|List"),
	kept("history size / <lines:0-256>", "Enable and control the command history function|Set history buffer size|Size of history buffer"),
	kept("length / <lines:0-512>", "Set number of lines on a screen|Number of lines on screen"),
	kept("width / <columns:0-512>", "Set width of the display terminal|Number of characters on a screen line"),
	kept("stopbits / {1|1.5|2}", "Set async line stop bits|One stop bit|One and one-half stop bits|Two stop bits"),
	kept("speed / <rate:0-4294967295>", "Set the transmit and receive speeds|Transmit and receive speeds"),
	kept("transport input / {all|none|ssh|telnet}...", "Define transport protocols for line|Define which protocols to use when connecting to the terminal server|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol"),
	kept("transport output / {all|none|ssh|telnet}...", "|Define which protocols to use for outgoing connections|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol"),
	kept("transport preferred / {all|none|ssh|telnet}", "|Specify the preferred protocol to use|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol"),
	keptOn("exec", "Configure EXEC"),
})
