package ip

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// The grammar of a line of an access list, and what is read from one.

const actionSyntax = "action={deny|permit} "

const actionHelp = "Specify packets to reject|Specify packets to forward"

// netSyntax is an address with its wildcard bits.
func netSyntax(name string) string {
	return name + "={any|host <" + name + "-host:ip>|object-group <" + name + "-group:word>|<" + name + "-net:ip> <" + name + "-wild:mask>}"
}

const (
	fromHelp = "Any source host|A single source host|Source address|Source network object group|Source network object group name|Source address|Source wildcard bits"
	toHelp   = "Any destination host|A single destination host|Destination address|Destination network object group|Destination network object group name|Destination address|Destination wildcard bits"
	portHelp = "Match only packets on a given port number|Port number|Match only packets with a greater port number|Port number" +
		"|Match only packets with a lower port number|Port number|Match only packets not on a given port number|Port number" +
		"|Match only packets in the range of port numbers|Port number|Port number"
	markHelp = "|Match packets with given precedence value|Precedence value, or its name|Match packets with given TOS value|Type of service value, or its name" +
		"|Match packets with given dscp value|Differentiated services codepoint value, or its name"
	tailHelp = "|Check non-initial fragments|Log matches against this entry|Log matches against this entry, including input interface"
)

// portSyntax is a demand on ports.
func portSyntax(name string) string {
	port := "<" + name + "-port:word>"
	return " [" + name + "-op={eq " + port + "...|gt " + port + "|lt " + port + "|neq " + port + "...|range " + port + " " + port + "}]"
}

const tailSyntax = " [{precedence <precedence:word>|tos <tos:word>|dscp <dscp:word>|fragments|log|log-input}...]"

const standardSyntax = actionSyntax + "{from={any|host <from-host:ip>}|<from-net:ip> [<from-wild:mask>]} [log]"

const standardHelp = actionHelp + "|Any source host|A single host address|Host address|Address to match|Wildcard bits|Log matches against this entry"

var extendedSyntax = actionSyntax + "{protocol={ahp|eigrp|esp|gre|igmp|ip|ipinip|nos|ospf|pcp|pim} " + netSyntax("from") + " " + netSyntax("to") + tailSyntax +
	"|object-group <services:word> " + netSyntax("from") + " " + netSyntax("to") + tailSyntax +
	"|<number:0-255> " + netSyntax("from") + " " + netSyntax("to") + tailSyntax +
	"|protocol={icmp} " + netSyntax("from") + " " + netSyntax("to") + " [<message:word> [<code:0-255>]]" + tailSyntax +
	"|protocol={tcp} " + netSyntax("from") + portSyntax("from") + " " + netSyntax("to") + portSyntax("to") +
	" [{established|bit={ack|fin|psh|rst|syn|urg}...|match={match-all|match-any} <flag:word>...}]" + tailSyntax +
	"|protocol={udp} " + netSyntax("from") + portSyntax("from") + " " + netSyntax("to") + portSyntax("to") + tailSyntax + "}"

var extendedHelp = actionHelp + "|Authentication Header Protocol|Cisco's EIGRP routing protocol|Encapsulation Security Payload|Cisco's GRE tunneling" +
	"|Internet Gateway Message Protocol|Any Internet Protocol|IP in IP tunneling|KA9Q NOS compatible IP over IP tunneling|OSPF routing protocol" +
	"|Payload Compression Protocol|Protocol Independent Multicast|" + fromHelp + "|" + toHelp + markHelp + tailHelp +
	"|Service object group|Service object group name|" + fromHelp + "|" + toHelp + markHelp + tailHelp +
	"|An IP protocol number|" + fromHelp + "|" + toHelp + markHelp + tailHelp +
	"|Internet Control Message Protocol|" + fromHelp + "|" + toHelp + "|ICMP message type|ICMP message code" + markHelp + tailHelp +
	"|Transmission Control Protocol|" + fromHelp + "|" + portHelp + "|" + toHelp + "|" + portHelp +
	"|Match established connections|Match on the ACK bit|Match on the FIN bit|Match on the PSH bit|Match on the RST bit|Match on the SYN bit|Match on the URG bit" +
	"|Match if all specified flags are present|Match if any specified flag is present|A flag behind + or -" + markHelp + tailHelp +
	"|User Datagram Protocol|" + fromHelp + "|" + portHelp + "|" + toHelp + "|" + portHelp + markHelp + tailHelp

