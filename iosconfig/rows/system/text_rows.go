package system

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// What stands in configurations and cannot matter to a tunnel, by the words with
// which it begins, in running-config's order. Nothing checks what follows them.

// unread says that type 6 is neither made nor read.
func unread(_ *iosconfig.Config, t *iosconfig.Text) string {
	words := strings.Fields(t.Line)
	return "% " + strings.Join(words[:2], " ") + ": accepted, but without effect here: keys stay as they are typed, and those of type 6 cannot be read"
}

func universal(_ *iosconfig.Config, t *iosconfig.Text) string {
	return "% " + t.Line + ": accepted, but without effect here: clocks show UTC"
}

func unnumbered(_ *iosconfig.Config, t *iosconfig.Text) string {
	return "% " + t.Line + ": accepted, but without effect here: log messages have no numbers"
}

// serviceTexts follow the other lines of `service`.
var serviceTexts = editor.GlobalTexts(
	editor.Family{Words: "service pad", Help: "Enable PAD commands", On: true},
	editor.Family{Words: "service tcp-keepalives-in", Help: "Generate keepalives on idle incoming network connections"},
	editor.Family{Words: "service tcp-keepalives-out", Help: "Generate keepalives on idle outgoing network connections"},
	editor.Family{Words: "service compress-config", Help: "Compress the nvram configuration file"},
	editor.Family{Words: "service sequence-numbers", Help: "Stamp logger messages with a sequence number", Says: unnumbered},
	editor.Family{Words: "service call-home", Help: "Enable call-home service"},
	editor.Family{Words: "service config", Help: "TFTP load config files", On: true},
	editor.Family{Words: "service counters", Help: "Control aging of interface counters"},
	editor.Family{Words: "service finger", Help: "Allow responses to finger requests"},
	editor.Family{Words: "service internal", Help: "Enable/Disable Internal commands"},
	editor.Family{Words: "service linenumber", Help: "Enable line number banner for each exec"},
	editor.Family{Words: "service nagle", Help: "Enable Nagle's congestion control algorithm"},
	editor.Family{Words: "service tcp-small-servers", Help: "Enable small TCP servers (e.g., ECHO)"},
	editor.Family{Words: "service udp-small-servers", Help: "Enable small UDP servers (e.g., ECHO)"},
	editor.Family{Words: "service unsupported-transceiver", Help: "Enable support for third-party transceivers"},
	editor.Family{Words: "platform", Help: "Platform specific configuration"},
	editor.Family{Words: "alias", Help: "Create command alias"},
	editor.Family{Words: "parser", Help: "Configure parser"},
	editor.Family{Words: "facility-alarm", Help: "Facility alarm commands"},
)

// bootTexts stand between the markers of the boot commands, or behind them.
var bootTexts = editor.GlobalTexts(
	editor.Family{Words: "boot system", Help: "Modify system boot parameters|System image file"},
	editor.Family{Words: "boot config", Help: "Configuration file"},
	editor.Family{Words: "boot host", Help: "Router-specific config file"},
	editor.Family{Words: "boot network", Help: "Network-wide config file"},
	editor.Family{Words: "card type", Help: "Configure card type|Card type"},
)

// loggingTexts follow the other lines of `logging`.
var loggingTexts = editor.GlobalTexts(
	editor.Family{Words: "logging rate-limit", Help: "Set messages per second limit"},
	editor.Family{Words: loggingHost, Help: "Set syslog server IP address and parameters"},
	editor.Family{Words: "logging on", Help: "Enable logging to all enabled destinations", On: true},
	editor.Family{Words: "logging facility", Help: "Facility parameter for syslog messages", Key: 1},
	editor.Family{Words: "logging source-interface", Help: "Specify interface for source address in logging transactions"},
	editor.Family{Words: "logging origin-id", Help: "Add origin ID to syslog messages"},
	editor.Family{Words: "logging userinfo", Help: "Enable logging of user info on privileged mode enabling"},
	editor.Family{Words: "logging queue-limit", Help: "Set logger message queue size"},
	editor.Family{Words: "logging message-counter", Help: "Configure log message to include certain counter value"},
	editor.Family{Words: "logging discriminator", Help: "Create or modify a message discriminator"},
	editor.Family{Words: "logging persistent", Help: "Set persistent logging parameters"},
	editor.Family{Words: "logging alarm", Help: "Configure syslog for alarms"},
	editor.Family{Words: "logging event", Help: "Global interface events"},
	editor.Family{Words: "logging snmp-trap", Help: "Set syslog level for sending snmp trap"},
	editor.Family{Words: "logging exception", Help: "Limit size of exception flush output"},
)

