package show

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/tunnel"
	"ikelab/router/words"
)

// Interfaces is `show interfaces [NAME]`.
type Interfaces struct {
	Now        time.Time   `json:"now"`
	Started    time.Time   `json:"started"` // since when rates are counted
	Interfaces []Interface `json:"interfaces"`
}

// Interface is an interface, and what a tunnel has beyond it.
type Interface struct {
	ip.InterfaceState
	Shape
	Load   *Load            `json:"load,omitempty"`
	VRF    string           `json:"vrf,omitempty"`
	Six    *ip.SixInterface `json:"ipv6,omitempty"` // nil: it does not speak it
	Tunnel *tunnel.State    `json:"tunnel,omitempty"`
}

// Shape is what IOS shows of an interface's type.
type Shape struct {
	Hardware      string `json:"hardware,omitempty"`
	Encapsulation string `json:"encapsulation,omitempty"`
	Keepalive     string `json:"keepalive,omitempty"`
}

// Load is the mean load of an interface since its counters began. IOS shows a moving mean
// of five minutes, which would cost every idle router a timer.
type Load struct {
	InBits     uint64 `json:"in_bits_per_second"`
	InPackets  uint64 `json:"in_packets_per_second"`
	OutBits    uint64 `json:"out_bits_per_second"`
	OutPackets uint64 `json:"out_packets_per_second"`
}

// loadOf works out an interface's.
func loadOf(v *ip.InterfaceState, started, now time.Time) *Load {
	since := v.Cleared
	if since.IsZero() {
		since = started
	}
	elapsed, c := uint64(max(1, words.Seconds(now.Sub(since)))), &v.Counters
	bits := func(octets uint64) uint64 { return octets * 8 / elapsed / 1000 * 1000 }
	return &Load{bits(c.InOctets), c.InPackets / elapsed, bits(c.OutOctets), c.OutPackets / elapsed}
}

// listed says whether an interface is shown unasked: all but Null0.
func (v *Interface) listed() bool { return v.Type != string(iosconfig.Null) }

// Lines shows interface by interface.
func (s Interfaces) Lines(g iosconfig.Generation) []string {
	var p page
	for i := range s.Interfaces {
		p.iface(&s, &s.Interfaces[i], g)
	}
	return p.lines
}

// negotiated stands for the address that an interface does not have yet.
const negotiated = "  Internet address will be negotiated using DHCP"

// linkState is what stands before "line protocol".
func linkState(v *ip.InterfaceState) string {
	if v.Shutdown {
		return "administratively down"
	}
	return upDown(v.Up)
}

// kind is what IOS shows of an interface type, whatever its configuration.
type kind struct {
	hardware, encapsulation, keepalive string
	mtu, bandwidth, delay              int
}

var kinds = map[iosconfig.InterfaceType]kind{
	iosconfig.Ethernet:           {"AmdP2", "ARPA", "set (10 sec)", 1500, 10000, 1000},
	iosconfig.FastEthernet:       {"AmdFE", "ARPA", "set (10 sec)", 1500, 100000, 100},
	iosconfig.GigabitEthernet:    {"iGbE", "ARPA", "set (10 sec)", 1500, 1000000, 10},
	iosconfig.TenGigabitEthernet: {"iGbE", "ARPA", "set (10 sec)", 1500, 10000000, 10},
	"TwoGigabitEthernet":         {"iGbE", "ARPA", "set (10 sec)", 1500, 2500000, 10},
	"FiveGigabitEthernet":        {"iGbE", "ARPA", "set (10 sec)", 1500, 5000000, 10},
	"TwentyFiveGigE":             {"iGbE", "ARPA", "set (10 sec)", 1500, 25000000, 10},
	"FortyGigabitEthernet":       {"iGbE", "ARPA", "set (10 sec)", 1500, 40000000, 10},
	"HundredGigE":                {"iGbE", "ARPA", "set (10 sec)", 1500, 100000000, 10},
	"Serial":                     {"GT96K Serial", "HDLC", "set (10 sec)", 1500, 1544, 20000},
	"Dialer":                     {"Unknown", "PPP", "set (10 sec)", 1500, 56, 20000},
	iosconfig.Loopback:           {"Loopback", "LOOPBACK", "set (10 sec)", 1514, 8000000, 5000},
	iosconfig.Tunnel:             {"Tunnel", "TUNNEL", "not set", 17878, 100, 50000},
	iosconfig.VirtualAccess:      {"Virtual Access interface", "TUNNEL", "not set", 17878, 100, 50000},
	iosconfig.PortChannel:        {"GEChannel", "ARPA", "set (10 sec)", 1500, 1000000, 10},
	iosconfig.Vlan:               {"EtherSVI", "ARPA", "not supported", 1500, 1000000, 10},
	iosconfig.VirtualTemplate:    {"Virtual Template interface", "PPP", "set (10 sec)", 1500, 100000, 100000},
	iosconfig.Null:               {"Unknown", "ARPA", "set (10 sec)", 1500, 10000000, 0},
}