// lineArgs reads a line.
func lineArgs(a syntax.Args) (l iosconfig.AccessLine, err error) {
	if a.Given("text") {
		return iosconfig.AccessLine{Remark: strings.TrimSpace(a.Word("text"))}, nil
	}
	l = iosconfig.AccessLine{Number: a.Int("sequence"), Deny: a.Word("action") == "deny", From: netArgs(a, "from")}
	if a.Given("to") || a.Given("to-net") {
		l.To, l.Protocol = netArgs(a, "to"), a.Word("protocol")
		if a.Given("number") {
			l.Protocol = iosconfig.ProtocolWord(a.Word("number"))
		}
		if a.Given("services") {
			l.Protocol = iosconfig.OfServices(a.Word("services"))
		}
	}
	if l.FromPorts, err = portArgs(a, l.Protocol, "from"); err != nil {
		return l, err
	}
	if l.ToPorts, err = portArgs(a, l.Protocol, "to"); err != nil {
		return l, err
	}
	l.Options, err = optionArgs(a, iosconfig.ICMP)
	return l, err
}

// netArgs reads an address, without the bits that do not count.
func netArgs(a syntax.Args, name string) iosconfig.AccessNet {
	wild := a.Addr(name + "-wild")
	switch {
	case a.Word(name) == "any":
		return anyNet
	case a.Word(name) == "object-group":
		return iosconfig.AccessNet{Group: a.Word(name + "-group")}
	case a.Word(name) == "host":
		return hostNet(a.Addr(name + "-host"))
	case !wild.IsValid():
		return hostNet(a.Addr(name + "-net"))
	}
	return maskedNet(a.Addr(name+"-net").As4(), wild.As4())
}

const maxPorts = 10 // of `eq` and `neq`

func portArgs(a syntax.Args, protocol, name string) (iosconfig.AccessPorts, error) {
	p := iosconfig.AccessPorts{Op: a.Word(name + "-op")}
	for _, word := range a.List(name + "-port") {
		port := iosconfig.PortWord(protocol, word)
		if port == "" || len(p.Ports) == maxPorts {
			return p, a.Invalid(name + "-port")
		}
		p.Ports = append(p.Ports, port)
	}
	if p.Op == "" && len(p.Ports) > 0 { // in an object group
		p.Op = "eq"
	}
	if p.Op == "range" && iosconfig.PortNumber(protocol, p.Ports[0]) > iosconfig.PortNumber(protocol, p.Ports[1]) {
		p.Ports[0], p.Ports[1] = p.Ports[1], p.Ports[0]
	}
	return p, nil
}

// optionArgs reads what stands behind the addresses.
func optionArgs(a syntax.Args, icmp iosconfig.ICMPNames) (list []string, err error) {
	if a.Given("message") {
		message := icmp.Word(a.Word("message"))
		if message == "" {
			return nil, a.Invalid("message")
		}
		list = append(list, icmp.Words(message, a.Word("code"))...)
	}
	if a.Has("established") {
		list = append(list, "established")
	}
	list = append(list, a.List("bit")...)
	if a.Given("match") {
		list = append(list, a.Word("match"))
	}
	for _, flag := range a.List("flag") {
		if !iosconfig.TCPFlag(strings.ToLower(flag)) {
			return nil, a.Invalid("flag")
		}
		list = append(list, strings.ToLower(flag))
	}
	for _, kind := range iosconfig.MarkKinds {
		if a.Given(kind) {
			mark := iosconfig.Mark(kind, a.Word(kind))
			if mark == "" {
				return nil, a.Invalid(kind)
			}
			list = append(list, mark)
		}
	}
	for _, word := range []string{"fragments", "log", "log-input"} {
		if a.Has(word) {
			list = append(list, word)
		}
	}
	return list, nil
}