// systemTexts are common in configurations that people paste.
var systemTexts = editor.GlobalTexts(
	editor.Family{Words: "aaa group", Help: "AAA group definitions", Rest: "needed", Enters: aaaMode},
	editor.Family{Words: "aaa authentication", Help: "Authentication configurations parameters."},
	editor.Family{Words: "aaa authorization", Help: "Authorization configurations parameters."},
	editor.Family{Words: "aaa accounting", Help: "Accounting configurations parameters."},
	editor.Family{Words: "aaa attribute", Help: "AAA attribute definitions", Enters: aaaMode},
	editor.Family{Words: "aaa session-id", Help: "AAA Session ID", Key: 1},
	editor.Family{Words: "aaa server", Help: "Local AAA server", Enters: dynamicAuthorMode},
	editor.Family{Words: "aaa local", Help: "AAA Local Authen/Authz"},
	editor.Family{Words: "aaa common-criteria", Help: "AAA Common Criteria", Enters: aaaMode},
	editor.Family{Words: "aaa max-sessions", Help: "Adjust initial hash size for estimated max sessions"},
	editor.Family{Words: "aaa nas", Help: "NAS specific configuration"},
	editor.Family{Words: "aaa user", Help: "AAA user definitions"},
	editor.Family{Words: "aaa memory", Help: "AAA memory parameters"},
	editor.Family{Words: "process", Help: "Configure process"},
	editor.Family{Words: "clock timezone", Help: "Configure time-of-day clock|Configure time zone", Key: 1, Says: universal},
	editor.Family{Words: "clock summer-time", Help: "Configure summer (daylight savings) time", Key: 1, Says: universal},
	editor.Family{Words: "clock calendar-valid", Help: "Calendar time is authoritative"},
	editor.Family{Words: "memory", Help: "Configure memory management"},
	editor.Family{Words: "memory-size", Help: "Adjust memory size by percentage"},
	editor.Family{Words: "mmi", Help: "Configure MMI settings"},
	editor.Family{Words: "diagnostic", Help: "Configure diagnostic information"},
	editor.Family{Words: "errdisable", Help: "Error disable"},
	editor.Family{Words: "dot11", Help: "IEEE 802.11 config commands"},
	editor.Family{Words: "ip cef", Help: "Cisco Express Forwarding", On: true},
	editor.Family{Words: "ip source-route", Help: "Process packets with source routing header options", On: true},
	editor.Family{Words: "ip gratuitous-arps", Help: "Generate gratuitous ARPs for PPP/SLIP peer addresses", On: true},
	editor.Family{Words: "ip bootp", Help: "Config BOOTP services", On: true},
	editor.Family{Words: "ip subnet-zero", Help: "Allow 'subnet zero' subnets", On: true},
	editor.Family{Words: "ip domain lookup", Help: "IP DNS Resolver|Enable IP Domain Name System hostname translation", On: true},
	editor.Family{Words: "ip domain name", Help: "Define the default domain name", Key: 1, Rest: "needed"},
	editor.Family{Words: "ip domain list", Help: "Domain name to complete unqualified host names"},
	editor.Family{Words: "ip domain retry", Help: "Retry count for resolver"},
	editor.Family{Words: "ip domain timeout", Help: "Timeout for resolver"},
	editor.Family{Words: "ip domain round-robin", Help: "Round-robin multiple IP addresses in cache"},
	editor.Family{Words: "ip domain-lookup", As: "ip domain lookup", Help: "Enable IP Domain Name System hostname translation", On: true},
	editor.Family{Words: "ip domain-name", As: "ip domain name", Help: "Define the default domain name", Key: 1, Rest: "needed"},
	editor.Family{Words: "ip domain-list", As: "ip domain list", Help: "Domain name to complete unqualified host names"},
	editor.Family{Words: "ip name-server", Help: "Specify address of name server to use"},
	editor.Family{Words: "ip multicast-routing", Help: "Enable IP multicast forwarding"},
	editor.Family{Words: "ip multicast", Help: "Global IP Multicast Commands"},
	editor.Family{Words: "ip inspect", Help: "Context-based Access Control Engine"},
	editor.Family{Words: "ip ips", Help: "Intrusion Prevention System"},
	editor.Family{Words: "ip flow-cache", Help: "Configure netflow cache parameters"},
	editor.Family{Words: "ip nbar", Help: "Network Based Application Recognition"},
	editor.Family{Words: "ip dhcp bootp", Help: "Configure DHCP server and relay parameters|BOOTP specific configuration"},
	editor.Family{Words: "ip dhcp use", Help: "Configure use of certain parameters during allocation"},
	editor.Family{Words: "ip dhcp snooping", Help: "DHCP Snooping"},
	editor.Family{Words: "ip dhcp relay", Help: "DHCP relay agent parameters"},
)

