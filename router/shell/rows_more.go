package shell

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// moreRows are the screens of the router itself, its lines and its Internet
// layer, that are asked for less often.
var moreRows = []syntax.Command[exec]{
	{Syntax: "show clock detail", Help: "||Display detailed information", Set: always(func(x *exec, _ args) show.Screen {
		return show.ClockOf(x.d, x.now, true)
	})},
	{Syntax: "show vlans", Help: "|Virtual LANs Information", Set: always(func(x *exec, _ args) show.Screen { return show.VLANsOf(x.d) })},
	{Syntax: "show users [all]", Help: "|Display information about terminal lines|Include information about inactive ports", Set: always(usersScreen)},
	{Syntax: "who", Help: "List active terminals", Hidden: true, Set: always(usersScreen)},
	{Syntax: "systat", Help: "Display information about terminal lines", Set: always(usersScreen)},
	{Syntax: "show line", Help: "|TTY line information", Set: always(linesScreen)},
	{Syntax: "where", Help: "List active connections", Set: saying("% No connections open")},
	{Syntax: "resume", Help: "Resume an active network connection", Set: saying("% No connections open")},
	{Syntax: "disconnect", Help: "Disconnect an existing network connection", Set: saying("% No connections open")},
	{Syntax: "show sessions", Help: "|Information about Telnet connections", Set: saying("% No connections open")},
	{Syntax: "help", Help: "Description of the interactive help system", Set: saying(helpText...)},
	{Syntax: "show inventory", Help: "|Show the physical inventory", Set: always(func(x *exec, _ args) show.Screen {
		return show.Inventory{Product: "ikelab", Serial: x.d.Name()}
	})},
	{Syntax: "show processes [cpu [sorted]]", Help: "|Active process statistics|Show CPU use per process|Show sorted output based on percentage of usage", Set: always(func(x *exec, a args) show.Screen {
		return show.ProcessesOf(x.d, x.now, a.Has("sorted"))
	})},
	{Syntax: "show ntp status", Help: "|Network time protocol|NTP status", Set: always(func(x *exec, _ args) show.Screen { return show.NTPStatus{State: x.d.NTP(x.now)} })},
	{Syntax: "show ntp associations [detail]", Help: "||NTP associations|Show detail", Set: always(func(x *exec, a args) show.Screen {
		return show.NTPAssociations{State: x.d.NTP(x.now), Detail: a.Has("detail")}
	})},
	{Syntax: "show hardware", Help: "|Hardware specific information", Set: always(func(x *exec, _ args) show.Screen { return show.VersionOf(x.d, x.now) })},
	{Syntax: "show ip route <to:ip>", Help: "|IP information|IP routing table|Network to display information about or hostname", Set: always(func(x *exec, a args) show.Screen {
		return show.RouteTo(show.RoutesAt(x.d, "", a.Addr("to")), a.Addr("to"))
	})},
	{Syntax: "show ip route summary", Help: "|||Summary of all routes", Set: always(func(x *exec, _ args) show.Screen { return show.RouteSummaryOf(x.d.Routes("")) })},
	{Syntax: "show ip interface [<name:interface>]", Help: "||IP interface status and configuration|Interface name", Set: shows(ipInterfaceScreen)},
	{Syntax: "show ip route <to:ip> <mask:mask>", Help: "||||Network mask", Set: shows(routesInScreen)},
	{Syntax: "show ip route <to:ip> <mask:mask> longer-prefixes", Help: "||||Network mask|Show route matching the specified Network/Mask pair only", Set: shows(longerScreen)},
	{Syntax: "show interfaces [<name:interface>] accounting", Help: "||Interface name|Show interface accounting", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.Accounting{Interfaces: show.InterfacesOf(x.d, x.now, a.Word("name")).Interfaces}, exists(x, a)
	})},
	{Syntax: "show interfaces <name:interface> description", Help: "||Interface name|Show interface description", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.Descriptions{Interfaces: show.InterfacesOf(x.d, x.now, a.Word("name")).Interfaces}, exists(x, a)
	})},
	{Syntax: "show interfaces <name:interface> summary", Help: "||Interface name|Show interface summary", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.InterfaceSummary{Interfaces: show.InterfacesOf(x.d, x.now, a.Word("name")).Interfaces}, exists(x, a)
	})},
	{Syntax: "show interfaces description", Help: "|Interface status and configuration|Show interface description",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.Descriptions{Interfaces: show.InterfacesOf(x.d, x.now, "").Interfaces}
		})},
	{Syntax: "show interfaces summary", Help: "||Show interface summary",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.InterfaceSummary{Interfaces: show.InterfacesOf(x.d, x.now, "").Interfaces}
		})},
	{Syntax: "show protocols", Help: "|Active network routing protocols",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.Protocols{Interfaces: show.InterfacesOf(x.d, x.now, "").Interfaces}
		})},
	{Syntax: "show ip traffic", Help: "||IP protocol statistics", Set: always(func(x *exec, _ args) show.Screen { return show.TrafficOf(x.d.Traffic()) })},
	{Syntax: "show ip protocols", Help: "||IP routing protocol process parameters and statistics", Set: always(func(x *exec, _ args) show.Screen {
		return show.Words{Text: routingProtocols(x.d.Generation())}
	})},
	{Syntax: "show hosts", Help: "|IP domain-name, lookup style, nameservers, and host table", Set: always(hostsScreen)},
}

