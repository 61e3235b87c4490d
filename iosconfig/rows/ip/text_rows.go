package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// What stands below interfaces and cannot matter to a tunnel, by the words with
// which it begins. Nothing checks what follows them.

func interfaceTexts(families ...editor.Family) []editor.Row[iosconfig.Interface] {
	return editor.TextRows(func(i *iosconfig.Interface) *iosconfig.Texts { return &i.Texts }, families...)
}

var vrfTexts = interfaceTexts(
	editor.Family{Words: "ip vrf receive", Help: "Add interface address into VRF table", Rest: "needed", Says: saysNothing("it is"), Refers: vrfNamed("receive")},
)

func vrfNamed(after string) []editor.Reference { return []editor.Reference{editor.VRF(after)} }

// portTexts are those that a subinterface does not have.
var portTexts = interfaceTexts(
	editor.Family{Words: "duplex", Help: "Configure duplex operation", Key: 1},
	editor.Family{Words: "speed", Help: "Configure speed operation", Key: 1},
	editor.Family{Words: "media-type", Help: "Interface media type", Key: 1},
	editor.Family{Words: "negotiation", Help: "Select Autonegotiation mode", On: true},
	editor.Family{Words: "switchport", Help: "Set switching mode characteristics", On: true},
	editor.Family{Words: "channel-group", Help: "Etherchannel/port bundling configuration"},
	editor.Family{Words: "channel-protocol", Help: "Select the channel protocol (LACP, PAgP)"},
	editor.Family{Words: "lacp", Help: "LACP interface subcommands"},
	editor.Family{Words: "spanning-tree", Help: "Spanning Tree Subsystem"},
	editor.Family{Words: "mac-address", Help: "Manually set interface MAC address", Says: saysNothing("addresses of ports are given by the lab, and this one is")},
	editor.Family{Words: "carrier-delay", Help: "Specify delay for interface transitions"},
	editor.Family{Words: "hold-queue", Help: "Set hold queue depth"},
	editor.Family{Words: "fair-queue", Help: "Enable Fair Queuing on an Interface"},
	editor.Family{Words: "tx-ring-limit", Help: "Configure PA level transmit ring limit"},
	editor.Family{Words: "serial", Help: "serial interface commands"},
	editor.Family{Words: "clock rate", Help: "Configure serial interface clock|Configure serial interface clock speed"},
	editor.Family{Words: "plim", Help: "Configure plim"},
	editor.Family{Words: "power", Help: "Power configuration"},
	editor.Family{Words: "udld", Help: "Configure UDLD"},
	editor.Family{Words: "pppoe", Help: "pppoe interface subcommands"},
	editor.Family{Words: "pppoe-client", Help: "pppoe client"},
	editor.Family{Words: "ppp", Help: "Point-to-Point Protocol"},
	editor.Family{Words: "dialer", Help: "Dial-on-demand routing (DDR) commands"},
	editor.Family{Words: "dialer-group", Help: "Assign interface to dialer-list"},
	editor.Family{Words: "peer", Help: "Peer parameters for point to point interfaces"},
)

