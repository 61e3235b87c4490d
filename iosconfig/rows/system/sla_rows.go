package system

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Operations of IP SLA.

type operation = editor.At[iosconfig.Operation]

var operationSection = editor.Section[iosconfig.Config, iosconfig.Operation]{
	Syntax: "ip sla <name:1-2147483647>",
	Help:   "|IP Service Level Agreement|Entry number",
	Mode:   operationMode,
	ModeOf: func(o *iosconfig.Operation) *editor.Mode[iosconfig.Operation] {
		if o.Target.IsValid() {
			return echoMode
		}
		return operationMode
	},
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Operation] { return &c.Tracking.Operations },
	NameOf: func(o *iosconfig.Operation) string { return strconv.Itoa(o.Number) },
	Head:   func(o *iosconfig.Operation) string { return "ip sla " + strconv.Itoa(o.Number) },
	Make:   func(e *global, o *iosconfig.Operation, _ syntax.Args) error { return notRunning(e.Line, o) },
	Marks:  editor.MarkNone,
}

// operationsRow shows an operation with its schedule.
var operationsRow = func() editor.Row[iosconfig.Config] {
	row := operationSection.Row()
	row.Show = func(e *global) (lines []string) {
		for o := range e.It.Tracking.Operations.All() {
			mode := operationSection.ModeOf(o)
			head := operationSection.Head(o)
			lines = append(lines, mode.Indented(head, e.Line, o, []string{operationSection.NameOf(o)})...)
			if o.Schedule != nil {
				lines = append(lines, strings.TrimSpace("ip sla schedule "+strconv.Itoa(o.Number)+" "+o.Schedule.String()))
			}
		}
		return lines
	}
	return row
}()

var scheduleRow = editor.Row[iosconfig.Config]{
	Syntax: "ip sla schedule <number:1-2147483647> / [{life {forever|<life:0-2147483647>}|start-time {now|pending|after <after:word>|<at:word>}|ageout <ageout:0-2073600>|recurring}...]",
	Help: "||IP SLAs Entry Scheduling|Entry number|Length of time to execute in seconds|continue running forever|Life seconds (default 3600)|When to start this entry|Start now|Start pending|Start after a certain amount of time from now|hh:mm:ss" +
		"|hh:mm[:ss]|How long to keep this Entry when inactive|Ageout seconds (default 0 never ageout)|Probe to be scheduled automatically every day",
	Set: func(e *global, a syntax.Args) error {
		number := a.Int("number")
		o := e.It.Tracking.Operations.At(number)
		if o == nil {
			return syntax.Refuse("%%Entry not configured")
		}
		s := iosconfig.Schedule{Forever: a.Has("forever"), Life: editor.Unless(a.Int("life"), iosconfig.OperationLife), Ageout: a.Int("ageout"), Recurring: a.Has("recurring")}
		switch {
		case a.Given("after"):
			if _, ok := iosconfig.ParseSpan(a.Word("after")); !ok {
				return a.Invalid("after")
			}
			s.Start = "after " + a.Word("after")
		case a.Given("at"):
			if _, ok := iosconfig.ParseSpan(a.Word("at")); !ok {
				return a.Invalid("at")
			}
			s.Start = a.Word("at")
			noteSchedule(e, number, "does not start: here none starts at a time of day", func(n *iosconfig.Schedule) bool { return n.Start == s.Start })
		case a.Has("now"):
			s.Start = "now"
		}
		if a.Given("life") && a.Int("life") == 0 {
			return a.Invalid("life")
		}
		if s.Ageout != 0 || s.Recurring {
			noteSchedule(e, number, "runs once and stays: here ageout and recurring have no effect", func(n *iosconfig.Schedule) bool { return n.Ageout != 0 || n.Recurring })
		}
		setSchedule(e, o, &s)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		if o := e.It.Tracking.Operations.At(a.Int("number")); o != nil {
			setSchedule(e, o, nil)
		}
		return nil
	},
}

// noteSchedule says what is not done, as long as the schedule wants it.
func noteSchedule(e *global, number int, what string, wants func(*iosconfig.Schedule) bool) {
	e.Note("% IP SLA "+strconv.Itoa(number)+" "+what, func(c *iosconfig.Config) bool {
		o := c.Tracking.Operations.At(number)
		return o != nil && o.Schedule != nil && wants(o.Schedule)
	})
}

