package iosconfig

import "strings"

// configVersion is the `version` line: the release that the language is of.
const configVersion = "version 15.1"

// New returns the configuration of a router that has none.
func New() *Config {
	return &Config{
		Hostname: defaultHostname,
		Service:  Service{DebugTimestamps: defaultTimestamps, LogTimestamps: defaultTimestamps},
		Logging:  Logging{Buffered: debugging, BufferedSize: defaultBufferSize, Console: debugging, Monitor: debugging},
		IKEv2:    IKEv2{HTTPURLCert: true, DiagnoseErrors: defaultDiagnose},
	}
}

// Running returns the lines of `show running-config` behind its header, from
// the first "!" to "end". Defaults are hidden, and Load of the lines gives a
// configuration that equals c.
func Running(c *Config) []string {
	lines := []string{"!", configVersion}
	e := &edit{Config: c}
	group := "service"
	for _, row := range configMode.table.Commands {
		if row.Show == nil {
			continue
		}
		add := row.Show(e)
		first, _, _ := strings.Cut(row.Syntax, " ")
		if len(add) > 0 && first != group {
			lines, group = append(lines, "!"), first
		}
		if row.Syntax == hostnameRow.Syntax {
			add = append(add, "!", "boot-start-marker", "boot-end-marker", "!")
		}
		lines = append(lines, add...)
	}
	return append(squeeze(append(lines, "!")), "end")
}

// RunningInterface returns the section of one interface, from its head to
// "end"; nil when there is no such interface.
func RunningInterface(c *Config, name string) []string {
	i := c.Interface(name)
	if i == nil {
		return nil
	}
	e := &edit{Config: c}
	return append(e.sectionLines("interface "+i.Name(), modeOf(i), target{iface: i}), "end")
}

// squeeze leaves one "!" where several follow each other.
func squeeze(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l != "!" || len(out) == 0 || out[len(out)-1] != "!" {
			out = append(out, l)
		}
	}
	return out
}