// deviceTexts stand behind the pools of addresses.
var deviceTexts = slices.Concat(editor.GlobalTexts(
	editor.Family{Words: "ip tcp", Help: "Global TCP parameters"},
	editor.Family{Words: "ip icmp", Help: "Set ICMP parameters"},
	editor.Family{Words: "ip ssh", Help: "Configure ssh options"},
	editor.Family{Words: "ip scp", Help: "Scp commands"},
	editor.Family{Words: "ip telnet", Help: "Specify telnet options"},
	editor.Family{Words: "login block-for", Help: "Enable secure login checking|Set quiet-mode active time period"}, // a line's `login` is another
	editor.Family{Words: "login delay", Help: "|Set delay between successive fail login"},
	editor.Family{Words: "login on-failure", Help: "|Set options for failed login attempt"},
	editor.Family{Words: "login on-success", Help: "|Set options for successful login attempt"},
	editor.Family{Words: "login quiet-mode", Help: "|Set quiet-mode options"},
	editor.Family{Words: "ipv6 access-list log-update threshold", Help: "||Control access list log updates|Set access list logging threshold", Key: 1},
), editor.GlobalTexts(ipv6Families()...), editor.GlobalTexts(
	editor.Family{Words: "subscriber", Help: "Subscriber configuration"},
	editor.Family{Words: "multilink", Help: "PPP multilink global configuration"},
	editor.Family{Words: "vpdn-group", Help: "VPDN group configuration", Enters: subMode("config-vpdn", "vpdn")},
	editor.Family{Words: "mpls", Help: "Configure MPLS parameters"},
	editor.Family{Words: "cts", Help: "Cts"},
	editor.Family{Words: "flow exporter", Help: "Global Flow configuration subcommands|Define a Flow Exporter", Enters: flowMode("config-flow-exporter")},
	editor.Family{Words: "flow monitor", Help: "Define a Flow Monitor", Enters: flowMode("config-flow-monitor")},
	editor.Family{Words: "flow record", Help: "Define a Flow Record", Enters: flowMode("config-flow-record")},
	editor.Family{Words: "parameter-map", Help: "Configure parameter map", Enters: subMode("config-profile", "parameter-map")},
	editor.Family{Words: "key chain", Help: "Key management|Key-chain management", Enters: keyChainMode},
	editor.Family{Words: "key config-key", Help: "Set a private configuration key", Rest: "secret", Says: unread},
	editor.Family{Words: "password encryption", Help: "Configure encryption password (key)|Encrypt system passwords", Says: unread},
	editor.Family{Words: "password logging", Help: "Log password changes"},
	editor.Family{Words: "call-home", Help: "Configure Smart Call Home service", Enters: callHomeMode},
	editor.Family{Words: "license", Help: "Configure license features"},
	editor.Family{Words: "archive", Help: "Archive the configuration", Enters: archiveMode},
	editor.Family{Words: "file", Help: "Adjust file system parameters"},
	editor.Family{Words: "spanning-tree", Help: "Spanning Tree Subsystem"},
	editor.Family{Words: "port-channel", Help: "EtherChannel configuration"},
	editor.Family{Words: "lldp", Help: "Global LLDP configuration subcommands"},
	editor.Family{Words: "vtp", Help: "Configure global VTP state"},
	editor.Family{Words: "cdp", Help: "Global CDP configuration subcommands"},
	editor.Family{Words: "redundancy", Help: "Enter redundancy mode", Enters: redundancyMode},
	editor.Family{Words: "virtual-service", Help: "Virtual-service global configuration", Enters: subMode("config-virt-serv", "virtual-service")},
	editor.Family{Words: "iox", Help: "IOX configuration"},
	editor.Family{Words: "app-hosting", Help: "Application hosting configuration", Enters: subMode("config-app-hosting", "application hosting")},
	editor.Family{Words: "vlan internal", Help: "Vlan commands|Internal VLAN"},
	editor.Family{Words: "vlan", Help: "Vlan commands", Enters: vlanMode},
), everydayTexts, trackRows, lowTexts)

