package system

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// LineRows are sections of lines kept as text: terminals, of whose lines those
// matter that say who may come over the network and how, and the control plane.
var LineRows = []editor.Row[iosconfig.Config]{
	sectionRow("control-plane", "Configure control plane services", "control-plane", controlPlaneMode),
	sectionRow("line con <first:0-0>", "Configure a terminal line|Primary terminal line|Line number", "line con", lineMode),
	sectionRow("line aux <first:0-0>", "|Auxiliary line|Line number", "line aux", lineMode),
	sectionRow("line <first:1-1180> [<last:2-1180>]", "|First Line number|Last Line number", "line", lineMode),
	editor.Acted(sectionRow("line vty <first:0-1180> [<last:1-1180>]", "|Virtual terminal|First Line number|Last Line number", "line vty", lineMode)),
}

func sectionRow(command, help, head string, of *editor.Mode[iosconfig.Section]) editor.Row[iosconfig.Config] {
	return editor.Row[iosconfig.Config]{
		Syntax: command, Help: help, NoEffect: true, Enters: true,
		Set: func(e *global, a syntax.Args) error {
			if a.Given("last") && a.Int("last") <= a.Int("first") {
				return a.Invalid("last")
			}
			if e.It.Sections.Get(a.String()) == nil {
				e.It.Sections.Put(a.String(), &iosconfig.Section{Head: a.String()})
			}
			e.Changed(iosconfig.KindSection, a.String())
			editor.Enter(e.Line, of, []string{a.String()})
			return nil
		},
		Clear: func(e *global, a syntax.Args) error {
			e.It.Sections.Remove(a.String())
			e.Changed(iosconfig.KindSection, a.String())
			return nil
		},
		Show: func(e *global) []string {
			var lines []string
			for s := range e.It.Sections.All() {
				if headed(s.Head, head) {
					lines = append(lines, of.Indented(s.Head, e.Line, s, []string{s.Head})...)
				}
			}
			return lines
		},
	}
}

// headed says whether a section is of a row: `line` alone has a number behind it.
func headed(section, head string) bool {
	rest, ok := strings.CutPrefix(section, head+" ")
	if head == "line" {
		return ok && rest[0] >= '0' && rest[0] <= '9'
	}
	return ok || section == head
}

func modeOf(name, title string) editor.Mode[iosconfig.Section] {
	return editor.Mode[iosconfig.Section]{
		Name: name, Title: title, Kind: iosconfig.KindSection,
		New:  func(_ iosconfig.Generation, head string) *iosconfig.Section { return &iosconfig.Section{Head: head} },
		Get:  func(c *iosconfig.Config, path []string) *iosconfig.Section { return c.Sections.Get(path[0]) },
		Put:  func(c *iosconfig.Config, path []string, s *iosconfig.Section) { c.Sections.Put(path[0], s) },
		Kept: func(s *iosconfig.Section) *[]string { return &s.Kept },
	}
}

var controlPlaneMode = editor.NewMode(modeOf("config-cp", "Control Plane configuration commands:"), editor.TextRows(sectionTexts,
	editor.Family{Words: "service-policy", Help: "Configure QOS Service Policy"},
))

func sectionTexts(s *iosconfig.Section) *iosconfig.Texts { return &s.Texts }

// lineTexts are what else stands below terminals, and is not looked at.
var lineTexts = slices.Concat(editor.TextRows(sectionTexts,
	editor.Family{Words: "access-class", Help: "Filter connections based on an IP access list", Refers: []editor.Reference{editor.AccessList("access-class")}},
	editor.Family{Words: "session-timeout", Help: "Set interval for closing connection when there is no input traffic", Key: 1},
	editor.Family{Words: "absolute-timeout", Help: "Set absolute timeout for line disconnection", Key: 1},
	editor.Family{Words: "activation-character", Help: "Define the activation character", On: true},
	editor.Family{Words: "escape-character", Help: "Change the current line's escape character"},
	editor.Family{Words: "autocommand", Help: "Automatically execute an EXEC command"},
	editor.Family{Words: "authorization", Help: "Authorization parameters"},
	editor.Family{Words: "accounting", Help: "Accounting parameters"},
	editor.Family{Words: "exec-banner", Help: "Enable the display of the EXEC banner", On: true},
	editor.Family{Words: "motd-banner", Help: "Enable the display of the MOTD banner", On: true},
	editor.Family{Words: "exec-character-bits", Help: "Size of characters to the command exec"},
	editor.Family{Words: "flowcontrol", Help: "Set the flow control"},
	editor.Family{Words: "databits", Help: "Set number of data bits per character"},
	editor.Family{Words: "parity", Help: "Set terminal parity"},
	editor.Family{Words: "modem", Help: "Configure the Modem Control Lines"},
	editor.Family{Words: "monitor", Help: "Copy debug output to the current terminal line"},
	editor.Family{Words: "notify", Help: "Inform users of output from concurrent sessions"},
	editor.Family{Words: "rotary", Help: "Add line to a rotary group"},
	editor.Family{Words: "ipv6 access-class", Help: "IPv6 options|Filter connections based on an IPv6 access list", Refers: []editor.Reference{editor.SixAccessList("access-class")}},
	editor.Family{Words: "vacant-message", Help: "Define a vacant banner"},
	editor.Family{Words: "location", Help: "Enter terminal location description"},
	editor.Family{Words: "script", Help: "specify event related chat scripts to execute"},
	editor.Family{Words: "autobaud", Help: "Set line to normal autobaud"},
	editor.Family{Words: "rxspeed", Help: "Set the receive speed"},
	editor.Family{Words: "txspeed", Help: "Set the transmit speed"},
	editor.Family{Words: "terminal-type", Help: "Set the terminal type", Key: 1},
	editor.Family{Words: "editing", Help: "Enable command line editing", On: true},
	editor.Family{Words: "domain-lookup", Help: "Enable domain lookups in show commands", On: true},
), editor.TextRows(sectionTexts, editor.Worded("dispatch-character=Define the dispatch character|refuse-message=Define a refuse banner|ip netmask-format=IP options > Select format for netmasks"+
	"|padding=Set padding for a specified output character|lockable=Allow users to lock a line|international=Enable international 8-bit character support"+
	"|insecure=Mark line as 'insecure' for LAT|full-help=Provide help to unprivileged user|session-limit=Set maximum number of sessions"+
	"|disconnect-character=Define the disconnect character|hold-character=Define the hold character|start-character=Define the start character"+
	"|stop-character=Define the stop character|timeout=Timeouts for the line|logout-warning=Set Warning countdown for absolute timeout of line|callback=Callback settings"+
	"|autohangup=Automatically hangup when last connection closes|autoselect=Set line to autoselect|buffer-length=Set DMA buffer length"+
	"|data-character-bits=Size of characters being handled|telnet=Telnet protocol-specific configuration")...))

