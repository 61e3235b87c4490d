package shell

import (
	"cmp"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// screenOf is what a show command shows.
type screenOf func(x *exec, a args) (show.Screen, error)

// shows makes a row's action of a screen.
func shows(f screenOf) func(*exec, args) error {
	return func(x *exec, a args) error {
		s, err := f(x, a)
		if err == nil {
			x.screen(s)
		}
		return err
	}
}

// always is a screen that no argument can go wrong with.
func always(f func(x *exec, a args) show.Screen) func(*exec, args) error {
	return shows(func(x *exec, a args) (show.Screen, error) { return f(x, a), nil })
}

// ofConfig is a screen of the running configuration that may be told a name.
func ofConfig[S show.Screen](f func(*iosconfig.Config, string) S) func(*exec, args) error {
	return always(func(x *exec, a args) show.Screen { return f(x.d.Running(), a.Word("name")) })
}

// showRows are the screens that both levels of EXEC have.
var showRows = []syntax.Command[exec]{
	{Syntax: "show version", Help: "Show running system information|System hardware and software status",
		Set: always(func(x *exec, _ args) show.Screen { return show.VersionOf(x.d, x.now) })},
	{Syntax: "show clock", Help: "|Display the system clock", Set: always(func(x *exec, _ args) show.Screen {
		return show.ClockOf(x.d, x.now, false)
	})},
	{Syntax: "show privilege", Help: "|Show current privilege level", Set: always(privilegeScreen)},
	{Syntax: "show interfaces [<name:interface>]", Help: "|Interface status and configuration|Interface name", Set: shows(interfacesScreen)},
	{Syntax: "show ip interface brief", Help: "|IP information|IP interface status and configuration|Brief summary of IP status and configuration",
		Set: always(briefScreen)},
	{Syntax: "show ip route [{connected|static}]", Help: "|IP information|IP routing table|Connected|Static routes", Set: always(routesScreen)},
	{Syntax: "show ip arp [{<address:ip>|<name:interface>}]", Help: "|IP information|IP ARP table|IP address or hostname of ARP entry|Interface name", Set: always(neighboursScreen)},
	{Syntax: "show arp", Help: "|ARP table", Set: always(neighboursScreen)},
	{Syntax: "show access-lists [<name:word>]", Help: "|List access lists|Access-list name or number", Set: always(accessScreen(true, true))},
	{Syntax: "show ip access-lists [<name:word>]", Help: "|IP information|List IP access lists|Access-list name or number", Set: always(accessScreen(true, false))},
	{Syntax: "show object-group [<name:word>]", Help: "|List object groups|Object group name", Set: always(func(x *exec, a args) show.Screen {
		return show.ObjectGroupsOf(x.d.Running(), a.Word("name"))
	})},
	{Syntax: "show logging", Help: "|Show the contents of logging buffers", Set: always(loggingScreen)},
	{Syntax: "show debugging", Help: "|State of each debugging option", Set: always(debuggingScreen)},
	{Syntax: "show crypto debug-condition", Help: "||Debug Condition filters", Set: always(conditionsScreen)},
	{Syntax: "show crypto ikev2 sa [{local {<local:ip>|<local:ip6>}|remote {<peer:ip>|<peer:ip6>}|fvrf <fvrf:word>|ivrf <ivrf:word>}...] [detailed]",
		Help: "|Encryption module|Shows IKEv2 info|Shows ikev2 SAs|Show SAs of a local address|Local address|Local address|Show SAs of a remote address|Remote address|Remote address|" + vrfHelp + "|Detailed information",
		Set: of(func(x *exec, w show.Which, a args) show.Screen {
			return show.IKEv2SAsOf(x.d, x.now, w, a.Has("detailed"))
		})},
	{Syntax: "show crypto ikev2 session [detailed]", Help: "|||Shows ikev2 active session|Detailed information",
		Set: always(func(x *exec, a args) show.Screen {
			return show.IKEv2SessionsOf(x.now, show.IKESAsOf(x.d, show.Which{}), x.d.Flows(show.Which{}), a.Has("detailed"))
		})},
	{Syntax: "show crypto ikev2 stats", Help: "|||Shows ikev2 sa stats",
		Set: always(func(x *exec, _ args) show.Screen { return show.IKEv2StatsOf(x.d.IKEStats()) })},
	{Syntax: "show crypto ikev2 diagnose error", Help: "|||Shows ikev2 diagnostic|Shows ikev2 exit path table",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.DiagnosesOf(x.d)
		})},
	{Syntax: "show crypto ikev2 proposal [<name:word>]", Help: "|||Show proposals|Proposal name", Set: ofConfig(show.ProposalsOf)},
	{Syntax: "show crypto ikev2 authorization policy [<name:word>]", Help: "|||Show IKEv2 authorization|Show authorization policies|Policy name", Set: ofConfig(show.AuthorPoliciesOf)},
	{Syntax: "show crypto ikev2 client flexvpn [<name:word>]", Help: "|||Show Client status|Show FlexVPN clients|Client name", Set: always(func(x *exec, a args) show.Screen { return show.FlexClientsOf(x.d, a.Word("name")) })},
	{Syntax: "show crypto ikev2 cluster [detail]", Help: "|||Show Cluster load-balancer info|Detailed information", Set: always(func(x *exec, a args) show.Screen {
		return show.Cluster{Now: x.now, State: x.d.Cluster(), Detail: a.Has("detail")}
	})},
	{Syntax: "show ip local pool [<name:word>]", Help: "||IP local options|Local pool statistics|Pool name", Set: always(func(x *exec, a args) show.Screen { return show.LocalPoolsOf(x.d, a.Word("name")) })},
	{Syntax: "show crypto ikev2 policy [<name:word>]", Help: "|||Show policies|Policy name", Set: ofConfig(show.PoliciesOf)},
	{Syntax: "show crypto ikev2 profile [<name:word>]", Help: "|||Shows ikev2 profiles|Profile name", Set: ofConfig(show.ProfilesOf)},
	{Syntax: "show crypto ipsec sa [{interface <name:interface>|map <map:word>|peer {<peer:ip>|<peer:ip6>}|vrf <vrf:word>}] [detail]",
		Help: "||Show IPSEC policy|IPSEC SA table|Show SAs of an interface|Interface name|Show SAs of a crypto map|Crypto map tag|Show SAs of a peer|Peer address|Peer address|VRF Routing/Forwarding instance|VRF name|Show counter detail",
		Set: of(func(x *exec, w show.Which, a args) show.Screen {
			return show.IPsecSAsOf(x.d, x.now, w, a.Has("detail"))
		})},
	{Syntax: "show crypto map [{interface <name:interface>|tag <map:word>}]",
		Help: "||Crypto maps|Crypto maps of an interface|Interface name|Crypto maps with a given tag|Crypto map tag",
		Set:  always(func(x *exec, a args) show.Screen { return show.CryptoMapsOf(x.d.Derived(), x.d, flowsOf(a)) })},
	{Syntax: "show crypto ipsec transform-set [<name:word>]", Help: "|||Crypto transform sets|Transform set tag", Set: ofConfig(show.TransformSetsOf)},
	{Syntax: "show crypto ipsec profile [<name:word>]", Help: "|||Show ipsec profile information|Profile name", Set: ofConfig(show.IPsecProfilesOf)},
	{Syntax: "show crypto session [{local {<local:ip>|<local:ip6>}|remote {<peer:ip>|<peer:ip6>} [port <port:1-65535>]|interface <name:interface>|fvrf <fvrf:word>|ivrf <ivrf:word>|ikev2}...] [detail]",
		Help: "||Show crypto sessions (tunnels)|Show sessions of a local address|Local address|Local address|Show sessions of a remote address|Remote address|Remote address|Remote port|Port number|Show sessions of an interface|Interface name|" + vrfHelp + "|Crypto sessions with IKEv2|Detailed information",
		Set: of(func(x *exec, w show.Which, a args) show.Screen {
			return show.SessionsOf(x.d, x.now, w, a.Has("detail"))
		})},
}

