package iosconfig

import (
	"strconv"
	"strings"
)

// The names that IOS has for protocols, ports and ICMP messages in access
// lists, and prints in the place of their numbers.

var protocolNames = map[string]int{
	"ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "igmp": 2, "ipinip": 4, "nos": 94, "ospf": 89, "pcp": 108, "pim": 103, "tcp": 6, "udp": 17,
}

var tcpNames = map[string]int{
	"bgp": 179, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53, "drip": 3949, "echo": 7, "exec": 512, "finger": 79,
	"ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543, "kshell": 544, "login": 513, "lpd": 515,
	"nntp": 119, "pim-auto-rp": 496, "pop2": 109, "pop3": 110, "smtp": 25, "sunrpc": 111, "tacacs": 49, "talk": 517, "telnet": 23, "time": 37,
	"uucp": 540, "whois": 43, "www": 80,
}

var udpNames = map[string]int{
	"biff": 512, "bootpc": 68, "bootps": 67, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7, "isakmp": 500, "mobile-ip": 434, "nameserver": 42,
	"netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "non500-isakmp": 4500, "ntp": 123, "pim-auto-rp": 496, "rip": 520, "snmp": 161,
	"snmptrap": 162, "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177,
}

// ICMPNames are those of messages: of types with a code (type<<8 | code), and of types.
type ICMPNames struct{ messages, types map[string]int }

// The names of each family.
var (
	ICMP   = ICMPNames{icmpNames, icmpTypeNames}
	ICMPv6 = ICMPNames{icmp6Names, icmp6TypeNames}
)

var icmpNames = map[string]int{
	"administratively-prohibited": 3<<8 | 13, "dod-host-prohibited": 3<<8 | 10, "dod-net-prohibited": 3<<8 | 9, "general-parameter-problem": 12 << 8,
	"host-isolated": 3<<8 | 8, "host-precedence-unreachable": 3<<8 | 14, "host-redirect": 5<<8 | 1, "host-tos-redirect": 5<<8 | 3,
	"host-tos-unreachable": 3<<8 | 12, "host-unknown": 3<<8 | 7, "host-unreachable": 3<<8 | 1, "net-redirect": 5 << 8, "net-tos-redirect": 5<<8 | 2,
	"net-tos-unreachable": 3<<8 | 11, "net-unreachable": 3 << 8, "network-unknown": 3<<8 | 6, "no-room-for-option": 12<<8 | 2,
	"option-missing": 12<<8 | 1, "packet-too-big": 3<<8 | 4, "port-unreachable": 3<<8 | 3, "precedence-unreachable": 3<<8 | 15,
	"protocol-unreachable": 3<<8 | 2, "reassembly-timeout": 11<<8 | 1, "source-route-failed": 3<<8 | 5, "ttl-exceeded": 11 << 8,
}

var icmpTypeNames = map[string]int{
	"alternate-address": 6, "conversion-error": 31, "echo": 8, "echo-reply": 0, "information-reply": 16, "information-request": 15, "mask-reply": 18,
	"mask-request": 17, "mobile-redirect": 32, "parameter-problem": 12, "redirect": 5, "router-advertisement": 9, "router-solicitation": 10,
	"source-quench": 4, "time-exceeded": 11, "timestamp-reply": 14, "timestamp-request": 13, "traceroute": 30, "unreachable": 3,
}

var icmp6Names = map[string]int{
	"beyond-scope": 1<<8 | 2, "destination-unreachable": 1<<8 | 3, "header": 4 << 8, "hop-limit": 3 << 8, "next-header": 4<<8 | 1, "no-admin": 1<<8 | 1,
	"no-route": 1 << 8, "parameter-option": 4<<8 | 2, "port-unreachable": 1<<8 | 4, "reassembly-timeout": 3<<8 | 1, "renum-command": 138 << 8,
	"renum-result": 138<<8 | 1, "renum-seq-number": 138<<8 | 255,
}

