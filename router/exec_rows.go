package router

import (
	"cmp"
	"net/netip"
	"time"

	"ikelab/iosconfig/syntax"
)

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
	{Syntax: "enable [<level:0-15>]", Help: "Turn on privileged commands|Enable level", Set: does(func(x *exec) { x.s.privileged = true })},
	{Syntax: "disable", Help: "Turn off privileged commands", Set: does(func(x *exec) { x.s.privileged = false })},
	{Syntax: "exit", Help: "Exit from the EXEC", Set: does((*exec).logout)},
	{Syntax: "logout", Help: "Exit from the EXEC", Set: does((*exec).logout)},
	{Syntax: "quit", Help: "Exit from the EXEC", Hidden: true, Set: does((*exec).logout)},
	{Syntax: "ping [ip] {<to:ip>|<host:word>} " + pingSyntax, Help: "Send echo messages|IP echo|Ping destination address|Ping destination hostname|" + pingHelp,
		Set: startPing},
	{Syntax: "ping", Help: "Send echo messages", Set: does((*exec).pingDialog)},
	{Syntax: "traceroute [ip] {<to:ip>|<host:word>} [source {<from:ip>|<iface:interface>}]",
		Help: "Trace route to destination|IP Trace|Trace route to destination address|Trace route to destination hostname|Source|Source address|Source interface",
		Set:  startTraceroute},
	{Syntax: "terminal length <length:0-512>", Help: "Set terminal line parameters|Set number of lines on a screen|Number of lines on screen (0 for no pausing)",
		Set: func(x *exec, a args) error {
			x.s.length = a.Int("length")
			return nil
		}},
	{Syntax: "terminal width <width:0-512>", Help: "|Set width of the display terminal|Number of characters on a screen line (0 for no limit)",
		Set: func(x *exec, a args) error {
			x.s.width = a.Int("width")
			return nil
		}},
	{Syntax: "terminal monitor", Help: "|Copy debug output to the current terminal line", Set: does((*exec).monitorOn)},
	{Syntax: "terminal no monitor", Help: "|Negate a command or set its defaults|Copy debug output to the current terminal line",
		Set: does(func(x *exec) { x.s.monitor = false })},
	{Syntax: "terminal no length", Help: "||Set number of lines on a screen", Set: does(func(x *exec) { x.s.length = defaultTerminalLength })},
}

const debugSyntax = "{all|crypto {ipsec|ikev2 [which={packet|internal|error}]}}"

const debugHelp = "Enable all debugging|Cryptographic subsystem|IPSEC processing|IKEv2 debugging|IKEv2 Packet debugging|IKEv2 Internal debugging|IKEv2 Error debugging"

// privilegedRows are the commands of privileged EXEC, besides show.
var privilegedRows = []syntax.Command[exec]{
	{Syntax: "configure terminal", Help: "Enter configuration mode|Configure from the terminal", Set: does((*exec).configureTerminal)},
	{Syntax: "configure", Help: "Enter configuration mode", Set: does((*exec).configureFrom)},
	{Syntax: "debug crypto {ipsec|ikev2 [which={packet|internal|error}]}",
		Help: "Debugging functions (see also 'undebug')|Cryptographic subsystem|IPSEC processing|IKEv2 debugging|IKEv2 Packet debugging|IKEv2 Internal debugging|IKEv2 Error debugging",
		Set:  func(x *exec, a args) error { return x.setDebug(a, true) }},
	{Syntax: "undebug " + debugSyntax, Help: "Disable debugging functions (see also 'debug')|" + debugHelp,
		Set: func(x *exec, a args) error { return x.setDebug(a, false) }},
	{Syntax: "no debug " + debugSyntax, Help: "Disable debugging functions|Debugging functions (see also 'undebug')|" + debugHelp,
		Set: func(x *exec, a args) error { return x.setDebug(a, false) }},
	{Syntax: "clear crypto session [{local <local:ip>|remote <remote:ip>}]",
		Help: "Reset functions|Encryption subsystem|clear crypto sessions (tunnels)|Clear sessions of a local address|Local address|Clear sessions of a remote address|Remote address",
		Set:  clearIKEv2},
	{Syntax: "clear crypto ikev2 sa [{local <local:ip>|remote <remote:ip>}]",
		Help: "||IKEv2|Clear ikev2 SAs|Clear SAs of a local address|Local address|Clear SAs of a remote address|Remote address", Set: clearIKEv2},
	{Syntax: "clear crypto sa [{counters|peer <peer:ip>}]", Help: "||Clear all crypto SAs|Reset the SA counters|Clear all SAs for a given crypto peer|Peer address",
		Set: clearSA},
	{Syntax: "clear counters [<name:interface>]", Help: "|Clear counters on one or all interfaces|Interface name", Set: clearCounters},
	{Syntax: "clear logging", Help: "|Clear logging buffer", Set: does((*exec).clearLogging)},
	{Syntax: "copy running-config startup-config", Help: "Copy from one file to another|Copy from current system configuration|Copy to startup configuration",
		Set: does((*exec).copyRunning)},
	{Syntax: "write [memory]", Help: "Write running configuration to memory or terminal|Write to NV memory", Set: does((*exec).saveConfiguration)},
	{Syntax: "write terminal", Help: "|Write to terminal", Set: shows(runningScreen)},
	{Syntax: "write erase", Help: "|Erase NV memory", Set: does((*exec).eraseStartup)},
	{Syntax: "reload", Help: "Halt and perform a cold restart", Set: does((*exec).reloadQuestion)},
}