var anyInterfaceTexts = interfaceTexts(
	editor.Family{Words: "load-interval", Help: "Specify interval for load calculation for an interface", Key: 1},
	editor.Family{Words: "ip redirects", Help: "Enable sending ICMP Redirect messages", On: true},
	editor.Family{Words: "ip unreachables", Help: "Enable sending ICMP Unreachable messages", On: true, Acted: true},
	editor.Family{Words: "ip proxy-arp", Help: "Enable proxy ARP", On: true},
	editor.Family{Words: "ip local-proxy-arp", Help: "Enable local-proxy ARP", Rest: "none"},
	editor.Family{Words: "ip mask-reply", Help: "Enable sending ICMP Mask Reply messages"},
	editor.Family{Words: "ip directed-broadcast", Help: "Enable forwarding of directed broadcasts"},
	editor.Family{Words: "ip broadcast-address", Help: "Set the broadcast address of an interface"},
	editor.Family{Words: "ip route-cache", Help: "Enable fast-switching cache for outgoing packets", Rest: "none", On: true},
	editor.Family{Words: "ip route-cache cef", Help: "Enable CEF switching", Rest: "none", On: true},
	editor.Family{Words: "ip route-cache flow", Help: "Enable Flow fast-switching cache", Rest: "none"},
	editor.Family{Words: "ip route-cache policy", Help: "Enable fast-switching policy cache for outgoing packets", Rest: "none"},
	editor.Family{Words: "ip route-cache same-interface", Help: "Enable fast-switching on the same interface", Rest: "none"},
	editor.Family{Words: "ip mroute-cache", Help: "Enable switching cache for incoming multicast packets", On: true},
	editor.Family{Words: "ip virtual-reassembly", Help: "Virtual Reassembly"},
	editor.Family{Words: "ip accounting", Help: "Enable IP accounting on this interface"},
	editor.Family{Words: "ip flow", Help: "NetFlow Related commands"},
	editor.Family{Words: "ip nbar", Help: "Network-Based Application Recognition"},
	editor.Family{Words: "ip inspect", Help: "Apply inspect name"},
	editor.Family{Words: "ip ips", Help: "Create IPS rule"},
	editor.Family{Words: "ip verify", Help: "Enable per packet validation", Says: saysNothing("it is")},
	editor.Family{Words: "ip policy", Help: "Enable policy routing", Says: saysNothing("policy routing is"), Refers: []editor.Reference{editor.RouteMap("route-map")}},
	editor.Family{Words: "ip nat enable", Help: "Enable interface for NAT", Says: saysNothing("such NAT is")},
	editor.Family{Words: "ip nat allow-static-host", Help: "Allow static host"},
	editor.Family{Words: "ip pim", Help: "PIM interface commands"},
	editor.Family{Words: "ip igmp", Help: "IGMP interface commands"},
	editor.Family{Words: "ip dhcp client", Help: "Configure DHCP parameters for this interface|Configure DHCP Client"},
	editor.Family{Words: "ip dhcp relay", Help: "Configure DHCP relay parameters"},
	editor.Family{Words: "ip dhcp snooping", Help: "DHCP Snooping"},
	editor.Family{Words: "ip ospf", Help: "OSPF interface commands"},
	editor.Family{Words: "ip rip", Help: "Router Information Protocol"},
	editor.Family{Words: "ip eigrp", Help: "Enhanced Interior Gateway Routing Protocol (EIGRP)"},
	editor.Family{Words: "ip router isis", Help: "IP router interface commands|ISIS"},
	editor.Family{Words: "ip hello-interval", Help: "Configures IP-EIGRP hello interval"},
	editor.Family{Words: "ip hold-time", Help: "Configures IP-EIGRP hold time"},
	editor.Family{Words: "ip split-horizon", Help: "Perform split horizon", On: true},
	editor.Family{Words: "ip next-hop-self", Help: "Configures IP-EIGRP next-hop-self", On: true},
	editor.Family{Words: "ip summary-address", Help: "Perform address summarization"},
	editor.Family{Words: "ip bandwidth-percent", Help: "Set EIGRP bandwidth limit"},
	editor.Family{Words: "ip authentication", Help: "authentication subcommands"},
	editor.Family{Words: "ip nhrp authentication", Help: "NHRP interface subcommands|Authentication string", Rest: "secret"},
	editor.Family{Words: "ip nhrp", Help: "NHRP interface subcommands", Says: func(_ *iosconfig.Config, _ *iosconfig.Text) string {
		return "% ip nhrp: accepted, but there is no NHRP and no DMVPN here"
	}},
	editor.Family{Words: "if-state", Help: "Interface state", Key: 1},
	editor.Family{Words: "nhrp", Help: "NHRP interface subcommands"},
	editor.Family{Words: "ip rsvp", Help: "RSVP Interface Commands"},
	editor.Family{Words: "ip rtp", Help: "RTP parameters"},
	editor.Family{Words: "ip admission", Help: "Apply Network Admission Control"},
	editor.Family{Words: "ipv6 nd prefix", Help: "IPv6 interface Neighbor Discovery subcommands|Configure IPv6 Routing Prefix Advertisement", Says: saysNothing("all networks of the interface are advertised, so it is")},
	editor.Family{Words: "ipv6 nd", Help: "IPv6 interface Neighbor Discovery subcommands"},
	editor.Family{Words: "ipv6 ospf", Help: "OSPF interface commands"},
	editor.Family{Words: "ipv6 eigrp", Help: "Configure EIGRP IPv6 on interface"},
	editor.Family{Words: "ipv6 rip", Help: "Configure RIP routing protocol"},
	editor.Family{Words: "ipv6 mtu", Help: "Set IPv6 Maximum Transmission Unit"},
	editor.Family{Words: "ipv6 dhcp", Help: "IPv6 DHCP interface subcommands"},
	editor.Family{Words: "ipv6 redirects", Help: "Enable sending of ICMP Redirect messages"},
	editor.Family{Words: "ipv6 unreachables", Help: "Enable sending of ICMP Unreachable messages", On: true, Acted: true},
	editor.Family{Words: "ipv6 verify", Help: "Enable per packet validation"},
	editor.Family{Words: "ipv6 tcp", Help: "TCP interface commands"},
	editor.Family{Words: "ipv6 nhrp", Help: "NHRP interface subcommands"},
	editor.Family{Words: "ipv6 virtual-reassembly", Help: "IPv6 Enable Virtual Fragment Reassembly"},
	editor.Family{Words: "ipv6 flow", Help: "NetFlow Related commands"},
	editor.Family{Words: "ipv6 pim", Help: "PIM interface commands"},
	editor.Family{Words: "ipv6 mld", Help: "interface commands"},
	editor.Family{Words: "mpls ip", Help: "Configure MPLS interface parameters|Configure dynamic MPLS forwarding for IP"},
	editor.Family{Words: "mpls mtu", Help: "Set MPLS MTU"},
	editor.Family{Words: "mpls label", Help: "Label properties"},
	editor.Family{Words: "mpls bgp", Help: "Configure MPLS forwarding for BGP"},
	editor.Family{Words: "mpls traffic-eng", Help: "Traffic Engineering"},
	editor.Family{Words: "bfd", Help: "BFD interface configuration commands"},
	editor.Family{Words: "vrrp", Help: "VRRP Interface configuration commands", Rest: "secret", Enters: vrrpMode, Within: "address-family", Says: saysNothingOf("vrrp", "VRRP is")},
	editor.Family{Words: "glbp", Help: "Gateway Load Balancing Protocol interface commands", Rest: "secret", Says: saysNothingOf("glbp", "GLBP is")},
	editor.Family{Words: "redundancy rii", Help: "RG redundancy interface config|Redundancy interface identifier"},
	editor.Family{Words: "redundancy group", Help: "Redundancy group"},
	editor.Family{Words: "service-policy", Help: "Configure QoS Service Policy"},
	editor.Family{Words: "zone-member", Help: "Apply zone name", Says: saysNothing("zones are")},
	editor.Family{Words: "arp timeout", Help: "Set arp type (arpa, probe, snap), timeout, log options or packet priority|Set ARP cache timeout", Key: 1},
	editor.Family{Words: "arp arpa", Help: "Standard arp protocol"},
	editor.Family{Words: "arp log", Help: "Log arp"},
	editor.Family{Words: "snmp", Help: "Modify SNMP interface parameters"},
	editor.Family{Words: "logging event", Help: "Configure logging for interface|Interface events"},
	editor.Family{Words: "cdp enable", Help: "CDP interface subcommands|Enable CDP on interface", On: true},
	editor.Family{Words: "cdp tlv", Help: "Enable exchange of specific tlv"},
	editor.Family{Words: "lldp transmit", Help: "LLDP interface subcommands|Enable LLDP transmission", On: true},
	editor.Family{Words: "lldp receive", Help: "Enable LLDP reception", On: true},
	editor.Family{Words: "lldp med-tlv-select", Help: "Selection of LLDP MED TLVs"},
	editor.Family{Words: "mop", Help: "DEC MOP server commands", On: true},
	editor.Family{Words: "cts", Help: "Configure Cisco Trusted Security"},
	editor.Family{Words: "ntp disable", Help: "Configure NTP|Disable NTP traffic", Says: saysNothing("it is")},
	editor.Family{Words: "ntp broadcast", Help: "Configure NTP broadcast service", Says: saysNothing("it is")},
	editor.Family{Words: "ntp multicast", Help: "Configure NTP multicast service", Says: saysNothing("it is")},
	editor.Family{Words: "bridge-group", Help: "Transparent bridging interface parameters"},
	editor.Family{Words: "qos", Help: "Quality of Service related commands"},
	editor.Family{Words: "priority-group", Help: "Assign a priority group to an interface"},
	editor.Family{Words: "rate-limit", Help: "Rate Limit"},
	editor.Family{Words: "flow-sampler", Help: "Attach flow sampler to the interface"},
	editor.Family{Words: "autodetect", Help: "Autodetect"},
	editor.Family{Words: "isis", Help: "IS-IS commands"},
	editor.Family{Words: "crypto ipsec security-association", Help: "Encryption/Decryption commands|Set IPsec parameters|Security association parameters"},
)