var icmp6TypeNames = map[string]int{
	"echo-reply": 129, "echo-request": 128, "mld-query": 130, "mld-reduction": 132, "mld-report": 131, "nd-na": 136, "nd-ns": 135, "packet-too-big": 2,
	"parameter-problem": 4, "redirect": 137, "router-advertisement": 134, "router-renumbering": 138, "router-solicitation": 133, "time-exceeded": 3,
	"unreachable": 1,
}

// sixProtocols are those of lists of IPv6.
var sixProtocols = map[string]int{"ahp": 51, "esp": 50, "icmp": 58, "pcp": 108, "sctp": 132, "tcp": 6, "udp": 17}

// SixProtocolNumber is ProtocolNumber, and SixProtocolWord ProtocolWord, of a list of IPv6,
// where "ipv6" is all.
func SixProtocolNumber(word string) int { return numberOf(sixProtocols, word, 0xff) }

func SixProtocolWord(word string) string {
	if n := SixProtocolNumber(word); n >= 0 {
		return nameOf(sixProtocols, n)
	}
	return word
}

// ProtocolNumber is the number of a protocol; -1: "ip", which is all.
func ProtocolNumber(word string) int {
	if n, ok := protocolNames[word]; ok {
		return n
	}
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	return -1
}

// ProtocolWord is how IOS prints a protocol.
func ProtocolWord(word string) string {
	n, err := strconv.Atoi(word)
	if err != nil {
		return word
	}
	return nameOf(protocolNames, n)
}

func portNames(protocol string) map[string]int {
	if protocol == "tcp" {
		return tcpNames
	}
	return udpNames
}

// PortWord is how IOS prints a port; "": there is none of that name or number.
func PortWord(protocol, word string) string {
	n := PortNumber(protocol, word)
	if n < 0 {
		return ""
	}
	return nameOf(portNames(protocol), n)
}

// PortNumber is the number of a port, also by a name that is cut short; -1:
// there is none.
func PortNumber(protocol, word string) int { return numberOf(portNames(protocol), word, 0xffff) }

// Word is how IOS prints a message; "": there is none of that name.
func (t ICMPNames) Word(word string) string {
	if n := numberOf(t.messages, word, -1); n >= 0 {
		return nameOf(t.messages, n)
	}
	if n := numberOf(t.types, word, 0xff); n >= 0 {
		return nameOf(t.types, n)
	}
	return ""
}

// Message is the type and code of a message; code -1: any.
func (t ICMPNames) Message(word string) (kind, code int) {
	if n, ok := t.messages[word]; ok {
		return n >> 8, n & 0xff
	}
	return numberOf(t.types, word, 0xff), -1
}

// Words is how IOS prints a message with a code; code "": any.
func (t ICMPNames) Words(message, code string) []string {
	kind, own := t.Message(message)
	n, err := strconv.Atoi(code)
	if err != nil || own >= 0 {
		return []string{message}
	}
	if name := nameOf(t.messages, kind<<8|n); name != strconv.Itoa(kind<<8|n) {
		return []string{name}
	}
	return []string{strconv.Itoa(kind), code}
}

// TCPFlag says whether a word demands a flag of TCP: "+ack".
func TCPFlag(word string) bool {
	return len(word) == 4 && (word[0] == '+' || word[0] == '-') && TCPBit(word[1:]) != 0
}

// TCPBit is the bit of a flag of TCP; 0: there is none of that name.
func TCPBit(word string) uint8 {
	return map[string]uint8{"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32}[word]
}

// nameOf is the name of a number, or the number.
func nameOf(table map[string]int, n int) string {
	for name, v := range table {
		if v == n {
			return name
		}
	}
	return strconv.Itoa(n)
}

// numberOf reads a number up to a limit, or a name that only one thing has which
// begins so; -1: neither.
func numberOf(table map[string]int, word string, limit int) int {
	word = strings.ToLower(word)
	if n, ok := table[word]; ok {
		return n
	}
	if n, err := strconv.ParseUint(word, 10, 31); err == nil {
		if int(n) <= limit {
			return int(n)
		}
		return -1
	}
	found := -1
	for name, n := range table {
		if strings.HasPrefix(name, word) {
			if found >= 0 {
				return -1
			}
			found = n
		}
	}
	return found
}