var lineMode = editor.NewMode(modeOf("config-line", "Line configuration commands:"), []editor.Row[iosconfig.Section]{
	execTimeoutRow("exec-timeout / <minutes:0-35791> [<seconds:0-2147483>]", "Set the EXEC timeout|Timeout in minutes|Timeout in seconds"),
	editor.Acted(editor.Kept[iosconfig.Section]("privilege level / <level:0-15>", "Change privilege level for line|Assign default privilege level for line|Default privilege level for line")),
	editor.Acted(passwordRow[iosconfig.Section]("password", "Set a password|Password, after its type")),
	editor.Acted(editor.Kept[iosconfig.Section]("logging synchronous", "Modify message logging facilities|Synchronized message output")),
	editor.Refers(editor.Acted(editor.KeptOn[iosconfig.Section]("login / [{local|authentication <list:word>}]", "Enable password checking|Local password checking|Authentication parameters|List")), loginList),
	editor.Acted(editor.Kept[iosconfig.Section]("history size / <lines:0-256>", "Enable and control the command history function|Set history buffer size|Size of history buffer")),
	editor.Acted(editor.Kept[iosconfig.Section]("length / <lines:0-512>", "Set number of lines on a screen|Number of lines on screen")),
	editor.Acted(editor.Kept[iosconfig.Section]("width / <columns:0-512>", "Set width of the display terminal|Number of characters on a screen line")),
	editor.Kept[iosconfig.Section]("stopbits / {1|1.5|2}", "Set async line stop bits|One stop bit|One and one-half stop bits|Two stop bits"),
	editor.Kept[iosconfig.Section]("speed / <rate:0-4294967295>", "Set the transmit and receive speeds|Transmit and receive speeds"),
	editor.Acted(editor.Kept[iosconfig.Section]("transport input / {all|none|ssh|telnet}...", "Define transport protocols for line|Define which protocols to use when connecting to the terminal server|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol")),
	editor.Kept[iosconfig.Section]("transport output / {all|none|ssh|telnet|acercon|lapb-ta|lat|mop|nasi|pad|rlogin|udptn|v120}...", "|Define which protocols to use for outgoing connections|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol"+
		"|Remote console for ACE-based blade|LAPB Terminal Adapter|DEC LAT protocol|DEC MOP Remote Console Protocol|NASI protocol|X.3 PAD|Unix rlogin protocol|UDPTN async via UDP protocol|Async over ISDN"),
	editor.Acted(editor.Kept[iosconfig.Section]("transport preferred / {all|none|ssh|telnet}", "|Specify the preferred protocol to use|All protocols|No protocols|TCP/IP SSH protocol|TCP/IP Telnet protocol")),
	editor.KeptOn[iosconfig.Section]("exec", "Configure EXEC"),
}, lineTexts)

// loginList is told in IOS's words.
var loginList = editor.Reference{
	After: "authentication", Has: func(c *iosconfig.Config, name string) bool { return c.HasText("aaa authentication login", name) },
	Says: func(name string) string {
		return "AAA: Warning authentication list \"" + name + "\" is not defined for LOGIN."
	},
}

// Families lists the words of what is kept as text below terminals.
func Families() []string { return append(lineMode.Families(), poolMode.Families()...) }

// execTimeoutRow is on by default; off is a time of nothing.
func execTimeoutRow(command, help string) editor.Row[iosconfig.Section] {
	row := editor.Acted(editor.KeptOn[iosconfig.Section](command, help))
	row.Clear = func(e *editor.At[iosconfig.Section], a syntax.Args) error {
		e.Keep(a.Head(), a.Head()+" 0 0")
		return nil
	}
	return row
}

// NoEffect lists the commands without effect of all modes.
func NoEffect() [][]string {
	return [][]string{lineMode.NoEffect(), controlPlaneMode.NoEffect(), poolMode.NoEffect()}
}
