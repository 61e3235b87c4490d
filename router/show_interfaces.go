package router

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// linkState is the first column of state: what `show interfaces` says before
// "line protocol".
func (v ifaceView) linkState() string {
	switch {
	case v.Config.Shutdown:
		return "administratively down"
	case v.Up:
		return "up"
	}
	return "down"
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

// showInterfaces is `show interfaces [NAME]`.
func (x *exec) showInterfaces(name string) {
	for _, v := range x.r.ifaceViews() {
		if name == "" || v.Config.Name() == name {
			x.iface(v)
		}
	}
}

func (x *exec) iface(v ifaceView) {
	x.linef("%s is %s, line protocol is %s ", v.Config.Name(), v.linkState(), upDown(v.Protocol))
	x.hardware(v)
	if v.Config.Description != "" {
		x.linef("  Description: %s", v.Config.Description)
	}
	if v.Config.Address.IsValid() {
		x.linef("  Internet address is %v", v.Config.Address)
	}
	kind := kinds[v.Config.Type]
	bandwidth, delay := kind.bandwidth, kind.delay
	if v.Config.Bandwidth != 0 {
		bandwidth = v.Config.Bandwidth
	}
	if v.Config.Delay != 0 {
		delay = v.Config.Delay * 10
	}
	x.linef("  MTU %d bytes, BW %d Kbit/sec, DLY %d usec, ", kind.mtu, bandwidth, delay)
	x.line("     reliability 255/255, txload 1/255, rxload 1/255")
	x.linef("  Encapsulation %s, loopback not set", kind.encapsulation)
	x.linef("  Keepalive %s", kind.keepalive)
	switch {
	case v.Physical:
		x.line("  ARP type: ARPA, ARP Timeout 04:00:00")
	case v.Config.Type == iosconfig.Tunnel:
		x.tunnelLines(v)
	}
	x.ifaceCounters(v)
}

// kinds are what IOS shows of an interface type, whatever its configuration.
var kinds = map[iosconfig.InterfaceType]struct {
	hardware, encapsulation, keepalive string
	mtu, bandwidth, delay              int
}{
	iosconfig.Ethernet:        {"AmdP2", "ARPA", "set (10 sec)", 1500, 10000, 1000},
	iosconfig.FastEthernet:    {"AmdFE", "ARPA", "set (10 sec)", 1500, 100000, 100},
	iosconfig.GigabitEthernet: {"iGbE", "ARPA", "set (10 sec)", 1500, 1000000, 10},
	iosconfig.Loopback:        {"Loopback", "LOOPBACK", "set (10 sec)", 1514, 8000000, 5000},
	iosconfig.Tunnel:          {"Tunnel", "TUNNEL", "not set", 17878, 100, 50000},
}

func (x *exec) hardware(v ifaceView) {
	text := "  Hardware is " + kinds[v.Config.Type].hardware
	if v.Physical {
		mac := macText(v.MAC)
		text += fmt.Sprintf(", address is %s (bia %s)", mac, mac)
	}
	x.line(text)
}

// macText is a MAC address in IOS's form: aabb.cc00.0100.
func macText(m [6]byte) string {
	return fmt.Sprintf("%02x%02x.%02x%02x.%02x%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

func (x *exec) tunnelLines(v ifaceView) {
	t := v.Config.Tunnel
	source := "UNKNOWN"
	switch {
	case t.SourceInterface != "":
		if a := x.r.interfaceAddress(t.SourceInterface); a.IsValid() {
			source = fmt.Sprintf("%v (%s)", a, t.SourceInterface)
		}
	case t.Source.IsValid():
		source = t.Source.String()
	}
	destination := "UNKNOWN"
	if t.Destination.IsValid() {
		destination = t.Destination.String()
	}
	x.linef("  Tunnel source %s, destination %s", source, destination)
	if t.Mode == "ipsec ipv4" {
		x.line("  Tunnel protocol/transport IPSEC/IP")
	} else {
		x.line("  Tunnel protocol/transport GRE/IP")
		x.line("    Key disabled, sequencing disabled")
		x.line("    Checksumming of packets disabled")
	}
	ttl := t.TTL
	if ttl == 0 {
		ttl = 255
	}
	x.linef("  Tunnel TTL %d", ttl)
	x.linef("  Tunnel transport MTU %d bytes", v.MTU)
	x.line("  Tunnel transmit bandwidth 8000 (kbps)")
	x.line("  Tunnel receive bandwidth 8000 (kbps)")
	if t.Protection != "" {
		x.linef("  Tunnel protection via IPSec (profile \"%s\")", t.Protection)
	}
}

// interfaceAddress is the primary address configured on an interface.
func (r *Router) interfaceAddress(name string) netip.Addr {
	for _, ifc := range r.running().Interfaces {
		if ifc.Name() == name {
			return ifc.Address.Addr()
		}
	}
	return netip.Addr{}
}

// ago is a moment as "Last input" shows it.
func (x *exec) ago(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return shortAge(x.now.Sub(t))
}

// rate is the mean load since the counters began. IOS shows a moving mean of
// five minutes, which would cost every idle router a timer.
func (x *exec) rate(v ifaceView, octets, packets uint64) string {
	since := v.Cleared
	if since.IsZero() {
		since = x.r.startedAt()
	}
	elapsed := uint64(max(1, seconds(x.now.Sub(since))))
	return fmt.Sprintf("%d bits/sec, %d packets/sec", octets*8/elapsed/1000*1000, packets/elapsed)
}

func (x *exec) ifaceCounters(v ifaceView) {
	x.linef("  Last input %s, output %s, output hang never", x.ago(v.LastIn), x.ago(v.LastOut))
	x.linef("  Last clearing of \"show interface\" counters %s", x.ago(v.Cleared))
	x.linef("  Input queue: 0/75/%d/0 (size/max/drops/flushes); Total output drops: %d", v.InDrops, v.OutDrops)
	x.line("  Queueing strategy: fifo")
	queue := 40
	if !v.Physical {
		queue = 0
	}
	x.linef("  Output queue: 0/%d (size/max)", queue)
	x.linef("  5 minute input rate %s", x.rate(v, v.InOctets, v.InPackets))
	x.linef("  5 minute output rate %s", x.rate(v, v.OutOctets, v.OutPackets))
	x.linef("     %d packets input, %d bytes, 0 no buffer", v.InPackets, v.InOctets)
	x.linef("     Received %d broadcasts (0 IP multicasts)", v.Broadcasts)
	x.line("     0 runts, 0 giants, 0 throttles ")
	x.linef("     %d input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored", v.InErrors)
	if v.Physical {
		x.line("     0 input packets with dribble condition detected")
	}
	x.linef("     %d packets output, %d bytes, 0 underruns", v.OutPackets, v.OutOctets)
	x.linef("     %d output errors, 0 collisions, %d interface resets", v.OutErrors, v.Resets)
	x.linef("     %d unknown protocol drops", v.Unknown)
	if v.Physical {
		x.line("     0 babbles, 0 late collision, 0 deferred")
		x.line("     0 lost carrier, 0 no carrier")
	}
	x.line("     0 output buffer failures, 0 output buffers swapped out")
}

// showIPInterfaceBrief is `show ip interface brief`.
func (x *exec) showIPInterfaceBrief() {
	x.line("Interface                  IP-Address      OK? Method Status                Protocol")
	for _, v := range x.r.ifaceViews() {
		addr, method := "unassigned", "unset"
		if v.Config.Address.IsValid() {
			addr, method = v.Config.Address.Addr().String(), "manual"
			if x.r.startupHas(v.Config) {
				method = "NVRAM"
			}
		}
		x.line(strings.TrimRight(fmt.Sprintf("%-27s%-16sYES %-7s%-22s%s", v.Config.Name(), addr, method, v.linkState(), upDown(v.Protocol)), " "))
	}
}
