package router

import (
	"net/netip"
	"slices"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
)

type args = iosconfig.Args

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
	return always(func(x *exec, a args) show.Screen { return f(x.r.running(), a.Word("name")) })
}

// screen prints a screen: as IOS does, or behind `| json` as JSON.
func (x *exec) screen(s show.Screen) {
	if x.json {
		x.out = append(x.out, show.JSON(s)...)
		return
	}
	x.out = append(x.out, s.Lines(x.r.generation())...)
}

// showRows are the screens that both levels of EXEC have.
var showRows = []iosconfig.Command[exec]{
	{Syntax: "show version", Help: "Show running system information|System hardware and software status", Set: always(versionScreen)},
	{Syntax: "show clock", Help: "|Display the system clock", Set: always(func(x *exec, _ args) show.Screen { return show.Clock{Now: x.now} })},
	{Syntax: "show privilege", Help: "|Show current privilege level", Set: always(privilegeScreen)},
	{Syntax: "show interfaces [<name:interface>]", Help: "|Interface status and configuration|Interface name", Set: shows(interfacesScreen)},
	{Syntax: "show ip interface brief", Help: "|IP information|IP interface status and configuration|Brief summary of IP status and configuration",
		Set: always(briefScreen)},
	{Syntax: "show ip route [{connected|static}]", Help: "|IP information|IP routing table|Connected|Static routes", Set: always(routesScreen)},
	{Syntax: "show ip arp", Help: "|IP information|IP ARP table", Set: always(neighboursScreen)},
	{Syntax: "show arp", Help: "|ARP table", Set: always(neighboursScreen)},
	{Syntax: "show logging", Help: "|Show the contents of logging buffers", Set: always(loggingScreen)},
	{Syntax: "show debugging", Help: "|State of each debugging option", Set: always(debuggingScreen)},
	{Syntax: "show terminal", Help: "|Display terminal configuration parameters", Set: always(terminalScreen)},
	{Syntax: "show crypto ikev2 sa [{local <local:ip>|remote <remote:ip>}] [detailed]",
		Help: "|Encryption module|Shows IKEv2 info|Shows ikev2 SAs|Show SAs of a local address|Local address|Show SAs of a remote address|Remote address|Detailed information",
		Set: always(func(x *exec, a args) show.Screen {
			return show.IKEv2SAs{Now: x.now, SAs: x.r.ikeSAs(atAddresses(a)), Detailed: a.Has("detailed")}
		})},
	{Syntax: "show crypto ikev2 session [detailed]", Help: "|||Shows ikev2 active session|Detailed information",
		Set: always(func(x *exec, a args) show.Screen {
			return show.IKEv2SessionsOf(x.now, x.r.ikeSAs(nil), x.r.flowStates(), a.Has("detailed"))
		})},
	{Syntax: "show crypto ikev2 stats", Help: "|||Shows ikev2 sa stats",
		Set: always(func(x *exec, _ args) show.Screen { return show.IKEv2StatsOf(x.r.engine.Stats()) })},
	{Syntax: "show crypto ikev2 proposal [<name:word>]", Help: "|||Show proposals|Proposal name", Set: ofConfig(show.ProposalsOf)},
	{Syntax: "show crypto ikev2 policy [<name:word>]", Help: "|||Show policies|Policy name", Set: ofConfig(show.PoliciesOf)},
	{Syntax: "show crypto ikev2 profile [<name:word>]", Help: "|||Shows ikev2 profiles|Profile name", Set: ofConfig(show.ProfilesOf)},
	{Syntax: "show crypto ipsec sa [{interface <name:interface>|peer <peer:ip>}]",
		Help: "||Show IPSEC policy|IPSEC SA table|Show SAs of an interface|Interface name|Show SAs of a peer|Peer address",
		Set: always(func(x *exec, a args) show.Screen {
			return show.IPsecSAs{Now: x.now, Flows: x.flows(a, "peer")}
		})},
	{Syntax: "show crypto ipsec transform-set [<name:word>]", Help: "|||Crypto transform sets|Transform set tag", Set: ofConfig(show.TransformSetsOf)},
	{Syntax: "show crypto ipsec profile [<name:word>]", Help: "|||Show ipsec profile information|Profile name", Set: ofConfig(show.IPsecProfilesOf)},
	{Syntax: "show crypto session [{remote <remote:ip>|interface <name:interface>}] [detail]",
		Help: "||Show crypto sessions (tunnels)|Show sessions of a remote address|Remote address|Show sessions of an interface|Interface name|Detailed information",
		Set: always(func(x *exec, a args) show.Screen {
			return show.CryptoSessionsOf(x.now, x.flows(a, "remote"), x.r.ikeSAs(nil), a.Has("detail"))
		})},
}