// greMTU is what IOS shows of a tunnel that adds 24 octets to each packet; its
// MTU of IP packets stands further down.
const greMTU = 17916

// xeTunnelMTU is the only one that is known of XE, of a protected GRE tunnel.
const xeTunnelMTU = 9918

// shape gives an interface what its kind has and nothing configures; one that is not
// listed is a gigabit Ethernet.
func (v *Interface) shape(g iosconfig.Generation) {
	k, ok := kinds[iosconfig.InterfaceType(v.Type)]
	if !ok {
		k = kinds[iosconfig.GigabitEthernet]
	}
	if v.VLAN != 0 {
		k.encapsulation = fmt.Sprintf("802.1Q Virtual LAN, Vlan ID  %d.", v.VLAN)
	}
	switch {
	case v.Physical && g == iosconfig.XE17:
		k.hardware = "CSR vNIC"
	case v.Tunnel != nil && g == iosconfig.XE17:
		k.mtu = xeTunnelMTU
	case v.Tunnel != nil && !strings.HasPrefix(v.Tunnel.Mode, "ipsec"):
		k.mtu = greMTU
	}
	if t := v.Tunnel; t != nil && t.Keepalive > 0 {
		k.keepalive = fmt.Sprintf("set (%d sec), retries %d", t.Keepalive, t.Retries)
	}
	v.Shape = Shape{k.hardware, k.encapsulation, k.keepalive}
	v.Bandwidth, v.Delay, v.LinkMTU = orNumber(v.Bandwidth, k.bandwidth), orNumber(v.Delay, k.delay), orNumber(v.LinkMTU, k.mtu)
}

func (p *page) iface(s *Interfaces, v *Interface, g iosconfig.Generation) {
	p.linef("%s is %s, line protocol is %s ", v.Name, linkState(&v.InterfaceState), upDown(v.Protocol))
	hardware := "  Hardware is " + v.Hardware
	if v.MAC != (ip.MAC{}) && (v.Physical || strings.Contains(v.Name, ".")) {
		hardware += fmt.Sprintf(", address is %v (bia %v)", v.MAC, v.MAC)
	}
	p.line(hardware)
	if v.Description != "" {
		p.linef("  Description: %s", v.Description)
	}
	switch {
	case v.Lender != "":
		p.linef("  Interface is unnumbered. Using address of %s (%s)", v.Lender, addrOr(v.Address.Addr(), "0.0.0.0"))
	case v.Address.IsValid():
		p.linef("  Internet address is %v", v.Address)
	case v.DHCP:
		p.line(negotiated)
	}
	p.linef("  MTU %d bytes, BW %d Kbit/sec, DLY %d usec, ", v.LinkMTU, v.Bandwidth, v.Delay)
	p.line("     reliability 255/255, txload 1/255, rxload 1/255")
	if v.VLAN != 0 {
		p.add("  Encapsulation "+v.Encapsulation, "  ARP type: ARPA, ARP Timeout 04:00:00", "  Keepalive "+v.Keepalive)
		p.linef("  Last clearing of \"show interface\" counters %s", ago(v.Cleared, s.Now))
		return
	}
	p.linef("  Encapsulation %s, loopback not set", v.Encapsulation)
	p.linef("  Keepalive %s", v.Keepalive)
	switch {
	case v.Physical:
		p.line("  ARP type: ARPA, ARP Timeout 04:00:00")
	case v.Tunnel != nil:
		p.tunnel(s, v, g)
	}
	p.counters(s, v)
}

func (p *page) tunnel(s *Interfaces, v *Interface, g iosconfig.Generation) {
	t := v.Tunnel
	if g == iosconfig.XE17 {
		p.linef("  Tunnel linestate evaluation %s", upDown(v.Protocol))
	}
	source := "UNKNOWN"
	switch {
	case t.Source.IsValid() && t.SourceInterface != "":
		source = fmt.Sprintf("%s (%s)", iosconfig.Upper(t.Source), t.SourceInterface)
	case t.Source.IsValid():
		source = iosconfig.Upper(t.Source)
	}
	p.linef("  Tunnel source %s, destination %s", source, strings.ToUpper(addrOr(t.Destination, "UNKNOWN")))
	switch {
	case strings.HasPrefix(t.Mode, "ipsec"):
		over := "IP"
		if t.Destination.Is6() {
			over = "IPV6"
		}
		p.line("  Tunnel protocol/transport IPSEC/" + over)
		p.linef("  Tunnel TTL %d", t.TTL)
	case t.Mode == iosconfig.TunnelIPIP:
		p.line("  Tunnel protocol/transport IP/IP")
		p.linef("  Tunnel TTL %d, Fast tunneling enabled", t.TTL)
	default:
		p.gre(t)
	}
	if d := t.PathMTU; d != nil {
		p.linef("  Path MTU Discovery, ager %s, min MTU %d, MTU %d, expires %s", ager(d.Age), d.Least, d.Learned, expiry(s, d))
	}
	p.linef("  Tunnel transport MTU %d bytes", v.MTU)
	p.line("  Tunnel transmit bandwidth 8000 (kbps)")
	p.line("  Tunnel receive bandwidth 8000 (kbps)")
	if t.Protection != "" {
		p.linef("  Tunnel protection via IPSec (profile \"%s\")", t.Protection)
	}
}

