package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
)

// IPInterfaces is `show ip interface [NAME]`.
type IPInterfaces struct {
	Interfaces []IPInterface `json:"interfaces"`
}

// IPInterface is an interface as the Internet layer sees it.
type IPInterface struct {
	Interface
	Stored    bool           `json:"address_in_startup_config"`
	Secondary []netip.Prefix `json:"secondary_addresses,omitempty"`
	In        string         `json:"inbound_access_list,omitempty"`
	Out       string         `json:"outgoing_access_list,omitempty"`
	Quiet     bool           `json:"no_unreachables"`
	NAT       string         `json:"nat,omitempty"` // inside, outside
	Helpers   []netip.Addr   `json:"helper_addresses,omitempty"`
}

// IPInterfacesOf is all of them, or the one with the name.
func IPInterfacesOf(s Source, saved *iosconfig.Config, name string) IPInterfaces {
	out := IPInterfaces{Interfaces: []IPInterface{}}
	for _, v := range interfaces(s, name) {
		if name != "" || v.listed() {
			out.Interfaces = append(out.Interfaces, ipInterface(v, s.Running().Interface(v.Name), saved))
		}
	}
	return out
}

func ipInterface(v Interface, c *iosconfig.Interface, saved *iosconfig.Config) IPInterface {
	one := IPInterface{Interface: v}
	if c != nil {
		one.Secondary, one.In, one.Out, one.NAT, one.Helpers = c.Secondary, c.AccessGroups[0], c.AccessGroups[1], c.NAT, c.Helpers
		one.Quiet = slices.Contains(slices.Concat(c.Kept, c.Texts.Lines("ip unreachables")), "no ip unreachables")
	}
	if saved == nil {
		return one
	}
	if before := saved.Interface(v.Name); before != nil {
		one.Stored = before.Address == v.Address
	}
	return one
}

// Lines shows interface by interface.
func (s IPInterfaces) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Interfaces {
		showIPInterface(&p, &s.Interfaces[i])
	}
	return p.lines
}

// showIPInterface says what is so. What is not simulated is said to be off: proxy ARP,
// redirects and what else IOS has a line for, whatever is
// configured; lines about how packets are switched are not there.
func showIPInterface(p *page, v *IPInterface) {
	p.linef("%s is %s, line protocol is %s", v.Name, linkState(&v.InterfaceState), upDown(v.Protocol))
	switch {
	case v.Address.IsValid():
	case v.DHCP:
		p.line(negotiated)
		return
	default:
		p.line("  Internet protocol processing disabled")
		return
	}
	addressOf(p, v)
	p.linef("  MTU is %d bytes", v.MTU)
	p.add(helperLines(v.Helpers)...)
	p.line("  Directed broadcast forwarding is disabled")
	for _, a := range v.Secondary {
		p.linef("  Secondary address %v", a)
	}
	p.linef("  Outgoing access list is %s", orElse(v.Out, "not set"))
	p.linef("  Inbound  access list is %s", orElse(v.In, "not set"))
	p.add("  Proxy ARP is disabled", "  Local Proxy ARP is disabled", "  ICMP redirects are never sent")
	p.linef("  ICMP unreachables are %s sent", alwaysNever(!v.Quiet))
	p.line("  ICMP mask replies are never sent")
	if v.VRF != "" {
		p.linef("  VPN Routing/Forwarding %q", v.VRF)
	}
	p.add("  Router Discovery is disabled", "  IP output packet accounting is disabled",
		"  IP access violation accounting is disabled", "  TCP/IP header compression is disabled", "  RTP/IP header compression is disabled",
		"  Policy routing is disabled")
	if v.NAT == "" {
		p.line("  Network address translation is disabled")
	} else {
		p.line("  Network address translation is enabled, interface in domain " + v.NAT)
	}
	p.add("  BGP Policy Mapping is disabled", "  IPv4 WCCP Redirect outbound is disabled", "  IPv4 WCCP Redirect inbound is disabled",
		"  IPv4 WCCP Redirect exclude is disabled")
}

// addressOf is the interface's own address, or whose it uses.
func addressOf(p *page, v *IPInterface) {
	if v.Lender != "" {
		p.linef("  Interface is unnumbered. Using address of %s (%v)", v.Lender, v.Address.Addr())
		p.line("  Broadcast address is 255.255.255.255")
		return
	}
	how := "setup command"
	if v.Stored {
		how = "non-volatile memory"
	}
	if v.DHCP {
		how = "DHCP"
	}
	p.linef("  Internet address is %v", v.Address)
	p.line("  Broadcast address is 255.255.255.255").line("  Address determined by " + how)
}

// helperLines are those of `ip helper-address`.
func helperLines(list []netip.Addr) []string {
	switch len(list) {
	case 0:
		return []string{"  Helper address is not set"}
	case 1:
		return []string{"  Helper address is " + list[0].String()}
	}
	lines := []string{"  Helper addresses are " + list[0].String()}
	for _, a := range list[1:] {
		lines = append(lines, "                       "+a.String())
	}
	return lines
}

func alwaysNever(on bool) string {
	if on {
		return "always"
	}
	return "never"
}

// Descriptions is `show interfaces description`.
type Descriptions struct {
	Interfaces []Interface `json:"interfaces"`
}

// Lines is the table.
func (s Descriptions) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Interface                      Status         Protocol Description")
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		status := upDown(v.Up)
		if v.Shutdown {
			status = "admin down"
		}
		p.line(strings.TrimRight(fmt.Sprintf("%-31s%-15s%-9s%s", iosconfig.ShortName(v.Name), status, upDown(v.Protocol), v.Description), " "))
	}
	return p.lines
}

// InterfaceSummary is `show interfaces summary`.
type InterfaceSummary struct {
	Interfaces []Interface `json:"interfaces"`
}

// Lines is the table.
func (s InterfaceSummary) Lines(iosconfig.Generation) []string {
	var p page
	p.add("", " *: interface is up", " IHQ: pkts in input hold queue     IQD: pkts dropped from input queue", " OHQ: pkts in output hold queue    OQD: pkts dropped from output queue",
		" RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)", " TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)", " TRTL: throttle count", "")
	p.line("  Interface                   IHQ       IQD       OHQ       OQD      RXBS      RXPS      TXBS      TXPS      TRTL")
	p.line(strings.Repeat("-", 117))
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		mark, c := " ", v.Counters
		if v.Up && v.Protocol {
			mark = "*"
		}
		load := v.Load
		p.linef("%s %-24s%8d%10d%10d%10d%10d%10d%10d%10d%10d", mark, v.Name, 0, c.InDrops, 0, c.OutDrops, load.InBits, load.InPackets, load.OutBits, load.OutPackets, 0)
	}
	return p.lines
}