// lowTexts stand behind tracked objects.
var lowTexts = editor.GlobalTexts(
	editor.Family{Words: "track", Help: "Object tracking configuration commands", Rest: "needed", Enters: trackTextMode, Says: func(_ *iosconfig.Config, t *iosconfig.Text) string {
		return "% " + t.Line + ": not tracked here: what depends on it has no object"
	}},
	editor.Family{Words: "class-map", Help: "Configure CPL Class Map", Enters: classMapMode},
	editor.Family{Words: "policy-map", Help: "Configure Policy Map", Enters: policyMapMode},
	editor.Family{Words: "zone security", Help: "FW with zoning|Security zone", Enters: subMode("config-sec-zone", "zone")},
	editor.Family{Words: "zone-pair", Help: "Zone pair command", Enters: subMode("config-sec-zone-pair", "zone-pair")},
	editor.Family{Words: "object-group security", Help: "Configure object group|Security group", Enters: objectGroupMode},
	editor.Family{Words: "object-group v6-network", Help: "Configure object group|IPv6 network group", Enters: objectGroupMode},
	editor.Family{Words: "object-group v6-service", Help: "Configure object group|IPv6 service group", Enters: objectGroupMode},
	editor.Family{Words: "object-group fqdn", Help: "Configure object group|FQDN group", Enters: objectGroupMode},
	editor.Family{Words: "object-group geo", Help: "Configure object group|Geo group", Enters: objectGroupMode},
	editor.Family{Words: "scheduler", Help: "Scheduler parameters"},
	editor.Family{Words: "buffers", Help: "Adjust system buffer pool parameters"},
	editor.Family{Words: "exception", Help: "Exception handling"},
	editor.Family{Words: "template", Help: "Select a template to configure", Enters: subMode("config-template", "template")},
	editor.Family{Words: "voice", Help: "Voice configuration", Enters: subMode("config-voice", "voice")},
	editor.Family{Words: "voice-card", Help: "Configure a specific voice-card", Enters: subMode("config-voicecard", "voice-card")},
	editor.Family{Words: "controller", Help: "Configure a specific controller", Enters: subMode("config-controller", "controller")},
	editor.Family{Words: "dial-peer", Help: "Dial Map (Peer) configuration commands", Enters: subMode("config-dial-peer", "dial-peer")},
	editor.Family{Words: "hw-module", Help: "Control of individual components in the system"},
	editor.Family{Words: "transceiver", Help: "Select a transceiver to configure", Enters: subMode("config-xcvr-type", "transceiver")},
	editor.Family{Words: "bridge", Help: "Bridge Group"},
	editor.Family{Words: "dialer-list", Help: "Create a dialer list entry"},
	editor.Family{Words: "netconf-yang", Help: "Configure NETCONF YANG subsystem"},
	editor.Family{Words: "restconf", Help: "RESTCONF configuration"},
	editor.Family{Words: "gnxi", Help: "gNXI configuration"},
	editor.Family{Words: "telemetry", Help: "Configure telemetry", Enters: subMode("config-mdt-subs", "telemetry")},
	editor.Family{Words: "macro name", Help: "Macro configuration|Specify macro name", Rest: "needed", Ends: "@"},
	editor.Family{Words: "macro auto", Help: "Configure automatic macros"},
	editor.Family{Words: "macro global", Help: "Configure global macros"},
	editor.Family{Words: "privilege", Help: "Command privilege parameters"},
	editor.Family{Words: "tftp-server", Help: "Provide TFTP service for netload requests"},
	editor.Family{Words: "rmon", Help: "Remote Monitoring"},
	editor.Family{Words: "lacp", Help: "LACP configuration"},
	editor.Family{Words: "l2vpn", Help: "Configure Layer 2 VPN", Enters: subMode("config-l2vpn", "l2vpn")},
	editor.Family{Words: "pseudowire-class", Help: "Pseudowire class configuration", Enters: subMode("config-pw-class", "pseudowire-class")},
)