func (p *page) gre(t *tunnel.State) {
	p.line("  Tunnel protocol/transport GRE/IP")
	if t.Keyed {
		p.linef("    Key 0x%X, sequencing disabled", t.Key)
	} else {
		p.line("    Key disabled, sequencing disabled")
	}
	p.linef("    Checksumming of packets %s", enabled(t.Checksum))
	p.linef("  Tunnel TTL %d, Fast tunneling enabled", t.TTL)
}

func ager(minutes int) string {
	if minutes == 0 {
		return "infinite"
	}
	return fmt.Sprintf("%d mins", minutes)
}

func expiry(s *Interfaces, d *tunnel.PathState) string {
	if d.Expires.IsZero() {
		return "never"
	}
	return words.Age(d.Expires.Sub(s.Now))
}

func enabled(on bool) string {
	if on {
		return "enabled"
	}
	return "disabled"
}

func addrOr(a netip.Addr, otherwise string) string {
	if !a.IsValid() {
		return otherwise
	}
	return a.String()
}

// ago is a moment as "Last input" shows it.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return words.Age(now.Sub(t))
}

func (p *page) counters(s *Interfaces, v *Interface) {
	c, load := &v.Counters, v.Load
	p.linef("  Last input %s, output %s, output hang never", ago(v.LastInput, s.Now), ago(v.LastOutput, s.Now))
	p.linef("  Last clearing of \"show interface\" counters %s", ago(v.Cleared, s.Now))
	p.linef("  Input queue: 0/75/%d/0 (size/max/drops/flushes); Total output drops: %d", c.InDrops, c.OutDrops)
	p.line("  Queueing strategy: fifo")
	queue := 40
	if !v.Physical {
		queue = 0
	}
	p.linef("  Output queue: 0/%d (size/max)", queue)
	p.linef("  5 minute input rate %d bits/sec, %d packets/sec", load.InBits, load.InPackets)
	p.linef("  5 minute output rate %d bits/sec, %d packets/sec", load.OutBits, load.OutPackets)
	p.linef("     %d packets input, %d bytes, 0 no buffer", c.InPackets, c.InOctets)
	p.linef("     Received %d broadcasts (0 IP multicasts)", c.Broadcasts)
	p.line("     0 runts, 0 giants, 0 throttles ")
	p.linef("     %d input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored", c.InErrors)
	if v.Physical {
		p.line("     0 input packets with dribble condition detected")
	}
	p.linef("     %d packets output, %d bytes, 0 underruns", c.OutPackets, c.OutOctets)
	p.linef("     %d output errors, 0 collisions, %d interface resets", c.OutErrors, c.Resets)
	p.linef("     %d unknown protocol drops", c.Unknown)
	if v.Physical {
		p.line("     0 babbles, 0 late collision, 0 deferred")
		p.line("     0 lost carrier, 0 no carrier")
	}
	p.line("     0 output buffer failures, 0 output buffers swapped out")
}

// InterfaceBrief is `show ip interface brief`.
type InterfaceBrief struct {
	Interfaces []BriefRow `json:"interfaces"`
}

// BriefRow is an interface in one line.
type BriefRow struct {
	Name     string `json:"interface"`
	Address  string `json:"ip_address"` // or "unassigned"
	Method   string `json:"method"`     // unset, manual, NVRAM, DHCP
	Status   string `json:"status"`
	Protocol string `json:"protocol"`
}

// InterfaceBriefOf needs the saved configuration, which says how an interface
// came by its address; nil: there is none.
func InterfaceBriefOf(list []Interface, saved *iosconfig.Config) InterfaceBrief {
	stored := map[string]netip.Prefix{}
	if saved != nil {
		for i := range saved.Interfaces.All() {
			stored[i.Name()] = i.Address
		}
	}
	s := InterfaceBrief{Interfaces: []BriefRow{}}
	for i := range list {
		if !list[i].listed() {
			continue
		}
		v := &list[i].InterfaceState
		row := BriefRow{Name: v.Name, Address: "unassigned", Method: "unset", Status: linkState(v), Protocol: upDown(v.Protocol)}
		if v.Address.IsValid() {
			row.Address, row.Method = v.Address.Addr().String(), "manual"
			if stored[v.Name] == v.Address {
				row.Method = "NVRAM"
			}
			if v.Lender != "" {
				row.Method = "unset"
			}
		}
		if v.DHCP {
			row.Method = "DHCP"
		}
		s.Interfaces = append(s.Interfaces, row)
	}
	return s
}

// Lines is the table.
func (s InterfaceBrief) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Interface                  IP-Address      OK? Method Status                Protocol")
	for _, r := range s.Interfaces {
		p.line(strings.TrimRight(fmt.Sprintf("%-27s%-16sYES %-7s%-22s%s", r.Name, r.Address, r.Method, r.Status, r.Protocol), " "))
	}
	return p.lines
}
