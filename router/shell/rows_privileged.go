package shell

import (
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
	"ikelab/router/show"
)

// privilegedRows are the commands of privileged EXEC, besides show.
var privilegedRows = []syntax.Command[exec]{
	{Syntax: "configure terminal", Help: "Enter configuration mode|Configure from the terminal", Set: does(configureTerminal)},
	{Syntax: "configure memory", Help: "|Configure from NV memory", Set: configureMemory},
	{Syntax: "configure replace <url:word> [{list|force}...]", Help: "|Replace the running-config with a new config file|File: flash:NAME|List the commands applied in each pass|Forcibly replace without prompting for confirmation",
		Set: replaceConfig},
	{Syntax: "configure", Help: "Enter configuration mode", Set: does(configureFrom)},
	{Syntax: "clear crypto session [{local {<local:ip>|<local:ip6>}|remote {<peer:ip>|<peer:ip6>} [port <port:1-65535>]|fvrf <fvrf:word>|ivrf <ivrf:word>|ikev2}...]",
		Help: "Reset functions|Encryption subsystem|clear crypto sessions (tunnels)|Clear sessions of a local address|Local address|Local address|Clear sessions of a remote address|Remote address|Remote address|Remote port|Port number|" + vrfHelp + "|Crypto sessions with IKEv2",
		Set:  clearIKEv2},
	{Syntax: "clear crypto ikev2 sa [{local {<local:ip>|<local:ip6>}|remote {<peer:ip>|<peer:ip6>}|fvrf <fvrf:word>|ivrf <ivrf:word>}...]",
		Help: "||IKEv2|Clear ikev2 SAs|Clear SAs of a local address|Local address|Local address|Clear SAs of a remote address|Remote address|Remote address|" + vrfHelp, Set: clearIKEv2},
	{Syntax: "clear crypto sa [{counters|map <map:word>|peer {<peer:ip>|<peer:ip6>}|vrf <vrf:word>}]",
		Help: "||Clear all crypto SAs|Reset the SA counters|Clear all SAs for a given crypto map|Crypto map tag|Clear all SAs for a given crypto peer|Peer address|Peer address|VRF (Routing/Forwarding) instance|VRF name", Set: clearSA},
	{Syntax: "clear crypto sa spi <spi:word>", Help: "|||Clear SA by SPI|<0x0-0xFFFFFFFF>  SPI value", Set: clearPair},
	{Syntax: "clear crypto sa entry <to:ip> {ah|esp} <spi:word>", Help: "|||Clear a specific SA entry|Destination address|Use AH protocol|Use ESP protocol|<0x0-0xFFFFFFFF>  SPI value", Set: clearPair},
	{Syntax: "clear crypto ikev2 stats", Help: "|||Clear IKEv2 statistics", Set: does(func(x *exec) { x.d.ClearIKEStats() })},
	{Syntax: "clear crypto call admission statistics", Help: "||Reset Crypto Call Admission Control|Call Admission Control|Reset Call Admission Control statistics",
		Set: does(func(x *exec) { x.d.ClearIKEStats() })},
	{Syntax: "clock set <time:word> <day:1-31> " + months + " <year:1993-2035>",
		Help: "Manage the system clock|Set the time and date|Current Time (hh:mm:ss)|Day of the month|" + monthHelp + "Year", Set: setClock},
	{Syntax: "clock set <time:word> " + months + " <day:1-31> <year:1993-2035>", Help: "||Current Time (hh:mm:ss)|" + monthHelp + "Day of the month|Year", Set: setClock},
	{Syntax: "clear counters [<name:interface>]", Help: "|Clear counters on one or all interfaces|Interface name", Set: clearCounters},
	{Syntax: "clear access-list counters [<name:word>]", Help: "|Clear access list statistical information|Clear access list counters|Access list name or number",
		Set: func(x *exec, a args) error { x.d.ClearMatches(a.Word("name"), false); return nil }},
	{Syntax: "clear logging", Help: "|Clear logging buffer", Set: does(clearLogging)},
	{Syntax: "write [memory]", Help: "Write running configuration to memory or terminal|Write to NV memory", Set: does(save)},
	{Syntax: "write terminal", Help: "|Write to terminal", Set: shows(runningScreen)},
	{Syntax: "write erase", Help: "|Erase NV memory", Set: does(erase)},
	{Syntax: "erase {startup-config|nvram:}", Help: "Erase a filesystem|Erase contents of configuration memory|Filesystem to be erased", Set: does(erase)},
	{Syntax: "reload", Help: "Halt and perform a cold restart", Set: does(reloadQuestion)},
}

func clearIKEv2(x *exec, a args) error {
	w, err := inVRF(x, a)
	if err == nil {
		x.d.ClearIKE(x.now, w)
	}
	return err
}

func clearSA(x *exec, a args) error {
	if a.Has("counters") {
		x.d.ClearPairCounters()
		return nil
	}
	w, err := inVRF(x, a)
	if err == nil {
		x.d.ClearPairs(x.now, w)
	}
	return err
}

// clearPair is told an SA by its SPI, which is a pair with the one back. There is no AH.
func clearPair(x *exec, a args) error {
	spi, err := strconv.ParseUint(a.Word("spi"), 0, 32)
	if err != nil {
		return a.Invalid("spi")
	}
	if !a.Has("ah") {
		x.d.ClearPair(x.now, a.Addr("to"), uint32(spi))
	}
	return nil
}

func clearCounters(x *exec, a args) error {
	name, which := a.Word("name"), "all interfaces"
	if name != "" {
		if !show.HasInterface(x.d, name) {
			return a.Invalid("name")
		}
		which = "this interface"
	}
	x.confirm(`Clear "show interface" counters on `+which+` [confirm]`, func(x *exec) {
		x.d.ClearCounters(x.now, name)
		x.s.sh.records.Begin(x.now, 0, 0)
		x.s.sh.records.Emit(operator.CountersCleared{Interface: name, By: x.s.name()})
	})
	return nil
}

func clearLogging(x *exec) {
	x.confirm("Clear logging buffer [confirm]", func(x *exec) { x.s.sh.log.clear() })
}

// months are keywords, so that they can be abbreviated.
const months = "month={january|february|march|april|may|june|july|august|september|october|november|december}"

var monthHelp = strings.Repeat("Month of the year|", 12)

// setClock is `clock set`.
func setClock(x *exec, a args) error {
	if _, err := time.Parse(time.TimeOnly, a.Word("time")); err != nil {
		return a.Invalid("time")
	}
	to, err := time.Parse(time.TimeOnly+" January 2 2006", strings.Join([]string{a.Word("time"), a.Word("month"), a.Word("day"), a.Word("year")}, " "))
	if err != nil { // such as the 31st of June
		return a.Invalid("day")
	}
	before := x.s.sh.shows(x.now)
	x.d.ClockSet(x.now, to)
	x.s.sh.records.Begin(x.now, 0, 0)
	x.s.sh.records.Emit(operator.ClockSet{From: before, To: to, By: x.s.name()})
	x.d.ClockMoved(x.now)
	return nil
}