// configurationRows are the screens of privileged EXEC.
var configurationRows = []iosconfig.Command[exec]{
	{Syntax: "show running-config [interface <name:interface>]", Help: "|Current operating configuration|Show interface configuration|Interface name",
		Set: shows(runningScreen)},
	{Syntax: "show startup-config", Help: "|Contents of startup configuration",
		Set: always(func(x *exec, _ args) show.Screen { return show.StartupConfig{Text: x.r.startupText()} })},
}

func versionScreen(x *exec, _ args) show.Screen {
	return show.Version{
		Software: x.r.generation().Software(), Hostname: x.r.Hostname(), Now: x.now, Started: x.r.startedAt(),
		Reason: x.r.restartReason(), Board: x.r.Name(), Ports: show.PortCounts(x.r.interfaceStates()),
	}
}

func privilegeScreen(x *exec, _ args) show.Screen {
	if x.s.privileged {
		return show.Privilege{Level: 15}
	}
	return show.Privilege{Level: 1}
}

func terminalScreen(x *exec, _ args) show.Screen {
	return show.Terminal{Length: x.s.length, Width: x.s.width, Monitor: x.s.monitor, History: historySize, Now: x.now, Opened: x.s.opened}
}

func debuggingScreen(x *exec, _ args) show.Screen {
	d := x.r.shell.debug
	s := show.Debugging{IKEv2: []string{}, IPsec: d.IPsec}
	for _, f := range ikev2Flags(&d) {
		if *f.on {
			s.IKEv2 = append(s.IKEv2, f.name)
		}
	}
	return s
}

func interfacesScreen(x *exec, a args) (show.Screen, error) {
	s := show.Interfaces{Now: x.now, Started: x.r.startedAt(), Interfaces: []show.Interface{}}
	for _, v := range x.r.interfaceStates() {
		if name := a.Word("name"); name == "" || v.Name == name {
			s.Interfaces = append(s.Interfaces, x.r.showInterface(v))
		}
	}
	if a.Given("name") && len(s.Interfaces) == 0 {
		return nil, a.Invalid("name")
	}
	return s, nil
}

func briefScreen(x *exec, _ args) show.Screen {
	saved, _ := iosconfig.Load(x.r.startupText())
	return show.InterfaceBriefOf(x.r.interfaceStates(), saved)
}

func routesScreen(x *exec, a args) show.Screen {
	codes := ""
	switch {
	case a.Has("connected"):
		codes = "LC"
	case a.Has("static"):
		codes = "S"
	}
	return show.RoutesOf(x.r.ip.Table.States(), codes)
}

func neighboursScreen(x *exec, _ args) show.Screen {
	return show.Neighbours{Now: x.now, Entries: x.r.ip.NeighbourStates()}
}

// runningScreen refuses an interface that does not exist, as IOS does.
func runningScreen(x *exec, a args) (show.Screen, error) {
	switch {
	case !a.Given("name"):
		return show.RunningConfig{Config: iosconfig.Running(x.r.running())}, nil
	case !x.r.hasInterface(a.Word("name")):
		return nil, a.Invalid("name")
	}
	return show.RunningInterfaceOf(x.r.running(), a.Word("name")), nil
}

// atAddresses keeps the SAs at the addresses that were given.
func atAddresses(a args) func(ikev2.SAInfo) bool {
	fits := func(name string, addr netip.Addr) bool { return !a.Given(name) || a.Addr(name) == addr }
	return func(sa ikev2.SAInfo) bool { return fits("local", sa.Local.Addr()) && fits("remote", sa.Remote.Addr()) }
}

// flows are those that an interface or peer argument names.
func (x *exec) flows(a args, peer string) []crypto.FlowState {
	return slices.DeleteFunc(x.r.flowStates(), func(f crypto.FlowState) bool {
		return a.Given("name") && a.Word("name") != f.Interface || a.Given(peer) && a.Addr(peer) != f.Remote
	})
}

// hasInterface says whether an interface is configured or a port of this
// router.
func (r *Router) hasInterface(name string) bool {
	return slices.ContainsFunc(r.interfaceStates(), func(v ip.InterfaceState) bool { return v.Name == name })
}
