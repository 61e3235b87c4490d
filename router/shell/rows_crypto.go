package shell

import (
	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// cryptoRows are the screens of IKE and IPsec that are asked for less often.
var cryptoRows = []syntax.Command[exec]{
	{Syntax: "show crypto engine connections active", Help: "||Show crypto engine info|Show crypto engine connections|Active connections",
		Set: always(func(x *exec, _ args) show.Screen { return show.EngineConnectionsOf(x.d) })},
	{Syntax: "show crypto sockets", Help: "||Secure Socket Information", Set: always(func(x *exec, _ args) show.Screen { return show.SocketsOf(x.d) })},
	{Syntax: "show crypto ipsec security-association lifetime", Help: "|||Show parameters for IPSec security associations|Show lifetime",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.LifetimeOf(x.d.Running().IPsec.Lifetime)
		})},
	{Syntax: "show crypto ipsec sa count", Help: "|||IPSEC SA table|Show SA count",
		Set: always(func(x *exec, _ args) show.Screen { return show.SACountOf(x.d.Flows(show.Which{})) })},
	{Syntax: "show crypto ipsec sa identity", Help: "||||IPSEC SADB identity tree",
		Set: always(func(x *exec, _ args) show.Screen { return show.Identities{Flows: x.d.Flows(show.Which{})} })},
	{Syntax: "show crypto ipsec sa address", Help: "||||IPSEC SA table in (dest) address order",
		Set: always(func(x *exec, _ args) show.Screen { return show.SAAddressesOf(x.d, x.now) })},
	{Syntax: "show crypto session brief", Help: "||Show crypto sessions (tunnels)|Show brief output",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.SessionBrief{CryptoSessions: show.SessionsOf(x.d, x.now, show.Which{}, false)}
		})},
	{Syntax: "show crypto ikev2 stats exchange [detailed]", Help: "||||Shows exchange statistics|Exchanges and notifies of which there were none, too",
		Set: always(func(x *exec, a args) show.Screen {
			return show.IKEv2ExchangesOf(*x.d.IKEStats().Messages, a.Has("detailed"))
		})},
	{Syntax: "show crypto call admission statistics", Help: "||Show crypto call admission info|Crypto Call Admission Control|Call Admission Control statistics",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.CallAdmissionOf(x.d.IKEStats(), x.d.Flows(show.Which{}))
		})},
	{Syntax: "show crypto isakmp sa [detail]", Help: "||Show ISAKMP|Show ISAKMP Security Associations|Show detail",
		Set: saying("IPv4 Crypto ISAKMP SA", "dst             src             state          conn-id status", "", "IPv6 Crypto ISAKMP SA", "")},
}

// supportRows are what a technician asks for.
var supportRows = []syntax.Command[exec]{
	{Syntax: "show tech-support", Help: "|Show system information for Tech-Support", Set: always(techSupportScreen)},
	{Syntax: "show tech-support ipsec", Help: "|Show system information for Tech-Support|Show IPSEC related information", Set: always(supportScreen)},
}

// techSupportScreen is all that IOS has of it and that is simulated.
func techSupportScreen(x *exec, _ args) show.Screen {
	all := show.InterfacesOf(x.d, x.now, "")
	saved := savedConfig(x)
	return show.Several{Screens: []show.Titled{
		{Command: "show version", Screen: show.VersionOf(x.d, x.now)},
		{Command: "show running-config", Screen: show.RunningConfig{Config: rows.Running(x.d.Running())}},
		{Command: "show interfaces", Screen: all},
		{Command: "show ip interface", Screen: show.IPInterfacesOf(x.d, saved, "")},
		{Command: "show ip route", Screen: show.RoutesOf(x.d.Routes(""), "")},
		{Command: "show arp", Screen: show.NeighboursOf(x.d, x.now, "")},
		{Command: "show access-lists", Screen: accessScreen(true, true)(x, args{})},
		{Command: "show processes cpu", Screen: show.ProcessesOf(x.d, x.now, false)},
		{Command: "show inventory", Screen: show.Inventory{Product: "ikelab", Serial: x.d.Name()}},
		{Command: "show logging", Screen: loggingScreen(x, args{})},
	}}
}

func supportScreen(x *exec, _ args) show.Screen {
	flows := show.Which{}
	return show.Several{Screens: []show.Titled{
		{Command: "show version", Screen: show.VersionOf(x.d, x.now)},
		{Command: "show running-config", Screen: show.RunningConfig{Config: rows.Running(x.d.Running())}},
		{Command: "show crypto ikev2 sa detailed", Screen: show.IKEv2SAs{Now: x.now, SAs: show.IKESAsOf(x.d, show.Which{}), Detailed: true}},
		{Command: "show crypto ipsec sa", Screen: show.IPsecSAsOf(x.d, x.now, flows, false)},
		{Command: "show crypto session detail", Screen: show.SessionsOf(x.d, x.now, flows, true)},
		{Command: "show crypto ikev2 stats", Screen: show.IKEv2StatsOf(x.d.IKEStats())},
		{Command: "show crypto engine connections active", Screen: show.EngineConnectionsOf(x.d)},
		{Command: "show ip route", Screen: show.RoutesOf(x.d.Routes(""), "")},
		{Command: "show logging", Screen: loggingScreen(x, args{})},
	}}
}