// The two levels of EXEC. A session carries them: rows refer to sessions, and
// sessions must not refer back to these variables.
var (
	userTable       = syntax.NewTable("Exec commands:", showRows, userRows)
	privilegedTable = syntax.NewTable("Exec commands:", showRows, configurationRows, userRows, privilegedRows)
)

func (x *exec) logout() { x.s.Close() }

func (x *exec) monitorOn() {
	if x.s.options.Console {
		x.line("% Console already monitors")
		return
	}
	x.s.monitor = true
}

func (x *exec) configureTerminal() {
	x.line("Enter configuration commands, one per line.  End with CNTL/Z.")
	x.s.configureMode()
}

func (x *exec) configureFrom() {
	x.ask("Configuring from terminal, memory, or network [terminal]? ", "", func(x *exec, text string) {
		if text != "" && !isPrefix(text, "terminal") {
			x.line("?Must be \"terminal\"")
			return
		}
		x.configureTerminal()
	})
}

// setDebug turns debugs on or off and says so.
func (x *exec) setDebug(a args, on bool) error {
	d := &x.r.shell.debug
	switch {
	case a.Has("all"):
		*d = debugFlags{}
		x.line("All possible debugging has been turned off")
	case a.Has("ipsec"):
		d.IPsec = on
		x.linef("Crypto IPSEC debugging is %s", onOff(on))
	default:
		which := cmp.Or(a.Word("which"), "default")
		for _, f := range ikev2Flags(d) {
			if f.name == which {
				*f.on = on
			}
		}
		x.linef("IKEv2 %s debugging is %s", which, onOff(on))
	}
	return nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func clearIKEv2(x *exec, a args) error {
	x.r.clearIKE(x.now, atAddresses(a))
	return nil
}

func clearSA(x *exec, a args) error {
	if a.Has("counters") {
		x.r.clearSACounters()
		return nil
	}
	x.r.clearChildren(x.now, a.Addr("peer"))
	return nil
}

func clearCounters(x *exec, a args) error {
	name := a.Word("name")
	if name != "" && !x.r.hasInterface(name) {
		return a.Invalid("name")
	}
	prompt := `Clear "show interface" counters on all interfaces [confirm]`
	if name != "" {
		prompt = `Clear "show interface" counters on this interface [confirm]`
	}
	x.ask(prompt, "", func(x *exec, text string) {
		if !confirmed(text) {
			return
		}
		for _, i := range x.r.ip.Interfaces.All() {
			if name == "" || i.Name == name {
				i.ClearCounters(x.now)
			}
		}
		x.r.logf(x.now, "CLEAR", severityNotifications, "COUNTERS", "Clear counter on %s by %s", cmp.Or(namedInterface(name), "all interfaces"), x.s.name())
	})
	return nil
}

func namedInterface(name string) string {
	if name == "" {
		return ""
	}
	return "interface " + name
}

func (x *exec) clearLogging() {
	x.ask("Clear logging buffer [confirm]", "", func(x *exec, text string) {
		if confirmed(text) {
			x.r.shell.log.clear()
		}
	})
}

func (x *exec) copyRunning() {
	x.ask("Destination filename [startup-config]? ", "", func(x *exec, text string) {
		if text != "" && text != "startup-config" {
			x.linef("%%Error opening nvram:%s (No such file or directory)", text)
			return
		}
		x.saveConfiguration()
	})
}

func (x *exec) eraseStartup() {
	x.ask("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", "", func(x *exec, text string) {
		if confirmed(text) {
			x.r.setStartupText("")
			x.line("[OK]")
			x.line("Erase of nvram: complete")
		}
	})
}

// destination is the address of a ping or traceroute. There is no name server
// in a lab.
func destination(a args) (netip.Addr, error) {
	if a.Given("host") {
		return netip.Addr{}, syntax.Refuse("%% Unrecognized host or address, or protocol not running.\n")
	}
	return a.Addr("to"), nil
}

// source is the address to send from: the one asked for or the one that the
// way out has.
func (x *exec) source(a args, dst netip.Addr) (netip.Addr, error) {
	word := a.Word("from") + a.Word("iface")
	if word == "" {
		src, _ := x.r.ip.SourceFor(dst)
		return src, nil
	}
	src, ok := x.sourceAddress(word)
	if !ok {
		return src, syntax.Refuse("%% Invalid source address- IP address not on any of our up interfaces\n")
	}
	return src, nil
}

func startPing(x *exec, a args) error {
	dst, err := destination(a)
	if err != nil {
		return err
	}
	ask := pingRequest{dst: dst, repeat: cmp.Or(a.Int("repeat"), 5), size: cmp.Or(a.Int("size"), 100), timeout: 2 * time.Second, df: a.Has("df-bit")}
	if a.Given("timeout") {
		ask.timeout = time.Duration(a.Int("timeout")) * time.Second
	}
	if ask.src, err = x.source(a, dst); err != nil {
		return err
	}
	ask.named = a.Given("from") || a.Given("iface")
	x.ping(ask)
	return nil
}

func startTraceroute(x *exec, a args) error {
	dst, err := destination(a)
	if err != nil {
		return err
	}
	src, err := x.source(a, dst)
	if err != nil {
		return err
	}
	x.traceroute(dst, src)
	return nil
}
