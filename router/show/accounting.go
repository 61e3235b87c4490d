package show

import (
	"fmt"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// Accounting is `show interfaces [NAME] accounting`: what was carried, by protocol.
type Accounting struct {
	Interfaces []Interface `json:"interfaces"`
}

// Lines shows interface by interface.
func (s Accounting) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		if v.Shutdown {
			p.linef("Interface %s is disabled", v.Name).line("")
			continue
		}
		p.line(v.Name + " " + v.Description).line("                Protocol    Pkts In   Chars In   Pkts Out  Chars Out")
		of := v.Counters
		if of.IP == (ip.ProtocolCounts{}) && of.ARP == (ip.ProtocolCounts{}) {
			p.line("No traffic sent or received on this interface.")
			continue
		}
		carried(&p, "IP", of.IP)
		carried(&p, "ARP", of.ARP)
	}
	return p.lines
}

func carried(p *page, name string, c ip.ProtocolCounts) {
	if c == (ip.ProtocolCounts{}) {
		return
	}
	p.linef("%24s %10d %10d %10d %10d", name, c.InPackets, c.InOctets, c.OutPackets, c.OutOctets)
}

// trimmed is a line without blanks at its end.
func trimmed(format string, a ...any) string {
	return strings.TrimRight(fmt.Sprintf(format, a...), " ")
}
