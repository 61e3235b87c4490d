package show

import (
	"fmt"
	"slices"
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

// VRFs is `show vrf` and `show ip vrf`: the names that are configured.
type VRFs struct {
	VRFs []VRF `json:"vrfs"`
	Old  bool  `json:"-"` // `show ip vrf`
}

// VRF is one of them.
type VRF struct {
	Name       string   `json:"name"`
	RD         string   `json:"route_distinguisher,omitempty"`
	Protocols  []string `json:"protocols"`
	Interfaces []string `json:"interfaces"`
}

// VRFsOf reads them from the configuration, which keeps them as text.
func VRFsOf(c *iosconfig.Config, old bool) VRFs {
	out := VRFs{VRFs: []VRF{}, Old: old}
	for _, family := range []string{"ip vrf", "vrf definition"} {
		list := c.Texts.Family(family)
		for t := range list.All() {
			out.VRFs = append(out.VRFs, vrf(c, t, family))
		}
	}
	slices.SortFunc(out.VRFs, func(a, b VRF) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func vrf(c *iosconfig.Config, t *iosconfig.Text, family string) VRF {
	one := VRF{Name: strings.TrimSpace(strings.TrimPrefix(t.Line, family)), Protocols: []string{}, Interfaces: []string{}}
	if family == "ip vrf" {
		one.Protocols = append(one.Protocols, "ipv4")
	}
	for below := range t.Below.All() {
		switch f := strings.Fields(below.Line); {
		case len(f) > 1 && f[0] == "rd":
			one.RD = f[1]
		case len(f) > 1 && f[0] == "address-family" && !slices.Contains(one.Protocols, f[1]):
			one.Protocols = append(one.Protocols, f[1])
		}
	}
	for i := range c.Interfaces.All() {
		for _, words := range []string{"vrf forwarding", "ip vrf forwarding"} {
			if slices.Contains(i.Texts.Lines(words), words+" "+one.Name) {
				one.Interfaces = append(one.Interfaces, i.Name())
			}
		}
	}
	return one
}

// trimmed is a line without blanks at its end.
func trimmed(format string, a ...any) string {
	return strings.TrimRight(fmt.Sprintf(format, a...), " ")
}

// Lines is the table.
func (s VRFs) Lines(iosconfig.Generation) []string {
	var p page
	if s.Old {
		p.line("  Name                             Default RD            Interfaces")
	} else {
		p.line("  Name                             Default RD            Protocols   Interfaces")
	}
	for _, v := range s.VRFs {
		of := append(slices.Clone(v.Interfaces), "")
		for i, name := range of[:max(1, len(v.Interfaces))] {
			head, rd, protocols := v.Name, orElse(v.RD, "<not set>"), strings.Join(v.Protocols, ",")
			if i > 0 {
				head, rd, protocols = "", "", ""
			}
			if s.Old {
				p.line(trimmed("  %-33s%-22s%s", head, rd, shortName(name)))
			} else {
				p.line(trimmed("  %-33s%-22s%-12s%s", head, rd, protocols, shortName(name)))
			}
		}
	}
	return p.lines
}