// configRows are the other forms of the configuration.
var configRows = []syntax.Command[exec]{
	{Syntax: "show configuration", Help: "|Configuration details", Set: always(func(x *exec, _ args) show.Screen { return show.StartupConfig{Text: x.d.Startup()} })},
	{Syntax: "show running-config full", Help: "||full configuration", Set: shows(runningScreen)},
	{Syntax: "show running-config all", Help: "||Configuration with defaults", Set: always(func(x *exec, _ args) show.Screen {
		return show.RunningConfig{Config: rows.RunningAll(x.d.Running()), All: true}
	})},
	{Syntax: "show running-config brief", Help: "||configuration without certificate data", Set: shows(runningScreen)},
	{Syntax: "show running-config linenum", Help: "||Display line numbers in output", Set: always(func(x *exec, _ args) show.Screen {
		return show.RunningConfig{Config: rows.Running(x.d.Running()), Numbered: true}
	})},
}

// saying is a screen that is a sentence of IOS's.
func saying(text ...string) func(*exec, args) error {
	return always(func(*exec, args) show.Screen { return show.Words{Text: append([]string{}, text...)} })
}

// routingProtocols is what there is to tell without a routing process: the newer image has one of its own, for applications.
func routingProtocols(g iosconfig.Generation) []string {
	text := []string{"*** IP Routing is NSF aware ***", ""}
	if g == iosconfig.XE17 {
		text = append(text, `Routing Protocol is "application"`, "  Sending updates every 0 seconds", "  Invalid after 0 seconds, hold down 0, flushed after 0",
			"  Outgoing update filter list for all interfaces is not set", "  Incoming update filter list for all interfaces is not set", "  Maximum path: 32",
			"  Routing for Networks:", "  Routing Information Sources:", "    Gateway         Distance      Last Update", "  Distance: (default is 4)", "")
	}
	return text
}

var helpText = []string{
	"Help may be requested at any point in a command by entering", "a question mark '?'.  If nothing matches, the help list will",
	"be empty and you must backup until entering a '?' shows the", "available options.", "Two styles of help are provided:",
	"1. Full help is available when you are ready to enter a", "   command argument (e.g. 'show ?') and describes each possible", "   argument.",
	"2. Partial help is provided when an abbreviated argument is entered", "   and you want to know what arguments match the input", "   (e.g. 'show pr?'.)", "",
}

// usersScreen lists who sits at the lines: with all, the free console too.
func usersScreen(x *exec, _ args) show.Screen {
	out := show.Users{Now: x.now, Users: []show.User{}}
	for s := range x.s.sh.all {
		u := show.User{Own: s == x.s, Line: "con 0", Name: s.options.User, Typed: s.typedAt, Location: s.options.From}
		if s.vty >= 0 {
			u.Number, u.Line = firstVTY+s.vty, s.vtyName()
		}
		out.Users = append(out.Users, u)
	}
	return out
}

func linesScreen(x *exec, _ args) show.Screen {
	out := show.LineTable{Table: []show.LineRow{{Line: "con 0"}}}
	for s := range x.s.sh.all {
		if s.vty < 0 {
			out.Table[0].Used = true
			continue
		}
		out.Table = append(out.Table, show.LineRow{Used: true, Number: firstVTY + s.vty, Line: s.vtyName()})
	}
	return out
}

func ipInterfaceScreen(x *exec, a args) (show.Screen, error) {
	s := show.IPInterfacesOf(x.d, savedConfig(x), a.Word("name"))
	if a.Given("name") && len(s.Interfaces) == 0 {
		return nil, a.Invalid("name")
	}
	return s, nil
}

// routesInScreen is `show ip route` of a network.
func routesInScreen(x *exec, a args) (show.Screen, error) {
	net, err := editor.NetArgs(a, "to", "mask")
	if err != nil {
		return nil, err
	}
	return show.RoutesIn(show.RoutesAt(x.d, "", net.Masked().Addr()), net.Masked()), nil
}

func longerScreen(x *exec, a args) (show.Screen, error) {
	net, err := editor.NetArgs(a, "to", "mask")
	return show.LongerRoutes(x.d.Routes(""), net.Masked()), err
}

func hostsScreen(x *exec, _ args) show.Screen {
	texts := x.d.Running().Texts
	out := show.Hosts{Lookup: !slices.Contains(texts.Lines("ip domain lookup"), "no ip domain lookup"), Hosts: []show.Host{}}
	for _, l := range texts.Lines("ip domain name") {
		f := strings.Fields(l)
		out.Domain = f[len(f)-1]
	}
	for _, l := range texts.Lines(iosconfig.HostLines) {
		f := strings.Fields(l)
		if a, ok := x.host(f[min(2, len(f)-1)]); ok {
			out.Hosts = append(out.Hosts, show.Host{Name: f[2], Address: a})
		}
	}
	return out
}
