package show

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
)

// VLANs is `show vlans`.
type VLANs struct {
	VLANs []VLAN `json:"vlans"`
}

// VLAN is a VLAN with the subinterfaces that have it.
type VLAN struct {
	ID         int           `json:"id"`
	Interfaces []VLANMember  `json:"interfaces"`
	Total      TrafficCounts `json:"total"`
}

// VLANMember is a subinterface. What it counts is IP and the rest of the frames alike.
type VLANMember struct {
	Name    string        `json:"interface"`
	Native  bool          `json:"native"`
	Address netip.Addr    `json:"address,omitzero"`
	Counts  TrafficCounts `json:"counts"`
}

// TrafficCounts are packets and octets.
type TrafficCounts struct {
	InPackets  uint64 `json:"in_packets"`
	InOctets   uint64 `json:"in_octets"`
	OutPackets uint64 `json:"out_packets"`
	OutOctets  uint64 `json:"out_octets"`
}

// VLANsOf takes them from the interfaces.
func VLANsOf(s Source) VLANs {
	out := VLANs{VLANs: []VLAN{}}
	for _, v := range s.Interfaces("") {
		if v.VLAN == 0 {
			continue
		}
		at := slices.IndexFunc(out.VLANs, func(have VLAN) bool { return have.ID == v.VLAN })
		if at < 0 {
			at = len(out.VLANs)
			out.VLANs = append(out.VLANs, VLAN{ID: v.VLAN})
		}
		c := s.Running().Interface(v.Name)
		m := VLANMember{Name: v.Name, Native: c != nil && c.Native, Address: v.Address.Addr(), Counts: TrafficCounts{v.Counters.InPackets, v.Counters.InOctets, v.Counters.OutPackets, v.Counters.OutOctets}}
		out.VLANs[at].Interfaces = append(out.VLANs[at].Interfaces, m)
		t := &out.VLANs[at].Total
		t.InPackets, t.InOctets = t.InPackets+m.Counts.InPackets, t.InOctets+m.Counts.InOctets
		t.OutPackets, t.OutOctets = t.OutPackets+m.Counts.OutPackets, t.OutOctets+m.Counts.OutOctets
	}
	slices.SortFunc(out.VLANs, func(a, b VLAN) int { return a.ID - b.ID })
	return out
}

// Lines shows VLAN by VLAN.
func (s VLANs) Lines(iosconfig.Generation) []string {
	var p page
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	for _, v := range s.VLANs {
		p.add("", "Virtual LAN ID:  "+strconv.Itoa(v.ID)+" (IEEE 802.1Q Encapsulation)", "")
		p.line("   vLAN Trunk Interface:   " + strings.Join(members(v.Interfaces, func(m VLANMember) bool { return true }), "  "))
		if native := members(v.Interfaces, func(m VLANMember) bool { return m.Native }); len(native) > 0 {
			p.add("", " This is configured as native Vlan for the following interface(s) :", strings.Join(native, "  "))
		}
		p.add("", "   Protocols Configured:   Address:              Received:        Transmitted:")
		for _, m := range v.Interfaces {
			if m.Address.IsValid() {
				p.linef("           IP              %-15v %16d %19d", m.Address, m.Counts.InPackets, m.Counts.OutPackets)
			}
		}
		p.add("", "   "+number(v.Total.InPackets)+" packets, "+number(v.Total.InOctets)+" bytes input")
		p.line("   " + number(v.Total.OutPackets) + " packets, " + number(v.Total.OutOctets) + " bytes output")
	}
	return p.lines
}

func members(list []VLANMember, fits func(VLANMember) bool) (names []string) {
	for _, m := range list {
		if fits(m) {
			names = append(names, m.Name)
		}
	}
	return names
}