// configurationRows are the screens of privileged EXEC.
var configurationRows = []syntax.Command[exec]{
	{Syntax: "show running-config [interface <name:interface>]", Help: "|Current operating configuration|Show interface configuration|Interface name",
		Set: shows(runningScreen)},
	{Syntax: "show derived-config [interface <name:interface>]", Help: "|Derived operating configuration|Show interface configuration|Interface name",
		Set: shows(derivedScreen)},
	{Syntax: "show startup-config", Help: "|Contents of startup configuration",
		Set: always(func(x *exec, _ args) show.Screen { return show.StartupConfig{Text: x.d.Startup()} })},
}

const vrfHelp = "Front-door VRF|VRF name|Inside VRF|VRF name"

// flowsOf are the flows that a command is about.
func flowsOf(a args) show.Which {
	return show.Which{Interface: a.Word("name"), Map: a.Word("map"), Local: a.Addr("local"), Peer: a.Addr("peer"), Port: a.Int("port"), FVRF: a.Word("fvrf"), IVRF: a.Word("ivrf") + a.Word("vrf")}
}

// inVRF is flowsOf where a VRF may be named, which has to exist.
func inVRF(x *exec, a args) (show.Which, error) {
	w := flowsOf(a)
	return w, cmp.Or(knowsVRF(x, w.FVRF), knowsVRF(x, w.IVRF))
}