func setSchedule(e *global, o *iosconfig.Operation, s *iosconfig.Schedule) {
	next := *o
	next.Schedule = s
	e.It.Tracking.Operations.Put(strconv.Itoa(o.Number), &next)
	e.Changed(iosconfig.KindOperation, strconv.Itoa(o.Number))
	if s != nil && !o.Target.IsValid() {
		number := o.Number
		e.Note("% IP SLA "+strconv.Itoa(number)+" is no icmp-echo: here it is not carried out", func(c *iosconfig.Config) bool {
			o := c.Tracking.Operations.At(number)
			return o != nil && o.Schedule != nil && !o.Target.IsValid()
		})
	}
}

func slaMode(name string, rows ...[]editor.Row[iosconfig.Operation]) *editor.Mode[iosconfig.Operation] {
	return editor.NewMode(editor.Mode[iosconfig.Operation]{
		Name: name, Title: "IP SLAs configuration commands:", Kind: iosconfig.KindOperation,
		New: func(_ iosconfig.Generation, name string) *iosconfig.Operation {
			n, _ := strconv.Atoi(name)
			return &iosconfig.Operation{Number: n}
		},
		Get: func(c *iosconfig.Config, path []string) *iosconfig.Operation {
			return c.Tracking.Operations.Get(path[0])
		},
		Put: func(c *iosconfig.Config, path []string, o *iosconfig.Operation) {
			c.Tracking.Operations.Put(path[0], o)
		},
		Guard: notRunning,
	}, rows...)
}

// notRunning refuses to change an operation that has been started, or has been deleted meanwhile.
func notRunning(l *editor.Line, o *iosconfig.Operation) error {
	switch {
	case o == nil:
		return syntax.Refuse("%%Entry not configured")
	case o.Schedule != nil && o.Schedule.Start != "" && !l.File:
		return syntax.Refuse("Entry already running and cannot be modified\n(only can delete (no) and start over)\n(check to see if the probe has finished exiting)")
	}
	return nil
}

var (
	operationMode = slaMode("config-ip-sla", []editor.Row[iosconfig.Operation]{echoRow(echoMode)}, operationTexts, operationRows)
	echoMode      = slaMode("config-ip-sla-echo", []editor.Row[iosconfig.Operation]{echoRow(nil)}, operationRows, operationTexts)
)

// echoRow is the operation that is carried out, and leads into the mode of its parameters.
func echoRow(enters *editor.Mode[iosconfig.Operation]) editor.Row[iosconfig.Operation] {
	return editor.Row[iosconfig.Operation]{
		Syntax: "icmp-echo / {<target:ip>|<target:ip6>} [{source-ip {<source:ip>|<source:ip6>}|source-interface <interface:interface>}]",
		Help:   "ICMP Echo Operation|Destination address|Destination address|Source Address|Address of source|Address of source|Source Interface|Interface name",
		Set: func(e *operation, a syntax.Args) error {
			source := a.Addr("source")
			if source.IsValid() && source.Is4() != a.Addr("target").Is4() {
				return a.Invalid("source")
			}
			if err := e.CheckPhysical(a, "interface"); err != nil {
				return err
			}
			if enters == nil && e.It.Target != a.Addr("target") {
				return syntax.Refuse("%% IP SLA %d is an icmp-echo already: remove it first", e.It.Number)
			}
			e.It.Target, e.It.SourceIP, e.It.Source = a.Addr("target"), source, a.Word("interface")
			if enters != nil {
				e.Leave()
				editor.Enter(e.Line, enters, e.Path)
			}
			return nil
		},
		Clear: func(e *operation, _ syntax.Args) error {
			e.It.Target, e.It.SourceIP, e.It.Source = netip.Addr{}, netip.Addr{}, ""
			return nil
		},
		Show: func(e *operation) []string {
			line := "icmp-echo " + iosconfig.Upper(e.It.Target)
			if e.It.SourceIP.IsValid() {
				line += " source-ip " + iosconfig.Upper(e.It.SourceIP)
			}
			if e.It.Source != "" {
				line += " source-interface " + e.It.Source
			}
			return editor.When(e.It.Target.IsValid(), line)
		},
	}
}