// lateTexts stand behind routes and access lists.
var lateTexts = editor.GlobalTexts(
	editor.Family{Words: "ip sla responder", Help: "|Enable IP SLAs Responder"},
	editor.Family{Words: "ip sla enable", Help: "Enable Event Notifications"},
	editor.Family{Words: "ip sla logging", Help: "Enable Syslog"},
	editor.Family{Words: "ip sla reaction-configuration", Help: "IP SLAs Reaction-Configuration"},
	editor.Family{Words: "ip sla reaction-trigger", Help: "IP SLAs Trigger Assignment"},
	editor.Family{Words: "ip sla group", Help: "Group Configuration or Group Scheduling"},
	editor.Family{Words: "ip sla key-chain", Help: "Use MD5 Authentication for IP SLAs Control Messages"},
	editor.Family{Words: "ip sla low-memory", Help: "Configure Low Water Memory Mark"},
	editor.Family{Words: "arp", Help: "Set a static ARP entry"},
	editor.Family{Words: "snmp-server", Help: "Modify SNMP engine parameters"},
	editor.Family{Words: "snmp-server host", Help: "|Specify hosts to receive SNMP notifications", Rest: "secret"},
	editor.Family{Words: "tacacs-server", Help: "Modify TACACS query parameters"},
	editor.Family{Words: "radius-server", Help: "Modify RADIUS query parameters"},
	editor.Family{Words: "tacacs server", Help: "Modify TACACS parameters|Configure a TACACS server", Enters: serverMode("config-server-tacacs")},
	editor.Family{Words: "radius server", Help: "RADIUS server configuration command|Configure a RADIUS server", Enters: serverMode("config-radius-server")},
	editor.Family{Words: "mgcp", Help: "Enable Media Gateway Control Protocol"},
	editor.Family{Words: "gatekeeper", Help: "Configure a gatekeeper", Enters: subMode("config-gk", "gatekeeper")},
)

// lastTexts stand behind the terminals.
var lastTexts = editor.GlobalTexts(
	editor.Family{Words: "sntp", Help: "Configure SNTP", Says: withoutEffect},
	editor.Family{Words: "event manager applet", Help: "Event related configuration commands|Event Manager|Register an Event Manager applet", Rest: "needed", Enters: appletMode},
	editor.Family{Words: "event manager", Help: "Event related configuration commands|Event Manager"},
	editor.Family{Words: "wsma", Help: "Configure Web Services Management Agents"},
	editor.Family{Words: "monitor", Help: "Monitoring different system events", Enters: subMode("config-mon", "monitor")},
	editor.Family{Words: "control-plane host", Help: "Configure control plane services|Host", Enters: subMode("config-cp-host", "control-plane")},
)

// ipv6Families are what IOS has of IPv6 and nothing here acts on; other words are unknown to it.
func ipv6Families() (list []editor.Family) {
	for item := range strings.SplitSeq("cef=Cisco Express Forwarding for IPv6|cga=Cryptographically Generated Addresses|dhcp=Configure IPv6 DHCP|flowset=Set flow label on packets|general-prefix=Configure a general IPv6 prefix|hop-limit=Configure hop count limit"+
		"|host=Configure static hostnames|icmp=Configure ICMP parameters|inspect=Context-based Access Control Engine|local=Specify local options|mfib=Multicast Forwarding|mld=Global mld commands|mobile=Mobile IPv6"+
		"|multicast=Configure multicast related commands|multicast-routing=Enable IPv6 multicast|nat=NAT-PT Configuration commands|nd=Configure IPv6 ND|neighbor=Neighbor|nhrp=NHRP parameters|ospf=OSPF|pim=Configure Protocol Independent Multicast"+
		"|port-map=Port to application mapping (PAM) configuration commands|prefix-list=Build a prefix list|radius=RADIUS configuration commands|rip=RIP|router=Enable an IPV6 routing process|snooping=Configure ipv6 snooping"+
		"|source-route=Process packets with source routing header options|spd=Selective Packet Discard|static=Configure static route attributes|tacacs=TACACS configuration commands|tcp=TCP parameters|verify=Configure IPv6 verification", "|") {
		word, help, _ := strings.Cut(item, "=")
		list = append(list, editor.Family{Words: "ipv6 " + word, Help: "Global IPv6 configuration commands|" + help})
	}
	return list
}
