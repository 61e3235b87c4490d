package shell

import "ikelab/iosconfig/syntax"

// does makes a row's action of a command that takes no arguments.
func does(f func(*exec)) func(*exec, args) error {
	return func(x *exec, _ args) error {
		f(x)
		return nil
	}
}

const pingSyntax = "[{source {<from:ip>|<iface:interface>}|repeat <repeat:1-2147483647>|size <size:36-18024>|timeout <timeout:0-3600>|df-bit|data <data:word>|validate|verbose}...]"

const pingHelp = "specify source address or name|Source address|Source interface|specify repeat count|Repeat count|" +
	"specify datagram size|Datagram size|specify timeout interval|Timeout in seconds|enable do not fragment bit in IP header|" +
	"specify data pattern|Data pattern in hex|validate reply data|verbose output"

const (
	traceSyntax = "[{source {<from:ip>|<iface:interface>}|numeric|timeout <timeout:0-3600>|probe <probe:1-65535>|ttl <first:0-255> <last:0-255>|port <port:0-65535>}...]"
	traceHelp   = "specify source address or name|Source address|Source interface|" +
		"display numeric address|specify time out|Timeout in seconds|specify number of probes per hop|Probe count|specify minimum and maximum ttl|Minimum Time to Live|Maximum Time to Live|" +
		"specify port number|Port Number"

	ping6Syntax = "[{source {<from:ip6>|<iface:interface>}|repeat <repeat:1-2147483647>|size <size:48-18024>|timeout <timeout:0-3600>|data <data:word>|verbose}...]"
	ping6Help   = "specify source address or name|Source address|Source interface|specify repeat count|Repeat count|" +
		"specify datagram size|Datagram size|specify timeout interval|Timeout in seconds|specify data pattern|Data pattern in hex|verbose output"
	trace6Syntax = "[{source {<from:ip6>|<iface:interface>}|numeric|timeout <timeout:0-3600>|probe <probe:1-65535>|ttl <first:0-255> <last:0-255>|port <port:0-65535>}...]"
)

// userRows are the commands that both levels of EXEC have, besides show.
var userRows = []syntax.Command[exec]{
	{Syntax: "enable [<level:0-15>]", Help: "Turn on privileged commands|Enable level", Set: does(enable)},
	{Syntax: "disable", Help: "Turn off privileged commands", Set: does(func(x *exec) { x.s.privileged = false })},
	{Syntax: "exit", Help: "Exit from the EXEC", Set: does(logout)},
	{Syntax: "logout", Help: "Exit from the EXEC", Set: does(logout)},
	{Syntax: "quit", Help: "Exit from the EXEC", Hidden: true, Set: does(logout)},
	{Syntax: "ping [ip] {<to:ip>|<host:word>} " + pingSyntax, Help: "Send echo messages|IP echo|Ping destination address|Ping destination hostname|" + pingHelp,
		Set: startPing},
	{Syntax: "ping ipv6 {<to:ip6>|<host:word>} " + ping6Syntax, Help: "|IPv6 echo|Ping destination address|Ping destination hostname|" + ping6Help, Set: startPing},
	{Syntax: "ping <to:ip6> " + ping6Syntax, Help: "|Ping destination address|" + ping6Help, Set: startPing},
	{Syntax: "ping", Help: "Send echo messages", Set: does(pingDialogue)},
	{Syntax: "traceroute [ip] {<to:ip>|<host:word>} " + traceSyntax, Help: "Trace route to destination|IP Trace|Trace route to destination address|Trace route to destination hostname|" + traceHelp,
		Set: startTrace},
	{Syntax: "traceroute ipv6 {<to:ip6>|<host:word>} " + trace6Syntax, Help: "|IPv6 Trace|Trace route to destination address|Trace route to destination hostname|" + traceHelp, Set: startTrace},
	{Syntax: "traceroute <to:ip6> " + trace6Syntax, Help: "|Trace route to destination address|" + traceHelp, Set: startTrace},
	{Syntax: "traceroute", Help: "Trace route to destination", Set: does(traceDialogue)},
}

func logout(x *exec) { x.s.Close() }
