package shell

import "ikelab/iosconfig/syntax"

// does makes a row's action of a command that takes no arguments.
func does(f func(*exec)) func(*exec, args) error {
	return func(x *exec, _ args) error {
		f(x)
		return nil
	}
}

const pingSyntax = "[{source {<from:ip>|<iface:interface>}|repeat <repeat:1-2147483647>|size <size:36-18024>|timeout <timeout:0-3600>|df-bit}...]"

const pingHelp = "specify source address or name|Source address|Source interface|specify repeat count|Repeat count|" +
	"specify datagram size|Datagram size|specify timeout interval|Timeout in seconds|enable do not fragment bit in IP header"

// userRows are the commands that both levels of EXEC have, besides show.
var userRows = []syntax.Command[exec]{
	{Syntax: "enable [<level:0-15>]", Help: "Turn on privileged commands|Enable level", Set: does(enable)},
	{Syntax: "disable", Help: "Turn off privileged commands", Set: does(func(x *exec) { x.s.privileged = false })},
	{Syntax: "exit", Help: "Exit from the EXEC", Set: does(logout)},
	{Syntax: "logout", Help: "Exit from the EXEC", Set: does(logout)},
	{Syntax: "quit", Help: "Exit from the EXEC", Hidden: true, Set: does(logout)},
	{Syntax: "ping [ip] {<to:ip>|<host:word>} " + pingSyntax, Help: "Send echo messages|IP echo|Ping destination address|Ping destination hostname|" + pingHelp,
		Set: startPing},
	{Syntax: "ping", Help: "Send echo messages", Set: does(pingDialogue)},
	{Syntax: "traceroute [ip] {<to:ip>|<host:word>} [source {<from:ip>|<iface:interface>}]",
		Help: "Trace route to destination|IP Trace|Trace route to destination address|Trace route to destination hostname|Source|Source address|Source interface",
		Set:  startTrace},
	{Syntax: "terminal length <length:0-512>", Help: "Set terminal line parameters|Set number of lines on a screen|Number of lines on screen (0 for no pausing)",
		Set: func(x *exec, a args) error {
			x.s.pager.length = a.Int("length")
			return nil
		}},
	{Syntax: "terminal width <width:0-512>", Help: "|Set width of the display terminal|Number of characters on a screen line (0 for no limit)",
		Set: func(x *exec, a args) error {
			x.s.width = a.Int("width")
			return nil
		}},
	{Syntax: "terminal monitor", Help: "|Copy debug output to the current terminal line", Set: does(monitorOn)},
	{Syntax: "terminal no monitor", Help: "|Negate a command or set its defaults|Copy debug output to the current terminal line",
		Set: does(func(x *exec) { x.s.monitor = false })},
	{Syntax: "terminal no length", Help: "||Set number of lines on a screen", Set: does(func(x *exec) { x.s.pager.length = defaultLength })},
}

func logout(x *exec) { x.s.Close() }

func monitorOn(x *exec) {
	if x.s.options.Console {
		x.line("% Console already monitors")
		return
	}
	x.s.monitor = true
}