// tunnelTexts are what else a tunnel interface has.
var tunnelTexts = interfaceTexts(
	editor.Family{Words: "tunnel bandwidth", Help: "Set tunnel bandwidth"},
	editor.Family{Words: "tunnel route-via", Help: "Select subset of routes for tunnel transport", Says: saysNothing("it is")},
	editor.Family{Words: "tunnel entropy", Help: "Enable entropy"},
	editor.Family{Words: "tunnel sequence-datagrams", Help: "Drop datagrams arriving out of order"},
	editor.Family{Words: "tunnel flow", Help: "Flow"},
	editor.Family{Words: "tunnel endpoint", Help: "Tunnel endpoint"},
	editor.Family{Words: "tunnel mpls", Help: "MPLS tunnel parameters"},
)

// negotiatedRows are the ways to an address that a tunnel has: its peer gives it one.
var negotiatedRows = append([]editor.Row[iosconfig.Interface]{negotiatedRow},
	interfaceTexts(editor.Family{Words: leases[1], Help: "IP Address autoconfigured from a local DHCP pool", Says: saysNothing("it is")})...)

// Other ways to an address are kept, and the interface has none.
var (
	leases     = []string{"ip address negotiated", "ip address pool"}
	leaseTexts = interfaceTexts(
		editor.Family{Words: leases[0], Help: "IP Address negotiated over PPP", Says: saysNothing("there is no PPP here, so it is")},
		editor.Family{Words: leases[1], Help: "IP Address autoconfigured from a local DHCP pool", Says: saysNothing("it is")},
	)
)