// operationRows stand in the order in which IOS prints them, by which no value is too great
// for the one before it.
var operationRows = []editor.Row[iosconfig.Operation]{
	editor.Refers(editor.WordRow("vrf", "word", "Configure IP SLAs for a VPN Routing/Forwarding instance|VRF name", func(o *iosconfig.Operation) *string { return &o.VRF }), editor.VRF("vrf")),
	editor.WordRow("tag", "line", "User defined tag|Tag", func(o *iosconfig.Operation) *string { return &o.Tag }),
	editor.WordRow("owner", "line", "Owner of Entry|Owner", func(o *iosconfig.Operation) *string { return &o.Owner }),
	editor.NumberRow("request-data-size", "1-16384", "Request data size|Number of bytes in payload", func(o *iosconfig.Operation) *int { return &o.Data }),
	editor.NumberRow("tos", "0-255", "Type Of Service|Type of Service Value", func(o *iosconfig.Operation) *int { return &o.TOS }),
	editor.SwitchRow("verify-data", "Verify data", func(o *iosconfig.Operation) *bool { return &o.Verify }),
	limitRow("threshold", "1-60000", "Operation threshold in milliseconds|Millisecond threshold value", iosconfig.OperationTimeout, func(o *iosconfig.Operation) *int { return &o.Threshold }),
	limitRow("timeout", "1-604800000", "Timeout of an operation|Timeout in milliseconds", iosconfig.OperationTimeout, func(o *iosconfig.Operation) *int { return &o.Timeout }),
	limitRow("frequency", "1-604800", "Frequency of an operation|Frequency in seconds (default 60)", iosconfig.OperationFrequency, func(o *iosconfig.Operation) *int { return &o.Frequency }),
}

// limitRow is one of three numbers that bound each other: an answer is late before it is
// lost, and lost before the next echo leaves.
func limitRow(word, limits, help string, standard int, field func(*iosconfig.Operation) *int) editor.Row[iosconfig.Operation] {
	row := editor.NumberRow(word, limits, help, field)
	row.Set = func(e *operation, a syntax.Args) error {
		*field(e.It) = editor.Unless(a.Int("n"), standard)
		if e.File {
			return nil
		}
		switch threshold, timeout, frequency := e.It.Limits(); {
		case threshold > timeout && word == "threshold":
			return syntax.Refuse("%%Illegal Value: Cannot set Threshold to be greater than Timeout")
		case threshold > timeout:
			return syntax.Refuse("%%Illegal Value: Cannot set Timeout to be less than Threshold")
		case timeout > frequency && word == "timeout":
			return syntax.Refuse("%%Illegal Value: Cannot set Timeout to be greater than Frequency")
		case timeout > frequency:
			return syntax.Refuse("%%Illegal Value: Cannot set Frequency to be less than Timeout")
		}
		return nil
	}
	row.Usual = func(*operation) []string { return []string{word + " " + strconv.Itoa(standard)} }
	return row
}

// operationTexts are the operations that nothing here carries out, and what else is said of one.
var operationTexts = editor.TextRows(func(o *iosconfig.Operation) *iosconfig.Texts { return &o.Texts }, operationFamilies()...)

func operationFamilies() (list []editor.Family) {
	operations := []string{"udp-jitter", "udp-echo", "tcp-connect", "http", "dns", "path-echo", "path-jitter", "dhcp", "ftp"}
	for item := range strings.SplitSeq("udp-jitter=UDP Jitter Operation|udp-echo=UDP Echo Operation|tcp-connect=TCP Connect Operation|http=HTTP Operation|dns=DNS Query Operation|path-echo=Path Discovered ICMP Echo Operation"+
		"|path-jitter=Path Discovered ICMP Jitter Operation|dhcp=DHCP Operation|ftp=FTP Operation|history=History and Distribution Data|data-pattern=Data Pattern|percentile=Percentile|codec=Codec|df-bit=Do not fragment", "|") {
		word, help, _ := strings.Cut(item, "=")
		f := editor.Family{Words: word, Help: help}
		if slices.Contains(operations, word) {
			f.Says = func(*iosconfig.Config, *iosconfig.Text) string {
				return "% IP SLA: here no " + word + " is carried out: the operation never succeeds"
			}
		}
		list = append(list, f)
	}
	return list
}