// of is a screen of some flows or SAs.
func of(f func(x *exec, w show.Which, a args) show.Screen) func(*exec, args) error {
	return shows(func(x *exec, a args) (show.Screen, error) {
		w, err := inVRF(x, a)
		return f(x, w, a), err
	})
}

// accessScreen is of the access lists of some families.
func accessScreen(four, six bool) func(x *exec, a args) show.Screen {
	return func(x *exec, a args) show.Screen {
		return show.AccessListsOf(x.d.Running(), x.d.Matches, a.Word("name"), four, six)
	}
}

func privilegeScreen(x *exec, _ args) show.Screen {
	if x.s.privileged {
		return show.Privilege{Level: 15}
	}
	return show.Privilege{Level: 1}
}

func interfacesScreen(x *exec, a args) (show.Screen, error) {
	return show.InterfacesOf(x.d, x.now, a.Word("name")), exists(x, a)
}

// exists refuses an interface that is not there.
func exists(x *exec, a args) error {
	if a.Given("name") && !show.HasInterface(x.d, a.Word("name")) {
		return a.Invalid("name")
	}
	return nil
}

func briefScreen(x *exec, _ args) show.Screen {
	return show.InterfaceBriefOf(x.d.Interfaces(""), savedConfig(x))
}

// savedConfig is the configuration that the router would start with.
func savedConfig(x *exec) *iosconfig.Config {
	return x.s.sh.saved.read(x.d.Startup(), x.d.Generation())
}

func routesScreen(x *exec, a args) show.Screen { return show.RoutesOf(x.d.Routes(""), routeCodes(a)) }

// routeCodes are those of the routes that a command asks for; "": all.
func routeCodes(a args) string {
	switch {
	case a.Has("connected"):
		return "LC"
	case a.Has("static"):
		return "S"
	}
	return ""
}

func neighboursScreen(x *exec, a args) show.Screen {
	all := show.NeighboursOf(x.d, x.now, "")
	if a.Given("address") {
		return all.With(a.Addr("address"))
	}
	return all.At(a.Word("name"))
}

// runningScreen refuses an interface that does not exist, as IOS does.
func runningScreen(x *exec, a args) (show.Screen, error) {
	switch {
	case !a.Given("name"):
		return show.RunningConfig{Config: rows.Running(x.d.Running())}, nil
	case !show.HasInterface(x.d, a.Word("name")):
		return nil, a.Invalid("name")
	}
	return show.RunningInterfaceOf(rows.Running(x.d.Derived()), a.Word("name")), nil
}

func derivedScreen(x *exec, a args) (show.Screen, error) {
	s := show.RunningConfig{Config: rows.Running(x.d.Derived())}
	if a.Given("name") {
		if !show.HasInterface(x.d, a.Word("name")) {
			return nil, a.Invalid("name")
		}
		s = show.RunningInterfaceOf(s.Config, a.Word("name"))
	}
	s.Derived = true
	return s, nil
}