// leased says whether somebody gives the interface its address.
func leased(i *iosconfig.Interface) bool {
	if i.DHCP.On || i.Negotiated {
		return true
	}
	for _, name := range leases {
		if list := i.Texts.Family(name); list.Len() > 0 {
			return true
		}
	}
	return false
}

// forgetFamilies takes away what another line takes the place of.
func forgetFamilies(i *iosconfig.Interface, names []string) {
	for _, name := range names {
		i.Texts.SetFamily(name, iosconfig.List[iosconfig.Text]{})
	}
}

// Tunnels of other kinds are kept, and stay down.
var (
	otherModes = []string{"tunnel mode gre multipoint", "tunnel mode gre ipv6", "tunnel mode ipv6ip", "tunnel mode mpls"}
	modeTexts  = interfaceTexts(
		editor.Family{Words: otherModes[0], Help: "over IP (multipoint)", Rest: "none", Says: saysNothing("there are no multipoint tunnels here, so it is")},
		editor.Family{Words: otherModes[1], Help: "over IPv6", Rest: "none", Says: saysNothing("only IPsec goes over IPv6 here, so it is")},
		editor.Family{Words: otherModes[2], Help: "IPv6 over IP encapsulation", Says: saysNothing("only IPsec carries IPv6 here, so it is")},
		editor.Family{Words: otherModes[3], Help: "MPLS encapsulation", Says: saysNothing("there is no MPLS here, so it is")},
	)
)
