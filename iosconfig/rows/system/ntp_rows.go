package system

import (
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// NTP: who is asked for the time, and whether the router tells it. What there is of it beside that is
// kept, and has no effect.

var ntpRows = []editor.Row[iosconfig.Config]{
	editor.SwitchRow("ntp logging", "Configure NTP|Enable NTP message logging", func(c *iosconfig.Config) *bool { return &c.Service.NTP.Logging }),
	ntpTexts(),
	ntpSourceRow,
	ntpMasterRow,
	ntpServerRow("ntp server", "|Configure NTP server"),
	ntpServerRow("ntp server vrf <vrf:word>", "||VPN Routing/Forwarding Information|VRF name"),
}

// ntpTexts are the other lines. `no ntp` takes away all there is.
func ntpTexts() editor.Row[iosconfig.Config] {
	row := editor.GlobalTexts(editor.Family{Words: "ntp", Help: "Configure NTP", Says: withoutEffect})[0]
	clear := row.Clear
	row.Clear = func(e *global, a syntax.Args) error {
		if a.String() == "ntp" {
			e.It.Service.NTP = iosconfig.NTP{}
		}
		return clear(e, a)
	}
	return row
}

// withoutEffect says so of a line that is kept; one that switches something off needs nothing.
func withoutEffect(_ *iosconfig.Config, t *iosconfig.Text) string {
	if strings.HasPrefix(t.Line, "no ") {
		return ""
	}
	return "% " + syntax.PublicText(t.Line) + ": accepted, but without effect here"
}

var ntpSourceRow = editor.Row[iosconfig.Config]{
	Syntax: "ntp source / <interface:interface>", Help: "|Configure interface for source address|Interface name",
	Set: func(e *global, a syntax.Args) error {
		if err := e.CheckPhysical(a, "interface"); err != nil {
			return err
		}
		name := a.Word("interface")
		e.It.Service.NTP.Source = name
		noteSource(e, name, func(c *iosconfig.Config) bool { return c.Service.NTP.Source == name })
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.Service.NTP.Source = ""; return nil },
	Show:  func(e *global) []string { return editor.Word("ntp source", e.It.Service.NTP.Source) },
}

var ntpMasterRow = editor.Row[iosconfig.Config]{
	Syntax: "ntp master / [<stratum:1-15>]", Help: "|Act as NTP master clock|Stratum number",
	Set: func(e *global, a syntax.Args) error {
		if e.It.Service.NTP.Master = iosconfig.DefaultMaster; a.Given("stratum") {
			e.It.Service.NTP.Master = a.Int("stratum")
		}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.Service.NTP.Master = 0; return nil },
	Show: func(e *global) []string {
		n := e.It.Service.NTP.Master
		if n == iosconfig.DefaultMaster {
			return []string{"ntp master"}
		}
		return editor.Number("ntp master", n)
	},
}

// ntpServerRow is `ntp server` of the global table, or of a VRF.
func ntpServerRow(command, help string) editor.Row[iosconfig.Config] {
	inVRF := command != "ntp server"
	return editor.Row[iosconfig.Config]{
		Syntax: command + " {<address:ip>|<address6:ip6>|<host:word>} / [{version <version:1-4>|key <key:1-4294967295>|maxpoll <maxpoll:4-17>|minpoll <minpoll:4-17>|source <source:interface>|prefer|burst|iburst|normal-sync}...]",
		Help: help + "|IP address of peer|IPv6 address of peer|Hostname of peer|Configure NTP version|NTP version number|Configure peer authentication key|Peer key number|Maximum poll interval|Poll value in Log2|Minimum poll interval|Poll value in Log2" +
			"|Interface for source address|Interface name|Prefer this peer when possible|Send a burst when peer is reachable|Send a burst when peer is unreachable|Disable rapid sync at startup",
		Set: setServer,
		Clear: func(e *global, a syntax.Args) error {
			list := &e.It.Service.NTP.Servers
			if list.Remove(serverArg(a).Name()); list.Len() == 0 {
				*list = iosconfig.List[iosconfig.NTPServer]{}
			}
			return nil
		},
		Show: func(e *global) (lines []string) {
			for s := range e.It.Service.NTP.Servers.All() {
				if (s.VRF != "") == inVRF {
					lines = append(lines, s.String())
				}
			}
			return lines
		},
	}
}

// serverArg reads whom a line is about.
func serverArg(a syntax.Args) *iosconfig.NTPServer {
	s := &iosconfig.NTPServer{VRF: a.Word("vrf"), Host: a.Word("host")}
	for _, name := range []string{"address", "address6"} {
		if a.Given(name) {
			s.Host = a.Addr(name).String()
		}
	}
	return s
}

func setServer(e *global, a syntax.Args) error {
	s := serverArg(a)
	if s.VRF != "" && e.Config.VRFs.Get(s.VRF) == nil {
		return syntax.Refuse("%% VRF %s not configured.", s.VRF)
	}
	if a.Given("source") {
		if err := e.CheckPhysical(a, "source"); err != nil {
			return err
		}
	}
	s.Version, s.Key, s.Source = editor.Unless(a.Int("version"), 4), a.Int("key"), a.Word("source")
	s.MinPoll, s.MaxPoll = editor.Unless(a.Int("minpoll"), 6), editor.Unless(a.Int("maxpoll"), 10)
	s.Prefer, s.Burst, s.IBurst = a.Has("prefer"), a.Has("burst"), a.Has("iburst")
	e.It.Service.NTP.Servers.Put(s.Name(), s)
	stands := func(c *iosconfig.Config) bool { return c.Service.NTP.Servers.Get(s.Name()) == s }
	e.Note("% ntp server "+s.Host+": the name is not known: no line ip host has it, and no name server is asked here", func(c *iosconfig.Config) bool {
		_, known := iosconfig.AddressOfServer(c, s)
		return stands(c) && !known
	})
	noteSource(e, s.Source, stands)
	if s.Key != 0 {
		e.Note("% ntp server "+s.Host+" key "+strconv.Itoa(s.Key)+": the key is without effect here, as messages are not authenticated", stands)
	}
	return nil
}

// noteSource tells of an interface that has to be made first.
func noteSource(e *global, name string, stands func(*iosconfig.Config) bool) {
	if name != "" && iosconfig.TypeOf(name).Logical() {
		e.Note("% NTP: interface "+name+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && c.Interface(name) == nil })
	}
}
