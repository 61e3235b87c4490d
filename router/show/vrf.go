package show

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// VRFs is `show vrf`.
type VRFs struct {
	VRFs []VRF `json:"vrfs"`
}

// OldVRFs is `show ip vrf`, VRFDetails `show vrf detail` and `show ip vrf detail`.
type (
	OldVRFs    VRFs
	VRFDetails VRFs
)

// VRF is one of them.
type VRF struct {
	ID          int      `json:"vrf_id"`
	Name        string   `json:"name"`
	Old         bool     `json:"old_format"`
	Description string   `json:"description,omitempty"`
	RD          string   `json:"route_distinguisher,omitempty"`
	Protocols   []string `json:"protocols"`
	Interfaces  []string `json:"interfaces"`
}

// VRFsOf are the VRFs by name, or the one that has it.
func VRFsOf(c *iosconfig.Config, name string) VRFs {
	out := VRFs{VRFs: []VRF{}}
	for v := range c.VRFs.All() {
		if name != "" && name != v.Name {
			continue
		}
		one := VRF{ID: iosconfig.VRFNumber(c, v.Name), Name: v.Name, Old: v.Old, Description: v.Description, RD: v.RD, Protocols: []string{}, Interfaces: []string{}}
		for _, family := range []string{"ipv4", "ipv6"} {
			if v.Has(family) {
				one.Protocols = append(one.Protocols, family)
			}
		}
		for _, i := range iosconfig.InVRF(c, v.Name) {
			one.Interfaces = append(one.Interfaces, i.Name())
		}
		out.VRFs = append(out.VRFs, one)
	}
	slices.SortFunc(out.VRFs, func(a, b VRF) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// vrfRows prints a VRF, with a line for each of its interfaces.
func vrfRows(p *page, v *VRF, format string, columns ...any) {
	for i, name := range append(slices.Clone(v.Interfaces), "")[:max(1, len(v.Interfaces))] {
		if i > 0 {
			for n := range columns {
				columns[n] = ""
			}
		}
		p.line(trimmed(format, append(slices.Clone(columns), iosconfig.ShortName(name))...))
	}
}

// Lines is the table.
func (s VRFs) Lines(iosconfig.Generation) []string {
	var p page
	p.line("  Name                             Default RD            Protocols   Interfaces")
	for i := range s.VRFs {
		v := &s.VRFs[i]
		vrfRows(&p, v, "  %-33s%-22s%-12s%s", v.Name, orElse(v.RD, "<not set>"), strings.Join(v.Protocols, ","))
	}
	return p.lines
}

// Lines is the table without protocols.
func (s OldVRFs) Lines(iosconfig.Generation) []string {
	var p page
	p.line("  Name                             Default RD            Interfaces")
	for i := range s.VRFs {
		v := &s.VRFs[i]
		vrfRows(&p, v, "  %-33s%-22s%s", v.Name, orElse(v.RD, "<not set>"))
	}
	return p.lines
}

// Lines are the VRFs one behind the other. No routes are imported or exported here.
func (s VRFDetails) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.VRFs {
		vrfDetail(&p, &s.VRFs[i])
	}
	return p.lines
}

func vrfDetail(p *page, v *VRF) {
	p.linef("VRF %s (VRF Id = %d); default RD %s; default VPNID <not set>", v.Name, v.ID, orElse(v.RD, "<not set>"))
	if v.Description != "" {
		p.linef("  Description: %s", v.Description)
	}
	format, flags := "New CLI format, supports multiple address-families", "0x1808"
	if v.Old {
		format, flags = "Old CLI format, supports IPv4 only", "0xC"
	} else if v.RD != "" {
		flags = "0x180C"
	}
	p.linef("  %s", format).linef("  Flags: %s", flags)
	if len(v.Interfaces) == 0 {
		p.line("  No interfaces")
	} else {
		p.line("  Interfaces:")
		for row := range slices.Chunk(v.Interfaces, 3) {
			text := "    "
			for _, name := range row {
				text += fmt.Sprintf("%-25s", iosconfig.ShortName(name))
			}
			p.line(text)
		}
	}
	for _, family := range []string{"ipv4", "ipv6"} {
		vrfFamily(p, v, family)
	}
	p.line("Address family ipv4 multicast not active")
	if !v.Old {
		p.line("Address family ipv6 multicast not active")
	}
	p.line("")
}

func vrfFamily(p *page, v *VRF, family string) {
	if !slices.Contains(v.Protocols, family) {
		p.linef("Address family %s unicast not active", family)
		return
	}
	table := v.ID
	if family == "ipv6" {
		table |= 0x1E000000
	}
	p.linef("Address family %s unicast (Table ID = 0x%X):", family, table).line("  Flags: 0x0")
	p.line("  No Export VPN route-target communities").line("  No Import VPN route-target communities").line("  No import route-map").line("  No global export route-map").line("  No export route-map")
	p.line("  VRF label distribution protocol: not configured").line("  VRF label allocation mode: per-prefix")
}

// VRFInterfaces is `show ip vrf interfaces`.
type VRFInterfaces struct {
	Interfaces []Interface `json:"interfaces"`
}

// VRFInterfacesOf are the interfaces of a VRF, or of all.
func VRFInterfacesOf(s Source, vrf string) VRFInterfaces {
	return VRFInterfaces{slices.DeleteFunc(interfaces(s, ""), func(v Interface) bool { return v.VRF == "" || vrf != "" && v.VRF != vrf })}
}

// InterfacesIn are the interfaces of one VRF.
func InterfacesIn(s Source, vrf string) []Interface { return VRFInterfacesOf(s, vrf).Interfaces }

// NeighboursOf is `show arp`, of the global table or of a VRF.
func NeighboursOf(s Source, now time.Time, vrf string) Neighbours {
	return Neighbours{Now: now, Entries: slices.DeleteFunc(s.Neighbours(), func(n ip.NeighbourState) bool {
		i := s.Running().Interface(n.Interface)
		return i == nil && vrf != "" || i != nil && i.VRF != vrf
	})}
}

// Lines is the table.
func (s VRFInterfaces) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Interface              IP-Address      VRF                              Protocol")
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		address := "unassigned"
		if v.Address.IsValid() {
			address = v.Address.Addr().String()
		}
		p.linef("%-22s %-15s %-32s %s", iosconfig.ShortName(v.Name), address, v.VRF, upDown(v.Protocol))
	}
	return p.lines
}
